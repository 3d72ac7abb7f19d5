"""Windows pool before they divide; quantiles come from pooled histograms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results.summaries import Summaries, quantile
from sim.results.tables import WAIT_EDGES, build_tables

from .stand_in import tables_of

START = 24000


def test_a_window_pools_numerators_and_denominators_before_dividing():
    """A month with many cases weighs more than one with few."""
    rows = [
        (START + i, "unmet_need", "place", np.zeros(1), np.array([a]), np.array([b]))
        for i, (a, b) in enumerate([(1.0, 10.0), (90.0, 100.0)])
    ]
    tables = tables_of({}, START)
    tables = build_tables(
        rows,
        [],
        [],
        [],
        [],
        [],
        [],
        tables.geography.to_dict(as_series=False),
        tables.area_ties.to_dict(),
        [],
    )

    assert Summaries(tables, START).window("unmet_need", (0, 2)) == pytest.approx(100 * 91 / 110)


def test_a_window_is_half_open_and_counted_from_the_start():
    """Months before the window and from its end on do not count."""
    summaries = Summaries(tables_of({"unmet_need": [1, 2, 4, 8]}, START), START)

    assert summaries.window("unmet_need", (1, 3)) == pytest.approx(3)
    assert summaries.window("unmet_need", (1, 3), level="area", unit=2) == pytest.approx(3)


def test_a_window_without_any_value_is_nan():
    """Where nothing happened there is no value, not zero."""
    summaries = Summaries(tables_of({"unmet_need": [1, 2]}, START), START)

    assert np.isnan(summaries.window("unmet_need", (5, 9)))
    assert np.isnan(summaries.window("wait.median", (0, 2)))


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_a_quantile_of_log_bins_lies_within_its_bin(q):
    """The quantile read from bins differs from that of the raw waits by less than the width of a bin."""
    waits = np.random.default_rng(1).lognormal(1.0, 1.2, 20_000)
    bins = np.searchsorted(WAIT_EDGES, waits, side="right") - 1
    filled, counts = np.unique(bins, return_counts=True)
    exact = np.quantile(waits, q)

    assert quantile(filled, counts, q) == pytest.approx(exact, rel=0.03)


def test_a_quantile_pools_the_histograms_of_a_window():
    """The median of two months is that of all their cases together."""
    counts = np.zeros((2, len(WAIT_EDGES) - 1), int)
    counts[0, 30], counts[1, 40] = 10, 30
    summaries = Summaries(tables_of({}, START, counts), START)
    pooled = quantile(np.array([30, 40]), np.array([10, 30]), 0.5)

    assert summaries.window("wait.median", (0, 2)) == pytest.approx(pooled)
    assert WAIT_EDGES[40] <= pooled <= WAIT_EDGES[41]


def test_a_series_has_a_value_for_every_month():
    """The path of an outcome shows each month's own value, nan where there is none."""
    tables = tables_of({"unmet_need": [1, np.nan, 4]}, START)
    months, values = Summaries(tables, START).series("unmet_need")

    assert months.tolist() == [START, START + 1, START + 2]
    np.testing.assert_allclose(values, [1, np.nan, 4])
