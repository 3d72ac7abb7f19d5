"""Page 1, What if: place, reforms and levers; assumptions on their own panel; beside them what it all means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from sim.base.text import pick, say
from sim.base.text import translate as _
from sim.catalogue import assumptions, levers, unit_text
from sim.dashboard import checking, document, shelf
from sim.dashboard.state import LANG, Tab, component
from sim.dashboard.whatif import PAIR_CHOICES, WhatIf
from sim.dashboard.widgets import button, heading, html, lines, select

OFF, ON = "off", "on"


@component
def Choosing(tab: Tab) -> None:
    """Choose the scenario to start from, the place and the reforms."""
    whatif, lang = tab.whatif.value, LANG.value
    heading(_("Place and reforms"))
    scenarios = [_item(e, lang) for e in shelf.entries("scenario", whatif.source)]
    select(_("Start from"), whatif.source, scenarios, lambda name: tab.change(document.start_from(name)))
    places = [_item(e, lang) for e in shelf.entries("place", whatif.source)]
    select(_("Place"), whatif.place, places, lambda name: tab.change(replace(whatif, place=name)))
    titles = {e.id: e.title[lang] for e in shelf.entries("reform", whatif.source)}
    free = [{"text": title, "value": name} for name, title in titles.items() if name not in whatif.reforms]
    select(
        _("Add a reform"),
        "",
        free,
        lambda name: tab.change(whatif.with_reforms((*whatif.reforms, name))),
        resets=True,
    )
    for name in whatif.reforms:
        _reform(tab, name, titles.get(name, name))


def _reform(tab: Tab, name: str, title: str) -> None:
    whatif = tab.whatif.value
    with solara.Row(justify="space-between", classes=["card", "my-2"], style={"alignItems": "center"}):
        html(title)
        others = tuple(r for r in whatif.reforms if r != name)
        button(_("Take it back"), lambda: tab.change(whatif.with_reforms(others)))


def _item(entry: shelf.Entry, lang: str) -> dict[str, str]:
    return {"text": entry.title[lang], "value": entry.id}


@component
def Levers(tab: Tab) -> None:
    """Move levers: each with what it is without being moved, its unit, its evidence, and a way back."""
    whatif = tab.whatif.value
    heading(_("Levers"))
    html(
        _("A moved lever prevails over what the reforms set, from the month of the first change on."), "quiet"
    )
    moved = dict(whatif.levers)
    free = [row for row in levers().values() if row.read_by and row.by is None and row.id not in moved]
    items = [{"text": pick(row.text), "value": row.id} for row in free]

    def add(name: str | None) -> None:
        if name:
            tab.change(whatif.with_lever(name, _written(levers()[name], levers()[name].baseline)))

    select(_("Add a lever"), "", items, add, resets=True)
    for address, value in whatif.levers:
        if address in levers():
            Lever(tab, address, value)


@component
def Lever(tab: Tab, name: str, value: str) -> None:
    """Show one moved lever."""
    row, whatif = levers()[name], tab.whatif.value
    words = f"{pick(row.text)} ({pick(unit_text(row.unit))})"
    with solara.Div(classes=["card", "my-2"], attributes={"data-lever": name}):
        _control(tab, name, value, words)
        base = pick(say("without moving it: {value}", value=_spoken(row, row.baseline)))
        html(f"{base} · {_evidence(row)}", "quiet")
        button(_("Take it back"), lambda: tab.change(whatif.with_lever(name, None)))


def _control(tab: Tab, name: str, value: str, words: str) -> None:
    row, whatif = levers()[name], tab.whatif.value

    def move(new: Any) -> None:
        tab.change(whatif.with_lever(name, _written(row, new)))

    if row.type == "flag":
        solara.Checkbox(
            label=words, value=value in (ON, "1", "true"), on_value=lambda on: move(ON if on else OFF)
        )
    elif row.type == "choice":
        select(words, value, [{"text": pick(v.text), "value": v.id} for v in row.values], move)
    else:
        low, high = row.bounds
        solara.InputFloat(
            f"{words} [{low:g}, {high:g}]",
            value=float(value),
            on_value=lambda x: move(min(max(x, low), high)),
            continuous_update=False,
        )


def _written(row: Any, value: Any) -> str:
    """Return a lever's value as a file writes it."""
    if row.type == "flag":
        return ON if value in (ON, True, 1, 1.0, "1", "true", "on") else OFF
    if row.type == "choice":
        return value if isinstance(value, str) else row.choice_ids[int(value)]
    return f"{float(value):g}"


def _spoken(row: Any, value: Any) -> str:
    if isinstance(value, dict):
        return "–"
    if row.type == "choice":
        name = _written(row, value)
        return pick(next(v.text for v in row.values if v.id == name))
    return _("yes") if row.type == "flag" and value else _("no") if row.type == "flag" else f"{value:g}"


def _evidence(row: Any) -> str:
    if row.evidence:
        return pick(say("evidence: {ids}", ids=", ".join(row.evidence[:3])))
    return _("assumed")


@component
def Assumptions(tab: Tab) -> None:
    """Change assumptions: how the world works, in both arms alike."""
    whatif = tab.whatif.value
    heading(_("Assumptions"))
    html(_("How the world works, not what we do: a change here holds in both arms."), "quiet")
    changed = dict(whatif.assumptions)
    items = [
        {"text": pick(row.text), "value": row.id}
        for row in assumptions().values()
        if row.id not in changed and row.range[1] > row.range[0]
    ]

    def add(name: str | None) -> None:
        if name:
            tab.change(whatif.with_assumption(name, assumptions()[name].value))

    select(_("Change an assumption"), "", items, add, resets=True)
    for name, value in whatif.assumptions:
        _assumption(tab, whatif, name, value)


def _assumption(tab: Tab, whatif: WhatIf, name: str, value: float) -> None:
    row = assumptions()[name]
    low, high = row.range
    words = f"{pick(row.text)} ({pick(unit_text(row.unit))}) [{low:g}, {high:g}]"
    with solara.Div(classes=["card", "my-2"]):
        solara.InputFloat(
            words,
            value=value,
            on_value=lambda x: tab.change(whatif.with_assumption(name, min(max(x, low), high))),
            continuous_update=False,
        )
        html(pick(say("usually {value}; {source}", value=f"{row.value:g}", source=_(row.source))), "quiet")
        button(_("Take it back"), lambda: tab.change(whatif.with_assumption(name, None)))


@component
def Meaning(checked: checking.Checked) -> None:
    """Say what would run: problems, or the reform in three lines with the institutional check beside it."""
    lang = LANG.value
    heading(_("Your reform in three lines"))
    if checked.scenario is None:
        html(_("This cannot run yet:"), "stale")
        lines([checking.problem_words(p, lang) for p in checked.problems])
        return
    html(pick(checking.place_line(checked.scenario)), "quiet")
    lines(checking.three_lines(checked.scenario, lang))
    heading(_("Institutional check"), 3)
    lines(checking.institution_lines(checked.scenario))
    if not checked.is_runnable:
        html(_("Nothing changes yet: choose a reform or move a lever."), "note")


@component
def Pairs(tab: Tab) -> None:
    """Choose how many pairs to run."""
    whatif = tab.whatif.value
    items = [{"text": str(n), "value": n} for n in PAIR_CHOICES]
    value = whatif.pairs if whatif.pairs in PAIR_CHOICES else PAIR_CHOICES[2]
    select(_("Pairs under the same luck"), value, items, lambda n: tab.change(replace(whatif, pairs=n)))
