"""The checked scenario: everything a run receives, in one frozen object that can travel to another process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.base.errors import Problem, ScenarioError
from sim.base.text import say
from sim.catalogue import measures, mechanism_names
from sim.rules.timeline import Timeline
from sim.scenario.assembling import Readings, read_assumptions, read_ground, read_package, read_timeline
from sim.scenario.documents import ledger_ids
from sim.scenario.frame import PlaceFrame
from sim.scenario.institutions import Snapshot
from sim.scenario.place import PlaceSpec
from sim.scenario.quantities import Quantity, Reading
from sim.scenario.recipe import Recipe
from sim.scenario.schema import scenario_shape
from sim.scenario.shape import did_you_mean
from sim.scenario.shapes import Entry

YEAR = 12
EXPECTED = ":expect["  # in the address of a figure that stands beside the model and goes into nothing

NEEDED = ("route_requests", "admit_tasks")  # mechanisms without which work would lie with nobody


@dataclass(frozen=True)
class RunSpec:
    """How a scenario is run. start: first reported month. windows: half-open month offsets from start."""

    start: int
    spin_up: int
    months: int
    pairs: int
    primary: tuple[str, ...]
    windows: dict[str, tuple[int, int]]
    record: str
    switched_off: tuple[str, ...] = ()

    @property
    def first_month(self) -> int:
        """Return the month the world begins in, under the place's own rules."""
        return self.start - self.spin_up

    @property
    def end(self) -> int:
        """Return the month after the last."""
        return self.start + self.months


@dataclass(frozen=True)
class Expect:
    """A figure a document counts, to stand beside the model's value; never fitted.

    measure: of the model, or in words what it has no measure of. first, last: the figure at `since` and at `at`, in
    `unit`, over the whole place. per: what to divide by for the measure's own unit (`1000_households`; empty: nothing).
    what: the thing counted; means: what a match would mean, and what not; both in both languages. put_in: the scenario
    itself is made of it.
    """

    measure: str
    first: float | None
    last: float | None
    at: int | None
    evidence: tuple[str, ...] = ()
    since: int | None = None
    per: str = ""
    unit: Mapping[str, str] = field(default_factory=dict)
    what: Mapping[str, str] = field(default_factory=dict)
    means: Mapping[str, str] = field(default_factory=dict)
    put_in: bool = False

    @property
    def months(self) -> tuple[int, ...]:
        """Return the months it speaks of, where the model has its measure."""
        return tuple(m for m in (self.since, self.at) if m is not None) if self.measure in measures() else ()


@dataclass(frozen=True, eq=False)
class ResolvedScenario:
    """A scenario that passed every check.

    assumptions: value in force of every assumption. quantities: every number of place and reforms by address.
    history: who does what, at the start and after each structural month.
    recipe: the documents it was made of, so that a sample or an ablation is the same reading with other values.
    """

    id: str
    title: dict[str, str]
    place: PlaceSpec
    frame: PlaceFrame
    timeline: Timeline
    run: RunSpec
    assumptions: dict[str, float]
    law_version: int
    reforms: tuple[str, ...]
    hash: str
    notices: tuple[Problem, ...]
    quantities: dict[str, Quantity]
    expects: tuple[Expect, ...]
    recipe: Recipe
    history: tuple[Snapshot, ...] = field(default=(), repr=False)
    clauses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    varies: bool = False

    def baseline(self) -> ResolvedScenario:
        """Return the same place and run without any reform; windows stay those of the reform."""
        empty = Timeline(self.timeline.n_areas, self.timeline.n_hops, self.timeline.baseline)
        bare = self.recipe.bare()
        alone = replace(self, timeline=empty, reforms=(), clauses={}, varies=False)
        return replace(alone, hash=bare.hash(), history=self.history[:1])

    def with_sample(self, sample: Mapping[str, float]) -> ResolvedScenario:
        """Return the scenario with other values of assumptions or of quantities by address."""
        unknown = [name for name in sample if name not in self.assumptions and name not in self.quantities]
        if unknown:
            raise ScenarioError(
                [Problem(None, "", say("nothing is called `{name}`", name=n)) for n in unknown]
            )
        return self._made(self.recipe.with_values(sample))

    def for_replication(self, seed: int) -> ResolvedScenario:
        """Return the scenario with its undated months and freely picked groups drawn for one replication."""
        return self._made(replace(self.recipe, replication=seed)) if self.varies else self

    def only(self, clauses: Iterable[str]) -> ResolvedScenario:
        """Return the scenario with nothing but the named clauses or reforms."""
        return self._made(replace(self.recipe, only=tuple(clauses)))

    def without(self, clauses: Iterable[str]) -> ResolvedScenario:
        """Return the scenario without the named clauses or reforms."""
        return self._made(replace(self.recipe, without=(*self.recipe.without, *clauses)))

    def with_setting(self, lever: str, value: object, month: int) -> ResolvedScenario:
        """Return the scenario with a lever set from a month on, as `--set` does."""
        settings = (*self.recipe.settings, (lever, str(value), month))
        return self._made(replace(self.recipe, settings=settings))

    def without_mechanisms(self, names: Iterable[str]) -> ResolvedScenario:
        """Return the scenario with mechanisms of the model switched off; raises ScenarioError naming the nearest."""
        for name in names:
            if name not in mechanism_names():
                hint = did_you_mean(name, mechanism_names())
                what = say("the model has no mechanism `{name}`", name=name)
                raise ScenarioError([Problem(None, "--without-mechanism", what, hint)])
            if name in NEEDED:
                what = say("`{name}` cannot be switched off: it says who is to do a piece of work", name=name)
                raise ScenarioError([Problem(None, "--without-mechanism", what)])
        off = (*self.recipe.switched_off, *names)
        return self._made(replace(self.recipe, switched_off=off)) if names else self

    def _made(self, recipe: Recipe) -> ResolvedScenario:
        made = resolve(recipe)
        return made if self.reforms else made.baseline()


def resolve(recipe: Recipe, problems: Iterable[Problem] = ()) -> ResolvedScenario:
    """Return the checked scenario of a recipe; raises ScenarioError with every problem of every document."""
    readings = Readings(recipe.values, ledger_ids(), Reading(problems=list(problems)))
    scenario, reading = readings.read(scenario_shape(), recipe.scenario)
    ground = read_ground(recipe, readings)
    if scenario is None or ground is None or scenario["run"] is None:
        raise ScenarioError(each_once(readings.all.problems))
    assumed = read_assumptions(recipe, scenario, readings)
    package = read_package(recipe, scenario, ground, readings)
    timeline, check = read_timeline(package, scenario, recipe, ground, readings)
    run = _run_spec(scenario, timeline, reading, recipe.switched_off)
    _check_names(recipe, package.clauses, reading)
    found = each_once(readings.all.problems)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors or run is None:
        raise ScenarioError(errors)
    return ResolvedScenario(
        id=scenario["id"],
        title=scenario["title"],
        place=ground.spec,
        frame=ground.frame,
        timeline=timeline,
        run=run,
        assumptions=assumed,
        law_version=int(scenario["law_version"] or ground.spec.law_version),
        reforms=package.reforms,
        hash=recipe.hash(),
        notices=tuple(found),
        quantities={a: q for a, q in readings.all.quantities.items() if EXPECTED not in a},
        expects=tuple(_expect(entry) for entry in scenario["expect"] or ()),
        recipe=recipe,
        history=tuple(check.history),
        clauses={
            reform: tuple(dict.fromkeys(c.id for c in changes if c.id))
            for reform, changes in package.clauses.items()
        },
        varies=package.varies,
    )


def _run_spec(
    scenario: Entry, timeline: Timeline, reading: Reading, switched_off: tuple[str, ...]
) -> RunSpec | None:
    run = scenario["run"]
    if run["start"] is None:
        return None
    primary = run["primary"] or tuple(m.id for m in measures().values() if m.side != "other")
    windows = _windows(run, timeline, reading)
    how = (run["start"], run["spin_up"], run["months"], run["pairs"], primary, windows, run["record"])
    return RunSpec(*how, switched_off)


def _windows(run: Entry, timeline: Timeline, reading: Reading) -> dict[str, tuple[int, int]]:
    """Return the windows: months 1 to 12 after the first change, and the last 12 months."""
    months = run["months"]
    change = timeline.first_change
    first = min(max(0, change - run["start"]), months - 1) if change is not None else 0
    windows = {"early": (first, min(first + YEAR, months)), "late": (max(0, months - YEAR), months)}
    for name in ("early", "late"):
        written = (run["windows"] or {}).get(name)
        if not written:
            continue
        a, b = written[0], written[-1]
        if not 0 <= a < b <= months:
            what = say("a window is two month offsets [from, to) within [0, {months}]", months=months)
            reading.problem(run["windows"].spot(name), f"run.windows.{name}", what)
        windows[name] = (a, b)
    return windows


def _check_names(recipe: Recipe, clauses: dict[str, Any], reading: Reading) -> None:
    known = set(clauses)
    for node in recipe.reforms:
        changes = node.get("changes")
        reform = str(node.value["id"].value)
        for child in changes.value if changes and changes.is_list else []:
            named = child.get("id")
            known |= {str(named.value), f"{reform}.{named.value}"} if named else set()
    for name in (*recipe.only, *recipe.without):
        if name not in known:
            from sim.scenario.shapes import did_you_mean

            what = say("no reform or clause is called `{name}`", name=name)
            reading.problem(recipe.scenario.place, "", what, did_you_mean(name, sorted(known)))


def _expect(entry: Entry) -> Expect:
    last = entry["to"] if entry["to"] is not None else entry["value"]
    first, last = (None if q is None else float(q) for q in (entry["from"], last))
    return Expect(
        measure=str(entry["measure"]),
        first=first,
        last=last,
        at=entry["at"],
        evidence=entry["evidence"] or (),
        since=entry["since"],
        per=entry["per"] or "",
        unit=entry["unit"] or {},
        what=entry["what"] or {},
        means=entry["means"] or {},
        put_in=bool(entry["put_in"]),
    )


def each_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems once each, in the order they were found; with its hint where one of them has one."""
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        key = (problem.place, problem.path, problem.what.render("en"))
        if key not in seen or (seen[key].hint is None and problem.hint is not None):
            seen[key] = problem
    return list(seen.values())
