"""The preview beside the levers: two pairs of a small twin of the place, in processes kept warm, one user at a time."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import solara

from sim.base import counts
from sim.base.errors import ShequError
from sim.base.text import Message, pick, say
from sim.base.text import translate as _
from sim.base.text import use_language as speak
from sim.catalogue import difference_unit, measures
from sim.dashboard import checking, document, shelf
from sim.dashboard.state import LANG, component
from sim.dashboard.widgets import heading, html
from sim.experiment.preview import COMMUNITIES, Stopped, small_twin
from sim.experiment.preview import Glance as One
from sim.experiment.preview_workers import PreviewWorkers, is_compiled
from sim.views.wording import figure, signed

PREVIEWS = PreviewWorkers()


@dataclass(frozen=True)
class Seen:
    """What a preview showed, how long it took, or why there is none."""

    path: Path
    found: tuple[One, ...] = ()
    seconds: float = 0.0
    communities: int = COMMUNITIES
    complaint: str = ""


def look(checked: checking.Checked, wanted: threading.Event) -> Seen | None:
    """Return the preview of a checked what-if; None where a newer one is wanted."""
    assert checked.scenario is not None
    try:
        started = time.monotonic()
        twin = small_twin(checked.scenario)
        found = PREVIEWS.look(twin, lambda: not wanted.is_set())
        return Seen(checked.path, tuple(found), time.monotonic() - started, twin.frame.n_areas)
    except Stopped:
        return None
    except ShequError as error:
        return Seen(checked.path, complaint=str(error).splitlines()[0][:160])


def get_ready() -> None:
    """Start the preview's processes on what the server opens with, so that the first page need not wait for them."""
    try:
        checked = checking.check(document.start_from(shelf.opened_with()))
        if checked.is_runnable:
            look(checked, threading.Event())
    except (ShequError, OSError):
        return  # the page says what is wrong with a file


def use_look(checked: checking.Checked, closed: threading.Event) -> solara.Reactive[Seen | None]:
    """Look at a what-if from the moment it is checked, while the page is still being drawn; returns what was seen."""
    seen = solara.use_reactive(cast("Seen | None", None))
    newest = solara.use_ref(threading.Event())

    def begin() -> None:
        newest.current.set()
        newest.current = stop = threading.Event()
        lang = LANG.value

        def work() -> None:
            speak(lang)
            made = look(checked, stop)
            if made is not None and not stop.is_set() and not closed.is_set():
                seen.value = made

        if checked.is_runnable:
            threading.Thread(target=work, daemon=True).start()

    def leave() -> None:
        newest.current.set()

    solara.use_memo(begin, [checked.path, checked.is_runnable])
    solara.use_effect(lambda: leave, [])
    return seen


@component
def Glance(checked: checking.Checked, looked: solara.Reactive[Seen | None]) -> None:
    """Show the direction of every primary outcome as levers move."""
    seen = looked.value
    heading(_("Preview"))
    html(pick(what(seen.communities if seen is not None else COMMUNITIES)), "quiet")
    if not checked.is_runnable:
        html(_("Nothing to preview yet."), "note")
    elif seen is None or seen.path != checked.path:
        html(
            _("looking …")
            if is_compiled()
            else _("looking; the first time the program is compiled, half a minute …"),
            "note",
        )
    elif seen.complaint:
        html(pick(say("No preview for this what-if: {why}", why=seen.complaint)), "note")
    else:
        Directions(seen)


def what(communities: int) -> Message:
    """Return what a preview of so many communities is."""
    return say(
        "A first look, not a result: {n} of this place, {pairs}, {months} from the first change on.",
        n=counts.communities(communities), pairs=counts.pairs(len(PREVIEWS.seeds)),
        months=counts.months(PREVIEWS.months),
    )  # fmt: skip


@component
def Directions(seen: Seen) -> None:
    """Show outcomes with their direction."""
    with solara.Div(classes=["glance"], attributes={"data-preview": seen.path.stem, "aria-live": "polite"}):
        for one in seen.found:
            row = measures()[one.measure]
            html(f"{pick(row.text)}", tag="span")
            html(direction(one), tag="b")
    html(pick(say("looked in {seconds} s", seconds=f"{seen.seconds:.1f}")), "quiet")


def direction(one: One) -> str:
    """Return which way an outcome goes, in words and with its size: small, open, or up and down."""
    row = measures()[one.measure]
    if abs(one.mean) < row.worth:
        return "≈ " + _("too small to matter")
    if not one.agrees:
        return "? " + _("the two pairs differ")
    arrow = "▲" if one.mean > 0 else "▼"
    better = {"up": 1, "down": -1}.get(row.better, 0) * float(np.sign(one.mean))
    word = _("better") if better > 0 else _("worse") if better < 0 else _("changes")
    return f"{arrow} {signed(one.mean)} {pick(difference_unit(row.unit))} ({figure(one.baseline)}) {word}"
