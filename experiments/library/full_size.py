"""Question: does every scenario of the library run at full size, and does it do anything there?

    nice python experiments/library/full_size.py [NAME ...] [--out experiments/library/full_size.json]
        [--folder runs/full_size] [--workers 0] [--cluster ADDRESS]

One pair of each, both arms under the same luck, all months, all of it recorded; every month's balances of work, staff,
people and money must hold, else the pair fails. About a quarter of an hour of one core for all; a process takes about
two gigabytes at the largest. An interrupted run goes on where it stopped.
Expectation: each runs, and each reform moves at least one primary outcome from the month it begins.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sim import MODEL_VERSION
from sim.experiment import environment

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run the scenarios named, or all, and write what they took and whether they did anything."""
    environment.prepare()
    from sim.cli.options import Progress
    from sim.experiment.full_size import SEED, run_at_full_size
    from sim.scenario.documents import library_ids

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="scenarios; all of the library where none is named")
    parser.add_argument("--out", default=str(HERE / "full_size.json"))
    parser.add_argument("--folder", default="runs/full_size", help="where pairs are committed as they end")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0 for one per core")
    parser.add_argument("--cluster", default="", help="address of a Dask scheduler")
    asked = parser.parse_args()
    names, workers = asked.names or library_ids("scenario"), asked.cluster or asked.workers or None
    with Progress("scenarios") as progress:
        rows, failed = run_at_full_size(names, Path(asked.folder), workers=workers, progress=progress)
    if failed:
        sys.exit("\n".join(failed))
    made = {"model_version": MODEL_VERSION, "seed": SEED, "scenarios": rows}
    Path(asked.out).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(asked.out)


if __name__ == "__main__":
    main()
