"""Sets of residents as row numbers: what Mesa's AgentSet offers, at the speed of columns.

Every operation returns another set of rows: Mesa's own set holds agents weakly, and a view dies as soon as nobody
looks. A column by name is read, set and grouped without making a single view; a function of an agent makes one view
at a time, about a second for a million residents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet, GroupBy

from sim.agents.resident import Resident
from sim.base.errors import ContractError
from sim.base.text import say

Choice = Callable[[Resident], bool] | np.ndarray | None


class ResidentSet(AbstractAgentSet):
    """Residents of one model, in order; `rows` None means all of them and costs no memory."""

    def __init__(self, model: mesa.Model, rows: np.ndarray | None = None):
        self.model = model
        self._rows = None if rows is None else np.asarray(rows, np.int32)

    @property
    def random(self) -> Any:
        """The model's generator, for shuffling what one looks at; mechanisms draw by name instead."""
        return self.model.random

    @property
    def rows(self) -> np.ndarray:
        """Row numbers, int32, in the order of the set."""
        return np.arange(len(self), dtype=np.int32) if self._rows is None else self._rows

    def __len__(self) -> int:
        return self.model.world.residents.n if self._rows is None else len(self._rows)

    def __iter__(self) -> Iterator[Resident]:
        return (Resident(self.model, row) for row in self.rows.tolist())

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, Resident) or agent.model is not self.model:
            return False
        return agent.row < len(self) if self._rows is None else bool((self._rows == agent.row).any())

    def select(
        self,
        filter_func: Choice = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> ResidentSet:
        """Return the residents for whom a function, or a mask over this set, is true; at_most is a count or a share."""
        rows = self.rows if agent_type is None or issubclass(Resident, agent_type) else self.rows[:0]
        if isinstance(filter_func, np.ndarray):
            rows = rows[filter_func]
        elif filter_func is not None:
            rows = rows[[bool(filter_func(Resident(self.model, row))) for row in rows.tolist()]]
        limit = int(at_most * len(self)) if isinstance(at_most, float) and at_most <= 1 else at_most
        return self._result(rows[: int(min(limit, len(rows)))], inplace)

    def column(self, name: str) -> np.ndarray:
        """Return a column of these residents, a copy."""
        if name not in Resident.declared:
            return np.array([getattr(agent, name) for agent in self])
        values = self.model.world.residents.arrays[name]
        return values.copy() if self._rows is None else values[self._rows]

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        """Return values of one attribute as a list, or of several as a list of lists."""
        if isinstance(attr_names, str):
            return self._values(attr_names, handle_missing, default_value)
        columns = (self._values(name, handle_missing, default_value) for name in attr_names)
        return [list(values) for values in zip(*columns, strict=True)]

    def _values(self, name: str, handle_missing: str, default: Any) -> list[Any]:
        if name in Resident.declared:
            return self.column(name).tolist()
        if handle_missing == "default":
            return [getattr(agent, name, default) for agent in self]
        return [getattr(agent, name) for agent in self]

    def set(self, attr_name: str, value: Any) -> ResidentSet:
        """Set a status column to one value for all of them, or to an array of one value each."""
        if len(self):
            # The first view says whether the column may be set at all.
            setattr(Resident(self.model, int(self.rows[0])), attr_name, np.ravel(value)[0])
            self.model.world.residents.arrays[attr_name][self.rows] = value
        return self

    def agg(self, attribute: str, func: Callable | Iterable[Callable]) -> Any:
        """Return a function, or several, of an attribute's values as an array."""
        values = self.column(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def groupby(self, by: str | Callable, result_type: Literal["agentset", "list"] = "agentset") -> GroupBy:
        """Group by a column's name, without a view, or by a function of a resident."""
        groups = {key: ResidentSet(self.model, rows) for key, rows in self._groups(by)}
        return GroupBy(groups if result_type == "agentset" else {k: v.to_list() for k, v in groups.items()})

    def _groups(self, by: str | Callable) -> Iterable[tuple[Any, np.ndarray]]:
        if callable(by):
            found: dict[Any, list[int]] = {}
            for agent in self:
                found.setdefault(by(agent), []).append(agent.row)
            return [(key, np.array(rows)) for key, rows in found.items()]
        values = self.column(by)
        order = np.argsort(values, kind="stable")
        keys, first = np.unique(values[order], return_index=True)
        return zip(keys.tolist(), np.split(self.rows[order], first[1:]), strict=True) if len(keys) else []

    def do(self, method: str | Callable, *args: Any, **kwargs: Any) -> ResidentSet:
        """Call a method or a function on each, one view at a time."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable, *args: Any, **kwargs: Any) -> ResidentSet:
        """Do so in a random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable, *args: Any, **kwargs: Any) -> list[Any]:
        """Return what a method or a function gives for each."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def shuffle(self, inplace: bool = False) -> ResidentSet:
        """Return them in a random order."""
        order = self.rows.tolist()
        self.random.shuffle(order)
        return self._result(np.array(order, np.int32), inplace)

    def sort(self, key: str | Callable, ascending: bool = False, inplace: bool = False) -> ResidentSet:
        """Return them ordered by a column or a function, equals in the order they had; Mesa's default is downwards."""
        if callable(key):
            views = sorted(self, key=key, reverse=not ascending)
            return self._result(np.array([view.row for view in views], np.int32), inplace)
        values = self.column(key)
        if ascending:
            order = np.argsort(values, kind="stable")
        else:
            order = len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
        return self._result(self.rows[order], inplace)

    def to_list(self) -> list[Resident]:
        """Return a view of each."""
        return list(self)

    def copy(self) -> ResidentSet:
        """Return the same residents as another set."""
        return ResidentSet(self.model, self.rows)

    __copy__ = copy

    def __and__(self, other: ResidentSet) -> ResidentSet:
        return ResidentSet(self.model, self.rows[np.isin(self.rows, other.rows)])

    def __sub__(self, other: ResidentSet) -> ResidentSet:
        return ResidentSet(self.model, self.rows[~np.isin(self.rows, other.rows)])

    def __or__(self, other: ResidentSet) -> ResidentSet:
        return ResidentSet(self.model, np.concatenate([self.rows, (other - self).rows]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ResidentSet) or self.model is not other.model or len(self) != len(other):
            return False
        return np.array_equal(np.sort(self.rows), np.sort(other.rows))

    def add(self, agent: Resident) -> None:
        """Add one resident at the end."""
        if agent not in self:
            self._result(np.append(self.rows, agent.row), inplace=True)

    def discard(self, agent: Resident) -> None:
        """Take one resident out, if there."""
        if agent in self:
            self._result(self.rows[self.rows != agent.row], inplace=True)

    def remove(self, agent: Resident) -> None:
        """Take one resident out; raises KeyError where not there."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _update(self, agents: Iterable[Resident]) -> ResidentSet:
        return self._result(np.array([agent.row for agent in agents], np.int32), inplace=True)

    def _result(self, rows: np.ndarray, inplace: bool) -> ResidentSet:
        if not inplace:
            return ResidentSet(self.model, rows)
        if self._rows is None:
            raise ContractError(say("the set of all residents stays whole: work on a copy"))
        self._rows = rows
        return self
