"""The style panel with two pictures to paint with."""

from dataclasses import replace
from pathlib import Path

import panel_hand
from panel_hand import tap_everything

from viewer.actions import Action
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import PanelState
from viewer.panels.stylize_state import ExemplarTile, SlotState, StylizeState
from viewer.panels.training_state import TrainingState

STATE = replace(panel_hand.STATE, training=TrainingState(tab="style"))
EXEMPLARS = tuple(ExemplarTile(Path(f"/g/moss {number} %s.png"), 1) for number in range(6))
FILLED = StylizeState(
    slots={
        "content": SlotState("cat %s " * 9, (256, 100), 1),
        "style": SlotState("koi", (100, 256), 1, is_loading=True),
    },
    next_slot="style",
    exemplars=EXEMPLARS,
)


def with_painting(painting: StylizeState, state: PanelState = STATE) -> PanelState:
    return replace(state, stylizing=painting)


def click_everything(sidebar: Sidebar, state: PanelState) -> list[Action]:
    """Click all over the panel."""
    return tap_everything(sidebar, state, (1012, 1052, 1092, 1130, 1162, 1205, 1244))
