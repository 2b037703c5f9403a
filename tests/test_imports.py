"""Who imports whom: what must start fast and small never brings PyTorch along."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]

IMPORT_EVERYTHING = """
import importlib, pkgutil, sys

def fail(name):
    raise ImportError(name)

root = importlib.import_module(sys.argv[1])
names = [found.name for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}.", fail)]
for name in names:
    importlib.import_module(name)
forbidden = {"torch", "torchvision", "accelerate", "diffusers", "transformers"}
print(len(names), *sorted(forbidden & set(sys.modules)))
"""

IMPORT_THESE = """
import importlib, sys

for name in sys.argv[1:]:
    importlib.import_module(name)
print("torch" in sys.modules)
"""


TRAIN_ALONE = """
import sys
import training.command
from training.processes import join_processes

processes = join_processes("cpu")
print(processes.count, *sorted({"accelerate", "tensorboard", "wandb"} & set(sys.modules)))
"""


@pytest.mark.parametrize("package", ["viewer", "exporters", "shaders"])
def test_no_module_brings_torch(package: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING, package],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    count, *forbidden = result.stdout.split()
    files = set((CHECKOUT / package).rglob("*.py")) - {CHECKOUT / package / "__init__.py"}
    assert int(count) == len(files), "a folder of modules has no __init__.py"
    assert forbidden == []


def test_what_the_viewer_may_take_from_the_training_code_is_free_of_torch() -> None:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = (found for found in contracts if found.get("forbidden_modules") == ["training"])
    pure = [line.partition(" -> ")[2] for line in contract["ignore_imports"]]
    assert "training.protocol" in pure
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_THESE, *pure],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        check=False,
    )
    assert result.stdout == "False\n", result.stderr


def test_a_training_imports_nothing_that_nobody_asked_for() -> None:
    """One process needs no company, whatever precision its launcher was told."""
    result = subprocess.run(
        [sys.executable, "-c", TRAIN_ALONE],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "ACCELERATE_MIXED_PRECISION": "bf16"},
        check=False,
    )
    assert result.stdout == "1\n", result.stderr


def test_the_training_packages_import_nothing_by_themselves() -> None:
    packages = list((CHECKOUT / "training").rglob("__init__.py"))
    assert packages
    assert [path for path in packages if path.read_text().strip()] == []


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [linter, "--no-cache"], capture_output=True, text=True, cwd=CHECKOUT, check=False
    )
    assert result.returncode == 0, result.stdout
