"""What the extras are, and what a user is told about a missing one."""

import importlib.metadata
import json
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from viewer import extras
from viewer.extras import EXTRAS, Extra, find_extra, install_command, is_installed

CHECKOUT = Path(__file__).parents[2]
ABSENT = Extra("moss", "growing moss", ("moss_that_nobody_has",), 40, 150)


def write_metadata(folder: Path, name: str, lines: str = "", **files: str) -> None:
    """Write the metadata of an installed distribution, as pip would."""
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{lines}"
    )
    for file, text in files.items():
        (metadata / f"{file}.json").write_text(text)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that Python searches before every other."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: extra.name)
def test_an_extra_is_what_the_project_file_says(extra: Extra) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    stated = project["optional-dependencies"][extra.name]
    assert sorted(extra.requirements) == sorted(stated)
    assert [requirement.partition(">=")[0] for requirement in stated] == list(extra.packages)


def test_an_installed_extra_is_found_without_importing_it() -> None:
    json_extra = Extra("pytest", "testing", ("pytest", "pluggy"), 1, 1)
    assert is_installed(json_extra)
    assert not is_installed(ABSENT)
    assert not is_installed(Extra("mixed", "", ("pytest", *ABSENT.packages), 1, 1))


def test_a_package_whose_installation_broke_off_does_not_count(site: Path) -> None:
    (site / "moss_that_nobody_has").mkdir()
    (site / "moss_that_nobody_has" / "__init__.py").touch()
    assert not is_installed(ABSENT)
    write_metadata(site, "moss_that_nobody_has")
    assert is_installed(ABSENT)


def test_a_module_leads_to_its_extra() -> None:
    assert find_extra("torch.nn.functional") is extras.TRAIN
    assert find_extra("diffusers") is extras.DREAM
    assert find_extra("moss") is None


def test_the_sentence_names_purpose_size_and_command() -> None:
    sentence = extras.missing_extra_sentence(ABSENT)
    assert "growing moss needs the 'moss' extra" in sentence
    assert "about 40 MB to download and 150 MB on disk" in sentence
    assert sentence.endswith(install_command(ABSENT))


def test_pytorch_counts_only_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    dream = Extra("dream", "", ("accelerate",), 40, 150)
    monkeypatch.setattr(extras, "_is_complete", lambda package: package != "torch")
    assert dream.download_megabytes == 40 + extras.TORCH_DOWNLOAD_MEGABYTES
    monkeypatch.setattr(extras, "_is_complete", lambda package: True)
    assert dream.download_megabytes == 40


def test_from_a_checkout_the_command_names_the_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shlex.split(install_command(extras.ONNX)) == [
        *(sys.executable, "-m", "pip", "install", "-e", f"{CHECKOUT}[onnx]")
    ]


def test_inside_the_checkout_the_command_is_short(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Path
) -> None:
    checkout = tmp_path / "my lichen"
    (checkout / ".venv" / "bin").mkdir(parents=True)
    origin = {"url": checkout.as_uri(), "dir_info": {"editable": True}}
    write_metadata(site, "lichen", direct_url=json.dumps(origin))
    monkeypatch.setattr(sys, "executable", str(checkout / ".venv" / "bin" / "python"))
    monkeypatch.chdir(checkout)
    assert install_command(extras.ONNX) == ".venv/bin/python -m pip install -e '.[onnx]'"


def test_without_a_checkout_the_command_spells_the_requirements_out(
    monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    needs = 'Requires-Dist: onnx>=1.18; extra == "onnx"\nRequires-Dist: numpy\n'
    write_metadata(site, "lichen", needs)
    only = [importlib.metadata.distribution("lichen")]
    monkeypatch.setattr(importlib.metadata, "distributions", lambda name: only)
    assert install_command(extras.ONNX).endswith("-m pip install 'onnx>=1.18'")
