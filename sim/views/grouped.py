"""Who gains and who loses, in words and as tables: groups of residents, and staff by the post held at the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.base.text import LANGUAGES, Message, counted, say
from sim.catalogue import Measure, difference_unit, groups, kinds, measures
from sim.results.grouped import FEW, GroupVerdict
from sim.views.cited import Cited, Source
from sim.views.thresholds import threshold
from sim.views.wording import GRADES, figure, signed

WORST = "▼"


def group_text(verdict: GroupVerdict) -> Message | dict[str, str]:
    """Return the words for a group's value, or for a post held at the start."""
    if verdict.group == "post":
        return kinds()[verdict.value].text
    group = groups()[verdict.group]
    value = next(value for value in group.values if value.id == verdict.value)
    return say("{group}: {value}", group=group.text, value=value.text)


def who_text(verdict: GroupVerdict) -> Message | dict[str, str]:
    """Return the words for a group's value as a sentence names it, or for a post held at the start."""
    if verdict.group == "post":
        return kinds()[verdict.value].text
    group = groups()[verdict.group]
    value = next(value for value in group.values if value.id == verdict.value)
    return say("{value} ({group})", group=group.text, value=value.text)


def worst_off(verdicts: Sequence[GroupVerdict]) -> list[Message]:
    """Return, for each outcome, which group comes off worst, and how sure that is."""
    return [_worst(v) for v in verdicts if v.worst]


def _worst(v: GroupVerdict) -> Message:
    row = measures()[v.measure]
    numbers = {name: group_number(v, name) for name in ("difference", "low", "high")}
    words = {"measure": row.text, "who": who_text(v), "unit": difference_unit(row.unit)}
    if v.overlapping:
        return counted(
            "{measure}: on average {who} come off worst, {difference} {unit} [{low}, {high}], but "
            "this interval meets that of {k} other group",
            "{measure}: on average {who} come off worst, {difference} {unit} [{low}, {high}], but "
            "this interval meets those of {k} other groups",
            k=group_number(v, "overlapping"),
            **words,
            **numbers,
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
    "n": "how many pairs",
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


def not_by_group(primary: Sequence[str], verdicts: Sequence[GroupVerdict]) -> Message | None:
    """Return which primary outcomes are about offices or events and so are not known by group; None where all are."""
    missing = [measures()[m] for m in primary if m not in {v.measure for v in verdicts}]
    if not missing or not verdicts:
        return None
    names = {
        lang: ("、" if lang == "zh" else "; ").join(row.text[lang] for row in missing) for lang in LANGUAGES
    }
    return say("Not known by group: {names}.", names=names)


def blocks(
    verdicts: Sequence[GroupVerdict], *, claimed: bool = True
) -> list[tuple[Message, list[list[Any]]]]:
    """Return, per outcome, a title and a row a group; the worst-off is marked.

    Groups of too few people are said so, outcomes of none but such groups left out. claimed: whether something is
    claimed of the rest; else verdicts stand in brackets.
    """
    found: dict[str, list[list[Any]]] = {}
    for v in verdicts:
        found.setdefault(v.measure, []).append(_row(v, claimed=claimed))
    shown = {v.measure for v in verdicts if not v.few}
    return [
        (
            say("{measure} ({unit})", measure=measures()[m].text, unit=difference_unit(measures()[m].unit)),
            rows,
        )
        for m, rows in found.items()
        if m in shown
    ]


def too_few(verdicts: Sequence[GroupVerdict]) -> Message | None:
    """Return for which outcomes no group has people enough to be shown; None where each has one."""
    shown = {v.measure for v in verdicts if not v.few}
    missing = [measures()[m] for m in dict.fromkeys(v.measure for v in verdicts) if m not in shown]
    if not missing:
        return None
    return say(
        "Fewer than {n} people in every group, not shown: {names}.", n=threshold("FEW"), names=_names(missing)
    )


def _names(rows: Sequence[Measure]) -> dict[str, str]:
    return {lang: ("、" if lang == "zh" else "; ").join(row.text[lang] for row in rows) for lang in LANGUAGES}


def _row(v: GroupVerdict, *, claimed: bool = True) -> list[Any]:
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
        GRADES[v.grade] if claimed else say("({word})", word=GRADES[v.grade]),
    ]


def note() -> Message:
    """Return how the table is to be read."""
    return say(
        "Intervals hold for all groups shown at once, so the worst-off ({mark}) may be picked after looking.",
        mark=WORST,
    )
