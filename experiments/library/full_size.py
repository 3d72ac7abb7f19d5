"""Question: does every scenario of the library run at full size, and does it do anything there?

    nice python experiments/library/full_size.py [NAME ...] [--out experiments/library/full_size.json]

One pair of each, both arms under the same luck, all months, all of it recorded; every month's balances of work, staff,
people and money must hold, else the run ends. One process, about a quarter of an hour for all.
Expectation: each runs, and each reform moves at least one primary outcome from the month it begins.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import polars as pl

from sim import MODEL_VERSION
from sim.experiment import environment

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run the scenarios named, or all, and write what they took and whether they did anything."""
    environment.prepare()
    from sim.scenario.documents import library_ids

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="scenarios; all of the library where none is named")
    parser.add_argument("--out", default=str(HERE / "full_size.json"))
    asked = parser.parse_args()
    rows = []
    for name in asked.names or library_ids("scenario"):
        rows.append(at_full_size(name))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    made = {"model_version": MODEL_VERSION, "seed": 1, "scenarios": rows}
    Path(asked.out).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(asked.out)


def at_full_size(name: str) -> dict[str, object]:
    """Run one pair of a scenario; returns its size, what it took, and which primary outcomes its reform moved."""
    from sim.model import run_arms
    from sim.scenario import load_scenario

    scenario, start = load_scenario(name), time.process_time()
    arms = {"baseline": scenario.baseline()}
    if not scenario.timeline.is_empty:
        arms["reform"] = scenario
    tables = run_arms(arms, 1)
    found = [table.outcomes.filter(pl.col("level") == "place") for table in tables.values()]
    return {
        "scenario": name,
        "place": scenario.place.id,
        "residents": int(tables["baseline"].geography["residents"].sum()),
        "communities": len(tables["baseline"].geography),
        "months": scenario.run.end - scenario.run.first_month,
        "cpu_seconds": round(time.process_time() - start, 1),
        "moved": moved(*found, scenario.run.primary) if len(found) > 1 else None,
    }


def moved(base: pl.DataFrame, reform: pl.DataFrame, primary: tuple[str, ...]) -> list[str]:
    """Return the primary outcomes that differ between two arms in any month."""
    keys = ["month", "measure", "level", "unit"]
    both = base.join(reform, on=keys, suffix="_reform")
    differs = (pl.col("numerator") != pl.col("numerator_reform")) | (
        pl.col("denominator") != pl.col("denominator_reform")
    )
    here = set(both.filter(differs)["measure"].unique())
    return [name for name in primary if name in here]


if __name__ == "__main__":
    main()
