"""The checks of our own verdicts: what a pool holds, and how often sets drawn from one claim and hold the truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.verdict_checks import MONTHS, SPIN_UP, brief, differences, kept, pool
from sim.results.store import RunFolder
from sim.scenario import load_scenario
from sim.schedule import SCHEDULE
from tests.sweep.tiny import in_parts

PRIMARY = ("committee.share_time_assigned", "awareness", "belonging")


@pytest.fixture
def reformed(tmp_path, monkeypatch):
    """A tiny place with a reform, asked about three outcomes; the folder of work is an empty one."""
    found = load_scenario(str(in_parts(tmp_path)))
    monkeypatch.chdir(tmp_path)
    return replace(found, run=replace(found.run, primary=PRIMARY))


@pytest.mark.slow
def test_a_pool_holds_luck_alone_under_a_placebo_and_the_reform_where_there_is_one(reformed):
    """Into a relative folder, in two processes: the placebo's arms differ without direction, the reform's with one."""
    bare, cut = brief(reformed.baseline()), brief(reformed)
    assert (cut.run.spin_up, cut.run.months, cut.run.windows) == (SPIN_UP, MONTHS, {"late": (0, MONTHS)})
    luck = [decision for mechanism in SCHEDULE for decision in mechanism.decisions]
    found = pool(bare, bare, Path("placebo"), pairs=4, placebo=luck, workers=2)
    assert found.shape[0] == 4 and (found != 0).any()
    assert np.array_equal(pool(bare, bare, Path("placebo"), pairs=4, placebo=luck, workers=1), found)
    assert pool(bare, bare, Path("empty"), pairs=2, workers=1).shape == (2, 0)
    real = pool(bare, cut, Path("reform"), pairs=4, workers=1)
    assert np.array_equal(differences(RunFolder(Path("reform"))), real)
    assert np.abs(real.mean(axis=0)).max() > np.abs(found.mean(axis=0)).max()


def test_sets_from_a_pool_without_an_effect_claim_as_seldom_as_they_say():
    """Of sets of pure luck one in twenty claims something and as many miss the truth; a real effect is claimed."""
    luck = np.random.default_rng(3).normal(size=(2000, 3))
    none = kept(luck, 20, draws=400, truth=np.zeros(3))
    assert none.claims == pytest.approx(0.05, abs=0.035)
    assert none.covers_all == pytest.approx(1 - none.claims)
    assert none.covers_each >= none.covers_all
    some = kept(luck + np.array([1.5, 0.0, 0.0]), 20, draws=100)
    assert some.claims > 0.95 and some.covers_all > 0.85
