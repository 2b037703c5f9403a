"""Write the moving picture of a dream: python docs/make_dream.py

dream.webp  the journey examples/seven_textures.toml from koi, by the command `lichen dream`

Frames are kept in out/dream, and a dream that was interrupted goes on.
"""

from pathlib import Path

from PIL import Image

from viewer.command import main as lichen

FOLDER = Path(__file__).parent
JOURNEY = FOLDER.parent / "examples" / "seven_textures.toml"
FRAMES = FOLDER.parent / "out" / "dream"
SIDE_PIXELS = 192
FRAME_MILLISECONDS = 60


def main() -> None:
    """Dream it, then write it beside this file."""
    FRAMES.parent.mkdir(exist_ok=True)
    going_on = ["--resume"] if FRAMES.exists() else []
    dream = ["dream", "--source", "koi", "--journey", str(JOURNEY), "-o", str(FRAMES), *going_on]
    if lichen(dream) != 0:
        raise SystemExit("there is no dream to show.")
    first, *rest = (
        Image.open(path).convert("RGB").resize((SIDE_PIXELS,) * 2, Image.Resampling.LANCZOS)
        for path in sorted(FRAMES.glob("frame_*.png"))
    )
    first.save(
        FOLDER / "dream.webp",
        save_all=True,
        append_images=rest,
        duration=FRAME_MILLISECONDS,
        loop=0,
        quality=30,
        method=4,
    )


if __name__ == "__main__":
    main()
