"""The institutional check: planted gaps in the duty table are found, sound reforms pass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.rules.operations import RemoveLayer, TransferDuties
from sim.scenario import load_scenario
from sim.scenario.checking import check

HEAD = """
kind: scenario
id: mine
title: mine
place: tongguanshan_2010
changes: [{changes}]
run: {{start: 2010-01, months: 36}}
"""
STATION = "open_office: {kind: service_station, per: community}"
STAFFED = "open_office: {kind: service_station, per: community, staff: 3}"
NO_STREETS = "remove_layer: {layer: street}"


def on(month: str, *operations: str) -> str:
    """Return operations as changes of one month."""
    return ", ".join(f"{{{operation}, at: {month}}}" for operation in operations)


def write(tmp_path: Path, changes: str) -> Path:
    """Write a scenario with changes of its own and return its file."""
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD.format(changes=changes), encoding="utf-8")
    return path


def errors(tmp_path: Path, changes: str) -> list[str]:
    """Return the English errors of the changes."""
    return [p.what.render("en") for p in check(str(write(tmp_path, changes))).errors]


JULY, LATER = "2010-07", "2010-09"
PLANTED = {
    "orphan": (
        [on(JULY, "transfer_duties: {from: residents_committee, to: functional_zone, in: [sanitation]}")],
        "orphan",
    ),
    "residents out of reach": (
        [on(JULY, "transfer_duties: {from: residents_committee, to: service_station, in: [request]}")],
        "out of reach",
    ),
    "unfunded mandate": (
        [
            on(
                JULY,
                STATION,
                "transfer_duties: {from: residents_committee, to: service_station, in: [transaction]}",
            )
        ],
        "unfunded mandate",
    ),
    "dead approver": (
        [on(JULY, "remove_layer: {layer: street, approvals: {transaction: street_office}}")],
        "dead approver",
    ),
    "two owners": (
        [
            on(JULY, "transfer_duties: {from: street_office, to: department, in: [economy]}"),
            on(LATER, "transfer_duties: {from: street_office, to: district_office, in: [economy]}"),
        ],
        "two owners",
    ),
    "people from nowhere": (
        [on(JULY, "transfer_staff: {from: street_office, to: department, count: 300}")],
        "300 people move from street office, which has 196",
    ),
    "people to nowhere": (
        [on(JULY, "transfer_staff: {from: street_office, to: service_station, count: 3}")],
        "there is no service station",
    ),
    "more leave than there are": ([on(JULY, "release: {from: department, count: 500}")], "500 people leave"),
    "money from nowhere": (
        [on(JULY, "fund: {id: f, amount: 100, payers: {district: 0.5, city: 0.2}}")],
        "money would appear or vanish",
    ),
    "a removed layer pays": (
        [on(JULY, NO_STREETS), on(LATER, "fund: {id: f, amount: 9, payers: {street: 1.0}}")],
        "cannot pay",
    ),
    "a layer removed twice": ([on(JULY, NO_STREETS), on(LATER, NO_STREETS)], "gone already"),
    "posts shared with nobody": (
        [on(JULY, "share_posts: {between: [residents_committee, service_station], chi: 0.5}")],
        "there is no service station",
    ),
    "an office of a gone layer": (
        [on(JULY, NO_STREETS), on(LATER, "open_office: {kind: service_centre, per: street, staff: 3}")],
        "gone already",
    ),
    "too few within": ([on(JULY, "merge: {into: 3, within: street}")], "at least one each"),
    "too few opened within": (
        [on(JULY, "open_office: {kind: service_station, count: 3, within: street}")],
        "at least one each",
    ),
}


@pytest.mark.parametrize("gap", PLANTED)
def test_a_planted_gap_is_found(tmp_path, gap):
    """Each planted gap is an error that names month and institution."""
    changes, said = PLANTED[gap]
    found = errors(tmp_path, ", ".join(changes))
    assert any(said in text for text in found), found
    assert any("2010-" in text for text in found)


@pytest.mark.parametrize("name", ["tongling", "tongling_gate", "anhui_unreformed", "reference_community"])
def test_shipped_scenarios_pass(name):
    """Every shipped scenario passes the check with nobody in the pool at the end."""
    assert not check(name).errors
    assert load_scenario(name).history[-1].table.pool == pytest.approx(0)


def test_a_catalogue_without_a_budget_is_said(tmp_path):
    """What may be bought and nobody pays for is a notice; with a budget beside it there is none."""
    for more, said in (("", True), (", purchase.budget: 100000", False)):
        path = write(tmp_path, f"{{set: {{purchase.catalogue: true{more}}}, at: 2010-07}}")
        notices = [p.what.render("en") for p in load_scenario(path).notices]
        assert any("nothing is bought" in text for text in notices) == said


def test_removing_a_layer_fills_in_who_takes_over(tmp_path):
    """A bare removal of the street layer hands on each duty and approval the streets had, and only those."""
    scenario = load_scenario(write(tmp_path, "{remove_layer: {layer: street}, at: 2010-07}"))
    (dated,) = scenario.timeline.structural(scenario.timeline.first_change)
    assert isinstance(dated.op, RemoveLayer)
    assert dated.op.duties == {"economy": "department", "enforcement": "department"}
    assert dated.op.approvals == {"transaction": "district_office"}
    assert any("stay in the pool" in p.what.render("en") for p in scenario.notices)


def test_classes_named_by_origin_are_those_the_giver_has(tmp_path):
    """`in: [assigned]` moves the assigned classes the committee has and leaves the street's alone."""
    duties = "transfer_duties: {from: residents_committee, to: service_station, in: [assigned]}"
    changes = on(JULY, STAFFED, duties)
    scenario = load_scenario(write(tmp_path, changes))
    ops = [d.op for d in scenario.timeline.structural(scenario.timeline.first_change)]
    (moved,) = [op for op in ops if isinstance(op, TransferDuties)]
    assert moved.classes == ("security", "sanitation", "population", "other_administration", "social_affairs")


def test_shares_of_a_duty_always_sum_to_one():
    """At every date of the three systems each duty is done by shares that sum to one in every community."""
    for name in ("tongling", "jinjiang", "zhuhai"):
        path = Path(__file__).resolve().parents[2] / "fixtures" / "language" / f"{name}.yaml"
        for snapshot in load_scenario(path).history:
            for share in snapshot.table.share.values():
                assert np.allclose(share.sum(axis=0), 1.0)
                assert share.min() >= -1e-12


def test_people_are_conserved_over_every_date():
    """At every date of the three systems people equal those at the start plus hired minus released."""
    for name in ("tongling", "jinjiang", "zhuhai"):
        path = Path(__file__).resolve().parents[2] / "fixtures" / "language" / f"{name}.yaml"
        history = load_scenario(path).history
        start = history[0].table.people()
        for snapshot in history:
            table = snapshot.table
            assert table.people() - table.hired + table.released == pytest.approx(start)


def test_until_restores_the_duty_table(tmp_path):
    """A transfer of duties with `until` gives the work back at that month."""
    change = (
        "{transfer_duties: {from: street_office, to: department, in: [economy]}, at: 2010-07, until: 2011-07}"
    )
    history = load_scenario(write(tmp_path, change)).history
    owners = [snapshot.table.owners("economy") for snapshot in history]
    assert owners == [{"street_office": 1.0}, {"department": 1.0}, {"street_office": 1.0}]
