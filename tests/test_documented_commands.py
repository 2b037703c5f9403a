"""Every `lichen ...` in a block of the documents is a command that could be given."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from viewer.command import SUBCOMMANDS, OneSentenceParser

CHECKOUT = Path(__file__).parents[1]
DOCUMENTS = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```\w*\n(?:[^`]*\n)?```|^(?: {4}[^\n]*\n)+", re.MULTILINE)
COMMAND = re.compile(r"^ *(lichen [^\n]*)$", re.MULTILINE)


def commands(document: Path) -> list[str]:
    """Those in fenced or indented blocks; a wide gap sets a remark apart."""
    blocks = "\n".join(BLOCK.findall(document.read_text("utf-8")))
    whole = re.sub(r"\\\n\s*", "", blocks)
    return [re.split(r"\s{2,}", command)[0] for command in COMMAND.findall(whole)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_of_a_document_can_be_given(document: Path) -> None:
    for command in commands(document):
        _, name, *words = shlex.split(command)
        assert name in SUBCOMMANDS, command
        module = import_module(SUBCOMMANDS[name].module)
        parser = OneSentenceParser(prog=f"lichen {name}")
        module.add_arguments(parser)
        arguments = parser.parse_args(words)
        if name == "train":
            module.to_order(arguments)


def test_the_lesson_shows_commands() -> None:
    assert len(commands(CHECKOUT / "docs" / "LESSON.md")) >= 11


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_picture_of_a_document_is_there(document: Path) -> None:
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", document.read_text("utf-8")):
        assert (document.parent / name).is_file() or "://" in name, name
