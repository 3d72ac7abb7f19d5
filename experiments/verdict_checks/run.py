"""Question: do the verdicts keep their promises? Run the pools and write docs/verdict_checks.md.

    python experiments/verdict_checks/run.py [--pairs 600] [--workers 0] [--cluster ADDRESS]

Expectation: an empty reform gives equal arms; of placebo comparisons (true effect zero) one in twenty claims something;
19 of 20 sets of intervals hold the truth for all primary outcomes at once; with 10 pairs somewhat fewer.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sim import MODEL_VERSION
from sim.experiment import environment

HERE = Path(__file__).resolve().parent
SIZES = (10, 20, 40)


def main() -> None:
    """Run what is missing of both pools and write the result file and the page."""
    environment.prepare()
    from sim.experiment.verdict_checks import brief, kept, pool
    from sim.model import run_arms
    from sim.scenario import load_scenario
    from sim.schedule import SCHEDULE

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=600)
    parser.add_argument("--out", default="runs/verdict_checks")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0 for one per core")
    parser.add_argument("--cluster", default="", help="address of a Dask scheduler")
    asked = parser.parse_args()
    workers = asked.cluster or asked.workers or None
    plain = brief(load_scenario("reference_community"))
    reform = brief(
        load_scenario(
            "reference_community", set_=["transparency=1@2012-01", "assembly.decides=all_matters@2012-01"]
        )
    )
    luck = [d for mechanism in SCHEDULE for d in mechanism.decisions]
    out = Path(asked.out)
    placebo = pool(plain, plain, out / "placebo", pairs=asked.pairs, placebo=luck, workers=workers)
    real = pool(plain, reform, out / "reform", pairs=asked.pairs, workers=workers)
    empty = run_arms({"baseline": plain, "reform": plain}, 3)
    result = {
        "model_version": MODEL_VERSION,
        "pairs": asked.pairs,
        "outcomes": placebo.shape[1],
        "empty_equal": empty["baseline"].digest() == empty["reform"].digest(),
        "placebo": [vars(kept(placebo, n, truth=placebo.mean(axis=0) * 0)) for n in SIZES],
        "reform": [vars(kept(real, n)) for n in SIZES],
    }
    (HERE / "result.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
