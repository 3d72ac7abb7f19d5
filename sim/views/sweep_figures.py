"""Figures of what was found in a sweep, as SVG: what effects hang on, where a policy gains, how policies stand.

Readable without colour: what counts is filled, what is no more than chance is open; thresholds are dashed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.base import counts
from sim.base.text import pick, say
from sim.catalogue import assumptions, levers, measures, plural_unit
from sim.views.figures import ACCENT, INK, PALE, SOFT, Form, filled_to, style, svg
from sim.views.sweeps import DUMMY, INDEX, input_name, name_of

INPUTS, ACROSS, TICKS, LABEL, TITLE, LONG_TITLE = 8, 2, 6, 34, 60, 105
PANEL_WIDE, ROW_HIGH = 6.2, 0.36
FILLED: dict[str, Any] = {"marker": "o", "markerfacecolor": ACCENT, "markeredgecolor": INK}
OPEN: dict[str, Any] = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": INK}


def draw_sensitivity(found: Sequence[Any], form: Form = svg) -> Any:
    """Return each effect's largest indices with their intervals against what chance alone gives: a panel an effect."""
    high = 1.1 + ROW_HIGH * max(min(len(one.indices), INPUTS + 1) for one in found)
    chance = say("dashed: what an input that does nothing would give by chance")
    marks = [
        Line2D([], [], linestyle="none", label=pick(say("beyond chance")), **FILLED),
        Line2D([], [], linestyle="none", label=pick(say("not told from chance")), **OPEN),
        Line2D([], [], color=INK, linewidth=1, linestyle=(0, (4, 2)), label=pick(chance)),
    ]
    if any(not math.isnan(index.half_width) for one in found for index in one.indices):
        marks.append(Line2D([], [], color=INK, linewidth=1.2, label=pick(say("95 %"))))
    return _panels(found, _indices, high, marks, form)


def draw_discovery(found: Sequence[Any], form: Form = svg) -> Any | None:
    """Return the rows over the two strongest limits of each box, the box among them; None where there is no box."""
    boxes = [one for one in found if one.limits]
    if not boxes:
        return None
    marks: list[Any] = [
        Line2D([], [], linestyle="none", label=pick(say("row with a gain worth acting on")), **FILLED),
        Line2D([], [], linestyle="none", label=pick(say("row without")), **OPEN),
    ]
    if any(len(one.limits) > 2 for one in boxes):
        words = pick(say("row beyond a further limit"))
        marks.append(Line2D([], [], linestyle="none", marker=".", color=SOFT, label=words))
    if any(one.reproduces for one in boxes):
        words = pick(say("the box"))
        marks.append(Rectangle((0, 0), 1, 1, facecolor=PALE, edgecolor=INK, linestyle="--", label=words))
    return _panels(boxes, _box, 4.1, marks, form)


def draw_ranking(found: Any, form: Form = svg, place: Any = None) -> Any:
    """Return the regret of every policy over the rows: middle half, middle 90 %, mean and worst tenth.

    place: its title, where there are several.
    """
    standings = found.shown[::-1]
    with mpl.rc_context(style()):
        figure = Figure(figsize=(9.0, 1.5 + 0.5 * len(standings)), layout="constrained")
        axis = figure.subplots()
        for y, one in enumerate(standings):
            _regret(axis, y, found.regrets[one.arm], one)
        names = [pick(say("the place alone")) if s.arm == "baseline" else s.arm for s in standings]
        axis.set_yticks(range(len(standings)), [filled_to(name, LABEL) for name in names])
        axis.set_ylim(-0.6, len(standings) - 0.4)
        axis.tick_params(axis="y", length=0)
        axis.set_xlim(left=0)
        axis.set_xlabel(
            pick(say("regret: what the best policy of the row gains more, in units of worth acting on"))
        )
        axis.set_title(_standing_title(found, place), loc="left", fontsize=10)
        tenth = pick(say("worst tenth begins"))
        marks = [
            Line2D([], [], linestyle="none", label=pick(say("mean")), **FILLED),
            Line2D([], [], linestyle="none", marker="|", ms=11, mew=2, color=INK, label=tenth),
            Rectangle((0, 0), 1, 1, facecolor=PALE, edgecolor=INK, label=pick(say("middle half of rows"))),
            Line2D([], [], color=INK, linewidth=1.2, label=pick(say("90 % of rows"))),
        ]  # fmt: skip
        figure.legend(handles=marks, loc="outside lower center", ncols=4, frameon=False)
        return form(figure)


def _standing_title(found: Any, place: Any) -> str:
    words = say("least regret first; {rows}", rows=counts.rows(found.rows)) if found.told_apart else say(
        "not ranked, in the order of names; {rows}", rows=counts.rows(found.rows)
    )  # fmt: skip
    words = say("{title}: {place}", title=words, place=place) if place else words
    return filled_to(pick(words), LONG_TITLE)


def _regret(axis: Any, y: int, regret: np.ndarray, one: Any) -> None:
    """Draw one policy's regret, and in how many rows it is best."""
    low, first, third, high = np.quantile(regret, [0.05, 0.25, 0.75, 0.95])
    axis.hlines(y, low, high, color=INK, linewidth=1.2)
    axis.add_patch(Rectangle((first, y - 0.2), third - first, 0.4, facecolor=PALE, edgecolor=INK, zorder=2))
    axis.plot(one.regret_high, y, "|", ms=11, mew=2, color=INK, zorder=3)
    axis.plot(one.regret, y, linestyle="none", ms=6, zorder=4, **FILLED)
    best = pick(say("best in {share}", share=f"{100 * one.best:.0f} %"))
    axis.text(1.01, y, best, transform=axis.get_yaxis_transform(), va="center")


def _panels(
    found: Sequence[Any], panel: Callable[[Any, Any], None], high: float, marks: list[Any], form: Form
) -> Any:
    """Return one picture with a panel for each finding, and one legend."""
    with mpl.rc_context(style()):
        across = min(ACROSS, len(found))
        down = math.ceil(len(found) / across)
        figure = Figure(figsize=(max(PANEL_WIDE * across, 7.5), high * down + 0.5), layout="constrained")
        axes = figure.subplots(down, across, squeeze=False).ravel()
        for axis, one in zip(axes, found, strict=False):
            panel(axis, one)
        for axis in axes[len(found) :]:
            axis.set_axis_off()
        figure.legend(handles=marks, loc="outside lower center", ncols=len(marks), frameon=False)
        return form(figure)


def _titled(axis: Any, one: Any, below: Any) -> None:
    """Put over a panel whose effect it is, and under that what there is to know."""
    head = filled_to(pick(say("{policy}: {measure}", policy=one.arm, measure=name_of(one.measure))), TITLE)
    axis.set_title(f"{head}\n{filled_to(pick(below), TITLE + 18)}", loc="left", fontsize=9, linespacing=1.3)


def _indices(axis: Any, one: Any) -> None:
    shown = [*(i for i in one.indices if i.name != DUMMY)][:INPUTS]
    shown = [*shown, *(i for i in one.indices if i.name == DUMMY)][::-1]
    for y, index in enumerate(shown):
        if not math.isnan(index.half_width):
            axis.hlines(
                y, index.value - index.half_width, index.value + index.half_width, color=INK, linewidth=1.2
            )
        axis.plot(index.value, y, linestyle="none", ms=6, zorder=3, **(FILLED if index.stands_out else OPEN))
    axis.axvline(one.chance, color=INK, linewidth=1, linestyle=(0, (4, 2)))
    axis.set_yticks(range(len(shown)), [filled_to(pick(input_name(i.name)), LABEL) for i in shown])
    axis.set_ylim(-0.6, len(shown) - 0.4)
    axis.set_xlim(left=min(0.0, axis.get_xlim()[0]))
    axis.locator_params(axis="x", nbins=TICKS)
    axis.tick_params(axis="y", length=0)
    axis.set_xlabel(pick(INDEX[one.method]))
    _titled(axis, one, say("{n} of {all} inputs; {rows}", n=len(shown) - 1, all=len(one.indices) - 1,
                           rows=counts.rows(one.rows)))  # fmt: skip


def _box(axis: Any, one: Any) -> None:
    """Draw the rows over the strongest two limits, or over one limit and the effect where there is no other."""
    limits = sorted(one.limits, key=lambda limit: -limit.reproduce)
    first, rest = limits[0], limits[2:]
    across = first.name
    up = limits[1].name if len(limits) > 1 else "effect"
    inside = pl.lit(True)
    for limit in rest:
        inside &= pl.col(limit.name).is_between(limit.low, limit.high)
    near, far = one.points.filter(inside), one.points.filter(~inside)
    axis.plot(far[across], far[up], ".", ms=3, color=SOFT)
    for good, mark in ((False, OPEN), (True, FILLED)):
        here = near.filter(pl.col("good") == good)
        axis.plot(here[across], here[up], linestyle="none", ms=5, markeredgewidth=0.6, **mark)
    if one.reproduces:
        _outline(axis, first, limits[1] if len(limits) > 1 else None)
    if len(limits) == 1:
        row = measures()[one.measure]
        axis.axhline(
            -row.worth if row.better == "down" else row.worth, color=INK, linewidth=0.9, linestyle=":"
        )
    axis.set_xlabel(_axis_name(across))
    axis.set_ylabel(
        _axis_name(up) if up != "effect" else filled_to(pick(say("effect (dotted: worth acting on)")), 44)
    )
    _titled(axis, one, _shares(one))


def _outline(axis: Any, first: Any, second: Any | None) -> None:
    low, high = (second.low, second.high) if second else axis.get_ylim()
    size = (first.high - first.low, high - low)
    axis.add_patch(Rectangle((first.low, low), *size, facecolor=PALE, edgecolor="none", zorder=0))
    axis.add_patch(Rectangle((first.low, low), *size, fill=False, edgecolor=INK, linestyle="--", zorder=3))


def _shares(one: Any) -> Any:
    """Return the caption of a box: how dense it is, how much it covers; or that none is said."""
    whole = f"{100 * one.base:.0f} %"
    if not one.reproduces:
        return say("gains in {whole} of rows; no box is said", whole=whole)
    return say("gains in {whole} of rows, inside the box in {density}; the box holds {coverage} of gains", whole=whole,
               density=f"{100 * one.density:.0f} %", coverage=f"{100 * one.coverage:.0f} %")  # fmt: skip


def _axis_name(name: str) -> str:
    row = levers().get(name) or assumptions().get(name)
    if row is None:
        return filled_to(pick(input_name(name)), 44)
    return filled_to(pick(say("{measure} ({unit})", measure=row.text, unit=plural_unit(row.unit))), 44)
