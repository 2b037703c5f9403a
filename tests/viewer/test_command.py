"""The dispatcher: names, exit codes and sentences."""

import importlib.metadata
import subprocess
import sys
import types
from collections.abc import Callable

import pytest

from exporters.errors import LichenError
from viewer import command
from viewer.command import Subcommand, main

Run = Callable[..., int]
Install = Callable[[Run], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a subcommand `probe` with one option behind the dispatcher."""

    def install_run(run: Run) -> None:
        module = types.ModuleType("probe_command")
        module.add_arguments = lambda parser: parser.add_argument("--count", type=int)
        module.run = run
        monkeypatch.setitem(sys.modules, "probe_command", module)
        monkeypatch.setitem(command.SUBCOMMANDS, "probe", Subcommand("probe_command", "probe"))

    return install_run


def fail_with(error: BaseException) -> Run:
    def run(arguments: object) -> int:
        raise error

    return run


def the_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on stderr, held to be one line with nothing on stdout."""
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert output.err.startswith("lichen: ")
    return output.err


@pytest.mark.parametrize("name", command.SUBCOMMANDS)
def test_every_subcommand_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_request:
        main([name, "--help"])
    assert exit_request.value.code == 0
    assert f"usage: lichen {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        "view koy --headless",
        "check koy",
        "check koi koy",
        "bench koy",
        "export koy --to glsl -o out",
        "render koy -o out.png",
        "filter koy photo.png -o out.png",
        "dream --source koi -o out.mp4 --frames 1 --touch koy",
    ],
)
def test_every_command_finds_automata_by_the_same_names(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    assert "no automaton or file called koy; did you mean koi?" in the_sentence(capsys)


def test_arguments_go_to_the_subcommand_and_its_exit_code_comes_back(install: Install) -> None:
    install(lambda arguments: arguments.count)
    assert main(["probe", "--count", "7"]) == 7


def test_alone_it_is_view(monkeypatch: pytest.MonkeyPatch, install: Install) -> None:
    install(lambda arguments: 11)
    monkeypatch.setitem(command.SUBCOMMANDS, "view", command.SUBCOMMANDS["probe"])
    monkeypatch.setattr(sys, "argv", ["lichen"])
    assert main() == 11


def test_help_lists_every_subcommand_and_imports_none() -> None:
    script = (
        "import sys, viewer.command as command\n"
        "try: command.main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not [c for c in command.SUBCOMMANDS.values() if c.module in sys.modules]\n"
        "assert 'numpy' not in sys.modules\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    for name, subcommand in command.SUBCOMMANDS.items():
        assert name in result.stdout
        assert subcommand.help.split()[0] in result.stdout


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"lichen {importlib.metadata.version('lichen')}\n"


def test_an_unknown_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["galery"]) == 2
    assert "did you mean 'gallery'?" in the_sentence(capsys)


def test_a_command_like_no_other_points_at_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zzz"]) == 2
    assert "lichen --help" in the_sentence(capsys)


@pytest.mark.parametrize(
    "arguments", [["probe", "--count", "many"], ["probe", "--colour"], ["--colour"]]
)
def test_wrong_arguments_are_one_sentence(
    arguments: list[str], install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install(lambda arguments: 0)
    assert main(arguments) == 2
    assert "--help" in the_sentence(capsys)


def test_a_users_mistake_is_one_sentence(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install(fail_with(LichenError("moss.png is not an image.")))
    assert main(["probe"]) == 2
    assert the_sentence(capsys) == "lichen: moss.png is not an image.\n"


def test_what_a_sentence_quotes_cannot_command_the_terminal(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install(fail_with(LichenError("\x1b[31m\nmoss\ud800 \x07" + "x" * 1_000_000)))
    assert main(["probe"]) == 2
    sentence = the_sentence(capsys)
    assert sentence.startswith("lichen: [31m moss? xxx") and len(sentence) < 3000


def test_an_interruption_is_quiet(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(fail_with(KeyboardInterrupt()))
    assert main(["probe"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    script = (
        "import sys, types, viewer.command as command\n"
        "module = types.ModuleType('probe_command')\n"
        "module.add_arguments = lambda parser: None\n"
        "module.run = lambda arguments: [print('moss') for _ in range(100_000)] and 0\n"
        "sys.modules['probe_command'] = module\n"
        "command.SUBCOMMANDS['probe'] = command.Subcommand('probe_command', '')\n"
        "sys.exit(command.main(['probe']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_missing_extra_is_one_sentence_with_the_command_that_installs_it(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install(fail_with(ModuleNotFoundError("No module named 'torch'", name="torch.nn")))
    assert main(["probe"]) == 2
    sentence = the_sentence(capsys)
    assert "'train' extra" in sentence
    assert "-m pip install" in sentence


def test_a_missing_module_of_our_own_is_not_blamed_on_an_extra(install: Install) -> None:
    install(fail_with(ModuleNotFoundError("No module named 'moss'", name="moss")))
    with pytest.raises(ModuleNotFoundError):
        main(["probe"])
