"""Do our own verdicts keep their promises? A pool of pairs run once and resampled: placebo rate and coverage.

Empty: a reform that changes nothing gives equal arms, cell by cell. Placebo: the reform arm is the baseline under other
luck from the start on (`resalt`), so the true effect is zero and any claim is a false one. Coverage: the mean over the
whole pool stands for the truth; smaller sets of pairs drawn from it should hold it as often as they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from sim.experiment import environment
from sim.experiment.engines import Workers
from sim.experiment.pairs import ArmsCell, run_arms_cell
from sim.experiment.plan import Plan, Progress, carry_out
from sim.results.paired import critical_value
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.scenario.resolved import ResolvedScenario

MONTHS, SPIN_UP = 12, 6


@dataclass(frozen=True)
class Kept:
    """How often sets of `pairs` pairs drawn from a pool claimed something, and held the truth, of `draws` sets."""

    pairs: int
    draws: int
    claims: float
    covers_all: float
    covers_each: float


def brief(scenario: ResolvedScenario) -> ResolvedScenario:
    """Return a scenario cut to a year after half a year of spin-up: enough for a verdict, cheap to repeat."""
    run = replace(scenario.run, spin_up=SPIN_UP, months=MONTHS, windows={"late": (0, MONTHS)})
    return replace(scenario, run=run)


def pool(
    baseline: ResolvedScenario, reform: ResolvedScenario, out: Path, *, pairs: int, placebo: Sequence[str] = (),
    seed: int = 1, workers: Workers = None, progress: Progress | None = None,
) -> np.ndarray:  # fmt: skip
    """Run a pool of pairs and return the differences of the primary outcomes, (pairs, outcomes).

    placebo: decisions that draw other luck in the reform arm from its first month on.
    """
    environment.prepare()
    arms = {"baseline": baseline, "reform": reform}
    what = {"kind": "pool", "seed": seed, "pairs": pairs, "record": "headline", "command": ""}
    manifest = provenance(baseline, reform, **what, source=environment.source_hash())
    folder = RunFolder(out)
    resalt = {"reform": dict.fromkeys(placebo, baseline.run.start)} if placebo else {}
    cells = [ArmsCell(k, seed + k, arms, "headline", folder.address, resalt=resalt) for k in range(pairs)]
    carry_out(Plan(manifest, arms, cells, run_arms_cell), folder, workers, progress)
    return differences(folder)


def differences(folder: RunFolder) -> np.ndarray:
    """Return the paired differences of a pool, (pairs, outcomes), outcomes that never vary left out."""
    primary = folder.manifest()["primary"]
    rows = folder.read("pairs").filter(pl.col("measure").is_in(primary))
    wide = rows.pivot("arm", index=["measure", "pair"], values="value").sort("pair")
    columns = [
        (mine["reform"] - mine["baseline"]).to_numpy()
        for name in primary
        if (mine := wide.filter(pl.col("measure") == name)).height
    ]
    found = np.stack(columns, axis=1)
    return found[:, np.isfinite(found).all(axis=0) & (found.std(axis=0) > 0)]


def kept(
    found: np.ndarray, pairs: int, *, draws: int = 1000, truth: np.ndarray | None = None, seed: int = 1
) -> Kept:
    """Return how sets of pairs drawn from a pool do against the truth (None: the pool's own mean)."""
    rng = np.random.default_rng(seed)
    true = found.mean(axis=0) if truth is None else truth
    claims, every, each = 0, 0, 0.0
    for _ in range(draws):
        d = found[rng.choice(len(found), pairs, replace=False)]
        half = critical_value(d) * d.std(axis=0, ddof=1) / np.sqrt(pairs)
        claims += bool((np.abs(d.mean(axis=0)) > half).any())
        inside = np.abs(d.mean(axis=0) - true) <= half
        every += bool(inside.all())
        each += float(inside.mean())
    return Kept(pairs, draws, claims / draws, every / draws, each / draws)
