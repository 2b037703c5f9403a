"""How the two slots of the style panel are filled: drops, the grid, the gallery, dialogs."""

import numpy as np
import pytest
from panel_painter import Painter

from exporters.picture_file import save_picture
from viewer import actions
from viewer.stylize_actions import (
    AimDrop,
    BrowseForSlot,
    BrowseForWeights,
    ChangePainting,
    FillFromView,
    FillSlot,
    StartPainting,
    StopPainting,
    SwapSlots,
)
from viewer.stylize_draft import StylizeDraft
from viewer.stylize_runs import paintings_folder
from viewer.training_actions import ShowTab


def test_drops_fill_the_content_first_and_then_the_style(painter: Painter) -> None:
    third = painter.picture("third", 2)
    assert painter.panel.next_slot == "content"
    painter.ask(actions.OpenFile(painter.photo))
    assert painter.panel.next_slot == "style", "even before the first one is read"
    painter.ask(actions.OpenFile(painter.weave))
    painter.poll_until(lambda: painter.names == ("photo", "weave"))
    painter.ask(actions.OpenFile(third))
    painter.poll_until(lambda: painter.names == ("photo", "third"))
    painter.ask(AimDrop("content"))
    assert painter.panel.next_slot == "content"
    painter.ask(actions.OpenFile(painter.weave))
    painter.poll_until(lambda: painter.names == ("weave", "third"))
    assert painter.panel.next_slot == "style"
    painter.controller.painting.point_at("content")
    painter.ask(actions.OpenFile(painter.photo))
    painter.poll_until(lambda: painter.names == ("photo", "third"))
    assert painter.controller.training.tab == "style"


def test_slots_swap_and_take_the_grid_and_the_gallery(painter: Painter) -> None:
    painter.fill()
    textures = painter.panel.slot("content").texture, painter.panel.slot("style").texture
    painter.ask(SwapSlots())
    assert painter.names == ("weave", "photo") and all(textures)
    painter.ask(FillFromView("content"))
    assert painter.names == ("moss", "photo") and painter.panel.slot("content").size == (48, 40)
    painter.poll_until(lambda: bool(painter.panel.exemplars))
    exemplars = {tile.path.stem: tile.path for tile in painter.panel.exemplars}
    assert "agate" in exemplars and "lizard" not in exemplars, "forms have no ground"
    painter.ask(FillSlot(exemplars["agate"], "style"))
    painter.poll_until(lambda: painter.names == ("moss", "agate"))
    painter.poll_until(lambda: all(tile.texture for tile in painter.panel.exemplars))


def test_a_bad_picture_is_a_sentence_and_the_slot_keeps_its_own(painter: Painter) -> None:
    painter.fill()
    bad = painter.folder / "bad.png"
    bad.write_bytes(b"no picture")
    painter.ask(AimDrop("content"), actions.OpenFile(bad))
    painter.poll_until(lambda: "bad.png" in painter.told)
    assert painter.names == ("photo", "weave") and not painter.panel.slot("content").is_loading
    save_picture(np.zeros((8, 8, 3), np.uint8), bad)
    painter.ask(FillSlot(bad, "style"))
    painter.poll_until(lambda: "at least 32" in painter.told)
    assert painter.names == ("photo", "weave")


def test_nothing_starts_without_two_pictures_or_with_a_mistake(painter: Painter) -> None:
    painter.ask(StartPainting())
    assert "the picture to paint" in painter.told
    painter.fill()
    painter.ask(ChangePainting(StylizeDraft(size_pixels="9")), StartPainting())
    assert "32 to 8192" in painter.told or "32 to 8,192" in painter.told
    painter.controller.poll()
    assert painter.panel.run is None and not paintings_folder().exists()


def test_a_drop_on_a_painting_waits_for_its_end(painter: Painter) -> None:
    painter.paint("obey")
    painter.ask(actions.OpenFile(painter.weave))
    assert "under way" in painter.told and painter.names == ("photo", "weave")
    painter.ask(StopPainting())
    painter.poll_until(lambda: painter.run.has_ended)
    painter.ask(AimDrop("content"), actions.OpenFile(painter.weave))
    assert painter.panel.run is None
    painter.poll_until(lambda: "weave" in painter.names)


def test_drops_on_other_panels_are_as_ever(painter: Painter) -> None:
    painter.ask(ShowTab("dream"), actions.OpenFile(painter.photo))
    assert painter.controller.dream._planning.draft.picture == painter.photo
    painter.ask(ShowTab("play"), actions.OpenFile(painter.photo))
    assert painter.controller.training.tab == "train"
    assert painter.names == ("", "")


@pytest.mark.parametrize("browse", [BrowseForSlot("style"), BrowseForWeights()])
def test_without_a_file_dialog_it_says_what_to_do_instead(
    painter: Painter, browse: actions.Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.picture_dialog.LINUX_PROGRAMS", ())
    painter.ask(browse)
    assert "no file dialog" in painter.told


def test_what_a_dialog_chose_is_taken(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = painter.folder / "vgg.pth"
    chosen = [(BrowseForSlot("style"), painter.photo), (BrowseForWeights(), weights)]
    dialogs = painter.controller.painting._dialogs
    monkeypatch.setattr(dialogs, "poll", lambda: chosen.pop() if chosen else None)
    painter.poll_until(lambda: painter.names == ("", "photo"))
    assert painter.panel.draft.weights == str(weights)
