"""Policies by regret: right on a table worked by hand, and refused where the rows cannot tell."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sim.base.errors import ShequError
from sim.base.text import pick
from sim.catalogue import measures
from sim.experiment.ranking import rank
from sim.results.sweeps import keep_plan
from sim.views.sweeps import ranking_page
from tests.unit.experiment.planted import DELIBERATE, SHARE, begun, planted, write

WORTH = measures()[DELIBERATE].worth
ONE = {DELIBERATE: 1.0}


def test_regret_is_as_worked_by_hand(tmp_path):
    """Four rows, two policies and the place alone, in units of worth: regret, how often best, mean score."""
    # Best: a 3, b 2, the baseline 0, a and b 1. Regret of a: 0 1 1 0; of b: 2 0 4 0; of the baseline: 3 2 0 1.
    effects = {"a": np.array([3, 1, -1, 1]) * WORTH, "b": np.array([1, 2, -4, 1]) * WORTH}
    found = rank(planted(tmp_path, {"x": np.arange(4.0)}, effects), ONE)
    by_name = {s.arm: s for s in found.standings}
    assert found.standings[0].arm == "a"
    assert [by_name[n].regret for n in ("a", "b", "baseline")] == pytest.approx([0.5, 1.5, 1.5])
    assert [by_name[n].best for n in ("a", "b", "baseline")] == pytest.approx([1.5 / 4, 1.5 / 4, 1 / 4])
    assert [by_name[n].score for n in ("a", "b", "baseline")] == pytest.approx([1.0, 0.0, 0.0])
    assert by_name["b"].regret_high == pytest.approx(np.quantile([2, 0, 4, 0], 0.9))
    assert not found.told_apart  # four rows


def test_an_outcome_to_be_lowered_counts_the_other_way_and_by_its_worth(tmp_path):
    """Less assigned time is a gain: a fall by twice its worth scores two."""
    kept = begun(tmp_path)
    keep_plan(kept, pl.DataFrame({"key": ["k"], "row": [0]}), pl.DataFrame({"row": [0]}))
    write(kept, {"k": -2 * measures()[SHARE].worth}, "a", SHARE)
    assert {s.arm: s.score for s in rank(kept, {SHARE: 1.0}).standings}["a"] == pytest.approx(2.0)
    assert {s.arm: s.score for s in rank(kept, {SHARE: 0.5}).standings}["a"] == pytest.approx(1.0)


def test_a_clear_first_is_told_apart(tmp_path):
    """A policy that is better in nearly every row, by more than rows differ, is ranked first and said so."""
    rng = np.random.default_rng(1)
    common = rng.normal(2, 3, 60)
    effects = {"a": (common + 1 + rng.normal(0, 0.2, 60)) * WORTH, "b": common * WORTH}
    found = rank(planted(tmp_path, {"x": common}, effects), ONE)
    assert found.told_apart
    assert found.standings[0].arm == "a"
    assert found.gap[0] < 1.2
    assert found.gap[1] > 0.8
    assert not any(
        "not ranked" in pick(line, "en") for s in ranking_page(found, ONE).sections for line in s.lines
    )


@pytest.mark.parametrize("seed", range(6))
def test_equals_are_not_ranked(tmp_path, seed):
    """Two policies that differ by luck alone are not ranked: they are listed by name, and it is said why."""
    rng = np.random.default_rng(seed)
    common = rng.normal(2, 1, 80)
    effects = {n: (common + rng.normal(0, 1, 80)) * WORTH for n in ("b", "a")}
    found = rank(planted(tmp_path, {"x": common}, effects), ONE)
    assert found.gap[0] <= 0 <= found.gap[1]
    page = ranking_page(found, ONE)
    assert not found.told_apart
    assert any("not ranked" in pick(line, "en") for s in page.sections for line in s.lines)
    assert [row[0] for s in page.sections for row in s.rows] == ["a", "b", "baseline"]


def test_few_rows_are_never_ranked(tmp_path):
    """Under thirty rows even a plain lead is not an order."""
    effects = {"a": np.full(29, 5 * WORTH), "b": np.full(29, WORTH)}
    assert not rank(planted(tmp_path, {"x": np.arange(29.0)}, effects), ONE).told_apart


def test_outcomes_that_are_not_there_are_named(tmp_path):
    """Weights on outcomes the sweep did not keep end with their names."""
    kept = planted(tmp_path, {"x": np.arange(2.0)}, {"a": np.ones(2)})
    with pytest.raises(ShequError, match=r"wait\.median"):
        rank(kept, {"wait.median": 1.0})
