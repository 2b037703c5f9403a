"""What the panel is told of a dream, with its small pictures as textures."""

from training.dream.dream_files import frame_path
from viewer.dream_helpers import DreamHelpers
from viewer.dream_player import DreamPlayer
from viewer.dream_run import DreamRun
from viewer.panels.dream_film import film_places
from viewer.panels.dream_maker import DESCRIPTIONS
from viewer.panels.dream_state import DreamRunState, FilmTile, SheetTile
from viewer.picture_reader import PictureReader
from viewer.picture_textures import PictureTextures


def run_state(run: DreamRun, player: DreamPlayer, film: tuple[FilmTile, ...]) -> DreamRunState:
    """How a dream stands, and what of it shows."""
    session, progress = run.session, run.session.progress
    return DreamRunState(
        name=run.name,
        folder=run.order.folder,
        dreamer=f"{DESCRIPTIONS[run.order.backend]}.",
        status=session.status,
        note=session.note,
        phase=session.phase,
        has_ended=session.ending is not None,
        has_failed=session.has_failed,
        made_count=session.made_count,
        frame_count=session.frame_count,
        loops=run.order.journey.loop != "none",
        seconds_per_frame=progress.seconds_per_frame if progress else 0.0,
        remaining_seconds=progress.remaining_seconds if progress else 0.0,
        shown_index=player.index(session.made_count),
        follows=player.follows,
        plays=player.plays,
        film=film,
    )


def film_tiles(
    run: DreamRun, reader: PictureReader, textures: PictureTextures
) -> tuple[FilmTile, ...]:
    """The pictures of the film strip; those of frames to come have no texture."""
    tiles = []
    for index in film_places(run.session.frame_count):
        path, is_made = frame_path(run.order.folder, index), index < run.session.made_count
        tiles.append(FilmTile(index, textures.thumbnail(reader, path) if is_made else 0))
    return tuple(tiles)


def sheet_tiles(
    helpers: DreamHelpers, reader: PictureReader, textures: PictureTextures
) -> tuple[SheetTile, ...]:
    """The first pictures that there are to choose from."""
    tiles = []
    for made in helpers.sheet:
        texture = textures.thumbnail(reader, helpers.sheet_picture(made.row, made.column))
        tiles.append(SheetTile(made.row, made.column, made.seed, made.guidance, texture))
    return tuple(tiles)
