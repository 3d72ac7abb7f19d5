"""Pages 3 to 5: why an outcome moved, up to three pinned runs side by side, and what is known and assumed."""

from __future__ import annotations

import solara

from sim.base.text import pick, say
from sim.base.text import translate as _
from sim.catalogue import measures, unit_text
from sim.dashboard.state import Result, Tab, component
from sim.dashboard.widgets import Fold, button, heading, html, lines, select, table
from sim.results.causes import explainable
from sim.scenario.listing import listing
from sim.scenario.page import Page
from sim.views.pages import narrow_row
from sim.views.why import why_page
from sim.views.wording import window_words


def show(page: Page) -> None:
    """Show a page of the command line as it is."""
    for section in page.sections:
        if section.title is not None:
            heading(pick(section.title), 3)
        lines(section.lines)
        if section.rows:
            table(section.columns, section.rows)


def stocks() -> list[str]:
    """Return the outcomes whose accounts are kept in every run."""
    return [name for name in explainable() if measures()[name].stock]


@component
def Why(tab: Tab) -> None:
    """Show what was behind a stock's change, and how to ask for more."""
    result: Result | None = tab.result.value
    heading(_("Why"))
    if result is None or not (result.folder / "tables" / "reform").exists():
        html(_("Accounts are kept of the first pair; run a what-if first."), "note")
        return
    Accounts(result)


@component
def Accounts(result: Result) -> None:
    """Show the accounts of one outcome, and how to ask for more."""
    stock, set_stock = solara.use_state(stocks()[0])
    items = [{"text": pick(measures()[name].text), "value": name} for name in stocks()]
    select(_("What moved"), stock, items, set_stock)
    show(why_page(result.comparison.folder, stock))
    heading(_("Which part of the reform did it, and the story of single residents"), 3)
    lines([
        f"shequ analyse attribute {result.file.name}",
        f"shequ trace {result.folder}",
    ])  # fmt: skip


@component
def Compare(tab: Tab) -> None:
    """Show up to three pinned runs side by side, outcome by outcome; nothing is ranked."""
    heading(_("Pinned runs side by side"))
    pinned: tuple[Result, ...] = tab.pinned.value
    if not pinned:
        html(_("Pin a result on the outcome page to see it here beside others."), "note")
        return
    lines([f"{chr(65 + k)}: {pick(one.title)}" for k, one in enumerate(pinned)])
    html(
        _("Each against its own baseline; different places or luck are not compared with one another."),
        "quiet",
    )
    window = list(pinned[0].comparison.folder.manifest()["windows"])[-1]
    heading(pick(window_words(pinned[0].comparison.folder.manifest(), window)), 3)
    names = [v.measure for v in pinned[0].comparison.of(window) if v.primary]
    rows = []
    for name in names:
        cells = [_cell(one, name) for one in pinned]
        rows.append(
            [
                say(
                    "{measure} ({unit})", measure=measures()[name].text, unit=unit_text(measures()[name].unit)
                ),
                *cells,
            ]
        )
    table([say("outcome"), *(chr(65 + k) for k in range(len(pinned)))], rows)
    button(_("Unpin all"), lambda: tab.pinned.set(()))


def _cell(one: Result, measure: str) -> str:
    window = list(one.comparison.folder.manifest()["windows"])[-1]
    found = [v for v in one.comparison.of(window) if v.measure == measure]
    return narrow_row(found[0])[2] if found else "–"


@component
def Evidence(_tab: Tab) -> None:
    """Show the ledger, the assumptions with their grades, and where the stylised facts stand."""
    heading(_("Evidence and assumptions"))
    for what, title in (
        ("evidence", _("Ledger")),
        ("assumptions", _("Assumptions")),
        ("levers", _("Levers")),
    ):
        Fold(title, lambda what=what: show(listing(what)))
    html(
        _(
            "Stylised facts F1 to F23 by class, with the share of samples in which each holds: docs/stylised_facts.md"
        ),
        "quiet",
    )
