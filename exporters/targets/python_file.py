"""`python`: one file that needs numpy alone, to run from a shell or to import."""

import base64
import textwrap
from collections.abc import Sequence
from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray

from exporters.automaton import LARGEST_CHANNELS, Automaton
from exporters.content import INSTRUCTION
from exporters.seed import SEED_SALT
from exporters.targets.numpy_text import COLOURS
from exporters.targets.plain_text import credit_lines
from exporters.targets.target import ExportOptions, Files, Target
from exporters.update_mask import firing_threshold

TEMPLATE = Path(__file__).with_name("python_file.py.txt")
LINE_CHARACTERS = 96

ALIVE_FUNCTION = '''
def touch_life(state):
    """Which cells have alpha, channel 3, above 0.1 in them or beside them, bool [height, width]."""
    alive = state[3] > np.float32(0.1)
    alive = alive | np.roll(alive, 1, 0) | np.roll(alive, -1, 0)
    return alive | np.roll(alive, 1, 1) | np.roll(alive, -1, 1)

'''


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """The program as `automaton.py`."""
    (automaton,) = automata
    identity, sobel_x, sobel_y, laplacian = automaton.filter_scales
    text = Template(TEMPLATE.read_text("utf-8")).substitute(
        credits="\n".join(f"# {line}" for line in credit_lines(automaton)),
        channels=automaton.channels,
        hidden=automaton.hidden,
        identity=identity,
        sobel_x=sobel_x,
        sobel_y=sobel_y,
        laplacian=laplacian,
        update_rate=automaton.update_rate,
        firing_threshold=firing_threshold(automaton.update_rate),
        erase_value=automaton.erase_value,
        content=_content(automaton),
        seed=_indent(_seed(automaton)),
        finish=_indent(_finish(automaton)),
        alive=ALIVE_FUNCTION if automaton.alive_masking else "",
        colour=COLOURS[automaton.display],
        hidden_weight=_encode(automaton.hidden_weight),
        hidden_bias=_encode(automaton.hidden_bias),
        update_weight=_encode(automaton.update_weight),
        update_bias=_encode(automaton.update_bias),
    )
    return {"automaton.py": text.encode()}


def _content(automaton: Automaton) -> str:
    """What the file's first lines say of the picture that a filter needs."""
    if not automaton.content_channels:
        return ""
    return "\n" + textwrap.fill(INSTRUCTION, LINE_CHARACTERS) + "\n"


def _seed(automaton: Automaton) -> list[str]:
    """How the grid begins, where it is not all zeros."""
    seed = automaton.seed
    if seed.kind == "single cell":
        first = min(3, automaton.channels - 1)
        return [f"state[{first}:, height // 2, width // 2] = 1"]
    if seed.kind == "uniform":
        return [
            "for channel in range(CHANNELS):",
            f"    noise = cell_hash(height, width, channel, random_seed ^ 0x{SEED_SALT:X})",
            "    unit = np.float32(noise >> 8) / 2**24",
            f"    state[channel] = {seed.low} + {seed.high - seed.low} * unit",
        ]
    return []


def _finish(automaton: Automaton) -> list[str]:
    """What happens to every cell, fired or not, after the update."""
    lines = []
    if automaton.alive_masking:
        lines.append("new_state[:, ~(touch_life(state) & touch_life(new_state))] = 0")
    if automaton.clamp is not None:
        low, high = automaton.clamp
        lines.append(f"new_state = new_state.clip({low}, {high})")
    return lines


def _encode(weights: NDArray[np.float32]) -> str:
    text = base64.b64encode(weights.astype("<f4").tobytes()).decode()
    return textwrap.fill(text, LINE_CHARACTERS)


def _indent(lines: list[str]) -> str:
    return "".join(f"\n    {line}" for line in lines)


TARGET = Target(
    name="python",
    title="Python",
    summary="one file that needs numpy alone",
    export=export,
    suffix=".py",
    largest_channels=LARGEST_CHANNELS,
)
