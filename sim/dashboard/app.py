"""The app: five pages over one what-if a tab; the address holds the state, the run has a process of its own."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import solara

from sim.base.errors import ScenarioError
from sim.base.text import pick, say, use_language
from sim.base.text import translate as _
from sim.dashboard import address, checking, document, job, shelf
from sim.dashboard.more import Compare, Evidence, Why
from sim.dashboard.outcome import Outcome
from sim.dashboard.setting_up import Assumptions, Choosing, Levers, Meaning, Pairs
from sim.dashboard.state import FIRST, LANG, Result, Tab, component
from sim.dashboard.widgets import STYLE, Speaks, button, heading, html, lines
from sim.results.store import RunFolder
from sim.results.verdicts import read_comparison

LOOK_SECONDS = 0.4
OPEN = "SHEQU_DASHBOARD_FILE"
LANGUAGE = "SHEQU_DASHBOARD_LANG"
RUNS = Path("runs") / "dashboard"


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
    solara.use_memo(lambda: restore(tab, router.search or ""), [router.search])
    written = address.written(tab.whatif.value, tab.page.value, LANG.value)
    solara.use_effect(lambda: _push(router, written), [written])
    checked = solara.use_memo(lambda: checking.check(tab.whatif.value), [tab.whatif.value, LANG.value])
    closed = solara.use_memo(threading.Event, [])
    solara.use_effect(lambda: lambda: _leave(tab, closed), [])
    solara.Style(STYLE)
    Speaks(lang=LANG.value)
    solara.Title("Shequ 社区")
    with solara.Div(
        classes=["shequ"],
        style={"width": "100%", "maxWidth": "84rem", "margin": "0 auto", "padding": "1rem"},
        attributes={"lang": LANG.value},
    ):
        Head(tab)
        lines([pick(note) for note in tab.notes.value], "stale")
        if tab.page.value == "what-if":
            WhatIfPage(tab, checked, closed)
        else:
            {"outcome": Outcome, "why": Why, "compare": Compare, "evidence": Evidence}[tab.page.value](tab)
        if tab.page.value == "outcome" and tab.result.value is not None:
            button(_("Pin this result"), tab.pin)


def restore(tab: Tab, search: str) -> None:
    """Take the state from the address, or begin with what the command line opened."""
    whatif, page, lang, notes = address.read(search)
    if whatif is None and not tab.whatif.value.place:
        opened = os.environ.get(OPEN, "")
        source = shelf.keep(Path(opened).read_text(encoding="utf-8")) if opened else FIRST
        tab.begin(document.start_from(source))
    elif whatif is not None and not tab.whatif.value.place:
        tab.begin(whatif)
    elif whatif is not None:
        tab.change(whatif)
    tab.page.value = page
    LANG.value = lang or (LANG.value if search else os.environ.get(LANGUAGE, LANG.value))
    use_language(LANG.value)
    tab.notes.value = tuple(notes)


def _push(router: solara.routing._Router, written: str) -> None:
    if (router.search or "").lstrip("?") != written:
        router.push("/?" + written)


def _leave(tab: Tab, closed: threading.Event) -> None:
    """A closed tab ends its work."""
    closed.set()
    if tab.running.value is not None:
        tab.running.value.stop()


@component
def Head(tab: Tab) -> None:
    """Title, pages, language, undo."""
    with solara.Row(justify="space-between", style={"flexWrap": "wrap", "alignItems": "center"}):
        heading(_("Shequ: a what-if laboratory for community self-governance"), 1)
        with solara.Row(gap="6px"):
            button(_("Undo"), tab.undo, disabled=not tab.past.value)
            button(_("Redo"), tab.redo, disabled=not tab.future.value)
            other = "zh" if LANG.value == "en" else "en"
            button("中文" if other == "zh" else "English", lambda: LANG.set(other))
    with solara.Row(gap="6px", style={"flexWrap": "wrap"}):
        for page, name in names().items():
            button(name, lambda page=page: tab.page.set(page), primary=page == tab.page.value)


@component
def WhatIfPage(tab: Tab, checked: checking.Checked, closed: threading.Event) -> None:
    """Set up on the left, what it means and the run on the right."""
    with solara.Div(classes=["side"]):
        with solara.Div():
            with solara.Div(classes=["card"]):
                Choosing(tab)
                Levers(tab)
            with solara.Div(classes=["card", "mt-3"]):
                Assumptions(tab)
            Upload(tab)
        with solara.Div(classes=["card"]):
            Meaning(checked)
            Pairs(tab)
            Run(tab, checked, closed)


@component
def Upload(tab: Tab) -> None:
    """Open a scenario file; it goes through the same loader as everything."""
    complaint, set_complaint = solara.use_state("")

    def opened(file: dict) -> None:
        try:
            text = file["file_obj"].read(shelf.MAX_BYTES + 1).decode("utf-8-sig")
            tab.change(document.start_from(shelf.keep(text)))
            set_complaint("")
        except UnicodeDecodeError:
            set_complaint(_("not UTF-8 text"))
        except ScenarioError as error:
            set_complaint("\n".join(checking.problem_words(p, LANG.value) for p in error.problems))
        except Exception as error:  # noqa: BLE001 - whatever a stranger's file does, it is said and the page stays
            set_complaint(str(error))

    with solara.Div(classes=["card", "mt-3"]):
        heading(_("Open a scenario file"), 3)
        solara.FileDrop(label=_("Drop a .yaml file here"), on_file=opened, lazy=True)
        if complaint:
            html(complaint, "stale", "pre")


@component
def Run(tab: Tab, checked: checking.Checked, closed: threading.Event) -> None:
    """Start, watch and stop the comparison; intervals fill as pairs finish."""
    running: job.Job | None = tab.running.value
    whatif = tab.whatif.value
    pairs = whatif.pairs or 20

    def begin() -> None:
        tab.complaint.value = ""
        tab.done.value = 0
        folder = RUNS / f"{checked.path.stem}-{pairs}-{tab.name}"
        started = job.start(checked.path, folder, pairs, LANG.value)
        tab.running.value = started
        threading.Thread(target=watch, args=(tab, started, whatif, checked.path, closed), daemon=True).start()

    def cancel() -> None:
        if running is not None:
            running.stop()
        tab.running.value = None

    if running is None:
        button(_("Run"), begin, primary=True, disabled=not checked.is_runnable)
    else:
        html(pick(say("{done} of {all} pairs", done=tab.done.value, all=running.pairs)))
        solara.ProgressLinear(100.0 * tab.done.value / max(running.pairs, 1))
        button(_("Cancel"), cancel)
    if tab.complaint.value:
        html(tab.complaint.value, "stale", "pre")
    if tab.result.value is not None:
        button(_("See the outcome"), lambda: tab.page.set("outcome"))


def watch(tab: Tab, started: job.Job, whatif: object, file: Path, closed: threading.Event) -> None:
    """Follow a run: read what is committed, show it, and go when the run or the tab ends."""
    use_language(LANG.value)
    shown = 0
    while not closed.is_set() and tab.running.value is started:
        running, done = started.is_running, started.done()
        if done > shown:
            tab.result.value = Result(
                whatif, started.folder, file, read_comparison(RunFolder(started.folder)), started.pairs
            )
            tab.done.value = shown = done
        if not running:
            tab.complaint.value = started.complaint()
            tab.running.value = None
            return
        time.sleep(LOOK_SECONDS)
    started.stop()
