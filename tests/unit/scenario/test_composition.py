"""Reforms on one place: conflicts are named, resolutions hold, what commutes composes."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from sim.base.errors import ScenarioError
from sim.catalogue import levers
from sim.scenario import load_scenario
from sim.scenario.checking import check

HEAD = """
kind: scenario
id: mine
title: mine
place: tongguanshan_2010
reforms: [one, two]
{more}
run: {{start: 2009-07, months: 60}}
---
kind: reform
id: one
title: one
from: 2010-07
groups: {{east: {{kind: street, ids: [street_01, street_02]}}}}
changes: [{one}]
---
kind: reform
id: two
title: two
from: 2011-07
groups: {{west: {{kind: street, ids: [street_03, street_04]}}}}
changes: [{two}]
"""


def written(tmp_path: Path, one: str, two: str, more: str = "") -> Path:
    """Write a scenario of two one-clause reforms and return its file."""
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD.format(one=one, two=two, more=more), encoding="utf-8")
    return path


def messages(path: Path, severity: str = "error") -> list[str]:
    """Return the English messages of a check."""
    return [p.what.render("en") for p in check(str(path)).problems if p.severity == severity]


SET_A, SET_B = "{id: a, set: {protected_share: 0.2}}", "{id: b, set: {protected_share: 0.4}}"


def test_two_sets_of_one_lever_conflict(tmp_path):
    """Two reforms that set one lever differently at one time are a conflict that names both."""
    found = messages(written(tmp_path, SET_A, SET_B))
    assert len(found) == 1
    assert "one.a" in found[0]
    assert "two.b" in found[0]


@pytest.mark.parametrize(("winner", "value"), [("one", 0.2), ("two", 0.4), ("two.b", 0.4)])
def test_resolve_says_who_wins(tmp_path, winner, value):
    """A resolution by reform or clause drops the other change, whichever comes first."""
    path = written(tmp_path, SET_A, SET_B, f"resolve: [{{lever: protected_share, winner: {winner}}}]")
    scenario = load_scenario(path)
    assert scenario.timeline.rule_values("protected_share", scenario.run.end - 1)[0] == value


def test_sets_that_never_meet_do_not_conflict(tmp_path):
    """Different places, an end before the other's start, or equal values are no conflict."""
    apart = written(tmp_path, SET_A[:-1] + ", where: east}", SET_B[:-1] + ", where: west}")
    assert not messages(apart)
    assert not messages(written(tmp_path, SET_A[:-1] + ", until: 2011-07}", SET_B))
    assert not messages(written(tmp_path, SET_A, SET_A.replace("id: a", "id: b")))


def test_a_later_set_of_one_reform_follows_the_earlier(tmp_path):
    """Within one reform a later set supersedes an earlier one; in the same month they conflict."""
    later = SET_A + ", {id: c, set: {protected_share: 0.3}, at: 2010-10}"
    assert not messages(written(tmp_path, later, "{set: {transparency: 0.5}}"))
    same = SET_A + ", {id: c, set: {protected_share: 0.3}}"
    assert len(messages(written(tmp_path, same, "{set: {transparency: 0.5}}"))) == 1


def test_scale_and_add_compose_with_a_notice(tmp_path):
    """Two reforms that scale and add compose, and it is said."""
    path = written(tmp_path, "{scale: {service.open_hours: 1.2}}", "{scale: {service.open_hours: 1.1}}")
    assert not messages(path)
    assert any("both act" in text for text in messages(path, "notice"))
    scenario = load_scenario(path)
    assert scenario.timeline.rule_values("service.open_hours", scenario.run.end)[0] == pytest.approx(8 * 1.32)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("{id: a, merge: {into: 20}}", "{id: b, merge: {into: 10}}"),
        ("{id: a, remove_layer: {layer: street}}", "{id: b, remove_layer: {layer: street}}"),
        (
            "{id: a, open_office: {kind: service_station, per: community, staff: 2}}",
            "{id: b, open_office: {kind: service_station, count: 10, staff: 2}}",
        ),
        (
            "{id: a, transfer_duties: {from: street_office, to: department, in: [economy]}}",
            "{id: b, transfer_duties: {from: street_office, to: district_office, in: [economy]}}",
        ),
        ("{id: a, fund: {id: f, amount: 10}}", "{id: b, fund: {id: f, amount: 20}}"),
    ],
)
def test_structural_clashes_always_need_a_resolution(tmp_path, one, two):
    """Two reforms that lay hands on one thing clash until a resolution names the winner."""
    assert any("both act" in text for text in messages(written(tmp_path, one, two)))
    resolved = written(tmp_path, one, two, "resolve: [{clauses: [one.a, two.b], winner: one.a}]")
    assert not messages(resolved)


def test_a_change_that_changes_nothing_is_said(tmp_path):
    """A lever set to the value it has is said to change nothing."""
    path = written(tmp_path, "{set: {agenda.gate: committee}}", "{set: {transparency: 0.5}}")
    assert any("changes nothing" in text for text in messages(path, "notice"))


def test_needs_are_checked_for_ablations():
    """A clause without the clause it needs is refused; the merge clause runs alone."""
    with pytest.raises(ScenarioError, match="needs the clause"):
        load_scenario("tongling", without=["stations"])
    alone = load_scenario("tongling", only=["merge"])
    assert [d.op.verb for m in alone.timeline.months() for d in alone.timeline.structural(m)] == ["merge"]
    assert not alone.timeline.changes


def test_unknown_clauses_are_refused_with_the_nearest_name():
    """A clause nobody wrote is refused, and the nearest name is said."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario("tongling", without=["merges"])
    assert "merge" in caught.value.problems[0].render("en")


def test_the_command_line_sets_a_lever():
    """`lever=value@month` becomes a change of the scenario."""
    scenario = load_scenario(
        "tongling", set_=["admission.rule=refuse@2011-01", "protected_share=0.2@2011-01"]
    )
    month = scenario.timeline.months()[-1]
    assert scenario.timeline.rule_values("admission.rule", month)[0] == levers()["admission.rule"].code(
        "refuse"
    )
    for wrong in (
        "admission.rule=refuse",
        "admission.rul=refuse@2011-01",
        "protected_share=0.7@2011-01",
        "x",
    ):
        with pytest.raises(ScenarioError):
            load_scenario("tongling", set_=[wrong])


def test_a_further_reform_joins():
    """A reform given beside the scenario acts like one it lists."""
    joined, listed = (
        load_scenario("tongling", with_=["admission_gate_jianye"]),
        load_scenario("tongling_gate"),
    )
    assert joined.reforms == listed.reforms
    assert joined.timeline.words(24126) == listed.timeline.words(24126)


def test_the_baseline_is_the_same_place_without_reform():
    """The baseline has an empty timeline, the same frame, run and windows, and another hash."""
    scenario = load_scenario("tongling")
    baseline = scenario.baseline()
    assert baseline.timeline.is_empty
    assert baseline.run == scenario.run
    assert baseline.hash != scenario.hash
    assert np.array_equal(baseline.frame.households_of_area, scenario.frame.households_of_area)
    assert load_scenario("tongling_gate").baseline().hash == baseline.hash


def test_a_scenario_travels_to_another_process():
    """A resolved scenario survives pickling with its timeline and hash."""
    scenario = load_scenario("tongling_gate")
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy.hash == scenario.hash
    assert str(copy.timeline) == str(scenario.timeline)


def test_samples_change_values_by_address():
    """A sample moves an assumption, a place's number and a reform's number, and unknown names are refused."""
    scenario = load_scenario("tongling_gate")
    sample = {
        "routing.misrouted_share": 0.25,
        "tongguanshan_2010:residents.count": 200_000.0,
        "admission_gate_jianye:changes.follow_up.set.admission.supervision": 0.9,
    }
    sampled = scenario.with_sample(sample)
    assert sampled.assumptions["routing.misrouted_share"] == 0.25
    assert sampled.place.residents == 200_000
    assert sampled.timeline.rule_values("admission.supervision", sampled.run.end)[0] == 0.9
    assert sampled.hash != scenario.hash
    assert scenario.with_sample({}).hash == scenario.hash
    with pytest.raises(ScenarioError):
        scenario.with_sample({"nothing": 1.0})


def test_a_scenarios_own_changes_count_in_its_hash(tmp_path):
    """A scenario with changes of its own has another hash than its baseline and than other changes."""
    hashes = set()
    for hours in (9, 10):
        path = tmp_path / "own.yaml"
        text = "kind: scenario\nid: own\ntitle: t\nplace: tongguanshan_2010\nrun: {start: 2009-07}\n"
        path.write_text(text + f"changes: [{{set: {{service.open_hours: {hours}}}}}]\n", encoding="utf-8")
        loaded = load_scenario(path)
        hashes |= {loaded.hash, loaded.baseline().hash}
    assert len(hashes) == 3
