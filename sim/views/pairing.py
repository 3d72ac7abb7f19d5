"""How good the pairing was: by outcome what it saved, by decision and year how many residents still decide alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from sim.base.text import Message, say
from sim.catalogue import measures
from sim.results.alignment import Aligned, aligned
from sim.results.verdicts import Comparison
from sim.views.wording import WINDOWS, figure

YEAR = 12
DECISIONS = {
    "vote": say("vote"),
    "deliberate": say("go to a residents' meeting"),
    "activity": say("join an activity"),
    "volunteer": say("volunteer"),
    "contacted": say("be visited by the committee"),
    "unfiled": say("leave a need unfiled"),
}


def outcome_columns() -> list[Message]:
    """Return the headings of a row about one outcome."""
    return [
        say("outcome"),
        say("window"),
        say("correlation of the two arms over pairs"),
        say("unpaired runs a pair is worth"),
    ]


def outcome_rows(comparison: Comparison) -> list[list[Any]]:
    """Return, for each primary outcome and window, the correlation of the arms and the variance saved."""
    return [
        [
            measures()[v.measure].text,
            WINDOWS.get(v.window, v.window),
            figure(v.contrast.correlation),
            figure(v.contrast.saved),
        ]
        for v in comparison.verdicts
        if v.primary
    ]


def decision_columns(years: int) -> list[Message]:
    """Return the headings of a row about one decision."""
    return [say("decision"), *(say("year {n}", n=k + 1) for k in range(years)), say("by chance alone")]


def decision_rows(table: pl.DataFrame) -> list[list[Any]]:
    """Return, for each decision, the share of cases that are the same in both worlds, by year after they part.

    table: of `read_alignment`.
    """
    years = _years(table)
    by_year = [{one.decision: one for one in aligned(table.filter(_year(table) == k))} for k in range(years)]
    whole = {one.decision: one for one in aligned(table)}
    return [
        [words, *(_share(year.get(name)) for year in by_year), _percent(whole[name].by_chance)]
        for name, words in DECISIONS.items()
        if name in whole
    ]


def _years(table: pl.DataFrame) -> int:
    return int(_year(table).max()) + 1 if table.height else 0  # type: ignore[arg-type]


def _year(table: pl.DataFrame) -> pl.Series:
    return (table["month"] - table["month"].min()) // YEAR


def _share(one: Aligned | None) -> str:
    return "–" if one is None else _percent(one.share)


def _percent(share: float) -> str:
    if not np.isfinite(share):
        return "–"
    return "< 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def note() -> Message:
    """Return how the two tables are to be read."""
    return say(
        "Both worlds draw the same luck, so residents decide alike until something that bears on them changes. Shown "
        "is, in the first pair, of all cases in which a resident does it in either world the share in which they do it "
        "in both; by chance alone: what it would be if the worlds shared nothing but how often it happens. Where the "
        "shares fall towards chance, pairing no longer narrows the interval."
    )
