"""A sweep design, read and checked: the arms it crosses, what is varied beside them, and how much of it is run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.base.errors import Place, Problem, ScenarioError, nearest
from sim.base.text import Message, say
from sim.catalogue import assumptions, levers
from sim.scenario.design_arms import EMPTY, arms_of, children, is_baseline, stop_at_errors
from sim.scenario.documents import library_ids
from sim.scenario.library import library_folder
from sim.scenario.load import open_documents, word
from sim.scenario.nodes import Node
from sim.scenario.outline import kind_of, no_kind
from sim.scenario.quantities import Reading
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.schema import design_shape

YEAR = 12
Ranges = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Design:
    """A checked design.

    arms: every combination of levels, and each place alone, the scenario's as `baseline`. levers: ranges or listed
    values, set in every arm but a baseline from the first reported month on. only: assumptions that are varied,
    none for all of the set.
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
        """The arms that are compared, each with the baseline of its place."""
        return [name for name in self.arms if not is_baseline(name)]

    @property
    def places(self) -> dict[str, dict[str, str]]:
        """The titles of the places that arms stand in, by id."""
        return {arm.place.id: arm.place.title for arm in self.arms.values()}


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
        unnamed = [no_kind(node) for node in opened.own if kind_of(node) is None]
        none = [] if unnamed else [Problem(Place(str(path)), "", say("holds no design"))]
        raise ScenarioError([*opened.reading.problems, *unnamed, *none])
    node, reading = found[-1], Reading(problems=list(opened.reading.problems))
    read = design_shape().read(node, "", reading)
    stop_at_errors(reading)
    _check_names(node, reading)
    stop_at_errors(reading)
    return _made(node, read, path, reading)


def _check_names(node: Node, reading: Reading) -> None:
    """Refuse levels that no factor has, assumptions that do not exist, and a lever with both range and values."""
    named = {level for levels in (node.get("factors") or EMPTY).plain().values() for level in levels}
    for level, child in children(node.get("levels")):
        if level not in named:
            _unknown(
                child, f"levels.{level}", level, named, reading, (node.get("levels") or EMPTY).keys.get(level)
            )
    _check_places(node, reading)
    assumed = node.get("assumptions") or EMPTY
    chosen, sets = assumed.get("set"), library_ids("assumptions")
    if chosen is not None and chosen.value not in sets:
        _unknown(chosen, "assumptions.set", str(chosen.value), sets, reading)
    only = assumed.get("only") or EMPTY
    for child in only.value if only.is_list else [] if only.is_map else [only]:
        if child.value not in assumptions():
            _unknown(child, "assumptions.only", str(child.value), assumptions(), reading)
    for lever, child in children(node.get("levers")):
        what = _misfit(lever, child, grid=_word(node, "sampler", "kind") == "grid")
        if what is not None:
            reading.problem(child.place, f"levers.{lever}", what)
        else:
            _check_bounds(lever, child, reading)


def _check_places(node: Node, reading: Reading) -> None:
    """Refuse a second factor whose levels name places: an arm stands in one."""
    placed = {level for level, child in children(node.get("levels")) if child.get("place") is not None}
    factors = [child for _, child in children(node.get("factors")) if placed & set(child.plain())]
    for child in factors[1:]:
        reading.problem(child.place, "factors", say("only one factor may have levels that name a place"))


def _misfit(lever: str, child: Node, *, grid: bool) -> Message | None:
    """Return why a lever cannot be varied as written."""
    if levers()[lever].type in ("choice", "flag"):
        return say("`{lever}` has no numbers between; make it a factor with levels", lever=lever)
    given = child.get("range"), child.get("values")
    if (given[0] is None) == (given[1] is None):
        return say("a lever has a `range` or `values`, one of the two")
    if (given[1] is not None) != grid:
        return say("the sampler `grid` takes `values`, all others a `range`")
    ends = [float(number.value) for number in given[0].value] if given[0] is not None else [0.0, 1.0]
    if len(ends) != 2 or ends[0] >= ends[1]:
        return say("a range is two numbers, the smaller first")
    return None


def _word(node: Node, *path: str) -> Any:
    found: Node | None = node
    for key in path:
        found = found.get(key) if found is not None and found.is_map else None
    return found.value if found is not None else None


def _check_bounds(lever: str, child: Node, reading: Reading) -> None:
    low, high = levers()[lever].bounds
    for number in (child.get("range") or child.get("values") or EMPTY).value:
        if not low <= float(number.value) <= high:
            what = say(
                "{value} lies outside [{low}, {high}]", value=number.value, low=f"{low:g}", high=f"{high:g}"
            )
            reading.problem(number.place, f"levers.{lever}", what)


def _unknown(
    child: Node, path: str, name: str, known: Iterable[str], reading: Reading, place: Place | None = None
) -> None:
    close = nearest(name, list(known))
    hint: Message | None = say("did you mean `{name}`?", name=close) if close else None
    reading.problem(place or child.place, path, say("`{name}` is not known here", name=name), hint)


def _made(node: Node, read: Any, path: Path, reading: Reading) -> Design:
    plain: dict[str, Any] = node.plain()
    varied = {name: (child.get("range"), child.get("values")) for name, child in children(node.get("levers"))}
    sampler, assumed = plain.get("sampler") or {}, plain.get("assumptions") or {}
    only = assumed.get("only") or ()
    arms = arms_of(plain, _scenario_of(plain["scenario"], path), node, reading)
    stop_at_errors(reading)
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
        seed=int(sampler.get("seed", 1)),
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


def cut(scenario: ResolvedScenario, months: int, primary: tuple[str, ...]) -> ResolvedScenario:
    """Return the scenario with a design's months (0: its own) and primary outcomes (none: its own)."""
    run = scenario.run
    months = min(months or run.months, run.months)
    windows = {name: (a, min(b, months)) for name, (a, b) in run.windows.items() if a < months}
    late = {"late": (max(0, months - YEAR), months)}
    return replace(
        scenario, run=replace(run, months=months, windows=windows | late, primary=primary or run.primary)
    )
