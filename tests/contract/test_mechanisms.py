"""One test for every mechanism: its declaration is complete, true, and names nothing it does not use."""

from __future__ import annotations

import pytest

from sim.base.errors import ContractError
from sim.catalogue import assumptions, causes, levers, measures
from sim.enact import CARRIED_OUT, enact
from sim.mechanisms.contract import Context, Mechanism
from sim.mechanisms.guard import Guard
from sim.mechanisms.posts import Posts
from sim.mechanisms.settle import settle
from sim.model import new_world
from sim.schedule import SCHEDULE, without
from sim.world.columns import RESIDENTS, STOCKS, TABLES
from sim.world.practice import practised_rows
from tests.paired.worlds import small

ARRAYS = ("ties", "tie_activity", "serving", "distance", "cases")
BY_NAME = {m.name: m for m in SCHEDULE}
COLUMNS = {f"{table}.{column.name}": column for table, columns in TABLES.items() for column in columns}


class Spy(Context):
    """A context that notes what a mechanism really asks for."""

    def __init__(self, world, mechanism, posts, seen):
        super().__init__(world, mechanism, posts)
        self.__dict__["seen"] = seen

    def __getattr__(self, table):
        self.__dict__[table] = spy = SpyGuard(super().__getattr__(table), table, self.seen)
        return spy

    def _declared(self, name, allowed, what):
        self.seen.add(name)
        super()._declared(name, allowed, what)

    def coming(self, lever):
        self.seen.add(("coming", lever))
        return super().coming(lever)

    def post(self, stock, cause, *amounts, **more):
        self.seen.add((stock, cause))
        super().post(stock, cause, *amounts, **more)


class SpyGuard:
    """A guarded table that notes the columns asked for."""

    def __init__(self, guard: Guard, table: str, seen: set):
        self.__dict__.update(guard=guard, table=table, seen=seen)

    def __getattr__(self, column):
        value = getattr(self.guard, column)
        if column != "n":
            self.seen.add(f"{self.table}.{column}")
        return value


@pytest.fixture(scope="module")
def used() -> dict[str, set]:
    """What every mechanism asked for in the reformed years of two places: gate, ballots and an election; purchases."""
    seen: dict[str, set] = {m.name: set() for m in SCHEDULE}
    for name in ("tongling_gate", "jinjiang"):
        _note_uses(small(name), seen)
    return seen


def _note_uses(scenario, seen):
    world = new_world(scenario, 3)
    last = max(*scenario.timeline.months(), world.month + 40)
    while world.month < last + 14:
        enact(world, scenario.timeline)
        posts = Posts(world.residents.n, accounts=True)
        for mechanism in SCHEDULE:
            mechanism.run(Spy(world, mechanism, posts, seen[mechanism.name]))
        settle(world, posts)
        world.month += 1


@pytest.mark.parametrize("mechanism", SCHEDULE, ids=lambda m: m.name)
def test_a_declaration_names_only_what_exists(mechanism: Mechanism):
    """Columns, arrays, levers, assumptions and stocks of a declaration stand in their catalogues."""
    assert [n for n in (*mechanism.reads, *mechanism.writes) if n not in COLUMNS and n not in ARRAYS] == []
    assert [n for n in mechanism.levers if n not in levers()] == []
    assert [n for n in mechanism.assumptions if n not in assumptions()] == []
    assert [stock for stock, _ in mechanism.posts if stock not in STOCKS] == []
    assert [measure for measure, _ in mechanism.books if measure not in measures()] == []
    assert [cause for _, cause in (*mechanism.posts, *mechanism.books) if cause not in causes()] == []
    assert all(d.startswith(f"{mechanism.name}.") for d in mechanism.decisions)


@pytest.mark.parametrize("mechanism", SCHEDULE, ids=lambda m: m.name)
def test_a_mechanism_uses_all_that_it_declares(mechanism: Mechanism, used):
    """Nothing stands in a declaration that a year of running never touched."""
    declared = {
        *mechanism.reads,
        *mechanism.writes,
        *mechanism.levers,
        *(("coming", lever) for lever in mechanism.foresees),
        *mechanism.assumptions,
        *mechanism.posts,
        *mechanism.books,
        *mechanism.decisions,
    }

    assert declared - used[mechanism.name] - {"ties", "cases"} == set()


@pytest.mark.parametrize("mechanism", SCHEDULE, ids=lambda m: m.name)
def test_an_announcement_is_seen_by_who_declares_to_foresee_it_alone(mechanism: Mechanism):
    """Nobody reads the columns of announcements past the contract: worlds are one until a foreseen lever is told of."""
    assert {"practice.coming", "practice.months_ahead"} & {*mechanism.reads, *mechanism.writes} == set()
    assert set(mechanism.foresees) <= set(practised_rows())


@pytest.mark.parametrize("mechanism", SCHEDULE, ids=lambda m: m.name)
def test_a_docstring_states_claim_rule_and_what_is_left_out(mechanism: Mechanism):
    """The module of a mechanism says what it leaves out, and its question is a question."""
    import sys

    text = sys.modules[mechanism.run.__module__].__doc__

    assert "Left out:" in text
    assert mechanism.question.endswith("?")


def test_every_column_is_written_by_its_one_writer():
    """The writer a column names is the mechanism that declares the write, and no other does."""
    writers = {name: [m.name for m in SCHEDULE if name in m.writes] for name in COLUMNS}

    assert {n: w for n, w in writers.items() if w and w != [COLUMNS[n].writer]} == {}
    unwritten = [n for n, c in COLUMNS.items() if c.writer in BY_NAME and not writers[n]]
    assert unwritten == []


def test_every_lever_that_claims_a_reader_is_read_by_it():
    """`read_by` in the lever catalogue and what mechanisms declare, or `enact` carries out, are the same."""
    readers = {lever: {m.name for m in SCHEDULE if lever in m.levers} for lever in levers()}
    for lever in CARRIED_OUT:
        readers[lever].add("enact")

    assert {
        lever: (set(row.read_by), readers[lever])
        for lever, row in levers().items()
        if set(row.read_by) != readers[lever]
    } == {}


def test_every_assumption_is_read_by_the_mechanism_it_names():
    """An assumption that names a mechanism of the schedule is declared by it."""
    wrong = [
        name
        for name, row in assumptions().items()
        if row.mechanism in BY_NAME and name not in BY_NAME[row.mechanism].assumptions
    ]

    assert wrong == []


def test_an_undeclared_column_is_refused():
    """A mechanism that touches what it did not declare stops with a contract error, and cannot write what it reads."""
    world = new_world(small(), 1)
    reader = Mechanism("reader", "?", lambda c: None, reads=("residents.age",))
    context = Context(world, reader, Posts(world.residents.n))

    with pytest.raises(ContractError, match="income"):
        _ = context.residents.income
    with pytest.raises(ValueError, match="read-only"):
        context.residents.age[0] = 1


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_mechanism_can_be_switched_off_by_name(name):
    """The schedule without a mechanism keeps all the others in order."""
    assert [m.name for m in without((name,))] == [m.name for m in SCHEDULE if m.name != name]


def test_a_mechanism_cannot_see_dates_reforms_or_scenarios():
    """The context offers neither month, timeline nor scenario to a mechanism."""
    world = new_world(small(), 1)
    context = Context(world, SCHEDULE[0], Posts(1))

    assert not any(hasattr(context, name) for name in ("month", "timeline", "scenario", "reform", "world"))


def test_stocks_are_written_by_settle_alone():
    """Every stock names `settle`, and no mechanism declares a write to one."""
    assert all(c.writer == "settle" for c in RESIDENTS if c.kind == "stock")
    assert [
        n for m in SCHEDULE for n in m.writes if n.split(".")[-1] in STOCKS and n.startswith("residents.")
    ] == []
