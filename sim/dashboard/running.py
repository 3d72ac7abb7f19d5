"""Start, watch and stop a comparison: intervals fill as pairs finish; a closed tab ends its work."""

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
from sim.dashboard import address, checking, job
from sim.dashboard.state import LANG, Result, Tab, component
from sim.dashboard.whatif import WhatIf
from sim.dashboard.widgets import button, html
from sim.results.store import RunFolder
from sim.results.verdicts import Comparison, read_comparison

LOOK_SECONDS = 0.2
RUNS = Path("runs") / "dashboard"
USUAL_PAIRS = 20
Narrowing = tuple[tuple[int, dict[tuple[str, str], float]], ...]


@component
def Run(tab: Tab, checked: checking.Checked, closed: threading.Event) -> None:
    """Start, watch and stop the comparison."""
    running: job.Job | None = tab.running.value
    pairs = tab.whatif.value.pairs or USUAL_PAIRS
    with solara.Div(classes=["bar"]):
        if running is None:
            button(_("Run"), lambda: begin(tab, checked, closed, pairs), primary=True,
                   disabled=not checked.is_runnable)  # fmt: skip
        else:
            button(_("Cancel"), lambda: cancel(tab))
        if tab.result.value is not None:
            button(_("See the outcome"), lambda: tab.page.set("outcome"))
    if running is not None:
        html(_progress(tab, running), "quiet")
        share = 100.0 * tab.done.value / max(running.pairs, 1)
        solara.v.ProgressLinear(value=share, attributes={"aria-label": _("Progress of the run")})
    if tab.complaint.value:
        html(tab.complaint.value, "stale", "pre")


def _progress(tab: Tab, running: job.Job) -> str:
    if tab.place.value:
        return pick(say("waiting: {n} before this one", n=tab.place.value))
    return pick(say("{done} of {all}", done=tab.done.value, all=counts.pairs(running.pairs)))


def begin(tab: Tab, checked: checking.Checked, closed: threading.Event, pairs: int) -> None:
    """Start a comparison; the same what-if in the same tab goes on where it stopped."""
    tab.complaint.value, tab.done.value = "", 0
    folder = RUNS / f"{checked.path.stem}-{pairs}-{tab.name}"
    started = job.Job(job.COMPARE, checked.path, folder, pairs, LANG.value)
    if started.is_refused:
        tab.complaint.value = started.complaint()
        return
    _remember(folder, tab.whatif.value)
    tab.running.value = started
    watching = threading.Thread(target=watch, args=(tab, started, tab.whatif.value, closed), daemon=True)
    watching.start()


def _remember(folder: Path, whatif: WhatIf) -> None:
    """Keep beside the folder which what-if it is of, so that an address can show it again."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.with_suffix(".address").write_text(address.written(whatif, address.PAGES[0], ""), encoding="utf-8")


def cancel(tab: Tab) -> None:
    """Stop the run of a tab; what is finished stays."""
    if tab.running.value is not None:
        tab.running.value.stop()
    tab.running.value = None


def leave(tab: Tab, closed: threading.Event) -> None:
    """A closed tab ends its work."""
    closed.set()
    for one in (tab.running.value, *tab.jobs.value.values()):
        if one is not None:
            one.stop()


def watch(tab: Tab, started: job.Job, whatif: WhatIf, closed: threading.Event) -> None:
    """Follow a run: read what is committed, show it, and go when the run or the tab ends."""
    use_language(started.lang)
    shown = 0
    narrowing: tuple[tuple[int, dict[tuple[str, str], float]], ...] = ()
    while not closed.is_set() and tab.running.value is started:
        running, done = started.is_running, started.done()
        tab.place.value = started.place()
        if done > shown or (done and not running):  # once over, its pace and its failures are known too
            found = read_comparison(RunFolder(started.folder))
            narrowing = (*narrowing, (found.pairs, detectable(found))) if done > shown else narrowing
            tab.result.value = Result(whatif, started.folder, started.file, found, started.pairs, narrowing)
            tab.done.value = shown = done
        if not running:
            tab.complaint.value = started.complaint()
            tab.running.value = None
            return
        time.sleep(LOOK_SECONDS)
    started.stop()


def detectable(found: Comparison) -> dict[tuple[str, str], float]:
    """Return the smallest difference that the pairs find, by measure and window, of primary outcomes."""
    return {(v.measure, v.window): v.contrast.mde for v in found.verdicts if v.primary}


def reopened(name: str) -> Result | None:
    """Return a run that is still on this machine, None where it is not or cannot be read."""
    folder = RUNS / name
    try:
        found = read_comparison(RunFolder(folder))
        note = folder.with_suffix(".address")
        kept = address.read(note.read_text(encoding="utf-8"))[0] if note.is_file() else None
        file = folder.parent / f"{folder.name}.yaml"
        from sim.dashboard import shelf

        path = shelf.path_of(name[: len("file-") + 16])
        asked = int(name.split("-")[2])
        return Result(kept or WhatIf(), folder, path if path.is_file() else file, found, asked)
    except (ShequError, OSError, ValueError, json.JSONDecodeError):
        return None
