"""`shequ check`: every document of a file, every error at once, and what passed in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sim.base.errors import Place, Problem, ScenarioError
from sim.base.text import say
from sim.scenario.assembling import Readings, read_ground, say_unmet_needs
from sim.scenario.describe import checked_page
from sim.scenario.design import load_design
from sim.scenario.documents import Documents, ledger_ids, library_ids, with_parameters
from sim.scenario.institutions import InstitutionalCheck
from sim.scenario.library import library_folder
from sim.scenario.load import find_scenario, open_documents, recipe_of, word
from sim.scenario.nodes import Node
from sim.scenario.outline import kind_of, no_kind
from sim.scenario.page import Page
from sim.scenario.place_schema import KINDS
from sim.scenario.quantities import Reading
from sim.scenario.recipe import Recipe
from sim.scenario.resolved import each_once, resolve
from sim.scenario.schema import SHAPE_OF
from sim.scenario.written import WrittenChange


@dataclass
class Checked:
    """What a check found: problems (errors and notices) and a page for each document that passed."""

    source: str
    problems: list[Problem] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """Return what forbids a run."""
        return [p for p in self.problems if p.severity == "error"]


def check(source: str) -> Checked:
    """Check a file, or a scenario, place, profile, reform or set of assumptions of the library by id, in this order."""
    found = Checked(source)
    try:
        path = _path_of(source)
        opened = open_documents(path)
    except ScenarioError as error:
        found.problems += error.problems
        return found
    if not opened.own:
        found.problems.append(
            Problem(
                Place(str(path)),
                "",
                say("holds no document"),
                say("kinds of document: {names}", names=", ".join(KINDS)),
            )
        )
    for node in opened.own:
        _check_document(node, opened.afresh(), found)
    found.problems = _once(found.problems)
    return found


def _path_of(source: str) -> Path:
    if Path(source).is_file():
        return Path(source)
    for kind in sorted(KINDS, key=lambda kind: kind != "scenario"):  # of one name, the scenario comes first
        if source in library_ids(kind):
            from sim.scenario.documents import FOLDER_OF

            return library_folder() / FOLDER_OF[kind] / f"{source}.yaml"
    if Path(source).suffix in (".yaml", ".yml") or "/" in source:
        what = say("is a folder, not a file") if Path(source).is_dir() else say("there is no such file")
        raise ScenarioError([Problem(Place(source), "", what)])
    find_scenario(source)
    return Path(source)


def _check_document(node: Node, documents: Documents, found: Checked) -> None:
    kind = kind_of(node)
    if kind is None:
        found.problems.append(no_kind(node))
        return
    try:
        whole = documents.inherited(node, kind)
        CHECKS.get(kind, _check_shape)(documents, whole, found)
    except ScenarioError as error:
        found.problems += error.problems
    found.problems += documents.reading.problems


def _check_scenario(documents: Documents, node: Node, found: Checked) -> None:
    recipe = recipe_of(documents, node)
    scenario = resolve(recipe, documents.reading.problems)
    found.problems += scenario.notices
    found.pages.append(checked_page(scenario))


def _check_place(documents: Documents, node: Node, found: Checked) -> None:
    residents = node.get("residents")
    name = residents.get("profile") if residents and residents.is_map else None
    profile = documents.find("profile", str(name.value), name.place, "residents.profile") if name else None
    readings = Readings({}, ledger_ids(), Reading())
    if profile is None:
        readings.read(SHAPE_OF["place"](), node)
        found.problems += readings.all.problems
        return
    ground = read_ground(Recipe(node, node, profile, None), readings)
    if ground is not None and not any(p.severity == "error" for p in readings.all.problems):
        audit = InstitutionalCheck(ground.spec, ground.frame, readings.all)
        audit.start_spot = node.keys.get("duties", node.place)
        audit.run([], 0)
    found.problems += readings.all.problems
    _passed(node, found, readings.all.problems)


def _check_reform(documents: Documents, node: Node, found: Checked) -> None:
    readings = Readings({}, ledger_ids(), Reading())
    filled = with_parameters(node, {}, documents.reading)
    entry, reading = readings.read(SHAPE_OF["reform"](), filled)
    changes = (entry["changes"] if entry is not None else None) or ()
    say_unmet_needs([change for change in changes if isinstance(change, WrittenChange)], reading)
    found.problems += readings.all.problems
    page = _passed(node, found, [*readings.all.problems, *documents.reading.problems])
    if page:
        page.add(
            None, say("selectors, dates and institutions are checked together with a place, in a scenario")
        )


def _check_shape(_documents: Documents, node: Node, found: Checked) -> None:
    readings = Readings({}, ledger_ids(), Reading())
    readings.read(SHAPE_OF[str(word(node, "kind"))](), node)
    found.problems += readings.all.problems
    _passed(node, found, readings.all.problems)


def _check_design(documents: Documents, node: Node, found: Checked) -> None:
    load_design(node.place.file)
    _passed(node, found, documents.reading.problems)


def _passed(node: Node, found: Checked, problems: list[Problem]) -> Page | None:
    if any(p.severity == "error" for p in problems):
        return None
    page = Page(say("{kind} `{id}` can be read", kind=str(word(node, "kind")), id=str(word(node, "id"))))
    found.pages.append(page)
    return page


def _once(problems: list[Problem]) -> list[Problem]:
    return sorted(each_once(problems), key=lambda p: (p.place is None, p.place or Place("")))


CHECKS = {
    "scenario": _check_scenario,
    "place": _check_place,
    "reform": _check_reform,
    "design": _check_design,
}
