"""Small pictures come to the panel one a frame."""

import time
from pathlib import Path

import moderngl
import numpy as np

from exporters.picture_file import save_picture
from viewer.picture_reader import PictureReader
from viewer.picture_textures import PictureTextures


def test_one_upload_a_frame_and_none_beside_the_views_own(
    context: moderngl.Context, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        save_picture(np.full((30, 40, 3), 90, np.uint8), path)
    reader, textures = PictureReader(), PictureTextures(context, 16)
    deadline = time.monotonic() + 60
    while any(reader.picture(path, (16, 16)) is None for path in paths):
        assert time.monotonic() < deadline
        time.sleep(0.001)

    def shown(may_upload: bool) -> list[bool]:
        textures.begin_frame(may_upload)
        return [textures.thumbnail(reader, path) > 0 for path in paths]

    assert shown(False) == [False, False, False]
    assert [shown(True) for _ in paths] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    # What the reader has to read anew stays in sight meanwhile.
    reader.forget()
    assert shown(True) == [True, True, True]
    reader.stop()
