"""Page 4, Compare: up to three pinned runs side by side, outcome by outcome; nothing is ranked here."""

from __future__ import annotations

from functools import partial

import solara

from sim.base import counts
from sim.base.text import Message, pick, say
from sim.base.text import translate as _
from sim.catalogue import difference_unit, measures
from sim.dashboard.state import Result, Tab, component
from sim.dashboard.widgets import button, heading, html, lines, select, table
from sim.results.bars import read_bars
from sim.results.refused import too_few
from sim.views import bars, refused
from sim.views.wording import interval, judged, signed, window_words


@component
def Compare(tab: Tab) -> None:
    """Show up to three pinned runs side by side, each against its own baseline."""
    heading(_("Pinned runs side by side"))
    pinned: tuple[Result, ...] = tab.pinned.value
    if not pinned:
        html(_("Pin a result on the outcome page to see it here beside others."), "note")
        return
    with solara.Div(classes=["card"]):
        for k, one in enumerate(pinned):
            with solara.Div(classes=["bar", "apart"]):
                html(pick(named(k, one)))
                button(_("Unpin"), partial(_unpin, tab, one))
        lines([*unlike(pinned), *short(pinned)])
        html(
            _("Each against its own baseline; different places or luck are not compared with one another."),
            "quiet",
        )
    with solara.Div(classes=["card"]):
        SideBySide(pinned)
    Sampled(pinned)


def named(k: int, one: Result) -> object:
    """Return a pinned run's letter, title and pairs."""
    return say(
        "{letter}: {title} ({pairs})",
        letter=chr(65 + k),
        title=one.title,
        pairs=counts.pairs(one.comparison.pairs),
    )


def _unpin(tab: Tab, one: Result) -> None:
    tab.pinned.set(tuple(other for other in tab.pinned.value if other is not one))


def unlike(pinned: tuple[Result, ...]) -> list[Message]:
    """Return in what the pinned runs differ beside their reforms: place, assumptions, months."""
    manifests = [one.comparison.folder.manifest() for one in pinned]
    found = []
    if len({pick(m["place"]) for m in manifests}) > 1:
        found.append(say("these runs are of different places"))
    if len({str(sorted(m["assumptions"].items())) for m in manifests}) > 1:
        found.append(say("these runs rest on different assumptions"))
    if len({(m["start"], m["months"]) for m in manifests}) > 1:
        found.append(say("these runs cover different months"))
    return found


def short(pinned: tuple[Result, ...]) -> list[Message]:
    """Return which pinned runs have too few pairs for a verdict, and what would settle it."""
    return [
        say("{letter}: not claimed: {said}", letter=chr(65 + k), said=line)
        for k, one in enumerate(pinned)
        for line in refused.lines(too_few(one.comparison))
    ]


@component
def SideBySide(pinned: tuple[Result, ...]) -> None:
    """Show every primary outcome of any of them."""
    windows = list(pinned[0].comparison.folder.manifest()["windows"])
    window, set_window = solara.use_state(windows[-1])
    manifest = pinned[0].comparison.folder.manifest()
    items = [{"text": pick(window_words(manifest, w)), "value": w} for w in windows]
    select(_("Window"), window, items, set_window)
    names = list(dict.fromkeys(v.measure for one in pinned for v in one.comparison.of(window) if v.primary))
    rows = [
        [
            say(
                "{measure} ({unit})",
                measure=measures()[name].text,
                unit=difference_unit(measures()[name].unit),
            ),
            *(cell(one, name, window) for one in pinned),
        ]
        for name in names
    ]
    table([say("outcome"), *(chr(65 + k) for k in range(len(pinned)))], rows)


def cell(one: Result, measure: str, window: str) -> str:
    """Return a run's difference with its interval and what may be said of it."""
    found = next((v for v in one.comparison.of(window) if v.measure == measure), None)
    if found is None:
        return "–"
    return f"{signed(found.contrast.difference)} {interval(found)} · {pick(judged(found))}"


@component
def Sampled(pinned: tuple[Result, ...]) -> None:
    """Show policy, assumptions and chance of the runs that varied the assumptions."""
    for k, one in enumerate(pinned):
        found = read_bars(one.comparison.folder)
        if found:
            with solara.Div(classes=["card"]):
                heading(pick(named(k, one)), 3)
                table(bars.columns(), bars.rows(found))
                html(pick(bars.note()), "quiet")
