"""A model that simulates nothing: the pair of a seed is made up on the spot, in this process."""

from __future__ import annotations

import sys

import pytest

from sim.scenario import load_scenario
from tests.unit.results.stand_in import StandIn


@pytest.fixture(scope="session")
def tongling():
    """Tongling as shipped."""
    return load_scenario("tongling")


@pytest.fixture
def model(monkeypatch) -> StandIn:
    """Put the stand-in where experiments look for the model."""
    made = StandIn()
    monkeypatch.setitem(sys.modules, "sim.model", made)
    return made
