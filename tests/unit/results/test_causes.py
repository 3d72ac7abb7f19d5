"""Accounts by cause: parts sum to what was observed, in both kinds of account, for everybody and for a group."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.errors import ShequError
from sim.catalogue import measures
from sim.experiment.replicate import shortened
from sim.model import run_arms
from sim.results.causes import causes_of, group_position, measure_named
from sim.results.summaries import Summaries
from sim.results.tables import EVERYONE, WHOLE_PLACE, build_tables
from tests.paired.worlds import small

START, WINDOW = 24000, (1, 3)


def tables(flows: dict[str, list[float]], measure: str = "trust.committee", adults: float = 10.0):
    """Return tables with an account of these monthly gains by cause, and the outcome they lead to."""
    accounts, outcomes, total = [], [], 5.0
    stock = measures()[measure].stock or measure
    for month in range(3):
        for cause, gains in flows.items():
            gain, loss = np.array([max(gains[month], 0.0)]), np.array([max(-gains[month], 0.0)])
            accounts.append((START + month, stock, cause, np.zeros(1), np.full(1, EVERYONE), gain, loss))
            accounts.append((START + month, stock, cause, np.full(1, WHOLE_PLACE), np.zeros(1), gain, loss))
        change = sum(gains[month] for gains in flows.values())
        total = total + change if measures()[measure].stock else change
        outcomes.append((START + month, measure, "place", np.zeros(1), np.array([total]), np.array([adults])))
    geography = {"area": [0], "name": ["A"], "x": [0.0], "y": [0.0], "households": [10], "residents": [30]}
    return build_tables(
        outcomes=outcomes, people=[], histograms=[], events=[], rules=[], rules_in_use=[], accounts=accounts,
        geography=geography, area_ties={"a": [0], "b": [0], "weight": [0.5]}, checks=[],
    )  # fmt: skip


def test_a_flow_counts_in_every_later_month_of_the_window():
    """A gain of 3 in the first month and one of 6 in the last give 3 and 3 as means of a window of two months."""
    both = (
        tables({"contact": [3, 0, 0], "service": [0, 0, 6]}),
        tables({"contact": [0, 0, 0], "service": [0, 0, 0]}),
    )
    parts = {part.cause: part for part in causes_of(both, "trust.committee", START, WINDOW)}
    scale = measures()["trust.committee"].scale / 10

    assert parts["contact"].baseline == pytest.approx(3 * scale)
    assert parts["service"].baseline == pytest.approx(3 * scale)
    assert parts[None].difference == pytest.approx(-6 * scale)


def test_a_level_is_the_pooled_share_of_the_window():
    """What causes contributed to a rate is their sum over the window's people, months before it left out."""
    one = tables({"habit": [9, 1, 3], "chance": [0, -1, 0]}, "participation.deliberate")
    parts = {p.cause: p for p in causes_of((one, one), "participation.deliberate", START, WINDOW)}

    assert parts["habit"].baseline == pytest.approx(100 * 4 / 20)
    assert parts[None].baseline == pytest.approx(
        Summaries(one, START).window("participation.deliberate", WINDOW)
    )


@pytest.mark.parametrize(
    "measure", ["trust.committee", "efficacy", "belonging", "awareness", "trust.government"]
)
def test_parts_sum_to_the_difference_a_comparison_shows(pair, measure):
    """In a real pair the causes of a stock add up to the difference of the outcome between the arms."""
    start, window, arms = pair
    values = [Summaries(t, start).window(measure, window) for t in arms]

    assert causes_of(arms, measure, start, window)[-1].difference == pytest.approx(
        values[1] - values[0], abs=1e-3
    )


@pytest.fixture(scope="module")
def pair():
    """Both arms of one pair of a small Tongling recorded in full, its last window a year after the reform."""
    scenario = shortened(small("tongling_gate"), 24)
    arms = {"baseline": scenario.baseline(), "reform": scenario}
    return scenario.run.start, (12, 24), tuple(run_arms(arms, 3, "full").values())


def test_an_outcome_is_found_by_its_name_its_stock_or_its_first_word():
    """`trust`, `trust.committee` and `trust_committee` mean the same; an outcome without accounts is refused."""
    assert {measure_named(n) for n in ("trust", "trust.committee", "trust_committee")} == {"trust.committee"}
    with pytest.raises(ShequError, match="no account is kept of wait"):
        measure_named("wait.median")


def test_an_unknown_group_is_refused_with_the_nearest():
    """A misspelt group names the one that was probably meant."""
    with pytest.raises(ShequError, match="income=low"):
        group_position("income", "lo")


def test_a_run_without_accounts_says_how_to_get_them():
    """Tables recorded at a lower level are refused with the option that records causes."""
    empty = tables({})

    with pytest.raises(ShequError, match="--record full"):
        causes_of((empty, empty), "trust.committee", START, WINDOW)
