"""A tiny place in which everything is going on at once, and one step of the month tried on copies of it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sim.mechanisms.contract import Context, Mechanism
from sim.mechanisms.posts import Posts
from sim.model import advance, new_world
from sim.scenario.resolved import ResolvedScenario
from sim.schedule import SCHEDULE
from sim.world.practice import DUTIES, practised_rows
from sim.world.world import KIND, World
from tests.paired.packages import tiny

BY_NAME = {m.name: m for m in SCHEDULE}
CHANGES = (
    "set: {purchase.catalogue: true}",
    "set: {purchase.budget: {value: 400000, unit: yuan per year, assumed: test}}",
    "open_office: {kind: service_station, per: community, staff: {value: 2, unit: post per office, assumed: test}}",
)


@lru_cache
def lively_place() -> ResolvedScenario:
    """Return a tiny place with stations that buys services from its second month on."""
    changes = ", ".join(f"{{id: c{k}, at: 2010-02, {change}}}" for k, change in enumerate(CHANGES))
    with TemporaryDirectory() as folder:
        return tiny(Path(folder), changes, staff=4)


@lru_cache
def lively() -> World:
    """Return it half a year old, with works, elections, contracts and changed rules; only copies may be changed."""
    scenario = lively_place()
    world = new_world(scenario, 4)
    world.assume = {**world.assume, "organisations.birth": 30.0, "purchase.lot": 20_000.0}
    advance(world, scenario.timeline, world.month + 6, None)
    _under_way(world)
    return world


def _under_way(world: World) -> None:
    """Put the place in a month in which everything that ever falls due does."""
    offices, areas, groups, issues = world.institutions, world.areas, world.organisations, world.issues
    committees = np.flatnonzero(offices.kind == KIND["residents_committee"])
    offices.is_election[committees], offices.quorum[committees], offices.turnout[committees] = 1, 1, 0.6
    offices.hours_free[committees] = offices.hours_usable[committees] = 400.0
    offices.hours_demanded[committees] = 160.0
    areas.delegates_called[:], areas.months_to_review[:], areas.months_to_award[:] = 1, 1, 0
    areas.law[:] = 2
    world.distance += 2
    world.assume["needs.file_distance"] = 1.0
    groups.form[:], groups.dependence[:] = np.arange(groups.n) % 3, 0.5
    issues.passed[:], issues.paid[:], issues.works_left[:] = np.arange(issues.n) % 2, np.arange(issues.n) % 2, 1
    admission = practised_rows()["admission.rule"]
    table = world.practice
    for rows in (admission, slice(DUTIES, DUTIES + 1)):
        table.version[rows] = table.answered[rows] = 1
        table.use[rows], table.before[rows] = 0.5, table.written[rows] + 1
    world.rules["admission.supervision"] = np.full_like(world.rules["admission.supervision"], 0.5)


def outcome(world: World, mechanism: Mechanism) -> dict[str, bytes]:
    """Run one mechanism once; return what it wrote and posted, but for the rules it keeps count of."""
    posts = Posts(world.residents.n)
    Context(world, mechanism, posts).live(posts)
    columns = [name.split(".") for name in mechanism.writes if "." in name]
    written = {f"{table}.{c}": getattr(world.tables[table], c).tobytes() for table, c in columns}
    posted = {
        f"post {k} {e.stock}": b"".join(b"-" if part is None else part.tobytes() for part in (e.gain, e.loss, e.rows))
        for k, e in enumerate(posts.entries)
    }
    return written | posted


def moved(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Return what differs between two outcomes."""
    return sorted(name for name in {**one, **other} if one.get(name) != other.get(name))


def ruled(world: World, lever: str, value: float, assumed: dict[str, float]) -> World:
    """Return a copy in which a rule has long been in force everywhere, under other assumptions."""
    twin = world.copy()
    twin.assume = {**world.assume, **assumed}
    twin.rules[lever] = np.full_like(world.rules[lever], value)
    if lever in practised_rows():
        for column in ("written", "paper", "before", "value"):
            getattr(twin.practice, column)[practised_rows()[lever]] = value
    return twin
