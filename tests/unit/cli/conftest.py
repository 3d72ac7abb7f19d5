"""Commands run in an empty folder on a model that simulates nothing."""

from __future__ import annotations

import sys

import pytest

from tests.unit.results.stand_in import StandIn


@pytest.fixture
def model(monkeypatch, tmp_path) -> StandIn:
    """Put the stand-in where experiments look for the model, and work in an empty folder."""
    made = StandIn()
    monkeypatch.setitem(sys.modules, "sim.model", made)
    monkeypatch.chdir(tmp_path)
    return made
