"""Boxes of assumptions: a planted one is found, and none is said where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.errors import ShequError
from sim.base.text import pick
from sim.catalogue import measures
from sim.experiment.discovery import discover
from sim.views.sweeps import discovery_page
from tests.unit.experiment.planted import DELIBERATE, planted

WORTH = measures()[DELIBERATE].worth
NAMES = ["tasks.growth", "admission.strictness", "x2", "x3"]


def boxed(n: int, seed: int = 0, noise: float = 0.05):
    """Return inputs and effects: worth acting on where the first input is high and the second low, with few slips."""
    rng = np.random.default_rng(seed)
    x = {name: rng.random(n) for name in NAMES}
    inside = (x[NAMES[0]] > 0.6) & (x[NAMES[1]] < 0.5)
    good = inside ^ (rng.random(n) < noise)
    return x, np.where(good, 2 * WORTH, 0.0)


def test_a_planted_box_is_found(tmp_path):
    """The two inputs that matter are limited near where they were planted, and found again more than any other."""
    x, effect = boxed(300)
    found = discover(planted(tmp_path, x, {"policy": effect}), "policy", DELIBERATE)
    limits = {limit.name: limit for limit in found.limits}
    assert set(limits) >= set(NAMES[:2])
    assert limits[NAMES[0]].low == pytest.approx(0.6, abs=0.08)
    assert limits[NAMES[1]].high == pytest.approx(0.5, abs=0.08)
    assert min(limits[name].reproduce for name in NAMES[:2]) > max(
        [0.5, *(limit.reproduce for name, limit in limits.items() if name not in NAMES[:2])]
    )
    assert found.reproduces
    assert found.density > 0.8
    assert found.base < 0.4
    assert found.coverage > 0.6


def test_coverage_and_density_are_of_the_box_that_is_said(tmp_path):
    """Counted anew from the limits: the share of good rows inside, and the share of good rows among those inside."""
    x, effect = boxed(400, seed=2)
    found = discover(planted(tmp_path, x, {"policy": effect}), "policy", DELIBERATE)
    good, inside = effect >= WORTH, np.ones(400, bool)
    for limit in found.limits:
        inside &= (x[limit.name] >= limit.low) & (x[limit.name] <= limit.high)
    assert found.base == pytest.approx(good.mean())
    assert found.density == pytest.approx(good[inside].mean())
    assert found.coverage == pytest.approx(good[inside].sum() / good.sum())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_box_is_said_in_words(tmp_path, lang):
    """The page names the inputs in words, with their limits and how often they are found again."""
    x, effect = boxed(300)
    found = discover(planted(tmp_path, x, {"policy": effect}), "policy", DELIBERATE)
    lines = [pick(line, lang) for section in discovery_page([found]).sections for line in section.lines]
    assert any("%" in line and ("bootstrap" in line or "自助" in line) for line in lines)
    assert not any("tasks.growth" in line for line in lines)


@pytest.mark.parametrize("seed", range(5))
def test_no_box_is_said_of_pure_noise(tmp_path, seed):
    """Where good rows are scattered by chance PRIM still finds a box; it does not hold elsewhere and is not said."""
    x, _ = boxed(200, seed)
    effect = 2 * WORTH * (np.random.default_rng(seed + 100).random(200) < 0.4)
    found = discover(planted(tmp_path, x, {"policy": effect}), "policy", DELIBERATE)
    assert not found.reproduces
    said = " ".join(
        pick(line, "en") for section in discovery_page([found]).sections for line in section.lines
    )
    assert "inside the box" not in said


def test_where_nearly_all_or_none_gain_there_is_no_box(tmp_path):
    """A policy that gains everywhere has no box, and its share is said."""
    x, _ = boxed(100)
    found = discover(planted(tmp_path, x, {"policy": np.full(100, 3 * WORTH)}), "policy", DELIBERATE)
    assert (found.base, found.limits, found.reproduces) == (1.0, (), False)


def test_an_input_of_whole_numbers_is_an_input_like_others(tmp_path):
    """A column of integers is limited as one of floats is."""
    x, effect = boxed(300)
    x["tasks.growth"] = (x["tasks.growth"] * 100).astype(int)
    found = discover(planted(tmp_path, x, {"policy": effect}), "policy", DELIBERATE)
    assert "tasks.growth" in {limit.name for limit in found.limits}


def test_too_few_rows_are_refused(tmp_path):
    """Under sixty rows no box is looked for."""
    x, effect = boxed(59)
    with pytest.raises(ShequError, match="too few"):
        discover(planted(tmp_path, x, {"policy": effect}), "policy", DELIBERATE)
