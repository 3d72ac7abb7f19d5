"""Who took part, and what moved stocks, divided among causes: the parts sum to what was observed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sim.mechanisms.participation_causes import CAUSES, parts
from sim.mechanisms.participation_kernel import RULES, Deciding, Mode
from sim.model import run_arm
from sim.results.causes import causes_of
from tests.paired.worlds import small

F = np.float32
MODES = ("vote", "deliberate", "activity", "volunteer")


@pytest.fixture(scope="module")
def kept():
    """A year of a small Tongling whose accounts were kept, under every way of deciding."""
    found = []
    for rule in range(len(RULES)):
        scenario = small("tongling", **{"participation.rule": rule + 0.5})
        found.append((scenario, run_arm(scenario, 1, record="full")))
    return found


@pytest.mark.parametrize("mode", MODES)
def test_the_causes_of_taking_part_sum_to_who_took_part(kept, mode):
    """Under each rule of deciding, a rate's parts sum to the rate of the window, to rounding."""
    for scenario, tables in kept:
        name, window = f"participation.{mode}", scenario.run.windows["late"]
        total = causes_of((tables, tables), name, scenario.run.start, window)[-1].baseline
        months = pl.col("month").is_between(
            scenario.run.start + window[0], scenario.run.start + window[1] - 1
        )
        here = tables.outcomes.filter((pl.col("measure") == name) & (pl.col("level") == "place") & months)
        observed = 100 * here["numerator"].sum() / here["denominator"].sum()
        assert total == pytest.approx(observed, abs=1e-6)


def test_each_part_is_what_its_term_adds_along_the_way():
    """The closed form: one person, two terms of three and one logit; the parts are three to one and sum to p - p0."""
    zero = np.zeros(1)
    mode = Mode(*(F(v) for v in (-1, 0, 0, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
    columns = (
        zero,
        zero,
        zero + 1,
        zero,
        zero + 1,
        zero,
        *[zero + 0.5] * 4,
        zero + 1,
        *[zero] * 5,
        zero + 1,
        zero,
        zero,
        zero,
    )
    found = parts(columns, zero, Deciding(0, F(0), F(1), F(1)), mode, zero + 1)
    before, after = (1 / (1 + np.exp(-z)) for z in (-1.0, 3.0))
    assert found["disposition"][0] == pytest.approx(3 * found["stake"][0])
    assert found["disposition"][0] + found["stake"][0] == pytest.approx(after - before)
    assert sum(found[cause][0] for cause in CAUSES) == pytest.approx(1.0)
