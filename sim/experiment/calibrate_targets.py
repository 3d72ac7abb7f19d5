"""What the assumptions are held against: the place that is calibrated on, and one run of it.

Targets that are only checked are inputs of the model or say nothing about it; they are reported, never fitted.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from sim.base.calendar import format_month
from sim.catalogue import measures
from sim.catalogue.targets import Target, calibration
from sim.results.summaries import Summaries
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario

REFUSED_BEYOND = 3.0
# Quantities of the place that grow with the number of copies: everything that serves them all.
SHARED = ("count", "staff", "registered", "filed", "latent")
PER_COPY = ("residents_committee.staff", "street.count", "department.count")


@lru_cache(maxsize=4)
def ground(copies: int) -> ResolvedScenario:
    """Return the place that is calibrated on: copies of the reference community under one street and district."""
    place = calibration().place
    plain = load_scenario(place["scenario"])
    start = format_month(plain.run.start)
    settings = [f"{lever}={value}@{start}" for lever, value in place["levers"].items()]
    scenario = load_scenario(place["scenario"], set_=settings)
    grown = {a: q.value * copies for a, q in scenario.quantities.items() if _grows(a)}
    scenario = scenario.with_sample(grown) if copies > 1 else scenario
    wanted = tuple(t.statistic for t in calibration().targets if t.statistic in measures())
    run = replace(
        scenario.run,
        spin_up=place["spin_up"],
        months=place["months"],
        primary=wanted,
        windows={"all": (0, place["months"])},
    )
    return replace(scenario, run=run)


def _grows(address: str) -> bool:
    of_place = address.startswith(calibration().place["scenario"] + ":")
    return of_place and address.endswith(SHARED) and not address.endswith(PER_COPY)


def measure_once(values: dict[str, float], seed: int, copies: int) -> dict[str, float]:
    """Run the place once under a sample of the assumptions; returns every statistic of the targets by name."""
    from sim.experiment.survey import Survey
    from sim.model import advance, new_world, recorder_for

    base = ground(copies)
    scenario = replace(base.with_sample(values), run=base.run)
    world = new_world(scenario, seed)
    recorder = recorder_for(scenario, "headline", world)
    advance(world, scenario.timeline, scenario.run.start, recorder)
    survey = Survey.begun(world)
    advance(world, scenario.timeline, scenario.run.end, recorder, progress=lambda _: survey.look(world))
    summaries = Summaries(recorder.tables(world), scenario.run.start)
    window = scenario.run.windows["all"]
    found = {name: summaries.window(name, window) for name in scenario.run.primary}
    return found | survey.findings(world)


def implausibility(
    found: dict[str, float], targets: tuple[Target, ...], luck: dict[str, float] | None = None
) -> float:
    """Return the largest distance of a run from any target, in units of what target and luck leave open.

    luck: by target, the spread of runs that differ in nothing but luck.
    """
    return max((distance(found, target, (luck or {}).get(target.id, 0.0)) for target in targets), default=0.0)


def distance(found: dict[str, float], target: Target, luck: float) -> float:
    """Return how far a run is from one target, infinite where it gave no such figure."""
    value = found.get(target.statistic, float("nan"))
    return (
        abs(value - target.value) / float(np.hypot(target.within, luck))
        if np.isfinite(value)
        else float("inf")
    )
