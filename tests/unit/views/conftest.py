"""A finished comparison of Tongling that nobody simulated."""

from __future__ import annotations

import sys

import pytest

from sim.experiment.compare import run_comparison
from sim.scenario import load_scenario
from tests.unit.results.stand_in import StandIn


@pytest.fixture(scope="session")
def comparison(tmp_path_factory):
    """Five made-up pairs of Tongling against its baseline."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "sim.model", StandIn())
        scenario = load_scenario("tongling")
        out = tmp_path_factory.mktemp("run") / "tongling"
        command = "shequ compare tongling --pairs 5"
        return run_comparison(scenario.baseline(), scenario, out, pairs=5, workers=1, command=command)
