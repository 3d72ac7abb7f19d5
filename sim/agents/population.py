"""Who is an agent of a model: every resident of its world and every institution that is open now.

`model.agents` is the union of both, `model.agents_by_type[Resident]` the rows, `model.offices` the institution of each
open row. Uses two private names of Mesa (`_all_agents`, `_agents_by_type`), held by a contract test that also runs on
Mesa's next version. Mesa's signal of an agent added or removed is sent for institutions; residents never come or go.
"""

from __future__ import annotations

import mesa
import numpy as np

from sim.agents.every_agent import EveryAgent
from sim.agents.kinds import BY_INDEX
from sim.agents.resident import Resident
from sim.agents.resident_set import ResidentSet
from sim.world.world import World


def register(model: mesa.Model, world: World) -> None:
    """Make the residents and open institutions of a world the agents of a model, which must hold it as `world`."""
    residents = ResidentSet(model)
    model._all_agents = EveryAgent(model._all_agents, residents)  # noqa: SLF001 - see the head of this file
    model._agents_by_type[Resident] = residents  # noqa: SLF001 - see the head of this file
    model.offices = {}
    _bring_in_line(model, world)


def sync(model: mesa.Model) -> None:
    """Add agents for offices opened, and remove those of offices closed, since the last call."""
    _bring_in_line(model, model.world)


def _bring_in_line(model: mesa.Model, world: World) -> None:
    table, offices = world.institutions, model.offices
    now = set(np.flatnonzero(table.is_open == 1).tolist())
    for row in sorted(offices.keys() - now):
        offices.pop(row).remove()
    for row in sorted(now - offices.keys()):
        offices[row] = BY_INDEX[table.kind[row]](model, row)
