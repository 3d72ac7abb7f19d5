"""Pictures of a comparison, as SVG text: sizes against worth, paths over months, how alike the two worlds stay.

Readable without colour: arms differ by line style, windows by filled and open marks. Letters are drawn as outlines, so
Chinese looks the same on a machine without Chinese fonts.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.base.calendar import format_month
from sim.base.plain import plain
from sim.base.text import Message, language, pick, say
from sim.catalogue import measures, plural_unit
from sim.results.paired import half_width
from sim.results.verdicts import Comparison, Verdict
from sim.views.wording import SIDES

INK, SOFT, ACCENT, PALE = "#1c2733", "#8a94a0", "#0b5f8a", "#dbe7ee"
ROW_INCHES, PANEL_INCHES, SMALL_INCHES = 0.36, 6.2, (4.4, 2.6)
LINEAR_TO = 2.0
PERCENT = "%"
TITLE_CHARACTERS, LABEL_CHARACTERS = 52, 46
ARM_LINES: dict[str, tuple[str, Any]] = {"baseline": (SOFT, (0, (4, 2))), "reform": (ACCENT, "solid")}
Form = Callable[[Figure], Any]  # what becomes of a drawn figure: `svg`, `png`
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


def filled_to(text: str, characters: int) -> str:
    """Return a text broken into lines of so many Latin or half as many Chinese characters."""
    return textwrap.fill(text, characters if language() == "en" else characters // 2)


def svg(figure: Figure) -> str:
    """Return a picture as SVG text, the same for the same numbers."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def png(figure: Figure) -> bytes:
    """Return a picture as PNG, for where an SVG is not shown; the same for the same numbers and matplotlib."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def sizes(comparison: Comparison, form: Form = svg) -> list[Any]:
    """Return the paired differences in units of what is worth acting on: participation, then service load.

    Two pictures, so that they stand side by side where there is room and one above the other where there is none.
    """
    with mpl.rc_context(style()):
        found = []
        for side in ("participation", "service_load"):
            names = [v.measure for v in comparison.of(last_window(comparison), side)]
            figure = Figure(figsize=(PANEL_INCHES, 1.0 + ROW_INCHES * len(names)), layout="constrained")
            _size_panel(figure.subplots(), comparison, side, names)
            label = pick(say("difference in units of what is worth acting on (○ early, ● late)"))
            figure.supxlabel(label, fontsize=9, color=INK)
            found.append(form(figure))
        return found


def last_window(comparison: Comparison) -> str:
    """Return the window that a comparison's report is about in the end."""
    return list(comparison.folder.manifest()["windows"])[-1]


def _size_panel(axis, comparison: Comparison, side: str, names: list[str]) -> None:  # noqa: ANN001 - matplotlib's Axes
    axis.axvspan(-1, 1, color=PALE, zorder=0)
    axis.axvline(0, color=INK, linewidth=0.8)
    windows = list(comparison.folder.manifest()["windows"])
    for window, shift, fill in ((windows[0], 0.16, "white"), (windows[-1], -0.16, ACCENT)):
        by_name = {v.measure: v for v in comparison.of(window, side)}
        for i, name in enumerate(names):
            _mark(axis, by_name.get(name), len(names) - 1 - i + shift, fill)
    axis.set_xscale("symlog", linthresh=LINEAR_TO)
    reach = max(abs(limit) for limit in axis.get_xlim())
    ticks = [t for t in TICKS if abs(t) <= reach]
    axis.set_xticks(ticks, [plain(t) for t in ticks])
    axis.minorticks_off()
    labels = [filled_to(pick(measures()[n].text), LABEL_CHARACTERS) for n in reversed(names)]
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


def paths(comparison: Comparison, form: Form = svg) -> list[Any]:
    """Return the primary outcomes month by month, baseline dashed and reform solid, with pointwise bands; one each."""
    with mpl.rc_context(style()):
        manifest, series = comparison.folder.manifest(), comparison.folder.read("series")
        names = [m for m in manifest["primary"] if m in set(series["measure"].to_list())]
        return [
            _drawn(path_panel, series.filter(pl.col("measure") == name), name, manifest, form=form)
            for name in names
        ]


def _drawn(panel: Callable[..., None], *what: Any, form: Form = svg) -> Any:
    """Return one small picture drawn by a panel function."""
    figure = Figure(figsize=SMALL_INCHES, layout="constrained")
    panel(figure.subplots(), *what)
    return form(figure)


def legend(manifest: dict) -> str:
    """Return which line is which arm, once for all panels."""
    words = {"baseline": say("baseline"), "reform": say("reform")}
    lines = [Line2D([], [], color=c, linestyle=style, linewidth=1.8) for c, style in ARM_LINES.values()]
    labels = [pick(words[arm]) for arm in ARM_LINES]
    if manifest["reforms"]:
        lines.append(Line2D([], [], color=INK, linestyle=":", linewidth=1))
        labels.append(pick(say("first change")))
    with mpl.rc_context(style()):
        figure = Figure(figsize=(SMALL_INCHES[0], 0.3))
        figure.legend(lines, labels, loc="center", ncols=len(lines), frameon=False)
        return svg(figure)


def alignment(table: pl.DataFrame, names: Mapping[str, Message]) -> list[str]:
    """Return, for each decision, the share of cases alike in both worlds by month, and what chance alone would give.

    table: of `read_alignment`; names: the decisions shown, in words.
    """
    with mpl.rc_context(style()):
        return [
            _drawn(_alignment_panel, table.filter(pl.col("decision") == name).sort("month"), words)
            for name, words in names.items()
            if name in set(table["decision"].to_list())
        ]


def _alignment_panel(axis, months: pl.DataFrame, words: Message) -> None:  # noqa: ANN001 - matplotlib's Axes
    for column, arm in (("by_chance", "baseline"), ("share", "reform")):
        color, line = ARM_LINES[arm]
        # Months without any case break the line; a mark keeps what stands alone between two of them.
        axis.plot(
            months["month"],
            100 * months[column],
            ".",
            color=color,
            linestyle=line,
            linewidth=1.4,
            markersize=3,
        )
    axis.set_ylim(-3, 103)
    axis.set_title(filled_to(pick(words), TITLE_CHARACTERS), loc="left", fontsize=10)
    axis.set_ylabel("%", fontsize=9)
    _years_below(axis, int(months["month"].min()), int(months["month"].max()) + 1)  # type: ignore[arg-type]


def _years_below(axis, first: int, end: int) -> None:  # noqa: ANN001 - matplotlib's Axes
    """Label every January, and the first month where it is none."""
    ticks = [first, *(t for t in range(first, end + 1) if t % 12 == 0 and t - first >= 9)]
    axis.set_xticks(
        ticks, [format_month(t)[:4] if t % 12 == 0 else format_month(t) for t in ticks], fontsize=9
    )


def path_panel(axis, series: pl.DataFrame, name: str, manifest: dict) -> None:  # noqa: ANN001 - matplotlib's Axes
    """Draw one outcome month by month under both arms."""
    row = measures()[name]
    for arm, (color, style) in ARM_LINES.items():
        months, mean, half = _band(series.filter(pl.col("arm") == arm))
        axis.fill_between(months, mean - half, mean + half, color=color, alpha=0.22, linewidth=0)
        axis.plot(months, mean, color=color, linestyle=style, linewidth=1.6)
    if manifest["reforms"]:
        first = manifest["start"] + manifest["windows"]["early"][0]
        axis.axvline(first, color=INK, linewidth=0.9, linestyle=":")
    if row.unit == PERCENT:  # a band of few pairs may reach beyond what a share can be
        low, high = axis.get_ylim()
        axis.set_ylim(max(low, 0), min(high, 100))
    axis.set_title(filled_to(pick(row.text), TITLE_CHARACTERS), loc="left", fontsize=10)
    axis.set_ylabel(pick(plural_unit(row.unit)), fontsize=9)
    _years_below(axis, manifest["start"], manifest["start"] + manifest["months"])


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
