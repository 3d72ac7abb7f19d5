"""Verdicts as one list that is table and picture at once: figures, the paired difference drawn against what is worth
acting on, and, opened by a click or Enter, what is behind the row.

Plain HTML with small inline drawings: it needs no script, reads well aloud, and never means anything by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np

from sim.base import counts
from sim.base.text import pick, say
from sim.catalogue import measures, plural_unit
from sim.results.verdicts import Verdict
from sim.views.wording import better_in, figure, interval, judged, signed

WIDTH, HEIGHT, REACH = 220, 26, 4.0  # pixels; times worth acting on to either side
Lines = Callable[[Verdict], Sequence[Any]]


def forest(verdicts: Sequence[Verdict], behind: Lines) -> str:
    """Return the list as HTML. behind: what to show under a row."""
    heads = (say("baseline → reform"), say("difference [95 % interval]"),
             say("against what is worth acting on"), say("better in"))  # fmt: skip
    head = "".join(f"<span>{escape(pick(text))}</span>" for text in heads)
    rows = "".join(_row(v, behind(v)) for v in verdicts)
    return f'<div class="forest"><div class="forest-head" aria-hidden="true">{head}</div>{rows}</div>'


def _row(verdict: Verdict, lines: Sequence[Any]) -> str:
    row, c = measures()[verdict.measure], verdict.contrast
    mark = "● " if verdict.primary else ""
    cells = (
        f'<span class="what">{mark}{_text(row.text)} <small>{_text(plural_unit(row.unit))}</small></span>',
        f'<span class="grade {verdict.grade}">{_text(judged(verdict))}</span>',
        f"<span>{figure(c.baseline)} → {figure(c.reform)}</span>",
        f"<span><b>{signed(c.difference)}</b> <small>{interval(verdict)}</small></span>",
        f"<span>{drawing(c.difference, c.low, c.high, row.worth)}</span>",
        f"<span>{better_in(verdict)}</span>",
    )
    told = "".join(f"<li>{_text(line)}</li>" for line in lines)
    return (
        f'<details class="verdict" data-measure="{escape(verdict.measure)}"><summary>{"".join(cells)}</summary>'
        f"<ul>{told}</ul></details>"
    )


def _text(text: Any) -> str:
    return escape(pick(text))


def drawing(mean: float, low: float, high: float, worth: float) -> str:
    """Return a difference with its interval as a small drawing; beyond the edge it ends in an arrow."""
    if not np.isfinite(mean):
        return ""
    ends = [x if np.isfinite(x) else mean for x in (low, high)]
    at, a, b = (_across(x / worth) for x in (mean, *ends))
    beyond = abs(mean / worth) > REACH
    point = _arrow(mean > 0) if beyond else f'<circle cx="{at:.1f}" cy="13" r="4.5"/>'
    text = say("{size} times what is worth acting on", size=figure(abs(mean) / worth))
    band = (
        f'<rect class="band" x="{_across(-1):.1f}" y="3" width="{_across(1) - _across(-1):.1f}" height="20"/>'
    )
    zero = f'<line class="zero" x1="{_across(0):.1f}" x2="{_across(0):.1f}" y1="0" y2="{HEIGHT}"/>'
    line = f'<line class="reach" x1="{a:.1f}" x2="{b:.1f}" y1="13" y2="13"/>'
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{_text(text)}">{band}{zero}{line}{point}</svg>'
    )


def _across(times: float) -> float:
    return WIDTH / 2 + (WIDTH / 2 - 8) * float(np.clip(times / REACH, -1, 1))


def _arrow(right: bool) -> str:
    x, d = (WIDTH - 1, -10) if right else (1, 10)
    return f'<polygon points="{x},13 {x + d},7 {x + d},19"/>'


def detectable(history: Sequence[tuple[int, float]], worth: float) -> str:
    """Return how the minimum detectable difference fell as pairs finished, drawn against what is worth acting on.

    history: (pairs, minimum detectable difference), in order of pairs.
    """
    known = [(n, x) for n, x in history if np.isfinite(x)]
    if len(known) < 2:
        return ""
    most, width, height = max(worth * 1.5, *(x for _, x in known)), 260, 60
    first, last = known[0][0], known[-1][0]
    points = " ".join(
        f"{10 + (width - 20) * (n - first) / max(last - first, 1):.1f},{height - 6 - (height - 12) * x / most:.1f}"
        for n, x in known
    )
    y = height - 6 - (height - 12) * worth / most
    text = say("smallest difference that would be found: {a} with {n}, {b} with {m}; worth acting on: {worth}",
               a=figure(known[0][1]), n=counts.pairs(first), b=figure(known[-1][1]), m=counts.pairs(last),
               worth=figure(worth))  # fmt: skip
    return (
        f'<svg class="mde" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{_text(text)}">'
        f'<line class="zero" stroke-dasharray="4 3" x1="0" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<polyline points="{points}"/></svg><p class="quiet">{_text(text)}</p>'
    )
