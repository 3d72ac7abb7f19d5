"""Groups: the numbers are those of the areas, the worst-off is the worst, intervals are simultaneous over all shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sim.catalogue import measures
from sim.experiment.compare import narrow, run_comparison, run_until_narrow
from sim.results.bars import read_bars
from sim.results.grouped import FEW, group_verdicts
from sim.results.store import RunFolder
from sim.results.verdicts import read_comparison
from tests.paired.worlds import small


@pytest.fixture(scope="module")
def scenario():
    """A small Tongling with gate over two years."""
    found = small("tongling_gate")
    return replace(found, run=replace(found.run, months=30, windows={"late": (18, 30)}))


@pytest.fixture(scope="module")
def ran(scenario, tmp_path_factory):
    """Three pairs of it."""
    folder = tmp_path_factory.mktemp("groups") / "run"
    run_comparison(scenario.baseline(), scenario, folder, pairs=3, workers=1)
    return RunFolder(folder)


@pytest.mark.slow
def test_marginal_groups_sum_to_the_place(ran):
    """For each group the weighted mean over its values is the place's own value, in both arms."""
    place = {v.measure: v.contrast for v in read_comparison(ran).of("late")}
    rows = ran.read("groups").filter((pl.col("measure") == "unmet_need") & (pl.col("arm") == "reform"))
    owners = (
        rows.filter(pl.col("unit").is_in([4, 5]))
        .group_by("pair")
        .agg(pl.col("numerator", "denominator").sum())
    )
    values = 100 * owners["numerator"] / owners["denominator"]
    assert values.mean() == pytest.approx(place["unmet_need"].reform, rel=1e-9)


@pytest.mark.slow
def test_the_worst_off_is_the_one_that_gains_least(ran):
    """For each outcome with a better direction exactly one group is marked, and no shown group does worse."""
    verdicts = [v for v in group_verdicts(ran) if not v.few]
    for measure in {v.measure for v in verdicts}:
        sign = {"up": 1, "down": -1, "none": 0}.get(measures()[measure].better, 0)
        mine = [v for v in verdicts if v.measure == measure]
        worst = [v for v in mine if v.worst]
        assert len(worst) == (1 if sign else 0)
        for one in worst:
            assert sign * one.contrast.difference == min(sign * v.contrast.difference for v in mine)


@pytest.mark.slow
def test_intervals_of_groups_are_wider_than_those_of_one(ran):
    """Twenty groups at once ask for more than one outcome alone."""
    place = next(v for v in read_comparison(ran).of("late") if v.measure == "unmet_need").contrast
    group = next(v for v in group_verdicts(ran) if v.measure == "unmet_need" and v.value == "owner").contrast
    assert (group.high - group.low) / group.sd >= (place.high - place.low) / place.sd * 0.99


@pytest.mark.slow
def test_staff_are_told_by_the_post_they_held(ran):
    """Burnout of staff is known by post, and posts of too few people are not shown."""
    verdicts = group_verdicts(ran, "posts")
    assert {v.value for v in verdicts} >= {"residents_committee", "street_office"}
    assert all(v.few == (v.people < FEW) for v in verdicts)


@pytest.mark.slow
def test_samples_run_under_two_seeds_each(scenario, tmp_path):
    """Three samples make six pairs, two of each sample, and bars that say they are too few."""
    run_comparison(
        scenario.baseline(), scenario, tmp_path / "run", pairs=1, samples=3, workers=1, record="headline"
    )
    folder = RunFolder(tmp_path / "run")
    assert len(folder.pairs_done()) == 6
    assert {bar.samples for bar in read_bars(folder)} <= {2, 3}
    assert not any(bar.measured for bar in read_bars(folder))


@pytest.mark.slow
def test_pairs_are_added_until_the_intervals_are_narrow(scenario, tmp_path):
    """Ten pairs are run, and more only while an interval is wider than what is worth acting on."""
    short = replace(
        scenario, run=replace(scenario.run, months=14, windows={"late": (2, 14)}, primary=("unmet_need",))
    )
    found = run_until_narrow(short.baseline(), short, tmp_path / "run", most=20, workers=2, record="headline")
    assert found.pairs == 20 or (found.pairs == 10 and all(narrow(v) for v in found.verdicts if v.primary))


class TwoPairs:
    """A run folder of two pairs whose reform opens a body with posts that the baseline does not have."""

    def manifest(self) -> dict:
        """One window."""
        return {"windows": {"late": (0, 12)}, "primary": []}

    def read(self, kind: str) -> pl.DataFrame:
        """Committee posts in both arms, posts of a station in the reform arm alone."""
        rows = [
            (pair, arm, "staff.burnout", unit, 3.0, 12.0 * FEW)
            for pair in (0, 1)
            for arm in ("baseline", "reform")
            for unit in ((4, 5) if arm == "reform" else (4,))
        ]
        names = ("pair", "arm", "measure", "unit", "numerator", "denominator")
        return pl.DataFrame(rows, schema=names, orient="row")


def test_a_group_of_one_arm_alone_is_not_compared():
    """Posts that only the reform has are listed without a difference, and the others keep theirs."""
    committee, station = group_verdicts(TwoPairs(), "posts")
    assert (committee.value, committee.contrast.n, committee.few) == ("residents_committee", 2, False)
    assert (station.value, station.contrast.n, station.few) == ("service_station", 0, True)


class SomeSamples(TwoPairs):
    """Six samples under two seeds each; in one run of the last sample nobody held a station's post."""

    def manifest(self) -> dict:
        """Samples of the assumptions instead of pairs."""
        return super().manifest() | {"samples": 6}

    def read(self, kind: str) -> pl.DataFrame:
        """Posts of two kinds in both arms, burning out more from pair to pair under the reform."""
        rows = [
            (pair, arm, "staff.burnout", unit, 3.0 + pair * unit * (arm == "reform"), 12.0 * FEW)
            for pair in range(12)
            for arm in ("baseline", "reform")
            for unit in ((4,) if pair == 11 else (4, 5))
        ]
        names = ("pair", "arm", "measure", "unit", "numerator", "denominator")
        return pl.DataFrame(rows, schema=names, orient="row")


def test_a_post_that_nobody_held_in_one_sample_is_compared_in_the_others():
    """The sample counts for the posts it has; the family of intervals is found from the samples that have all."""
    committee, station = group_verdicts(SomeSamples(), "posts")
    assert (committee.contrast.n, station.contrast.n) == (6, 5)
    assert np.isfinite([committee.contrast.low, station.contrast.low]).all()
