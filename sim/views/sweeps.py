"""Sweeps and what was found in them, as pages and figures: effects, sensitivity, boxes, ranking."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import polars as pl
from matplotlib.figure import Figure

from sim.base import counts
from sim.base.text import Message, counted, pick, say
from sim.catalogue import assumptions, difference_unit, levers, measures
from sim.results.sweeps import LATE
from sim.scenario.page import Page
from sim.views.figures import ACCENT, INK, SOFT, Form, style, svg
from sim.views.wording import figure, signed

DUMMY = "dummy"
MOST_FOR_SOBOL = 12
METHOD = {
    "morris": say("Morris: mean absolute elementary effect"),
    "saltelli": say("Sobol: total share of variance"),
    "pawn": say("PAWN: how far an input moves the whole distribution; correlated inputs share credit"),
}

INDEX = {
    "morris": say("mean absolute elementary effect"),
    "saltelli": say("total share of variance"),
    "pawn": say("distance of distributions (PAWN)"),
}


def summary_page(manifest: dict, summary: pl.DataFrame, done: int, failed: Sequence[str] = ()) -> Page:
    """Return every policy's effect on every primary outcome, over the rows of the design."""
    page = Page(say("Sweep: {title}", title=manifest["title"]))
    page.add(
        None,
        say(
            "{done} of {all}; each is every policy and the place alone under the same luck",
            done=done,
            all=counts.runs(manifest["pairs"]),
        ),
        say("a range is over the assumptions: the middle 90 % of rows; it is not an interval of chance"),
        say("the interval of the mean is of chance: how well these rows tell the mean over all assumptions"),
    )
    places = named_places(manifest)
    columns = [
        say("outcome"),
        *([say("place")] if places else []),
        say("policy"),
        say("effect: mean"),
        say("95 % of the mean"),
        say("90 % of rows"),
        say("rows above zero"),
    ]
    for window in summary["window"].unique(maintain_order=True):
        here = summary.filter((pl.col("window") == window) & pl.col("measure").is_in(manifest["primary"]))
        rows = [_row(r, places) for r in here.iter_rows(named=True)]
        page.table(say("Window: {name}", name=window), columns, rows)
    if failed:
        page.add(say("Runs that failed"), *failed)
    return page


def estimate_page(title: Any, found: Any, cores: int, hours: float) -> Page:
    """Return how much a sweep is and what it would take."""
    page = Page(say("Sweep: {title}", title=title))
    megabytes = found.size * found.runs / 1e6
    page.add(
        None,
        say(
            "{rows}, {arms} arms with the place alone, {runs}", rows=counts.rows(found.rows), arms=found.arms,
            runs=counts.runs(found.runs),
        ),
        say("one run takes {seconds} s on one core", seconds=f"{found.seconds:.2f}"),
        counted("on {cores} core about {hours}, {size} MB on disk", "on {cores} cores about {hours}, {size} MB on disk",
                cores=cores, hours=counts.hours(f"{hours:.2f}"), size=f"{megabytes:.1f}"),
        say("nothing was run"),
    )  # fmt: skip
    return page


def name_of(measure: str) -> Message:
    """Return a measure with its unit."""
    row = measures()[measure]
    return say("{measure} ({unit})", measure=row.text, unit=difference_unit(row.unit))


def named_places(manifest: dict) -> dict[str, Any]:
    """Return the titles of a sweep's places by id where it holds several, none where it holds one."""
    places = manifest.get("places") or {}
    return places if len(places) > 1 else {}


def _row(r: dict[str, Any], places: dict[str, Any]) -> list[Any]:
    span = f"{signed(r['low'])} … {signed(r['high'])}"
    mean = f"{signed(r['mean_low'])} … {signed(r['mean_high'])}" if r["rows"] > 1 else "-"
    who = [places[r["place"]], r["arm"]] if places else [r["arm"]]
    return [name_of(r["measure"]), *who, signed(r["mean"]), mean, span, f"{100 * r['above_zero']:.0f} %"]


def input_name(name: str) -> Any:
    """Return an input in words: a lever, an assumption, the dummy, or the mechanism of a group."""
    row = levers().get(name) or assumptions().get(name)
    return row.text if row else say("a dummy that moves nothing") if name == DUMMY else name


def sensitivity_page(found: Sequence[Any], survived: Any = None) -> Page:
    """Return the indices of some effects, and what a second step would go on with."""
    page = Page(say("What the effects hang on"))
    page.add(None, say("an input no larger than the dummy is not told from noise"))
    for one in found:
        rows = [
            [
                input_name(i.name),
                figure(i.value),
                "-" if math.isnan(i.half_width) else "± " + figure(i.half_width),
                say("yes") if i.stands_out else say("no"),
            ]
            for i in one.indices[:12]
        ]
        title = say("{policy}: {measure}; {method}; {rows}", policy=one.arm, measure=name_of(one.measure),
                    method=METHOD[one.method], rows=counts.rows(one.rows))  # fmt: skip
        page.table(title, [say("input"), say("index"), say("95 %"), say("beyond chance")], rows)
        if not math.isnan(one.luck):
            page.add(None, say("luck alone would give an input {luck}", luck=figure(one.luck)))
    if survived is not None:
        page.add(say("What a second step would go on with"), *_second_step(survived))
    return page


def _second_step(survived: Any) -> list[Any]:
    """Return what survives, and the line that the second design wants."""
    if not survived.names:
        return [say("nothing is beyond chance in any of these effects: there is nothing to go on with")]
    names = {
        code: mark.join(pick(input_name(name), code) for name in survived.names)
        for code, mark in (("en", "; "), ("zh", "、"))
    }
    words = (
        say("groups beyond chance in at least one effect, {n} of {all}: {names}", n=len(survived.names),
            all=survived.all, names=names)
        if survived.by_group
        else say("inputs beyond chance in at least one effect, {n} of {all}: {names}", n=len(survived.names),
                 all=survived.all, names=names)
    )  # fmt: skip
    lines: list[Any] = [words]
    if survived.only:
        lines += [say("under `assumptions` of the second design:"), f"only: [{', '.join(survived.only)}]"]
        many = survived.by_group or len(survived.only) > MOST_FOR_SOBOL
        lines.append(
            say("these are {n}: move them one by one (`sampler: {{kind: morris}}`), and then what survives of them "
                "(`kind: saltelli`; `kind: lhs` for boxes)", n=len(survived.only))
            if many else say("few enough for `sampler: {{kind: saltelli}}`, or `kind: lhs` for boxes")
        )  # fmt: skip
    if not survived.luck_known:
        lines.append(say("one seed a row does not tell luck: with `pairs: 2` or more fewer would survive by chance"))
    return lines


def discovery_page(found: Sequence[Any]) -> Page:
    """Return under which assumptions policies gain what is worth acting on."""
    page = Page(say("Where a policy gains what is worth acting on"))
    for one in found:
        title = say("{policy}: {measure}; {rows}", policy=one.arm, measure=name_of(one.measure),
                    rows=counts.rows(one.rows))  # fmt: skip
        whole = say("it gains in {share} of all rows", share=f"{100 * one.base:.0f} %")
        if not one.limits:
            page.add(title, whole, say("no box of assumptions does better than the whole"))
            continue
        if not one.reproduces:
            page.add(title, whole, _unsure(one))
            continue
        words = say(
            "inside the box it gains in {density}; the box holds {coverage} of all gains",
            density=f"{100 * one.density:.0f} %", coverage=f"{100 * one.coverage:.0f} %",
        )  # fmt: skip
        page.add(title, whole, words, *(_limit(limit) for limit in one.limits))
    return page


def _unsure(one: Any) -> Message:
    return say(
        "no box is said: of boxes found in parts of the rows, {share} were better than the whole on the other rows; "
        "nearly all would have to be", share=f"{100 * one.holding:.0f} %",
    )  # fmt: skip


def _limit(limit: Any) -> Message:
    return say(
        "where {input} lies between {low} and {high} (found again in {share} of bootstrap samples)",
        input=input_name(limit.name), low=figure(limit.low), high=figure(limit.high),
        share=f"{100 * limit.reproduce:.0f} %",
    )  # fmt: skip


def ranking_page(found: Any, weights: dict[str, float], place: Any = None) -> Page:
    """Return how policies stand, or that they cannot be ranked. place: its title, where there are several."""
    title = say("How the policies stand over the assumptions")
    page = Page(say("{title}: {place}", title=title, place=place) if place else title)
    said = [
        say("{measure}: weight {weight}", measure=name_of(n), weight=figure(w)) for n, w in weights.items()
    ]
    page.add(say("Weights, in units of what is worth acting on"), *said)
    low, high = (figure(v) for v in found.gap)
    if found.told_apart:
        page.add(
            None,
            say("the first is told from the second: regret differs by {low} to {high}", low=low, high=high),
        )
    else:
        page.add(None, say(
            "not ranked: over {rows} the regret of the first two differs by {low} to {high}; more rows, or a sharper "
            "choice of outcomes, would be needed", rows=counts.rows(found.rows), low=low, high=high,
        ))  # fmt: skip
    rows = [
        [s.arm, f"{100 * s.best:.0f} %", figure(s.regret), figure(s.regret_high), signed(s.score)]
        for s in found.shown
    ]
    columns = [
        say("policy"),
        say("best in"),
        say("regret: mean"),
        say("regret: worst tenth"),
        say("score: mean"),
    ]
    page.table(counts.rows(found.rows), columns, rows)
    return page


def draw_summary(summary: pl.DataFrame, manifest: dict, form: Form = svg) -> Any:
    """Return every policy's range over the rows, late window: one panel an outcome, policies of one place together."""
    wanted = [m for m in manifest["primary"] if m in set(summary["measure"])]
    summary, places = summary.filter(pl.col("window") == LATE), named_places(manifest)
    if places:
        words = {name: f"{pick(title)}: " for name, title in places.items()}
        summary = summary.with_columns((pl.col("place").replace_strict(words) + pl.col("arm")).alias("arm"))
    policies = sorted(set(summary["arm"]), reverse=True)
    with mpl.rc_context(style()):
        picture = Figure(
            figsize=(11.0, 0.5 + len(wanted) * (0.8 + 0.24 * len(policies))), layout="constrained"
        )
        for axis, measure in zip(picture.subplots(len(wanted), squeeze=False)[:, 0], wanted, strict=True):
            _panel(axis, summary.filter(pl.col("measure") == measure), policies)
            axis.set_title(pick(name_of(measure)), loc="left")
        return form(picture)


def _panel(axis: Any, here: pl.DataFrame, policies: Sequence[str]) -> None:
    at = [policies.index(arm) for arm in here["arm"]]
    axis.hlines(at, here["low"], here["high"], lw=2, color=SOFT)
    axis.hlines(at, here["mean_low"], here["mean_high"], lw=5, color=ACCENT)
    axis.plot(here["mean"], at, "o", ms=5, color=INK)
    axis.axvline(0, lw=0.8, color=INK)
    axis.set_yticks(range(len(policies)), policies)
