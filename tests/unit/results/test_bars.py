"""Policy, assumptions and chance: a variance split that gives back what was put in, and is not shown too early."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results.bars import LEAST_SAMPLES, bars

MEASURE = "unmet_need"


def made(samples, policy=3.0, assumptions=2.0, chance=1.0, seeds=2, seed=1):
    """Return differences (samples, seeds) of known make-up."""
    rng = np.random.default_rng(seed)
    moved = policy + assumptions * rng.standard_normal((samples, 1))
    return moved + chance * rng.standard_normal((samples, seeds))


def test_the_three_parts_are_given_back():
    """Of 4000 samples the mean, the spread over samples and over seeds come out within three standard errors."""
    found = bars(made(4000), MEASURE, "late")
    assert found.policy == pytest.approx(3.0, abs=0.11)
    assert found.assumptions == pytest.approx(2.0, abs=0.08)
    assert found.chance == pytest.approx(1.0, abs=0.04)


def test_chance_is_not_taken_for_assumptions():
    """Where nothing but chance moves the outcome, the assumptions' spread is near zero although means differ."""
    assert bars(made(4000, assumptions=0.0), MEASURE, "late").assumptions < 0.2


def test_too_few_samples_are_not_a_measurement():
    """Below 64 samples nothing is called robust, however clear."""
    clear = made(LEAST_SAMPLES - 1, policy=50.0)
    assert not bars(clear, MEASURE, "late").robust
    assert bars(made(LEAST_SAMPLES, policy=50.0), MEASURE, "late").robust


def test_a_sign_that_turns_is_not_robust():
    """An effect whose sign turns in a fifth of the samples is not called robust."""
    found = bars(made(400, policy=2.0, assumptions=2.4, chance=0.1), MEASURE, "late")
    assert found.measured
    assert not found.robust


def test_missing_values_leave_their_sample_out():
    """A sample in which one seed has no value does not count."""
    values = made(80)
    values[:10, 0] = np.nan
    assert bars(values, MEASURE, "late").samples == 70
