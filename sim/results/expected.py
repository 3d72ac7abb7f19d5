"""What documents count, beside the model's value: shown, never fitted, each with what a match would mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.base.calendar import format_month
from sim.base.text import Message, say
from sim.catalogue import measures, unit_text
from sim.results.shipped import LEVELS, REFORM, Outcomes
from sim.rules.words import figure
from sim.scenario.resolved import Expect, ResolvedScenario

LATE = "late"
DIVISOR: dict[str, Callable[[ResolvedScenario], float]] = {
    "": lambda _: 1.0,
    "1000_households": lambda scenario: scenario.place.households / 1000,
    "community": lambda scenario: float(scenario.frame.n_areas),
}


def columns() -> list[Message]:
    """Return the headings of a row."""
    return [
        say("counted in a document"),
        say("the document's figure"),
        say("the model's value"),
        say("what a match would mean"),
        say("ledger"),
    ]


def rows(scenario: ResolvedScenario, outcomes: Outcomes | None) -> list[list[Any]]:
    """Return a row for every figure that a document counts of a scenario."""
    return [
        [
            counted(row),
            documents_figure(row, scenario),
            models_value(row, scenario, outcomes),
            row.means or "–",
            ", ".join(row.evidence),
        ]
        for row in scenario.expects
    ]


def counted(row: Expect) -> Any:
    """Return what is counted, in the document's words where it says."""
    return row.what or (measures()[row.measure].text if row.measure in measures() else row.measure)


def documents_figure(row: Expect, scenario: ResolvedScenario) -> Any:
    """Return the document's figure, and in the measure's own unit where that is another."""
    known = [x for x in (row.first, row.last) if x is not None]
    said = say("{figures} {unit}", figures=" → ".join(figure(x) for x in known), unit=row.unit or _unit(row))
    months = " → ".join(format_month(month) for month in (row.since, row.at) if month is not None)
    if months:
        said = say("{said} ({months})", said=said, months=months)
    if not row.per or row.measure not in measures():
        return said
    here = " → ".join(f"{x / DIVISOR[row.per](scenario):.3g}" for x in known)
    return say("{said}; here that is {here} {what}", said=said, here=here, what=PER[row.per])


PER = {"1000_households": say("per 1000 households"), "community": say("per community")}


def _unit(row: Expect) -> dict[str, str]:
    return unit_text(measures()[row.measure].unit) if row.measure in measures() else {"en": "", "zh": ""}


def models_value(row: Expect, scenario: ResolvedScenario, outcomes: Outcomes | None) -> Any:
    """Return the mean over pairs with the lowest and the highest, at the months asked for or over the late window."""
    if row.put_in:
        return say("put in by the scenario")
    if row.measure not in measures():
        return say("no measure of it")
    if outcomes is None or outcomes.about(scenario.id) is None:
        return say("not computed")
    windows = [format_month(month) for month in row.months] or [LATE]
    arm = LEVELS if scenario.timeline.is_empty else REFORM
    found = [outcomes.value(scenario.id, arm, row.measure, window) for window in windows]
    return " → ".join(_spread(values[np.isfinite(values)]) for values in found)


def _spread(values: np.ndarray) -> str:
    if not len(values):
        return "–"
    return f"{values.mean():.3g} [{values.min():.3g}, {values.max():.3g}]"
