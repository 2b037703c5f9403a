"""Which network judges, from what the user asked for and what the machine has."""

from pathlib import Path

from exporters.errors import LichenError
from training.eye.network import load_eye
from training.networks.feature_network import FeatureNetwork
from training.networks.vgg16 import find_vgg16, load_vgg16
from training.networks.weights import WeightsFile, download_weights, named_weights


def choose_network(name: str | None, weights: Path | None, download: bool) -> FeatureNetwork:
    """Open the named network; without a name VGG16 where it is at hand, else Lichen's own eye.

    Raises:
        LichenError: there is no such network, its weights are not on the machine and may not be
            downloaded, or they cannot be read.
    """
    if name == "eye":
        if weights is not None:
            raise LichenError("the network eye brings its own weights; leave out --weights.")
        return load_eye()
    if name is not None and name != "vgg16":
        # Importing torchvision takes a second, which the usual networks do without.
        from training.networks.backbone import find_backbone, load_backbone

        found = named_weights(weights) if weights else find_backbone(name)
        return load_backbone(name, found or _fetch(name, download))
    found = named_weights(weights) if weights else find_vgg16()
    if found is None and name is None and not download:
        return load_eye()
    return load_vgg16(found or _fetch("vgg16", download))


def _fetch(name: str, allowed: bool) -> WeightsFile:
    if not allowed:
        raise LichenError(
            f"the weights of {name} are not on this machine; give --weights FILE, allow "
            "--download, or choose another --network."
        )
    return download_weights(name)
