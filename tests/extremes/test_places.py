"""Places at the edges: each runs with everything in balance, or is refused with a reason."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sim.base.errors import ScenarioError
from sim.model import advance, new_world, recorder_for, run_arm
from sim.world.columns import TABLES
from sim.world.world import World
from tests.extremes.places import scenario

RUN = {
    "one resident": {"residents": 1, "communities": 1},
    "fewer residents than communities": {"residents": 3, "communities": 10},
    "one community": {"communities": 1},
    "a thousand communities": {"residents": 20_000, "communities": 1000, "months": 3},
    "half a post each": {"staff": 0.5},
    "as many staff as residents": {"staff": 2000},
    "all renters": {"owners": 0},
    "all owners": {"owners": 1},
    "no needs": {"volumes": 0},
    "a thousandfold needs": {"volumes": 100_000, "residents": 1000},
    "no children": {"children": 0},
    "children only": {"children": 1},
    "households of one": {"household": 1},
    "households of eight": {"household": 8},
    "one month": {"months": 1},
    "fifty years": {"residents": 200, "communities": 1, "months": 600},
}
REFUSED = {
    "no residents": ({"residents": 0}, "expected a number in [1, "),
    "half a resident": ({"residents": 0.4}, "expected a number in [1, "),
    "more residents than the country": ({"residents": 5e9}, "person"),
    "no staff": ({"staff": 0}, "where nobody works"),
    "no communities": ({"communities": 0}, "expected a whole number"),
    "a hundred and one years": ({"months": 1212}, "length of time"),
    "more owners than people": ({"owners": 1.2}, "[0, 1] share"),
}
# Refused with these reforms: nothing to merge, nobody to move, nothing within its one month, or long enough without.
NOT_REFORMED = ("one community", "one resident", "half a post each", "one month", "fifty years")
REFORMS = """
changes:
  - {id: stations, open_office: {kind: service_station, per: community, staff: 2}, at: 2012-02}
  - {id: merge, merge: {into: 1, within: district}, at: 2012-03}
  - {id: moved, transfer_staff: {from: street_office, to: service_station, count: 1}, at: 2012-02, needs: [stations]}
  - {id: kept, set: {protected_share: 0.3}, at: 2012-02}
"""


def out_of_bounds(world: World) -> list[str]:
    """Return the columns that hold something not finite, or a level outside 0 to 1."""
    found = []
    for name, columns in TABLES.items():
        table = world.tables[name]
        for column in columns:
            values = getattr(table, column.name)
            if values.dtype.kind != "f" or not values.size:
                continue
            level = column.unit == "0-1" and (values.min() < 0 or values.max() > 1)
            if np.isinf(values).any() or (column.kind == "stock" and np.isnan(values).any()) or level:
                found.append(f"{name}.{column.name}")
    return found


@pytest.mark.parametrize("edge", RUN)
def test_a_place_at_the_edge_runs_in_balance(tmp_path, edge):
    """The place runs to its end: what is checked every month holds, every level stays within its bounds."""
    made = scenario(tmp_path, **RUN[edge])
    world = new_world(made, 1)
    recorder = recorder_for(made, "standard", world)
    advance(world, made.timeline, made.run.end, recorder)
    outcomes = recorder.tables(world).outcomes
    assert world.month == made.run.end
    assert out_of_bounds(world) == []
    for part in ("numerator", "denominator"):
        assert outcomes.filter(~pl.col(part).is_finite() | (pl.col(part) < 0)).is_empty()


@pytest.mark.parametrize("edge", REFUSED)
def test_a_place_beyond_the_edge_is_refused_with_a_reason(tmp_path, edge):
    """What cannot be a place is refused at its line, each reason once."""
    edges, said = REFUSED[edge]
    with pytest.raises(ScenarioError) as caught:
        scenario(tmp_path, **edges)
    texts = [p.render("en") for p in caught.value.problems]
    assert any(said in text for text in texts), texts
    assert len(set(texts)) == len(texts)
    assert all(p.place.line > 1 for p in caught.value.problems)


@pytest.mark.parametrize("edge", [name for name in RUN if name not in NOT_REFORMED])
def test_a_place_at_the_edge_is_reformed_in_balance(tmp_path, edge):
    """Stations, a merger to one, moved staff and a rule: both arms run to their end with what is checked holding."""
    made = scenario(tmp_path, **{**RUN[edge], "more": REFORMS})
    baseline, reform = (run_arm(arm, 1) for arm in (made.baseline(), made))
    assert baseline.outcomes.height > 0
    assert reform.outcomes.filter(~pl.col("numerator").is_finite()).is_empty()
