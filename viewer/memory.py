"""How much memory this process took."""

import sys


def peak_memory_megabytes() -> float:
    """What the process held at most, itself and its libraries; 0 where nobody can tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
