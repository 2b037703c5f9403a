"""Every backend takes the same step: numpy, OpenGL and torch, with the update mask on."""

from collections.abc import Callable
from dataclasses import replace

import moderngl
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from exporters.automaton import Automaton
from exporters.reference import run
from exporters.update_mask import update_mask
from support import patchy_state, random_automaton, random_filter, random_state, relative_error
from training.automaton_step import TrainableAutomaton
from viewer.simulation import Simulation

RANDOM_SEED = 12345
GRIDS = [(2, 3), (37, 53), (64, 64)]  # (width, height)
MODELS = [(4, 8), (12, 12), (3, 8), (5, 1)]
# Large ones take seconds to compile, and do with every grid and mask what the others do.
CASES = [
    *((model, grid, rate) for model in MODELS for grid in GRIDS for rate in (0.5, 1.0)),
    ((12, 96), GRIDS[1], 0.5),
    ((16, 128), GRIDS[1], 0.5),
]

State = NDArray[np.float32]
# Runs so many steps from a state, with the random seed above.
Backend = Callable[[Automaton, State, int], State]


def run_numpy(automaton: Automaton, state: State, steps: int) -> State:
    return run(automaton, state, steps, RANDOM_SEED)


def run_torch(automaton: Automaton, state: State, steps: int) -> State:
    twin = TrainableAutomaton(automaton)
    _, height, width = state.shape
    current = torch.from_numpy(state).permute(1, 2, 0)[None]
    with torch.no_grad():
        for index in range(steps):
            fires = update_mask(width, height, index, RANDOM_SEED, automaton.update_rate)
            current = twin(current, torch.from_numpy(fires)[None])
    return current[0].permute(2, 0, 1).numpy()


@pytest.fixture
def run_opengl(context: moderngl.Context) -> Backend:
    def run_simulation(automaton: Automaton, state: State, steps: int) -> State:
        _, height, width = state.shape
        simulation = Simulation(context, automaton, width, height, RANDOM_SEED)
        simulation.write_state(state)
        simulation.step(steps)
        result = simulation.read_state()
        simulation.release()
        return result

    return run_simulation


@pytest.fixture(params=["numpy", "opengl", "torch"])
def backend(request: pytest.FixtureRequest, run_opengl: Backend) -> Backend:
    return {"numpy": run_numpy, "opengl": run_opengl, "torch": run_torch}[request.param]


def assert_equals_reference(backend: Backend, automaton: Automaton, size: tuple[int, int]) -> None:
    width, height = size
    state = random_state(automaton.channels, height, width)
    for steps, tolerance in ((1, 1e-5), (8, 1e-4)):
        expected = run_numpy(automaton, state, steps)
        assert np.abs(expected).max() <= 2.0
        assert relative_error(backend(automaton, state, steps), expected) <= tolerance


@pytest.mark.parametrize(("model", "size", "update_rate"), CASES)
def test_opengl_equals_numpy(
    run_opengl: Backend, model: tuple[int, int], size: tuple[int, int], update_rate: float
) -> None:
    assert_equals_reference(run_opengl, random_automaton(*model, update_rate=update_rate), size)


@pytest.mark.parametrize("clamp", [None, (-0.7, 0.8)])
@pytest.mark.parametrize("filter_scales", [(1.0, 1.0, 1.0, 1.0), (0.9, 0.125, 0.25, 0.0625)])
@pytest.mark.parametrize(("channels", "hidden"), [(1, 3), (6, 10)])
def test_every_backend_equals_numpy(
    backend: Backend,
    channels: int,
    hidden: int,
    filter_scales: tuple[float, float, float, float],
    clamp: tuple[float, float] | None,
) -> None:
    automaton = random_automaton(channels, hidden, filter_scales=filter_scales, clamp=clamp)
    assert_equals_reference(backend, automaton, (7, 5))


@pytest.mark.parametrize(
    ("channels", "hidden", "clamp"),
    [(4, 8, None), (4, 8, (-0.4, 0.5)), (6, 10, None), (6, 10, (-0.4, 0.5)), (16, 96, (-0.4, 0.5))],
)
def test_every_backend_masks_alike(
    backend: Backend, channels: int, hidden: int, clamp: tuple[float, float] | None
) -> None:
    automaton = random_automaton(channels, hidden, clamp=clamp, alive_masking=True)
    state = patchy_state(channels, 37, 53)
    for steps, tolerance in ((1, 1e-5), (8, 1e-4)):
        expected = run_numpy(automaton, state, steps)
        assert 0.1 < (expected != 0).any(axis=0).mean() < 0.9
        assert relative_error(backend(automaton, state, steps), expected) <= tolerance


@pytest.mark.parametrize(
    ("own_channels", "hidden", "clamp"),
    [(4, 8, None), (4, 8, (-1.2, 1.3)), (12, 96, (-1.2, 1.3))],
)
def test_every_backend_reads_content_and_leaves_it(
    backend: Backend, own_channels: int, hidden: int, clamp: tuple[float, float] | None
) -> None:
    automaton = random_filter(own_channels, hidden, clamp=clamp)
    assert_equals_reference(backend, automaton, (37, 53))
    state = random_state(automaton.channels, 37, 53)
    after = backend(automaton, state, 8)
    np.testing.assert_array_equal(after[own_channels:], state[own_channels:])
    unseen = state.copy()
    unseen[own_channels:] = 0
    assert np.abs(after - backend(automaton, unseen, 8))[:own_channels].max() > 0.01


@pytest.mark.parametrize("size", [(64, 48), (70, 33)])
def test_opengl_follows_life_over_a_mostly_empty_grid(
    run_opengl: Backend, size: tuple[int, int]
) -> None:
    """It computes tiles near life alone; here life spreads out of one, and over all edges."""
    automaton = random_automaton(6, 10, alive_masking=True)
    spreading = automaton.update_bias.copy()
    spreading[3] = 0.2
    automaton = replace(automaton, update_bias=spreading, clamp=(-1.0, 1.0))
    width, height = size
    state = np.zeros((6, height, width), np.float32)
    state[:, 0, 0] = 0.5
    for steps, tolerance in ((1, 1e-5), (8, 1e-4)):
        expected = run_numpy(automaton, state, steps)
        assert 0 < (expected != 0).any(axis=0).mean() < 0.25
        assert relative_error(run_opengl(automaton, state, steps), expected) <= tolerance
    alpha = expected[3]
    for strip in (alpha[:, 3:6], alpha[:, -5:-2], alpha[3:6], alpha[-5:-2]):
        assert (strip > 0.1).any()


def readable_automaton(update_rate: float) -> Automaton:
    """Three channels, four hidden units that each look at one filter of one channel.

    hidden 0 = relu(sobel-x of channel 0)         goes to channel 1, times 0.1
    hidden 1 = relu(sobel-y of channel 1)         goes to channel 2, times 0.01
    hidden 2 = relu(laplacian of channel 2)       goes to channel 0, times 0.001
    hidden 3 = relu(channel 0 itself - 0.5)       goes to channel 0, times 2
    and channel 2 gains -0.25 wherever a cell fires.
    """
    hidden_weight = np.zeros((4, 12), np.float32)
    hidden_weight[0, 0 * 4 + 1] = 1
    hidden_weight[1, 1 * 4 + 2] = 1
    hidden_weight[2, 2 * 4 + 3] = 1
    hidden_weight[3, 0 * 4 + 0] = 1
    update_weight = np.zeros((3, 4), np.float32)
    update_weight[1, 0] = 0.1
    update_weight[2, 1] = 0.01
    update_weight[0, 2] = 0.001
    update_weight[0, 3] = 2
    return Automaton(
        hidden_weight=hidden_weight,
        hidden_bias=np.array([0, 0, 0, -0.5], np.float32),
        update_weight=update_weight,
        update_bias=np.array([0, 0, -0.25], np.float32),
        update_rate=update_rate,
    )


# A grid of 3 rows and 4 columns in which every channel has one cell that is 1.
STATE = np.zeros((3, 3, 4), np.float32)
STATE[0, 0, 1] = STATE[1, 2, 2] = STATE[2, 1, 3] = 1

# Worked out by hand, rows from top to bottom, columns from left to right:
# sobel-x of channel 0 is positive where the 1 lies to the right: in column 0. Level with it,
# in row 0, the weight is 2; row 1 sees it above, row 2 below (around the torus), weight 1.
# sobel-y of channel 1 is positive where the 1 lies below: in row 1, with 1 2 1 about column 2.
# The laplacian of channel 2 is -12 at the 1 itself, cut off by the relu, 2 beside it (column 0
# is beside column 3 around the torus) and 1 at its corners.
# Channel 0 itself is above 0.5 at its 1 only, by 0.5.
CHANGE = np.array(
    [
        [
            [0.001, 2 * 0.5, 0.001, 0.002],
            [0.002, 0.000, 0.002, 0.000],
            [0.001, 0.000, 0.001, 0.002],
        ],
        [
            [0.2, 0, 0, 0],
            [0.1, 0, 0, 0],
            [0.1, 0, 0, 0],
        ],
        [
            [-0.25, -0.25, -0.25, -0.25],
            [-0.25, -0.24, -0.23, -0.24],
            [-0.25, -0.25, -0.25, -0.25],
        ],
    ],
    np.float32,
)


def pcg(value: int) -> int:
    """The hash once more, in plain integers."""
    state = (value * 747796405 + 2891336453) % 2**32
    word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737 % 2**32
    return (word >> 22) ^ word


def test_step_by_hand(backend: Backend) -> None:
    np.testing.assert_allclose(
        backend(readable_automaton(1.0), STATE, 1), STATE + CHANGE, rtol=0, atol=1e-6
    )


def test_step_by_hand_with_mask(backend: Backend) -> None:
    first_step_hash = pcg(pcg(RANDOM_SEED))
    fires = np.array(
        [
            [pcg((x + pcg((y + first_step_hash) % 2**32)) % 2**32) >> 8 < 2**23 for x in range(4)]
            for y in range(3)
        ]
    )
    assert 0 < fires.sum() < 12
    np.testing.assert_allclose(
        backend(readable_automaton(0.5), STATE, 1), STATE + CHANGE * fires, rtol=0, atol=1e-6
    )
