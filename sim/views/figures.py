"""Two pictures of a comparison, as SVG text: sizes against worth, and paths over months.

Readable without colour: arms differ by line style, windows by filled and open marks. Letters are drawn as outlines, so
Chinese looks the same on a machine without Chinese fonts.
"""

from __future__ import annotations

import io
import textwrap
from functools import lru_cache
from importlib.resources import files
from typing import Any

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.base.calendar import format_month
from sim.base.text import language, pick, say
from sim.catalogue import measures, unit_text
from sim.results.paired import half_width
from sim.results.verdicts import Comparison, Verdict
from sim.views.wording import MINUS, SIDES

INK, SOFT, ACCENT, PALE = "#1c2733", "#8a94a0", "#0b5f8a", "#dbe7ee"
ROW_INCHES, WIDTH_INCHES = 0.27, 11.0
LINEAR_TO = 2.0
TITLE_CHARACTERS, LABEL_CHARACTERS = 48, 36
ARM_LINES: dict[str, tuple[str, Any]] = {"baseline": (SOFT, (0, (4, 2))), "reform": (ACCENT, "solid")}
TICKS = (-100, -30, -10, -4, -2, -1, 0, 1, 2, 4, 10, 30, 100)


@lru_cache(maxsize=1)
def _font() -> str:
    """Register the Chinese font that ships with the package and return its name."""
    path = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
    font_manager.fontManager.addfont(str(path))
    return font_manager.FontProperties(fname=str(path)).get_name()


def style() -> dict:
    """Return the look of every picture, with letters for the language in force."""
    family = [_font(), "DejaVu Sans"] if language() == "zh" else ["DejaVu Sans", _font()]
    return {
        "font.family": family,
        "font.size": 9,
        "axes.edgecolor": SOFT,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "text.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.fonttype": "path",
        "axes.unicode_minus": False,
        "svg.hashsalt": "shequ",
    }


def _filled(text: str, characters: int) -> str:
    """Return a text broken into lines of so many Latin or half as many Chinese characters."""
    return textwrap.fill(text, characters if language() == "en" else characters // 2)


def svg(figure: Figure) -> str:
    """Return a picture as SVG text, the same for the same numbers."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def sizes(comparison: Comparison) -> str:
    """Return the paired differences in units of what is worth acting on, participation beside service load."""
    with mpl.rc_context(style()):
        sides = ("participation", "service_load")
        names = {side: [v.measure for v in comparison.of("late", side)] for side in sides}
        rows = max(len(n) for n in names.values())
        figure = Figure(figsize=(WIDTH_INCHES, 1.2 + ROW_INCHES * rows), layout="constrained")
        for axis, side in zip(figure.subplots(1, 2), sides, strict=True):
            _size_panel(axis, comparison, side, names[side])
        figure.supxlabel(
            pick(say("difference in units of what is worth acting on (○ early, ● late)")),
            fontsize=9,
            color=INK,
        )
        return svg(figure)


def _size_panel(axis, comparison: Comparison, side: str, names: list[str]) -> None:  # noqa: ANN001 - matplotlib's Axes
    axis.axvspan(-1, 1, color=PALE, zorder=0)
    axis.axvline(0, color=INK, linewidth=0.8)
    for window, shift, fill in (("early", 0.16, "white"), ("late", -0.16, ACCENT)):
        by_name = {v.measure: v for v in comparison.of(window, side)}
        for i, name in enumerate(names):
            _mark(axis, by_name.get(name), len(names) - 1 - i + shift, fill)
    axis.set_xscale("symlog", linthresh=LINEAR_TO)
    reach = max(abs(limit) for limit in axis.get_xlim())
    ticks = [t for t in TICKS if abs(t) <= reach]
    axis.set_xticks(ticks, [f"{t:g}".replace("-", MINUS) for t in ticks])
    axis.minorticks_off()
    labels = [_filled(pick(measures()[n].text), LABEL_CHARACTERS) for n in reversed(names)]
    axis.set_yticks(range(len(names)), labels, linespacing=0.9)
    axis.set_ylim(-0.7, len(names) - 0.3)
    axis.set_title(pick(SIDES[side]), loc="left", fontsize=11)
    axis.tick_params(length=0)


def _mark(axis, verdict: Verdict | None, y: float, fill: str) -> None:  # noqa: ANN001 - matplotlib's Axes
    if verdict is None or not np.isfinite(verdict.contrast.difference):
        return
    c, worth = verdict.contrast, measures()[verdict.measure].worth
    if np.isfinite(c.low):
        axis.plot([c.low / worth, c.high / worth], [y, y], color=INK, linewidth=1.2)
    axis.plot(c.difference / worth, y, "o", markersize=5, markerfacecolor=fill, markeredgecolor=INK, zorder=3)


def paths(comparison: Comparison) -> str:
    """Return the primary outcomes month by month, baseline dashed and reform solid, with pointwise bands."""
    with mpl.rc_context(style()):
        manifest, series = comparison.folder.manifest(), comparison.folder.read("series")
        names = [m for m in manifest["primary"] if m in set(series["measure"].to_list())]
        rows = -(-len(names) // 3)
        figure = Figure(figsize=(WIDTH_INCHES, 0.4 + 2.4 * rows), layout="constrained")
        axes = np.ravel(figure.subplots(rows, 3, squeeze=False))
        for axis, name in zip(axes, names, strict=False):
            _path_panel(axis, series.filter(pl.col("measure") == name), name, manifest)
        for axis in axes[len(names) :]:
            axis.set_visible(False)
        _legend(figure, manifest)
        return svg(figure)


def _legend(figure: Figure, manifest: dict) -> None:
    """Say once, below all panels, which line is which arm."""
    words = {"baseline": say("baseline"), "reform": say("reform")}
    lines = [Line2D([], [], color=c, linestyle=style, linewidth=1.8) for c, style in ARM_LINES.values()]
    labels = [pick(words[arm]) for arm in ARM_LINES]
    if manifest["reforms"]:
        lines.append(Line2D([], [], color=INK, linestyle=":", linewidth=1))
        labels.append(pick(say("first change")))
    figure.legend(lines, labels, loc="outside lower center", ncols=len(lines), frameon=False)


def _path_panel(axis, series: pl.DataFrame, name: str, manifest: dict) -> None:  # noqa: ANN001 - matplotlib's Axes
    row = measures()[name]
    for arm, (color, style) in ARM_LINES.items():
        months, mean, half = _band(series.filter(pl.col("arm") == arm))
        axis.fill_between(months, mean - half, mean + half, color=color, alpha=0.22, linewidth=0)
        axis.plot(months, mean, color=color, linestyle=style, linewidth=1.6)
    if manifest["reforms"]:
        first = manifest["start"] + manifest["windows"]["early"][0]
        axis.axvline(first, color=INK, linewidth=0.9, linestyle=":")
    axis.set_title(_filled(pick(row.text), TITLE_CHARACTERS), loc="left", fontsize=9)
    axis.set_ylabel(pick(unit_text(row.unit)), fontsize=8)
    ticks = range(manifest["start"], manifest["start"] + manifest["months"] + 1, 12)
    axis.set_xticks(
        list(ticks), [format_month(t)[:4] if t % 12 == 0 else format_month(t) for t in ticks], fontsize=7
    )


def _band(series: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return months, mean over pairs and the half width of a pointwise 95 % band, known months only."""
    known = series.filter(pl.col("value").is_not_nan())
    found = (
        known.group_by("month")
        .agg(pl.col("value").mean().alias("mean"), pl.col("value").std().alias("sd"), pl.len().alias("n"))
        .sort("month")
    )
    half = half_width(found["sd"].fill_null(0).to_numpy(), found["n"].to_numpy())
    return found["month"].to_numpy(), found["mean"].to_numpy(), half
