"""Every lever moves what it is for, in the direction it should, in the very step that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest

from sim.catalogue import levers
from sim.enact import enact
from sim.rules.changes import RuleChange
from sim.rules.timeline import Timeline
from sim.world.practice import DUTIES, practised_rows
from sim.world.world import KIND, World
from tests.paired.lively import BY_NAME, lively, lively_place, outcome, ruled

ADMISSION = practised_rows()["admission.rule"]
REFUSE, WITH_RESOURCES, STANDING, LEADER, RESIDENT = 1, 2, 3, 3, 0
Reading = Callable[[World], float]


@dataclass(frozen=True)
class Case:
    """One lever tried on a copy of the lively place.

    steps: mechanisms run one after the other. low, high: values of the lever. what: a column whose sum is read, or what
    reads it. sign: +1 or -1, whether more of the lever brings more or less of it; None where only a move is sure.
    given: other levers and assumptions. before: columns and what they hold before the step.
    """

    steps: tuple[str, ...]
    low: float
    high: float
    what: str | Reading
    sign: int | None = 1
    given: Mapping[str, float] = field(default_factory=dict)
    before: Mapping[str, float] = field(default_factory=dict)


def case(steps: str, low: float, high: float, what: str | Reading, sign: int | None = 1, **more: Mapping) -> Case:
    """Return a case; steps are separated by blanks."""
    return Case(tuple(steps.split()), low, high, what, sign, **more)


def committees_of_residents(world: World) -> float:
    """Return how many committees have a chair who lives there."""
    offices = world.institutions
    return float(((offices.kind == KIND["residents_committee"]) & (offices.chair == RESIDENT)).sum())


def able_contracts(world: World) -> float:
    """Return the ability of organisations under contract, by what they are paid."""
    return float((world.organisations.contract * world.organisations.ability).sum())


SERVED = "route_requests serve"
MET = {"institutions.hours_free": 400.0}
ELECTION = {"institutions.is_election": 1, "institutions.is_ballot": 0}
BALLOT = {"institutions.is_election": 0, "institutions.is_ballot": 1}
ON_AGENDA = {"issues.proposed": 1, "issues.passed": 0, "issues.is_done": 0, "institutions.quorum": 1}
OPEN_MATTERS = {"issues.proposed": 0, "issues.passed": 0, "issues.is_done": 0}
AT_WORK = {"issues.paid": 1, "issues.is_done": 0, "issues.works_left": 1, "issues.passed": 1}
LASTING = {"organisations.age": 0}
CASES = {
    "admission.rule": case("admit_tasks", 0, REFUSE, "areas.refused"),
    "admission.strictness": case("admit_tasks", 0, 1, "areas.refused", given={"admission.rule": REFUSE}),
    "admission.must_share": case("admit_tasks", 0, 1, "areas.refused", -1, given={"admission.rule": REFUSE}),
    "admission.supervision": case("practise_rules", 0, 1, lambda w: w.practice.use[ADMISSION].sum()),
    "admission.approver": case("practise_rules", 0, 3, lambda w: w.practice.use[ADMISSION].sum()),
    "admission.cycle_months": case("practise_rules", 0, 12, lambda w: w.practice.use[ADMISSION].sum()),
    "admission.hours_with_task": case(
        "admit_tasks", 0, 1, "pools.visiting_hours", given={"admission.rule": WITH_RESOURCES, "admission.must_share": 0}
    ),
    "assessment.weight": case("orient_committees", 0, 1, "institutions.orientation", -1),
    "assessment.allowed_from": case("orient_committees", 0, 4, "institutions.orientation"),
    "assessment.cap": case("orient_committees", 0, 41, "institutions.orientation", -1),
    "ledgers.kept": case("assign_tasks", 0, 1, "areas.issued"),
    "certificates.kept": case("request_services", 0, 1, "areas.transactions"),
    "nameplates": case("assign_tasks", 0, 60, "areas.issued"),
    "protected_share": case("serve", 0, 0.5, "institutions.hours_protected"),
    "layer.extra_tasks": case("assign_tasks", 0, 1, "areas.issued", before={"areas.hops": 4}),
    "supervision.follow_up": case("practise_rules", 0, 1, lambda w: w.practice.use[DUTIES].sum()),
    "staffing.per_1000_households": case("", 0, 12, "staff.is_employed"),
    "pay.scale": case("wear_staff", 0.5, 1, "staff.resentment", -1),
    "grid.households_per_worker": case("request_services", 0, 300, "areas.requests"),
    "station.one_window": case(SERVED, 0, 1, "filed.stops", -1),
    "station.seat": case("", 0, 2, lambda w: len(w.open_rows("service_station")), -1),
    "service.open_hours": case("staff_offices", 4, 12, "pools.open_ticks", before={"institutions.open_hours": 0}),
    "service.flexible": case("request_services", 0, 1, "areas.requests"),
    "service.priority": case("serve", 0, 2, lambda w: (w.ended.wait_days * (w.ended.origin == 1)).sum(), None),
    "data.collect_once": case("serve", 0, 1, "ended.trips", -1),
    "committee.serves": case("orient_committees", 0, 2, "institutions.orientation"),
    "committee.chair_origin": case("seat_committees orient_committees", 3, 0, "institutions.orientation"),
    "visits.per_household_year": case("divide_free_hours", 0, 12, "residents.is_contacted", before=MET),
    "cross_holding.chi": case("orient_committees", 0, 1, "institutions.orientation", -1),
    "assembly.form": case("cast_votes", 0, 2, "areas.eligible", before=BALLOT),
    "assembly.decides": case("staff_offices", 0, 1, "institutions.hours_demanded"),
    "assembly.quorum": case("cast_votes", 0, 0.99, "institutions.quorum", -1, before=BALLOT),
    "assembly.majority": case("decide_projects", 0, 0.99, "areas.passed", -1, before=ON_AGENDA),
    "assembly.co_signers": case("propose_projects", 1, 10, "areas.proposals", -1, before=OPEN_MATTERS),
    "assembly.delegates_per_community": case(
        "seat_delegates", 5, 400, "residents.is_delegate", given={"assembly.form": STANDING}
    ),
    "assembly.term_months": case("seat_delegates", 1, 120, "areas.months_to_delegates"),
    "assembly.delegates_chosen_by": case(
        "seat_delegates", 0, 1, lambda w: (w.residents.is_delegate * (w.residents.cooperator == LEADER)).sum(),
        given={"delegates.likes": 0.9},
    ),
    "assembly.meetings_per_year": case("divide_free_hours", 0, 52, "institutions.meetings", before=MET),
    "assembly.supervision": case("carry_out_projects", 0, 1, "areas.projects_done", before=AT_WORK),
    "election.term_months": case(
        "seat_committees", 6, 120, "institutions.mandate",
        before={"institutions.is_election": 0, "institutions.mandate": 0.5},
    ),
    "election.form": case("cast_votes", 0, 2, "areas.eligible", before=ELECTION),
    "election.candidates": case(
        "seat_committees", 0, 2, committees_of_residents,
        given={"election.contested": 1, "election.wins_open": 1, "election.delegated": 1}, before=ELECTION,
    ),
    "agenda.gate": case("propose_projects", 0, 2, "areas.proposals", before=OPEN_MATTERS),
    "planning.open_stages": case("propose_projects", 0, 4, "areas.proposals", before=OPEN_MATTERS),
    "transparency": case("carry_out_projects", 0, 1, "areas.projects_done", before=AT_WORK),
    "recognition": case("recognise_contributors", 0, 1, "residents.is_recognised"),
    "recognition.award_yuan": case("propose_projects", 0, 2000, "areas.proposals", before=OPEN_MATTERS),
    "recruit.along_ties": case("influence_peers", 0, 1, "residents.is_recruited"),
    "channels.mailbox": case("picture_needs", 0, 1, "areas.need_fit"),
    "channels.hotline": case("request_services", 0, 1, "areas.requests"),
    "channels.online": case("request_services", 0, 1, "areas.requests"),
    "channels.forum": case("picture_needs", 0, 1, "areas.need_fit"),
    "channels.delegates": case("picture_needs", 0, 1, "areas.need_fit"),
    "points": case("volunteer", 0, 1, "residents.volunteers", given={"volunteer.base": -4.0, "volunteer.points": 2}),
    "party.open_membership": case("call_neighbours", 0, 1, "residents.is_called"),
    "party.branches": case("call_neighbours", 0, 2, "residents.is_called"),
    "party.may_propose": case("propose_projects", 0, 1, "areas.proposals", before=OPEN_MATTERS),
    "party.in_owners_committees": case(
        "carry_out_projects", 0, 1, "areas.projects_done", given={"projects.owners": 0.15}, before=AT_WORK
    ),
    "money.route": case("pay_communities", 0, 1, "areas.arrived"),
    "money.overhead": case("pay_communities", 0, 0.5, "areas.arrived", -1),
    "money.fund_per_household": case("pay_communities", 0, 2000, "areas.arrived"),
    "project.base_budget": case("picture_needs", 0, 2000, "areas.project_money"),
    "purchase.catalogue": case("buy_services", 0, 1, "areas.purchase_paid"),
    "purchase.budget": case("buy_services", 0, 1_000_000, "areas.purchase_paid"),
    "purchase.first": case("buy_services", 0, 1, "areas.firms_yuan", -1),
    "purchase.award": case("buy_services", 0, 2, able_contracts),
    "registration.threshold": case(
        "organise_groups", 0, 1, lambda w: (w.organisations.form == 2).sum(), -1,
        given={"organisations.registered_a_year": 0.9, "organisations.dear": 1}, before={"organisations.form": 1},
    ),
    "registration.filing": case(
        "organise_groups", 0, 1, lambda w: (w.organisations.form > 0).sum(),
        given={"organisations.filed_a_year": 0.9}, before={"organisations.form": 0},
    ),
    "incubation": case("organise_groups", 0, 1, lambda w: w.organisations.n),
    "organisation.review": case(
        "organise_groups", 0, 1, lambda w: w.organisations.ability.mean(),
        given={"organisations.death": 0.9, "organisations.review": 0.6, "organisations.birth": 0}, before=LASTING,
    ),
    "organisation.own_revenue": case(
        "organise_groups", 0, 1, lambda w: w.organisations.n,
        given={"organisations.death": 0.9, "organisations.starved": 1, "organisations.fee": 30}, before=LASTING,
    ),
    "duty_list.items": case("route_requests", 0, 60, "filed.passes", -1, given={"routing.list_factor": 0.4}),
    "street.budget": case("pay_communities", 0, 1, "areas.arrived"),
}  # fmt: skip


def test_every_lever_is_tried():
    """The table holds every lever of the catalogue and no other."""
    assert set(CASES) == set(levers())


def read(world: World, what: str | Reading) -> float:
    """Return what a case looks at: the sum of a column, or what it reads."""
    if callable(what):
        return float(what(world))
    table, column = what.split(".")
    return float(getattr(world.tables[table], column).sum(dtype=np.float64))


def prepared(one: Case) -> World:
    """Return a copy of the lively place with what the case says holds before the step."""
    world = lively().copy()
    world.assume = dict(world.assume)
    for name, value in one.given.items():
        if name in levers():
            world = ruled(world, name, value, {})
        else:
            world.assume[name] = value
    for name, value in one.before.items():
        table, column = name.split(".")
        getattr(world.tables[table], column)[...] = value
    return world


def enacted(world: World, lever: str, value: float) -> World:
    """Return a copy in which a rule about offices and posts has just been carried out."""
    place, twin = lively_place(), world.copy()
    change = RuleChange("set", lever, value, twin.month)
    layers = len(twin.frame.layers) - 1
    enact(twin, Timeline(twin.n_areas, layers, place.timeline.baseline, changes=(change,)))
    return twin


@pytest.mark.parametrize("lever", CASES)
def test_a_lever_moves_what_it_is_for(lever):
    """The step that reads a lever ends with more, or with less, of what the lever is about, as it should."""
    one = CASES[lever]
    world, found = prepared(one), []
    for value in (one.low, one.high):
        twin = ruled(world, lever, value, {}) if one.steps else enacted(world, lever, value)
        for step in one.steps:
            outcome(twin, BY_NAME[step])
        found.append(read(twin, one.what))

    assert found[0] != found[1]
    assert one.sign is None or np.sign(found[1] - found[0]) == one.sign, found
