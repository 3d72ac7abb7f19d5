"""Passing back and forth, coming back and drifting standards, against what is known of them exactly.

Means of geometric numbers must lie within four standard errors of the known value: with fresh luck a right model would
fail in about 1 of 16 000 such figures; the seeds are fixed, so it fails always or never.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.draws import row_keys
from sim.mechanisms import staff_offices
from sim.mechanisms.contract import Context
from sim.mechanisms.posts import Posts
from sim.model import advance, new_world
from sim.world.world import World
from tests.behaviour.paired_effects import six_communities

pytestmark = pytest.mark.verification
Z = 4.0


def agrees(values: np.ndarray, mean: float, variance: float) -> None:
    """Compare a mean of independent values with the known one."""
    error = math.sqrt(variance / len(values))
    assert abs(values.mean() - mean) < Z * error, f"{values.mean():.4f} against {mean:.4f}, error {error:.4f}"


def lived(months: int, off: tuple[str, ...] = (), **assumed: float) -> World:
    """Return six communities after some months under these assumptions, two underscores for a dot."""
    place = six_communities()
    world = new_world(place, 5)
    world.assume.update({name.replace("__", "."): value for name, value in assumed.items()})
    return advance(world, place.timeline, world.month + months, None, switched_off=off)


def test_a_matter_of_two_owners_is_passed_on_a_geometric_number_of_times():
    """Where one takes it up with probability .4, those passed on at all are passed on 1/.4 times in the mean."""
    take = 0.4
    passes = np.concatenate(
        [
            lived(
                m, routing__ambiguous_share=1.0, coordination__base=take, coordination__cross_holding=0.0
            ).filed.passes
            for m in range(1, 7)
        ]
    )
    passed = passes[passes > 0].astype(float)
    agrees(passed, 1 / take, (1 - take) / take**2)
    agrees((passed > 1).astype(float), 1 - take, take * (1 - take))


def test_nobody_passes_on_what_is_clear():
    """Without ambiguous items, and where bodies are fully of one mind, nothing is passed on."""
    assert lived(2, routing__ambiguous_share=0.0).filed.passes.max() == 0
    assert lived(2, routing__ambiguous_share=1.0, coordination__base=1.0).filed.passes.max() == 0


def test_a_matter_takes_a_geometric_number_of_visits():
    """Done well with probability .6 and always brought back, a request takes 1/.6 visits, each with its own name."""
    well = 0.6
    place = six_communities()
    world = lived(1, returns__share=1.0, service__patience_days=4000.0)
    world.pools.quality[:] = well
    back = world.draws.key("serve.back", 0)
    visits: dict[int, int] = {}
    over = []
    for month in range(14):
        advance(world, place.timeline, world.month + 1, None, switched_off=("staff_offices",))
        ended = world.ended
        done = np.flatnonzero((ended.origin == 1) & (ended.is_done == 1))
        after = row_keys(back, ended.key[done])
        for key, heir, comes_back in zip(ended.key[done], after, ended.is_returned[done], strict=True):
            n = visits.pop(int(key), 1)
            if comes_back:
                visits[int(heir)] = n + 1
            elif month > 5:
                over.append(n)
    agrees(np.array(over, float), 1 / well, (1 - well) / well**2)


def test_standards_come_to_rest_where_haste_no_longer_lowers_them():
    """Under a pressure of 1.5, standards that follow haste wholly end at 1/1.5; those that do not follow stay."""
    for erosion, rest in ((1.0, 1 / 1.5), (0.0, 1.0)):
        world = lived(1, standards__erosion=erosion, standards__lag=6.0)
        offices, known = world.institutions, world.institutions.pool >= 0
        for _ in range(200):
            offices.pressure[known] = 1.5
            world.assume["staff.pressure_memory"] = 1e12  # the pressure is given here, not made by the work
            staff_offices.run(Context(world, staff_offices.MECHANISM, Posts(world.residents.n)))
        assert world.pools.standard[offices.pool[known]] == pytest.approx(rest, rel=1e-3)


def test_an_empty_office_is_covered_for_with_hours_of_the_one_above():
    """Where both people of a committee are away, what it is open is what the street's people are open less."""
    world = lived(1, staff__cover=0.4, staff__absence=0.0, grid__hours=0.0)
    committee = int(world.serving_rows("residents_committee")[0])
    street = int(world.institutions.parent[committee])
    below, above = world.institutions.pool[[committee, street]]
    world.staff.vacant_for[:] = 0
    world.institutions.volunteer_hours[:] = 0  # theirs would come on top of what the lender gives
    for away in (0, 3):
        world.staff.vacant_for[world.staff.employer == committee] = away
        world.institutions.pressure[:], world.pools.standard[:] = 1.0, 1.0
        world.assume["staff.pressure_memory"] = 1e12
        staff_offices.run(Context(world, staff_offices.MECHANISM, Posts(world.residents.n)))
        hours = world.pools.servers * world.pools.open_ticks
        if away == 0:
            whole = int(hours[above])
    assert world.pools.servers[below] == 1
    assert hours[below] > 0
    assert hours[below] + hours[above] == pytest.approx(whole, rel=1e-3)
