"""Charts as data for ECharts: differences against what is worth acting on, and paths of both arms."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from sim.base.calendar import format_month
from sim.base.text import pick, say
from sim.catalogue import measures
from sim.results.verdicts import Comparison, Verdict

ACCENT, WARM, SHADE = "#0b5f8a", "#b4531f", "rgba(140,150,160,0.18)"


def differences(verdicts: list[Verdict]) -> dict[str, Any]:
    """Return paired differences in units of what is worth acting on, with their intervals, one row an outcome."""
    rows = [v for v in verdicts if np.isfinite(v.contrast.difference)][::-1]
    worth = [measures()[v.measure].worth for v in rows]
    names = [pick(measures()[v.measure].text) for v in rows]
    middle = [round(v.contrast.difference / w, 3) for v, w in zip(rows, worth, strict=True)]
    ends = [
        [k, _finite(v.contrast.low / w, m), _finite(v.contrast.high / w, m)]
        for k, (v, w, m) in enumerate(zip(rows, worth, middle, strict=True))
    ]
    return {
        "grid": {"left": 10, "right": 30, "top": 10, "bottom": 45, "containLabel": True},
        "xAxis": {
            "type": "value",
            "name": pick(say("× worth acting on")),
            "nameLocation": "middle",
            "nameGap": 28,
        },
        "yAxis": {
            "type": "category",
            "data": names,
            "axisLabel": {"width": 190, "overflow": "break", "color": "#1c2733"},
        },
        "series": [
            {
                "type": "scatter",
                "data": middle,
                "symbolSize": 10,
                "itemStyle": {"color": ACCENT},
                "markArea": {
                    "silent": True,
                    "itemStyle": {"color": SHADE},
                    "data": [[{"xAxis": -1}, {"xAxis": 1}]],
                },
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"color": ACCENT, "type": "solid", "width": 2},
                    "label": {"show": False},
                    "data": [[{"coord": [low, k]}, {"coord": [high, k]}] for k, low, high in ends],
                },
            }
        ],
    }


def _finite(value: float, otherwise: float) -> float:
    return round(float(value), 3) if np.isfinite(value) else otherwise


def path(comparison: Comparison, measure: str) -> dict[str, Any]:
    """Return an outcome over months: mean over pairs, baseline dashed and reform solid."""
    series = comparison.folder.read("series").filter(
        (pl.col("measure") == measure) & pl.col("value").is_not_nan()
    )
    mean = series.group_by("month", "arm").agg(pl.col("value").mean()).sort("month")
    months = sorted(set(mean["month"].to_list()))
    values = {(month, arm): value for month, arm, value in mean.select("month", "arm", "value").rows()}
    names = {"baseline": pick(say("baseline")), "reform": pick(say("reform"))}
    lines = [
        {
            "type": "line",
            "name": names[arm],
            "showSymbol": False,
            "data": [_rounded(values.get((month, arm))) for month in months],
            "lineStyle": {"type": "dashed" if arm == "baseline" else "solid", "width": 2, "color": colour},
            "itemStyle": {"color": colour},
        }
        for arm, colour in (("baseline", WARM), ("reform", ACCENT))
    ]
    return {
        "grid": {"left": 10, "right": 20, "top": 34, "bottom": 10, "containLabel": True},
        "legend": {"top": 0, "data": list(names.values())},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [format_month(month) for month in months]},
        "yAxis": {"type": "value", "scale": True},
        "series": lines,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def place_map(comparison: Comparison, measure: str) -> dict[str, Any] | None:
    """Return a map of areas, each coloured by its paired difference; None where areas were not recorded."""
    folder = comparison.folder.path / "tables" / "baseline" / "geography.parquet"
    if not folder.exists() or not comparison.folder.has("areas"):
        return None
    geography = pl.read_parquet(folder)
    rows = comparison.folder.read("areas").filter(pl.col("measure") == measure)
    ratio = rows.with_columns(v=measures()[measure].scale * pl.col("numerator") / pl.col("denominator"))
    wide = ratio.pivot("arm", index=["unit", "pair"], values="v").with_columns(
        d=pl.col("reform") - pl.col("baseline")
    )
    mean = dict(wide.group_by("unit").agg(pl.col("d").mean()).rows())
    data = [
        {"name": name, "value": [round(x, 3), round(y, 3), round(mean[area], 3)]}
        for area, name, x, y in geography.select("area", "name", "x", "y").rows()
        if mean.get(area) is not None and np.isfinite(mean[area])
    ]
    if not data:
        return None
    most = max(abs(one["value"][2]) for one in data) or 1.0
    return {
        "grid": {"left": 10, "right": 90, "top": 10, "bottom": 10, "containLabel": True},
        "tooltip": {"formatter": "{b}: {c}"},
        "xAxis": {"show": False, "scale": True},
        "yAxis": {"show": False, "scale": True},
        "visualMap": {
            "dimension": 2, "min": -most, "max": most, "right": 0, "top": "middle", "precision": 1,
            "inRange": {"color": [WARM, "#f0f0f0", ACCENT]},
        },
        "series": [{"type": "scatter", "symbolSize": 22, "data": data, "label": {"show": False}}],
    }  # fmt: skip
