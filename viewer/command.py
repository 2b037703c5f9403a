"""The `lichen` command: finds a subcommand by name and imports that one alone."""

import argparse
import importlib
import os
import sys
from dataclasses import dataclass
from typing import NoReturn

from exporters.errors import LichenError

EXIT_USER_MISTAKE = 2
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141
LONGEST_SENTENCE = 2000


@dataclass(frozen=True)
class Subcommand:
    """Where a subcommand lives: a module with `add_arguments(parser)` and `run(arguments)`."""

    module: str
    help: str


SUBCOMMANDS = {
    "view": Subcommand("viewer.commands.view", "watch an automaton, paint on it and wound it"),
    "gallery": Subcommand("viewer.commands.gallery", "list the automata to choose from"),
    "train": Subcommand("training.command", "teach an automaton the texture of an image"),
    "dream": Subcommand("viewer.commands.dream", "move into a picture for ever"),
    "train-dreamer": Subcommand(
        "training.dream.own.command", "teach a small diffusion model your pictures, to dream with"
    ),
    "suggest-prompts": Subcommand(
        "training.dream.suggest_command", "let a language model write a dream's prompts"
    ),
    "stylize": Subcommand("training.stylize.command", "paint one picture in the manner of another"),
    "invert": Subcommand(
        "training.stylize.invert_command", "paint what a network still knows of a picture"
    ),
    "visualise": Subcommand(
        "training.stylize.visualise_command", "paint what the filters of a network look for"
    ),
    "export": Subcommand("viewer.commands.export", "take automata to another program"),
    "import": Subcommand(
        "viewer.commands.import_command", "bring other programs' automata into Lichen"
    ),
    "render": Subcommand(
        "viewer.commands.render", "make a picture that tiles or a video that loops"
    ),
    "filter": Subcommand("viewer.commands.filter", "show a picture or film through an automaton"),
    "check": Subcommand(
        "viewer.commands.check", "measure an automaton's stability and how it heals"
    ),
    "bench": Subcommand("viewer.commands.bench", "measure the speed of automata on this machine"),
}


class OneSentenceParser(argparse.ArgumentParser):
    """A parser whose complaints are one sentence each, without the usage text."""

    def error(self, message: str) -> NoReturn:
        raise LichenError(f"{message}; see '{self.prog} --help'.")


def main(arguments: list[str] | None = None) -> int:
    """Run `lichen` with the given or the process's own arguments and return its exit code."""
    try:
        exit_code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        return exit_code
    except LichenError as error:
        # Sentences quote names out of files, which may hold whatever terminals obey, or megabytes.
        from exporters.targets.plain_text import one_line

        print(f"lichen: {one_line(str(error), LONGEST_SENTENCE)}", file=sys.stderr)
        return EXIT_USER_MISTAKE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left; what Python still holds back must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE


def _run(arguments: list[str]) -> int:
    arguments = arguments or ["view"]
    parser, subparsers = _build_parsers()
    name = arguments[0]
    if name.startswith("-"):
        return _run_without_command(parser, arguments)
    if name not in SUBCOMMANDS:
        raise LichenError(f"there is no command '{name}'; {_nearest(name)}")
    try:
        module = importlib.import_module(SUBCOMMANDS[name].module)
        module.add_arguments(subparsers[name])
        return int(module.run(parser.parse_args(arguments)))
    except ModuleNotFoundError as error:
        # Here and below, what few runs need is imported late, for a quick start.
        from viewer.extras import find_extra, missing_extra_sentence

        extra = find_extra(error.name or "")
        if extra is None:
            raise
        raise LichenError(missing_extra_sentence(extra)) from error


def _run_without_command(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    from importlib.metadata import version

    if not parser.parse_args(arguments).version:
        parser.error("name a command")
    print(f"lichen {version('lichen')}")
    return 0


def _build_parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    parser = OneSentenceParser(
        prog="lichen",
        description="Living textures: watch, wound, heal and train neural cellular automata.",
        epilog="'lichen' alone is 'lichen view'; 'lichen COMMAND --help' tells more.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    group = parser.add_subparsers(metavar="COMMAND", title="commands")
    return parser, {
        name: group.add_parser(name, help=command.help, description=f"{command.help}.")
        for name, command in SUBCOMMANDS.items()
    }


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    names = get_close_matches(name, SUBCOMMANDS, n=1)
    return f"did you mean '{names[0]}'?" if names else "'lichen --help' lists the commands."
