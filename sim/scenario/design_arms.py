"""The arms of a sweep design: every combination of levels, and which entry of which level keeps one from standing.

A level may name a place. Each place that an arm stands in has a baseline of its own, that place alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from sim.base.calendar import format_month
from sim.base.errors import Place, ScenarioError
from sim.base.text import say
from sim.scenario.load import load_scenario
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading
from sim.scenario.resolved import ResolvedScenario

BASELINE = "baseline"
EMPTY = Node({}, Place(""))


def children(node: Node | None) -> list[tuple[str, Node]]:
    """Return the entries of a map, none where there is none."""
    return list(node.value.items()) if node is not None and node.is_map else []


def stop_at_errors(reading: Reading) -> None:
    """Raise ScenarioError with all that was read so far, where there is an error among it."""
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    if errors:
        raise ScenarioError(errors)


def arms_of(
    plain: dict[str, Any], scenario: str, node: Node, reading: Reading
) -> dict[str, ResolvedScenario]:
    """Return each place alone and one arm for each combination of levels; a place comes before its arms."""
    try:
        base = load_scenario(scenario)
    except ScenarioError as error:
        if all(problem.place is None for problem in error.problems):
            written = node.get("scenario") or node
            for problem in error.problems:
                reading.problem(written.place, "scenario", problem.what, problem.hint)
            stop_at_errors(reading)
        raise
    factors, levels = plain.get("factors") or {}, plain.get("levels") or {}
    if not factors:
        return {BASELINE: base.baseline(), base.id: base}
    arms: dict[str, ResolvedScenario] = {}
    for combination in product(*factors.values()):
        name = "-".join(combination)
        try:
            arm = _arm(scenario, [levels.get(level) or {} for level in combination], base)
            arms.setdefault(_baseline_of(arm, base), arm.baseline())
            if arm.reforms or arm.recipe.settings or plain.get("levers"):  # else the baseline once more
                arms[_free(name, node, reading)] = arm
        except ScenarioError as error:
            if not _blamed(node, scenario, base, combination, reading):
                where = (node.get("factors") or node).place
                for problem in error.problems:
                    reading.problem(where, f"factors: {name}", problem.what, problem.hint)
    return arms


def is_baseline(arm: str) -> bool:
    """Return whether an arm is a place alone."""
    return arm == BASELINE or arm.startswith(f"{BASELINE}-")


def _baseline_of(arm: ResolvedScenario, base: ResolvedScenario) -> str:
    """Return the name of the arm that is the place of another alone."""
    return BASELINE if arm.place.id == base.place.id else f"{BASELINE}-{arm.place.id}"


def _free(name: str, node: Node, reading: Reading) -> str:
    """Return the name of an arm; one that a place alone has is a problem."""
    if is_baseline(name):
        what = say("`{name}` is what the place alone is called; name the level otherwise", name=name)
        reading.problem((node.get("factors") or node).place, f"factors: {name}", what)
    return name


def _blamed(
    node: Node, scenario: str, base: ResolvedScenario, combination: tuple[str, ...], reading: Reading
) -> bool:
    """Say which entries of these levels cannot stand even alone, each at its line; returns whether there is any."""
    found = False
    for level in combination:
        child = (node.get("levels") or EMPTY).get(level) or EMPTY
        for path, spot, alone in _entries(child):
            try:
                _arm(scenario, [alone], base)
            except ScenarioError as error:
                found = True
                if not any(problem.place == spot.place for problem in reading.problems):
                    for problem in error.problems:
                        reading.problem(spot.place, f"levels.{level}.{path}", problem.what, problem.hint)
    return found


def _entries(level: Node) -> Iterator[tuple[str, Node, dict]]:
    """Yield each entry of a level: its path, where it stands, and a level with nothing else."""
    for lever, value in children(level.get("set")):
        yield f"set.{lever}", value, {"set": {lever: value.plain()}}
    for key in ("with", "without", "only"):
        names = level.get(key)
        for name in [] if names is None else names.value if names.is_list else [names]:
            yield key, name, {key: [name.plain()]}
    place = level.get("place")
    if place is not None:
        yield "place", place, {"place": place.plain()}


def _arm(scenario: str, levels: list[dict], base: ResolvedScenario) -> ResolvedScenario:
    """Return the scenario with what its levels add; its own reforms stand only where a level says so."""
    asked: dict[str, list] = {
        key: [name for level in levels for name in _listed(level.get(key))]
        for key in ("with", "without", "only")
    }
    dropped = [reform for reform in base.reforms if reform not in asked["with"]]
    settings = [
        f"{lever}={_written(value)}@{format_month(base.run.start)}"
        for level in levels
        for lever, value in (level.get("set") or {}).items()
    ]
    added = [reform for reform in asked["with"] if reform not in base.reforms]
    without = [*dropped, *asked["without"]]
    place = "".join(level.get("place") or "" for level in levels)  # one factor alone names places
    return load_scenario(
        scenario, with_=added, without=without, only=asked["only"], set_=settings, place=place
    )


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _written(value: Any) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
