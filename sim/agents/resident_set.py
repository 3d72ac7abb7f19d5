"""Sets of residents as row numbers: what Mesa's AgentSet offers, at the speed of columns.

Every operation returns another set of rows, never a set of views. A column by name is read and grouped without
making a single view; a function of an agent makes one view at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet, GroupBy

from sim.agents.resident import Resident


class ResidentSet(AbstractAgentSet):
    """Residents of one model by row, in order."""

    def __init__(self, model: mesa.Model, rows: np.ndarray):
        self.model, self.rows, self.random = model, np.asarray(rows, np.int64), model.random

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Resident]:
        return (Resident(self.model, row) for row in self.rows)

    def __contains__(self, agent: object) -> bool:
        return (
            isinstance(agent, Resident) and agent.model is self.model and bool((self.rows == agent.row).any())
        )

    def select(
        self,
        filter_func: Callable[[Resident], bool] | np.ndarray | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> ResidentSet:
        """Return the residents for whom a function, or a mask over this set, is true; at_most a count or a share."""
        rows = self.rows
        if agent_type is not None and not issubclass(Resident, agent_type):
            rows = rows[:0]
        if isinstance(filter_func, np.ndarray):
            rows = rows[filter_func]
        elif filter_func is not None:
            rows = np.array([row for row in rows if filter_func(Resident(self.model, row))], np.int64)
        limit = int(at_most * len(self)) if isinstance(at_most, float) and at_most <= 1 else at_most
        return self._result(rows[: int(min(limit, len(rows)))], inplace)

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list:
        """Return values of one column as a list, or of several as a list of lists."""
        del handle_missing, default_value  # every declared column exists on every resident
        if isinstance(attr_names, str):
            return self.column(attr_names).tolist()
        return [
            list(values) for values in zip(*(self.column(name).tolist() for name in attr_names), strict=True)
        ]

    def column(self, name: str) -> np.ndarray:
        """Return a column of these residents, a copy."""
        return getattr(self.model.world.residents, name)[self.rows]

    def set(self, attr_name: str, value: Any) -> ResidentSet:
        """Set a column that is no trait for all of them."""
        if len(self):
            setattr(Resident(self.model, self.rows[0]), attr_name, np.ravel(value)[0])
            getattr(self.model.world.residents, attr_name)[self.rows] = value
        return self

    def agg(self, attribute: str, func: Callable | Iterable[Callable]) -> Any:
        """Return a function, or several, of one column."""
        values = self.column(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def groupby(self, by: str | Callable, result_type: str = "agentset") -> GroupBy:
        """Group by a column's name or a function of a resident."""
        keys = self.column(by) if isinstance(by, str) else np.array([by(agent) for agent in self])
        groups = {key.item(): ResidentSet(self.model, self.rows[keys == key]) for key in np.unique(keys)}
        return GroupBy(groups if result_type == "agentset" else {k: v.to_list() for k, v in groups.items()})

    def do(self, method: str | Callable, *args: Any, **kwargs: Any) -> ResidentSet:
        """Call a method or a function on each, one view at a time."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable, *args: Any, **kwargs: Any) -> ResidentSet:
        """Do so in a random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable, *args: Any, **kwargs: Any) -> list:
        """Return what a method or a function gives for each."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def shuffle(self, inplace: bool = False) -> ResidentSet:
        """Return them in a random order, for looking at; mechanisms draw by name instead."""
        order = list(range(len(self)))
        self.random.shuffle(order)
        return self._result(self.rows[order], inplace)

    def sort(self, key: str | Callable, ascending: bool = False, inplace: bool = False) -> ResidentSet:
        """Return them ordered by a column or a function."""
        values = self.column(key) if isinstance(key, str) else np.array([key(agent) for agent in self])
        order = np.argsort(values if ascending else -values.astype(float), kind="stable")
        return self._result(self.rows[order], inplace)

    def to_list(self) -> list[Resident]:
        """Return a view of each."""
        return list(self)

    def add(self, agent: Resident) -> None:
        """Add one resident at the end."""
        if agent not in self:
            self.rows = np.append(self.rows, agent.row)

    def discard(self, agent: Resident) -> None:
        """Take one resident out, if there."""
        self.rows = self.rows[self.rows != agent.row]

    def remove(self, agent: Resident) -> None:
        """Take one resident out; raises KeyError where not there."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _update(self, agents: Iterable[Resident]) -> ResidentSet:
        self.rows = np.array([agent.row for agent in agents], np.int64)
        return self

    def _result(self, rows: np.ndarray, inplace: bool) -> ResidentSet:
        if not inplace:
            return ResidentSet(self.model, rows)
        self.rows = rows
        return self
