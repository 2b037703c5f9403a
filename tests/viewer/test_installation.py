"""Installing an extra with the real pip: from wheels made here, never from the network."""

import http.server
import importlib
import os
import signal
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from exporters.errors import LichenError
from viewer import installation
from viewer.extras import Extra, is_installed
from viewer.installation import Installation, State

PACKAGE = "lichen_test_moss"
MOSS = Extra("moss", "growing moss", (PACKAGE,), own_download_megabytes=4, own_disk_megabytes=4)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where pip installs to in these tests; Lichen's metadata there offers the extra `moss`."""
    folder = tmp_path / "site"
    metadata = folder / "lichen-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: lichen\nVersion: 1.0\n"
        f'Requires-Dist: {PACKAGE}>=1.0; extra == "moss"\n'
    )
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PIP_TARGET", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    yield folder
    sys.modules.pop(PACKAGE, None)


def make_wheel(folder: Path, size_bytes: int = 0) -> Path:
    path = folder / f"{PACKAGE}-1.0-py3-none-any.whl"
    metadata = f"{PACKAGE}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{PACKAGE}/__init__.py", "colour = 'green'\n")
        wheel.writestr(f"{PACKAGE}/spores", bytes(size_bytes))
        wheel.writestr(
            f"{metadata}/METADATA", f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{metadata}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{metadata}/RECORD", "")
    return path


def make_endless_source(folder: Path) -> Path:
    """A source package whose build notes its process id and never ends."""
    source = folder / PACKAGE
    source.mkdir()
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (source / "backend.py").write_text(
        "import os, time\nfrom pathlib import Path\n"
        "def build_wheel(*_):\n"
        f"    Path({str(folder / 'builder')!r}).write_text(str(os.getpid()))\n"
        "    time.sleep(10_000)\n"
        "prepare_metadata_for_build_wheel = build_wheel\n"
    )
    return source


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


def run_to_the_end(running: Installation) -> list[float]:
    """Poll until pip has ended; every progress seen on the way."""
    seen = [running.progress]

    def has_ended() -> bool:
        state = running.poll()
        seen.append(running.progress)
        return state is not State.RUNNING

    wait_for(has_ended)
    return seen


def is_alive(process_id: int) -> bool:
    """Whether a process runs; one that has died but was not waited for yet does not."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_finished_installation_can_be_imported_at_once(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(make_wheel(tmp_path).parent))
    assert not is_installed(MOSS)
    running = Installation(MOSS)
    progress = run_to_the_end(running)
    assert running.state is State.FINISHED
    assert running.lines[-1].startswith("Successfully installed")
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    assert is_installed(MOSS)
    assert importlib.import_module(PACKAGE).colour == "green"


def test_progress_follows_the_download(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = make_wheel(tmp_path, size_bytes=2_000_000)
    half_way = threading.Event()

    class SlowHandler(http.server.SimpleHTTPRequestHandler):
        def copyfile(self, source, outputfile) -> None:
            if self.path.endswith(".whl"):
                outputfile.write(source.read(1_000_000))
                half_way.wait(120)
            super().copyfile(source, outputfile)

        def log_message(self, *_: object) -> None:
            pass

    handler = partial(SlowHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = tmp_path / "index.html"
        page.write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
        monkeypatch.setenv("PIP_FIND_LINKS", f"http://127.0.0.1:{server.server_port}/index.html")
        monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
        running = Installation(MOSS)
        wait_for(lambda: running.poll() is not State.RUNNING or running.progress > 0)
        # One of the 4 expected MB was sent, and downloading is nine tenths of the whole.
        assert 0 < running.progress <= 0.9 / 4
        half_way.set()
        run_to_the_end(running)
        server.shutdown()
    assert running.state is State.FINISHED, running.lines


def test_the_bytes_of_several_files_add_up() -> None:
    count = installation.DownloadCount(expected_bytes=1000)
    assert [count.fraction_after(n) for n in (0, 50, 100)] == [0, 0.05, 0.1]
    assert [count.fraction_after(n) for n in (0, 300, 400)] == [0.1, 0.4, 0.5]
    assert count.fraction_after(2000) == 1


def test_a_cancelled_installation_leaves_no_process_and_no_trace(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_endless_source(tmp_path)
    monkeypatch.setattr(Extra, "requirements", [str(source)])
    environment_before = sorted(os.listdir(sys.prefix))
    running = Installation(MOSS)
    note = tmp_path / "builder"
    wait_for(lambda: running.poll() is not State.RUNNING or (note.exists() and note.read_text()))
    assert running.state is State.RUNNING, running.lines
    builder = int(note.read_text())
    assert is_alive(builder)
    assert os.getpgid(builder) != os.getpgid(0)
    assert os.getpriority(os.PRIO_PROCESS, builder) > os.getpriority(os.PRIO_PROCESS, 0)

    running.cancel()

    assert running.state is State.CANCELLED
    assert running.poll() is State.CANCELLED
    wait_for(lambda: not is_alive(builder))
    assert sorted(os.listdir(sys.prefix)) == environment_before
    assert not is_installed(MOSS)
    assert importlib.import_module("numpy").zeros(1).sum() == 0


def test_after_a_cancelled_installation_the_next_one_succeeds(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(make_wheel(tmp_path).parent))
    Installation(MOSS).cancel()
    assert not is_installed(MOSS)
    run_to_the_end(running := Installation(MOSS))
    assert running.state is State.FINISHED
    assert is_installed(MOSS)


def test_a_failed_installation_says_why_in_one_sentence(site: Path) -> None:
    run_to_the_end(running := Installation(MOSS))
    assert running.state is State.FAILED
    assert running.error.startswith("the 'moss' extra was not installed: ")
    assert PACKAGE in running.error
    assert "\n" not in running.error
    assert running.progress < 1


def test_an_index_out_of_reach_is_named_as_such(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        closed_port = server.server_port
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port}/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_RETRIES", "1")
    run_to_the_end(running := Installation(MOSS))
    assert running.state is State.FAILED
    assert "cannot be reached" in running.error


def test_a_pip_that_dies_is_a_failure(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Extra, "requirements", [str(make_endless_source(tmp_path))])
    running = Installation(MOSS)
    wait_for((tmp_path / "builder").exists)
    os.killpg(running._process.pid, signal.SIGKILL)
    run_to_the_end(running)
    assert running.state is State.FAILED
    assert running.error.endswith(f"pip ended with exit code {-signal.SIGKILL}.")


def test_what_is_installed_already_stays_as_it_is(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_TARGET")
    monkeypatch.setattr(Extra, "requirements", ["pluggy==0.0.1"])
    run_to_the_end(running := Installation(MOSS))
    assert running.state is State.FAILED
    assert any("pins.txt" in line or "constraint" in line for line in running.lines), running.lines


def test_half_installed_packages_are_forgotten_and_whole_ones_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.sysconfig, "get_path", lambda name: str(tmp_path))
    whole, half, older = (tmp_path / f"{name}-1.0.dist-info" for name in ("whole", "half", "older"))
    older.mkdir()
    before = installation.metadata_folders()
    whole.mkdir()
    half.mkdir()
    (whole / "RECORD").touch()
    installation.remove_half_installed(installation.metadata_folders() - before)
    assert (whole.exists(), half.exists(), older.exists()) == (True, False, True)


def test_a_read_only_environment_is_one_sentence(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "nowhere"))
    with pytest.raises(LichenError, match="cannot install into"):
        Installation(MOSS)
