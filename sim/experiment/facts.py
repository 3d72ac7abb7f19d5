"""The file of stylised facts, and the scenarios that its arms stand for."""

from __future__ import annotations

from functools import lru_cache

from sim.base.errors import Place, Problem, ScenarioError
from sim.base.library import library_folder
from sim.base.text import say
from sim.catalogue.facts import Arm, Fact, Facts, Test, read_facts
from sim.scenario.documents import cached_documents
from sim.scenario.load import find_scenario, recipe_of
from sim.scenario.nodes import Node
from sim.scenario.resolved import ResolvedScenario, resolve

FILE = "facts.yaml"
NO_REACTION = {"departments.reaction": 0.0}


def document() -> Node:
    """Return the shipped file as written, every value with its place."""
    return cached_documents(library_folder() / FILE).documents[0]


@lru_cache(maxsize=1)
def facts() -> Facts:
    """Return the checked file of facts; raises ScenarioError where it says what cannot be run."""
    try:
        return read_facts(document().plain())
    except ValueError as error:
        place = Place(f"scenarios/{FILE}")
        found = [line.split(": ", 1) for line in str(error).splitlines()]
        problems = [Problem(place, path, say("{what}", what=what)) for path, what in found]
        raise ScenarioError(problems) from error


def arms() -> dict[str, Arm]:
    """Return every arm by name."""
    return {arm.id: arm for arm in facts().arms}


@lru_cache(maxsize=128)
def scenario_of(arm: str) -> ResolvedScenario:
    """Return the scenario of an arm: the place of the facts with the arm's changes written into it."""
    documents, node = find_scenario(facts().scenario)
    written = next(n for n in document().value["arms"].value if n.value["id"].value == arm)
    changes = written.get("changes")
    if changes is not None:
        node = Node({**node.value, "changes": changes}, node.place, {**node.keys, "changes": changes.place})
    return resolve(recipe_of(documents, node), documents.reading.problems)


def months_of(arm: str, tests: list[Test]) -> int:
    """Return how many months an arm is run for: to the end of the last window that a test of it looks at."""
    ends = [facts().windows[w][1] for t in tests if arm in t.arms for w in t.windows]
    return max(ends, default=0)


def widened_value(fact: Fact, value: float, low: float, high: float) -> float:
    """Return where a sampled value of a fact's parameter lies in the widened range: the same share of the way."""
    assert fact.widened is not None
    share = (value - low) / (high - low) if high > low else 0.5
    return fact.widened[0] + share * (fact.widened[1] - fact.widened[0])
