"""The case table: grows, drops the ended, re-addresses, and keeps order."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from sim.base.errors import ContractError
from sim.world.cases import CASES, DONE, IN_SERVICE, LAPSED, NEVER, QUEUED, CaseTable


def table(states: list[int]) -> CaseTable:
    cases = CaseTable.empty(2)
    n = len(states)
    cases.append(n, key=np.arange(n), state=states, stops=[[0, 1, -1, -1]] * n, joined=100)
    return cases


def test_columns_are_declared_once():
    """Every column has a name of its own, a unit and a meaning."""
    assert len({c.name for c in CASES}) == len(CASES)
    assert all(c.unit and c.meaning for c in CASES)


def test_a_table_grows_and_keeps_its_rows():
    """Appending beyond the room keeps what was there and starts unnamed columns at their initial value."""
    cases = table([QUEUED] * 3)
    rows = cases.append(500, key=np.arange(3, 503))
    assert (cases.key == np.arange(503)).all()
    assert rows.tolist() == list(range(3, 503))
    assert (cases.patience[3:] == NEVER).all()
    assert (cases.stops[3:] == -1).all()


def test_a_mistyped_column_is_refused():
    """An unknown column is refused and the nearest named."""
    with pytest.raises(ContractError, match="patience"):
        CaseTable.empty().append(1, patiense=3)
    with pytest.raises(AttributeError):
        CaseTable.empty().patiense  # noqa: B018 - reading it is the point


def test_ended_cases_cost_nothing():
    """Compacting drops done and lapsed rows, keeps the others in order and says which."""
    cases = table([QUEUED, DONE, IN_SERVICE, LAPSED, QUEUED])
    assert cases.compact().tolist() == [0, 2, 4]
    assert cases.key.tolist() == [0, 2, 4]


def test_a_live_case_is_small():
    """A row takes at most 96 bytes."""
    cases = CaseTable.empty(1000)
    assert cases.nbytes <= 96 * 1000


def test_closing_sends_on_what_has_not_begun():
    """Re-addressing changes waiting and later stops, keeps seniority, and leaves what is in service or done."""
    cases = table([QUEUED, IN_SERVICE, DONE])
    assert cases.readdress(np.array([7, 8])) == 2
    assert cases.stops[:, :2].tolist() == [[7, 8], [0, 8], [0, 1]]
    assert (cases.joined == 100).all()


def test_lapsing_ends_what_waits():
    """Lapsing ends queued cases with their wait booked and leaves what is in service."""
    cases = table([QUEUED, IN_SERVICE])
    cases.lapse(np.arange(2), 150)
    assert cases.state.tolist() == [LAPSED, IN_SERVICE]
    assert (cases.end[0], cases.waited[0]) == (150, 50)


def test_the_performer_does_the_work_itself():
    """The performer is the office of the first stop whose element is the work, not a desk check."""
    cases = CaseTable.empty()
    cases.append(2, stops=[[3, 5, -1, -1], [3, -1, -1, -1]], elements=[[1, 0, 0, 0], [1, 0, 0, 0]])
    assert cases.performer.tolist() == [5, -1]


def test_a_table_pickles_and_copies():
    """A copy is independent, and a pickled table comes back the same."""
    cases = table([QUEUED, DONE])
    twin, back = cases.copy(), pickle.loads(pickle.dumps(cases))
    cases.key[0] = 99
    assert twin.key[0] == back.key[0] == 0
