"""All export targets, which the command line, the panel and the tests read."""

from exporters.errors import LichenError
from exporters.targets import html_page
from exporters.targets.target import Target

TARGETS: dict[str, Target] = {module.TARGET.name: module.TARGET for module in (html_page,)}


def find_target(name: str) -> Target:
    """The target of that name. Raises LichenError if there is none."""
    if name not in TARGETS:
        raise LichenError(f"there is no target {name!r}; choose from {', '.join(TARGETS)}.")
    return TARGETS[name]
