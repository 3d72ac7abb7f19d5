"""All agents of a model as one set: institutions, which Mesa holds, and residents, which are rows.

Institutions come first everywhere. What would need both parts mixed in one order is refused with the way to do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Literal, NoReturn

import mesa
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy

from sim.agents.resident import Resident
from sim.agents.resident_set import ResidentSet
from sim.base.errors import ContractError
from sim.base.text import say


class EveryAgent(AbstractAgentSet):
    """Institutions and residents of one model."""

    def __init__(self, institutions: AbstractAgentSet, residents: ResidentSet):
        self.institutions, self.residents, self.random = institutions, residents, institutions.random

    def __len__(self) -> int:
        return len(self.institutions) + len(self.residents)

    def __iter__(self) -> Iterator[mesa.Agent]:
        return chain(self.institutions, self.residents)

    def __contains__(self, agent: object) -> bool:
        return agent in (self.residents if isinstance(agent, Resident) else self.institutions)

    def select(
        self,
        filter_func: Any = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> AbstractAgentSet:
        """Return the agents for whom a function is true; a type of one part gives a set of that part alone."""
        self._stay_whole(inplace)
        limit = int(at_most * len(self)) if isinstance(at_most, float) and at_most <= 1 else at_most
        if agent_type is not None and issubclass(agent_type, Resident):
            return self.residents.select(filter_func, limit)
        institutions = self.institutions.select(filter_func, limit, agent_type=agent_type)
        if agent_type is not None and not issubclass(Resident, agent_type):
            return institutions
        return EveryAgent(institutions, self.residents.select(filter_func, limit - len(institutions)))

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        """Return values of both parts."""
        parts = (self.institutions, self.residents)
        return [value for part in parts for value in part.get(attr_names, handle_missing, default_value)]

    def set(self, attr_name: str, value: Any) -> EveryAgent:
        """Set an attribute that both parts have."""
        self.institutions.set(attr_name, value)
        self.residents.set(attr_name, value)
        return self

    def groupby(self, by: Any, result_type: Literal["agentset", "list"] = "agentset") -> GroupBy:
        """Group both parts under the same keys."""
        nobody = self.residents.select(at_most=0)
        ours = self.institutions.groupby(by, result_type="list").groups
        theirs = self.residents.groupby(by).groups
        groups = {
            key: EveryAgent(
                AgentSet(ours.get(key, []), self.random),
                theirs.get(key, nobody),
            )
            for key in {**ours, **theirs}
        }
        return GroupBy(groups if result_type == "agentset" else {k: list(v) for k, v in groups.items()})

    def do(self, method: Any, *args: Any, **kwargs: Any) -> EveryAgent:
        """Call on every agent."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: Any, *args: Any, **kwargs: Any) -> EveryAgent:
        """Call on every agent, each part in a random order."""
        self.institutions.shuffle_do(method, *args, **kwargs)
        self.residents.shuffle_do(method, *args, **kwargs)
        return self

    def map(self, method: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Return what each gives."""
        return [*self.institutions.map(method, *args, **kwargs), *self.residents.map(method, *args, **kwargs)]

    def shuffle(self, inplace: bool = False) -> EveryAgent:
        """Return each part in a random order."""
        self._stay_whole(inplace)
        return EveryAgent(self.institutions.shuffle(), self.residents.shuffle())

    def sort(self, key: Any, ascending: bool = False, inplace: bool = False) -> NoReturn:
        """Refuse: a resident and an office have no common order."""
        raise ContractError(say("sort residents and institutions apart: `model.agents_by_type[...]`"))

    def to_list(self) -> list[mesa.Agent]:
        """Return every agent, a view of each resident."""
        return list(self)

    def copy(self) -> EveryAgent:
        """Return the same agents as another set."""
        return EveryAgent(AgentSet(self.institutions, self.random), self.residents.copy())

    __copy__ = copy

    def add(self, agent: mesa.Agent) -> None:
        """Register an institution; residents are rows and come with their table."""
        self._part_of(agent).add(agent)

    def discard(self, agent: mesa.Agent) -> None:
        """Forget an institution, if there."""
        self._part_of(agent).discard(agent)

    def remove(self, agent: mesa.Agent) -> None:
        """Forget an institution; raises KeyError where not there."""
        self._part_of(agent).remove(agent)

    def _part_of(self, agent: mesa.Agent) -> AbstractAgentSet:
        return self.residents if isinstance(agent, Resident) else self.institutions

    def _update(self, agents: Iterable[mesa.Agent]) -> NoReturn:
        raise ContractError(say("the set of all agents stays whole: work on a copy"))

    def _stay_whole(self, inplace: bool) -> None:
        if inplace:
            raise ContractError(say("the set of all agents stays whole: work on a copy"))
