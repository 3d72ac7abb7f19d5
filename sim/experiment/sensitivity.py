"""Which inputs an effect hangs on: Morris or Sobol indices where the design was made for them, else given-data ones.

The output is the effect of one policy on one outcome, averaged over the seeds of a row. A dummy that moves nothing
stands beside the inputs: whatever is no larger than the dummy's index is not told from noise. On other samples
SALib's delta (density-based, needs no plan) is used; correlated inputs of a calibrated set share their credit there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say
from sim.experiment.sampling import DUMMY, planned, problem
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, effects, inputs
from sim.scenario.design import Design

LEAST_ROWS = 64
INDEX = {"morris": "mu*", "saltelli": "total", "delta": "delta"}


@dataclass(frozen=True)
class Index:
    """One input's index with its 95 % half-width. stands_out: larger than the dummy's upper end."""

    name: str
    value: float
    half_width: float
    stands_out: bool


@dataclass(frozen=True)
class Sensitivity:
    """The indices of one policy and outcome, largest first. method: morris, saltelli or delta; rows: used."""

    arm: str
    measure: str
    method: str
    rows: int
    indices: tuple[Index, ...]


def output(folder: RunFolder, arm: str, measure: str, window: str = LATE) -> pl.DataFrame:
    """Return one effect a row of the design, seeds averaged; raises ShequError where there is none."""
    here = (pl.col("arm") == arm) & (pl.col("measure") == measure) & (pl.col("window") == window)
    found = (
        effects(folder)
        .filter(here & pl.col("effect").is_not_nan())
        .group_by("row")
        .agg(pl.col("effect").mean())
    )
    if found.is_empty():
        raise ShequError(say("the sweep holds no effect of {arm} on {measure}", arm=arm, measure=measure))
    return found.sort("row")


def analyse(design: Design, folder: RunFolder, arm: str, measure: str, window: str = LATE) -> Sensitivity:
    """Return what an effect hangs on; raises ShequError where too few rows are there."""
    found = output(folder, arm, measure, window)
    if design.sampler in ("morris", "saltelli"):
        return _planned(design, arm, measure, found)
    if len(found) < LEAST_ROWS:
        what = say(
            "{n} rows are too few to tell inputs apart; {least} are needed", n=len(found), least=LEAST_ROWS
        )
        raise ShequError(what)
    return _given(folder, arm, measure, found, design.seed)


def _planned(design: Design, arm: str, measure: str, found: pl.DataFrame) -> Sensitivity:
    """Analyse a plan of SALib; every row of it must be there."""
    table, space = planned(design), problem(design)
    if len(found) != len(table):
        what = say(
            "{n} of {all} rows of the plan are there; run the sweep to its end", n=len(found), all=len(table)
        )
        raise ShequError(what)
    y = found["effect"].to_numpy()
    if design.sampler == "morris":
        from SALib.analyze import morris

        result = morris.analyze(space, table, y, num_levels=4, seed=design.seed)
        names, values, widths = result["names"], result["mu_star"], result["mu_star_conf"]
    else:
        from SALib.analyze import sobol

        result = sobol.analyze(space, y, calc_second_order=False, seed=design.seed)
        names, values, widths = space["names"], result["ST"], result["ST_conf"]
    return Sensitivity(arm, measure, design.sampler, len(found), _ranked(names, values, widths))


def _given(folder: RunFolder, arm: str, measure: str, found: pl.DataFrame, seed: int) -> Sensitivity:
    """Analyse whatever rows are there by SALib's delta."""
    from SALib.analyze import delta

    table = inputs(folder).join(found, on="row").sort("row")
    names = [c for c in table.columns if c not in ("row", "effect") and table[c].n_unique() > 1]
    x = np.column_stack(
        [table[n].to_numpy() for n in names] + [np.random.default_rng(seed).random(len(table))]
    )
    names = [*names, DUMMY]
    space = {
        "num_vars": len(names),
        "names": names,
        "bounds": [[float(c.min()), float(c.max())] for c in x.T],
    }
    result = delta.analyze(space, x, table["effect"].to_numpy(), seed=seed, method="delta")
    return Sensitivity(
        arm, measure, "delta", len(table), _ranked(names, result["delta"], result["delta_conf"])
    )


def _ranked(names: list[str], values: np.ndarray, widths: np.ndarray) -> tuple[Index, ...]:
    """Return indices, largest first, each held against the dummy's upper end."""
    at = list(names).index(DUMMY)
    noise = float(values[at] + widths[at])
    rows = [
        Index(str(n), float(v), float(w), n != DUMMY and float(v) - float(w) > noise)
        for n, v, w in zip(names, values, widths, strict=True)
    ]
    return tuple(sorted(rows, key=lambda index: -index.value))
