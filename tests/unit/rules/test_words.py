"""Every operation and rule change says itself in both languages."""

from __future__ import annotations

from dataclasses import fields

import pytest

from sim.base.text import Message
from sim.catalogue import levers
from sim.rules.changes import RuleChange
from sim.rules.operations import (
    OPERATIONS,
    CloseOffice,
    CreateSmallUnits,
    CreateZones,
    Fund,
    Hire,
    Merge,
    MoveOffice,
    OpenOffice,
    Procedure,
    Relation,
    Release,
    RemoveLayer,
    SharePosts,
    Split,
    Stage,
    TransferDuties,
    TransferStaff,
)

RELATIONS = ("contract", "pledge", "supervises", "guides", "command", "none")
PERIODS = ("total", "year", "month", "community_year", "household_year")
EXAMPLES = [
    RemoveLayer("street", {"economy": "department"}, {"transaction": None}, buildings="sell", money="treasury"),
    Merge(18, within="district", staff="pool", backlog="expire", delegates="keep"),
    Merge(1, partition="listed", groups=((0, 1),), balance="communities"),
    Split(2, balance="households"),
    OpenOffice("service_station", per="community", staff=2.0, one_window=True, open_hours=10.0),
    OpenOffice("service_station", count=3, assign="equal", staff_from="street_office"),
    CloseOffice("service_station", {"request": "residents_committee"}),
    MoveOffice("service_station", "street"),
    TransferDuties("street_office", "department", ("economy",), items=12, share=0.5, resources="both"),
    TransferDuties("street_office", "department", ("economy",), role="approver"),
    TransferStaff("street_office", "service_station", 196.0, keep=(), promoted=2),
    TransferStaff("pool", "service_station"),
    Hire("service_station", 428.0, split="equal"),
    Release("street_office", count=3.0),
    Release("street_office", share=0.1),
    SharePosts(("residents_committee", "service_station"), 0.7, office="joint"),
    CreateSmallUnits("courtyard", ("branch", "council", "self_management_group")),
    CreateZones(5, ("economy",)),
    *[Relation("street_office", "residents_committee", form) for form in RELATIONS],
    Procedure("chain", (Stage("decide", "assembly", days=3.0), Stage("watch", "supervision_committee"))),
    *[Fund("f", 8e6, per=p, payers={"district": 0.7, "city": 0.3}, unspent="returns") for p in PERIODS],
]  # fmt: skip


def test_every_operation_has_an_example_here():
    """The examples of this file cover the closed list of operations."""
    assert {type(op) for op in EXAMPLES} == set(OPERATIONS.values())


@pytest.mark.parametrize("op", EXAMPLES, ids=lambda op: op.verb)
def test_an_operation_says_itself(op):
    """An operation is one sentence in each language, without left-over placeholders."""
    words = op.words()
    assert isinstance(words, Message)
    for lang in ("en", "zh"):
        text = words.render(lang)
        assert text
        assert "{" not in text
    assert any("\u4e00" <= c <= "\u9fff" for c in words.render("zh"))


@pytest.mark.parametrize("lever", levers())
def test_every_lever_says_its_change(lever):
    """Setting any lever is a sentence in each language that names lever and value."""
    row = levers()[lever]
    value = row.bounds[1]
    words = RuleChange("set", lever, value, 100, over=3, until=120).words()
    assert row.en in words.render("en")
    assert row.zh in words.render("zh")


def test_every_argument_is_declared():
    """Each argument of an operation declares how a file writes it, so loader, schema and docs know it."""
    for operation in OPERATIONS.values():
        undeclared = {f.name for f in fields(operation) if not f.metadata} - {"only_held", "items_told"}
        assert not undeclared


def test_what_nothing_acts_on_is_owned_up_to():
    """An argument nothing acts on is named where it differs from its default."""
    from sim.rules.operations import Fund, Merge

    assert Merge(18, delegates="keep").not_acted_on() == []
    assert Fund("repair", 1.0, unspent="returns").not_acted_on() == []
