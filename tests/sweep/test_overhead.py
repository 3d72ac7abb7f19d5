"""What the driver costs beside the runs, and how fast a large store is read: processor time, with room to spare."""

from __future__ import annotations

import time

import polars as pl
import pytest

from sim.results.store import RunFolder
from sim.results.sweeps import SCHEMA, keep_plan, outcomes
from tests.sweep.tiny import Bad, design, restful, swept

RUNS, IN_PART, ARMS = 10_000, 50, ("baseline", "a", "b")


@pytest.mark.slow
def test_the_driver_costs_less_than_a_twentieth_of_runs_of_a_second(tmp_path):
    """Planning, handing over and noting what became of runs takes the driver less than 0.05 s of processor a run."""
    plan = design(tmp_path, n=24, pairs=2)
    swept(plan, tmp_path / "first", Bad(restful, 1))  # what is loaded once is not the runs'
    before = time.process_time()
    done = swept(plan, tmp_path / "out", Bad(restful, 2))
    used = (time.process_time() - before) / done.runs
    assert done.done == done.runs == 48
    assert used < 0.05, f"{used:.3f} s a run"


def test_ten_thousand_runs_are_grouped_within_a_second(tmp_path):
    """A mean by policy, outcome and window over a store of ten thousand runs takes less than a second of processor."""
    store = RunFolder(tmp_path)
    store.begin({"pairs": RUNS})
    keys = [f"{k:020d}" for k in range(RUNS)]
    for part in range(RUNS // IN_PART):
        mine = enumerate(keys[part * IN_PART : (part + 1) * IN_PART])
        rows = [
            (part, key, k, "hamlet", arm, measure, window, float(k), "-")
            for k, key in mine
            for arm in ARMS
            for measure in ("awareness", "belonging")
            for window in ("early", "late")
        ]
        store.commit("pairs", part, pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    plan = pl.DataFrame({"key": keys, "row": range(RUNS)})
    keep_plan(store, plan, plan.select("row"))
    before = time.process_time()
    found = outcomes(store).group_by("arm", "measure", "window").agg(pl.col("value").mean(), pl.len()).collect()
    used = time.process_time() - before
    assert found["len"].to_list() == [RUNS] * 12
    assert found["value"].to_list() == [(IN_PART - 1) / 2] * 12
    assert used < 1.0, f"{used:.2f} s"
