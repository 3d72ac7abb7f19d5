"""At the value of no effect a rule does nothing to the step it acts in; at full effect it does something."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.catalogue import assumptions, levers
from sim.schedule import SCHEDULE
from sim.world.world import KIND, World
from tests.paired.lively import BY_NAME, lively, moved, outcome, ruled

# Where a rule also acts by itself in the step, or is taken down there: what it moves with every effect at none.
ACTS_BESIDE = {
    ("admit_tasks", "admission.rule"): "what is refused is the rule itself",
    ("admit_tasks", "admission.hours_with_task"): "who comes along is the rule itself",
    ("buy_services", "purchase.catalogue"): "without a catalogue nothing is bought",
    ("buy_services", "purchase.budget"): "the budget is what is spent",
    ("buy_services", "purchase.award"): "how bidders are ranked is the rule itself",
    ("cast_votes", "assembly.quorum"): "the quorum is the rule itself; the law of 2026 caps it",
    ("propose_projects", "agenda.gate"): "the committee's gate is an amount",
    ("recognise_contributors", "recognition"): "who is recognised is the rule itself",
    ("organise_groups", "registration.filing"): "how many file is an amount",
    ("hand_over_work", "purchase.catalogue"): "work written to organisations goes through their desk all the same",
}
# Rules without which another has nothing to act on.
UNDER = {("admit_tasks", "admission.hours_with_task"): {"admission.rule": 2, "admission.must_share": 0}}
# What a step only takes down, whatever it assumes: what it saw, and when it looks again.
TAKEN_DOWN = {"staff.rank_seen", "staff.pay_seen", "areas.span_at_start", "areas.months_to_review"}


def pairs() -> list[tuple[str, str]]:
    """Return every mechanism with a rule that it reads and an assumption says the effect of there."""
    return [(m.name, lever) for m in SCHEDULE for lever in m.levers if effects_in(m.name, lever)]


def effects_in(mechanism: str, what: str) -> list:
    """Return the assumptions with a value of no effect about a rule or an operation in one step."""
    rows = assumptions().values()
    return [r for r in rows if r.mechanism == mechanism and what in r.effect_of and r.none is not None]


def moves(world: World, mechanism: str, lever: str, assumed: dict[str, float]) -> list[str]:
    """Return what a step writes otherwise under other values of a rule."""
    row = levers()[lever]
    for other, value in UNDER.get((mechanism, lever), {}).items():
        world = ruled(world, other, value, {})
    values = range(len(row.values)) if row.type == "choice" else row.bounds
    found = [outcome(ruled(world, lever, value, assumed), BY_NAME[mechanism]) for value in values]
    return sorted({name for other in found[1:] for name in moved(found[0], other)})


@pytest.mark.parametrize(("mechanism", "lever"), pairs())
def test_at_none_a_rule_does_nothing_to_its_step(mechanism, lever):
    """With every effect of a rule in a step at none, the step ends the same whatever the rule says; at full not."""
    effects = effects_in(mechanism, lever)
    nothing = moves(lively(), mechanism, lever, {row.id: row.none for row in effects})
    full = {row.id: max(row.range, key=lambda edge, none=row.none: abs(edge - none)) for row in effects}

    assert set(nothing) <= TAKEN_DOWN or (mechanism, lever) in ACTS_BESIDE, nothing
    assert set(moves(lively(), mechanism, lever, full)) - TAKEN_DOWN


Change = Callable[[World], None]


def set_to(table: str, column: str, value: float) -> Change:
    """Return what puts a number in a whole column."""
    return lambda world: getattr(world.tables[table], column).__setitem__(slice(None), value)


def _further(world: World) -> None:
    world.distance += 3


def _shared(world: World) -> None:
    offices = world.institutions
    offices.pressure[:] = 1.5
    here = np.flatnonzero((offices.kind == KIND["residents_committee"]) & (offices.is_open == 1))
    street = offices.kind == KIND["street_office"]
    world.staff.pool[np.isin(world.staff.pool, offices.pool[street])] = offices.pool[here[0]]
    offices.pool[street] = offices.pool[here[0]]


def _pressed(world: World) -> None:
    world.institutions.pressure[:] = 1.5


def _promoted(world: World) -> None:
    world.staff.rank[:3] = world.staff.rank_seen[:3] + 1


def _released(world: World) -> None:
    world.staff.is_employed[::2] = 0


def _wider(world: World) -> None:
    world.areas.span_at_start[:] = 1
    world.areas.span[:] = 1


# What an operation leaves behind, the step that meets it, and what that step then moves.
LEFT = {
    "small units meet": (set_to("areas", "small_units", 6), "attend_meetings", "create_small_units"),
    "small units act": (set_to("areas", "small_units", 6), "join_activities", "create_small_units"),
    "a contract": (set_to("areas", "relation", 5), "orient_committees", "relation"),
    "a supervised station": (set_to("areas", "station_supervised", 1), "practise_rules", "relation"),
    "a wider span": (_wider, "practise_rules", "merge"),
    "promotions": (_promoted, "wear_staff", "transfer_staff"),
    "slighted people": (set_to("staff", "resentment", 1.0), "staff_offices", "transfer_staff"),
    "a larger community, meeting": (set_to("institutions", "adults", 50_000), "attend_meetings", "merge"),
    "a larger community, giving time": (set_to("institutions", "adults", 50_000), "volunteer", "merge"),
    "a further committee, meeting": (_further, "attend_meetings", "merge"),
    "a further committee, joining in": (_further, "join_activities", "merge"),
    "a further committee, giving time": (_further, "volunteer", "merge"),
    "a further committee, voting": (_further, "cast_votes", "merge"),
    "a further committee, asking": (_further, "request_services", "merge"),
    "another layer": (set_to("areas", "hops", 4), "picture_needs", "remove_layer"),
    "thin attention": (set_to("areas", "attention", 0.5), "serve", "merge"),
    "posts given up": (_released, "pay_communities", "release"),
}
@pytest.mark.parametrize("what", LEFT)
def test_at_none_what_an_operation_leaves_does_nothing_to_its_step(what):
    """With every effect of an operation in a step at none, the step ends as if without it; at full it does not."""
    change, mechanism, operation = LEFT[what]
    effects = effects_in(mechanism, operation)
    assert effects, "no assumption says what this operation does there"
    none = {row.id: row.none for row in effects}
    full = {row.id: max(row.range, key=lambda edge, none=row.none: abs(edge - none)) for row in effects}
    found = {}
    for name, assumed in (("none", none), ("full", full)):
        before, after = (lively().copy() for _ in range(2))
        before.assume = after.assume = {**lively().assume, **assumed}
        change(after)
        found[name] = moved(*(outcome(world, BY_NAME[mechanism]) for world in (before, after)))

    assert set(found["none"]) <= TAKEN_DOWN
    assert set(found["full"]) - TAKEN_DOWN


def test_shared_posts_wear_nobody_more_at_none():
    """Where further offices add no wear, people under the same pressure wear as fast with one or several."""
    found = {}
    for many in (0.0, 0.3):
        one, several = lively().copy(), lively().copy()
        for world, change in ((one, _pressed), (several, _shared)):
            world.assume = {**lively().assume, "burnout.many_posts": many}
            change(world)
        found[many] = moved(*(outcome(world, BY_NAME["wear_staff"]) for world in (one, several)))

    assert found == {0.0: [], 0.3: ["staff.burnout", *found[0.3][1:]]}
