"""How much memory this process took."""

import sys
from pathlib import Path


def peak_memory_megabytes() -> float:
    """What the process held at most, itself and its libraries; 0 where nobody can tell."""
    if sys.platform == "win32":
        return 0.0
    if sys.platform == "linux":
        # getrusage would count the peak of the process that started this one as well.
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 2**10
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
