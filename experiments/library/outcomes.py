"""Question: what does each scenario of the library do, on a small twin of its place? For the pages in docs/scenarios.

    nice python experiments/library/outcomes.py [NAME ...] [--pairs 8] [--communities 10] [--out runs/library]
        [--workers 0] [--cluster ADDRESS]

Runs what the folder lacks (about half an hour of one core for all), then writes scenarios/outcomes/;
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
    from sim.cli.options import Progress
    from sim.experiment.shipped import run_library, shelved
    from sim.results.shipped import COMMUNITIES, PAIRS, write_outcomes
    from sim.scenario.documents import library_ids

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="scenarios; all of the library where none is named")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--communities", type=int, default=COMMUNITIES)
    parser.add_argument("--out", default="runs/library")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0 for one per core")
    parser.add_argument("--cluster", default="", help="address of a Dask scheduler")
    asked = parser.parse_args()
    out, how = Path(asked.out), {"pairs": asked.pairs, "communities": asked.communities}
    shelf = shelved(asked.names or library_ids("scenario"), out, asked.communities)
    with Progress("pairs") as progress:
        failed = run_library(shelf, out, **how, workers=asked.cluster or asked.workers or None, progress=progress)
    if failed:
        sys.exit("\n".join(failed))
    print(write_outcomes([(one.scenario, one.twin, one.folder) for one in shelf], asked.communities))


if __name__ == "__main__":
    main()
