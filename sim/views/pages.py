"""Results as pages of text and tables, for the terminal and for machines."""

from __future__ import annotations

from sim.base.text import say
from sim.catalogue import measures, unit_text
from sim.results.verdicts import Comparison, Verdict
from sim.scenario.page import Page
from sim.views.wording import GRADES, SIDES, better_in, figure, interval, limits, narrative, pairing_words, signed, window_words

PRIMARY_MARK = "●"


def verdict_page(comparison: Comparison) -> Page:
    """Return the answer: limits first, then both windows, participation and service load as blocks side by side."""
    manifest = comparison.folder.manifest()
    page = Page(manifest["title"])
    page.add(say("Read this first"), *limits(tuple(manifest["assumed"]), comparison.pairs))
    for window in manifest["windows"]:
        page.add(say("{window}: in words", window=window_words(comparison, window)), *narrative(comparison, window))
        for side, title in SIDES.items():
            rows = [verdict_row(v) for v in comparison.of(window, side)]
            page.table(say("{side}, {window}", side=title, window=window_words(comparison, window)), columns(), rows)
    page.add(None, pairing_words(comparison.verdicts), say("● primary outcome: its interval is simultaneous with the other primary outcomes of the window"))
    return page


def columns() -> list:
    """Return the headings of a verdict row."""
    return [
        say("outcome"), say("unit"), say("baseline"), say("reform"), say("difference"), say("95 % interval"), say("worth acting on"),
        say("better in pairs"), say("verdict"),
    ]


def verdict_row(verdict: Verdict) -> list:
    """Return one verdict as cells."""
    row, c = measures()[verdict.measure], verdict.contrast
    name = say("{mark} {name}", mark=PRIMARY_MARK if verdict.primary else " ", name=row.text)
    said = GRADES[verdict.grade] if verdict.primary or verdict.grade in ("equal", "small") else say("({word})", word=GRADES[verdict.grade])
    return [
        name, unit_text(row.unit), figure(c.baseline), figure(c.reform), signed(c.difference), interval(verdict), figure(row.worth),
        better_in(verdict), said,
    ]


def levels_page(levels: object) -> Page:
    """Return the outcomes of one scenario as levels with their spread over replications; nothing is compared."""
    page = Page(levels.title)
    page.add(say("Read this first"), *limits(levels.assumed, levels.replications)[:2])
    for window, rows in levels.rows.items():
        cells = [[measures()[m].text, unit_text(measures()[m].unit), figure(mean), f"{figure(low)} – {figure(high)}"] for m, mean, low, high in rows]
        page.table(levels.window_words(window), [say("outcome"), say("unit"), say("mean"), say("lowest to highest replication")], cells)
    page.add(None, say("Run folder: {folder}", folder=str(levels.folder.path)))
    return page
