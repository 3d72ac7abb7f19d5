"""Page 1, What if: place, reforms and levers; assumptions on their own panel; beside them what it all means."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import solara

from sim.base.text import pick, say
from sim.base.text import translate as _
from sim.catalogue import assumptions, levers, unit_text
from sim.catalogue.evidence import evidence
from sim.dashboard import checking, document, shelf
from sim.dashboard.state import LANG, Tab, component
from sim.dashboard.whatif import PAIR_CHOICES, WhatIf
from sim.dashboard.widgets import Fold, Slider, button, heading, html, lines, select
from sim.scenario.describe import timeline_words
from sim.scenario.quantities import spoken

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
    with solara.Div(classes=["inner"]):
        with solara.Div(classes=["bar", "apart"]):
            html(title)
            others = tuple(r for r in whatif.reforms if r != name)
            button(_("Remove"), lambda: tab.change(whatif.with_reforms(others)))
        parameters = shelf.parameters_of(name, whatif.source)
        if parameters:
            Fold(_("Numbers of this reform"), lambda: _parameters(tab, name, parameters))


def _parameters(tab: Tab, reform: str, parameters: dict[str, dict[str, Any]]) -> None:
    """Fill in what the reform leaves open: dates and numbers, each with what the reform says and why."""
    whatif = tab.whatif.value
    own = {p: v for r, p, v in whatif.parameters if r == reform}
    for name, block in parameters.items():
        usual = str(block.get("default", ""))
        source = ", ".join(block.get("evidence") or ()) or pick(spoken(str(block.get("assumed", ""))))
        said = pick(say("{name}: the reform says {usual} {unit} ({source})", name=name, usual=usual,
                        unit=pick(unit_text(str(block.get("unit", "")))), source=source))  # fmt: skip
        solara.InputText(
            said,
            value=own.get(name, usual),
            on_value=partial(_with_parameter, tab, whatif, reform, name, usual),
            continuous_update=False,
        )


def _item(entry: shelf.Entry, lang: str) -> dict[str, str]:
    return {"text": entry.title[lang], "value": entry.id}


@component
def Levers(tab: Tab, checked: checking.Checked) -> None:
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
            start = own_value(levers()[name], checked)
            tab.change(whatif.with_lever(name, _written(levers()[name], start)))

    select(_("Add a lever"), "", items, add, resets=True)
    for address, value in whatif.levers:
        if address in levers():
            Lever(tab, address, value, own_value(levers()[address], checked)).key(f"lever-{address}")


def own_value(row: Any, checked: checking.Checked) -> Any:
    """Return a lever's value under the place's own rules; the catalogue's where nothing can be read."""
    values = checked.scenario.timeline.baseline.get(row.id) if checked.scenario is not None else None
    return row.baseline if values is None or not values.size else row.name(float(values.flat[0]))


@component
def Lever(tab: Tab, name: str, value: str, base: Any) -> None:
    """Show one moved lever."""
    row, whatif = levers()[name], tab.whatif.value
    is_moved = _written(row, value) != _written(row, base)
    with solara.Div(classes=["inner", "moved"] if is_moved else ["inner"], attributes={"data-lever": name}):
        _control(tab, name, value, base)
        said = pick(say("without moving it: {value}", value=_spoken(row, base)))
        with solara.Div(classes=["bar", "apart"]):
            html(f"{said} · {_evidence(row)}", "quiet")
            button(_("Take it back"), lambda: tab.change(whatif.with_lever(name, None)))
        Fold(_("What is this?"), lambda: lines(_about(row)))


def _with_parameter(tab: Tab, whatif: WhatIf, reform: str, name: str, usual: str, text: str) -> None:
    """Give a number of a reform another value; what it usually is, or nothing, takes it back."""
    given = text.strip()
    tab.change(whatif.with_parameter(reform, name, given if given not in ("", usual) else None))


def _about(row: Any) -> list[Any]:
    """Return what a lever is, which mechanisms act on it and what the sources say."""
    found: list[Any] = [say("read by: {names}", names=", ".join(row.read_by))]
    if row.practised:
        found.append(say("practice follows the written rule only as far as the rule in use says"))
    ledger = evidence()
    found += [{"en": ledger[one].en, "zh": ledger[one].zh} for one in row.evidence[:3] if one in ledger]
    return [*found, spoken(row.assumed)] if row.assumed else found


def _control(tab: Tab, name: str, value: str, base: Any) -> None:
    row, whatif = levers()[name], tab.whatif.value
    unit = pick(unit_text(row.unit))

    def move(new: Any) -> None:
        tab.change(whatif.with_lever(name, _written(row, new)))

    if row.type == "flag":
        flags = [{"text": _("yes"), "value": ON}, {"text": _("no"), "value": OFF}]
        select(pick(row.text), _written(row, value), flags, move)
    elif row.type == "choice":
        select(pick(row.text), value, [{"text": pick(v.text), "value": v.id} for v in row.values], move)
    else:
        low, high = row.bounds
        step = 1.0 if row.type == "count" else max((high - low) / 100, 1e-6)
        Slider(label=pick(row.text), value=float(value), low=low, high=high, step=step, base=float(base),
               baseline=_("without moving it"), unit=unit, event_moved=move)  # fmt: skip


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
    with solara.Div(classes=["inner", "moved"] if value != row.value else ["inner"]):
        Slider(label=pick(row.text), value=value, low=low, high=high, step=max((high - low) / 100, 1e-9),
               base=row.value, baseline=_("usually"), unit=pick(unit_text(row.unit)),
               event_moved=lambda x: tab.change(whatif.with_assumption(name, min(max(x, low), high))))  # fmt: skip
        html(
            pick(say("usually {value}; {source}", value=f"{row.value:g}", source=pick(spoken(row.source)))),
            "quiet",
        )
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
    timeline = checked.scenario.timeline
    if not timeline.is_empty:
        Fold(_("All that changes, by date"), lambda: lines(timeline_words(timeline)))
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
