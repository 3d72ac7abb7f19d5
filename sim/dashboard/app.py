"""The app: five pages over one what-if a tab; the address holds the state, the run has a process of its own."""

from __future__ import annotations

import os
import threading
from functools import partial
from typing import Any

import solara
import solara.lab

from sim.base.text import Message, counted, pick, use_language
from sim.base.text import translate as _
from sim.dashboard import address, checking, document, shelf
from sim.dashboard.compared import Compare
from sim.dashboard.glance import Glance, use_look
from sim.dashboard.grounds import Evidence
from sim.dashboard.opening import Opening
from sim.dashboard.outcome import Outcome
from sim.dashboard.own_place_form import OwnPlace
from sim.dashboard.reasons import Why
from sim.dashboard.running import Run, leave, reopened
from sim.dashboard.setting_up import Assumptions, Choosing, Levers, Meaning, Pairs
from sim.dashboard.state import LANG, Tab, component
from sim.dashboard.style import ACCENT, STYLE
from sim.dashboard.widgets import Speaks, button, heading, lines

LANGUAGE = "SHEQU_DASHBOARD_LANG"


def names() -> dict[str, str]:
    """Return the names of the pages in the language in force."""
    return dict(
        zip(address.PAGES, (_("What if"), _("Outcome"), _("Why"), _("Compare"), _("Evidence")), strict=True)
    )


@component
def Page() -> None:
    """One tab of the dashboard."""
    tab = solara.use_memo(Tab, [])
    router = solara.use_router()
    solara.use_memo(_colours, [])
    solara.use_memo(lambda: restore(tab, router.search or ""), [router.search])
    written = _address(tab)
    solara.use_effect(lambda: _push(tab, router, written), [written])
    checked = solara.use_memo(lambda: checking.check(tab.whatif.value), [tab.whatif.value, LANG.value])
    closed = solara.use_memo(threading.Event, [])
    solara.use_effect(lambda: lambda: leave(tab, closed), [])
    solara.Style(STYLE)
    Speaks(lang=LANG.value)
    solara.Title("Shequ 社区")
    with solara.Div(classes=["shequ"], attributes={"lang": LANG.value}):
        Head(tab)
        lines([pick(note) for note in tab.notes.value], "stale")
        Body(tab, checked, closed)


@component
def Body(tab: Tab, checked: checking.Checked, closed: threading.Event) -> None:
    """The page that is open."""
    if tab.page.value == "what-if":
        WhatIfPage(tab, checked, closed)
    elif tab.page.value == "outcome":
        Outcome(tab)
    elif tab.page.value == "why":
        Why(tab, closed)
    else:
        {"compare": Compare, "evidence": Evidence}[tab.page.value](tab)


def _colours() -> None:
    solara.lab.theme.themes.light.primary = ACCENT


def _address(tab: Tab) -> str:
    result = tab.result.value
    pins = [one.name for one in tab.pinned.value]
    return address.written(
        tab.whatif.value, tab.page.value, LANG.value, result.name if result is not None else "", pins
    )


def restore(tab: Tab, search: str) -> None:
    """Take the state from the address, or begin with what the command line opened; our own address changes nothing."""
    if tab.whatif.value.place and search.lstrip("?") == tab.pushed:
        return
    whatif, page, lang, notes = address.read(search)
    repeated = whatif is None and bool(tab.whatif.value.place)
    if whatif is None and not tab.whatif.value.place:
        begun, more = address.moved(search, document.start_from(shelf.opened_with()))
        notes += more
        tab.begin(begun)
    elif whatif is not None and not tab.whatif.value.place:
        tab.begin(whatif)
    elif whatif is not None:
        tab.change(whatif)
    notes += _results(tab, search)
    if repeated:  # a browser may send the address it came with once more: what was said of it stays
        said = {pick(note) for note in notes}
        notes = [*(note for note in tab.notes.value if pick(note) not in said), *notes]
    tab.page.value = page
    LANG.value = lang or (LANG.value if search else os.environ.get(LANGUAGE, LANG.value))
    use_language(LANG.value)
    tab.notes.value = tuple(notes)


def _results(tab: Tab, search: str) -> list[Message]:
    """Show again what the address says was run here; returns what of it is not on this machine."""
    (run, pins), lost = address.runs(search), 0
    if run and (tab.result.value is None or tab.result.value.name != run) and tab.running.value is None:
        found = reopened(run)
        tab.result.value = found or tab.result.value
        lost += found is None
    if pins and not tab.pinned.value:
        tab.pinned.value = tuple(one for name in pins if (one := reopened(name)) is not None)
        lost += len(pins) - len(tab.pinned.value)
    if not lost:
        return []
    return [
        counted(
            "{n} result in the address is not on this machine; run the what-if to have it here",
            "{n} results in the address are not on this machine; run the what-ifs to have them here",
            n=lost,
        )
    ]


def _push(tab: Tab, router: Any, written: str) -> None:
    tab.pushed = written
    if (router.search or "").lstrip("?") != written:
        router.push("/?" + written)


@component
def Head(tab: Tab) -> None:
    """Title, pages, language, undo."""
    with solara.Div(classes=["bar", "apart"]):
        heading(_("Shequ: a what-if laboratory for community self-governance"), 1)
        with solara.Div(classes=["bar"]):
            button(_("Undo"), tab.undo, disabled=not tab.past.value)
            button(_("Redo"), tab.redo, disabled=not tab.future.value)
            other = "zh" if LANG.value == "en" else "en"
            button("中文" if other == "zh" else "English", lambda: LANG.set(other))
    with solara.Div(classes=["bar", "tabs"]):
        for page, name in names().items():
            here = page == tab.page.value
            button(name, partial(tab.page.set, page), classes="here" if here else "",
                   attributes={"aria-current": "page"} if here else {})  # fmt: skip


@component
def WhatIfPage(tab: Tab, checked: checking.Checked, closed: threading.Event) -> None:
    """Set up on the left, what it means and the run on the right."""
    looked = use_look(checked, closed)
    with solara.Div(classes=["side"]):
        with solara.Div():
            with solara.Div(classes=["card"]):
                Choosing(tab)
                OwnPlace(tab)
            with solara.Div(classes=["card"]):
                Levers(tab, checked)
            with solara.Div(classes=["card", "assumed"]):
                Assumptions(tab)
            Opening(tab)
        with solara.Div(classes=["sticky"]):
            with solara.Div(classes=["card"]):
                Meaning(checked)
            with solara.Div(classes=["card"]):
                Glance(checked, looked)
            with solara.Div(classes=["card"]):
                Pairs(tab)
                Run(tab, checked, closed)
