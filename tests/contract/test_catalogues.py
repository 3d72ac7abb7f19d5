"""Nothing in a catalogue is idle: every lever moves something, every effect can be none, every measure is worth it."""

from __future__ import annotations

import pytest

from sim.catalogue import assumptions, causes, issue_kinds, levers, measures, mechanism_names
from sim.enact import CARRIED_OUT
from sim.observe.measures import COUNTS, WAITS
from sim.observe.people import PEOPLE
from sim.schedule import SCHEDULE
from sim.world.columns import TABLES
from sim.world.moves import CAUSE


def test_every_lever_is_read_by_a_mechanism_or_carried_out():
    """Setting any lever can move something: nothing in the catalogue is decoration."""
    read = {lever for mechanism in SCHEDULE for lever in mechanism.levers} | set(CARRIED_OUT)

    assert sorted(set(levers()) - read) == []


def test_every_assumption_is_used():
    """A number that nobody reads is sampled for nothing: none stands in the catalogue."""
    read = {name for mechanism in SCHEDULE for name in mechanism.assumptions}
    elsewhere = {
        name for name, row in assumptions().items() if row.mechanism not in {m.name for m in SCHEDULE}
    }

    assert sorted(set(assumptions()) - read - elsewhere) == []


def test_every_column_is_read_by_somebody():
    """Every column has a reader: a mechanism, the observer, or the world's own bookkeeping."""
    from pathlib import Path

    import sim

    folder = Path(sim.__file__).parent
    text = "\n".join(p.read_text(encoding="utf-8") for p in folder.rglob("*.py") if not p.name.endswith("columns.py"))
    idle = [f"{t}.{c.name}" for t, columns in TABLES.items() for c in columns if c.name not in text]

    assert idle == []


@pytest.mark.parametrize("name", [n for n, row in assumptions().items() if row.effect_of])
def test_an_effect_of_a_rule_can_be_none(name: str):
    """What a rule is assumed to do to a step reaches through doing nothing, and names levers that exist."""
    row = assumptions()[name]

    assert [lever for lever in row.effect_of if lever not in levers()] == []
    if row.none is not None:
        assert row.range[0] <= row.none <= row.range[1]
    else:
        assert name in DESCRIBES


# Assumptions about a lever that describe a quantity and not an effect: at no value does the rule do nothing.
DESCRIBES = {
    "needs.certificates": "how much of the work is certificates",
    "proposals.gate": "what a gate lets through",
    "organisations.filed_a_year": "how quickly groups file where they may",
    "election.contested": "how many elections have a choice",
}


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
