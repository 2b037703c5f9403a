"""The export panel in every state, and what its buttons ask for."""

from dataclasses import replace
from pathlib import Path

import pytest
from panel_hand import MOSS, STATE, click_everything, draw

from exporters.targets.registry import TARGETS
from exporters.targets.target import ExportOptions
from support import random_automaton
from viewer.actions import CancelExport, Export, OpenExport
from viewer.exporting import PICTURES, ExportOrder, ExportState
from viewer.panels.sidebar import Sidebar
from viewer.panels.training_state import TrainingState

EXPORT = replace(STATE, training=TrainingState(tab="export"))
OPTIONS = ExportOptions(STATE.settings.grid, 1, STATE.random_seed)
ORDERS = {Export(ExportOrder(MOSS, name, OPTIONS)) for name in (*TARGETS, *PICTURES.values())}


def test_every_target_has_a_button(sidebar: Sidebar) -> None:
    asked = set(click_everything(sidebar, EXPORT))
    wanted = {order.order.target for order in ORDERS}
    assert wanted == {action.order.target for action in asked if isinstance(action, Export)}


def test_what_a_target_cannot_hold_is_not_offered(sidebar: Sidebar) -> None:
    asked = click_everything(sidebar, replace(EXPORT, automaton=random_automaton(20, 8)))
    targets = {action.order.target for action in asked if isinstance(action, Export)}
    assert targets == set(PICTURES.values()) | {
        name for name, target in TARGETS.items() if target.largest_channels >= 20
    }


def test_a_grid_too_small_for_hosts_is_exported_larger(sidebar: Sidebar) -> None:
    small = replace(EXPORT, settings=replace(EXPORT.settings, grid_width=8))
    asked = click_everything(sidebar, small)
    grids = {action.order.options.grid for action in asked if isinstance(action, Export)}
    assert grids == {(16, EXPORT.settings.grid_height)}


def test_nothing_to_export_before_there_is_a_file(sidebar: Sidebar) -> None:
    state = replace(EXPORT, automaton_path=None)
    assert not [a for a in click_everything(sidebar, state) if isinstance(a, Export)]


@pytest.mark.parametrize(
    ("export", "offered"),
    [
        (ExportState(running="moss.html"), {CancelExport()}),
        (ExportState(written=Path("/d/moss.html")), {OpenExport(), OpenExport(folder=True)}),
    ],
)
def test_follows_an_export(
    sidebar: Sidebar,
    export: ExportState,
    offered: set[object],
) -> None:
    state = replace(EXPORT, export=export)
    assert draw(sidebar, state) == []
    asked = set(click_everything(sidebar, state))
    assert offered <= asked
    assert not (export.running and any(isinstance(action, Export) for action in asked))
