"""Names that look like the terminal's own codes are printed as they are."""

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.table import Table

from exporters.console import named_bar, plain_console
from viewer.command import main

TINY = "--no-check --loss patch --channels 4 --hidden 4 --grid 16 --batch 1 --pool 4".split()
ODD = "[red]:cat: [/x]"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a picture whose path is odd; a preview takes longer than these trainings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("training.finish.PREVIEW_STEPS", 2)
    Path(ODD).parent.mkdir()
    pixels = (np.indices((48, 40)).sum(0) // 4 % 2 * 255).astype(np.uint8)
    Image.fromarray(pixels).convert("RGB").save(f"{ODD}.png")


def test_what_was_written_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    output = f"{ODD}.safetensors"
    assert main(["train", f"{ODD}.png", "-o", output, *TINY, "--iterations", "1"]) == 0
    told = capfd.readouterr().err
    assert f"wrote {output}\n" in told and f"lichen view '{output}'" in told
    assert Path(output).exists()


def test_the_pictures_of_a_folder_are_named(capfd: pytest.CaptureFixture[str]) -> None:
    folder = Path(ODD).parent
    Path(f"{ODD}.png").rename(folder / "[blue]:dog:.png")
    (folder / ":cat:.png").write_bytes(b"no picture")
    assert main(["train", str(folder), "-o", "out", *TINY, "--iterations", "1"]) == 1
    told = capfd.readouterr().err
    assert told.startswith(":cat:.png: ") and "│ [blue]:dog:.png" in told
    assert Path("out/[blue]:dog:.safetensors").exists() and not list(Path("out").glob("*.lock"))


def test_tables_and_bars_are_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table("name")
    table.add_row(ODD)
    console = plain_console()
    with console.capture() as captured:
        console.print(table)
    assert ODD in captured.get()
    bar = named_bar(is_shown=True)
    bar.add_task(ODD)
    bar.console.file = StringIO()
    bar.console.print(bar)
    assert ODD in bar.console.file.getvalue()
