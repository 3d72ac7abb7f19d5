"""From what a user names to the two arms of a comparison."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sim import MODEL_VERSION
from sim.base.errors import Problem, ScenarioError, ShequError
from sim.base.text import say
from sim.results.store import RunFolder
from sim.scenario import load_scenario
from sim.scenario.again import made_again
from sim.scenario.likeness import refuse_unlike
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import twin_of


def load_arms(
    scenario: str,
    other: str = "",
    with_: Sequence[str] = (),
    without: Sequence[str] = (),
    only: Sequence[str] = (),
    set_: Sequence[str] = (),
    assume: Sequence[str] = (),
    assumptions: str = "",
    differ: Sequence[str] = (),
    communities: int = 0,
) -> tuple[ResolvedScenario, ResolvedScenario, list[str]]:
    """Return baseline, reform arm and the declared differences between them, in words.

    differ: paths in which they are meant to differ; raises ScenarioError where they differ in anything else.
    communities: take a twin of the place with so many whole communities; 0 for the place as it is.
    """
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
        reform = _twin(reform, communities)
        return reform.baseline(), reform, []
    baseline = load_scenario(other, assumptions=assumptions)
    baseline = baseline.with_sample(values) if values else baseline
    declared = refuse_unlike(baseline, reform, differ)
    return _twin(baseline, communities), _twin(reform, communities), declared


def arms_of(folder: RunFolder) -> dict[str, ResolvedScenario]:
    """Return the arms of a run folder by name, made again from what it keeps; raises ShequError where it cannot be."""
    path = folder.path / "scenario.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ShequError(say("{file} cannot be read", file=str(path))) from error
    return {name: made_again(content, str(path)) for name, content in kept.items()}


def refuse_other_model(folder: RunFolder) -> None:
    """Raise ShequError where another version of the model made a run: what is run now would not belong to it."""
    made_by = folder.manifest().get("model_version")
    if made_by != MODEL_VERSION:
        what = say("{folder} was made by model version {old}, this is {new}: compare again, then look into it",
                   folder=str(folder.path), old=made_by, new=MODEL_VERSION)  # fmt: skip
        raise ShequError(what)


def reform_of(folder: RunFolder) -> ResolvedScenario:
    """Return the reform arm of a comparison's folder; raises ShequError where the folder holds no comparison."""
    manifest = folder.manifest()
    arms = arms_of(folder) if manifest.get("kind") == "comparison" else {}
    if "reform" not in arms or manifest.get("against"):
        raise ShequError(say("{folder} holds no reform compared with its own place", folder=str(folder.path)))
    refuse_other_model(folder)
    return arms["reform"]


def _twin(scenario: ResolvedScenario, communities: int) -> ResolvedScenario:
    return twin_of(scenario, communities) if communities else scenario


def load_one(scenario: str, assumptions: str = "", communities: int = 0) -> ResolvedScenario:
    """Return one scenario under a set of assumptions, or its twin with so many communities."""
    return _twin(load_scenario(scenario, assumptions=assumptions), communities)


def _assumption(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        problem = Problem(None, "--assume", say("`{text}` is not name=number", text=text))
        raise ScenarioError([problem]) from error
