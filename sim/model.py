"""The model: a Mesa model that walks the schedule over one world, and the runs that experiments are made of."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping

import mesa

from sim.agents.population import register, sync
from sim.draws import Draws
from sim.enact import enact, start_rules
from sim.mechanisms.contract import Context, Mechanism
from sim.mechanisms.posts import Posts
from sim.mechanisms.settle import settle
from sim.observe.alignment import Alignment
from sim.observe.lives import Lives
from sim.observe.recorder import Recorder
from sim.results.alignment import AlignmentRow
from sim.results.tables import RunTables
from sim.rules.timeline import Timeline
from sim.scenario.resolved import ResolvedScenario
from sim.schedule import DECISIONS, FORESEEN, without
from sim.world.found import build_world
from sim.world.moves import move_households, moving_accounts
from sim.world.saving import load_world, save_world
from sim.world.world import World

__all__ = [
    "CommunityModel", "advance", "draws_for", "first_felt", "load_world", "lockstep", "new_world", "recorder_for",
    "recorder_of", "run_arm", "run_arms", "run_watched", "save_world",
]  # fmt: skip
Progress = Callable[[int], None]
# Population and history are drawn by different seeds, so that one population can live many histories.
POPULATION_STEP = 1_000_003


class CommunityModel(mesa.Model):
    """One place under one timeline.

    Residents are views over columns and institutions ordinary agents, all in `model.agents`. `step` is one month.
    """

    def __init__(
        self,
        world: World,
        timeline: Timeline,
        recorder: Recorder | None = None,
        switched_off: tuple[str, ...] = (),
    ):
        super().__init__(rng=0)
        self.world, self.timeline, self.recorder = world, timeline, recorder
        self.contexts: list[Context] = []
        for mechanism in without(switched_off):
            self.add(mechanism)
        register(self, world)

    def add(self, mechanism: Mechanism) -> None:
        """Let one more mechanism act, after all others: how a new one is tried out."""
        self.contexts.append(Context(self.world, mechanism, Posts(self.world.residents.n)))

    def step(self) -> None:
        """Simulate one month: enact, every mechanism in order, settle, observe."""
        world = self.world
        enact(world, self.timeline)
        forgotten = move_households(world)
        sync(self)
        cells = self.recorder.account_cells if self.recorder is not None else None
        posts = Posts(world.residents.n, accounts=cells is not None)
        for context in self.contexts:
            context.live(posts)
        settled = settle(world, posts) if cells is None else settle(world, posts, cells.cell, cells.shape)
        if cells is not None:
            settled += moving_accounts(forgotten, world.residents.has_voice, cells.cell, cells.shape)
        if self.recorder is not None:
            self.recorder.observe(world, settled)
        world.month += 1


def draws_for(seed: int, fixed_population: bool = False, resalt: dict[str, int] | None = None) -> Draws:
    """Return the draws of one replication: seed turns population and history, or history alone."""
    population = 0 if fixed_population else seed
    return Draws(population * POPULATION_STEP + 1, seed, DECISIONS, resalt)


def new_world(
    scenario: ResolvedScenario,
    seed: int,
    fixed_population: bool = False,
    resalt: dict[str, int] | None = None,
    extra_residents: int = 0,
) -> World:
    """Return the world of a scenario's place before its first month, under the place's own rules."""
    world = build_world(scenario, draws_for(seed, fixed_population, resalt), extra_residents)
    start_rules(world, scenario.baseline().timeline)
    return world


def advance(
    world: World,
    timeline: Timeline,
    until: int,
    recorder: Recorder | None,
    progress: Progress | None = None,
    switched_off: tuple[str, ...] = (),
) -> World:
    """Simulate up to (not including) an absolute month; the world is changed in place and returned."""
    model = CommunityModel(world, timeline, recorder, switched_off)
    while world.month < until:
        model.step()
        if progress is not None:
            progress(1)
    # Mesa's model refers to itself; without this a world would live until the garbage collector came round.
    del model.world, model.recorder
    model.contexts.clear()
    return world


def recorder_for(scenario: ResolvedScenario, record: str, world: World) -> Recorder:
    """Return a recorder that knows what to keep and what conservation is counted from; before the first month."""
    recorder = Recorder(record, scenario.run.primary, scenario.run.start)
    recorder.begin(world)
    return recorder


def recorder_of(
    scenario: ResolvedScenario, world: World, kept: tuple[str, ...], grouped: tuple[str, ...] = ()
) -> Recorder:
    """Return a recorder of some measures of the whole place, and of some of these by area and group, and no more."""
    recorder = Recorder("headline", kept, scenario.run.start, grouped)
    recorder.begin(world)
    return recorder


def run_arm(
    scenario: ResolvedScenario, seed: int, record: str = "standard", progress: Progress | None = None
) -> RunTables:
    """Simulate one replication of one scenario and return its tables."""
    scenario = scenario.for_replication(seed)
    world = new_world(scenario, seed)
    recorder = recorder_for(scenario, record, world)
    advance(world, scenario.timeline, scenario.run.end, recorder, progress, scenario.run.switched_off)
    return recorder.tables(world)


def lockstep(arms: Mapping[str, ResolvedScenario], seed: int) -> Iterator[tuple[int, dict[str, Lives]]]:
    """Walk several arms under the same luck side by side; yields the month and every arm's lives after it.

    Begins where they may first differ: until then they are one.
    """
    arms = {name: arm.for_replication(seed) for name, arm in arms.items()}
    first, branch = next(iter(arms.values())), _branch(arms)
    off = first.run.switched_off
    world = advance(new_world(first, seed), first.baseline().timeline, branch, None, switched_off=off)
    models = {name: CommunityModel(world.copy(), arm.timeline, None, off) for name, arm in arms.items()}
    for month in range(branch, first.run.end):
        for model in models.values():
            model.step()
        yield month, {name: Lives(model.world) for name, model in models.items()}


def first_felt(arm: ResolvedScenario) -> int | None:
    """Return the first month in which a scenario's reforms may change anything; None for one that has none."""
    return arm.timeline.first_felt(FORESEEN)


def _branch(arms: Mapping[str, ResolvedScenario], resalt: Iterable[dict[str, int]] = ()) -> int:
    """Return the month from which on arms may differ."""
    known = [first_felt(arm) for arm in arms.values()]
    known += [month for decisions in resalt for month in decisions.values()]
    return min([month for month in known if month is not None] + [next(iter(arms.values())).run.end])


def run_arms(
    arms: Mapping[str, ResolvedScenario],
    seed: int,
    record: str = "standard",
    progress: Progress | None = None,
    resalt: Mapping[str, dict[str, int]] | None = None,
    alignment: Alignment | None = None,
) -> dict[str, RunTables]:
    """Simulate several arms of one place under the same luck; they share one world until they may differ.

    arms: scenarios of the same place, assumptions and run, by name. resalt: by arm, {decision: absolute month}: from
    then on these decisions of that arm draw other luck (a placebo: the true effect is zero). alignment: takes down who
    decided what in each arm.
    """
    arms, resalt = {name: arm.for_replication(seed) for name, arm in arms.items()}, resalt or {}
    first = next(iter(arms.values()))
    world = new_world(first, seed)
    recorder = recorder_for(first, record, world)
    off = first.run.switched_off
    advance(world, first.baseline().timeline, _branch(arms, resalt.values()), recorder, progress, off)
    tables = {}
    for name, arm in arms.items():
        mine, own = world.copy(), copy.deepcopy(recorder)
        mine.draws = mine.draws.resalted(resalt.get(name, {}))
        each = progress if alignment is None else _watching(alignment, name, mine)
        advance(mine, arm.timeline, arm.run.end, own, each, off)
        tables[name] = own.tables(mine)
    return tables


def _watching(alignment: Alignment, arm: str, world: World) -> Progress:
    return lambda _months: alignment.watch(arm, world)


def run_watched(
    arms: Mapping[str, ResolvedScenario],
    seed: int,
    record: str = "standard",
    resalt: Mapping[str, dict[str, int]] | None = None,
) -> tuple[dict[str, RunTables], list[AlignmentRow]]:
    """Simulate as `run_arms` does, and count how many residents decide alike in the first arm and the last."""
    alignment = Alignment()
    tables = run_arms(arms, seed, record, resalt=resalt, alignment=alignment)
    return tables, alignment.rows()
