"""The month, written once: what happens in which order. The program runs, prints and tests this table."""

from __future__ import annotations

from sim.mechanisms import (
    admit_tasks,
    arise_issues,
    assign_tasks,
    attend_meetings,
    buy_services,
    call_ballots,
    call_neighbours,
    carry_out_projects,
    cast_votes,
    decide_projects,
    divide_free_hours,
    hand_over_work,
    influence_peers,
    join_activities,
    learn_whom_to_ask,
    organise_groups,
    orient_committees,
    pay_communities,
    picture_needs,
    practise_rules,
    propose_projects,
    recognise_contributors,
    request_services,
    respond,
    route_requests,
    seat_committees,
    seat_delegates,
    serve,
    staff_offices,
    volunteer,
    wear_staff,
)
from sim.mechanisms.contract import Mechanism

SCHEDULE: tuple[Mechanism, ...] = (
    practise_rules.MECHANISM,
    assign_tasks.MECHANISM,
    request_services.MECHANISM,
    route_requests.MECHANISM,
    admit_tasks.MECHANISM,
    hand_over_work.MECHANISM,
    staff_offices.MECHANISM,
    serve.MECHANISM,
    wear_staff.MECHANISM,
    influence_peers.MECHANISM,
    respond.MECHANISM,
    divide_free_hours.MECHANISM,
    call_neighbours.MECHANISM,
    arise_issues.MECHANISM,
    picture_needs.MECHANISM,
    propose_projects.MECHANISM,
    call_ballots.MECHANISM,
    seat_delegates.MECHANISM,
    cast_votes.MECHANISM,
    seat_committees.MECHANISM,
    attend_meetings.MECHANISM,
    join_activities.MECHANISM,
    recognise_contributors.MECHANISM,
    volunteer.MECHANISM,
    decide_projects.MECHANISM,
    carry_out_projects.MECHANISM,
    organise_groups.MECHANISM,
    buy_services.MECHANISM,
    orient_committees.MECHANISM,
    pay_communities.MECHANISM,
    learn_whom_to_ask.MECHANISM,
)
# Draws made while a place is built; the population seed turns them.
POPULATE_DECISIONS = tuple(
    f"populate.{name}"
    for name in (
        "area_x", "area_y", "block_angle", "block_reach", "household_size", "frailty", "cooperator", "child",
        "age_band", "age", "party", "owner", "local", "employed", "income", "education", "disability", "car",
        "tie_circle", "tie_household", "tie_member", "tie_talk", "must_rank", "coverage", "orientation",
        "organisations",
    )
)  # fmt: skip
# Who moves is drawn between enacting and the first mechanism (`sim/world/moves.py`).
MOVES_DECISIONS = ("moves.household",)
DECISIONS = POPULATE_DECISIONS + MOVES_DECISIONS + tuple(d for mechanism in SCHEDULE for d in mechanism.decisions)

FORESEEN = frozenset(lever for mechanism in SCHEDULE for lever in mechanism.foresees)


def without(names: tuple[str, ...]) -> tuple[Mechanism, ...]:
    """Return the schedule with some mechanisms switched off by name."""
    return tuple(m for m in SCHEDULE if m.name not in names)
