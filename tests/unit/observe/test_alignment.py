"""Decisions alike in both worlds are counted resident by resident, and watching changes nothing of a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sim.model import lockstep, run_arms, run_watched
from sim.results.alignment import ALIGNMENT, aligned, alignment_table, read_alignment
from sim.results.store import RunFolder
from tests.paired.worlds import small


@pytest.fixture(scope="module")
def arms():
    """Both arms of a small Tongling over fourteen months."""
    scenario = small("tongling")
    scenario = replace(scenario, run=replace(scenario.run, months=14, windows={"late": (2, 14)}))
    return {"baseline": scenario.baseline(), "reform": scenario}


@pytest.mark.slow
def test_counts_are_those_of_the_two_worlds_walked_side_by_side(arms):
    """Who votes, meets, joins and gives time in either and in both is what a walk through both worlds finds."""
    _, rows = run_watched(arms, 3, "headline")
    counted = {(month, name): numbers for month, name, *numbers in rows}
    for month, lives in lockstep(arms, 3):
        one, other = (life.world.residents for life in lives.values())
        for mode in ("vote", "deliberate", "activity", "volunteer"):
            a, b = ((getattr(people, f"{mode}_history") & 1) == 1 for people in (one, other))
            assert counted[month, mode] == [one.n, a.sum(), b.sum(), (a & b).sum()]


@pytest.mark.slow
def test_watching_changes_nothing(arms):
    """A watched run's tables are cell for cell those of an unwatched one."""
    watched, _ = run_watched(arms, 3, "headline")
    plain = run_arms(arms, 3, "headline")
    assert {k: t.digest() for k, t in watched.items()} == {k: t.digest() for k, t in plain.items()}


def test_shares_are_of_the_cases_in_either_world(tmp_path):
    """Of sixty in one world and sixty in the other forty in both: half of eighty, and little by chance alone."""
    (tmp_path / "tables").mkdir()
    alignment_table([(0, "vote", 1000, 60, 60, 40), (1, "vote", 1000, 0, 0, 0)]).write_parquet(
        tmp_path / ALIGNMENT
    )
    (found,) = aligned(read_alignment(RunFolder(tmp_path)))

    assert (found.decision, found.cases, found.share) == ("vote", 80, 0.5)
    assert found.by_chance == pytest.approx(3.6 / 116.4)


def test_worlds_that_share_nothing_are_at_chance(tmp_path):
    """Two worlds that decide independently are alike just as often as chance says."""
    rng = np.random.default_rng(1)
    one, other = (rng.random(200_000) < 0.2 for _ in range(2))
    row = (0, "vote", len(one), int(one.sum()), int(other.sum()), int((one & other).sum()))
    (tmp_path / "tables").mkdir()
    alignment_table([row]).write_parquet(tmp_path / ALIGNMENT)
    (found,) = aligned(read_alignment(RunFolder(tmp_path)))

    assert found.share == pytest.approx(found.by_chance, rel=0.03)


def test_a_run_that_kept_none_has_none(tmp_path):
    """A folder of an older version gives nothing, and does not fail."""
    assert read_alignment(RunFolder(tmp_path)) is None
    assert alignment_table([]).schema["month"] == pl.Int32
