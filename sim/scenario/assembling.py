"""From a recipe to its parts: place, timeline, run. Every problem of every document is found before any is raised."""

from __future__ import annotations

from dataclasses import dataclass

from sim.base.errors import Place
from sim.base.text import say
from sim.catalogue import assumptions, levers
from sim.rules.changes import RuleChange, Values
from sim.rules.timeline import DatedOperation, Timeline, full_baseline
from sim.scenario.calibrated_set import notice_if_stale
from sim.scenario.composing import compose, read_resolutions
from sim.scenario.conduct_audit import purchases
from sim.scenario.frame import PlaceFrame
from sim.scenario.institutions import InstitutionalCheck
from sim.scenario.nodes import Node
from sim.scenario.place import PlaceSpec, is_whole, read_place, read_profile
from sim.scenario.place_schema import place_shape, profile_shape
from sim.scenario.placing import Placed, Placer
from sim.scenario.quantities import Quantity, Reading
from sim.scenario.recipe import Recipe
from sim.scenario.schema import assumptions_shape, reform_shape
from sim.scenario.selecting import Selectors
from sim.scenario.settings import Settings, axis_of
from sim.scenario.shapes import BAD, Entry, Record, did_you_mean
from sim.scenario.timing_check import check_values, within_run
from sim.scenario.units import read_frame
from sim.scenario.written import Change, WrittenChange


@dataclass
class Readings:
    """One collector for a whole scenario: each document reads under its own name into the same lists."""

    overrides: dict[str, float]
    known_evidence: frozenset[str]
    all: Reading

    def read(self, shape: Record, node: Node) -> tuple[Entry | None, Reading]:
        """Read one document; None where even its outline is unusable."""
        reading = self.named(node)
        entry = shape.read(node, "", reading)
        return (None if entry is BAD else entry), reading

    def named(self, node: Node) -> Reading:
        """Return a reading under a document's id that collects into the common lists."""
        named = node.get("id")
        return Reading(
            document=str(named.value) if named else "?",
            problems=self.all.problems,
            quantities=self.all.quantities,
            overrides=self.overrides,
            known_evidence=self.known_evidence,
        )


@dataclass
class Ground:
    """The place under its own rules."""

    spec: PlaceSpec
    frame: PlaceFrame
    baseline: dict[str, Values]


def read_ground(recipe: Recipe, readings: Readings) -> Ground | None:
    """Return the place with the full value of each of its own rules, or None after recording why not."""
    profile_entry, _ = readings.read(profile_shape(), recipe.profile)
    entry, reading = readings.read(place_shape(), recipe.place)
    if profile_entry is None or entry is None or not is_whole(profile_entry):
        return None
    profile = read_profile(profile_entry)
    frame = read_frame(entry, profile, reading)
    if frame is None:
        return None
    spec = read_place(entry, profile, frame, reading)
    return Ground(spec, frame, own_rules(spec, frame, reading))


def own_rules(spec: PlaceSpec, frame: PlaceFrame, reading: Reading) -> dict[str, Values]:
    """Return the place's own value of each lever it sets, in full shape."""
    rules: dict[str, Values] = {}
    for setting in spec.rules:
        row = levers()[setting.lever]
        values = rules.setdefault(row.id, full_baseline(row, frame.n_areas, frame.n_hops))
        if setting.key is None:
            values[...] = setting.number
            continue
        axis = axis_of(row, frame.layers)
        if setting.key not in axis:
            what = say("`{name}` passes nothing down in this place", name=setting.key)
            reading.problem(setting.place, f"rules.{row.id}", what, did_you_mean(setting.key, axis))
        else:
            values[axis.index(setting.key)] = setting.number
    return rules


def _errors(readings: Readings) -> bool:
    return any(problem.severity == "error" for problem in readings.all.problems)


# ---- reforms ---------------------------------------------------------------------------------------------------------
@dataclass
class Package:
    """All reforms of a scenario, placed on its frame."""

    placed: list[Placed]
    reforms: tuple[str, ...]
    clauses: dict[str, list[WrittenChange]]
    announced: dict[str, int]
    varies: bool


def read_package(recipe: Recipe, scenario: Entry, ground: Ground, readings: Readings) -> Package:
    """Place the changes of every reform, of the scenario itself and of the command line."""
    documents = [*recipe.reforms]
    placed: list[Placed] = []
    clauses: dict[str, list[WrittenChange]] = {}
    announced: dict[str, int] = {}
    names: list[str] = []
    varies = False
    for node in documents:
        entry, reading = readings.read(reform_shape(), node)
        if entry is None:
            continue
        selectors = Selectors(
            ground.frame, reading, {**scenario["groups"], **(entry["groups"] or {})}, recipe.replication
        )
        changes = _kept(entry, recipe, reading)
        clauses[entry["id"]] = changes
        if not changes:
            continue
        names.append(entry["id"])
        placed += _place_all(entry, changes, selectors, reading)
        selectors.look_at_unused(entry["groups"])
        if entry["announced"] is not None:
            announced[entry["id"]] = entry["announced"]
        varies = varies or selectors.varies
    own, own_varies = _own_changes(recipe, scenario, ground, readings)
    names += [scenario["id"]] if own else []
    return Package(placed + own, tuple(names), clauses, announced, varies or own_varies)


def _kept(entry: Entry, recipe: Recipe, reading: Reading) -> list[WrittenChange]:
    """Return the clauses that `--only` and `--without` leave, and check their `needs` and evidence."""
    reform, changes = entry["id"], [c for c in (entry["changes"] or ()) if isinstance(c, WrittenChange)]
    if recipe.only and reform not in recipe.only:
        changes = [c for c in changes if _is_named(c, reform, recipe.only)]
    if reform in recipe.without:
        return []
    changes = [c for c in changes if not _is_named(c, reform, recipe.without)]
    say_unmet_needs(changes, reading)
    return changes


def say_unmet_needs(changes: list[WrittenChange], reading: Reading) -> None:
    """Record each clause that needs one which is not there."""
    known = {c.id for c in changes if c.id}
    for change in changes:
        for need in change.beside["needs"] or ():
            if need not in known:
                what = say("`{clause}` needs the clause `{need}`", clause=change.id or change.verb, need=need)
                reading.problem(change.beside.spot("needs"), change.path, what, did_you_mean(need, known))


def _is_named(change: WrittenChange, reform: str, names: tuple[str, ...]) -> bool:
    return bool(change.id) and (change.id in names or f"{reform}.{change.id}" in names)


def _place_all(
    entry: Entry, changes: list[WrittenChange], selectors: Selectors, reading: Reading
) -> list[Placed]:
    from sim.scenario.dating import month_of

    if entry["from"] is None:
        return []
    start = month_of(entry["from"], reading, "from", selectors)
    if entry["announced"] is not None and entry["announced"] > start:
        reading.problem(entry.spot("announced"), "announced", say("announced after it begins"))
    placer = Placer(entry["id"], start, selectors)
    for change in changes:
        placer.place(change)
    return placer.placed


def _own_changes(
    recipe: Recipe, scenario: Entry, ground: Ground, readings: Readings
) -> tuple[list[Placed], bool]:
    """Return the changes a scenario writes itself, and those of `--set` on the command line."""
    reading = readings.named(recipe.scenario)
    selectors = Selectors(ground.frame, reading, dict(scenario["groups"] or {}), recipe.replication)
    start = scenario["run"]["start"] if scenario["run"] else None
    if start is None or recipe.only:
        return [], False
    placer = Placer(scenario["id"], start, selectors)
    for change in scenario["changes"] or ():
        placer.place(change)
    selectors.look_at_unused(scenario["groups"])
    for lever, value, month in recipe.settings:
        place = Place("--set")
        node = Node({lever: _command_value(lever, value, place)}, place, {lever: place})
        found = Settings("set").read(node, "--set", reading)
        beside = Change().beside.read(Node({}, place), "--set", reading)
        if found is not BAD:
            beside["at"] = month
            placer.place(WrittenChange("set", found, f"set_{lever}", place, "--set", beside))
    return placer.placed, selectors.varies


def _command_value(lever: str, value: str, place: Place) -> Node:
    row = levers().get(lever)
    if row is None or row.type in ("choice", "flag"):
        return Node(
            {"true": True, "false": False}.get(value, value) if row and row.type == "flag" else value, place
        )
    try:
        return Node(float(value) if row.type != "count" else int(value), place)
    except ValueError:
        return Node(value, place)


# ---- the timeline ----------------------------------------------------------------------------------------------------
def read_timeline(
    package: Package, scenario: Entry, recipe: Recipe, ground: Ground, readings: Readings
) -> tuple[Timeline, InstitutionalCheck]:
    """Compose the package, check it against the institutions, and return its timeline."""
    reading = readings.named(recipe.scenario)
    names = {p.row.reform for p in package.placed} | {p.row.clause for p in package.placed}
    names |= {f"{p.row.reform}.{p.row.clause}" for p in package.placed}
    resolutions = read_resolutions(scenario["resolve"] or (), names - {""}, reading)
    standing = compose(package.placed, resolutions, reading)
    within_run(standing, scenario, reading)
    structure = [p for p in standing if isinstance(p.row, DatedOperation)]
    sound = not _errors(readings)
    check = InstitutionalCheck(ground.spec, ground.frame, reading)
    check.start_spot = recipe.place.keys.get("duties", recipe.place.place)
    filled = check.run(structure, scenario["run"]["start"]) if sound else structure
    rules = [p for p in standing if isinstance(p.row, RuleChange)]
    timeline = Timeline(
        n_areas=ground.frame.n_areas,
        n_hops=ground.frame.n_hops,
        baseline=ground.baseline,
        changes=tuple(p.row for p in rules),  # type: ignore[misc]
        operations=tuple(p.row for p in filled),  # type: ignore[misc]
        announced=min(package.announced.values(), default=None),
        announcements=package.announced,
    )
    check_values(timeline, rules, reading)
    purchases(timeline, rules, reading)
    return timeline, check


# ---- assumptions -----------------------------------------------------------------------------------------------------
def read_assumptions(recipe: Recipe, scenario: Entry, readings: Readings) -> dict[str, float]:
    """Return the value in force of every assumption: catalogue, then the set, then the scenario, then a sample."""
    values = {row.id: row.value for row in assumptions().values()}
    if recipe.assumptions is not None:
        entry, reading = readings.read(assumptions_shape(), recipe.assumptions)
        notice_if_stale(recipe.assumptions, reading)
        values |= {name: float(q) for name, q in ((entry["values"] if entry else None) or {}).items()}
    if isinstance(scenario["assumptions"], Entry):
        values |= {name: float(q) for name, q in scenario["assumptions"].items() if isinstance(q, Quantity)}
    return values | {name: v for name, v in recipe.values.items() if name in values}
