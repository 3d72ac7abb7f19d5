"""Who gains, who loses: paired differences by group of residents and by post held at the start, simultaneously sure.

All groups shown share one family of intervals, so that the worst-off may be picked after looking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from sim.catalogue import groups, kinds, measures
from sim.results.paired import Contrast, contrast, critical_value, grade
from sim.results.store import RunFolder
from sim.results.verdicts import per_sample

FEW = 30.0  # people a group must have for its figures to be shown


@dataclass(frozen=True)
class GroupVerdict:
    """One outcome of one group in the last window. group: its id; value: which of its values; people: how many cases,
    staff or adults stand behind a month of it.

    unit: its row in the store; grade: what may be said of it, as of any outcome. worst: whether of several
    values of this outcome it is the one that comes off worst; overlapping: with how many other groups' intervals its
    own then shares values, so that it is not sure to be the worst. few: too few people to show.
    """

    measure: str
    group: str
    value: str
    people: float
    contrast: Contrast
    unit: int = 0
    grade: str = "not_distinguishable"
    worst: bool = False
    overlapping: int = 0

    @property
    def few(self) -> bool:
        """Whether so few people are in the group that its figures are not shown."""
        return self.people < FEW


def group_verdicts(folder: RunFolder, kind: str = "groups", *, others: bool = False) -> list[GroupVerdict]:
    """Return the verdicts of primary outcomes by group, or of all outcomes of staff by the post held at the start.

    kind: "groups" or "posts". others: the outcomes that are not primary instead, with pointwise intervals, of which
    nothing is claimed. Marginal groups only; crossings are left to whoever asks for them.
    """
    manifest = folder.manifest()
    rows = folder.read(kind).sort("pair")
    first, last = list(manifest["windows"].values())[-1]
    names = _units(kind)
    known = set(rows["measure"].to_list())
    pairs = _independent(rows, manifest)
    wanted = manifest["primary"] if kind == "groups" and not others else list(measures())
    wanted = [m for m in wanted if not (others and m in manifest["primary"])]
    primary = [m for m in wanted if m in known]
    found = []
    for measure in primary:
        mine = rows.filter(pl.col("measure") == measure)
        found += [
            (
                measure,
                unit,
                name,
                *_both(mine.filter(pl.col("unit") == unit), pairs, measure, last - first, manifest),
            )
            for unit, name in enumerate(names)
            if name is not None and unit in set(mine["unit"].to_list())
        ]
    shown = [other - base for *_, base, other, people in found if people >= FEW]
    family = [shown[0][:, None]] if others and shown else [np.stack(shown, axis=1)] if shown else []
    critical = critical_value(family[0]) if family else float("nan")
    verdicts = []
    for measure, unit, name, base, other, people in found:
        row = measures()[measure]
        judged = contrast(base, other, critical, row.worth, row.better)
        verdicts.append(GroupVerdict(measure, *name, people, judged, unit, grade(judged, row.worth)))
    return verdicts if others else _with_worst(verdicts)


def _units(kind: str) -> list[tuple[str, str] | None]:
    """Return the (group, value) of every unit of a level in order, None for what is not shown by itself."""
    if kind == "posts":
        return [("post", name) for name in kinds()]
    return [
        None if group.of else (name, value.id) for name, group in groups().items() for value in group.values
    ]


def _independent(rows: pl.DataFrame, manifest: dict) -> pl.DataFrame:
    """Return the pairs of a run, or its samples: the same for every group, though some pairs lack one."""
    every = rows.select("pair").unique()
    return per_sample(every.with_columns(value=0.0), manifest, []).select("pair")


def _both(
    rows: pl.DataFrame, pairs: pl.DataFrame, measure: str, months: int, manifest: dict
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return both arms' values by pair, or by sample, in the unit shown, and how many people stand behind them.

    A group that only one arm has (posts of a body that the reform opens) has no value in the other: nothing to compare;
    nor has a pair in which nobody held the post.
    """
    share = pl.when(pl.col("denominator") != 0).then(pl.col("numerator") / pl.col("denominator"))
    formed = rows.with_columns(value=measures()[measure].scale * share.fill_null(float("nan")))
    formed = per_sample(formed, manifest, ["arm"])
    values = [
        pairs.join(formed.filter(pl.col("arm") == arm), on="pair", how="left")
        .sort("pair")["value"]
        .to_numpy()
        for arm in ("baseline", "reform")
    ]
    people = rows.filter(pl.col("arm") == "baseline")["denominator"].drop_nulls().to_numpy()
    behind = float(people.mean()) if len(people) else 0.0
    return values[0], values[1], behind / max(months, 1)


def _with_worst(verdicts: list[GroupVerdict]) -> list[GroupVerdict]:
    """Mark, for each outcome in which a direction is better, the group that comes off worst."""
    found = list(verdicts)
    for measure in dict.fromkeys(v.measure for v in verdicts):
        sign = {"up": 1.0, "down": -1.0}.get(measures()[measure].better)
        shown = [
            (sign * v.contrast.difference, k)
            for k, v in enumerate(verdicts)
            if sign and v.measure == measure and not v.few and np.isfinite(v.contrast.difference)
        ]
        if len(shown) > 1:
            worst = min(shown)[1]
            others = [verdicts[k].contrast for _, k in shown if k != worst]
            meeting = sum(_meet(verdicts[worst].contrast, c) for c in others)
            found[worst] = replace(verdicts[worst], worst=True, overlapping=meeting)
    return found


def _meet(one: Contrast, other: Contrast) -> bool:
    """Return whether two intervals share values; where one is unknown they may."""
    return not (one.low > other.high or one.high < other.low)
