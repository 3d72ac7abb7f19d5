"""The table and the picture of a study's README, from the folder of its sweep.

python experiments/study_results.py experiments/robust_package runs/robust_package
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
from matplotlib.figure import Figure

from sim.base.text import pick
from sim.catalogue import measures
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, summary
from sim.views.sweeps import name_of

INCH = 0.24


def table(found: pl.DataFrame, primary: list[str]) -> str:
    """Return the table in Markdown: mean with its 95 % interval, and the middle 90 % of rows in brackets."""
    lines = [
        "| outcome | policy | mean effect (95 % of the mean) | 90 % of rows | worse in |",
        "|---|---|---|---|---|",
    ]
    for measure in primary:
        better = measures()[measure].better
        for row in found.filter(pl.col("measure") == measure).sort("arm").iter_rows(named=True):
            digits = 2 if measures()[measure].worth < 1 else 1
            mean, low, high, a, b = (
                f"{row[k]:+.{digits}f}" for k in ("mean", "mean_low", "mean_high", "low", "high")
            )
            worse = (
                "-"
                if better == "none"
                else f"{100 * (row['above_zero'] if better == 'down' else row['below_zero']):.0f} %"
            )
            lines.append(
                f"| {pick(name_of(measure), 'en')} | {row['arm']} | {mean} ({low} … {high}) | {a} … {b} | {worse} |"
            )
    return "\n".join(lines)


def picture(found: pl.DataFrame, primary: list[str], path: Path) -> None:
    """Draw means, their intervals and the middle 90 % of rows, one panel an outcome."""
    arms = sorted(found["arm"].unique(), reverse=True)
    rows = (len(primary) + 1) // 2
    figure = Figure(figsize=(9, rows * (0.7 + INCH * len(arms))), layout="constrained", dpi=75)
    axes = figure.subplots(rows, 2, squeeze=False).ravel()
    for axis, measure in zip(axes, primary, strict=False):
        here = found.filter(pl.col("measure") == measure)
        at = [arms.index(arm) for arm in here["arm"]]
        axis.hlines(at, here["low"], here["high"], lw=1.5, color="#b5b5b5")
        axis.hlines(at, here["mean_low"], here["mean_high"], lw=5, color="#3b7ea1")
        axis.plot(here["mean"], at, "o", ms=3.5, color="black")
        axis.axvline(0, lw=0.8, color="black")
        axis.set_yticks(range(len(arms)), arms, fontsize=8)
        axis.set_title(pick(name_of(measure), "en"), loc="left", fontsize=9)
        axis.tick_params(axis="x", labelsize=8)
    for axis in axes[len(primary) :]:
        axis.set_visible(False)
    figure.savefig(path)


def main() -> None:
    """Print the table and write the picture."""
    study, folder = Path(sys.argv[1]), RunFolder(Path(sys.argv[2]))
    primary = folder.manifest()["primary"]
    found = summary(folder).filter(pl.col("window") == LATE)
    found = found.with_columns((1 - pl.col("above_zero")).alias("below_zero"))
    print(table(found, primary))
    picture(found, primary, study / "picture.png")


if __name__ == "__main__":
    main()
