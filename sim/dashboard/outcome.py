"""Page 2, Outcome: what differs in words, participation and service load side by side, who gains and who loses."""

from __future__ import annotations

import csv
import io
from functools import partial

import solara

from sim.base import counts
from sim.base.text import pick, say, use_language
from sim.base.text import translate as _
from sim.catalogue import measures
from sim.dashboard.state import LANG, Result, Tab, component
from sim.dashboard.where import Where
from sim.dashboard.widgets import Fold, button, chart, drawn, heading, html, lines, select, table
from sim.results.bars import read_bars
from sim.results.grouped import group_verdicts
from sim.results.refused import refusals, too_few
from sim.results.store import RunFolder
from sim.views import bars, charts, grouped, refused
from sim.views.behind import behind
from sim.views.forest import detectable, forest
from sim.views.narrative import narrative
from sim.views.pages import primary_words, verdict_records
from sim.views.wording import SIDES, comparison_limits, figure, window_words

BOTH = ("participation", "service_load")
REFUSED_AT_ONCE = 6  # rows of what is not claimed that stand open: pairs and primary outcomes come first


@component
def Outcome(tab: Tab) -> None:
    """Show the answer: in words, then participation and service load side by side, then everything else."""
    result: Result | None = tab.result.value
    heading(_("Outcome"))
    if result is None:
        html(_("Nothing has been run yet. Set up a what-if on the first page and run it."), "note")
        return
    Standing(tab, result)
    Answer(result)
    with solara.Div(classes=["bar"]):
        button(_("Pin this result"), tab.pin)


@component
def Answer(result: Result) -> None:
    """Show one window of the result."""
    manifest = result.comparison.folder.manifest()
    window, set_window = solara.use_state(list(manifest["windows"])[-1])
    with solara.Div(classes=["card"]):
        items = [{"text": pick(window_words(manifest, w)), "value": w} for w in manifest["windows"]]
        select(_("Window"), window, items, set_window)
        lines(narrative(result.comparison, window))
        html(_("Click a row, or press Enter on it, to see what is behind its numbers."), "quiet")
    with solara.Div(classes=["side", "even"]):
        for side in BOTH:
            Side(result, side, window)
    html(pick(primary_words()), "quiet")
    html(_("The shaded band is too small to matter; an arrow points beyond the drawing."), "quiet")
    Refused(result)
    Detectable(result, window)
    Paths(result)
    Groups(result)
    Where(result)
    with solara.Div(classes=["card"]):
        Fold(
            _("All other outcomes"),
            lambda: drawn(
                forest(result.comparison.of(window, "other"), lambda v: behind(v, result.comparison.folder))
            ),
        )
    Exports(result, LANG.value)


@component
def Side(result: Result, side: str, window: str) -> None:
    """Show one of the two questions: primary outcomes at once, the others behind a click."""
    verdicts, folder = result.comparison.of(window, side), result.comparison.folder
    with solara.Div(classes=["card"], attributes={"data-side": side}):
        heading(pick(SIDES[side]), 3)
        drawn(forest([v for v in verdicts if v.primary], lambda v: behind(v, folder)))
        Fold(
            _("All outcomes of this side"),
            lambda: drawn(forest([v for v in verdicts if not v.primary], lambda v: behind(v, folder))),
        )


@component
def Standing(tab: Tab, result: Result) -> None:
    """Say what the result is of, how far it is, and what a reader must know first."""
    html(pick(result.title), "quiet")
    if tab.is_stale:
        html(_("The what-if was changed since; this result is of the one before."), "stale")
    if result.comparison.pairs < result.asked:
        html(
            pick(
                say(
                    "{done} of {all} so far; intervals narrow as pairs finish",
                    done=result.comparison.pairs,
                    all=counts.pairs(result.asked),
                )
            ),
            "note",
        )
    for line in refused.lines(too_few(result.comparison)):
        html(pick(say("Not claimed: {said}", said=line)), "note")
    Fold(_("Read this first"), lambda: lines(comparison_limits(result.comparison)))


@component
def Refused(result: Result) -> None:
    """Show what is not claimed, why, and the pairs and minutes that would settle it, as the report does."""
    with solara.Div(classes=["card", "refused"]):
        heading(_("What is not claimed, and what would settle it"), 3)
        rows = refused.rows(refusals(result.comparison))
        table(refused.columns(), rows[:REFUSED_AT_ONCE])
        rest = rows[REFUSED_AT_ONCE:]
        if rest:
            more = say("{n} more that are not claimed", n=len(rest))
            Fold(pick(more), lambda: table(refused.columns(), rest))


@component
def Detectable(result: Result, window: str) -> None:
    """Show how the smallest difference that would be found fell as pairs finished."""
    primary = result.comparison.folder.manifest()["primary"]
    measure, set_measure = solara.use_state(primary[0])
    with solara.Div(classes=["card"]):
        heading(_("What these pairs could find"), 3)
        items = [{"text": pick(measures()[m].text), "value": m} for m in primary]
        select(_("Outcome"), measure, items, set_measure)
        steps = [(n, found[measure, window]) for n, found in result.narrowing if (measure, window) in found]
        picture = detectable(steps, measures()[measure].worth)
        if picture:
            drawn(picture)
        else:
            now = next((v.contrast for v in result.comparison.of(window) if v.measure == measure), None)
            html(pick(say("smallest difference found four times in five with {n}: {mde}; worth acting on: {worth}",
                          n=counts.pairs(result.comparison.pairs), mde=figure(now.mde) if now else "–",
                          worth=figure(measures()[measure].worth))), "quiet")  # fmt: skip


@component
def Paths(result: Result) -> None:
    """Show one primary outcome month by month: both arms, or the differences of single pairs."""
    primary = result.comparison.folder.manifest()["primary"]
    measure, set_measure = solara.use_state(primary[0])
    singles, set_singles = solara.use_state(False)
    with solara.Div(classes=["card"]):
        heading(_("Over the months"), 3)
        items = [{"text": pick(measures()[m].text), "value": m} for m in primary]
        select(_("Outcome"), measure, items, set_measure)
        button(
            _("Show both arms") if singles else _("Show ten single pairs"), lambda: set_singles(not singles)
        )
        name = measures()[measure].text
        text = (
            say("{name}: reform minus baseline by month, a line a pair", name=name)
            if singles
            else say("{name} by month, without the reform dashed and with it solid", name=name)
        )
        option = (charts.single_pairs if singles else charts.path)(result.comparison, measure)
        chart(option, pick(text)).key(f"{measure}-{singles}-{result.comparison.pairs}")
        html(pick(text), "quiet")
        Fold(_("The chart as a table"), lambda: table([say("month"), *(one["name"] for one in option["series"])],
             [[m, *("–" if s["data"][k] is None else s["data"][k] for s in option["series"])]
              for k, m in enumerate(option["xAxis"]["data"])]))  # fmt: skip


@component
def Gains(folder: RunFolder, kind: str, title: str) -> None:
    """Show who comes off worst and every group or post, where the run recorded them."""
    verdicts = group_verdicts(folder, kind) if folder.has(kind) else []
    few = grouped.too_few(verdicts)
    with solara.Div(classes=["card"]):
        heading(title, 3)
        lines(grouped.worst_off(verdicts))
        html(pick(grouped.note()), "quiet")
        if few is not None:
            html(pick(few), "quiet")
        for block, rows in grouped.blocks(verdicts):
            Fold(pick(block), partial(table, grouped.columns(), rows))


@component
def Groups(result: Result) -> None:
    """Show who gains and who loses, and how far the assumptions move it."""
    folder = result.comparison.folder
    Gains(folder, "groups", _("Who gains, who loses"))
    Gains(folder, "posts", _("Staff, by the post they held at the start"))
    with solara.Div(classes=["card"]):
        heading(_("Policy, assumptions, chance"), 3)
        found = read_bars(folder)
        if found:
            table(bars.columns(), bars.rows(found))
        html(pick(bars.note() if found else bars.not_measured(folder.manifest())), "quiet")


@component
def Exports(result: Result, lang: str) -> None:
    """Offer the report, the numbers, the scenario and the command."""
    with solara.Div(classes=["card"]):
        heading(_("Take it with you"), 3)
        with solara.Div(classes=["bar"]):
            solara.FileDownload(
                lambda: _report(result, lang), filename=f"report.{lang}.html", label=_("Report")
            )
            solara.FileDownload(lambda: _csv(result), filename="outcomes.csv", label=_("Numbers (CSV)"))
            solara.FileDownload(result.file.read_bytes, filename="what_if.yaml", label=_("Scenario file"))
        html(_("The scenario file opens the same on any install: shequ dashboard what_if.yaml"), "quiet")
        command = f"shequ compare what_if.yaml --pairs {result.asked}"
        html(pick(say("The same from the command line: {command}", command=command)), "quiet")


def _report(result: Result, lang: str) -> bytes:
    from sim.views.report import render  # draws with matplotlib, which the first page need not wait for

    use_language(lang)
    return render(result.comparison).encode()


def _csv(result: Result) -> bytes:
    buffer, rows = io.StringIO(), verdict_records(result.comparison)
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return ("\ufeff" + buffer.getvalue()).encode()
