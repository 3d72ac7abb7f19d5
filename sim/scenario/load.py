"""Loading a scenario by id or file: find its documents, fill parameters, check, resolve."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.base.calendar import parse_month
from sim.base.errors import Place, Problem, ScenarioError, nearest
from sim.base.text import Message, say
from sim.catalogue import levers
from sim.scenario.documents import Documents, cached_documents, library_ids, with_parameters
from sim.scenario.library import library_folder
from sim.scenario.nodes import Node
from sim.scenario.outline import outline_problems
from sim.scenario.place_schema import KINDS
from sim.scenario.quantities import Reading
from sim.scenario.recipe import Recipe
from sim.scenario.resolved import ResolvedScenario, resolve

Settings = Iterable[str | tuple[str, Any, int]]


def load_scenario(
    source: str | Path,
    with_: Iterable[str] = (),
    without: Iterable[str] = (),
    only: Iterable[str] = (),
    set_: Settings = (),
    assumptions: str = "",
    place: str = "",
) -> ResolvedScenario:
    """Return the checked scenario of an id or a file; raises ScenarioError with every problem.

    with_: further reforms by id. without, only: reforms or clauses. set_: `lever=value@YYYY-MM`. assumptions, place:
    another set, another place than the scenario names.
    """
    documents, node = find_scenario(source)
    node = _naming(node, "assumptions", assumptions, "--assumptions") if assumptions else node
    node = _naming(node, "place", place, "place") if place else node
    slips = outline_problems(documents)
    if any(problem.severity == "error" for problem in slips):
        documents.reading.problems += slips
    recipe = recipe_of(documents, node, tuple(with_), tuple(without), tuple(only), set_)
    return resolve(recipe, documents.reading.problems)


def _naming(node: Node, key: str, name: str, asked_by: str) -> Node:
    """Return the scenario with another name under a key; asked_by: what a problem with it is said of."""
    spot = Place(asked_by)
    return Node({**node.value, key: Node(name, spot)}, node.place, {**node.keys, key: spot})


def open_documents(path: Path) -> Documents:
    """Return the documents of a file, ready to look others up."""
    parsed = cached_documents(path)
    return Documents(list(parsed.documents), path.parent, Reading(problems=list(parsed.problems)))


def find_scenario(source: str | Path) -> tuple[Documents, Node]:
    """Return the documents and the scenario node of an id or a file with one scenario."""
    path = Path(source)
    if not path.is_file():
        path = library_folder() / f"{source}.yaml"
        if not _is_name(str(source)) or not path.is_file():
            raise ScenarioError([_no_scenario(str(source))])
    documents = open_documents(path)
    scenarios = [node for node in documents.own if word(node, "kind") == "scenario"]
    named = [node for node in scenarios if word(node, "id") == path.stem]
    chosen = named or scenarios
    if not chosen:
        what = say("holds no scenario")
        raise ScenarioError(
            [Problem(Place(str(path)), "", what, say("kinds of document: {names}", names=", ".join(KINDS)))]
        )
    return documents, documents.inherited(chosen[-1] if not named else named[0], "scenario")


def _is_name(text: str) -> bool:
    return all(c.isalnum() or c in "_-." for c in text) and text not in ("", ".", "..")


def _no_scenario(source: str) -> Problem:
    known = library_ids("scenario")
    close = nearest(source, known)
    hint: Message = (
        say("did you mean `{name}`?", name=close)
        if close
        else say("shipped: {names}", names=", ".join(known))
    )
    return Problem(None, "", say("no scenario and no file is called `{name}`", name=source), hint)


def recipe_of(
    documents: Documents,
    node: Node,
    with_: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    set_: Settings = (),
) -> Recipe:
    """Return the recipe of a scenario node; raises where place or profile cannot be found."""
    place = _wanted(documents, node, "place")
    profile = _profile(documents, place) if place else None
    reforms, limits = _reforms(documents, node, with_)
    assumptions = _assumption_set(documents, node)
    settings = tuple(setting for text in set_ if (setting := _setting(text, documents.reading)))
    if place is None or profile is None:
        raise ScenarioError([*documents.reading.problems, *_outline(node)])
    return Recipe(node, place, profile, assumptions, reforms, only, (*without, *limits), settings)


def _outline(node: Node) -> list[Problem]:
    """Return the scenario's own problems, so that they are said together with a place that cannot be found."""
    from sim.scenario.schema import scenario_shape

    reading = Reading()
    scenario_shape().read(node, "", reading)
    return reading.problems


def _wanted(documents: Documents, node: Node, kind: str) -> Node | None:
    child = node.get(kind)
    if child is None or not isinstance(child.value, str):
        return None
    return documents.find(kind, child.value, child.place, kind)


def _profile(documents: Documents, place: Node) -> Node | None:
    residents = place.get("residents")
    child = residents.get("profile") if residents else None
    if child is None or not isinstance(child.value, str):
        what = say("`{name}` is missing", name="residents.profile")
        documents.reading.problem((residents or place).place, "residents", what)
        return None
    return documents.find("profile", child.value, child.place, "residents.profile")


def _assumption_set(documents: Documents, node: Node) -> Node | None:
    child = node.get("assumptions")
    if child is not None and child.is_map:
        return None
    name, place = (child.value, child.place) if child is not None else ("prior", node.place)
    return documents.find("assumptions", str(name), place, "assumptions")


def _reforms(
    documents: Documents, node: Node, with_: tuple[str, ...]
) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """Return the reforms with their parameters filled, and the clauses that `only`/`without` beside them drop."""
    listed = node.get("reforms")
    uses = list(listed.value) if listed is not None and listed.is_list else []
    uses += [Node(name, Place("--with")) for name in with_]
    given = node.get("with")
    found: list[Node] = []
    dropped: list[str] = []
    used: set[str] = set()
    for use in uses:
        name_node = use.get("reform") if use.is_map else use
        if name_node is None or not isinstance(name_node.value, str):
            continue
        name = name_node.value
        if name in used:
            documents.reading.problem(name_node.place, "reforms", say("`{name}` stands twice", name=name))
            continue
        used.add(name)
        reform = documents.find("reform", name, name_node.place, "reforms")
        if reform is None:
            continue
        values = dict(_block(_block_node(given, name)))
        values |= _block(use.get("with"))
        found.append(with_parameters(reform, values, documents.reading))
        dropped += _dropped(use, reform, name)
    _unused(given, used, documents.reading)
    return tuple(found), tuple(dropped)


def _block_node(node: Node | None, key: str) -> Node | None:
    return node.get(key) if node is not None else None


def _block(node: Node | None) -> dict[str, Node]:
    return node.value if node is not None and node.is_map else {}


def _dropped(use: Node, reform: Node, name: str) -> list[str]:
    """Return the clauses an entry of `reforms:` leaves out, as names for `without`."""
    without = [f"{name}.{child.value}" for child in _items(use.get("without"))]
    only = {child.value for child in _items(use.get("only"))}
    if only:
        changes = reform.get("changes")
        ids = {c.get("id").value for c in _items(changes) if c.get("id")}  # type: ignore[union-attr]
        without += [f"{name}.{clause}" for clause in sorted(ids - only)]
    return without


def _items(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return node.value if node.is_list else [node]


def _unused(given: Node | None, used: set[str], reading: Reading) -> None:
    for name in _block(given):
        if name not in used:
            what = say("`with` names `{name}`, which is no reform of this scenario", name=name)
            reading.problem(given.keys[name], "with", what)  # type: ignore[union-attr]


def _setting(text: str | tuple[str, Any, int], reading: Reading) -> tuple[str, str, int] | None:
    if not isinstance(text, str):
        return text
    lever, _, rest = text.partition("=")
    value, _, date = rest.rpartition("@")
    try:
        if not value:
            raise ValueError(text)
        month = parse_month(date)
    except ValueError:
        reading.problem(Place("--set"), "", say("read `{read}`; expected lever=value@YYYY-MM", read=text))
        return None
    if lever.strip() not in levers():
        close = nearest(lever, levers())
        hint = say("did you mean `{name}`?", name=close) if close else None
        reading.problem(Place("--set"), "", say("unknown lever `{name}`", name=lever), hint)
        return None
    return lever.strip(), value.strip(), month


def word(node: Node, key: str) -> Any:
    """Return the scalar under a key, or None."""
    child = node.get(key)
    return None if child is None or child.is_map or child.is_list else child.value
