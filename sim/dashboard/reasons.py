"""Page 3, Why: the accounts by cause, which part of the reform did it, and the story of residents in both worlds."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import solara

from sim.base import counts
from sim.base.errors import ShequError
from sim.base.text import pick, say, use_language
from sim.base.text import translate as _
from sim.catalogue import measures
from sim.dashboard import job
from sim.dashboard.state import LANG, Result, Tab, component
from sim.dashboard.widgets import button, heading, html, lines, select, show, table
from sim.results.attribution import read_attribution
from sim.results.causes import explainable
from sim.results.store import RunFolder
from sim.scenario.page import Page
from sim.views.parts import attribution_page
from sim.views.why import why_page

ATTRIBUTION_PAIRS = 5
LOOK_SECONDS = 0.3


def stocks() -> list[str]:
    """Return the outcomes whose accounts are kept in every run."""
    return [name for name in explainable() if measures()[name].stock]


@component
def Why(tab: Tab, closed: threading.Event) -> None:
    """Show why: by cause, by part of the reform, by a resident's life."""
    result: Result | None = tab.result.value
    heading(_("Why"))
    if result is None or not (result.folder / "tables" / "reform").exists():
        html(_("Accounts are kept of the first pair; run a what-if first."), "note")
        return
    html(pick(result.title), "quiet")
    with solara.Div(classes=["card"]):
        Accounts(result)
    with solara.Div(classes=["card"]):
        Parts(tab, result, closed)
    with solara.Div(classes=["card"]):
        Stories(tab, result, closed)


@component
def Accounts(result: Result) -> None:
    """Show the accounts of one outcome."""
    stock, set_stock = solara.use_state(stocks()[0])
    heading(_("By cause"), 3)
    items = [{"text": pick(measures()[name].text), "value": name} for name in stocks()]
    select(_("What moved"), stock, items, set_stock)
    show(why_page(result.comparison.folder, stock))


@component
def Parts(tab: Tab, result: Result, closed: threading.Event) -> None:
    """Show which part of the reform did it: every coalition of parts that stands alone, in the same pairs."""
    heading(_("By part of the reform"), 3)
    folder = result.folder / "parts"
    running, seen = tab.jobs.value.get(folder), _attribution(folder)
    if seen is not None:
        show(seen)
    if running is not None:
        _waiting(tab, running)
    elif seen is None:
        html(
            _("Every combination of up to four parts is run; this takes several times as long as a run."),
            "quiet",
        )
        button(_("Tell the parts apart"), lambda: start(
            tab, job.Job(job.ATTRIBUTE, result.file, folder, ATTRIBUTION_PAIRS, LANG.value), closed))  # fmt: skip
    _complaint(tab, folder)


def _attribution(folder: Path) -> Page | None:
    """Return the page of the pairs that are finished, None where there are none."""
    run = RunFolder(folder)
    try:
        if not run.pairs_done():
            return None
        manifest = run.manifest() | {"pairs": len(run.pairs_done())}
        return attribution_page(manifest, read_attribution(run))
    except ShequError:
        return None


@component
def Stories(tab: Tab, result: Result, closed: threading.Event) -> None:
    """Show up to three residents whose lives differ: who gained most, who lost most, one in the middle."""
    heading(_("By the lives of residents"), 3)
    folder = result.folder / "stories"
    running, told = tab.jobs.value.get(folder), stories(result.folder, LANG.value)
    if told is not None:
        for section in told["sections"]:
            if section["title"]:
                html(section["title"], tag="h4")
            lines(section["lines"])
            if section["rows"]:
                table(section["columns"], section["rows"])
    elif running is not None:
        _waiting(tab, running)
    else:
        html(_("One pair is run again, both worlds side by side; three residents are followed."), "quiet")
        button(_("Follow three residents"), lambda: start(
            tab, job.Job(job.TRACE, result.file, folder, 0, LANG.value), closed))  # fmt: skip
    _complaint(tab, folder)


def stories(folder: Path, lang: str) -> dict | None:
    """Return the stories told of a run, None where none were."""
    path = folder / job.STORIES
    return json.loads(path.read_text(encoding="utf-8"))[lang] if path.is_file() else None


def _waiting(tab: Tab, running: job.Job) -> None:
    place = running.place()
    if place:
        html(pick(say("waiting: {n} before this one", n=place)), "note")
    elif running.task == job.ATTRIBUTE:
        html(pick(say("{done} of {all}", done=running.done(), all=counts.pairs(running.pairs))), "note")
    else:
        html(_("both worlds are being walked …"), "note")
    button(_("Cancel"), lambda: end(tab, running))


def _complaint(tab: Tab, folder: Path) -> None:
    told = tab.jobs.value.get(("complaint", folder))
    if told:
        html(told, "stale", "pre")


def start(tab: Tab, made: job.Job, closed: threading.Event) -> None:
    """Begin work that a page waits for; the page is drawn again as it gets on."""
    tab.jobs.value = {k: v for k, v in tab.jobs.value.items() if k != ("complaint", made.folder)}
    if made.is_refused:
        tab.jobs.value = {**tab.jobs.value, ("complaint", made.folder): made.complaint()}
        return
    tab.jobs.value = {**tab.jobs.value, made.folder: made}
    threading.Thread(target=_follow, args=(tab, made, closed), daemon=True).start()


def end(tab: Tab, made: job.Job) -> None:
    """Stop work and forget it."""
    made.stop()
    tab.jobs.value = {k: v for k, v in tab.jobs.value.items() if k != made.folder}


def _follow(tab: Tab, made: job.Job, closed: threading.Event) -> None:
    use_language(made.lang)
    seen = (-1, -1)
    while not closed.is_set() and made.folder in tab.jobs.value:
        running, now = made.is_running, (made.done(), made.place())
        if not running:
            rest = {k: v for k, v in tab.jobs.value.items() if k != made.folder}
            told = made.complaint()
            tab.jobs.value = {**rest, ("complaint", made.folder): told} if told else rest
            return
        if now != seen:
            seen, tab.jobs.value = now, dict(tab.jobs.value)
        time.sleep(LOOK_SECONDS)
    made.stop()
