"""Export automata: ask the target for its files and put them where they shall lie, or nothing."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from exporters.atomic import atomic_path
from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.targets.target import ExportOptions, Files, Target


def export(
    automata: Sequence[Automaton],
    target: Target,
    path: Path,
    options: ExportOptions | None = None,
    replace: bool = False,
) -> None:
    """Write a target's file or folder at `path`, whole or not at all.

    Raises:
        LichenError: the target cannot hold the automata, something lies at `path` and `replace`
            is not set, or the files cannot be written.
    """
    target.check(automata)
    check_place(target, path, replace)
    files = target.export(automata, options or ExportOptions())
    if target.suffix:
        (content,) = files.values()
        with atomic_path(path) as temporary:
            temporary.write_bytes(content)
    else:
        _write_folder(files, path)


def check_place(target: Target, path: Path, replace: bool) -> None:
    """Raises LichenError where an export may not be written."""
    if target.suffix and path.suffix.lower() != target.suffix:
        raise LichenError(f"{target.title} is written to a file that ends in {target.suffix}.")
    if _exists(path):
        if path.is_dir() == bool(target.suffix):
            kind = "folder" if path.is_dir() else "file"
            raise LichenError(f"cannot write {path}: it is a {kind}; choose another name.")
        if not replace:
            raise LichenError(f"{path} exists; choose another name, or --force to replace it.")
        if path.is_dir() and not _is_an_export(path):
            raise LichenError(
                f"{path} holds files that are no export of Lichen's; choose another folder."
            )
    if not path.absolute().parent.is_dir():
        raise LichenError(f"cannot write {path}: the folder {path.parent} does not exist.")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # a name too long for any disk, or a folder that nobody may enter
        raise LichenError(f"cannot write {path}: {error.strerror or error}.") from error


# Lies in every exported folder, so that --force never removes files of somebody's own.
MARK = "lichen.txt"


def _is_an_export(folder: Path) -> bool:
    return (folder / MARK).is_file() or not any(folder.iterdir())


def _write_folder(files: Files, folder: Path) -> None:
    """Fill a folder beside the wanted one, then rename; the older export goes last."""
    try:
        with tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=".lichen-") as name:
            new, old = Path(name, "new"), Path(name, "old")
            for relative, content in {**files, MARK: b"Written by lichen export.\n"}.items():
                (new / relative).parent.mkdir(parents=True, exist_ok=True)
                (new / relative).write_bytes(content)
            if folder.exists():
                folder.rename(old)
            try:
                new.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise LichenError(f"cannot write {folder}: {error.strerror or error}.") from error
