"""Running a reform in parts, and searching for where the sign turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.base.errors import ScenarioError
from sim.experiment.attribute import coalitions, name_of, parts_of, run_attribution
from sim.experiment.break_even import arms_at, reach
from sim.experiment.compare import run_comparison
from sim.experiment.loading import reform_of
from sim.results.turning import BreakEven, Point, crossings, turning
from sim.scenario import load_scenario
from sim.scenario.markdown import markdown
from sim.views.parts import break_even_page
from tests.paired.worlds import small


def test_every_coalition_of_a_package_is_an_arm():
    """Two reforms make four arms, from nothing to everything."""
    arms, refused = coalitions(
        load_scenario("tongling_gate"), ("abolish_streets_tongling", "admission_gate_jianye")
    )
    assert len(arms) == 4
    assert not refused
    assert not arms[frozenset()].timeline.changes


def test_too_many_parts_are_refused_with_their_names():
    """A reform of many clauses says how many arms that would be and what may be named."""
    with pytest.raises(ScenarioError) as error:
        parts_of(load_scenario("jinjiang"), "clause")
    assert "--part" in str(error.value)


@pytest.mark.slow
def test_parts_that_others_need_are_refused_with_the_reason(tmp_path):
    """Where the rest cannot stand without the named parts, the clause that needs one of them is named."""
    with pytest.raises(ScenarioError, match=r"`staff` needs the clause `streets`"):
        run_attribution(load_scenario("tongling"), ("streets", "merge"), pairs=2, out=tmp_path / "run")


def test_shares_of_a_real_package_sum_to_its_difference(tmp_path):
    """On a small Tongling with gate the shares of both reforms sum to the whole, outcome by outcome."""
    parts = ("abolish_streets_tongling", "admission_gate_jianye")
    folder, found, failed = run_attribution(
        small("tongling_gate"), parts, tmp_path / "run", pairs=2, workers=1
    )
    assert not failed
    assert {str(a) for a in folder.read("pairs")["arm"].unique()} == {
        name_of(frozenset(s), parts) for s in ((), parts, parts[:1], parts[1:])
    }
    for one in found:
        assert sum(share.mean for share in one.shares) == pytest.approx(one.whole.mean, nan_ok=True)


@pytest.mark.slow
def test_parts_of_a_finished_run_are_those_of_the_run_itself(tmp_path):
    """Run in parts from its own folder, the whole reform's difference is the comparison's own, pair by pair."""
    scenario = small("tongling_gate")
    scenario = replace(scenario, run=replace(scenario.run, months=14, windows={"late": (2, 14)}))
    done = run_comparison(
        scenario.baseline(), scenario, tmp_path / "run", pairs=2, workers=1, record="headline"
    )
    made = replace(reform_of(done.folder), run=scenario.run)
    parts = ("abolish_streets_tongling", "admission_gate_jianye")
    _, found, _ = run_attribution(made, parts, done.folder.path / "attribution", pairs=2, workers=1)
    whole = {one.measure: one.whole.mean for one in found}

    for verdict in done.of("late"):
        if verdict.primary:
            assert whole[verdict.measure] == pytest.approx(verdict.contrast.difference, nan_ok=True)


def test_a_line_turns_where_it_crosses_zero():
    """Of a straight line with a constant interval the crossing and its range are found exactly."""
    points = turning(lambda x: Point(x, x - 0.37, x - 0.37 - 0.1, x - 0.37 + 0.1), (0.0, 1.0))
    (turn,) = crossings(points)
    assert turn == pytest.approx((0.37, 0.27, 0.47))


def test_a_curve_that_turns_twice_is_told_twice():
    """A parabola that crosses zero twice has two turns; one that never does has none."""
    two = crossings(turning(lambda x: Point(x, x * x - 0.3, x * x - 0.35, x * x - 0.25), (-1.0, 1.0)))
    assert [round(turn[0], 1) for turn in two] == [-0.5, 0.5]
    assert crossings(turning(lambda x: Point(x, x + 2, x + 1, x + 3), (-1.0, 1.0))) == ()


def test_an_interval_that_never_leaves_zero_reaches_the_ends():
    """Where the pairs cannot tell, the crossing may lie anywhere in the range tried."""
    (turn,) = crossings(turning(lambda x: Point(x, x - 0.5, -9.0, 9.0), (0.0, 1.0)))
    assert turn[1:] == (0.0, 1.0)


def test_a_lever_is_set_in_the_reform_alone_and_an_assumption_in_both():
    """Moving a lever leaves the baseline as it is; moving an assumption moves both arms."""
    reform = load_scenario("tongling")
    base = reform.baseline()
    same, moved = arms_at(base, reform, "cross_holding.chi", 0.5)
    assert same is base
    assert any(
        np.isclose(c.value, 0.5).all() for c in moved.timeline.changes if c.lever == "cross_holding.chi"
    )
    both = arms_at(base, reform, "staff.absence", 0.1)
    assert [arm.assumptions["staff.absence"] for arm in both] == [0.1, 0.1]


def test_an_unknown_number_is_refused_with_the_nearest():
    """A misspelt name is refused, and what was meant is named."""
    with pytest.raises(ScenarioError) as error:
        reach(load_scenario("tongling"), "staff.abscence")
    assert "staff.absence" in str(error.value)


def test_a_number_that_changes_nothing_is_said_to():
    """Where every value gives the same figures the page says so, not on which side of zero they lie."""
    same = tuple(Point(at, -1.96, -2.55, -1.37) for at in (0.0, 0.5, 1.0))
    said = markdown(break_even_page({"en": "x"}, BreakEven("visits.response", "unmet_need", "late", same, ()), 4), "en")

    assert any("it changes nothing" in line for line in said)
    assert not any("below zero" in line for line in said)
