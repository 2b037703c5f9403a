"""Carries out what the user asked for, whichever key, drag or button asked."""

import secrets
from dataclasses import replace
from pathlib import Path

from exporters.errors import LichenError
from exporters.importers.foreign_file import is_foreign
from exporters.picture_file import PICTURE_SUFFIXES
from viewer import actions, dream_actions, stylize_actions
from viewer.actions import Action
from viewer.camera import Camera
from viewer.checking import Checks
from viewer.content import Still, open_content
from viewer.dream_aim import to_aim
from viewer.dream_desk import DreamDesk
from viewer.exporting import Exports, export_folder, open_with_system
from viewer.file_dialogs import JOURNEY_SUFFIXES
from viewer.film_file import FILM_SUFFIXES
from viewer.importing import ImportedFile, Imports
from viewer.installations import Installations
from viewer.library import Library
from viewer.messages import Messages
from viewer.painting import Colour, Erase, Fill
from viewer.picture_dialog import PictureDialog
from viewer.screenshots import save_screenshot
from viewer.settings import Settings
from viewer.settling import SettlingQueue
from viewer.shown import Shown, show_dream, show_painting
from viewer.stage import Stage
from viewer.stamps import Stamps
from viewer.stylize_desk import StylizeDesk
from viewer.training_actions import CloseWindow, PrepareTraining, ShowTab, TrainingAction
from viewer.training_desk import TrainingDesk

NEW_SEEDS = 1_000_000


class Controller:
    """Everything that actions change, but for the window itself.

    What goes wrong becomes a message; nothing that a user can ask for ends the program.
    `film_pixels` is how much of the view's height a dream's film strip takes.
    """

    def __init__(self, settings: Settings, stage: Stage, view_size_pixels: tuple[int, int]) -> None:
        self.settings = settings
        self.stage = stage
        self.view_size_pixels = view_size_pixels
        self.camera = Camera.fit(settings.grid, view_size_pixels)
        self.library = Library()
        self.settling = SettlingQueue()
        self.installations = Installations()
        self.checks = Checks()
        self.exports = Exports()
        self.imports = Imports()
        self.training = TrainingDesk(stage)
        self.dream = DreamDesk(stage)
        self.painting = StylizeDesk(stage)
        self.film_pixels = 0
        self.messages = Messages()
        self.help_is_open = False
        self._content_dialog = PictureDialog("Choose a picture or film", FILM_SUFFIXES)
        self._stamps = Stamps(self.settling)

    @property
    def grid(self) -> tuple[int, int]:
        """The size of the grid that runs, or else of the one that will."""
        return self.stage.grid or self.settings.grid

    @property
    def shown(self) -> Shown:
        """What the view shows."""
        automaton, view = Shown(self.grid, self.camera), self.view_size_pixels
        match self.training.tab:
            case "dream":
                has_automaton = self.stage.simulation is not None
                return show_dream(self.dream, automaton, has_automaton, view, self.film_pixels)
            case "style":
                return show_painting(self.painting, automaton, view)
        return automaton

    @property
    def stamp_is_growing(self) -> bool:
        """Whether the chosen stamp is still on its way."""
        return self._stamps.is_growing(self.settings.stamp)

    def apply(self, action: Action) -> None:
        """Do what an action asks for."""
        try:
            self._apply(action)
        except LichenError as error:
            self.messages.complain(str(error))

    def poll(self) -> Path | None:
        """Follow what happens beside the window; gives an automaton that has just settled."""
        grid_before = self.stage.grid
        try:
            self.checks.poll()
            imported = self.imports.poll()
            if imported is not None:
                self._welcome_imported(imported)
            content = self._content_dialog.poll()
            if content is not None:
                self.stage.change_content(open_content(content))
            written = self.exports.poll()
            if written is not None:
                self.messages.note(written)
            if self.stage.poll_opening():
                self._welcome()
            painted = self.painting.poll()
            if painted is not None:
                self.messages.note(painted)
            learnt = self.training.poll(self.settings.grid)
            if learnt is not None:
                self.messages.note(learnt)
        except LichenError as error:
            self.messages.report_failure(str(error))
        dreamt = self.dream.poll()
        if dreamt is not None:
            self.messages.note(dreamt)
        if self.stage.grid != grid_before:
            self._apply(actions.Fit())
        installed = self.installations.poll()
        if installed is not None:
            self.messages.note(
                f"{installed.purpose.capitalize()} is ready: its packages are installed."
            )
        return self.settling.poll()

    def release(self) -> None:
        """Stop what runs beside the window."""
        self.stage.release()
        self.settling.stop()
        self.checks.stop()
        self.exports.cancel()
        self.imports.stop()
        self.dream.release()
        self.painting.release()

    def _apply(self, action: Action) -> None:
        match action:
            case actions.Paint(stroke) if self.shown.is_aimed_at:
                self._aim(stroke.end)
            case actions.Plant(x_cells, y_cells) if self.shown.is_aimed_at:
                self._aim((x_cells, y_cells))
            case _ if isinstance(action, actions.GridAction) and self.shown.picture is not None:
                pass
            case actions.ChangeSettings(settings):
                self._change_settings(settings)
            case actions.OpenFile(path):
                self._open(path)
            case actions.FoldGroup(title):
                self.library.fold(title)
            case actions.OpenNeighbour(offset):
                here = self.stage.opening_path or self.stage.path
                neighbour = self.library.neighbour(here, offset)
                if neighbour is not None:
                    self._open(neighbour)
            case actions.UseStamp(path):
                self.settings = replace(self.settings, brush_kind="stamp", stamp=str(path))
                self._stamps.find(self.settings.stamp)
            case actions.BrowseForContent():
                self._content_dialog.open()
            case actions.ShowExample():
                self.stage.change_content(Still())
            case actions.TogglePause():
                self.stage.is_paused = not self.stage.is_paused
            case actions.StepOnce():
                self.stage.step_once()
            case actions.Restart(random_seed):
                self.stage.restart(random_seed)
            case actions.RestartWithNewSeed():
                self.stage.restart(secrets.randbelow(NEW_SEEDS))
            case actions.Scatter():
                self.stage.scatter()
            case actions.Clear():
                self.stage.clear()
            case actions.Undo():
                self.stage.undo()
            case actions.Paint(stroke, erases, begins):
                fill = Erase() if erases else self._fill()
                if fill is not None:
                    self.stage.paint(stroke, fill, begins)
            case actions.Plant(x_cells, y_cells):
                self.stage.plant(x_cells, y_cells)
            case actions.Zoom(factor, about_pixels):
                width, height = self.view_size_pixels
                x_pixels, y_pixels = about_pixels or (width / 2, height / 2)
                self._look(self.camera.zoom_at(x_pixels, y_pixels, factor, self.view_size_pixels))
            case actions.Pan(x_pixels, y_pixels):
                self._look(self.camera.pan(x_pixels, y_pixels))
            case actions.Fit():
                self.camera = Camera.fit(self.grid, self.view_size_pixels)
            case actions.TakeScreenshot():
                self._take_screenshot()
            case actions.ToggleHelp():
                self.help_is_open = not self.help_is_open
            case actions.Dismiss() if self.training.asks_before_closing:
                self._train(CloseWindow("stay"))
            case actions.Dismiss() if self.dream.asks_before_closing:
                self._dream(dream_actions.LeaveDreaming("stay"))
            case actions.Dismiss() if self.painting.asks_before_closing:
                self._paint(stylize_actions.LeavePainting("stay"))
            case actions.Dismiss() if self.shown.picture is not None and not (
                self.help_is_open or self.messages.shown
            ):
                covering = self.dream if self.training.tab == "dream" else self.painting
                covering.is_shown = False
            case actions.Dismiss() if self.help_is_open:
                self.help_is_open = False
            case actions.Dismiss():
                self.messages.dismiss()
            case actions.CheckStability(path):
                self.checks.start(path)
            case actions.Install(extra):
                self.installations.start(extra)
            case actions.CancelInstallation(extra):
                self.installations.cancel(extra)
            case actions.Export(order):
                self.exports.start(order)
            case actions.CancelExport():
                self.exports.cancel()
            case actions.OpenExport(folder):
                if folder:
                    open_with_system(export_folder())
                else:
                    self.exports.open_written()
            case dream_actions.ExportDream(suffix):
                self.exports.start(self.dream.export(suffix))
            case dream_actions.UseFrame("exemplar"):
                self._train(PrepareTraining(self.dream.frame_as_exemplar()))
            case stylize_actions.UsePainting("exemplar"):
                self._train(PrepareTraining(self.painting.picture_as_file()))
            case stylize_actions.UsePainting("start"):
                self.dream.begin_with(self.painting.picture_as_file())
                self._train(ShowTab("dream"))
            case _ if isinstance(action, stylize_actions.StylizeAction):
                self._paint(action)
            case _ if isinstance(action, TrainingAction):
                self._train(action)
            case _ if isinstance(action, dream_actions.DreamAction):
                self._dream(action)

    def _change_settings(self, settings: Settings) -> None:
        grid_changes = settings.grid != self.settings.grid
        self.settings = settings
        if grid_changes and self.stage.path is not None:
            self.stage.open(self.stage.opening_path or self.stage.path, settings.grid)
        self._look(self.camera)

    def _open(self, path: Path) -> None:
        suffix, tab = path.suffix.lower(), self.training.tab
        if tab == "dream" and suffix in (*PICTURE_SUFFIXES, *JOURNEY_SUFFIXES):
            self._dream(dream_actions.TakeFile(path))
        elif tab == "style" and suffix in PICTURE_SUFFIXES:
            self._paint(stylize_actions.FillSlot(path))
        elif self._is_content(suffix):
            self.stage.change_content(open_content(path))
        elif suffix in PICTURE_SUFFIXES:
            self._train(PrepareTraining(path))
        elif is_foreign(path):
            self.imports.start(path)
            self.messages.note(f"Importing {path.name}...")
        else:
            self.stage.open(self.library.known_as(path), self.settings.grid)

    def _is_content(self, suffix: str) -> bool:
        """Whether a file that ends so is for the filter that runs to look at."""
        plays = self.stage.filters and self.training.tab == "play"
        return plays and suffix in (*PICTURE_SUFFIXES, *FILM_SUFFIXES)

    def _welcome_imported(self, imported: ImportedFile) -> None:
        """Show the first of the automata that came from elsewhere, and the others beside it."""
        self.library.scan()
        self.messages.note(imported.sentence)
        self._open(imported.paths[0])

    def _dream(self, action: dream_actions.DreamAction) -> None:
        news = self.dream.apply(action)
        if news is not None:
            self.messages.note(news)

    def _paint(self, action: stylize_actions.StylizeAction) -> None:
        news = self.painting.apply(action)
        if news is not None:
            self.messages.note(news)

    def _aim(self, cells: tuple[float, float]) -> None:
        """A click on the view tells where the dream moves towards, unless its way is made."""
        if self.dream.aims:
            self._dream(
                dream_actions.AimAt(*to_aim(cells, self.dream.size_pixels, self.shown.size))
            )

    def _train(self, action: TrainingAction) -> None:
        grid_before = self.stage.grid
        if action == ShowTab("dream"):
            self.dream.look_around()
        elif action == ShowTab("style"):
            self.painting.look_around()
        news = self.training.apply(action)
        if news is not None:
            self.messages.note(news)
        if self.stage.grid != grid_before:
            self._apply(actions.Fit())

    def _welcome(self) -> None:
        """Remember the automaton that has just begun to run."""
        assert self.stage.path is not None
        self.settings = replace(self.settings, automaton=str(self.stage.path))
        self.library.add(self.stage.path)

    def _look(self, camera: Camera) -> None:
        self.camera = camera.keep_over(self.grid, self.settings.tiled)

    def _fill(self) -> Fill | None:
        if self.settings.brush_kind == "colour":
            return Colour(*self.settings.brush_colour)
        return self._stamps.find(self.settings.stamp)

    def _take_screenshot(self) -> None:
        picture, name = self.shown.picture, self.shown.name
        if picture is None and self.stage.simulation is not None:
            picture, name = self.stage.simulation.read_picture(), self.stage.name
        if picture is not None:
            self.messages.note(f"Saved {save_screenshot(picture, name)}")
