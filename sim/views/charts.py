"""Charts as data for ECharts: an outcome over months in both arms, and single pairs of it."""

from __future__ import annotations

from typing import Any

import polars as pl

from sim.base.calendar import format_month
from sim.base.text import pick, say
from sim.results.verdicts import Comparison

ACCENT, WARM = "#0b5f8a", "#b4531f"


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


def single_pairs(comparison: Comparison, measure: str, most: int = 10) -> dict[str, Any]:
    """Return the paired difference by month of single pairs, one line each: what one history may look like."""
    series = comparison.folder.read("series").filter(
        (pl.col("measure") == measure) & pl.col("value").is_not_nan() & (pl.col("pair") < most)
    )
    wide = series.pivot("arm", index=["pair", "month"], values="value").sort("pair", "month")
    wide = wide.with_columns(d=pl.col("reform") - pl.col("baseline"))
    months = sorted(set(wide["month"].to_list()))
    shapes = ("solid", "dashed", "dotted")
    lines = []
    for (pair,), part in wide.group_by("pair", maintain_order=True):
        values = dict(part.select("month", "d").rows())
        lines.append(
            {
                "type": "line", "name": str(pair), "showSymbol": False,
                "data": [_rounded(values.get(m)) for m in months],
                "lineStyle": {"width": 1.2, "color": ACCENT, "opacity": 0.75, "type": shapes[int(str(pair)) % 3]},
                "itemStyle": {"color": ACCENT},
            }
        )  # fmt: skip
    return {
        "grid": {"left": 10, "right": 20, "top": 20, "bottom": 10, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [format_month(month) for month in months]},
        "yAxis": {"type": "value", "scale": True},
        "series": lines,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
