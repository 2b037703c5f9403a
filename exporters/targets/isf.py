"""`isf`: one file in the Interactive Shader Format 2, for video software."""

import json
from collections.abc import Sequence
from typing import Any

from exporters.automaton import Automaton
from exporters.targets.comments import harmless
from exporters.targets.plain_text import one_line
from exporters.targets.target import ExportOptions, Files, Target
from exporters.targets.tiled import RECORD_ROWS, TiledHost

HOST = TiledHost(has_integers=False, content_shader="isf_content.glsl")
BUFFER = "cells"


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """The file. Raises LichenError for weights that no shader can hold."""
    (automaton,) = automata
    head = json.dumps(_head(automaton), indent=2)
    source = HOST.commented_shader("isf.frag", automaton, options)
    return {"automaton.fs": f"/*{head}*/\n{source}".encode()}


def _float(name: str, label: str, default: float, low: float, high: float) -> dict[str, Any]:
    values = {"DEFAULT": default, "MIN": low, "MAX": high}
    return {"NAME": name, "TYPE": "float", "LABEL": label, **values}


# By the first one's name hosts know that it goes on a layer.
FILTER_INPUTS = [
    {"NAME": "inputImage", "TYPE": "image"},
    _float("strength", "How strongly the picture shows", 1.0, 0.0, 2.0),
]


def _head(automaton: Automaton) -> dict[str, Any]:
    across, up = HOST.tiles(automaton)
    is_filter = automaton.content_channels > 0
    return {
        "DESCRIPTION": f"{_plain(automaton.name)}, a neural cellular automaton",
        "CREDIT": _plain(automaton.credits.author),
        "ISFVSN": "2",
        "CATEGORIES": ["Stylize" if is_filter else "Generator"],
        "INPUTS": [
            *(FILTER_INPUTS if is_filter else []),
            _float("speed", "Speed", 1.0, 0.0, 1.0),
            _float("cell_pixels", "Pixels a cell", 2.0, 1.0, 16.0),
            {"NAME": "restart", "TYPE": "event", "LABEL": "Restart"},
            {"NAME": "erase", "TYPE": "bool", "LABEL": "Erase", "DEFAULT": False},
            {
                "NAME": "erase_point",
                "TYPE": "point2D",
                "LABEL": "Erase at",
                "DEFAULT": [0.5, 0.5],
                "MIN": [0.0, 0.0],
                "MAX": [1.0, 1.0],
            },
            _float("erase_size", "Erase radius in cells", 12.0, 1.0, 100.0),
            {"NAME": "erase_image", "TYPE": "image", "LABEL": "Erase where this is bright"},
            _float("erase_image_amount", "How much of it", 0.0, 0.0, 1.0),
        ],
        "PASSES": [
            {
                "TARGET": BUFFER,
                "PERSISTENT": True,
                "FLOAT": True,
                "WIDTH": f"{across} * floor($WIDTH / $cell_pixels)",
                "HEIGHT": f"{up} * floor($HEIGHT / $cell_pixels) + {RECORD_ROWS}",
            },
            {},
        ],
    }


def _plain(text: str) -> str:
    return harmless(one_line(text))


TARGET = Target(
    name="isf",
    title="ISF",
    summary="a generator or filter for VDMX, MadMapper and other hosts of ISF",
    export=export,
    suffix=".fs",
    options=("random_seed",),
)
