# ruff: noqa: SLF001  (looks inside mechanisms on purpose, to give both sides the same institutions)
"""How much faster are residents as columns than as Mesa objects, and do both do the same?

    python experiments/benchmarks/residents_and_mesa.py [--residents 100000] [--months 6]

Both live the same months in turn, under the same institutional side. Times are CPU seconds of the thread, medians over
months; what residents did is compared month by month and should differ by no more than luck.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from types import SimpleNamespace

import numpy as np
from mesa_model import MODES, STOCKS, MesaResidents, Resident
from places import place_of
from report import table

from sim.enact import enact
from sim.mechanisms import (
    attend_meetings,
    cast_votes,
    join_activities,
    participation,
    request_services,
    respond,
)
from sim.mechanisms.arithmetic import logarithms
from sim.mechanisms.contract import Context
from sim.mechanisms.posts import Posts
from sim.mechanisms.settle import settle
from sim.model import new_world
from sim.schedule import SCHEDULE
from sim.world.world import KIND, World

RESIDENT = (
    "request_services", "influence_peers", "respond", "cast_votes", "attend_meetings", "join_activities",
    "recognise_contributors", "volunteer",
)  # fmt: skip
FLAGS = {"vote": "voted", "deliberate": "deliberated", "activity": "joined", "volunteer": "volunteers"}
TRAITS = (
    "age", "adult", "owner", "employed", "income", "disability", "party", "cooperator", "frailty", "has_voice",
    "satisfaction", "expectation", "last_outcome", "grievance", "community", "block", "area", "household",
)  # fmt: skip
WARM = 8


def our_month(world: World, timeline: object, given: SimpleNamespace | None) -> float:
    """Live one month; returns the CPU seconds of the resident mechanisms and fills what Mesa's residents are given."""
    enact(world, timeline)
    posts, seconds = Posts(world.residents.n), 0.0
    for mechanism in SCHEDULE:
        if given is not None and mechanism.name == "request_services":
            given.wait = request_services._door(Context(world, mechanism, posts))[1][_first(world)].tolist()
        start = time.thread_time()
        mechanism.run(Context(world, mechanism, posts))
        spent = time.thread_time() - start
        seconds += spent if mechanism.name in RESIDENT else 0.0
        if given is not None and mechanism.name == "volunteer":
            fill(given, world)
    start = time.thread_time()
    settle(world, posts)
    seconds += time.thread_time() - start
    world.month += 1
    return seconds


def _first(world: World) -> np.ndarray:
    """Return the row of some resident of each area."""
    return np.searchsorted(world.residents.area, np.arange(world.n_areas))


def fill(given: SimpleNamespace, world: World) -> None:
    """Take down the institutions' side of the month, after everybody of ours has decided."""
    people, offices = world.residents, world.institutions
    called = (offices.is_ballot | offices.is_election) == 1
    rules = [world.rule(f"{what}.form")[offices.seat] for what in ("election", "assembly")]
    given.form = np.where(called, np.where(offices.is_election == 1, *rules), -1).tolist()
    given.meetings, given.places = offices.meetings.tolist(), offices.activity_places.tolist()
    given.quorum, given.stake = offices.quorum.tolist(), world.blocks.stake.tolist()
    given.delegate = people.is_delegate.tolist()
    given.contacted = people.is_contacted[world.households.first].tolist()
    given.offset = {mode: _offset(world, mode) for mode in MODES}
    given.answers = _answers(world)


def _offset(world: World, mode: str) -> list[float]:
    mechanism = next(m for m in SCHEDULE if f"{mode}.base" in m.assumptions)
    c = Context(world, mechanism, Posts(0))
    offset = participation._size(c, mode) + participation._shock(c, mechanism.name, mode)
    if mechanism is attend_meetings.MECHANISM:
        offset = offset + c.assume("deliberate.supply") * logarithms(np.maximum(c.institutions.meetings, 1.0))
    if mechanism is join_activities.MECHANISM:
        ratio = c.institutions.activity_places / np.maximum(c.institutions.adults, 1)
        ratio = np.clip(
            ratio / c.assume("activity.usual_places"), 1 / join_activities.MOST, join_activities.MOST
        )
        offset = offset + c.assume("activity.supply") * logarithms(ratio)
    return offset.tolist()


def _answers(world: World) -> dict[int, list[tuple]]:
    c = Context(world, respond.MECHANISM, Posts(0))
    mine = np.flatnonzero(world.ended.origin == 1)
    office = world.ended.office[mine]
    at_committee = np.isin(world.institutions.kind[office], respond.COMMUNITY_KINDS)
    stock = np.where(at_committee, "trust_committee", "trust_government").tolist()
    rows = zip(
        world.ended.resident[mine].tolist(), respond._score(c, mine, office).tolist(),
        world.ended.is_solved[mine].tolist(), stock, strict=True,
    )  # fmt: skip
    answers: dict[int, list[tuple]] = {}
    for who, *answer in rows:
        answers.setdefault(who, []).append(tuple(answer))
    return answers


def as_objects(world: World) -> MesaResidents:
    """Return Mesa's residents in the state in which ours are."""
    people, c = world.residents, Context(world, request_services.MECHANISM, Posts(0))
    papers = 1 - world.assume["needs.certificates"] * (1 - world.rule("certificates.kept").mean())
    model = MesaResidents(dict(world.assume), request_services._coefficients(c).transactions * papers)
    columns = {name: getattr(people, name).tolist() for name in (*TRAITS, *STOCKS) if name in people}
    columns["community"] = world.blocks.community[people.block].tolist()
    columns["km"] = world.distance[KIND["residents_committee"]][people.block].tolist()
    columns["reach"] = request_services._door(c)[0].tolist()
    columns["head"] = (people.id % cast_votes.MEMBERS_IN_ID == 0).tolist()
    for row in range(people.n):
        agent = Resident(model, row=row, **{name: column[row] for name, column in columns.items()})
        agent.took = {mode: int(getattr(people, flag)[row]) for mode, flag in FLAGS.items()}
        agent.habit = {mode: float(getattr(people, f"habit_{mode}")[row]) for mode in MODES}
        agent.outcome = int(people.outcome[row])
    agents = model.agents.to_list()
    weight = world.tie_activity / 255.0
    for agent in agents:
        slots = zip(world.ties[agent.row].tolist(), weight[agent.row].tolist(), strict=True)
        agent.ties = [(agents[j], w) for j, w in slots if j < len(agents)]
        first, size = world.households.first[agent.household], world.households.size[agent.household]
        agent.home = agents[first : first + size]
    return model


def shares(world: World, agents: list[Resident]) -> list[tuple[str, float, float]]:
    """Return (what, ours, Mesa's) after a month."""
    people, n = world.residents, len(agents)
    rows = [
        (mode, float(getattr(people, flag).mean()), sum(a.took[mode] for a in agents) / n)
        for mode, flag in FLAGS.items()
    ]
    filed = float((world.items.duty_class[world.filed.item] == request_class(world)).sum() / n)
    rows.append(("requests filed", filed, sum(a.filed for a in agents) / n))
    return rows + [
        (stock, float(getattr(people, stock).mean()), sum(getattr(a, stock) for a in agents) / n)
        for stock in STOCKS
    ]


def request_class(world: World) -> int:
    """Return the duty class of requests."""
    return int(world.items.duty_class[world.items.origin == 1].min())


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=6)
    asked = parser.parse_args()
    scenario = place_of(asked.residents)
    world = new_world(scenario, 1)
    for _ in range(WARM):
        our_month(world, scenario.timeline, None)
    model = as_objects(world)
    agents = model.agents.to_list()
    gc.freeze()
    ours, theirs = [], []
    for _ in range(asked.months):
        given = SimpleNamespace()
        ours.append(our_month(world, scenario.timeline, given))
        start = time.thread_time()
        model.month(given)
        theirs.append(time.thread_time() - start)
    n, fast, slow = world.residents.n, statistics.median(ours), statistics.median(theirs)
    print("### Residents: columns against Mesa objects, the same rules\n")
    print(table(
        ("residents", "columns, ns a resident-month", "Mesa objects, ns", "ratio"),
        [(f"{n:,}", f"{fast / n * 1e9:.0f}", f"{slow / n * 1e9:,.0f}", f"{slow / fast:.0f}")],
    ))  # fmt: skip
    print(f"\nAfter {asked.months} months side by side (means over residents):\n")
    rows = [(what, f"{a:.4f}", f"{b:.4f}") for what, a, b in shares(world, agents)]
    print(table(("what", "columns", "Mesa objects"), rows))


if __name__ == "__main__":
    main()
