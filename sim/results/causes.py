"""Why an outcome moved: the accounts by cause of one pair, in the unit the outcome is shown in.

A stock's account is a flow: what a cause added and took each month. Its part in a window is the mean, over the
window's months, of what it had moved by then since the first recorded month. A rate's account is a level: what a cause
contributed to those who took part; its part is the pooled share of the window. Either way the parts of all causes sum
to the outcome's change (or level), and their differences between arms to the difference of the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sim.base.errors import InputError, ShequError, nearest
from sim.base.text import say
from sim.catalogue import groups, measures
from sim.results.tables import EVERYONE, WHOLE_PLACE, RunTables

Window = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """What one cause did in each arm. cause: None for the sum of all, which is what was observed."""

    cause: str | None
    baseline: float
    reform: float

    @property
    def difference(self) -> float:
        """What the cause did more under the reform."""
        return self.reform - self.baseline


def explainable() -> list[str]:
    """Return the measures whose causes can be booked: those of stocks, and the rates of participation."""
    return [n for n, row in measures().items() if row.stock or n.startswith("participation.")]


def measure_named(name: str) -> str:
    """Return the measure meant by its id, its stock's name or its first word; raises ShequError naming the nearest."""
    for fits in (
        lambda m: name in (m, measures()[m].stock),
        lambda m: m.split(".")[0] == name,
        lambda m: m.split(".")[-1] == name,
    ):
        found = [m for m in explainable() if fits(m)]
        if found:
            return found[0]
    hint = nearest(name, explainable()) or ", ".join(explainable())
    raise InputError(say("no account is kept of {name}; nearest: {hint}", name=name, hint=hint))


def group_position(group: str, value: str) -> int:
    """Return where a value of a group stands in the tables; raises ShequError."""
    names = [(g, v.id) for g, row in groups().items() for v in row.values]
    if (group, value) not in names:
        known = [f"{g}={v}" for g, v in names]
        hint = nearest(f"{group}={value}", known) or ", ".join(known)
        raise InputError(say("no group {name}; nearest: {hint}", name=f"{group}={value}", hint=hint))
    return names.index((group, value))


def causes_of(
    arms: tuple[RunTables, RunTables], measure: str, start: int, window: Window, group: int = EVERYONE
) -> list[Part]:
    """Return what each cause did, largest difference first, and last the sum of all.

    arms: baseline and reform of one pair. start: first reported month. group: a position among all groups' values.
    Raises ShequError where the run kept no accounts.
    """
    parts = [_by_cause(tables, measure, start, window, group) for tables in arms]
    names = {cause for part in parts for cause in part}
    rows = [Part(cause, *(part.get(cause, 0.0) for part in parts)) for cause in names]
    rows.sort(key=lambda part: (-abs(part.difference), part.cause))
    return [*rows, Part(None, *(sum(part.values()) for part in parts))]


def _by_cause(tables: RunTables, measure: str, start: int, window: Window, group: int) -> dict[str, float]:
    row = measures()[measure]
    area = pl.col("area") == WHOLE_PLACE if group != EVERYONE else pl.col("area") != WHOLE_PLACE
    here = (pl.col("stock") == (row.stock or measure)) & (pl.col("group") == group) & area
    booked = tables.accounts.filter(here & (pl.col("month") < start + window[1]))
    if booked.is_empty():
        raise ShequError(say("this run kept no accounts of {name}; run it with --record full", name=measure))
    months = booked["month"].unique().to_list()
    shown = [m for m in months if m >= start + window[0]]
    weight = _weights(tables, measure, group)
    net = booked.group_by("month", "cause").agg((pl.col("gain") - pl.col("loss")).sum().alias("net"))
    flows = {(m, c): v for m, c, v in net.iter_rows()}
    found = {}
    for cause in net["cause"].unique():
        per_month = {m: flows.get((m, cause), 0.0) for m in months}
        if row.stock:
            # A month's flow is still there in each later month of the window.
            total = sum(v / weight[m] * sum(s >= m for s in shown) for m, v in per_month.items()) / len(shown)
        else:
            total = sum(per_month[m] for m in shown) / sum(weight[m] for m in shown)
        found[cause] = row.scale * total
    return found


def _weights(tables: RunTables, measure: str, group: int) -> dict[int, float]:
    """Return, per month, how many the measure is a mean over."""
    level, unit = ("place", 0) if group == EVERYONE else ("group", group)
    here = (pl.col("measure") == measure) & (pl.col("level") == level) & (pl.col("unit") == unit)
    return dict(tables.outcomes.filter(here).select("month", "denominator").iter_rows())
