"""From an order to its dreamer; each backend is imported only where it is asked for."""

from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.dream.diffusion.model_files import find_model
from training.dream.dream_files import reference_path
from training.dream.dreamer import Dreamer, ShouldStop, Tell
from training.dream.dreaming import Frame, to_frame, to_picture
from training.dream.order import DreamOrder


def build_dreamer(order: DreamOrder, should_stop: ShouldStop, tell: Tell) -> Dreamer:
    """Who dreams the frames of an order.

    Raises:
        LichenError: a model or a picture cannot be read.
        ModuleNotFoundError: the 'dream' extra is missing.
        Interrupted: it was asked to stop meanwhile.
    """
    dreamer = _build_backend(order, should_stop, tell)
    if order.touch is None:
        return dreamer
    from training.dream.automaton_touch import AutomatonTouched

    return AutomatonTouched(dreamer, load_automaton(order.touch.automaton), order.touch.steps)


def imagine_start(order: DreamOrder, should_stop: ShouldStop, tell: Tell) -> Frame:
    """Frame 0 [height, width, 3], where a dream starts from its first prompt alone.

    Raises:
        LichenError: its backend cannot imagine a picture, or as `build_dreamer`.
        ModuleNotFoundError, Interrupted: as `build_dreamer`.
    """
    match order.backend:
        case "patch":
            raise LichenError(
                "the patch dreamer cannot begin with words: name a picture or an automaton to "
                "start from, or another backend."
            )
        case "diffusers":
            options = order.diffusers
            # A mistaken name is told at once, not after the seconds that the libraries take.
            find_model(options.model, options.download, tell)
            from training.dream.first_pictures import FirstPictures

            pictures = FirstPictures(options, order.size_pixels, should_stop, tell)
            picture = pictures.imagine(
                order.journey.stages[0].prompt,
                order.journey.negative_prompt,
                options.first_seed,
                options.first_guidance,
            )
        case "own":
            from training.dream.own_dreamer import OwnDreamer

            dreamer = OwnDreamer(order.own, should_stop)
            picture = dreamer.imagine(order.size_pixels, order.journey.random_seed)
    return to_frame(picture)


def _build_backend(order: DreamOrder, should_stop: ShouldStop, tell: Tell) -> Dreamer:
    match order.backend:
        case "patch":
            from training.dream.patch_dreamer import PatchDreamer

            references = {
                stage.prompt: to_picture(load_picture(reference_path(order.folder, place)))
                for place, stage in enumerate(order.journey.stages)
            }
            return PatchDreamer(references, order.journey.random_seed)
        case "diffusers":
            find_model(order.diffusers.model, order.diffusers.download, tell)
            from training.dream.diffusers_dreamer import DiffusersDreamer

            return DiffusersDreamer(order.diffusers, order.size_pixels, should_stop, tell)
        case "own":
            from training.dream.own_dreamer import OwnDreamer

            return OwnDreamer(order.own, should_stop)
