"""Finding and installing system packages, with stand-ins for the package managers."""

import os
import shlex
from pathlib import Path

import pytest

from viewer import system_libraries
from viewer.system_libraries import PURPOSES, library, main, missing_needs, program

ABSENT_LIBRARY = library("libmoss.so.9", "libmoss9", "moss-libs", "moss", "libmoss-9")
ABSENT_PROGRAM = program("mossgrow", "moss-tools", "moss", "moss", "moss")


class Machine:
    """A path that holds only the programs given to it, each of which notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.calls_file = folder / "calls"
        self.programs.mkdir()
        (self.programs / "env").symlink_to("/usr/bin/env")

    def add(self, name: str, then: str = "exit 0") -> None:
        script = self.programs / name
        calls = shlex.quote(str(self.calls_file))
        note = f'echo "{name} $* [$DEBIAN_FRONTEND]" >> {calls}'
        script.write_text(f"#!/bin/sh\n{note}\n{then}\n")
        script.chmod(0o755)

    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(machine.programs))
    monkeypatch.delenv("DEBIAN_FRONTEND", raising=False)
    monkeypatch.setitem(PURPOSES, "run", (ABSENT_LIBRARY, ABSENT_PROGRAM))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return machine


def make_program(machine: Machine, name: str) -> str:
    path = shlex.quote(str(machine.programs / name))
    return f"echo > {path}; /bin/chmod +x {path}"


def test_this_machine_has_all_that_the_tests_need() -> None:
    assert [need.name for need in missing_needs("test")] == []


def test_nothing_missing_calls_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.add("apt-get")
    machine.add("mossgrow")
    monkeypatch.setitem(PURPOSES, "run", (library("libc.so.6", *"abcd"), ABSENT_PROGRAM))
    assert main(["run"]) == 0
    assert machine.calls() == []


def test_root_on_debian_installs_exactly_what_is_missing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.add("apt-get", then=make_program(machine, "mossgrow"))
    monkeypatch.setitem(PURPOSES, "run", (library("libc.so.6", *"abcd"), ABSENT_PROGRAM))
    assert main(["run"]) == 0
    assert machine.calls() == [
        "apt-get update [noninteractive]",
        "apt-get install --yes --no-install-recommends moss-tools [noninteractive]",
    ]
    assert "moss-tools" in capsys.readouterr().out


def test_an_installation_that_changes_nothing_is_an_error(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.add("apt-get")
    assert main(["run"]) == 2
    assert "lacks libmoss.so.9, mossgrow;" in capsys.readouterr().err


def test_sudo_serves_where_it_asks_no_password(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setitem(PURPOSES, "run", (ABSENT_PROGRAM,))
    machine.add("apt-get", then=make_program(machine, "mossgrow"))
    machine.add("true")
    machine.add("sudo", then='shift; "$@"')
    assert main(["run"]) == 0
    assert "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update []" in machine.calls()


def test_a_password_is_never_asked_for(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.add("apt-get")
    machine.add("sudo", then="exit 1")
    assert main(["run"]) == 2
    assert machine.calls() == ["sudo -n true []"]
    assert (
        "sudo apt-get install --no-install-recommends libmoss9 moss-tools"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    "manager, command",
    [
        ("dnf", "sudo dnf install moss-libs moss"),
        ("pacman", "sudo pacman -S moss"),
        ("zypper", "sudo zypper install libmoss-9 moss"),
    ],
)
def test_other_systems_get_the_command(
    manager: str, command: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.add(manager)
    assert main(["run"]) == 2
    assert capsys.readouterr().err.endswith(f"install it with: {command}\n")
    assert machine.calls() == []


def test_an_unknown_system_gets_the_names(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run"]) == 2
    assert "libmoss.so.9, mossgrow" in capsys.readouterr().err


def test_on_ubuntu_a_missing_browser_is_told_and_the_rest_goes_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.add("apt-get", then=make_program(machine, "mossgrow"))
    monkeypatch.setitem(PURPOSES, "test", (ABSENT_PROGRAM, system_libraries.BROWSER))
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "ubuntu"})
    assert main(["test"]) == 0
    assert "snap install chromium" in capsys.readouterr().err
    assert not any("chromium" in call for call in machine.calls())


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_outside_linux_nothing_is_needed(
    system: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    assert main(["run"]) == 0
