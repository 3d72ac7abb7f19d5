"""Nothing in a catalogue is idle: every lever moves something, every effect can be none, every measure is worth it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.catalogue import (
    Measure,
    acting_directly,
    assumptions,
    causes,
    issue_kinds,
    levers,
    measures,
    mechanism_names,
)
from sim.enact import CARRIED_OUT
from sim.observe.measures import COUNTS, WAITS
from sim.observe.people import PEOPLE
from sim.rules.operations import OPERATIONS
from sim.schedule import SCHEDULE
from sim.world.columns import TABLES
from sim.world.moves import CAUSE
from tests.paired.reads import assumptions_read, columns_read


def test_every_lever_is_read_by_a_mechanism_or_carried_out():
    """Setting any lever can move something: nothing in the catalogue is decoration."""
    read = {lever for mechanism in SCHEDULE for lever in mechanism.levers} | set(CARRIED_OUT)

    assert sorted(set(levers()) - read) == []


def test_every_assumption_is_used():
    """A number that nobody reads is sampled for nothing: a mechanism declares it, or the code outside asks for it."""
    declared = {name for mechanism in SCHEDULE for name in mechanism.assumptions}
    others = set(assumptions()) - declared

    assert sorted(others - assumptions_read(others)) == []


# Columns that nothing in the program reads: kept for who looks at a world, a resident or an office.
KEPT_TO_LOOK_AT = {
    "areas.invited": "who could have come to a meeting",
    "areas.purchase_sent": "the purchase budget of the month, of which what was not paid stays unspent",
    "institutions.founded": "when an office was opened",
    "institutions.closed": "when an office was closed",
}
# Columns read under a name that is put together, one for each way of taking part.
READ_BY_MODE = {f"residents.habit_{mode}" for mode in ("vote", "deliberate", "activity", "volunteer")}


def test_every_column_is_read_by_somebody():
    """Every column has a reader: a mechanism that declares it, or code that takes it from its table."""
    declared = {f"{table}.{column.name}" for table, columns in TABLES.items() for column in columns}

    idle = declared - columns_read() - READ_BY_MODE
    assert sorted(idle) == sorted(KEPT_TO_LOOK_AT)


@pytest.mark.parametrize("without", ["worth", "better", "unit"])
def test_a_measure_that_does_not_say_what_matters_is_refused(without):
    """A measure without a smallest difference worth acting on, a direction or a unit does not load."""
    row = next(iter(measures().values())).model_dump()
    with pytest.raises(ValidationError, match=without):
        Measure(**{name: value for name, value in row.items() if name != without})
    with pytest.raises(ValidationError, match="worth"):
        Measure(**row | {"worth": 0.0})


@pytest.mark.parametrize("name", [n for n, row in assumptions().items() if row.effect_of])
def test_an_effect_of_a_rule_can_be_none(name: str):
    """What a rule or an operation is assumed to do to a step reaches through doing nothing, and names what exists."""
    row = assumptions()[name]

    assert [what for what in row.effect_of if what not in {*levers(), *OPERATIONS}] == []
    if row.none is not None:
        assert row.range[0] <= row.none <= row.range[1]
    else:
        assert name in DESCRIBES


# Assumptions about a rule that describe a quantity and not an effect: at no value does the rule do nothing.
DESCRIBES = {
    "needs.certificates": "how much of the work is certificates",
    "proposals.gate": "what a gate lets through",
    "organisations.filed_a_year": "how quickly groups file where they may",
    "election.contested": "how many elections have a choice",
    "admission.accompanied": "how much refused work is worth people: at none all of it is refused, which is a rule too",
    "ballots.major_matters": "how many ballots major matters make",
    "ballots.all_matters": "how many ballots all matters make",
    "votes.major_cost": "which matters are major",
    "rule_in_use.rise": "how fast practice rises: with no rise follow-up still slows the decay",
    "rule_in_use.habit": "how practice carries itself: with no habit follow-up does all of it",
    "rule_in_use.decay": "how fast practice decays: with no decay follow-up still lifts it",
    "announcement.window": "how long before a date issuers act on it; what they then do can be none",
    "station.between": "how many communities share a station set between them",
    "routing.approval_share": "how many cases need the approver",
    "service.approval_share": "how much work an approval is",
    "handoff.batch_days": "how often files leave a layer",
    "handoff.desk_days": "how long a message lies on a layer's desk",
    "service.desk_check_share": "how much work sending on is",
    "tasks.organ_share_shift": "which part of work comes once a committee",
    "selfgov.organ_share": "which part of its own work comes once a committee",
    "money.base_per_community": "which part of the money comes once a committee",
    "purchase.lot": "how large a contract is",
    "purchase.hour_cost": "what a bought hour costs",
    "vote.delegate": "how surely a delegate votes",
    "delegates.per_block": "how many delegates a group sends",
}


def test_what_describes_a_quantity_says_no_none():
    """The list of quantities holds nothing that has a value of no effect, and nothing that is gone."""
    assert sorted(name for name in DESCRIBES if assumptions()[name].none is not None) == []


@pytest.mark.parametrize("what", [*levers(), *OPERATIONS])
def test_every_rule_and_operation_says_what_it_is_assumed_to_do(what: str):
    """A lever or an operation has an assumption about what it does, or acts as written for a reason; never both."""
    spoken_of = any(what in row.effect_of for row in assumptions().values())

    assert spoken_of != (what in acting_directly())


def test_what_acts_as_written_exists():
    """The list of what acts as written names levers and operations that are there; no verb is a lever's name."""
    assert set(acting_directly()) <= {*levers(), *OPERATIONS}
    assert not set(levers()) & set(OPERATIONS)


def test_kinds_of_public_matters_share_out_what_arises():
    """Shares of the kinds add up to one, and a matter costs on the mean of kinds what the assumption says."""
    rows = issue_kinds().values()

    assert sum(row.share for row in rows) == pytest.approx(1)
    assert sum(row.share * row.cost_ratio for row in rows) == pytest.approx(1, abs=0.01)
    assert {row.touches for row in rows} > {"everybody", "owners", "old", "cars"}


def test_mechanism_names_of_the_catalogues_are_those_of_the_schedule():
    """The names a user can switch off are exactly the mechanisms that run."""
    assert set(mechanism_names()) == {m.name for m in SCHEDULE}


def test_every_measure_is_counted():
    """Each measure of the catalogue is counted by the observer, and nothing is counted that has no definition."""
    assert set(COUNTS) | set(PEOPLE) | set(WAITS) == set(measures())


def test_every_cause_is_named_by_somebody():
    """Every cause of the catalogue is posted or booked by a mechanism, or by those who move."""
    named = {CAUSE} | {cause for m in SCHEDULE for _, cause in (*m.posts, *m.books)}

    assert sorted(set(causes()) - named) == []
