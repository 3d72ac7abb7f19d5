"""The model: a Mesa model that walks the schedule over one world, and the runs that experiments are made of."""

from __future__ import annotations

import copy
from collections.abc import Callable

import mesa

from sim.agents.population import register, sync
from sim.draws import Draws
from sim.enact import enact, start_rules
from sim.mechanisms.contract import Context, Mechanism
from sim.mechanisms.posts import Posts
from sim.mechanisms.settle import settle
from sim.observe.recorder import Recorder
from sim.results.tables import RunTables
from sim.rules.timeline import Timeline
from sim.scenario.resolved import ResolvedScenario
from sim.schedule import DECISIONS, without
from sim.world.found import build_world
from sim.world.world import World

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
        self.mechanisms: tuple[Mechanism, ...] = without(switched_off)
        register(self, world)

    def step(self) -> None:
        """Simulate one month: enact, every mechanism in order, settle, observe."""
        world = self.world
        enact(world, self.timeline)
        sync(self)
        cells = self.recorder.account_cells if self.recorder is not None else None
        posts = Posts(world.residents.n, accounts=cells is not None)
        for mechanism in self.mechanisms:
            mechanism.run(Context(world, mechanism, posts))
        settled = settle(world, posts) if cells is None else settle(world, posts, cells.cell, cells.shape)
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
    model.world = model.recorder = None
    return world


def recorder_for(scenario: ResolvedScenario, record: str, world: World) -> Recorder:
    """Return a recorder that knows what to keep and what conservation is counted from; before the first month."""
    recorder = Recorder(record, scenario.run.primary, scenario.run.start)
    recorder.begin(world)
    return recorder


def run_arm(
    scenario: ResolvedScenario, seed: int, record: str = "standard", progress: Progress | None = None
) -> RunTables:
    """Simulate one replication of one scenario and return its tables."""
    scenario = scenario.for_replication(seed)
    world = new_world(scenario, seed)
    recorder = recorder_for(scenario, record, world)
    advance(world, scenario.timeline, scenario.run.end, recorder, progress)
    return recorder.tables(world)


def run_pair(
    baseline: ResolvedScenario,
    reform: ResolvedScenario,
    seed: int,
    record: str = "standard",
    progress: Progress | None = None,
) -> tuple[RunTables, RunTables]:
    """Simulate both arms of one pair under the same luck; they share one world up to the first announcement."""
    baseline, reform = baseline.for_replication(seed), reform.for_replication(seed)
    known = [t.first_announced for t in (baseline.timeline, reform.timeline) if t.first_announced is not None]
    branch = min([*known, baseline.run.end])
    world = new_world(baseline, seed)
    recorder = recorder_for(baseline, record, world)
    advance(world, baseline.baseline().timeline, branch, recorder, progress)
    tables = []
    for arm in (baseline, reform):
        mine, own = world.copy(), copy.deepcopy(recorder)
        advance(mine, arm.timeline, arm.run.end, own, progress)
        tables.append(own.tables(mine))
    return tables[0], tables[1]
