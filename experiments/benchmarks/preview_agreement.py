"""How often the dashboard's preview shows the sign of the full run, over the shipped library.

python experiments/benchmarks/preview_agreement.py [--runs FOLDER] [--communities N] [--months M]

Counted: primary outcomes whose full paired difference in the first year is clear and worth acting on. A preview agrees
where both of its pairs have that sign; it is silent where they differ. --runs keeps the full runs for another time.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from report import table

from sim.base.errors import ShequError
from sim.catalogue import measures
from sim.experiment import environment
from sim.experiment.compare import run_comparison
from sim.experiment.loading import load_arms
from sim.experiment.preview import COMMUNITIES, MONTHS, Previews
from sim.scenario.documents import library_ids

PAIRS = 3


def agreement(name: str, runs: Path, previews: Previews) -> tuple[int, int, int, float, list[str]]:
    """Return how many outcomes count, agree and are silent, the seconds of a second look, and what disagrees."""
    baseline, reform, _ = load_arms(name)
    full = run_comparison(baseline, reform, runs / name, pairs=PAIRS)
    previews.look(reform)
    started = time.perf_counter()
    seen = {g.measure: g for g in previews.look(reform)}
    seconds = time.perf_counter() - started
    clear = [
        v
        for v in full.of("early")
        if v.primary and v.grade == "clear" and abs(v.contrast.difference) >= measures()[v.measure].worth
    ]
    counted = [v for v in clear if v.measure in seen]
    silent = [v for v in counted if not seen[v.measure].agrees]
    agree = [
        v
        for v in counted
        if v not in silent and np.sign(seen[v.measure].mean) == np.sign(v.contrast.difference)
    ]
    wrong = [
        f"{v.measure} {v.contrast.difference:+.2f}/{seen[v.measure].mean:+.2f}"
        for v in counted
        if v not in agree
    ]
    return len(counted), len(agree), len(silent), seconds, wrong


def main() -> None:
    """Print the agreement scenario by scenario and in all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=Path, default=Path("runs") / "preview_agreement")
    parser.add_argument("--communities", type=int, default=COMMUNITIES)
    parser.add_argument("--months", type=int, default=MONTHS)
    asked = parser.parse_args()
    environment.prepare()
    previews, rows, refused = Previews(asked.communities, asked.months), [], []
    for name in library_ids("scenario"):
        try:
            if load_arms(name)[1].reforms:
                rows.append((name, *agreement(name, asked.runs, previews)))
                print(rows[-1], file=sys.stderr, flush=True)
        except ShequError as error:
            refused.append(f"`{name}`: {str(error).splitlines()[0]}")
    counted, agree, silent = (sum(row[k] for row in rows) for k in (1, 2, 3))
    seconds = sorted(row[4] for row in rows)
    print("### The preview's sign against the full run's, over the library\n")
    print(
        f"Of {counted} primary outcomes of {len(rows)} scenarios whose difference in the first year is clear and "
        f"worth acting on ({PAIRS} full pairs), the preview shows the same sign for {agree} "
        f"({100 * agree / max(counted, 1):.0f} %), none for {silent} (its pairs differ), the other for "
        f"{counted - agree - silent}. A look at another reform of a place that is known takes "
        f"{np.median(seconds):.2f} s (median; most {seconds[-1]:.2f} s).\n"
    )
    print(table(("scenario", "agree", "counted", "where not: full / preview"), [
        (f"`{name}`", found, clear, "; ".join(wrong)) for name, clear, found, _silent, _s, wrong in rows
    ]))  # fmt: skip
    if refused:
        print("\nNo preview, the twin being too small for the reform: " + "; ".join(refused) + ".")


if __name__ == "__main__":
    main()
