"""The picture of a scenario's page: its primary outcomes by quarter, without the reform and with it, as plain SVG.

Written as text from the shipped paths, so that the same numbers give the same bytes and letters are the reader's own.
Readable without colour: the baseline is dashed, the reform solid, the first change a dotted line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np
import polars as pl

from sim.base import counts
from sim.base.calendar import format_month
from sim.base.text import Message, pick, say
from sim.catalogue import measures, plural_unit
from sim.results.shipped import BASELINE, LEVELS, QUARTER, REFORM, Outcomes

ACROSS = 3
WIDTH, PLOT_WIDTH, PLOT_HEIGHT, LEFT, TOP, CELL_HEIGHT = 860, 220, 110, 46, 44, 190
HEAD = 30
LETTERS = {"en": 40, "zh": 19}
LINES = {BASELINE: ("#8a94a0", "5 3"), LEVELS: ("#0b5f8a", ""), REFORM: ("#0b5f8a", "")}
INK, DOT = "#1c2733", "1.5 2.5"
NAMES = {BASELINE: say("baseline"), REFORM: say("reform"), LEVELS: say("as it is")}
ROOM = 0.06


def picture(scenario: str, outcomes: Outcomes, lang: str) -> str:
    """Return the picture of a scenario whose outcomes are shipped, in one language."""
    about = outcomes.made["scenarios"][scenario]
    rows = outcomes.paths.filter(pl.col("scenario") == scenario)
    names = [m for m in about["primary"] if m in set(rows["measure"].to_list())]
    height = HEAD + CELL_HEIGHT * -(-len(names) // ACROSS)
    parts = [_head(height), f"<title>{escape(pick(caption(outcomes), lang))}</title>", *_legend(rows, lang)]
    for i, name in enumerate(names):
        x, y = i % ACROSS * (WIDTH // ACROSS), HEAD + i // ACROSS * CELL_HEIGHT
        mine = rows.filter(pl.col("measure") == name)
        parts += [f'<g transform="translate({x},{y})">', *_panel(mine, name, about, lang), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _head(height: int) -> str:
    letters = f'font-family="sans-serif" font-size="10" fill="{INK}"'
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    ground = f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {letters} role="img">{ground}'


def caption(outcomes: Outcomes) -> Message:
    """Return what the picture shows, in a sentence."""
    return say(
        "Primary outcomes by quarter: means over {pairs}, with pointwise 95 % bands; each axis has its own range",
        pairs=counts.pairs(outcomes.made["made"]["pairs"]),
    )


def _legend(rows: pl.DataFrame, lang: str) -> Iterator[str]:
    here = [arm for arm in NAMES if arm in set(rows["arm"].to_list())]
    x = LEFT
    for arm in here:
        colour, dashes = LINES[arm]
        yield _line(x, 14, x + 28, 14, colour, dashes, 2)
        yield f'<text x="{x + 34}" y="18">{escape(pick(NAMES[arm], lang))}</text>'
        x += 120
    if REFORM in here:
        yield _line(x, 14, x + 28, 14, INK, DOT, 1)
        yield f'<text x="{x + 34}" y="18">{escape(pick(say("first change"), lang))}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str, width: float) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"{dashed}/>'


def _panel(rows: pl.DataFrame, name: str, about: dict[str, Any], lang: str) -> Iterator[str]:
    row = measures()[name]
    title = f"{pick(row.text, lang)} ({pick(plural_unit(row.unit), lang)})"
    for k, words in enumerate(textwrap.wrap(title, LETTERS[lang])[:2]):
        yield f'<text x="{LEFT - 40}" y="{14 + 12 * k}" font-weight="bold">{escape(words)}</text>'
    low, high = _span(rows, row.worth)
    for value in (low, high):
        y = _up(value, low, high)
        yield f'<text x="{LEFT - 4}" y="{y + 3:.1f}" text-anchor="end">{value:.3g}</text>'
    yield _line(LEFT, TOP, LEFT, TOP + PLOT_HEIGHT, INK, "", 0.7)
    yield _line(LEFT, TOP + PLOT_HEIGHT, LEFT + PLOT_WIDTH, TOP + PLOT_HEIGHT, INK, "", 0.7)
    yield from _years(about)
    for (arm,), part in rows.sort("arm", "quarter").group_by("arm", maintain_order=True):
        yield from _path(part, str(arm), low, high, about["months"])


def _span(rows: pl.DataFrame, worth: float) -> tuple[float, float]:
    """Return the axis: all of the bands with some room, and never less than what is worth acting on."""
    mean, half = rows["mean"].to_numpy().astype(float), rows["half"].to_numpy().astype(float)
    low, high = float((mean - half).min()), float((mean + half).max())
    room = max(ROOM * (high - low), (worth - (high - low)) / 2)
    return max(0.0, low - room) if low >= 0 else low - room, high + room


def _up(value: float, low: float, high: float) -> float:
    return TOP + PLOT_HEIGHT * (high - value) / (high - low)


def _along(month: float, months: int) -> float:
    return LEFT + PLOT_WIDTH * month / months


def _years(about: dict[str, Any]) -> Iterator[str]:
    months, bottom = about["months"], TOP + PLOT_HEIGHT
    for month in range(0, months + 1, 12):
        x = _along(month, months)
        yield _line(x, bottom, x, bottom + 3, INK, "", 0.7)
        at = f'x="{x:.1f}" y="{bottom + 14}" text-anchor="middle" font-size="8"'
        yield f"<text {at}>{format_month(about['start'] + month)}</text>"
    if about["kind"] != LEVELS:
        x = _along(about["windows"]["early"][0], months)
        yield _line(x, TOP, x, bottom, INK, DOT, 1)


def _path(rows: pl.DataFrame, arm: str, low: float, high: float, months: int) -> Iterator[str]:
    x = [_along(QUARTER * (q + 0.5), months) for q in rows["quarter"].to_list()]
    mean, half = rows["mean"].to_numpy().astype(float), rows["half"].to_numpy().astype(float)
    upper = [_up(v, low, high) for v in np.minimum(mean + half, high)]
    lower = [_up(v, low, high) for v in np.maximum(mean - half, low)]
    colour, dashes = LINES[arm]
    ring = [*zip(x, upper, strict=True), *reversed(list(zip(x, lower, strict=True)))]
    yield f'<polygon points="{_points(ring)}" fill="{colour}" fill-opacity="0.2"/>'
    middle = zip(x, [_up(v, low, high) for v in mean], strict=True)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    yield f'<polyline points="{_points(middle)}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed}/>'


def _points(points: Any) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
