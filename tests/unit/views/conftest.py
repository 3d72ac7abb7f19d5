"""A finished comparison of Tongling that nobody simulated."""

from __future__ import annotations

import sys
import types

import pytest

from sim.experiment.compare import run_comparison
from sim.scenario import load_scenario
from tests.unit.results.stand_in import pair_of_tables


@pytest.fixture(scope="session")
def comparison(tmp_path_factory):
    """Five made-up pairs of Tongling against its baseline."""
    model = types.ModuleType("sim.model")
    model.run_pair = lambda b, r, seed, record: pair_of_tables(seed, r.run.start, r.run.months)
    kept = sys.modules.get("sim.model")
    sys.modules["sim.model"] = model
    try:
        scenario = load_scenario("tongling")
        out = tmp_path_factory.mktemp("run") / "tongling"
        command = "shequ compare tongling --pairs 5"
        return run_comparison(scenario.baseline(), scenario, out, pairs=5, workers=1, command=command)
    finally:
        sys.modules.pop("sim.model")
        if kept is not None:
            sys.modules["sim.model"] = kept
