"""Run a place without its reforms for two years after the spin-up, and say what still moves by itself."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sim.experiment import environment
from sim.experiment.engine import LocalEngine
from sim.results.drift import drifting
from sim.results.summaries import Summaries
from sim.scenario.resolved import ResolvedScenario

MONTHS, REPLICATIONS = 24, 4


def baseline_series(cell: tuple[ResolvedScenario, int]) -> pl.DataFrame:
    """Return the monthly primary outcomes of one replication without reforms."""
    from sim.model import run_arm

    scenario, seed = cell
    summaries = Summaries(run_arm(scenario, seed, "headline"), scenario.run.start)
    parts = []
    for name in scenario.run.primary:
        months, values = summaries.series(name)
        parts.append(
            pl.DataFrame({"month": months, "value": values}).with_columns(
                pl.lit(name).alias("measure"), pl.lit(seed).alias("pair")
            )
        )
    return pl.concat(parts)


def baseline_drift(scenario: ResolvedScenario, workers: int | None = None) -> list[tuple[str, float]]:
    """Return the primary outcomes that move by more than their worth in the second year, with the change."""
    environment.prepare()
    bare = scenario.baseline()
    run = replace(bare.run, months=MONTHS, windows={"early": (0, 12), "late": (12, 24)})
    cells = [(replace(bare, run=run, varies=False), seed) for seed in range(1, REPLICATIONS + 1)]
    found = [o.value for o in LocalEngine(workers).run(baseline_series, cells) if o.ok]
    return drifting(pl.concat(found), scenario.run.primary) if found else []
