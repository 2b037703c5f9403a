"""Finding diffusion models: folders, files, the hub's cache and a hub that runs right here."""

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from exporters.errors import LichenError
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion import hub
from training.dream.diffusion.model_files import find_model
from training.dream.diffusion.model_kinds import GUIDED_LCM, LCM, TURBO, USUAL, recognise
from training.dream.first_pictures import FirstPictures
from training.dream.sheet_order import ContactSheetOrder

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAME = "lichen/tiny"


@pytest.fixture(autouse=True)
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a hub that nobody answers for."""
    folder = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    return folder


@pytest.fixture
def serving(tiny_pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub on this machine that holds the tiny pipeline; the paths that were asked of it."""
    asked: list[str] = []
    files = {
        path.relative_to(tiny_pipeline).as_posix(): path.read_bytes()
        for path in sorted(tiny_pipeline.rglob("*"))
        if path.is_file()
    }
    # What no pipeline is loaded from.
    files |= {"tiny.safetensors": b"0" * 5_000_000, "README.md": b"", "unet/x.onnx": b"0" * 999}

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            path = self.path.partition("?")[0]
            if path.startswith("/api/models"):
                self._answer_json(path)
            else:
                name = path.partition(f"/resolve/{COMMIT}/")[2]
                name = name or path.partition("/resolve/main/")[2]
                self._answer(files.get(name), sha256(files.get(name, b"")).hexdigest())

        do_HEAD = do_GET

        def _answer_json(self, path: str) -> None:
            sizes = [{"rfilename": name, "size": len(data)} for name, data in files.items()]
            tree = [
                {"type": "file", "path": name, "size": len(data), "oid": "0" * 40}
                for name, data in files.items()
            ]
            model = {"id": NAME, "sha": COMMIT, "siblings": sizes}
            self._answer(json.dumps(tree if "/tree/" in path else model).encode(), "0")

        def _answer(self, data: bytes | None, etag: str) -> None:
            self.send_response(404 if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{etag}"')
            self.end_headers()
            if self.command == "GET" and data:
                self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(constants, "ENDPOINT", endpoint)
        template = endpoint + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        yield asked
        server.shutdown()


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("nowhere", "no folder or file"),
        ("nowhere.safetensors", "no folder or file"),
        ("empty", "no diffusion pipeline"),
        ("notes.txt", "no diffusion model"),
    ],
)
def test_bad_models_are_told_before_diffusers_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, complaint: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("no model")
    monkeypatch.setitem(sys.modules, "diffusers", None)
    options = DiffusersOptions(str(tmp_path / name))
    for make in (DiffusersDreamer, FirstPictures):
        with pytest.raises(LichenError, match=complaint):
            make(options, (64, 64), lambda: False, print)


def test_a_model_must_be_named() -> None:
    with pytest.raises(LichenError, match="name a diffusion model"):
        find_model("", download=False)


def test_a_folder_that_is_no_whole_pipeline(tiny_pipeline: Path, tmp_path: Path) -> None:
    half = tmp_path / "half"
    shutil.copytree(tiny_pipeline, half)
    shutil.rmtree(half / "vae")
    with pytest.raises(LichenError, match="lacks vae"):
        find_model(str(half), download=False)
    index = half / "model_index.json"
    for text, complaint in (
        ('{"_class_name": "FluxPipeline"}', "FluxPipeline, which cannot dream"),
        ("[]", "no settings"),
        ("{", "cannot be read"),
    ):
        index.write_text(text)
        with pytest.raises(LichenError, match=complaint):
            find_model(str(half), download=False)


@pytest.mark.parametrize(
    "name", ["sd-turbo", "../up/down", "a/b/c", "lichen/x.safetensors", "é/è ?"]
)
def test_what_is_no_name_of_a_model(name: str) -> None:
    with pytest.raises(LichenError, match="no folder or file"):
        find_model(name, download=True)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "a/..", "鯉/池", "a--b/c"])
def test_what_is_no_name_at_all(name: str) -> None:
    with pytest.raises(LichenError):
        find_model(name, download=False)


def test_a_model_that_is_not_here_is_not_fetched_unasked(hub_cache: Path) -> None:
    with pytest.raises(LichenError, match="not on this machine.*--download"):
        find_model(NAME, download=False)
    with pytest.raises(LichenError, match="could not be fetched"):
        find_model(NAME, download=True)
    assert not hub_cache.exists()


def test_it_is_said_how_much_would_be_fetched(
    serving: list[str], hub_cache: Path, tiny_pipeline: Path
) -> None:
    size_bytes = sum(path.stat().st_size for path in tiny_pipeline.rglob("*") if path.is_file())
    with pytest.raises(
        LichenError, match=f"with --download that {round(size_bytes / 1e6)} MB of {NAME}"
    ):
        find_model(NAME, download=False)
    assert not hub_cache.exists()
    assert [path for path in serving if not path.startswith("/api/models")] == []


def test_a_model_is_fetched_once_where_that_is_allowed(
    serving: list[str], tiny_pipeline: Path
) -> None:
    told: list[str] = []
    found = find_model(NAME, download=True, tell=told.append)
    assert len(told) == 1 and f"MB of {NAME}" in told[0]
    assert found.class_name == "StableDiffusionPipeline" and found.kind is USUAL
    weights = "unet/diffusion_pytorch_model.safetensors"
    assert (found.path / weights).read_bytes() == (tiny_pipeline / weights).read_bytes()
    assert not (found.path / "tiny.safetensors").exists()
    assert not (found.path / "unet" / "x.onnx").exists()
    serving.clear()
    assert find_model(NAME, download=False).path == found.path
    assert serving == []
    shutil.rmtree(found.path / "unet")
    with pytest.raises(LichenError, match="not on this machine"):
        find_model(NAME, download=False)


def test_of_several_forms_of_the_same_weights_the_smallest_is_fetched() -> None:
    files = [
        "model_index.json",
        "sd.safetensors",
        "unet/config.json",
        "unet/diffusion_pytorch_model.bin",
        "unet/diffusion_pytorch_model.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "unet/diffusion_pytorch_model.non_ema.safetensors",
        "vae/config.json",
        "vae/diffusion_pytorch_model.bin",
        "text_encoder/config.json",
        "text_encoder/model-00001-of-00002.safetensors",
        "text_encoder/model-00002-of-00002.safetensors",
        "text_encoder/model.safetensors.index.json",
        "text_encoder/openvino_model.bin",
        "tokenizer/merges.txt",
        "tokenizer/vocab.json",
        "scheduler/scheduler_config.json",
        "images/koi.png",
    ]
    left_out = [files[index] for index in (1, 3, 4, 6, 13, 17)]
    assert set(hub.needed_files(files)) == set(files) - set(left_out)


def test_a_single_file_is_not_completed_unasked(tmp_path: Path) -> None:
    (tmp_path / "koi.safetensors").write_bytes(b"")
    found = find_model(str(tmp_path / "koi.safetensors"), download=False)
    assert found.is_single_file and found.settings is None and found.kind is USUAL
    (tmp_path / "koi").mkdir()
    (tmp_path / "koi" / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    found = find_model(str(tmp_path / "koi.safetensors"), download=False)
    assert found.is_single_file and found.settings == tmp_path / "koi"


def test_kinds_of_models() -> None:
    euler = {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading"}
    trailing = {**euler, "timestep_spacing": "trailing"}
    sd = "StableDiffusionPipeline"
    cases = [
        (("stabilityai/sd-turbo", sd, {}, {}), TURBO),
        (("/models/SDXL-Lightning-4step", sd, euler, {}), TURBO),
        (("somebody/koi", sd, trailing, {}), TURBO),
        (("somebody/koi", sd, {**trailing, "rescale_betas_zero_snr": True}, {}), USUAL),
        (("somebody/koi", sd, euler, {"time_cond_proj_dim": None}), USUAL),
        (("turbo/koi", sd, euler, {}), USUAL),
        (("/models/turbocharger", sd, euler, {}), USUAL),
        (("somebody/dreams_LCM_8", sd, euler, {}), LCM),
        (("somebody/koi", sd, {"_class_name": "LCMScheduler"}, {}), LCM),
        (("somebody/koi", sd, euler, {"time_cond_proj_dim": 256}), GUIDED_LCM),
        (("somebody/koi", "LatentConsistencyModelPipeline", {}, {}), GUIDED_LCM),
    ]
    assert [recognise(*known) for known, _ in cases] == [kind for _, kind in cases]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"steps": 0}, "1 to 1,000 steps"),
        ({"steps": 10**9}, "1 to 1,000 steps"),
        ({"scheduler": "magic"}, "choose from ddim, ddpm, dpm"),
        ({"device": "toaster"}, "no device"),
        ({"content_guidance": "1"}, "content image needs one"),
        ({"style_guidance": "0: (1), 5: (2"}, "bracket"),
        ({"first_seed": -1}, "outside 0 to"),
        ({"first_guidance": float("nan")}, "guidance must be"),
    ],
)
def test_options_that_no_model_could_follow(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(LichenError, match=complaint):
        DiffusersOptions(**options)


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ({"seeds": ()}, "1 to 100 pictures"),
        ({"seeds": tuple(range(60)), "guidances": (1.0, 2.0)}, "1 to 100 pictures"),
        ({"seeds": (2**32,)}, "outside 0 to"),
        ({"guidances": (51.0,)}, "guidance must be"),
        ({"prompt": "koi " * 5000}, "shorten"),
    ],
)
def test_contact_sheets_that_could_not_be_made(order: dict[str, Any], complaint: str) -> None:
    with pytest.raises(LichenError, match=complaint):
        ContactSheetOrder(Path("dream"), **{"prompt": "koi", **order})
