"""Effect against distance: how far residents have to the station at each seat in each place, and what it does there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
from matplotlib.figure import Figure

from sim.base.text import pick
from sim.model import advance, new_world, recorder_for
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, summary
from sim.scenario.design import load_design
from sim.scenario.resolved import ResolvedScenario
from sim.views.sweeps import name_of
from sim.world.world import KIND

MONTHS, STATION = 5, KIND["service_station"]  # long enough for the station to stand
SEATS = {"community": "o", "between": "s", "street": "^"}
STAFF = {"lean": "white", "full": "black"}


def way(arm: ResolvedScenario, seed: int = 1) -> float:
    """Return the mean distance of residents to their station in km, in the world of one seed."""
    short = replace(arm, run=replace(arm.run, spin_up=0, months=MONTHS))
    short = short.for_replication(seed)
    world = new_world(short, seed)
    advance(world, short.timeline, short.run.end, recorder_for(short, "headline", world))
    return float(world.distance[STATION][world.residents.block].mean())


def report(study: Path, target: Path, folder: RunFolder, _run: Callable) -> str:
    """Draw effects against distance; returns the table of ways, and of effects by way."""
    design = load_design(study / "design.yaml")
    ways = {arm: way(design.arms[arm]) for arm in design.policies}
    found = summary(folder).filter(pl.col("window") == LATE)
    primary = folder.manifest()["primary"]
    draw(found, ways, primary, target / "distance.png")
    lines = ["| seat and place | mean way (km) | " + " | ".join(pick(name_of(m), "en") for m in primary) + " |"]
    lines.append("|---" * (len(primary) + 2) + "|")
    for arm in sorted(ways, key=ways.get):
        here = {r["measure"]: r for r in found.filter(pl.col("arm") == arm).iter_rows(named=True)}
        lines.append(f"| {arm} | {ways[arm]:.2f} | {' | '.join(map(told, (here[m] for m in primary)))} |")
    return "\n".join(lines)


def told(row: dict) -> str:
    """Return a mean with its 95 % interval."""
    return f"{row['mean']:+.2f} ({row['mean_low']:+.2f} … {row['mean_high']:+.2f})"


def draw(found: pl.DataFrame, ways: dict[str, float], primary: list[str], path: Path) -> None:
    """Draw means with their intervals against the way: one panel an outcome, one line a seat and staffing."""
    rows = (len(primary) + 1) // 2
    figure = Figure(figsize=(9, 2.8 * rows), layout="constrained", dpi=75)
    axes = figure.subplots(rows, 2, squeeze=False).ravel()
    for axis, measure in zip(axes, primary, strict=False):
        here = {r["arm"]: r for r in found.filter(pl.col("measure") == measure).iter_rows(named=True)}
        for seat, mark in SEATS.items():
            for staff, face in STAFF.items():
                arms = sorted((a for a in ways if a.startswith(f"{seat}_{staff}")), key=ways.get)
                x, y = [ways[a] for a in arms], [here[a]["mean"] for a in arms]
                ends = ([here[a][end] for a in arms] for end in ("mean_low", "mean_high"))
                axis.vlines(x, *ends, lw=1, color="#777777")
                axis.plot(x, y, marker=mark, mfc=face, color="black", lw=0.8, ms=5, label=f"{seat}, {staff}")
        axis.axhline(0, lw=0.6, color="black")
        axis.set_xscale("log")
        axis.set_title(pick(name_of(measure), "en"), loc="left", fontsize=9)
        axis.set_xlabel("mean way to the station, km", fontsize=8)
    axes[0].legend(fontsize=7)
    for axis in axes[len(primary) :]:
        axis.set_visible(False)
    figure.savefig(path)
