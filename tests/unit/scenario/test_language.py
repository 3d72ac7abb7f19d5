"""What the language must be able to say: the three systems, selectors, dates, roll-out, inheritance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.rules.operations import Fund, Hire, Merge, OpenOffice
from sim.scenario import load_scenario
from sim.scenario.checking import check
from sim.scenario.load import load_scenario as load

LANGUAGE = Path(__file__).resolve().parents[2] / "fixtures" / "language"
HEAD = """
kind: scenario
id: mine
title: mine
place: {place}
groups: {groups}
changes: [{changes}]
run: {{start: 2010-01, months: 48}}
"""


def scenario(tmp_path: Path, changes: str, groups: str = "{}", place: str = "tongguanshan_2010"):
    """Return a scenario with changes of its own."""
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD.format(place=place, groups=groups, changes=changes), encoding="utf-8")
    return load_scenario(path)


@pytest.mark.parametrize("name", ["tongling", "jinjiang", "zhuhai"])
def test_the_three_systems_pass_check(name):
    """The three systems in final form have no error, and every document of theirs is told as read."""
    found = check(str(LANGUAGE / f"{name}.yaml"))
    assert not found.errors
    assert len(found.pages) >= 4


def test_tongling_is_what_the_document_states():
    """Tongling: streets gone, 49 communities into 18, 196 staff in two instalments, money direct, in July 2010."""
    loaded = load_scenario("tongling")
    first = loaded.timeline.first_change
    ops = {d.op.verb: d.op for d in loaded.timeline.structural(first)}
    moved = [
        d for m in (first, first + 1) for d in loaded.timeline.structural(m) if d.op.verb == "transfer_staff"
    ]
    assert (loaded.frame.n_units["street"], loaded.frame.n_areas, ops["merge"].into) == (6, 49, 18)
    assert [d.op.count for d in moved] == [98.0, 98.0]
    assert [d.part for d in moved] == [(1, 2), (2, 2)]
    assert loaded.timeline.rule_values("money.route", first) == 1.0
    assert loaded.timeline.announced == first - 12
    assert loaded.run.windows == {"early": (12, 24), "late": (48, 60)}


def test_frame_counts_sum_to_the_place():
    """Households and residents of the areas sum to the place's, and units nest."""
    for name in ("tongling", "anhui_unreformed", "reference_community"):
        loaded = load_scenario(name)
        assert loaded.frame.residents_of_area.sum() == loaded.place.residents
        assert loaded.frame.households_of_area.sum() == loaded.place.households
        assert loaded.frame.households_of_area.min() >= 1
        streets = loaded.frame.parent["street"]
        assert np.all(np.diff(streets) >= 0)
        assert len(np.unique(streets)) == loaded.frame.n_units["street"]


def test_a_random_pick_is_the_same_in_every_use_and_run(tmp_path):
    """A group picked at random means the same communities for two levers and in two loads."""
    groups = "{pilot: {kind: street, pick: 2, by: random}}"
    changes = "{set: {incubation: true, points: true}, where: pilot}"
    one, two = scenario(tmp_path, changes, groups), scenario(tmp_path, changes, groups)
    a, b = (c.areas for c in one.timeline.changes)
    assert np.array_equal(a, b)
    assert np.array_equal(a, two.timeline.changes[0].areas)
    assert len(one.frame.units_of("street", a)) == 2
    assert one.for_replication(3) is one


def test_a_pick_by_replication_varies_and_is_repeatable(tmp_path):
    """A group picked anew for each replication differs between replications and is equal for the same one."""
    groups = "{pilot: {kind: community, pick: 5, by: random, fixed_by: replication}}"
    loaded = scenario(tmp_path, "{set: {points: true}, where: pilot}", groups)
    picks = [tuple(loaded.for_replication(k).timeline.changes[0].areas) for k in range(6)]
    assert len(set(picks)) > 1
    assert picks[2] == tuple(loaded.for_replication(2).timeline.changes[0].areas)


def test_rest_is_what_the_pilot_is_not(tmp_path):
    """`not_in` selects exactly the communities outside a group."""
    groups = "{pilot: {kind: street, share: 0.5, by: largest}, rest: {kind: community, not_in: pilot}}"
    loaded = scenario(
        tmp_path,
        "{set: {points: true}, where: pilot}, {set: {points: true}, where: rest, at: 2011-01}",
        groups,
    )
    pilot, rest = (c.areas for c in loaded.timeline.changes)
    assert sorted([*pilot, *rest]) == list(range(loaded.frame.n_areas))


def test_conditions_filter_units(tmp_path):
    """`if` keeps the units that pass the test of size."""
    loaded = scenario(tmp_path, "{set: {points: true}, if: [{residents: {min: 5500}}]}")
    areas = loaded.timeline.changes[0].areas
    assert (loaded.frame.residents_of_area[areas] >= 5500).all()
    assert 0 < len(areas) < loaded.frame.n_areas


def test_coverage_is_nested(tmp_path):
    """Who is covered at the first date is covered at the second, and shares are met."""
    change = "{set: {points: true}, coverage: [{share: 0.5, by: 2010-12}, {share: 1.0, by: 2012-12}]}"
    loaded = scenario(tmp_path, change)
    first, second = (loaded.timeline.rule_values("points", m) for m in (24131, 24155))
    assert first.sum() == round(0.5 * loaded.frame.n_areas)
    assert second.all()
    assert (second >= first).all()


def test_rollout_reaches_everybody_once_and_first_goes_first(tmp_path):
    """A roll-out touches each unit once between its dates, the named group before the rest."""
    groups = "{pilot: {kind: street, ids: [street_05]}}"
    change = "{set: {points: true}, rollout: {start: 2010-03, end: 2010-08, by: street, order: random, first: pilot}}"
    loaded = scenario(tmp_path, change, groups)
    areas = np.concatenate([c.areas for c in loaded.timeline.changes])
    assert sorted(areas) == list(range(loaded.frame.n_areas))
    assert set(loaded.frame.parent["street"][loaded.timeline.changes[0].areas]) == {4}
    assert (loaded.timeline.changes[0].month, loaded.timeline.changes[-1].month) == (24122, 24127)


def test_over_makes_numbers_ramp_and_units_follow(tmp_path):
    """Over some months a number ramps everywhere while a flag spreads from unit to unit."""
    loaded = scenario(tmp_path, "{set: {protected_share: 0.3, points: true}, over: 6 months}")
    ramp = [loaded.timeline.rule_values("protected_share", 24120 + k) for k in range(6)]
    flags = [loaded.timeline.rule_values("points", 24120 + k).sum() for k in range(6)]
    assert all(len(np.unique(values)) == 1 for values in ramp)
    assert ramp[-1][0] == pytest.approx(0.3)
    assert flags == sorted(flags)
    assert flags[0] < flags[-1] == loaded.frame.n_areas


def test_counts_are_shared_out_over_instalments(tmp_path):
    """Merging by roll-out shares the number of offices out, and offices opened over months sum to the count."""
    merge = "{merge: {into: 20, within: street}, rollout: {start: 2010-03, end: 2010-08, by: street}}"
    shop = "{open_office: {kind: service_station, count: 28, staff: 2}, over: 10 months}"
    loaded = scenario(tmp_path, f"{merge}, {shop}")
    ops = [d.op for d in loaded.timeline.operations]
    assert sum(op.into for op in ops if isinstance(op, Merge)) == 20
    assert sum(op.count for op in ops if isinstance(op, OpenOffice)) == 28


def test_after_follows_unit_by_unit(tmp_path):
    """A change `after` another happens in the same months and places."""
    station = (
        "{id: s, open_office: {kind: service_station, per: community, staff: 2}, "
        "rollout: {start: 2010-03, end: 2010-06, by: street}}"
    )
    duties = (
        "{transfer_duties: {from: residents_committee, to: service_station, in: [transaction]}, after: s}"
    )
    loaded = scenario(tmp_path, f"{station}, {duties}")
    opened = [(d.month, tuple(d.areas)) for d in loaded.timeline.operations if d.op.verb == "open_office"]
    moved = [(d.month, tuple(d.areas)) for d in loaded.timeline.operations if d.op.verb == "transfer_duties"]
    assert opened == moved


def test_an_undated_change_lies_in_its_window(tmp_path):
    """A change without a month gets the middle of its window, and every replication a month inside it."""
    loaded = scenario(
        tmp_path, "{set: {points: true}, at: {not_before: 2010-03, not_after: 2010-09, assumed: why}}"
    )
    months = {loaded.for_replication(k).timeline.first_change for k in range(12)}
    assert loaded.timeline.first_change == 24125
    assert len(months) > 2
    assert months <= set(range(24122, 24129))


def test_a_hazard_of_reversal_ends_some_replications(tmp_path):
    """A reversal hazard gives no end by default and different ends by replication."""
    loaded = scenario(tmp_path, "{set: {points: true}, until: {hazard_per_year: 0.5, assumed: why}}")
    ends = {loaded.for_replication(k).timeline.changes[0].until for k in range(8)}
    assert loaded.timeline.changes[0].until is None
    assert len(ends) > 2
    assert all(end > loaded.timeline.changes[0].month for end in ends)


def test_topics_and_items_become_classes_and_shares(tmp_path):
    """Topics name the duty classes they belong to, and a count of items becomes a share of the list."""
    station = "{open_office: {kind: service_station, per: community, staff: 2}}"
    duties = (
        "{transfer_duties: {from: residents_committee, to: service_station, in: [labour, relief], items: 31}}"
    )
    loaded = scenario(tmp_path, f"{station}, {duties}")
    (op,) = [d.op for d in loaded.timeline.operations if d.op.verb == "transfer_duties"]
    assert op.classes == ("transaction",)
    assert op.share == pytest.approx(0.5)
    assert op.items == 31


def test_hires_for_several_kinds_are_whole_people():
    """The 428 people hired in Jinjiang are split into whole people that sum to 428."""
    hires = [d.op for d in load(LANGUAGE / "jinjiang.yaml").timeline.operations if isinstance(d.op, Hire)]
    assert sum(op.count for op in hires) == 428
    assert all(op.count == int(op.count) for op in hires)


def test_funds_carry_payers_and_end():
    """The two funds of Zhuhai carry their payers, ends and what happens to the rest."""
    funds = {
        d.op.id: d.op for d in load(LANGUAGE / "zhuhai.yaml").timeline.operations if isinstance(d.op, Fund)
    }
    assert funds["pilot"].payers == {"district": 0.7, "city": 0.3}
    assert funds["pilot"].until == 24131
    assert funds["build_up"].unspent == "returns"


def test_layers_of_any_depth_nest():
    """A city above districts, with counts said by district, nests into four layers."""
    frame = load(LANGUAGE / "zhuhai.yaml").frame
    assert frame.n_units == {"city": 1, "district": 3, "street": 19, "community": 270}
    assert np.bincount(frame.parent["district"]).tolist() == [120, 100, 50]


def test_hops_are_set_by_the_layer_that_keeps(tmp_path):
    """The overhead of one layer is set by its name."""
    loaded = load(LANGUAGE / "tongling.yaml")
    assert loaded.timeline.rule_values("money.overhead", loaded.run.start).shape == (3,)
    mine = scenario(tmp_path, "{set: {money.overhead: {street: 0.12}}}")
    assert mine.timeline.rule_values("money.overhead", mine.run.start).tolist() == [0.08, 0.12]


def test_extends_replaces_lists_and_edits_them(tmp_path):
    """A list under `extends` replaces, `add` appends and `remove` takes away."""
    path = tmp_path / "child.yaml"
    text = "kind: scenario\nid: child\nextends: tongling_gate\ntitle: t\nreforms: {more}\n"
    path.write_text(text.replace("{more}", "{remove: [abolish_streets_tongling]}"), encoding="utf-8")
    assert load_scenario(path).reforms == ("admission_gate_jianye",)
    path.write_text(text.replace("{more}", "[abolish_streets_tongling]"), encoding="utf-8")
    with pytest.raises(Exception, match="no reform of this scenario"):
        load_scenario(path)


def test_parameters_are_filled_by_the_scenario(tmp_path):
    """A scenario's `with` overrides a reform's default, and an unknown parameter is refused."""
    path = tmp_path / "child.yaml"
    text = "kind: scenario\nid: child\nextends: tongling\ntitle: t\nwith: {abolish_streets_tongling: {WHAT: 24}}\n"
    path.write_text(text.replace("WHAT", "into"), encoding="utf-8")
    assert any(getattr(d.op, "into", 0) == 24 for d in load_scenario(path).timeline.operations)
    path.write_text(text.replace("WHAT", "inot"), encoding="utf-8")
    assert any("did you mean `into`" in p.render("en") for p in check(str(path)).errors)


def test_only_and_without_beside_a_reform(tmp_path):
    """An entry of `reforms` may keep or drop clauses."""
    path = tmp_path / "child.yaml"
    text = "kind: scenario\nid: child\nextends: tongling\ntitle: t\n"
    text += "reforms: [{reform: abolish_streets_tongling, WHAT}]\n"
    path.write_text(text.replace("WHAT", "only: [merge, money]"), encoding="utf-8")
    assert [c.lever for c in load_scenario(path).timeline.changes] == ["money.route"]
    path.write_text(text.replace("WHAT", "without: [assembly, money]"), encoding="utf-8")
    assert {c.lever for c in load_scenario(path).timeline.changes} == {"station.one_window"}
