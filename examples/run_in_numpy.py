"""Run an automaton with nothing but numpy and save what it grew into.

python examples/run_in_numpy.py [AUTOMATON] [PNG] [STEPS]
"""

import sys

from exporters import reference
from exporters.display import picture
from exporters.gallery import find_entry, shipped_entries
from exporters.picture_file import save_picture

SIDE_CELLS = 64


def main(name: str, output: str, steps: int) -> None:
    """Grow `name` on a small torus for so many steps."""
    automaton = find_entry(name).automaton
    state = automaton.start_state(SIDE_CELLS, SIDE_CELLS)
    state = reference.run(automaton, state, steps)
    save_picture(picture(automaton, state), output)
    print(f"{automaton.name}: {automaton.parameter_count} parameters, {steps} steps, {output}")


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    main(
        name=given.get(0, shipped_entries()[0].name),
        output=given.get(1, "grown.png"),
        steps=int(given.get(2, 200)),
    )
