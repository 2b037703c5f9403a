"""Who imports whom: what must start fast and small never brings PyTorch along."""

import subprocess
import sys
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
forbidden = {"torch", "torchvision", "accelerate", "diffusers", "transformers", "training"}
print(len(names), *sorted(forbidden & set(sys.modules)))
"""


@pytest.mark.parametrize("package", ["viewer", "exporters", "shaders"])
def test_no_module_brings_torch_or_the_training_code(package: str) -> None:
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
