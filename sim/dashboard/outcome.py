"""Page 2, Outcome: what differs in words, participation and service load side by side, who gains and who loses."""

from __future__ import annotations

import csv
import io

import solara

from sim.base.text import pick, say, use_language
from sim.base.text import translate as _
from sim.catalogue import measures, unit_text
from sim.dashboard.state import LANG, Result, Tab, component
from sim.dashboard.widgets import Fold, chart, heading, html, lines, select, table
from sim.results.bars import read_bars
from sim.results.grouped import group_verdicts
from sim.views import bars, charts, grouped
from sim.views.pages import narrow_columns, narrow_row, primary_words, verdict_records
from sim.views.report import render
from sim.views.wording import SIDES, comparison_limits, narrative, window_words

BOTH = ("participation", "service_load")


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


@component
def Answer(result: Result) -> None:
    """Show one window of the result."""
    manifest = result.comparison.folder.manifest()
    window, set_window = solara.use_state(list(manifest["windows"])[-1])
    items = [{"text": pick(window_words(manifest, w)), "value": w} for w in manifest["windows"]]
    select(_("Window"), window, items, set_window)
    lines(narrative(result.comparison, window))
    with solara.Div(classes=["side"]):
        for side in BOTH:
            Side(result, side, window)
    Paths(result)
    Groups(result)
    Area(result)
    Fold(
        _("All other outcomes"),
        lambda: _rest(result, window),
    )
    Exports(result, LANG.value)


def _rest(result: Result, window: str) -> None:
    table(narrow_columns(), [narrow_row(v) for v in result.comparison.of(window, "other")])


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
                    "{done} of {all} pairs so far; intervals narrow as pairs finish",
                    done=result.comparison.pairs,
                    all=result.asked,
                )
            ),
            "note",
        )
    Fold(_("Read this first"), lambda: lines(comparison_limits(result.comparison)))


@component
def Side(result: Result, side: str, window: str) -> None:
    """Show one of the two questions: its chart, and the same as a table."""
    with solara.Div(classes=["card"]):
        heading(pick(SIDES[side]), 3)
        verdicts = result.comparison.of(window, side)
        text = pick(say("Paired differences with their intervals; the numbers stand in the table below."))
        chart(charts.differences(verdicts), text, height=70 + 46 * len(verdicts))
        html(_("The shaded band is too small to matter."), "quiet")
        table(narrow_columns(), [narrow_row(v) for v in verdicts])
        html(pick(primary_words()), "quiet")
        Fold(_("What is behind these numbers"), lambda: lines([_behind(v.measure, result) for v in verdicts]))


def _behind(measure: str, result: Result) -> str:
    row, manifest = measures()[measure], result.comparison.folder.manifest()
    return pick(
        say(
            "{name}: in {unit}; worth acting on from {worth}; {n} pairs, seeds {first} to {last}",
            name=row.text,
            unit=unit_text(row.unit),
            worth=f"{row.worth:g}",
            n=result.comparison.pairs,
            first=manifest["seed"],
            last=manifest["seed"] + result.comparison.pairs - 1,
        )
    )


@component
def Paths(result: Result) -> None:
    """Show one primary outcome month by month."""
    primary = result.comparison.folder.manifest()["primary"]
    measure, set_measure = solara.use_state(primary[0])
    heading(_("Over the months"))
    items = [{"text": pick(measures()[m].text), "value": m} for m in primary]
    select(_("Outcome"), measure, items, set_measure)
    text = pick(
        say("{name} by month, without the reform dashed and with it solid", name=measures()[measure].text)
    )
    chart(charts.path(result.comparison, measure), text)


@component
def Groups(result: Result) -> None:
    """Show who gains and who loses, and how far the assumptions move it."""
    folder = result.comparison.folder
    heading(_("Who gains, who loses"))
    verdicts = group_verdicts(folder) if folder.has("groups") else []
    lines(grouped.worst_off(verdicts))
    html(pick(grouped.note()), "quiet")
    for title, rows in grouped.blocks(verdicts):
        Fold(pick(title), lambda rows=rows: table(grouped.columns(), rows))
    heading(_("Policy, assumptions, chance"), 3)
    found = read_bars(folder)
    if found:
        table(bars.columns(), bars.rows(found))
    html(pick(bars.note() if found else bars.not_measured(folder.manifest())), "quiet")


@component
def Area(result: Result) -> None:
    """Show the difference by area on a map, and as a table."""
    primary = result.comparison.folder.manifest()["primary"]
    measure, set_measure = solara.use_state("unmet_need" if "unmet_need" in primary else primary[0])
    option = charts.place_map(result.comparison, measure)
    heading(_("Where"))
    items = [{"text": pick(measures()[m].text), "value": m} for m in primary]
    select(_("Outcome"), measure, items, set_measure)
    if option is None:
        html(_("This outcome is not known by area."), "quiet")
        return
    chart(option, pick(say("Difference by area; the numbers stand in the table below.")))
    rows = sorted(
        ((one["name"], f"{one['value'][2]:+.2f}") for one in option["series"][0]["data"]), key=lambda r: r[0]
    )
    Fold(_("The map as a table"), lambda: table([say("area"), say("difference")], rows))


@component
def Exports(result: Result, lang: str) -> None:
    """Offer the report, the numbers, the scenario and the command."""
    heading(_("Take it with you"))
    with solara.Row(gap="8px", style={"flexWrap": "wrap"}):
        solara.FileDownload(lambda: _report(result, lang), filename=f"report.{lang}.html", label=_("Report"))
        solara.FileDownload(lambda: _csv(result), filename="outcomes.csv", label=_("Numbers (CSV)"))
        solara.FileDownload(result.file.read_bytes, filename="what_if.yaml", label=_("Scenario file"))
    command = f"shequ compare what_if.yaml --pairs {result.asked}"
    html(pick(say("The same from the command line: {command}", command=command)), "quiet")


def _report(result: Result, lang: str) -> bytes:
    use_language(lang)
    return render(result.comparison).encode()


def _csv(result: Result) -> bytes:
    buffer, rows = io.StringIO(), verdict_records(result.comparison)
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return ("\ufeff" + buffer.getvalue()).encode()
