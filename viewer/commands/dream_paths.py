"""Whole paths in an order, so that it means the same from whichever folder it is repeated."""

import os
from dataclasses import replace
from pathlib import Path

from exporters.gallery import named_entries
from training.dream.order import AutomatonTouch, DreamOrder
from viewer.dream_pictures import START


def with_whole_paths(order: DreamOrder) -> DreamOrder:
    """The same order; what names no file, such as automata and models of the hub, stays."""
    diffusers, own, touch = order.diffusers, order.own, order.touch
    journey = order.journey
    if order.backend == "patch":  # to other dreamers prompts are words
        stages = tuple(replace(stage, prompt=_whole(stage.prompt)) for stage in journey.stages)
        journey = replace(journey, stages=stages)
    model = diffusers.model
    return replace(
        order,
        source=order.source and _whole(order.source),
        journey=journey,
        diffusers=replace(
            diffusers,
            model=os.path.abspath(model) if os.path.exists(model) else model,
            content_image=_whole_path(diffusers.content_image),
            style_image=_whole_path(diffusers.style_image),
        ),
        own=replace(own, model=_whole_path(own.model)),
        touch=touch and AutomatonTouch(touch.automaton.absolute(), touch.steps),
    )


def _whole(name: str) -> str:
    """A path made whole; what commands know by name comes before files that are called alike."""
    is_file = os.path.exists(name) and name != START and name not in named_entries()
    return os.path.abspath(name) if is_file else name


def _whole_path(path: Path | None) -> Path | None:
    return path and path.absolute()
