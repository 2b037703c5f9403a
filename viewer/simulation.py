"""An automaton alive on the graphics card; the window and the headless run share it."""

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from exporters.automaton import Automaton
from exporters.baker import CHANNELS_PER_TEXTURE, LARGEST_TEXTURES
from exporters.content import CONTENT_CHANNELS, example_picture, write_content
from exporters.display import coloured_state, picture
from exporters.errors import LichenError
from exporters.seed import Seed
from viewer.painting import Fill, Painter, Stroke
from viewer.programs import ReloadingProgram, draw
from viewer.state_textures import read_textures, write_textures
from viewer.steppers import LiveStepper, create_stepper
from viewer.turns import Turns

LARGEST_GRID_CELLS = 4096
NOISE = Seed("uniform", -0.5, 0.5)


class Simulation:
    """A grid of cells, advanced by a baked shader, or by live weights while they are trained."""

    def __init__(
        self,
        context: moderngl.Context,
        automaton: Automaton,
        width: int,
        height: int,
        random_seed: int = 0,
        live: bool = False,
    ) -> None:
        """Compile the step, unless it is `live`, and fill the grid with the automaton's own seed.

        A living filter is shown an example picture.

        Raises:
            LichenError: the grid's size is out of range, or the automaton is too large to bake.
        """
        if not (1 <= width <= LARGEST_GRID_CELLS and 1 <= height <= LARGEST_GRID_CELLS):
            raise LichenError(
                f"a grid of {width}x{height} is out of range; "
                f"each side can be 1 to {LARGEST_GRID_CELLS} cells."
            )
        self._context = context
        self.width, self.height = width, height
        self.random_seed = random_seed
        self.step_count = 0
        self._turns = Turns(context, automaton.channels, width, height)
        self._fader = ReloadingProgram(context, "fade.frag") if automaton.content_channels else None
        self._content = np.zeros((CHANNELS_PER_TEXTURE, height, width), np.float32)
        if automaton.content_channels:
            write_content(self._content[:CONTENT_CHANNELS], example_picture(height, width))
        self._painter = Painter(context, automaton)
        self.use(automaton, live)
        self.restart(random_seed)

    @property
    def textures(self) -> list[moderngl.Texture]:
        """The current state, channels 4k to 4k + 3 in texture k, row 0 the picture's top."""
        return self._turns.textures

    @property
    def is_live(self) -> bool:
        """Whether weights can change without a shader to compile."""
        return isinstance(self._stepper, LiveStepper)

    def use(self, automaton: Automaton, live: bool) -> None:
        """Go on from the same state with other weights, for as many channels.

        Raises:
            LichenError: the automaton is too large to bake.
        """
        self._stepper = create_stepper(self._context, automaton, self.width, self.height, live)
        self.automaton = automaton

    def restart(self, random_seed: int | None = None) -> None:
        """Begin again from the automaton's own seed, with a new random seed if one is given."""
        self._begin(self.automaton.seed, self.random_seed if random_seed is None else random_seed)

    def scatter(self, random_seed: int) -> None:
        """Begin again from noise in [-0.5, 0.5) on every channel."""
        self._begin(NOISE, random_seed)

    def clear(self) -> None:
        """Put the erase value everywhere; the steps are counted on."""
        shape = (self.automaton.channels, self.height, self.width)
        write_textures(self.textures, np.full(shape, self.automaton.erase_value, np.float32))
        self._upload_content()

    def show(self, picture: NDArray[np.float32], memory: float = 1.0) -> None:
        """Let a living filter see a picture [height, width, 3], about 0 to 1, from now on.

        Of all that it had made of another picture so large a share stays, 0 to 1.
        """
        if self._fader is not None and memory < 1:
            self._fade(self._fader, memory)
        write_content(self._content[:CONTENT_CHANNELS], picture)
        self._upload_content()

    def step(self, count: int = 1) -> None:
        """Advance by `count` steps."""
        self._stepper.advance(self._turns, self.step_count, count, self.random_seed)
        self.step_count += count

    def paint(self, stroke: Stroke, fill: Fill) -> None:
        """Change the cells under a stroke, on the torus."""
        self._painter.paint(self._turns.framebuffer, stroke, fill)
        self._upload_content()

    def plant(self, x_cells: float, y_cells: float) -> None:
        """Put a single-cell seed where (x, y) lies on the torus; all other cells stay."""
        seed = self.automaton.start_state(1, 1, seed=Seed("single cell"))
        cell = (int(x_cells // 1) % self.width, int(y_cells // 1) % self.height)
        write_textures(self.textures, seed, cell)
        self._upload_content()

    def sow(self, pixels: NDArray[np.uint8]) -> None:
        """Give every cell the colour of a picture [height, width, 3]; a form's cells live.

        The middle of the picture covers the grid.
        """
        fitted = ImageOps.fit(Image.fromarray(pixels), (self.width, self.height))
        colours = np.asarray(fitted, np.float32) / np.float32(255)
        write_textures(self.textures, coloured_state(self.automaton, colours))
        self._upload_content()

    def read_state(self) -> NDArray[np.float32]:
        """Download the state, [channels, height, width]."""
        return read_textures(self.textures, self.automaton.channels)

    def write_state(self, state: NDArray[np.float32]) -> None:
        """Upload a state [channels, height, width], a filter's picture with it.

        Raises:
            LichenError: the state has another shape.
        """
        expected = (self.automaton.channels, self.height, self.width)
        if state.shape != expected:
            raise LichenError(f"the state is {state.shape}, this grid holds {expected}.")
        write_textures(self.textures, state)
        if self.automaton.content_channels:
            self._content[:CONTENT_CHANNELS] = state[self.automaton.own_channels :]
        self._stepper.forget_state()

    def read_picture(self) -> NDArray[np.uint8]:
        """The grid as sRGB bytes [height, width, 3], one pixel a cell."""
        visible = min(self.automaton.channels, CHANNELS_PER_TEXTURE)
        return picture(self.automaton, read_textures(self.textures, visible))

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good ones stay."""
        complaint = self._stepper.poll_changes() or self._painter.poll_changes()
        if complaint is None and self._fader is not None:
            complaint = self._fader.poll_changes()
        return complaint

    def release(self) -> None:
        """Give the textures back; the simulation must not be used after this."""
        self._painter.release()
        self._turns.release()

    def _begin(self, seed: Seed, random_seed: int) -> None:
        self.random_seed = random_seed
        self.step_count = 0
        state = self.automaton.start_state(self.height, self.width, random_seed, seed)
        write_textures(self.textures, state)
        self._upload_content()

    def _fade(self, fader: ReloadingProgram, memory: float) -> None:
        before = self.textures
        for unit, texture in enumerate(before):
            texture.use(unit)
        self._turns.swap()
        self._turns.framebuffer.use()
        last = len(before) - 1
        units = [min(unit, last) for unit in range(LARGEST_TEXTURES)]
        draw(fader.vertex_array, before=units, memory=memory)

    def _upload_content(self) -> None:
        if self.automaton.content_channels:
            self.textures[-1].write(np.ascontiguousarray(self._content.transpose(1, 2, 0)))
        self._stepper.forget_state()
