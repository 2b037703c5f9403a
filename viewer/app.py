"""The window's loop: read what the user did, advance time, draw, show."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from viewer.actions import Action, OpenFile, Quit, ToggleFullscreen
from viewer.clock import RateMeter
from viewer.controller import Controller
from viewer.dream_actions import LeaveDreaming
from viewer.extras import DREAM, TRAIN
from viewer.keys import read_key
from viewer.opening import Opening
from viewer.panels import theme
from viewer.panels.browser import tile_points
from viewer.panels.dream_film import film_points, film_tile_points
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import PanelState, Readings
from viewer.panels.training_run import exemplar_points
from viewer.picture_textures import PictureTextures, PixelTextures
from viewer.pointer import Pointer
from viewer.screen import PictureScreen, Screen
from viewer.settings import Settings, save_settings
from viewer.stage import Stage
from viewer.stylize_actions import LeavePainting
from viewer.thumbnails import Thumbnails
from viewer.training_actions import CloseWindow, PrepareTraining
from viewer.training_pictures import TrainingPictures
from viewer.window import Window

log = logging.getLogger(__name__)

IDLE_FRAME_SECONDS = 0.1
AWAKE_SECONDS = 0.5
SECONDS_BETWEEN_LOOKS_AT_SHADERS = 1.0


class App:
    """One window with one automaton alive in it."""

    def __init__(self, window: Window, settings: Settings, random_seed: int) -> None:
        self.window = window
        self._sidebar = Sidebar(window.ui_scale)
        self._pointer = Pointer()
        self._screen: Screen | None = None
        self._picture_screen: PictureScreen | None = None
        view = self._view_size_pixels(settings.panel_visible)
        self.controller = Controller(settings, Stage(window.context, random_seed), view)
        side_pixels = round(tile_points() * window.pixels_per_point)
        self._thumbnails = Thumbnails(window.context, side_pixels, self.controller.settling)
        self._pictures = self._create_pictures()
        tile_pixels = round(film_tile_points() * window.pixels_per_point)
        self._small_pictures = PictureTextures(window.context, tile_pixels)
        self._slot_pictures = PixelTextures(window.context)
        self.meter = RateMeter()
        self._last_frame = time.perf_counter()
        self._awake_until = 0.0
        self._may_close = False
        self._last_look_at_shaders = 0.0

    def run(self, first: Opening | None, picture: Path | None = None) -> None:
        """Show the window, and an automaton as soon as it can run, until the user closes it.

        A picture opens the training panel.
        """
        if first is None:
            self.controller.messages.note(
                "There is no automaton yet: drop a .safetensors file here."
            )
        else:
            self.controller.stage.expect(first)
        if picture is not None:
            self.controller.apply(PrepareTraining(picture))
        try:
            while self.window.is_open:
                self.frame()
        finally:
            self.close()

    def frame(self) -> None:
        """One turn of the loop."""
        stage = self.controller.stage
        nothing_moves = stage.is_paused or stage.simulation is None
        if self.controller.shown.picture is not None:
            nothing_moves = not self.controller.shown.moves
        idle = nothing_moves and time.perf_counter() > self._awake_until
        if self.window.begin_frame(IDLE_FRAME_SECONDS if idle else 0.0):
            self._awake_until = time.perf_counter() + AWAKE_SECONDS
        now = time.perf_counter()
        frame_seconds, self._last_frame = now - self._last_frame, now
        self._carry_out(self._read_inputs())
        controller = self.controller
        settled = controller.poll()
        if settled is not None:
            self._thumbnails.refresh(settled)
        self._follow_shaders(now)
        steps = 0
        # An automaton that nobody sees leaves the processor to the dream.
        if controller.shown.picture is None:
            settings = controller.settings
            stage.look(settings.content_strength, settings.content_memory)
            steps = stage.advance(frame_seconds, settings.steps_per_second)
        if not idle:
            self.meter.record(frame_seconds, steps)
        self._draw_picture()
        asked = self._sidebar.draw(
            self._panel_state(), self.window.size, self.window.pixels_per_point
        )
        self.window.end_frame()
        self._carry_out(asked)
        if not self.window.is_open and not self._may_close:
            self._ask_before_closing()

    def close(self) -> None:
        """Stop what runs beside the window and remember how it was left."""
        self.controller.release()
        width, height = self.window.size_to_remember
        save_settings(replace(self.controller.settings, window_width=width, window_height=height))

    def _ask_before_closing(self) -> None:
        """Keep the window open where something is under way, until the user says what shall be."""
        controller = self.controller
        if controller.training.is_training:
            controller.training.asks_before_closing = True
        elif controller.dream.is_dreaming:
            controller.dream.asks_before_closing = True
        elif controller.painting.is_painting:
            controller.painting.asks_before_closing = True
        else:
            return
        self.window.stay_open()

    def _read_inputs(self) -> Iterator[Action]:
        controller, window = self.controller, self.window
        controller.view_size_pixels = self._view_size_pixels(controller.settings.panel_visible)
        controller.film_pixels = round(film_points() * window.pixels_per_point)
        controller.painting.point_at(self._sidebar.pointed_slot())
        while window.dropped:
            yield OpenFile(window.dropped.popleft())
        while window.pressed:
            press = window.pressed.popleft()
            if not self._sidebar.takes(press):
                yield from read_key(press, controller.settings)
        yield from self._pointer.read(
            controller.settings,
            controller.shown.size,
            controller.shown.camera,
            controller.view_size_pixels,
            window.pixels_per_point,
            controller.stage.grows,
        )

    def _carry_out(self, asked: Iterator[Action] | list[Action]) -> None:
        for action in asked:
            match action:
                case Quit():
                    self.window.close()
                case CloseWindow():
                    self.controller.apply(action)
                    if self.controller.training.may_close:
                        self._may_close = True
                        self.window.close()
                case LeaveDreaming(leaving) | LeavePainting(leaving):
                    self.controller.apply(action)
                    if leaving == "leave":
                        self._may_close = True
                        self.window.close()
                case ToggleFullscreen():
                    self.window.toggle_fullscreen()
                case _:
                    self.controller.apply(action)

    def _follow_shaders(self, now: float) -> None:
        """Use shader files as they are edited; a broken edit is a message."""
        simulation = self.controller.stage.simulation
        if now - self._last_look_at_shaders < SECONDS_BETWEEN_LOOKS_AT_SHADERS or not simulation:
            return
        self._last_look_at_shaders = now
        complaint = simulation.poll_changes() or (self._screen and self._screen.poll_changes())
        if complaint:
            log.error(complaint)
            self.controller.messages.complain("A shader does not compile; the terminal says why.")

    def _draw_picture(self) -> None:
        controller, context = self.controller, self.window.context
        simulation, shown = controller.stage.simulation, controller.shown
        settings, view = controller.settings, controller.view_size_pixels
        ground = theme.GROUND
        self._small_pictures.begin_frame(may_upload=True)
        if not all(view) or (simulation is None and shown.picture is None):
            context.screen.clear(ground.x, ground.y, ground.z)
            return
        if shown.picture is not None:
            if self._picture_screen is None:
                self._picture_screen = PictureScreen(context)
            has_uploaded = self._picture_screen.draw(shown.picture, shown.camera, view)
            self._small_pictures.begin_frame(may_upload=not has_uploaded)
        elif simulation is not None:
            if self._screen is None:
                self._screen = Screen(context)
            self._screen.draw(simulation, controller.camera, view, settings.smooth, settings.tiled)
        width, height = self.window.framebuffer_size
        panel = (view[0], 0, width - view[0], height)
        context.screen.clear(ground.x, ground.y, ground.z, viewport=panel)

    def _create_pictures(self) -> TrainingPictures:
        scale = self.window.pixels_per_point
        width, height = self._sidebar.picture_box_points()
        box_pixels = round(width * scale), round(height * scale)
        side_pixels = round(exemplar_points() * scale)
        return TrainingPictures(self.window.context, box_pixels, side_pixels)

    def _view_size_pixels(self, panel_visible: bool) -> tuple[int, int]:
        """The part of the framebuffer beside the panel."""
        width, height = self.window.framebuffer_size
        panel_points = self._sidebar.width_points() if panel_visible else 0
        return max(width - round(panel_points * self.window.pixels_per_point), 0), height

    def _panel_state(self) -> PanelState:
        controller, stage = self.controller, self.controller.stage
        automaton = stage.simulation.automaton if stage.simulation else None
        return PanelState(
            settings=controller.settings,
            opening_path=stage.opening_path,
            camera=controller.shown.camera,
            view_size_pixels=controller.view_size_pixels,
            groups=controller.library.tile_groups(self._thumbnails, stage.opening_path),
            automaton_path=stage.path,
            automaton=automaton,
            is_paused=stage.is_paused,
            random_seed=stage.random_seed,
            undo_count=len(stage.history),
            content_name=stage.content.name,
            stamp_is_growing=controller.stamp_is_growing,
            readings=Readings(
                self.meter.frames_per_second,
                self.meter.steps_per_second,
                self.meter.longest_frame_seconds,
            ),
            message=controller.messages.shown,
            help_is_open=controller.help_is_open,
            train=controller.installations.state(TRAIN),
            dream=controller.installations.state(DREAM),
            training=controller.training.state(self._pictures),
            export=controller.exports.state,
            dreaming=controller.dream.state(self._small_pictures, controller.shown.cross_pixels),
            stylizing=controller.painting.state(self._slot_pictures, self._small_pictures),
            stability=controller.checks.state(stage.path),
        )


def run_window(
    settings: Settings, random_seed: int, first: Opening | None, picture: Path | None = None
) -> None:
    """Open the window and stay until the user closes it.

    Raises:
        NoDisplayError: there is no display.
        LichenError: it offers no OpenGL 3.3.
    """
    with Window(settings.window_width, settings.window_height) as window:
        App(window, settings, random_seed).run(first, picture)
