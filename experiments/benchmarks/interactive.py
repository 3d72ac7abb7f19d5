"""How long does a person wait?

    python experiments/benchmarks/interactive.py [--pairs 20]

Wall seconds of whole commands, medians over a few, whatever else the machine is doing; ratios side by side in one run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import table

FEW = 4  # pairs for the ratio of processes
SHEQU = [sys.executable, "-c", "from sim.cli import main; main()"]


def seconds(*words: str, times: int = 3) -> float:
    """Return the median wall seconds of a command, run from an empty folder each time."""
    found = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            subprocess.run([*SHEQU, *words], cwd=folder, check=True, capture_output=True)
            found.append(time.perf_counter() - start)
    return statistics.median(found)


def branched() -> tuple[float, float]:
    """Return CPU seconds of a pair that branches from one world, and of its two arms run apart."""
    from sim.model import run_arm, run_arms
    from sim.scenario import load_scenario

    reform = load_scenario("tongling")
    base = reform.baseline()
    both = {"baseline": base, "reform": reform}
    run_arms(both, 1, "headline")
    spent = []
    for run in (
        lambda: run_arms(both, 2, "headline"),
        lambda: [run_arm(arm, 2, "headline") for arm in (base, reform)],
    ):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return spent[0], spent[1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20)
    asked = parser.parse_args()
    run = ("run", "reference_community", "--replications", "1")
    seconds(*run, times=1)  # so that compiled code is there
    compare = ("compare", "tongling", "--record", "headline", "--pairs")
    whole = seconds(*compare, str(asked.pairs), times=1)
    two, one = (seconds(*compare, str(FEW), "--workers", str(workers), times=1) for workers in (2, 1))
    together, apart = branched()
    rows = [
        ("`shequ --help`", f"{seconds('--help'):.2f} s"),
        ("`shequ run reference_community` (5 200 residents, 96 months), warm", f"{seconds(*run):.1f} s"),
        ("the same without a compiler cache (the first run ever)", f"{cold():.0f} s"),
        (f"`shequ compare tongling` ({asked.pairs} pairs, 250 000 residents)", f"{whole:.0f} s"),
        (f"{FEW} pairs in two processes against one", f"{one / two:.2f} x"),
        ("a pair that branches against two arms apart", f"{apart / together:.2f} x"),
    ]
    print("### What a person waits for\n")
    print(table(("what", "median"), rows))


def cold() -> float:
    """Return the wall seconds of a small run without a compiler cache."""
    folder = Path(tempfile.mkdtemp())
    try:
        start = time.perf_counter()
        subprocess.run(
            [*SHEQU, "run", "reference_community", "--replications", "1"], cwd=folder, check=True, capture_output=True,
            env=os.environ | {"NUMBA_CACHE_DIR": str(folder / "cache"), "HOME": str(folder)},
        )  # fmt: skip
        return time.perf_counter() - start
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
