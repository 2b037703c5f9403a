"""Print the fragment shader that an automaton is baked into.

python examples/print_shader.py [AUTOMATON] > automaton.frag
"""

import sys

from exporters.baker import bake
from exporters.gallery import find_entry, shipped_entries

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else shipped_entries()[0].name
    print(bake(find_entry(name).automaton))
