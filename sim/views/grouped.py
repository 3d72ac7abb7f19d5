"""Who gains and who loses, in words and as tables: groups of residents, and staff by the post held at the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.base.text import Message, say
from sim.catalogue import groups, kinds, measures, unit_text
from sim.results.grouped import FEW, GroupVerdict
from sim.views.cited import Cited, Source
from sim.views.wording import GRADES, figure, signed

WORST = "▼"


def group_text(verdict: GroupVerdict) -> Message | dict[str, str]:
    """Return the words for a group's value, or for a post held at the start."""
    if verdict.group == "post":
        return kinds()[verdict.value].text
    group = groups()[verdict.group]
    value = next(value for value in group.values if value.id == verdict.value)
    return say("{group}: {value}", group=group.text, value=value.text)


def worst_off(verdicts: Sequence[GroupVerdict]) -> list[Message]:
    """Return, for each outcome, which group comes off worst, and how sure that is."""
    return [_worst(v) for v in verdicts if v.worst]


def _worst(v: GroupVerdict) -> Message:
    row = measures()[v.measure]
    numbers = {name: group_number(v, name) for name in ("difference", "low", "high")}
    words = {"measure": row.text, "who": group_text(v), "unit": unit_text(row.unit)}
    if v.overlapping:
        return say(
            "{measure}: on average {who} come off worst, {difference} {unit} [{low}, {high}], but this interval meets "
            "those of {k} other groups",
            **words,
            **numbers,
            k=group_number(v, "overlapping"),
        )
    return say(
        "{measure}: {who} come off worst, {difference} {unit} [{low}, {high}]; {judged}",
        **words,
        **numbers,
        judged=GRADES[v.grade],
    )


STATISTICS = {
    "difference": "mean difference",
    "low": "low end of the interval",
    "high": "high end of the interval",
    "overlapping": "groups whose intervals meet",
    "pairs_to_decide": "pairs that decide",
}


def group_number(verdict: GroupVerdict, name: str) -> Cited:
    """Return one number of a group's verdict as a sentence shows it, with where it comes from."""
    c = verdict.contrast
    value = verdict.overlapping if name == "overlapping" else getattr(c, name)
    text = signed(value) if name == "difference" else str(value)
    if name in ("low", "high"):
        text = figure(value, c.difference)
    row = {"measure": verdict.measure, "unit": verdict.unit}
    table = "posts" if verdict.group == "post" else "groups"
    return Cited(text, value, Source(table, row, "numerator / denominator", STATISTICS[name]))


def spread(verdict: GroupVerdict) -> str:
    """Return the interval of a group's difference."""
    c = verdict.contrast
    return f"[{figure(c.low, c.difference)}, {figure(c.high, c.difference)}]"


def columns() -> list[Message]:
    """Return the headings of a group's row."""
    heads = say("group"), say("baseline"), say("reform"), say("difference"), say("95 % interval")
    return [*heads, say("worth acting on"), say("people behind a month"), say("verdict")]


def blocks(verdicts: Sequence[GroupVerdict]) -> list[tuple[Message, list[list[Any]]]]:
    """Return, per outcome, a title and a row a group; the worst-off is marked, groups of too few people are said so."""
    found: dict[str, list[list[Any]]] = {}
    for v in verdicts:
        found.setdefault(v.measure, []).append(_row(v))
    return [
        (say("{measure} ({unit})", measure=measures()[m].text, unit=unit_text(measures()[m].unit)), rows)
        for m, rows in found.items()
    ]


def _row(v: GroupVerdict) -> list[Any]:
    name, c = group_text(v), v.contrast
    if v.few:
        return [name, *[""] * 5, say("fewer than {n}: not shown", n=f"{FEW:.0f}"), ""]
    name = say("{mark} {name}", mark=WORST, name=name) if v.worst else name
    worth = figure(measures()[v.measure].worth)
    return [
        name,
        figure(c.baseline),
        figure(c.reform),
        signed(c.difference),
        spread(v),
        worth,
        f"{v.people:,.0f}",
        GRADES[v.grade],
    ]


def note() -> Message:
    """Return how the table is to be read."""
    return say(
        "Intervals hold for all groups shown at once, so the worst-off ({mark}) may be picked after looking.",
        mark=WORST,
    )
