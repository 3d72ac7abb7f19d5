"""Replications of one scenario give levels with their spread."""

from __future__ import annotations

import pytest

from sim.base.errors import ScenarioError
from sim.experiment.replicate import run_replications, shortened


def test_levels_show_mean_and_spread_over_replications(model, tongling, tmp_path):
    """Each outcome has a mean between its lowest and highest replication, in every window."""
    found = run_replications(tongling, tmp_path / "a", replications=3, workers=1)

    assert model.seeds == [1, 2, 3]
    assert set(found.rows) == {"early", "late"}
    assert all(low <= mean <= high for rows in found.rows.values() for _, mean, low, high in rows)


def test_a_scenario_is_cut_to_its_first_months(model, tongling, tmp_path):
    """`--months` runs fewer months and cuts the windows with them."""
    found = run_replications(tongling, tmp_path / "a", replications=1, workers=1, months=18)

    assert found.folder.manifest()["months"] == 18
    assert found.folder.manifest()["windows"] == {"early": [12, 18]}
    assert shortened(tongling, 6).run.windows == {"early": (0, 6)}


def test_more_months_than_a_scenario_has_are_refused(tongling):
    """A scenario is never run beyond what it says."""
    with pytest.raises(ScenarioError, match="61 months asked for; the scenario has 60"):
        shortened(tongling, 61)
