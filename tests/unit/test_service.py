"""The service loop in situations small enough to reckon by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numba import njit

from sim.base.errors import ContractError
from sim.mechanisms import window_kernel
from sim.mechanisms.service_kernel import batch_phase, serve
from sim.world.cases import (
    DONE,
    IN_SERVICE,
    LAPSED,
    MAIN,
    NEVER,
    QUEUED,
    RIVAL,
    TRANSIT,
    CaseTable,
    ServiceState,
)
from sim.world.service import DAY_TICKS, Offices, Pools, ServiceMonth, ServiceTables

HOUR = 3600
EIGHT_HOURS = 8 * HOUR
TABLES = ServiceTables(key=np.uint64(1))


def queue(n: int = 1, **columns) -> CaseTable:
    cases = CaseTable.empty()
    cases.append(n, **{"key": np.arange(n), "stops": [[0, -1, -1, -1]] * n} | columns)
    return cases


def offices(pool=(0,), layer=None, batch=None) -> Offices:
    n = len(pool)
    zeros = np.zeros(n, int)
    return Offices(
        np.array(pool),
        zeros if layer is None else np.array(layer),
        zeros if batch is None else np.array(batch),
        np.arange(n),
    )


def pools(servers=(1,), opening=EIGHT_HOURS) -> Pools:
    return Pools(np.array(servers), np.full(len(servers), opening), np.ones(len(servers)))


def run(cases: CaseTable, *, days: int = 1, first: int = 0, **kwargs) -> ServiceMonth:
    places, staff = kwargs.get("offices", offices()), kwargs.get("pools", pools())
    return serve(cases, places, staff, ServiceState.empty(), first, days, TABLES)


def test_waits_add_up_by_hand():
    """Three one-hour cases arriving together at one desk wait nothing, an hour and two hours."""
    cases = queue(3)
    month = run(cases)
    assert cases.waited.tolist() == [0, HOUR, 2 * HOUR]
    assert cases.end.tolist() == [HOUR, 2 * HOUR, 3 * HOUR]
    assert (month.free[0], month.usable[0]) == (5 * HOUR, 5 * HOUR)


def test_an_unfinished_case_keeps_its_remaining_work():
    """A three-hour case begun an hour before closing ends two hours into the next morning, months apart or not."""
    cases = queue(hours=3.0, joined=7 * HOUR)
    first = run(cases)
    assert (cases.state[0], cases.left[0], first.busy.sum()) == (IN_SERVICE, 2 * HOUR, HOUR)
    second = run(cases, first=1)
    assert (cases.state[0], cases.end[0], second.busy.sum()) == (DONE, DAY_TICKS + 2 * HOUR, 2 * HOUR)


def test_higher_ranks_go_first_and_do_not_interrupt():
    """A free desk takes the lowest rank waiting, but work begun is finished."""
    cases = queue(3, rank=[2, 1, 0], joined=[0, 10, 20])
    run(cases)
    assert cases.end.tolist() == [HOUR, 3 * HOUR, 2 * HOUR]


def test_joint_posts_serve_several_queues_as_one():
    """Two offices on one pool are one queue, and a file handed between them does not travel."""
    cases = queue(2, stops=[[0, 1, -1, -1], [1, -1, -1, -1]], joined=[0, HOUR // 2])
    run(cases, offices=offices((0, 0), layer=(0, 1), batch=(5, 5)))
    assert cases.end.tolist() == [3 * HOUR, 2 * HOUR]
    assert (cases.waited[0], cases.hand_offs[0]) == (HOUR, 1)


def test_a_file_of_the_same_layer_arrives_at_the_next_full_hour():
    """A file done at half past one joins the next office at two."""
    cases = queue(stops=[[0, 1, -1, -1]], hours=1.5)
    run(cases, offices=offices((0, 1)), pools=pools((1, 1)))
    assert cases.joined[0] == 2 * HOUR


def test_a_file_for_another_layer_leaves_with_the_batch():
    """A file crossing layers joins on the first tick of the sender's next batch day, and senders differ."""
    phase = batch_phase(np.arange(50), np.full(50, 5))
    assert set(phase.tolist()) == set(range(5))
    for day in range(10):
        cases = queue(stops=[[0, 1, -1, -1]], joined=day * DAY_TICKS)
        run(
            cases, days=1, first=day, offices=offices((0, 1), layer=(0, 1), batch=(5, 5)), pools=pools((1, 1))
        )
        arrives = cases.joined[0] // DAY_TICKS
        assert cases.state[0] == TRANSIT
        assert day < arrives <= day + 5
        assert (arrives + phase[0]) % 5 == 0


def test_patience_counts_from_joining():
    """Who waits longer than their patience lapses at that moment; a start at the very tick still counts."""
    cases = queue(3, patience=[NEVER, HOUR, HOUR - 1])
    month = run(cases)
    assert cases.state.tolist() == [DONE, DONE, LAPSED]
    assert (cases.end[2], cases.waited[2]) == (HOUR - 1, HOUR - 1)
    assert month.lapsed.sum() == 1


def test_a_promoted_case_overtakes_from_the_full_hour():
    """A due task of the lowest rank goes first from the first full hour after its promotion."""
    cases = queue(4, rank=[0, 0, 0, 2], promote=[NEVER, NEVER, NEVER, HOUR // 2], key=[1, 2, 3, 0])
    run(cases)
    assert cases.end.tolist() == [HOUR, 3 * HOUR, 4 * HOUR, 2 * HOUR]


def test_staff_who_leave_finish_their_case():
    """Of three at work one post remains: all finish their case, the first two leave, their time is overrun."""
    cases = queue(4, hours=[9.0, 10.0, 11.0, 1.0])
    run(cases, pools=pools((3,)))
    month = run(cases, first=1, pools=pools((1,)))
    assert cases.end.tolist()[:3] == [DAY_TICKS + h * HOUR for h in (1, 2, 3)]
    assert cases.end[3] == DAY_TICKS + 4 * HOUR
    assert (month.overrun[0], month.free[0]) == (3 * HOUR, 4 * HOUR)


def test_a_closed_office_hands_on_its_queue_with_seniority():
    """Cases re-addressed at a closure keep their place in time and are served before later ones."""
    cases = queue(
        3,
        stops=[[0, -1, -1, -1], [0, -1, -1, -1], [1, -1, -1, -1]],
        joined=[0, 0, 100],
        hours=[8.0, 1.0, 1.0],
    )
    both = offices((0, 1))
    run(cases, offices=both, pools=pools((1, 0)))
    cases.readdress(np.array([1, 1]))
    run(cases, first=1, offices=both, pools=pools((0, 1)))
    assert cases.end.tolist() == [EIGHT_HOURS, DAY_TICKS + HOUR, DAY_TICKS + 2 * HOUR]


@pytest.mark.parametrize("servers", [35, 64])
def test_a_large_pool_serves_all_at_once(servers):
    """A merged station with dozens of desks starts dozens of cases in the same tick."""
    cases = queue(servers + 1)
    run(cases, pools=pools((servers,)))
    assert (cases.waited == 0).sum() == servers
    assert cases.waited.max() == HOUR


def test_an_office_without_a_pool_keeps_its_cases():
    """Cases at an office that nobody staffs wait and are counted there."""
    cases = queue(2)
    month = run(cases, offices=offices((-1,)))
    assert (cases.state == QUEUED).all()
    assert month.waiting.sum() == 2


def test_protected_blocks_get_their_share_under_overload():
    """Blocks of the lowest rank, promoted before the week ends, get their fifth of an overloaded office's hours."""
    weeks, week = 8, 5 * DAY_TICKS
    n = 60 * weeks  # 60 hours of cases a week for 40 hours of desk
    cases = queue(n, rank=1, joined=np.sort(np.arange(n) % (weeks * 5)) * DAY_TICKS, cv=1.0)
    for w in range(weeks):
        blocks = cases.append(
            4, key=10**6 + 4 * w + np.arange(4), origin=2, rank=2, hours=2.0, stops=[[0, -1, -1, -1]] * 4
        )
        cases.joined[blocks] = w * week
        cases.promote[blocks] = w * week + np.array([1, 2, 3, 4]) * DAY_TICKS
    month = run(cases, days=weeks * 5)
    assert month.free[0] == 0
    assert month.busy[0, 2] / month.open[0] == pytest.approx(0.2, abs=1e-9)


def test_days_must_continue():
    """A call for days that do not follow the last one is refused."""
    state = ServiceState.empty()
    serve(queue(), offices(), pools(), state, 0, 1, TABLES)
    with pytest.raises(ContractError, match="not to day 5"):
        serve(queue(), offices(), pools(), state, 5, 1, TABLES)


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ({"stops": [[-1, -1, -1, -1]]}, "no office"),
        ({"stops": [[0, 7, -1, -1]]}, "office that does not exist"),
        ({"rank": 3}, "rank"),
        ({"elements": [[5, 0, 0, 0]]}, "kind"),
    ],
)
def test_what_would_go_astray_is_refused(fault, complaint):
    """Rows, ranks and elements that do not exist are refused before the compiled loop would follow them."""
    with pytest.raises(ContractError, match=complaint):
        run(queue(**fault))


def test_the_compiled_loop_counts_no_references():
    """In the compiled loop no reference is counted outside the entry block: it would cost two to twenty-five times."""
    run(queue())
    signature = window_kernel.run_windows.signatures[0]
    fresh = njit(nogil=True, error_model="numpy")(
        window_kernel.run_windows.py_func
    )  # a cached one shows nothing
    fresh.compile(signature)
    body = fresh.inspect_llvm(fresh.signatures[0]).split("\ndefine ")
    block, found = "", []
    for line in next(part for part in body if "run_windows" in part.split("(")[0]).split("\n"):
        block = line.split(":")[0] if re.match(r"^[\w.$\"]+:", line) else block
        if "call void @NRT_incref" in line:
            found.append(block)
    assert {name for name in found if not name.startswith("B0")} == set()


def disputed(passes: int, **columns) -> CaseTable:
    """Return one case of an hour's work that offices 0 and 1 may both own, a look being a quarter of that."""
    return queue(stops=[[0, 1, -1, -1]], elements=[[MAIN, RIVAL, MAIN, MAIN]], passes=passes, **columns)


QUARTER_LOOK = ServiceTables(key=np.uint64(1), share=np.array([1.0, 0.25, 0.3, 0.0]))


@pytest.mark.parametrize(
    ("passes", "end", "owner"),
    [(0, HOUR, 0), (1, 2 * HOUR, 1), (2, 3 * HOUR, 0), (3, 4 * HOUR, 1)],
)
def test_two_owners_pass_a_case_as_often_as_it_says(passes, end, owner):
    """Looked at, handed over to arrive at the next full hour, and in the end done in an hour by whoever has it."""
    cases = disputed(passes)
    serve(cases, offices((0, 1)), pools((1, 1)), ServiceState.empty(), 0, 1, QUARTER_LOOK)
    assert (cases.state[0], cases.end[0], cases.hand_offs[0], cases.passes[0]) == (DONE, end, passes, 0)
    assert cases.performer[0] == owner


def test_a_disputed_case_keeps_its_place_over_months():
    """Day by day or all at once, a case passed on three times ends at the same tick, work left and all."""
    ends = []
    for days in (1, 6):
        cases, state = disputed(3, joined=6 * HOUR, hours=9.0), ServiceState.empty()
        for day in range(0, 6, days):
            serve(cases, offices((0, 1)), pools((1, 1)), state, day, days, QUARTER_LOOK)
        ends.append((int(cases.end[0]), int(cases.hand_offs[0])))
    assert ends[0] == ends[1]
    assert ends[0][0] > 0


@pytest.mark.parametrize("staff", [(0, 0), (1, 0), (0, 1)])
def test_a_disputed_case_nobody_can_take_is_given_up(staff):
    """Without people in one of the two offices a case passed on once waits there until patience is over."""
    cases = disputed(1, patience=2 * HOUR)
    serve(cases, offices((0, 1)), pools(staff), ServiceState.empty(), 0, 2, QUARTER_LOOK)
    assert cases.state[0] == LAPSED


def test_a_rival_that_is_gone_disputes_nothing():
    """Where the rival closes, or both become one office, the case is done by the one that is left."""
    for heir in ([0, -1], [0, 0]):
        cases = disputed(4)
        cases.readdress(np.array(heir))
        run(cases)
        assert (cases.state[0], cases.end[0], cases.hand_offs[0]) == (DONE, HOUR, 0)


def test_a_case_without_a_rival_cannot_be_passed_on():
    """The loop refuses it in words."""
    with pytest.raises(ContractError, match="second possible owner"):
        run(queue(passes=1))


def test_a_pool_says_in_which_lane_a_rank_queues():
    """The same three cases in the order of their ranks, in the order they came, and backwards."""
    orders = {(0, 1, 2): [2, 1, 0], (1, 1, 1): [0, 1, 2], (2, 1, 0): [0, 1, 2]}
    for lanes, order in orders.items():
        cases = queue(3, rank=[2, 1, 0])
        run(cases, pools=Pools(np.array([1]), np.array([EIGHT_HOURS]), np.ones(1), np.array([lanes])))
        assert np.argsort(cases.end).tolist() == order, lanes
