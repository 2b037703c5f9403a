"""What a painting depends on, so that nobody goes on with one that was begun otherwise."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.digest import file_digest
from training.networks.feature_network import FeatureNetwork

Recipe = Mapping[str, Any]


def recipe_of(values: Mapping[str, object], network: FeatureNetwork | None) -> Recipe:
    """Plain values by name: files count by what they hold, a network by what it says of itself.

    Raises:
        LichenError: a file cannot be read.
    """
    plain = {
        name: file_digest(value) if isinstance(value, Path) else value
        for name, value in values.items()
    }
    return {**plain, "network": network.description if network else None}


def differences(recipe: Recipe, other: Recipe) -> list[str]:
    """What the two do not have in common, in words."""
    names = sorted(recipe.keys() | other.keys())
    return [
        name.removesuffix("_pixels").replace("_", " ")
        for name in names
        if recipe.get(name) != other.get(name)
    ]
