"""The window: GLFW for the frame, moderngl for the picture, Dear ImGui for the panel."""

import ctypes
import logging
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Dear ImGui's package comes first: it points the glfw package at the library they then share.
from imgui_bundle import imgui, implot  # isort: skip
import glfw
import moderngl

from exporters.errors import LichenError
from viewer.context import wrap_window_context
from viewer.display import NoDisplayError, has_display
from viewer.keys import KeyPress

log = logging.getLogger(__name__)

TITLE = "Lichen"
# Stands for a dropped file whose name is no text; opening it gives the sentence that says so.
NAMELESS_FILE = Path("a file whose name is not text")
# Keys that have no character of their own; all others go by what the keyboard layout has there.
KEY_NAMES = {
    glfw.KEY_SPACE: "space",
    glfw.KEY_TAB: "tab",
    glfw.KEY_ESCAPE: "escape",
    glfw.KEY_HOME: "home",
    glfw.KEY_PAGE_UP: "page up",
    glfw.KEY_PAGE_DOWN: "page down",
    glfw.KEY_LEFT: "left",
    glfw.KEY_RIGHT: "right",
    glfw.KEY_UP: "up",
    glfw.KEY_DOWN: "down",
    **{glfw.KEY_F1 + index: f"f{index + 1}" for index in range(12)},
}
SMALLEST_SIZE = (560, 420)
USUAL_FRAMES_PER_SECOND = 60
# With vertical sync the swap itself waits; only a frame much shorter than that must be held back.
VERTICAL_SYNC_TOLERANCE = 0.9


class Window:
    """An open window with an OpenGL 3.3 context and a Dear ImGui context; use it in a `with`.

    Points are the unit of the pointer and of the panel, pixels that of the framebuffer; on some
    systems they differ. `ui_scale` is how much larger than usual the panel has to be in points.
    """

    def __init__(self, width: int, height: int) -> None:
        """Open it with a content size in points, before the monitor's scale; it stays on screen.

        Raises:
            NoDisplayError: there is no display.
            LichenError: it offers no OpenGL 3.3.
        """
        self._handle = _create(width, height)
        glfw.make_context_current(self._handle)
        glfw.swap_interval(1)
        self.context: moderngl.Context = wrap_window_context()
        self.dropped: deque[Path] = deque()
        self.pressed: deque[KeyPress] = deque()
        glfw.set_drop_callback(self._handle, self._on_drop)
        glfw.set_key_callback(self._handle, self._on_key)
        # Dear ImGui comes last: it passes on what it hears to whoever listened before.
        _attach_imgui(self._handle)
        self._windowed_place: tuple[int, int, int, int] | None = None
        self._frame_period_seconds = _frame_period_seconds()
        self._next_frame = time.perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        imgui.backends.opengl3_shutdown()
        imgui.backends.glfw_shutdown()
        implot.destroy_context()
        imgui.destroy_context()
        glfw.destroy_window(self._handle)
        glfw.terminate()

    @property
    def is_open(self) -> bool:
        """False once the user has asked to close it."""
        return not glfw.window_should_close(self._handle)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in points."""
        width, height = glfw.get_window_size(self._handle)
        return width, height

    @property
    def size_to_remember(self) -> tuple[int, int]:
        """What to open the next window with: no full screen, and no scale of a monitor."""
        width, height = self._windowed_place[2:] if self._windowed_place else self.size
        return round(width / self.ui_scale), round(height / self.ui_scale)

    @property
    def framebuffer_size(self) -> tuple[int, int]:
        """Width and height in pixels; both 0 while the window is minimised."""
        width, height = glfw.get_framebuffer_size(self._handle)
        return width, height

    @property
    def pixels_per_point(self) -> float:
        """How many framebuffer pixels a point of the window covers."""
        points, _ = glfw.get_window_size(self._handle)
        return self.framebuffer_size[0] / points if points else 1.0

    @property
    def ui_scale(self) -> float:
        """The monitor's scale, where the system does not apply it to points by itself."""
        scale, _ = glfw.get_window_content_scale(self._handle)
        return float(scale) / self.pixels_per_point if self.framebuffer_size[0] else 1.0

    def begin_frame(self, idle_seconds: float = 0.0) -> bool:
        """Take in what the user did and begin the panel; may first wait for that to happen.

        Returns:
            Whether the wait ended because something happened.
        """
        before = time.perf_counter()
        try:
            if idle_seconds:
                glfw.wait_events_timeout(idle_seconds)
            else:
                glfw.poll_events()
        except UnicodeDecodeError:
            self.dropped.append(NAMELESS_FILE)
        imgui.backends.opengl3_new_frame()
        imgui.backends.glfw_new_frame()
        imgui.new_frame()
        return time.perf_counter() - before < idle_seconds

    def end_frame(self) -> None:
        """Draw the panel over the picture, show both, and keep to the monitor's pace."""
        imgui.render()
        self.context.screen.use()
        imgui.backends.opengl3_render_draw_data(imgui.get_draw_data())
        glfw.swap_buffers(self._handle)
        self._keep_pace()

    def close(self) -> None:
        """Ask the window to close, as its own button does."""
        glfw.set_window_should_close(self._handle, True)

    def stay_open(self) -> None:
        """Take back that somebody asked to close it."""
        glfw.set_window_should_close(self._handle, False)

    def toggle_fullscreen(self) -> None:
        """Fill the monitor, or go back to where the window was."""
        if self._windowed_place is None:
            self._windowed_place = (
                *glfw.get_window_pos(self._handle),
                *glfw.get_window_size(self._handle),
            )
            monitor = glfw.get_primary_monitor()
            mode = glfw.get_video_mode(monitor)
            glfw.set_window_monitor(
                self._handle, monitor, 0, 0, mode.size.width, mode.size.height, mode.refresh_rate
            )
        else:
            no_monitor: Any = None
            glfw.set_window_monitor(self._handle, no_monitor, *self._windowed_place, glfw.DONT_CARE)
            self._windowed_place = None
        glfw.swap_interval(1)
        self._frame_period_seconds = _frame_period_seconds()

    def _on_drop(self, *event: Any) -> None:
        _, paths = event
        self.dropped.extend(map(Path, paths))

    def _on_key(self, *event: Any) -> None:
        _, key, scancode, action, modifiers = event
        name = KEY_NAMES.get(key) or glfw.get_key_name(key, scancode)
        if name and action != glfw.RELEASE and not modifiers & glfw.MOD_ALT:
            with_ctrl = bool(modifiers & (glfw.MOD_CONTROL | glfw.MOD_SUPER))
            self.pressed.append(KeyPress(name.lower(), with_ctrl, action == glfw.REPEAT))

    def _keep_pace(self) -> None:
        """Hold a frame back where the driver does not wait for the monitor."""
        period = self._frame_period_seconds
        now = time.perf_counter()
        early_seconds = self._next_frame - now
        if early_seconds > (1 - VERTICAL_SYNC_TOLERANCE) * period:
            time.sleep(early_seconds)
        self._next_frame = max(self._next_frame, now - period) + period


def _create(width: int, height: int) -> Any:
    glfw.set_error_callback(_log_error)
    if not has_display() or not glfw.init():
        raise NoDisplayError("there is no display to open a window on; use --headless.")
    hints = {
        glfw.CONTEXT_VERSION_MAJOR: 3,
        glfw.CONTEXT_VERSION_MINOR: 3,
        glfw.OPENGL_PROFILE: glfw.OPENGL_CORE_PROFILE,
        glfw.OPENGL_FORWARD_COMPAT: True,
        glfw.SCALE_TO_MONITOR: True,
        # The picture is flat: without these buffers there is less to clear and to copy.
        glfw.DEPTH_BITS: 0,
        glfw.STENCIL_BITS: 0,
        glfw.ALPHA_BITS: 0,
    }
    for hint, value in hints.items():
        glfw.window_hint(hint, value)
    glfw.window_hint_string(glfw.X11_CLASS_NAME, "lichen")
    glfw.window_hint_string(glfw.X11_INSTANCE_NAME, "lichen")
    handle = glfw.create_window(width, height, TITLE, None, None)
    if not handle:
        glfw.terminate()
        raise LichenError("the display offers no OpenGL 3.3; update its driver or use --headless.")
    _keep_on_screen(handle)
    glfw.set_window_size_limits(handle, *SMALLEST_SIZE, glfw.DONT_CARE, glfw.DONT_CARE)
    return handle


def _keep_on_screen(handle: Any) -> None:
    """Shrink a window that is larger than what the monitor has room for."""
    monitor = glfw.get_primary_monitor()
    if monitor:
        _, _, room_width, room_height = glfw.get_monitor_workarea(monitor)
        width, height = glfw.get_window_size(handle)
        glfw.set_window_size(handle, min(width, room_width), min(height, room_height))


def _log_error(_: int, description: Any) -> None:
    log.info("GLFW: %s", description.decode(errors="replace"))


def _attach_imgui(handle: Any) -> None:
    imgui.create_context()
    implot.create_context()
    inputs = imgui.get_io()
    inputs.set_ini_filename("")
    inputs.config_drag_click_to_input_text = True
    # A slip in the panel's code is logged; it must not take the user's picture down.
    inputs.config_error_recovery_enable_assert = False
    inputs.config_error_recovery_enable_tooltip = False
    address = ctypes.cast(handle, ctypes.c_void_p).value
    assert address is not None
    imgui.backends.glfw_init_for_opengl(address, True)
    imgui.backends.opengl3_init("#version 330 core")


def _frame_period_seconds() -> float:
    monitor = glfw.get_primary_monitor()
    mode = glfw.get_video_mode(monitor) if monitor else None
    return 1 / (mode.refresh_rate if mode and mode.refresh_rate else USUAL_FRAMES_PER_SECOND)
