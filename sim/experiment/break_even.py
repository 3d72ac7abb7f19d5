"""Where does the sign turn: the value of a lever or a number at which a reform makes no difference to an outcome.

The same pairs (the same luck) are run at every value tried, so the curve is smooth in the value and its crossing can be
bracketed. The interval of the crossing is where the difference's own 95 % interval holds zero, by straight lines
between the values tried.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.base.errors import Problem, ScenarioError, nearest
from sim.base.text import say
from sim.catalogue import assumptions, levers
from sim.experiment.compare import run_comparison
from sim.experiment.engines import Workers
from sim.experiment.plan import RUNS, Progress
from sim.results.paired import half_width
from sim.results.store import RunFolder
from sim.results.turning import BreakEven, Point, crossings, turning
from sim.results.verdicts import read_comparison
from sim.scenario.resolved import ResolvedScenario


def reach(scenario: ResolvedScenario, name: str) -> tuple[float, float]:
    """Return the range a value may be tried over; raises ScenarioError where nothing of this name is a number."""
    if name in assumptions() and name in scenario.assumptions:
        return assumptions()[name].range
    quantity = scenario.quantities.get(name)
    if quantity is not None and quantity.low is not None and quantity.high is not None:
        return float(quantity.low), float(quantity.high)
    if name in levers() and levers()[name].bounds:
        low, high = levers()[name].bounds
        return float(low), float(high)
    near = nearest(name, [*scenario.assumptions, *scenario.quantities, *levers()])
    what = say("no assumption, number or lever with a range is called `{name}`", name=name)
    raise ScenarioError([Problem(None, "", what, say("nearest: {name}", name=near) if near else None)])


def arms_at(
    baseline: ResolvedScenario, reform: ResolvedScenario, name: str, value: float
) -> tuple[ResolvedScenario, ResolvedScenario]:
    """Return both arms with a number at a value; a lever is set in the reform alone, from its first change on."""
    if name in reform.assumptions or name in reform.quantities:
        return baseline.with_sample({name: value}), reform.with_sample({name: value})
    month = reform.timeline.first_change
    return baseline, reform.with_setting(name, value, reform.run.start if month is None else month)


def break_even(
    arms: tuple[ResolvedScenario, ResolvedScenario],
    name: str,
    measure: str,
    window: str,
    between: tuple[float, float],
    out: Path | None = None,
    *,
    pairs: int,
    seed: int = 1,
    workers: Workers = None,
    progress: Progress | None = None,
) -> BreakEven:
    """Run the pairs at five values and into each change of sign, and return what turns where."""
    folder = out or RUNS / f"{arms[1].id}-turn-{name.replace(':', '-')}-{arms[1].hash[:8]}-{seed}"

    def point(value: float) -> Point:
        run_comparison(
            *arms_at(*arms, name, value), folder / f"at-{value:.6g}", pairs=pairs, seed=seed, workers=workers,
            record="headline", progress=progress,
        )  # fmt: skip
        return read_point(folder / f"at-{value:.6g}", value, measure, window)

    points = turning(point, between)
    return BreakEven(name, measure, window, points, crossings(points))


def read_point(folder: Path, value: float, measure: str, window: str) -> Point:
    """Return the difference that a run folder found for an outcome."""
    found = next(
        v for v in read_comparison(RunFolder(folder)).verdicts if (v.measure, v.window) == (measure, window)
    )
    c = found.contrast
    half = float(half_width(np.array(c.sd), np.array(c.n)))
    return Point(value, c.difference, c.difference - half, c.difference + half)
