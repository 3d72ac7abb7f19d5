"""Intervals and detectable differences say what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.results.paired import contrast, critical_value, grade

OUTCOMES, TRIALS = 6, 1500


def trial(rng, n, effect, correlation):
    """Return (n, OUTCOMES) correlated normal differences around an effect."""
    shared = rng.standard_normal((n, 1))
    own = rng.standard_normal((n, OUTCOMES))
    return effect + np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own


@pytest.mark.parametrize("correlation", [0.0, 0.6])
@pytest.mark.parametrize("n", [10, 20])
def test_simultaneous_intervals_cover_all_effects_at_their_level(n, correlation):
    """All six true effects lie inside at once in 95 % of 1500 trials; at 2.2 points the false alarm is 1 in 1000."""
    rng = np.random.default_rng(20260 + n)
    hits = 0
    for _ in range(TRIALS):
        d = trial(rng, n, 0.5, correlation)
        half = critical_value(d) * d.std(axis=0, ddof=1) / np.sqrt(n)
        hits += bool((np.abs(d.mean(axis=0) - 0.5) <= half).all())

    assert hits / TRIALS >= 0.95 - 0.022


def test_the_critical_value_lies_between_single_and_bonferroni():
    """Correlated outcomes cost less than Bonferroni asks and never less than one outcome alone."""
    d = trial(np.random.default_rng(1), 20, 0.0, 0.9)
    single, bonferroni = (stats.t.ppf(1 - 0.025 / k, 19) for k in (1, OUTCOMES))

    assert single <= critical_value(d) < bonferroni


def test_the_minimum_detectable_difference_is_found_four_times_in_five():
    """An effect of the size of the mean mde is found with power .8, within 4 points."""
    rng = np.random.default_rng(5)
    n, worth = 20, 1.0
    critical = float(stats.t.ppf(0.975, n - 1))
    true = (critical + stats.t.ppf(0.8, n - 1)) / np.sqrt(n)
    found = 0
    for _ in range(TRIALS):
        c = contrast(np.zeros(n), rng.standard_normal(n) + true, critical, worth, "up")
        found += c.low > 0

    assert found / TRIALS == pytest.approx(0.8, abs=0.04)


def test_equal_arms_give_exactly_zero_and_the_grade_equal():
    """Without any difference the interval is the point zero."""
    values = np.arange(10.0)
    c = contrast(values, values, critical_value(np.zeros((10, 3))), 1.0, "up")

    assert (c.difference, c.low, c.high) == (0.0, 0.0, 0.0)
    assert grade(c, 1.0) == "equal"


def test_an_outcome_without_value_in_some_pairs_leaves_the_others_their_interval():
    """A primary outcome that no pair knows, or one pair lacks, does not take the other outcomes' critical value."""
    d = trial(np.random.default_rng(1), 20, 0.0, 0.5)
    d[:, 0], d[3, 1] = np.nan, np.nan
    expected = critical_value(np.delete(d, 3, axis=0)[:, 1:])

    assert critical_value(d) == expected
    assert np.isnan(critical_value(d[:1]))


def test_an_outcome_without_value_is_graded_so():
    """Nothing is said of an outcome that never has a value in one arm."""
    c = contrast(np.full(5, np.nan), np.ones(5), 2.8, 1.0, "up")

    assert (c.n, grade(c, 1.0)) == (0, "no_value")


def test_pairs_with_a_missing_value_are_left_out():
    """A pair in which an outcome does not exist does not count."""
    c = contrast(np.array([1.0, np.nan, 2.0]), np.array([2.0, 5.0, 4.0]), 4.3, 1.0, "up")

    assert (c.n, c.difference, c.better) == (2, 1.5, 2)


@pytest.mark.parametrize(
    ("low", "high", "agree", "expected"),
    [
        (-0.5, 0.5, 5, "small"),
        (-3.0, 2.0, 5, "not_distinguishable"),
        (0.5, 3.0, 10, "clear"),
        (0.5, 3.0, 7, "seed_sensitive"),
    ],
)
def test_grades_follow_interval_worth_and_agreement(low, high, agree, expected):
    """The grade depends on where the interval lies against zero and worth, and on how many pairs agree."""
    import dataclasses

    c = contrast(np.zeros(10), np.linspace(0.1, 1, 10), 2.26, 1.0, "up")
    c = dataclasses.replace(c, low=low, high=high, agree=agree)

    assert grade(c, 1.0) == expected


def test_pairing_reports_the_variance_it_saves():
    """Arms that share most of their luck save the variance of unpaired runs."""
    rng = np.random.default_rng(3)
    shared = rng.standard_normal(200)
    c = contrast(shared, shared + 0.1 * rng.standard_normal(200), 1.97, 1.0, "up")

    assert c.saved == pytest.approx(200, rel=0.4)
    assert c.correlation > 0.98


@pytest.mark.parametrize("sd", [0.1, 1.0, 7.0])
def test_pairs_needed_are_the_fewest_that_find_what_is_worth_acting_on(sd):
    """With the pairs given, worth is detectable at the family's level; with one pair fewer it is not."""
    rng = np.random.default_rng(8)
    single, critical, worth = float(stats.t.ppf(0.975, 9)), 2.9, 1.0
    d = rng.standard_normal(10)
    c = contrast(np.zeros(10), sd * d / d.std(ddof=1), critical, worth, "up")

    def detectable(n):
        return (critical / single * stats.t.ppf(0.975, n - 1) + stats.t.ppf(0.8, n - 1)) * sd / np.sqrt(n)

    assert detectable(c.pairs_for_worth) <= worth
    assert c.pairs_for_worth == 3 or detectable(c.pairs_for_worth - 1) > worth


def test_no_number_of_pairs_is_given_where_none_would_do():
    """An outcome so noisy that ten thousand pairs would not find its worth gets no number."""
    c = contrast(np.zeros(10), np.linspace(-1e4, 1e4, 10), 2.3, 1.0, "up")

    assert c.pairs_for_worth is None


def test_zero_heavy_outcomes_take_the_bootstrap_from_fifty_pairs_on():
    """Where most pairs are equal the interval is BCa's, Student's stands beside it; elsewhere the other way round."""
    rng = np.random.default_rng(3)
    rare = np.where(rng.random(60) < 0.3, rng.gamma(1.0, 4.0, 60), 0.0)
    for d, method in ((rare, "bca"), (rng.standard_normal(60), "t")):
        critical = critical_value(d[:, None])
        c = contrast(np.zeros(60), d, critical, 1.0, "up")
        own = stats.bootstrap((d,), np.mean, method="BCa", rng=5, n_resamples=2999).confidence_interval
        bca = (c.low, c.high) if method == "bca" else (c.other_low, c.other_high)
        student = (c.other_low, c.other_high) if method == "bca" else (c.low, c.high)

        assert c.method == method
        assert bca == pytest.approx(own, rel=0.08, abs=0.08)
        assert np.mean(student) == pytest.approx(d.mean())


def test_an_outcome_that_varies_by_rounding_alone_keeps_students_interval(recwarn):
    """Where the bootstrap has no acceleration to find, nothing is lost and nothing is printed."""
    d = np.full(60, 5.0)
    d[3] = np.nextafter(5.0, 6.0)
    c = contrast(np.zeros(60), d, 2.0, 1.0, "up")

    assert c.method == "t"
    assert (c.low, c.high) == (pytest.approx(5.0), pytest.approx(5.0))
    assert np.isnan(c.other_low)
    assert not recwarn.list


def test_the_bootstrap_holds_the_truth_of_zero_heavy_outcomes_more_often():
    """Over 300 sets of fifty pairs BCa covers a skewed, mostly zero truth at least as often as Student's t."""
    rng = np.random.default_rng(4)
    truth, held = 0.3 * 4.0, {"bca": 0, "t": 0}
    for _ in range(300):
        d = np.where(rng.random(50) < 0.3, rng.gamma(1.0, 4.0, 50), 0.0)
        c = contrast(np.zeros(50), d, critical_value(d[:, None]), 1.0, "up")
        ends = {c.method: (c.low, c.high), "t" if c.method == "bca" else "bca": (c.other_low, c.other_high)}
        for method, (low, high) in ends.items():
            held[method] += low <= truth <= high

    assert held["bca"] >= held["t"]
    assert held["bca"] / 300 > 0.87


def test_below_fifty_pairs_there_is_no_second_interval():
    """The bootstrap is not shown where it covers too little."""
    c = contrast(np.zeros(20), np.linspace(0, 1, 20), 2.1, 1.0, "up")
    assert c.method == "t"
    assert np.isnan([c.other_low, c.other_high]).all()
