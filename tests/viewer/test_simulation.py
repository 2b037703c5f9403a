"""A simulation's life: seeds, steps, reading and writing; test_equivalence.py holds the step."""

from dataclasses import replace

import moderngl
import numpy as np
import pytest

from exporters.automaton import Automaton
from exporters.display import picture
from exporters.errors import LichenError
from exporters.seed import Seed, seed_state
from support import random_automaton, random_state
from viewer.painting import Erase, Stroke
from viewer.simulation import Simulation

AUTOMATON = replace(
    random_automaton(6, 5), seed=Seed("uniform", -0.25, 0.75), erase_value=0.125, name="moss"
)
# Its alpha spreads; its colours stay.
FORM = replace(
    random_automaton(4, 4, update_rate=1.0),
    update_weight=np.zeros((4, 4), np.float32),
    update_bias=np.array([0, 0, 0, 0.2], np.float32),
    clamp=(-1.0, 1.0),
    alive_masking=True,
    seed=Seed("single cell"),
    display="premultiplied rgba over white",
)


@pytest.fixture
def simulation(context: moderngl.Context) -> Simulation:
    return Simulation(context, AUTOMATON, 11, 7, random_seed=5)


def test_it_starts_from_the_automatons_seed(simulation: Simulation) -> None:
    expected = seed_state(AUTOMATON.seed, 6, 7, 11, random_seed=5)
    np.testing.assert_array_equal(simulation.read_state(), expected)
    assert (simulation.step_count, simulation.random_seed) == (0, 5)
    assert (simulation.width, simulation.height) == (11, 7)


def test_restart_repeats_the_same_life(simulation: Simulation) -> None:
    simulation.step(5)
    grown = simulation.read_state()
    assert simulation.step_count == 5
    simulation.restart()
    assert simulation.step_count == 0
    simulation.step(5)
    np.testing.assert_array_equal(simulation.read_state(), grown)


def test_another_random_seed_is_another_life(simulation: Simulation) -> None:
    begun = simulation.read_state()
    simulation.restart(6)
    assert simulation.random_seed == 6
    assert (simulation.read_state() != begun).mean() > 0.9


def test_steps_in_a_row_are_single_steps(simulation: Simulation) -> None:
    simulation.step(4)
    together = simulation.read_state()
    simulation.restart()
    for _ in range(4):
        simulation.step()
    np.testing.assert_array_equal(simulation.read_state(), together)


def test_no_steps_change_nothing(simulation: Simulation) -> None:
    begun = simulation.read_state()
    simulation.step(0)
    np.testing.assert_array_equal(simulation.read_state(), begun)


def test_scatter_fills_every_channel_with_noise(simulation: Simulation) -> None:
    simulation.step()
    simulation.scatter(3)
    expected = seed_state(Seed("uniform", -0.5, 0.5), 6, 7, 11, random_seed=3)
    np.testing.assert_array_equal(simulation.read_state(), expected)
    assert simulation.step_count == 0


def test_clear_puts_the_erase_value_everywhere(simulation: Simulation) -> None:
    simulation.step()
    simulation.clear()
    assert (simulation.read_state() == 0.125).all()
    assert simulation.step_count == 1


@pytest.mark.parametrize("channels", [1, 3, 4, 6, 16])
def test_states_are_written_and_read_exactly(context: moderngl.Context, channels: int) -> None:
    simulation = Simulation(context, random_automaton(channels, 1), 5, 3)
    state = random_state(channels, 3, 5)
    simulation.write_state(state)
    np.testing.assert_array_equal(simulation.read_state(), state)


def test_channels_that_do_not_exist_stay_zero(simulation: Simulation) -> None:
    simulation.write_state(random_state(6, 7, 11))
    simulation.step(3)
    texels = np.frombuffer(simulation.textures[1].read(), np.float32).reshape(7, 11, 4)
    assert texels[..., :2].any() and not texels[..., 2:].any()


def test_the_picture_is_the_reference_display(simulation: Simulation) -> None:
    simulation.step(2)
    expected = picture(AUTOMATON, simulation.read_state())
    np.testing.assert_array_equal(simulation.read_picture(), expected)
    assert expected.shape == (7, 11, 3)


def test_a_state_of_another_shape_is_told(simulation: Simulation) -> None:
    with pytest.raises(LichenError, match="this grid holds"):
        simulation.write_state(random_state(6, 11, 7))


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, -1), (4097, 5)])
def test_impossible_grids_are_told(context: moderngl.Context, width: int, height: int) -> None:
    with pytest.raises(LichenError, match="out of range"):
        Simulation(context, AUTOMATON, width, height)


def test_what_the_user_interface_leaves_behind_does_no_harm(
    context: moderngl.Context, simulation: Simulation
) -> None:
    simulation.step(2)
    expected = simulation.read_state()
    simulation.restart()
    context.enable(moderngl.BLEND | moderngl.CULL_FACE | moderngl.DEPTH_TEST)
    context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
    context.cull_face = "front"
    elsewhere = context.framebuffer([context.texture((3, 3), 4)])
    elsewhere.use()
    elsewhere.scissor = (0, 0, 1, 1)
    context.texture((2, 2), 4).use(0)
    simulation.step(2)
    np.testing.assert_array_equal(simulation.read_state(), expected)


def test_two_simulations_live_side_by_side(
    context: moderngl.Context, simulation: Simulation
) -> None:
    simulation.step(3)
    alone = simulation.read_state()
    simulation.restart()
    other = Simulation(context, random_automaton(3, 4), 8, 8)
    for _ in range(3):
        simulation.step()
        other.step()
    other.release()
    np.testing.assert_array_equal(simulation.read_state(), alone)


def test_no_opengl_error_is_left_behind(context: moderngl.Context, simulation: Simulation) -> None:
    simulation.step(2)
    simulation.read_picture()
    simulation.write_state(simulation.read_state())
    assert context.error == "GL_NO_ERROR"


def test_planting_puts_a_seed_on_one_cell_of_the_torus(simulation: Simulation) -> None:
    expected = simulation.read_state()
    expected[:3, 6, 2] = 0
    expected[3:, 6, 2] = 1
    simulation.plant(2.9, -0.5)
    np.testing.assert_array_equal(simulation.read_state(), expected)


@pytest.mark.parametrize("automaton", [AUTOMATON, FORM])
def test_a_picture_is_sown_as_it_looks(context: moderngl.Context, automaton: Automaton) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 11, 3), np.uint8)
    simulation = Simulation(context, automaton, 11, 7)
    simulation.sow(pixels)
    np.testing.assert_array_equal(simulation.read_picture(), pixels)


def test_a_form_lives_on_in_the_colours_that_were_sown(context: moderngl.Context) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 11, 3), np.uint8)
    simulation = Simulation(context, FORM, 11, 7)
    simulation.sow(pixels)
    simulation.step(3)
    np.testing.assert_array_equal(simulation.read_picture(), pixels)


def test_forms_share_a_grid(context: moderngl.Context) -> None:
    """Each grows from its own seed; what is erased of one leaves the other alone."""
    simulation = Simulation(context, FORM, 40, 20)
    simulation.plant(5.5, 5.5)
    simulation.step(3)
    alpha = simulation.read_state()[3]
    assert (alpha[2:9, 2:9] > 0).all() and (alpha[7:14, 17:24] > 0).all()
    assert (alpha > 0).sum() == 2 * 7 * 7
    simulation.paint(Stroke((5.5, 5.5), (5.5, 5.5), 6.0), Erase())
    simulation.step()
    alpha = simulation.read_state()[3]
    assert (alpha > 0).sum() == 9 * 9
    assert (alpha[6:15, 16:25] > 0).all()
