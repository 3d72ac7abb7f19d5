"""All agents of a model: institutions, which Mesa holds, and residents, which are rows.

`model.agents` is the union of both; `model.agents_by_type[Resident]` the rows. Uses two private names of Mesa
(`_all_agents`, `_agents_by_type`), held by a contract test per Mesa version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet, GroupBy

from sim.agents.institution import Institution
from sim.agents.kinds import BY_INDEX
from sim.agents.resident import Resident
from sim.agents.resident_set import ResidentSet
from sim.world.world import World


class EveryAgent(AbstractAgentSet):
    """Institutions and residents as one set; what selects returns a list-like of both parts."""

    def __init__(self, institutions: AbstractAgentSet, residents: ResidentSet):
        self.institutions, self.residents, self.random = institutions, residents, institutions.random

    def __len__(self) -> int:
        return len(self.institutions) + len(self.residents)

    def __iter__(self) -> Iterator[mesa.Agent]:
        return chain(self.institutions, self.residents)

    def __contains__(self, agent: object) -> bool:
        return agent in self.residents if isinstance(agent, Resident) else agent in self.institutions

    def select(
        self,
        filter_func: Any = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> AbstractAgentSet:
        """Return the agents for whom a function is true; an agent type picks its part at once."""
        if agent_type is not None and issubclass(agent_type, Resident):
            return self.residents.select(filter_func, at_most)
        if agent_type is not None and issubclass(agent_type, Institution):
            return self.institutions.select(filter_func, at_most, agent_type=agent_type)
        del inplace  # the model's own set always stays whole
        parts = (self.institutions.select(filter_func), self.residents.select(filter_func))
        return EveryAgent(*parts)

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list:
        """Return values of both parts, institutions first."""
        return [
            *self.institutions.get(attr_names, handle_missing, default_value),
            *self.residents.get(attr_names),
        ]

    def groupby(self, by: Any, result_type: str = "agentset") -> GroupBy:
        """Group institutions and residents apart, then together under the same keys."""
        groups: dict[Any, list] = {}
        for part in (self.institutions, self.residents):
            for key, members in part.groupby(by, result_type="list"):
                groups.setdefault(key, []).extend(members)
        del result_type
        return GroupBy(groups)

    def do(self, method: Any, *args: Any, **kwargs: Any) -> EveryAgent:
        """Call on every agent, institutions first."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: Any, *args: Any, **kwargs: Any) -> EveryAgent:
        """Call on every agent, each part in a random order."""
        self.institutions.shuffle_do(method, *args, **kwargs)
        self.residents.shuffle_do(method, *args, **kwargs)
        return self

    def map(self, method: Any, *args: Any, **kwargs: Any) -> list:
        """Return what each gives, institutions first."""
        return [*self.institutions.map(method, *args, **kwargs), *self.residents.map(method, *args, **kwargs)]

    def shuffle(self, inplace: bool = False) -> EveryAgent:
        """Return both parts in random orders."""
        del inplace
        return EveryAgent(self.institutions.shuffle(), self.residents.shuffle())

    def sort(self, key: Any, ascending: bool = False, inplace: bool = False) -> EveryAgent:
        """Return both parts sorted."""
        del inplace
        return EveryAgent(self.institutions.sort(key, ascending), self.residents.sort(key, ascending))

    def add(self, agent: mesa.Agent) -> None:
        """Register an institution; residents are rows and come with their table."""
        self.institutions.add(agent)

    def discard(self, agent: mesa.Agent) -> None:
        """Forget an institution, if there."""
        self.institutions.discard(agent)

    def remove(self, agent: mesa.Agent) -> None:
        """Forget an institution; raises KeyError where not there."""
        self.institutions.remove(agent)

    def _update(self, agents: Iterable[mesa.Agent]) -> EveryAgent:
        self.institutions._update(a for a in agents if not isinstance(a, Resident))  # noqa: SLF001 - Mesa's own protocol
        return self


def register(model: mesa.Model, world: World) -> None:
    """Make the world's residents and open institutions the agents of a model."""
    residents = ResidentSet(model, np.arange(world.residents.n))
    model._all_agents = EveryAgent(model._all_agents, residents)  # noqa: SLF001 - the two names the module docstring owns up to
    model._agents_by_type[Resident] = residents  # noqa: SLF001 - as above
    model.offices = {}
    sync(model)


def sync(model: mesa.Model) -> None:
    """Bring institution agents in line with the offices that are open now."""
    table, offices = model.world.institutions, model.offices
    now = set(np.flatnonzero(table.is_open == 1).tolist())
    for row in sorted(offices.keys() - now):
        offices.pop(row).remove()
    for row in sorted(now - offices.keys()):
        offices[row] = BY_INDEX[table.kind[row]](model, row)
