"""`python -m viewer` is the `lichen` command."""

import sys

from viewer.command import main

if __name__ == "__main__":
    sys.exit(main())
