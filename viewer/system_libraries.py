"""Find which of the system's libraries and programs are missing, and install them where allowed.

    python -m viewer.system_libraries run|test|venv

`run` covers what the viewer loads, `test` adds the programs that the tests drive, and `venv` is
what Python itself needs to make an environment. The module keeps to the standard library, since
it runs before anything is installed. It exits 2 with the exact command where it may not install.
"""

import argparse
import ctypes
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

INSTALL_COMMANDS = {
    "apt-get": "apt-get install --no-install-recommends",
    "dnf": "dnf install",
    "pacman": "pacman -S",
    "zypper": "zypper install",
}


@dataclass(frozen=True)
class Need:
    """Something the system provides.

    `packages` names what carries it, one for each of INSTALL_COMMANDS in their order.
    """

    name: str
    is_met: Callable[[], bool]
    packages: tuple[str, ...]

    def package(self, manager: str) -> str:
        """The package's name for one of INSTALL_COMMANDS."""
        return dict(zip(INSTALL_COMMANDS, self.packages, strict=True))[manager]


def library(name: str, *packages: str) -> Need:
    """A shared library, by the name that programs load it by."""
    return Need(name, lambda: _loads(name), packages)


def program(name: str, *packages: str) -> Need:
    """A program on the path."""
    return Need(name, lambda: shutil.which(name) is not None, packages)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_driver() -> bool:
    """Whether Mesa's drivers are in a usual place, or else some driver makes a context."""
    folders = [Path("/usr/lib"), Path("/usr/lib64"), *Path("/usr/lib").glob("*-linux-gnu*")]
    if any((folder / "dri" / "swrast_dri.so").exists() for folder in folders):
        return True
    attempt = "import moderngl; moderngl.create_standalone_context(require=330, backend='egl')"
    probe = subprocess.run([sys.executable, "-c", attempt], capture_output=True, check=False)
    return probe.returncode == 0


def _has_emoji_font() -> bool:
    return any(Path("/usr/share/fonts").rglob("NotoColorEmoji*.ttf"))


def find_browser() -> str | None:
    """The path of Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


BROWSER = Need("Chromium", lambda: find_browser() is not None, ("chromium",) * 4)
RUN = (
    library("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    library("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    library("libX11.so.6", "libx11-6", "libX11", "libx11", "libX11-6"),
    library("libXext.so.6", "libxext6", "libXext", "libxext", "libXext6"),
    Need(
        "an OpenGL driver",
        _has_driver,
        ("libgl1-mesa-dri", "mesa-dri-drivers", "mesa", "Mesa-dri"),
    ),
)
TEST = (
    *RUN,
    program("Xvfb", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb"),
    program("xdotool", "xdotool", "xdotool", "xdotool", "xdotool"),
    program("glslangValidator", "glslang-tools", "glslang", "glslang", "glslang-devel"),
    Need(
        "an emoji font",
        _has_emoji_font,
        (
            "fonts-noto-color-emoji",
            "google-noto-color-emoji-fonts",
            "noto-fonts-emoji",
            "noto-coloremoji-fonts",
        ),
    ),
    BROWSER,
    program("npm", "npm", "nodejs-npm", "npm", "npm-default"),
)
VENV = (
    Need(
        "ensurepip",
        lambda: find_spec("ensurepip") is not None,
        (f"python3.{sys.version_info.minor}-venv", "python3-libs", "python", "python3-base"),
    ),
)
PURPOSES = {"run": RUN, "test": TEST, "venv": VENV}


def missing_needs(purpose: str) -> list[Need]:
    """What of `run`, `test` or `venv` this system lacks; never anything outside Linux."""
    if sys.platform != "linux":
        return []
    return [need for need in PURPOSES[purpose] if not need.is_met()]


def main(arguments: list[str] | None = None) -> int:
    """Install or name what is missing; 0 where everything is there in the end, else 2."""
    parser = argparse.ArgumentParser(prog="python -m viewer.system_libraries")
    parser.add_argument("purpose", choices=PURPOSES)
    needs = missing_needs(parser.parse_args(arguments).purpose)
    if BROWSER in needs and _is_ubuntu():
        needs.remove(BROWSER)
        print(
            "Ubuntu has Chromium as a snap only: the browser tests need Google Chrome, "
            "or Chromium by: sudo snap install chromium",
            file=sys.stderr,
        )
    if needs and shutil.which("apt-get") and install_with_apt(needs):
        needs = [need for need in needs if not need.is_met()]
    if needs:
        print(f"lichen: {advice(needs)}", file=sys.stderr)
    return 2 if needs else 0


def _is_ubuntu() -> bool:
    return platform.freedesktop_os_release().get("ID") == "ubuntu"


def install_with_apt(needs: list[Need]) -> bool:
    """Install the needs' packages, output streaming; False where that may not be or fails."""
    privilege = _privilege()
    if privilege is None:
        return False
    packages = [need.package("apt-get") for need in needs]
    print(f"Installing what the system lacks: {', '.join(packages)}", flush=True)
    apt_get = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    # A source that cannot be reached must not keep the others from serving the packages.
    subprocess.run([*apt_get, "update"], check=False)
    install = [*apt_get, "install", "--yes", "--no-install-recommends", *packages]
    return subprocess.run(install, check=False).returncode == 0


def _privilege() -> list[str] | None:
    """The prefix that runs a command as root and asks nothing, or None."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") is None:
        return None
    asks = subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode != 0
    return None if asks else sudo


def advice(needs: list[Need]) -> str:
    """One sentence: what is missing, and the command that installs it on this system."""
    lacks = f"this system lacks {', '.join(need.name for need in needs)}"
    manager = next(filter(shutil.which, INSTALL_COMMANDS), None)
    if manager is None:
        return f"{lacks}; install what carries that with the system's package manager."
    packages = dict.fromkeys(need.package(manager) for need in needs)
    return f"{lacks}; install it with: sudo {INSTALL_COMMANDS[manager]} {shlex.join(packages)}"


if __name__ == "__main__":
    sys.exit(main())
