"""Committed pairs become verdicts without the simulator."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sim.base.errors import ShequError
from sim.catalogue import measures
from sim.results.store import RunFolder
from sim.results.verdicts import read_comparison

PRIMARY = ["unmet_need", "participation.vote"]


def committed(path, values: dict[str, tuple[np.ndarray, np.ndarray]], **manifest) -> RunFolder:
    """Return a folder with the given values (baseline, reform) by measure, the same in both windows."""
    folder = RunFolder(path)
    n = len(next(iter(values.values()))[0])
    windows = {"early": [0, 12], "late": [48, 60]}
    folder.begin({"kind": "comparison", "pairs": n, "windows": windows, "primary": PRIMARY, **manifest})
    for pair in range(n):
        rows = [
            (pair, arm, name, window, float(arms[i][pair]))
            for name, arms in values.items()
            for i, arm in enumerate(("baseline", "reform"))
            for window in windows
        ]
        schema = ["pair", "arm", "measure", "window", "value"]
        folder.commit("pairs", pair, pl.DataFrame(rows, schema=schema, orient="row"))
    return folder


def test_every_measure_gets_a_verdict_in_every_window(tmp_path):
    """A verdict stands for each measure and window, in catalogue order, by side."""
    rng = np.random.default_rng(1)
    values = {m: (rng.normal(50, 5, 10), rng.normal(50, 5, 10)) for m in reversed(measures())}
    found = read_comparison(committed(tmp_path / "run", values))

    assert [v.measure for v in found.of("late")] == list(measures())
    assert len(found.verdicts) == 2 * len(measures())
    assert {v.measure for v in found.of("early", "participation")} == {
        m for m, row in measures().items() if row.side == "participation"
    }


def test_primary_intervals_are_wider_than_single_ones(tmp_path):
    """With two unrelated primary outcomes an interval is wider than Student's for one, with one it is that."""
    rng = np.random.default_rng(2)
    values = {m: (np.zeros(20), rng.normal(0, 1, 20)) for m in PRIMARY}
    both = read_comparison(committed(tmp_path / "a", values)).of("late")[0].contrast
    alone = read_comparison(committed(tmp_path / "b", values, primary=PRIMARY[:1])).of("late")[0].contrast

    assert both.high - both.low > alone.high - alone.low


def test_a_primary_outcome_without_value_leaves_the_others_alone(tmp_path):
    """An outcome that never happens in a window does not take the interval of the rest."""
    values = {
        "unmet_need": (np.arange(10.0), np.arange(10.0) + np.linspace(1, 2, 10)),
        "participation.vote": (np.full(10, np.nan), np.full(10, np.nan)),
    }
    grades = {v.measure: v for v in read_comparison(committed(tmp_path / "run", values)).of("late")}

    assert np.isfinite(grades["unmet_need"].contrast.low)
    assert grades["participation.vote"].grade == "no_value"


def test_levels_are_not_taken_for_a_comparison(tmp_path):
    """The folder of a single scenario is refused with a sentence."""
    folder = committed(tmp_path / "run", {"unmet_need": (np.ones(3), np.ones(3))}, kind="levels")
    with pytest.raises(ShequError, match="not a comparison"):
        read_comparison(folder)
