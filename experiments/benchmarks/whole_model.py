"""How does the whole model's time and memory grow with the place?

    python experiments/benchmarks/whole_model.py [--most 1000000] [--months 24]

Each size is built and run in a process of its own, everything on, at recording level standard, one core. Seconds are
CPU seconds; bytes a resident are what the process at its peak holds beyond what it held before the place was built.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from pathlib import Path

from places import place_of
from report import table

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
MONTHS = 60


def measure(residents: int, months: int) -> dict[str, float]:
    """Build and run one size; returns what it took."""
    from sim.model import CommunityModel, new_world, recorder_for

    new_world(place_of(5_000), 1)  # so that compiled code is there
    scenario, before = place_of(residents), peak()
    start = time.process_time()
    world = new_world(scenario, 1)
    built = time.process_time() - start
    recorder = recorder_for(scenario, "standard", world)
    model = CommunityModel(world, scenario.timeline, recorder)
    for _ in range(scenario.run.spin_up):
        model.step()
    early, start = peak(), time.process_time()
    for _ in range(months):
        model.step()
    spent = time.process_time() - start
    return {
        "residents": world.residents.n,
        "built": built,
        "month": spent / months,
        "columns": world.nbytes / world.residents.n,
        "cases": world.cases.n,
        "case_bytes": world.cases.nbytes / max(world.cases.capacity, 1),
        "before": before,
        "early": early,
        "late": peak(),
    }


def peak() -> float:
    """Return the most memory this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def in_own_process(residents: int, months: int) -> dict[str, float]:
    """Measure one size in a fresh process."""
    command = [sys.executable, str(Path(__file__)), "--only", str(residents), "--months", str(months)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def exponent(rows: list[dict[str, float]]) -> float:
    """Return the slope of log time over log residents by least squares."""
    xs, ys = [math.log(r["residents"]) for r in rows], [math.log(r["month"]) for r in rows]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def main() -> None:
    """Print the table, or measure one size for the process that asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--only", type=int, default=0)
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(measure(asked.only, asked.months)))
        return
    rows = [in_own_process(size, asked.months) for size in SIZES if size <= asked.most]
    print("### The whole model by the size of the place, one core\n")
    print(table(
        ("residents", "build, s", "60 months, s", "million resident-months a second", "columns and ties, B",
         "all told at the peak, B", "grown after the first month, MB"),
        [
            (
                f"{r['residents']:,}", f"{r['built']:.2f}", f"{MONTHS * r['month']:.1f}",
                f"{r['residents'] / r['month'] / 1e6:.1f}", f"{r['columns']:.0f}",
                f"{(r['late'] - r['before']) / r['residents']:.0f}",
                f"{(r['late'] - r['early']) / 1e6:.0f}",
            )
            for r in rows
        ],
    ))  # fmt: skip
    large = [r for r in rows if r["residents"] > 50_000]
    print(f"\nTime grows as residents to the power {exponent(rows):.2f}; from 10^5 on {exponent(large):.2f}.")


if __name__ == "__main__":
    main()
