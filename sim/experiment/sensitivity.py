"""Which inputs an effect hangs on: Morris or Sobol indices where the design was made for them, else given-data ones.

The output is the effect of one policy on one outcome, averaged over the seeds of a row. A dummy that moves nothing
stands beside the inputs: whatever is no larger than the dummy's index is not told from noise. All rows have the same
seeds, so a plan's dummy is exactly zero however much of an index is luck: an input that only changes who is lucky looks
important. What such an input would show is measured from how seeds disagree from row to row, and asked for as well.
On other samples SALib's PAWN (distance of distributions, needs no plan) is used, held against random columns, which
feel luck; correlated inputs of a calibrated set share their credit there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from sim.base.errors import ShequError
from sim.base.text import counted, say
from sim.catalogue import assumptions
from sim.experiment.sampling import DUMMY, MORRIS_LEVELS, planned, problem, varied
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, effects, inputs
from sim.scenario.design import Design

LEAST_ROWS, BLOCKS, MOST_SLICES, LEAST_IN_SLICE = 64, 19, 10, 16


@dataclass(frozen=True)
class Index:
    """One input's index with its 95 % half-width. stands_out: beyond the dummy's upper end and beyond luck."""

    name: str
    value: float
    half_width: float
    stands_out: bool


@dataclass(frozen=True)
class Sensitivity:
    """The indices of one policy and outcome, largest first. method: morris, saltelli or pawn; rows: used.

    luck: the index that luck alone would give (pawn: the largest of all, once in twenty times); NaN where one seed
    cannot tell.
    """

    arm: str
    measure: str
    method: str
    rows: int
    indices: tuple[Index, ...]
    luck: float = float("nan")

    @property
    def chance(self) -> float:
        """Return what an input must exceed: the dummy's upper end and what luck alone would give."""
        dummy = next((i.value + i.half_width for i in self.indices if i.name == DUMMY), float("nan"))
        return float(np.nanmax([0.0, dummy, self.luck]))


@dataclass(frozen=True)
class Survivors:
    """What a second step goes on with: whatever is beyond chance in at least one effect, the strongest first.

    names: inputs or groups as they were moved; all: how many were; only: their assumptions, for `only:` of the second
    design; by_group: whether mechanisms were moved as wholes; luck_known: whether seeds told what luck alone gives.
    """

    names: tuple[str, ...]
    all: int
    only: tuple[str, ...]
    by_group: bool
    luck_known: bool


def survivors(design: Design, found: Sequence[Sensitivity]) -> Survivors:
    """Return what survives over some effects of a design."""
    strength: dict[str, float] = {}
    for one in found:
        largest = max(index.value for index in one.indices)
        for index in one.indices:
            if index.stands_out:
                strength[index.name] = max(strength.get(index.name, 0.0), index.value / largest)
    names = tuple(sorted(strength, key=lambda name: -strength[name]))
    moved = {index.name for one in found for index in one.indices} - {DUMMY}
    groups: dict[str, list[str]] = {}
    for name in varied(design) if moved & {row.mechanism for row in assumptions().values()} else ():
        groups.setdefault(assumptions()[name].mechanism if name in assumptions() else name, []).append(name)
    inputs = [name for survivor in names for name in groups.get(survivor, [survivor])]
    only = tuple(name for name in inputs if name in assumptions())
    return Survivors(names, len(moved), only, bool(groups), all(not np.isnan(one.luck) for one in found))


def output(folder: RunFolder, arm: str, measure: str, window: str = LATE) -> pl.DataFrame:
    """Return one effect a row of the design, seeds averaged; raises ShequError where there is none."""
    here = (pl.col("arm") == arm) & (pl.col("measure") == measure) & (pl.col("window") == window)
    found = effects(folder).filter(here & pl.col("effect").is_not_nan())
    if found.is_empty():
        raise ShequError(say("the sweep holds no effect of {arm} on {measure}", arm=arm, measure=measure))
    common = found["effect"] - found.select(pl.col("effect").mean().over("seed"))["effect"]
    found = found.with_columns(common.alias("own"))
    return (
        found.group_by("row")
        .agg(pl.col("effect").mean(), (pl.col("own").var() / pl.len()).alias("noise"))
        .sort("row")
    )


def analyse(design: Design, folder: RunFolder, arm: str, measure: str, window: str = LATE) -> Sensitivity:
    """Return what an effect hangs on; raises ShequError where too few rows are there."""
    found = output(folder, arm, measure, window)
    if design.sampler in ("morris", "saltelli"):
        return _planned(design, arm, measure, found)
    if len(found) < LEAST_ROWS:
        what = counted(
            "{n} row is too little to tell inputs apart; {least} are needed",
            "{n} rows are too few to tell inputs apart; {least} are needed",
            n=len(found),
            least=LEAST_ROWS,
        )
        raise ShequError(what)
    return _given(folder, arm, measure, found)


def _planned(design: Design, arm: str, measure: str, found: pl.DataFrame) -> Sensitivity:
    """Analyse a plan of SALib; every row of it must be there."""
    table, space = planned(design), problem(design)
    if len(found) != len(table):
        what = counted(
            "{n} of {all} rows of the plan is there; run the sweep to its end",
            "{n} of {all} rows of the plan are there; run the sweep to its end",
            n=len(found),
            all=len(table),
        )
        raise ShequError(what)
    y = found["effect"].to_numpy()
    if not np.ptp(y):
        raise ShequError(
            say("the effect of {arm} on {measure} is the same in every row", arm=arm, measure=measure)
        )
    mean = found["noise"].mean()
    noise = mean if isinstance(mean, float) else float("nan")
    if design.sampler == "morris":
        from SALib.analyze import morris

        result = morris.analyze(space, table, y, num_levels=MORRIS_LEVELS, seed=design.seed)
        names, values, widths = result["names"], result["mu_star"], result["mu_star_conf"]
        step = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))
        luck = (
            2 * np.sqrt(noise / np.pi) / step
        )  # mean absolute difference of two normal noises, over the step
    else:
        from SALib.analyze import sobol

        result = sobol.analyze(space, y, calc_second_order=False, seed=design.seed)
        names = list(dict.fromkeys(space.get("groups", space["names"])))
        values, widths, luck = result["ST"], result["ST_conf"], noise / float(np.var(y))
    ranked = _ranked(names, values, widths, luck)
    return Sensitivity(arm, measure, design.sampler, len(found), ranked, float(luck))


def _given(folder: RunFolder, arm: str, measure: str, found: pl.DataFrame) -> Sensitivity:
    """Analyse whatever rows are there by SALib's PAWN; an input stands out that is beyond the largest of the null."""
    table = inputs(folder).join(found.drop("noise"), on="row").sort("row")
    names = [c for c in table.columns if c not in ("row", "effect") and table[c].n_unique() > 1]
    values = _pawn(np.column_stack([table[n].to_numpy() for n in names]), table["effect"].to_numpy())
    null = _null(len(table), len(names))
    rows = [
        Index(n, float(v), float("nan"), bool(v > null.max())) for n, v in zip(names, values, strict=True)
    ]
    rows.append(Index(DUMMY, float(null.mean()), float("nan"), False))
    ordered = tuple(sorted(rows, key=lambda index: -index.value))
    return Sensitivity(arm, measure, "pawn", len(table), ordered, float(null.max()))


@lru_cache(maxsize=32)
def _null(n: int, k: int) -> np.ndarray:
    """Return PAWN's index of random columns, nineteen for each of k inputs.

    It is made of ranks, so it hangs on the number of rows alone. The largest of k inputs that do nothing exceeds all of
    them once in twenty times.
    """
    rng = np.random.default_rng(0)
    return _pawn(rng.random((n, k * BLOCKS)), np.arange(n, dtype=float))


def _pawn(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the mean over slices of each input of how far the outcome in a slice is from the whole (0 to 1)."""
    from SALib.analyze import pawn

    space = {"num_vars": x.shape[1], "names": [str(k) for k in range(x.shape[1])]}
    return np.asarray(pawn.analyze(space, x, y, S=max(2, min(MOST_SLICES, len(y) // LEAST_IN_SLICE)))["mean"])


def _ranked(
    names: list[str], values: np.ndarray, widths: np.ndarray, luck: float = float("nan")
) -> tuple[Index, ...]:
    """Return indices, largest first, each held against the dummy's upper end and what luck alone would give."""
    at = list(names).index(DUMMY)
    noise = float(np.nanmax([values[at] + widths[at], luck]))
    rows = [
        Index(str(n), float(v), float(w), n != DUMMY and float(v) - float(w) > noise)
        for n, v, w in zip(names, values, widths, strict=True)
    ]
    return tuple(sorted(rows, key=lambda index: -index.value))
