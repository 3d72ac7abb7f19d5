"""The whole way on the real model: the same answer with one and with two workers, and zero for an empty reform."""

from __future__ import annotations

import polars as pl
import pytest

from sim.experiment.compare import run_comparison
from sim.results.store import RunFolder

from .worlds import small

pytestmark = pytest.mark.slow


def digests(folder: RunFolder) -> dict[tuple[int, str], str]:
    """Return the digest of every arm of every pair."""
    rows = folder.read("pairs").select("pair", "arm", "digest").unique()
    return {(pair, arm): digest for pair, arm, digest in rows.rows()}


def test_one_and_two_workers_give_the_same_digests(tmp_path):
    """Every cell of every table is the same whether pairs run in one process or in two."""
    reform = small()
    found = [
        run_comparison(reform.baseline(), reform, tmp_path / str(workers), pairs=2, workers=workers)
        for workers in (1, 2)
    ]

    assert len(digests(found[0].folder)) == 4
    assert digests(found[0].folder) == digests(found[1].folder)


def test_an_empty_reform_makes_every_cell_equal(tmp_path):
    """A comparison of the unreformed place with itself gives zero everywhere, and says equal."""
    place = small().baseline()
    found = run_comparison(place, place, tmp_path / "run", pairs=2, workers=2)

    assert {v.grade for v in found.verdicts} <= {"equal", "no_value"}
    by_pair = found.folder.read("pairs").group_by("pair").agg(pl.col("digest").n_unique())
    assert by_pair["digest"].to_list() == [1, 1]
