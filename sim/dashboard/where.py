"""Where a reform bites: the map of communities with the ties between them, and one of them looked at closely."""

from __future__ import annotations

from typing import Any

import solara

from sim.base import counts
from sim.base.text import pick, say
from sim.base.text import translate as _
from sim.catalogue import measures
from sim.dashboard.state import Result, component
from sim.dashboard.widgets import Fold, chart, heading, html, select, table
from sim.views.areas import Area, area_map, area_rows, area_text, areas_of, neighbours, ties_of
from sim.views.wording import signed


@component
def Where(result: Result) -> None:
    """Show the differences by community on a map, as a table, and one community at a click."""
    folder = result.comparison.folder
    primary = folder.manifest()["primary"]
    measure, set_measure = solara.use_state("unmet_need" if "unmet_need" in primary else primary[0])
    chosen, set_chosen = solara.use_state("")
    areas, ties = solara.use_memo(
        lambda: (areas_of(folder), ties_of(folder)), [str(folder.path), result.comparison.pairs]
    )
    with solara.Div(classes=["card"]):
        heading(_("Where"), 3)
        items = [{"text": pick(measures()[m].text), "value": m} for m in primary]
        select(_("Outcome"), measure, items, set_measure)
        option = area_map(areas, ties, measure)
        if option is None:
            html(_("This outcome is not known by area."), "quiet")
            return
        with solara.Div(classes=["side"]):
            with solara.Div():
                chart(option, area_text(areas, measure), 440, lambda at: set_chosen(_clicked(at, areas))).key(
                    f"{measure}-{result.comparison.pairs}"
                )
            with solara.Div():
                html(area_text(areas, measure))
                html(
                    _("Size: residents. Colour and figure: the difference. Lines: the strongest ties."),
                    "quiet",
                )
                names = [{"text": pick(a.title), "value": a.id} for a in areas]
                select(_("Look at one community"), chosen, [{"text": "–", "value": ""}, *names], set_chosen)
                found = next((a for a in areas if a.id == chosen), None)
                if found is not None:
                    Closely(found, areas, ties, measure)
        rows = [
            [a.title, f"{a.residents:,}", signed(a.differences[measure])]
            for a in areas
            if measure in a.differences
        ]
        Fold(
            _("The map as a table"),
            lambda: table([say("community"), say("residents"), say("difference")], rows),
        )


def _clicked(at: Any, areas: list[Area]) -> str:
    """Return the community of a click on the map; empty for a click on a tie."""
    found = at.get("data") if isinstance(at, dict) else None
    number = str(found.get("id", "")) if isinstance(found, dict) else ""
    return next((a.id for a in areas if str(a.area) == number), "")


@component
def Closely(area: Area, areas: list[Area], ties: list[tuple[int, int, float]], measure: str) -> None:
    """Show one community: every primary outcome, and the communities it is tied to."""
    with solara.Div(classes=["inner"], attributes={"data-area": area.id, "aria-live": "polite"}):
        heading(pick(area.title), 3)
        html(pick(counts.residents(f"{area.residents:,}")), "quiet")
        table([say("outcome"), say("difference")], area_rows(area))
        rows = neighbours(area, areas, ties, measure)
        if rows:
            table([say("tied to"), say("ties"), say("difference there")], rows)
