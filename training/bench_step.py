"""The torch step's speed, one slice of time at a time, for `lichen bench`.

    python -m training.bench_step AUTOMATON --side CELLS

answers every line of standard input, a number of seconds, with the steps a second of a slice that
long. So the slices of another program can alternate with these, and both meet the same weather.
"""

import argparse
import sys
import time

import torch

from exporters.automaton_file import load_automaton
from training.automaton_step import TrainableAutomaton


def main() -> None:
    """Answer until standard input ends."""
    parser = argparse.ArgumentParser(prog="training.bench_step")
    parser.add_argument("automaton")
    parser.add_argument("--side", type=int, required=True)
    options = parser.parse_args()
    automaton = load_automaton(options.automaton)
    twin = TrainableAutomaton(automaton)
    generator = torch.Generator().manual_seed(0)
    seed = automaton.start_state(options.side, options.side)
    state = torch.from_numpy(seed).permute(1, 2, 0)[None].contiguous()
    with torch.inference_mode():
        state = twin(state, twin.draw_mask(state, generator))
        for line in sys.stdin:
            begin = time.perf_counter()
            steps = 0
            while time.perf_counter() < begin + float(line):
                state = twin(state, twin.draw_mask(state, generator))
                steps += 1
            print(steps / (time.perf_counter() - begin), flush=True)


if __name__ == "__main__":
    main()
