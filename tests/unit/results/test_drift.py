"""What moves without any reform is said, and what stands still is not."""

from __future__ import annotations

import numpy as np
import polars as pl

from sim.catalogue import measures
from sim.results.drift import drifting, yearly_change

MEASURE = "committee.share_time_assigned"


def series(*per_year: float) -> pl.DataFrame:
    """Return three years of replications that each rise by so much a year."""
    months = np.arange(36)
    parts = [
        {"pair": k, "measure": MEASURE, "month": months, "value": 50 + months * r / 12}
        for k, r in enumerate(per_year)
    ]
    return pl.concat([pl.DataFrame(part) for part in parts])


def test_the_yearly_change_is_the_difference_of_the_last_two_years():
    """A line that rises by six a year changes by six; a gap in the months does not count."""
    months = np.arange(36)
    values = 6.0 * months / 12
    values[30] = np.nan

    assert yearly_change(months[:30], values[:30]) == 6.0
    assert abs(yearly_change(months, values) - 6.0) < 0.1
    assert np.isnan(yearly_change(months[:6], values[:6]))


def test_only_what_moves_by_more_than_its_worth_drifts():
    """A tenth less than the worth is steady, a tenth more is not, in either direction."""
    worth = measures()[MEASURE].worth

    assert drifting(series(0.9 * worth, 0.9 * worth), [MEASURE]) == []
    assert [name for name, _ in drifting(series(1.1 * worth, 1.2 * worth), [MEASURE])] == [MEASURE]
    assert drifting(series(-1.1 * worth, -1.2 * worth), [MEASURE])[0][1] < 0


def test_a_change_the_replications_do_not_agree_on_is_chance():
    """A large mean with a larger spread between replications is not called drift."""
    worth = measures()[MEASURE].worth

    assert drifting(series(-9 * worth, 12 * worth, 2 * worth), [MEASURE]) == []
