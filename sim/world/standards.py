"""Rules carried out once, as structure, in the month they change: seats, numbers of posts, contractors.

All leave alone what is as the rule says already, so a file may open the offices itself and name the rule as well.
"""

from __future__ import annotations

import numpy as np

from sim.world.bodies import divide_office, join_offices
from sim.world.offices import add_staff, open_office, staff_of
from sim.world.reshape import runs
from sim.world.world import World

STATION, ORGANISATION = "service_station", "social_organisation"
COMMUNITY, BETWEEN, STREET = range(3)


def seat_stations(world: World, old: np.ndarray, new: np.ndarray) -> None:
    """Join or divide stations where the level they sit at changed: one a community, one for a few, one a street."""
    committee, layers = world.serving_rows("residents_committee"), world.frame.layers
    above = world.frame.parent["street"] if "street" in layers else np.zeros(world.n_areas, np.int64)
    for level, units in ((COMMUNITY, committee), (BETWEEN, _few(world, above)), (STREET, above)):
        mine = np.flatnonzero((old != new) & (new == level) & (world.serving_rows(STATION) >= 0))
        if level == COMMUNITY:
            _part(world, mine)
        elif level == BETWEEN:
            mine = mine[_bodies(world, mine) == 1]
        if level != COMMUNITY:
            for unit in np.unique(units[mine]):
                join_offices(world, STATION, mine[units[mine] == unit], "keep")


def _few(world: World, street: np.ndarray) -> np.ndarray:
    """Return, per area, which group of neighbouring communities of a street it lies in."""
    committee, label = world.serving_rows("residents_committee"), np.zeros(world.n_areas, np.int64)
    size, count = max(round(world.assume["station.between"]), 1), 0
    for unit in np.unique(street):
        bodies = np.unique(committee[street == unit])
        for run in runs(bodies, np.ones(len(bodies)), max(round(len(bodies) / size), 1)):
            label[(street == unit) & np.isin(committee, run)] = count
            count += 1
    return label


def _bodies(world: World, areas: np.ndarray) -> np.ndarray:
    """Return, per area, how many communities its station serves."""
    station, committee = world.serving_rows(STATION), world.serving_rows("residents_committee")
    served = {int(row): len(np.unique(committee[station == row])) for row in np.unique(station[areas])}
    return np.array([served[int(row)] for row in station[areas]], np.int64)


def _part(world: World, areas: np.ndarray) -> None:
    """Divide every station that serves several communities into one for each."""
    committee = world.serving_rows("residents_committee")
    for row in np.unique(world.serving_rows(STATION)[areas]):
        served = np.flatnonzero(world.serving_rows(STATION) == row)
        parts = [served[committee[served] == body] for body in np.unique(committee[served])]
        divide_office(world, STATION, served, parts, "new_owner")


def open_contractors(world: World, _old: np.ndarray, new: np.ndarray) -> None:
    """Open the desk that organisations of an area share where work may be bought; it stays for good."""
    layer = len(world.frame.layers) - 1
    for area in np.flatnonzero((new > 0) & (world.serving_rows(ORGANISATION) < 0)):
        open_office(world, ORGANISATION, np.array([area]), layer)


def staff_to_standard(world: World, old: np.ndarray, new: np.ndarray) -> None:
    """Hire or let go, the latest hired first, until every office has the posts its households are to have."""
    table = world.institutions
    for kind in np.flatnonzero((old != new).any(axis=1) & (new > 0).any(axis=1)):
        serving = world.serving[kind]
        for row in np.unique(serving[serving >= 0]):
            served = np.flatnonzero(serving == row)
            ruled = served[(new[kind, served] > 0) & (new[kind, served] != old[kind, served])]
            lent = world.pools.id[table.pool[row]] != table.id[row]
            if len(ruled) == 0 or lent:
                continue
            rate = np.average(new[kind, ruled], weights=np.maximum(world.areas.households[ruled], 1))
            _fill_posts(world, int(row), round(rate * float(world.areas.households[served].sum()) / 1000))


def _fill_posts(world: World, row: int, wanted: int) -> None:
    people = staff_of(world, np.array([row]))
    add_staff(world, row, wanted - len(people))
    gone = people[wanted:] if wanted < len(people) else people[:0]
    world.staff.is_employed[gone], world.staff.pool[gone] = 0, -1
