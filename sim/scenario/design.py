"""A sweep design, read and checked: the arms it crosses, what is varied beside them, and how much of it is run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from sim.base.calendar import format_month
from sim.base.errors import Place, Problem, ScenarioError, nearest
from sim.base.text import Message, say
from sim.catalogue import assumptions, levers
from sim.scenario.library import library_folder
from sim.scenario.load import load_scenario, open_documents, word
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.schema import design_shape

BASELINE, YEAR = "baseline", 12
Ranges = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Design:
    """A checked design.

    arms: every combination of levels, and the place alone as `baseline`. levers: ranges or listed values, set in every
    arm but the baseline from the first reported month on. only: assumptions that are varied, none for all of the set.
    """

    id: str
    title: dict[str, str]
    arms: dict[str, ResolvedScenario]
    levers: Ranges
    grids: dict[str, tuple[float, ...]]
    set: str
    samples: int
    only: tuple[str, ...]
    sampler: str
    n: int
    seed: int
    pairs: int
    months: int
    primary: tuple[str, ...]
    record: str
    then: tuple[str, ...]

    @property
    def policies(self) -> list[str]:
        """The arms that are compared with the baseline."""
        return [name for name in self.arms if name != BASELINE]


def load_design(source: str | Path) -> Design:
    """Return the design of a file or of the library; raises ScenarioError with every problem."""
    path = Path(source)
    path = path if path.is_file() else library_folder() / "designs" / f"{source}.yaml"
    if not path.is_file():
        raise ScenarioError(
            [Problem(None, "", say("no design and no file is called `{name}`", name=str(source)))]
        )
    opened = open_documents(path)
    found = [node for node in opened.own if word(node, "kind") == "design"]
    if not found:
        raise ScenarioError([*opened.reading.problems, Problem(None, str(path), say("holds no design"))])
    node, reading = found[-1], Reading(problems=list(opened.reading.problems))
    read = design_shape().read(node, "", reading)
    _stop_at_errors(reading)
    _check_names(node, reading)
    _stop_at_errors(reading)
    return _made(node, read, path, reading)


def _stop_at_errors(reading: Reading) -> None:
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    if errors:
        raise ScenarioError(errors)


def _check_names(node: Node, reading: Reading) -> None:
    """Refuse levels that no factor has, assumptions that do not exist, and a lever with both range and values."""
    named = {level for levels in (node.get("factors") or _EMPTY).plain().values() for level in levels}
    for level, child in _children(node.get("levels")):
        if level not in named:
            _unknown(child, f"levels.{level}", level, named, reading)
    assumed = node.get("assumptions") or _EMPTY
    only = assumed.get("only") or _EMPTY
    for child in only.value if only.is_list else [] if only.is_map else [only]:
        if child.value not in assumptions():
            _unknown(child, "assumptions.only", str(child.value), assumptions(), reading)
    for lever, child in _children(node.get("levers")):
        if (child.get("range") is None) == (child.get("values") is None):
            what = say("a lever has a `range` or `values`, one of the two")
            reading.problem(child.place, f"levers.{lever}", what)
        else:
            _check_bounds(lever, child, reading)


def _check_bounds(lever: str, child: Node, reading: Reading) -> None:
    low, high = levers()[lever].bounds
    for number in (child.get("range") or child.get("values") or _EMPTY).value:
        if not low <= float(number.value) <= high:
            what = say(
                "{value} lies outside [{low}, {high}]", value=number.value, low=f"{low:g}", high=f"{high:g}"
            )
            reading.problem(number.place, f"levers.{lever}", what)


def _unknown(child: Node, path: str, name: str, known: Iterable[str], reading: Reading) -> None:
    close = nearest(name, list(known))
    hint: Message | None = say("did you mean `{name}`?", name=close) if close else None
    reading.problem(child.place, path, say("`{name}` is not known here", name=name), hint)


_EMPTY = Node({}, Place(""))


def _children(node: Node | None) -> list[tuple[str, Node]]:
    return list(node.value.items()) if node is not None and node.is_map else []


def _made(node: Node, read: Any, path: Path, reading: Reading) -> Design:
    plain: dict[str, Any] = node.plain()
    varied = {
        name: (child.get("range"), child.get("values")) for name, child in _children(node.get("levers"))
    }
    sampler, assumed = plain.get("sampler") or {}, plain.get("assumptions") or {}
    only = assumed.get("only") or ()
    arms = _arms(plain, _scenario_of(plain["scenario"], path), node, reading)
    _stop_at_errors(reading)
    return Design(
        id=str(plain["id"]),
        title=read["title"]
        if isinstance(read["title"], dict)
        else {"en": str(read["title"]), "zh": str(read["title"])},
        arms=arms,
        levers={
            k: (float(r.plain()[0]), float(r.plain()[-1])) for k, (r, _) in varied.items() if r is not None
        },
        grids={k: tuple(map(float, v.plain())) for k, (_, v) in varied.items() if v is not None},
        set=assumed.get("set") or "prior",
        samples=int(assumed.get("samples") or 1),
        only=(only,) if isinstance(only, str) else tuple(only),
        sampler=sampler.get("kind") or "lhs",
        n=int(sampler.get("n") or assumed.get("samples") or 1),
        seed=int(sampler.get("seed") or 1),
        pairs=int(plain.get("pairs") or 2),
        months=int(plain.get("months") or 0),
        primary=tuple(plain.get("primary") or ()),
        record=plain.get("record") or "headline",
        then=tuple(plain.get("then") or ()),
    )


def _scenario_of(name: str, design: Path) -> str:
    """Return the file beside the design, else the name from the library."""
    beside = design.parent / f"{name}.yaml"
    return str(beside) if beside.is_file() else name


def _arms(plain: dict[str, Any], scenario: str, node: Node, reading: Reading) -> dict[str, ResolvedScenario]:
    """Return the place alone and one arm for each combination of levels."""
    base = load_scenario(scenario)
    factors, levels = plain.get("factors") or {}, plain.get("levels") or {}
    arms = {BASELINE: base.baseline()}
    if not factors:
        return arms | {base.id: base}
    for combination in product(*factors.values()):
        name = "-".join(combination)
        try:
            arms[name] = _arm(scenario, [levels.get(level) or {} for level in combination], base)
            if not arms[name].reforms and not arms[name].recipe.settings and not plain.get("levers"):
                del arms[name]  # the baseline once more
        except ScenarioError as error:
            where = (node.get("factors") or node).place
            for problem in error.problems:
                reading.problem(where, f"factors: {name}", problem.what, problem.hint)
    return arms


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
    return load_scenario(
        scenario, with_=added, without=[*dropped, *asked["without"]], only=asked["only"], set_=settings
    )


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _written(value: Any) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def cut(scenario: ResolvedScenario, months: int, primary: tuple[str, ...]) -> ResolvedScenario:
    """Return the scenario with a design's months (0: its own) and primary outcomes (none: its own)."""
    run = scenario.run
    months = min(months or run.months, run.months)
    windows = {name: (a, min(b, months)) for name, (a, b) in run.windows.items() if a < months}
    late = {"late": (max(0, months - YEAR), months)}
    return replace(
        scenario, run=replace(run, months=months, windows=windows | late, primary=primary or run.primary)
    )
