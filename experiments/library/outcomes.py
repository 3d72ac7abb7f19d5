"""Question: what does each scenario of the library do, on a small twin of its place? For the pages in docs/scenarios.

    nice python experiments/library/outcomes.py [NAME ...] [--pairs 8] [--communities 10] [--out runs/library]

Runs what the folder lacks in one process (about half an hour of computing for all), then writes scenarios/outcomes/;
where some are named, the outcomes of the others stay, if they were made with as many pairs and communities.
Expectation: none; a twin is small, so offices above the community are few and what depends on their number is rough.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.experiment import environment


def main() -> None:
    """Run what is missing and write the outcome files."""
    environment.prepare()
    from sim.experiment.shipped import run_library, shelved
    from sim.results.shipped import COMMUNITIES, PAIRS, write_outcomes
    from sim.scenario.documents import library_ids

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="scenarios; all of the library where none is named")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--communities", type=int, default=COMMUNITIES)
    parser.add_argument("--out", default="runs/library")
    asked = parser.parse_args()
    shelf = shelved(asked.names or library_ids("scenario"), Path(asked.out), asked.communities)
    run_library(shelf, pairs=asked.pairs, communities=asked.communities, told=told)
    print(write_outcomes([(one.scenario, one.twin, one.folder) for one in shelf], asked.communities))


def told(place: str, done: int, total: int) -> None:
    """Say how far a place is."""
    print(f"{place}: {done} of {total} pairs", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
