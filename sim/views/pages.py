"""Results as pages of text and tables for the terminal, and as records for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from sim.base.text import Message, pick, say
from sim.catalogue import measures, plural_unit
from sim.results.bars import read_bars
from sim.results.grouped import group_verdicts
from sim.results.refused import refusals
from sim.results.resting import read_resting
from sim.results.verdicts import Comparison, Verdict
from sim.scenario.page import Page
from sim.views import bars, grouped, refused, resting
from sim.views.narrative import narrative
from sim.views.wording import (
    GRADES,
    SIDES,
    WINDOWS,
    asked_words,
    better_in,
    comparison_limits,
    figure,
    interval,
    judged,
    limits,
    pairs_needed,
    signed,
    window_words,
)

PRIMARY_MARK = "●"


def verdict_page(comparison: Comparison) -> Page:
    """Return the answer: limits first, then each window with participation and service load as separate blocks."""
    manifest = comparison.folder.manifest()
    page = Page(manifest["title"])
    page.add(None, *asked_words(manifest))
    page.add(say("Read this first"), *comparison_limits(comparison), *comparison.failed)
    for window in manifest["windows"]:
        name = window_words(manifest, window)
        page.add(say("{window}: in words", window=name), *narrative(comparison, window))
        for side, title in SIDES.items():
            rows = [narrow_row(v) for v in comparison.of(window, side)]
            page.table(say("{side}, {window}", side=title, window=name), narrow_columns(), rows, spare=(3,))
    found = read_bars(comparison.folder)
    if found:
        page.table(say("Policy, assumptions, chance"), bars.columns(), bars.rows(found), spare=(1, 6))
    page.add(None, bars.note() if found else bars.not_measured(manifest))
    rest = read_resting(comparison.folder)
    if rest:
        page.add(say("What the outcomes rest on"), *resting.lines(rest))
        page.add(say("The same by grade of evidence"), *resting.by_grade(rest), resting.note(manifest, rest))
    if comparison.folder.has("groups"):
        worst = grouped.worst_off(group_verdicts(comparison.folder))
        page.add(say("Who comes off worst, {window}", window=name), *worst, grouped.note())
    page.add(say("What is not claimed, and what would settle it"), *refused.lines(refusals(comparison)))
    page.add(
        None,
        primary_words(),
        say("found from: the smallest difference that these pairs find four times in five"),
        say("differences of outcomes in % are in percentage points"),
    )
    return page


def narrow_columns() -> list[Message]:
    """Return the headings of a verdict row that fits a terminal."""
    return [
        say("outcome"),
        say("baseline → reform"),
        say("difference [95 % interval]"),
        say("worth (found from)"),
        say("better in"),
        say("verdict"),
    ]


def narrow_row(verdict: Verdict) -> list[Any]:
    """Return one verdict as the cells that fit a terminal."""
    name, base, reform, difference, spread, better, worth, _, found_from, said = verdict_row(verdict)
    return [name, f"{base} → {reform}", f"{difference} {spread}", f"{worth} ({found_from})", better, said]


def glance_columns() -> list[Message]:
    """Return the headings of a primary outcome at a glance."""
    return [say("outcome"), say("baseline → reform"), say("difference [95 % interval]"), say("verdict")]


def glance_row(verdict: Verdict) -> list[Any]:
    """Return a primary outcome as the few cells that a first page has room for."""
    name, base, reform, difference, spread, *_ = verdict_row(replace(verdict, primary=False))
    return [name, f"{base} → {reform}", f"{difference} {spread}", GRADES[verdict.grade]]


def primary_words() -> Message:
    """Return what the mark of a primary outcome means."""
    return say(
        "● primary outcome: its interval is simultaneous with the other primary outcomes of the window"
    )


def detectable_words() -> Message:
    """Return what the columns about detectable differences mean."""
    return say(
        "found from: the smallest difference that these pairs find four times in five; pairs for it: how many would "
        "find what is worth acting on"
    )


def columns() -> list[Message]:
    """Return the headings of a verdict row."""
    return [
        say("outcome"),
        say("baseline"),
        say("reform"),
        say("difference"),
        say("95 % interval"),
        say("better in"),
        say("worth acting on"),
        say("pairs for it"),
        say("found from"),
        say("verdict"),
    ]


def verdict_row(verdict: Verdict) -> list[Any]:
    """Return one verdict as cells."""
    row, c = measures()[verdict.measure], verdict.contrast
    mark = PRIMARY_MARK if verdict.primary else ""
    return [
        say("{mark}{name} ({unit})", mark=mark, name=row.text, unit=plural_unit(row.unit)),
        figure(c.baseline),
        figure(c.reform),
        signed(c.difference),
        interval(verdict),
        better_in(verdict),
        figure(row.worth),
        pairs_needed(verdict),
        figure(c.mde),
        judged(verdict),
    ]


def method_columns() -> list[Message]:
    """Return the headings of a row of intervals by two methods."""
    return [
        say("outcome"),
        say("window"),
        say("Student's t"),
        say("bootstrap (BCa)"),
        say("shown above"),
    ]


def method_rows(comparison: Comparison) -> list[list[Any]]:
    """Return, from fifty pairs on, each primary outcome's interval by both methods; nothing below."""
    return [_method_row(v) for v in comparison.verdicts if v.primary and np.isfinite(v.contrast.other_low)]


def _method_row(verdict: Verdict) -> list[Any]:
    c = verdict.contrast
    other = f"[{figure(c.other_low, c.difference)}, {figure(c.other_high, c.difference)}]"
    both = (other, interval(verdict)) if c.method == "bca" else (interval(verdict), other)
    window = WINDOWS.get(verdict.window, verdict.window)
    shown = say("bootstrap (BCa)") if c.method == "bca" else say("Student's t")
    return [measures()[verdict.measure].text, window, *both, shown]


def verdict_records(comparison: Comparison) -> list[dict[str, Any]]:
    """Return every verdict with its full numbers, for machines; what does not exist is null."""
    return [
        {
            "measure": v.measure,
            "name": pick(measures()[v.measure].text),
            "unit": measures()[v.measure].unit,
            "side": measures()[v.measure].side,
            "window": v.window,
            "primary": v.primary,
            "worth": measures()[v.measure].worth,
            "grade": v.grade,
            **{k: _number(x) for k, x in asdict(v.contrast).items()},
        }
        for v in comparison.verdicts
    ]


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def levels_page(manifest: dict, rows: Mapping[str, Sequence[tuple]], notes: Sequence[str] = ()) -> Page:
    """Return the outcomes of one scenario as levels with their spread over replications; nothing is compared.

    rows: per window, (measure, mean, lowest, highest replication).
    """
    page = Page(manifest["title"])
    page.add(None, *asked_words(manifest))
    page.add(say("Read this first"), *limits(manifest), *notes)
    for window, found in rows.items():
        page.table(window_words(manifest, window), level_columns(), [_level_row(*row) for row in found])
    return page


def level_columns() -> list[Message]:
    """Return the headings of a row of levels."""
    return [say("outcome"), say("mean"), say("lowest to highest replication")]


def _level_row(measure: str, mean: float, low: float, high: float) -> list[Any]:
    row = measures()[measure]
    name = say("{name} ({unit})", name=row.text, unit=plural_unit(row.unit))
    return [name, figure(mean), f"{figure(low, mean)} – {figure(high, mean)}"]
