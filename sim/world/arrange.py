"""How bodies stand to one another and to residents: small units, relations, and the steps a proposal takes.

Called by `enact` alone. What an arrangement does to a step is left to the mechanisms that read it.
"""

from __future__ import annotations

import numpy as np

from sim.rules.operations import CreateSmallUnits, Procedure, Relation
from sim.world.world import World

GRID_HOUSEHOLDS = 300  # of a grid, where a place is divided into grids
# How the government stands to a committee, in the order of the column's values; 0 is what was there before.
RELATIONS = ("none", "command", "pledge", "supervises", "guides", "contract")
COMMITTEE, STATION = "residents_committee", "service_station"


def create_small_units(world: World, op: CreateSmallUnits, areas: np.ndarray) -> None:
    """Divide areas into courtyards, buildings or grids that meet on their own."""
    blocks, n = world.blocks, world.n_areas
    if op.unit == "grid":
        count = np.ceil(world.areas.households / GRID_HOUSEHOLDS)
    elif op.unit == "building":
        count = np.bincount(blocks.area, minlength=n)
    else:
        pairs = np.unique(np.stack([blocks.area, blocks.courtyard]), axis=1)
        count = np.bincount(pairs[0], minlength=n)
    world.areas.small_units[areas] = np.maximum(count, 1)[areas]


def relate(world: World, op: Relation, areas: np.ndarray) -> None:
    """Write down how two kinds stand to one another, where it concerns the committee."""
    if op.to_kind == COMMITTEE:
        world.areas.relation[areas] = RELATIONS.index(op.form)
    elif op.from_kind == COMMITTEE and op.to_kind == STATION:
        world.areas.station_supervised[areas] = op.form == "supervises"


def proceed(world: World, op: Procedure, areas: np.ndarray) -> None:
    """Write down how long the steps of a residents' proposal take and how many pass them all."""
    world.areas.procedure_days[areas] = sum(stage.days for stage in op.stages)
    world.areas.procedure_pass[areas] = np.prod([stage.passes for stage in op.stages])
