"""Where a reform bites: communities on a map with the ties between them, and one community looked at closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sim.base import counts
from sim.base.text import pick, say
from sim.catalogue import difference_unit, measures
from sim.results.store import RunFolder
from sim.scenario.frame import unit_title
from sim.views.wording import signed

ACCENT, WARM, NOTHING = (11, 95, 138), (180, 83, 31), (240, 240, 240)
MOST_TIES = 1  # drawn from each community
MOST_WRITTEN = 70  # communities whose figures still fit on the map


@dataclass(frozen=True)
class Area:
    """A community as the map shows it. differences: paired, by measure, mean over pairs, in the unit shown."""

    area: int
    id: str
    street: str
    x: float
    y: float
    residents: int
    differences: dict[str, float]

    @property
    def title(self) -> dict[str, str]:
        """A readable name."""
        return unit_title("community", self.id)


def areas_of(folder: RunFolder) -> list[Area]:
    """Return the communities of a run with their differences; none where they were not recorded."""
    path = folder.path / "tables" / "baseline" / "geography.parquet"
    if not path.exists() or not folder.has("areas"):
        return []
    primary = folder.manifest()["primary"]
    found = _differences(folder.read("areas").filter(pl.col("measure").is_in(primary)))
    geography = pl.read_parquet(path)
    street = "street" if "street" in geography.columns else "name"
    return [
        Area(area, name, above, x, y, people, found.get(area, {}))
        for area, name, above, x, y, people in geography.select(
            "area", "name", pl.col(street).alias("above"), "x", "y", "residents"
        ).rows()
    ]


def _differences(rows: pl.DataFrame) -> dict[int, dict[str, float]]:
    ratio = rows.with_columns(v=pl.col("numerator") / pl.col("denominator"))
    wide = ratio.pivot("arm", index=["measure", "unit", "pair"], values="v")
    mean = wide.group_by("measure", "unit").agg((pl.col("reform") - pl.col("baseline")).mean().alias("d"))
    found: dict[int, dict[str, float]] = {}
    for measure, unit, d in mean.rows():
        if d is not None and np.isfinite(d):
            found.setdefault(unit, {})[measure] = measures()[measure].scale * d
    return found


def ties_of(folder: RunFolder, most: int = MOST_TIES) -> list[tuple[int, int, float]]:
    """Return the strongest ties between communities: each community's strongest few, (a, b, weight), a < b."""
    path = folder.path / "tables" / "baseline" / "area_ties.parquet"
    if not path.exists():
        return []
    rows = [(a, b, w) for a, b, w in pl.read_parquet(path).rows() if a != b and w > 0]
    kept: set[tuple[int, int]] = set()
    by_area: dict[int, list[tuple[float, int, int]]] = {}
    for a, b, w in rows:
        for one in (a, b):
            by_area.setdefault(one, []).append((w, a, b))
    for own in by_area.values():
        kept |= {(a, b) for _, a, b in sorted(own, reverse=True)[:most]}
    return [(a, b, w) for a, b, w in rows if (a, b) in kept]


def area_map(areas: list[Area], ties: list[tuple[int, int, float]], measure: str) -> dict[str, Any] | None:
    """Return the map as data for ECharts: colour and a written figure say the difference, size the residents."""
    known = [area for area in areas if measure in area.differences]
    if not known:
        return None
    most = max(abs(area.differences[measure]) for area in known) or 1.0
    largest = max(area.residents for area in known) or 1
    nodes = [
        _node(a, a.differences[measure], most, largest, written=len(known) <= MOST_WRITTEN) for a in known
    ]
    shown = {a.area for a in known}
    heaviest = max((w for *_, w in ties), default=1.0)
    links = [
        _link(a, b, w / heaviest)
        for a, b, w in ties if a in shown and b in shown
    ]  # fmt: skip
    hidden = {"show": False, "type": "value", "scale": True}
    graph = {"type": "graph", "coordinateSystem": "cartesian2d", "data": nodes, "links": links}
    return {
        "tooltip": {"formatter": "{b}"},
        "grid": {"left": 30, "right": 30, "top": 25, "bottom": 35},
        "xAxis": hidden,
        "yAxis": hidden,
        "series": [graph],
    }


def _link(a: int, b: int, share: float) -> dict[str, Any]:
    line = {"width": round(0.5 + 4 * share, 2), "color": "#8a94a0"}
    return {"source": str(a), "target": str(b), "lineStyle": line}


def _node(area: Area, difference: float, most: float, largest: int, *, written: bool) -> dict[str, Any]:
    return {
        "id": str(area.area),
        "name": f"{pick(area.title)}: {signed(difference)}",
        "value": [round(area.x, 3), round(area.y, 3)],
        "symbolSize": round(14 + 20 * (area.residents / largest) ** 0.5),
        "itemStyle": {"color": _colour(difference / most), "borderColor": "#4d5966", "borderWidth": 1},
        "label": {
            "show": written,
            "formatter": signed(difference),
            "position": "bottom",
            "fontSize": 10,
            "color": "#1c2733",
        },
    }


def _colour(share: float) -> str:
    end = ACCENT if share > 0 else WARM
    mixed = [round(n + (e - n) * min(abs(share), 1.0)) for n, e in zip(NOTHING, end, strict=True)]
    return f"rgb({mixed[0]},{mixed[1]},{mixed[2]})"


def area_rows(area: Area) -> list[list[Any]]:
    """Return one community's differences as cells."""
    return [
        [
            say("{measure} ({unit})", measure=measures()[m].text, unit=difference_unit(measures()[m].unit)),
            signed(d),
        ]
        for m, d in area.differences.items()
    ]


def neighbours(
    area: Area, areas: list[Area], ties: list[tuple[int, int, float]], measure: str
) -> list[list[Any]]:
    """Return the communities tied most closely to one, with what happens there."""
    own = sorted(((w, b if a == area.area else a) for a, b, w in ties if area.area in (a, b)), reverse=True)
    by_area = {one.area: one for one in areas}
    return [
        [by_area[other].title, f"{w:,.0f}", signed(by_area[other].differences.get(measure, float("nan")))]
        for w, other in own[:5]
        if other in by_area
    ]


def area_text(areas: list[Area], measure: str) -> str:
    """Return in a sentence where the difference is largest and smallest."""
    known = sorted((a for a in areas if measure in a.differences), key=lambda a: a.differences[measure])
    if not known:
        return pick(say("This outcome is not known by area."))
    low, high = known[0], known[-1]
    return pick(
        say("{n}: from {a} in {low} to {b} in {high}", n=counts.communities(len(known)),
            a=signed(low.differences[measure]), low=low.title, b=signed(high.differences[measure]), high=high.title)
    )  # fmt: skip
