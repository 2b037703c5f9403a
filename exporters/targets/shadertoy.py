"""`shadertoy`: the tabs as text files, and the whole as the JSON that Shadertoy itself exports."""

import json
from collections.abc import Sequence
from typing import Any

from exporters.automaton import Automaton
from exporters.targets.plain_text import one_line
from exporters.targets.target import ExportOptions, Files, Target
from exporters.targets.tiled import TiledHost

# Any canvas holds two by two tiles of half its width and height: cells of two by two pixels.
HOST = TiledHost(has_integers=True, content_shader="shadertoy_content.glsl", fixed_tiles=(2, 2))

COMMON_FILE = "Common.glsl"
BUFFER_FILE = "Buffer A.glsl"
IMAGE_FILE = "Image.glsl"
JSON_FILE = "shadertoy.json"

# Shadertoy's own numbers for what Buffer A and Image write, and for the webcam.
BUFFER_OUTPUT = 257
IMAGE_OUTPUT = 37
WEBCAM = 31


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """Three tabs and the JSON. Raises LichenError for weights that no shader can hold."""
    (automaton,) = automata
    tabs = {
        COMMON_FILE: HOST.commented_shader("shadertoy_common.glsl", automaton, options),
        BUFFER_FILE: HOST.shader("shadertoy_buffer.glsl", automaton, options),
        IMAGE_FILE: HOST.shader("shadertoy_image.glsl", automaton, options),
    }
    shader = json.dumps(_shader(automaton, tabs), indent=2)
    return {name: text.encode() for name, text in {**tabs, JSON_FILE: shader + "\n"}.items()}


def _shader(automaton: Automaton, tabs: dict[str, str]) -> dict[str, Any]:
    cells = _input(0, "buffer", BUFFER_OUTPUT, "/media/previz/buffer00.png", "nearest")
    webcam = _input(1, "webcam", WEBCAM, "/presets/webcam.png", "linear")
    seen = [cells, webcam] if automaton.content_channels else [cells]
    return {
        "Shader": {
            "ver": "0.1",
            "info": {
                "id": "",
                "date": "0",
                "viewed": 0,
                "name": one_line(automaton.name),
                "username": one_line(automaton.credits.author),
                "description": "A neural cellular automaton; press the mouse to erase.",
                "likes": 0,
                "published": 0,
                "flags": 32,
                "usePreview": 0,
                "tags": ["cellular", "automaton", "neural"],
                "hasliked": 0,
            },
            "renderpass": [
                _pass("Common", "common", tabs[COMMON_FILE]),
                _pass("Buffer A", "buffer", tabs[BUFFER_FILE], seen, BUFFER_OUTPUT),
                _pass("Image", "image", tabs[IMAGE_FILE], [cells], IMAGE_OUTPUT),
            ],
        }
    }


def _input(channel: int, kind: str, number: int, source: str, filter_name: str) -> dict[str, Any]:
    """What a tab reads in a channel."""
    return {
        "id": number,
        "src": source,
        "ctype": kind,
        "channel": channel,
        "sampler": {
            "filter": filter_name,
            "wrap": "clamp",
            "vflip": "true",
            "srgb": "false",
            "internal": "byte",
        },
        "published": 1,
    }


def _pass(
    name: str,
    kind: str,
    code: str,
    inputs: Sequence[dict[str, Any]] = (),
    output: int | None = None,
) -> dict[str, Any]:
    return {
        "inputs": list(inputs),
        "outputs": [] if output is None else [{"id": output, "channel": 0}],
        "code": code,
        "name": name,
        "description": "",
        "type": kind,
    }


TARGET = Target(
    name="shadertoy",
    title="Shadertoy",
    summary="tabs to paste at shadertoy.com, and its JSON",
    export=export,
    options=("random_seed",),
)
