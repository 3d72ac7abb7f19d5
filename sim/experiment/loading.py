"""From what a user names to the two arms of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from sim.base.errors import Problem, ScenarioError
from sim.base.text import say
from sim.experiment.compare import refuse_unlike
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario


def load_arms(
    scenario: str,
    other: str = "",
    with_: Sequence[str] = (),
    without: Sequence[str] = (),
    only: Sequence[str] = (),
    set_: Sequence[str] = (),
    assume: Sequence[str] = (),
    assumptions: str = "",
) -> tuple[ResolvedScenario, ResolvedScenario]:
    """Return baseline and reform arm; raises ScenarioError where they differ in more than their reforms."""
    reform = load_scenario(
        scenario,
        with_=list(with_),
        without=list(without),
        only=list(only),
        set_=list(set_),
        assumptions=assumptions,
    )
    values = dict(_assumption(text) for text in assume)
    reform = reform.with_sample(values) if values else reform
    if not other:
        return reform.baseline(), reform
    baseline = load_scenario(other, assumptions=assumptions)
    baseline = baseline.with_sample(values) if values else baseline
    refuse_unlike(baseline, reform)
    return baseline, reform


def _assumption(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        problem = Problem(None, "--assume", say("`{text}` is not name=number", text=text))
        raise ScenarioError([problem]) from error
