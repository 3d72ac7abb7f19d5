"""The contract of a mechanism, and the guarded view of the world it is given.

A mechanism declares what it reads, writes, posts, draws, and which levers and assumptions it uses. It gets
exactly that: a declared read is a read-only array, a declared write a writable one, and anything else raises
`ContractError`. It knows the month of the year, and has no way to learn which year it is, the scenario or how old a
rule is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.base.calendar import MONTHS_PER_YEAR
from sim.base.errors import ContractError, nearest
from sim.base.text import say
from sim.catalogue import assumptions
from sim.mechanisms.guard import Guard
from sim.mechanisms.posts import Posts
from sim.world.blocks import block_sums
from sim.world.cases import CaseTable, ServiceState
from sim.world.columns import TABLES
from sim.world.practice import coming, practised, practised_case, practised_rows, practised_worth
from sim.world.table import Table
from sim.world.world import World


@dataclass(frozen=True)
class Mechanism:
    """Declaration of one mechanism.

    question: the social question it answers, in one line. reads, writes: columns as `table.column`, or the
    arrays `ties`, `serving`, `distance`, `cases`. posts: pairs (stock, cause). books: pairs (measure, cause).
    decisions: names of its draws. foresees: levers whose announced changes it acts on before their date.
    """

    name: str
    question: str
    run: Callable[[Context], None]
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    posts: tuple[tuple[str, str], ...] = ()
    books: tuple[tuple[str, str], ...] = ()
    levers: tuple[str, ...] = ()
    foresees: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()


class Context:
    """Everything a mechanism may use; made once a run, `live` runs its mechanism for a month."""

    def __init__(self, world: World, mechanism: Mechanism, posts: Posts):
        self._world, self._mechanism, self._posts = world, mechanism, posts
        self._levers, self._assumptions = frozenset(mechanism.levers), frozenset(mechanism.assumptions)
        self._decisions, self._stocks = frozenset(mechanism.decisions), frozenset(mechanism.posts)
        self._guards: dict[str, Guard] = {}

    def live(self, posts: Posts) -> None:
        """Run the mechanism for a month; views of tables that have other rows now are dropped before it."""
        self._posts, tables = posts, self._world.tables
        for name in [name for name, guard in self._guards.items() if not guard.stands_for(tables[name])]:
            self._drop(name)
        self._mechanism.run(self)

    def _drop(self, table: str) -> None:
        if self._guards.pop(table, None) is not None:
            del self.__dict__[table]

    def __getattr__(self, table: str) -> Guard:
        if table not in TABLES:
            raise AttributeError(table)
        guard = Guard(
            self._world.tables[table], self._mechanism.name, self._mechanism.reads, self._mechanism.writes
        )
        self.__dict__[table] = self._guards[table] = guard
        return guard

    def rule(self, lever: str) -> np.ndarray:
        """Return a declared lever's value in force, its area or hop axis last; not of a rule that is practised."""
        self._declared(lever, self._levers, "lever")
        if lever in practised_rows():
            raise ContractError(
                say("{mechanism} reads {lever} as written, but it counts as it is practised",
                    mechanism=self._mechanism.name, lever=lever)
            )  # fmt: skip
        return self._world.rules[lever]

    def practised(self, lever: str) -> np.ndarray:
        """Return what is practised of a declared lever that is a number: a number between the old rule and the new."""
        self._declared(lever, self._levers, "lever")
        return practised(self._world, lever)

    def practised_worth(self, lever: str, worth: ArrayLike) -> np.ndarray:
        """Return a declared choice's or flag's worth in practice; worth: one number for each listed value."""
        self._declared(lever, self._levers, "lever")
        return practised_worth(self._world, lever, worth)

    def practised_case(self, lever: str, area: np.ndarray, luck: np.ndarray) -> np.ndarray:
        """Return the value of a declared choice that each case is handled by; luck: one uniform a case."""
        self._declared(lever, self._levers, "lever")
        return practised_case(self._world, lever, area, luck)

    def coming(self, lever: str) -> tuple[np.ndarray, np.ndarray]:
        """Return, per area, in how many months a foreseen lever changes as announced, 0 for none, and which way."""
        self._declared(lever, self._mechanism.foresees, "coming rule")
        return coming(self._world, lever)

    def assume(self, name: str) -> float:
        """Return a declared assumption's value."""
        self._declared(name, self._assumptions, "assumption")
        return self._world.assume[name]

    def variant(self, name: str) -> int:
        """Return which of its listed values a declared assumption that is a choice takes, by its place in the list."""
        return assumptions()[name].choice(self.assume(name))

    def uniforms(self, decision: str, ids: np.ndarray, k: int = 0) -> np.ndarray:
        """Return one uniform in [0,1) per id for a declared decision this month, float64."""
        self._declared(decision, self._decisions, "decision")
        return self._world.draws.uniforms(decision, self._world.month, ids, k)

    def key(self, decision: str) -> np.uint64:
        """Return the stream key of a declared decision this month, for kernels that draw by themselves."""
        self._declared(decision, self._decisions, "decision")
        return self._world.draws.key(decision, self._world.month)

    def lasting_uniforms(self, decision: str, ids: np.ndarray) -> np.ndarray:
        """Return one uniform per id that is the same in every month: for what a person carries on."""
        self._declared(decision, self._decisions, "decision")
        return self._world.draws.uniforms(decision, 0, ids)

    def lasting_key(self, decision: str) -> np.uint64:
        """Return the stream key of a declared decision that is the same in every month: for draws a case carries on."""
        self._declared(decision, self._decisions, "decision")
        return self._world.draws.key(decision, 0)

    def post(
        self,
        stock: str,
        cause: str,
        gain: object = None,
        loss: object = None,
        rows: np.ndarray | None = None,
    ) -> None:
        """Post a change of a stock under a cause: gain and loss, both >= 0, an array or one number.

        rows: the residents concerned, each once, where most are not; else there is one number for each of all.
        """
        if (stock, cause) not in self._stocks:
            raise ContractError(
                say(
                    "{mechanism} posts {stock} by {cause} without declaring it",
                    mechanism=self._mechanism.name,
                    stock=stock,
                    cause=cause,
                )
            )
        self._posts.add(stock, cause, gain, loss, rows)

    def spread(self, by_block: np.ndarray) -> np.ndarray:
        """Return what each resident has of a number of their block: residents stand block by block."""
        return np.repeat(by_block, self._world.blocks.size)

    def sums(self, values: np.ndarray, unit: np.ndarray, n: int) -> np.ndarray:
        """Return the sum of a number of each resident over n units that are lists of blocks; unit: each block's row."""
        return np.bincount(unit, weights=self.by_block(values), minlength=n)

    def by_block(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of a number of each resident over each block, float64."""
        return block_sums(values, self._world.blocks.first, self._world.blocks.size)

    def by_area(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of a number of each resident over each area."""
        return self.sums(values, self._world.blocks.area, self._world.n_areas)

    @property
    def keeps_accounts(self) -> bool:
        """Whether anybody reads what is booked: only then is it worth working out."""
        return self._posts.accounts

    def book(self, measure: str, cause: str, values: np.ndarray) -> None:
        """Book what a cause contributed to a level this month, one number a resident."""
        self._declared((measure, cause), self._mechanism.books, "account")
        self._posts.book(measure, cause, values)

    def array(self, name: str) -> np.ndarray:
        """Return a declared array of the world: `ties`, `tie_activity`, `serving` or `distance`, read-only."""
        self._declared(name, self._mechanism.reads + self._mechanism.writes, "array")
        view = getattr(self._world, name).view()
        view.flags.writeable = False
        return view

    def renew(self, table: str, keep: np.ndarray, count: int) -> slice:
        """Keep the masked rows of a growing table and add rows at initial values; returns where the new ones stand.

        Only for the mechanism that writes the table's `id`: it says which rows exist, others write their columns.
        """
        self._declared(f"{table}.id", self._mechanism.writes, "table")
        old = self._world.tables[table]
        fresh = type(old).make(table, tuple(old.columns.values()), int(keep.sum()) + count, old.axes)
        for name in old:
            fresh.arrays[name][: fresh.n - count] = old.arrays[name][keep]
        self._put(table, fresh)
        return slice(fresh.n - count, fresh.n)

    def replace(self, table: str, count: int) -> None:
        """Start this month's rows of an inbox table afresh; only for a table whose columns the mechanism writes."""
        if not any(name.startswith(f"{table}.") for name in self._mechanism.writes):
            raise ContractError(
                say("{mechanism} may not refill {table}", mechanism=self._mechanism.name, table=table)
            )
        old = self._world.tables[table]
        self._put(table, type(old).make(table, tuple(old.columns.values()), count, old.axes))

    def _put(self, table: str, fresh: Table) -> None:
        self._world.tables[table] = fresh
        self._drop(table)  # what was kept of the old rows

    @property
    def cases(self) -> CaseTable:
        """The case table and the state of the service loop, for the mechanisms that declare `cases`."""
        self._declared("cases", self._mechanism.reads + self._mechanism.writes, "array")
        return self._world.cases

    @property
    def service(self) -> ServiceState:
        """The state of the service loop, for the mechanism that writes `cases`."""
        self._declared("cases", self._mechanism.writes, "array")
        return self._world.service

    @property
    def first_day(self) -> int:
        """Working day on which this month begins, counted from the world's first: a clock, not a date."""
        return self._world.first_day

    @property
    def season(self) -> int:
        """Month of the year, 0 in January: a season that returns, not a date."""
        return self._world.month % MONTHS_PER_YEAR

    @property
    def ledger(self) -> dict[str, int]:
        """Running counts that conservation is checked against; written by the mechanism that moves cases."""
        self._declared("cases", self._mechanism.writes, "array")
        return self._world.ledger

    def serving_rows(self, kind: str) -> np.ndarray:
        """Return, per area, the row of the office of a kind that serves it, -1 for none."""
        self._declared("serving", self._mechanism.reads, "array")
        return self._world.serving_rows(kind)

    def open_rows(self, kind: str) -> np.ndarray:
        """Return the rows of the open offices of a kind."""
        return self._world.open_rows(kind)

    def performers(self, item: np.ndarray, kind: np.ndarray, area: np.ndarray) -> np.ndarray:
        """Return the office that performs an item of this owner kind in an area, -1 for none."""
        from sim.world.duties import performer_rows

        self._declared("serving", self._mechanism.reads, "array")
        return performer_rows(self._world, item, kind, area)

    def _declared(self, name: object, allowed: Collection[object], what: str) -> None:
        if name not in allowed:
            hint = nearest(str(name), [str(one) for one in allowed]) or "-"
            raise ContractError(
                say(
                    "{mechanism} uses {what} {name} without declaring it (nearest declared: {hint})",
                    mechanism=self._mechanism.name,
                    what=what,
                    name=name,
                    hint=hint,
                )
            )


def columns_of(table: str, *names: str) -> tuple[str, ...]:
    """Return `table.column` for each name: the short way to write a declaration."""
    return tuple(f"{table}.{name}" for name in names)
