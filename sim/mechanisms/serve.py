"""What gets done, when, by whom, how well, and what is left undone?

The month's new work joins what is open (filing.py says how), and the continuous-time loop over every office runs
(service_kernel.py): in the order the rules give, else assigned and inspected work first, residents next, other
assigned work after them, the office's own blocks last.
    done well with probability h^b, h the time given against the standard (staff_offices)
    a resident's case done badly comes back with probability `returns.share`, less where data are collected once, work
    from above that goes first with probability `returns.assigned`: a matter takes a geometric number of visits
    trips of a resident = 1 + hand-offs x trips per hand-off (none inside one window, fewer where data are shared)
Left out: cases given up that are filed again.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.filing import (
    ASSIGNED,
    HOUR,
    ORDER_IN_PRIORITY,
    OWN,
    RANKS,
    RESIDENT,
    batch_days,
    bring_back,
    element_shares,
    file_assigned,
    file_blocks,
    file_residents,
    lanes,
    want_returned,
)
from sim.mechanisms.service_kernel import serve
from sim.world.cases import DONE, LAPSED
from sim.world.service import DAY_TICKS, Offices, Pools, ServiceMonth, ServiceTables
from sim.world.world import DAYS_PER_MONTH

FIRST = int(ORDER_IN_PRIORITY[ASSIGNED])  # the rank of work from above that goes before everything else


def run(c: Context) -> None:
    """Serve the month and write down what ended, how hours were used and what departments see."""
    cases = c.cases
    cases.compact()
    want_returned(c)
    file_assigned(c)
    file_residents(c)
    file_blocks(c)
    offices = c.institutions
    month = serve(
        cases,
        Offices(offices.pool, offices.layer, batch_days(c), offices.id),
        Pools(c.pools.servers, c.pools.open_ticks, c.pools.speed, _lanes(c)),
        c.service,
        c.first_day,
        DAYS_PER_MONTH,
        ServiceTables(
            key=c.lasting_key("serve.hours"),
            share=element_shares(c),
            cap=c.assume("service.hours_cap"),
            ranks=RANKS,
        ),
    )
    _hours(c, month)
    _end(c)
    _report(c, month)


def _owns(c: Context) -> np.ndarray:
    """Return which offices give their name to the pool they are served by."""
    offices = c.institutions
    return (offices.pool >= 0) & (c.pools.id[np.maximum(offices.pool, 0)] == offices.id)


def _lanes(c: Context) -> np.ndarray:
    """Return each pool's lanes: the order in force at the seat of the office it belongs to."""
    offices, order, owns = c.institutions, np.zeros(c.pools.n), _owns(c)
    luck = c.lasting_uniforms("serve.order", offices.id[owns])
    order[offices.pool[owns]] = c.practised_case("service.priority", offices.seat[owns], luck)
    return lanes(order)


def _hours(c: Context, month: ServiceMonth) -> None:
    """Say how the people of every pool spent their open hours, under the office the pool belongs to."""
    offices = c.institutions
    rank = np.arange(RANKS)
    origin = np.select([rank == 0, rank % 3 == 2, rank % 3 == 1], [OWN, ASSIGNED, RESIDENT], OWN)
    known = offices.pool >= 0
    owns = _owns(c)
    for column, kind in (
        ("hours_assigned", ASSIGNED),
        ("hours_services", RESIDENT),
        ("hours_protected", OWN),
    ):
        busy = month.busy[:, origin == kind].sum(axis=1) / HOUR
        of_pool = np.bincount(offices.pool[known], weights=busy[known], minlength=c.pools.n)
        getattr(offices, column)[:] = np.where(owns, of_pool[offices.pool], 0.0)
    for column, ticks in (
        ("hours_open", month.open + month.overrun),
        ("hours_free", month.free),
        ("hours_usable", month.usable),
    ):
        getattr(offices, column)[:] = np.where(owns, (ticks / HOUR)[offices.pool], 0.0)


def _end(c: Context) -> None:
    """Fill the table of cases that ended, with the office that did or would have done the work."""
    cases = c.cases
    over = np.flatnonzero((cases.state >= DONE) & (cases.origin != OWN))
    c.replace("ended", len(over))
    ended, done = c.ended, cases.state[over] == DONE
    where = cases.stops[over, cases.stage[over]]
    ended.key[:], ended.item[:], ended.area[:] = cases.key[over], cases.item[over], cases.area[over]
    ended.origin[:], ended.is_done[:] = cases.origin[over], done
    ended.office[:] = np.where(done, cases.performer[over], where)
    ended.resident[:] = np.where(cases.origin[over] == RESIDENT, cases.source[over], -1)
    ended.wait_days[:] = (cases.end[over] - cases.filed[over]) / DAY_TICKS
    ended.hand_offs[:] = cases.hand_offs[over]
    _judge(c, cases.rank[over] == FIRST)
    _travel(c)
    for what, state in (("done", DONE), ("lapsed", LAPSED)):
        c.ledger[f"cases_{what}"] = c.ledger.get(f"cases_{what}", 0) + int((cases.state == state).sum())
    mine, returned = over[cases.origin[over] == ASSIGNED], np.zeros(cases.n, np.bool_)
    returned[over] = ended.is_returned == 1
    for column, state in (("completed", DONE), ("lapsed", LAPSED)):
        here = mine[(cases.state[mine] == state) & ~returned[mine]]
        counts = getattr(c.departments, column)
        counts[:] = 0
        np.add.at(counts, (cases.source[here], cases.area[here], cases.tag[here]), 1)
    bring_back(c, over[ended.is_returned == 1])


def _judge(c: Context, goes_first: np.ndarray) -> None:
    """Say which ended cases were done well, and which come back for correction; goes_first: were of first priority."""
    ended, once = c.ended, c.practised_worth("data.collect_once", (1.0, c.assume("collect_once.returns")))
    quality = c.pools.quality[np.maximum(c.institutions.pool[ended.office], 0)]
    well = c.uniforms("serve.well", ended.key) < quality
    ended.is_solved[:] = ended.is_done & well
    asked = c.assume("returns.share") * once[ended.area]
    sent = c.assume("returns.assigned") * goes_first
    share = np.where(ended.origin == RESIDENT, asked, sent)
    badly = (ended.is_done == 1) & (ended.is_solved == 0)
    ended.is_returned[:] = badly & (c.uniforms("serve.returned", ended.key) < share)
    c.areas.returned[:] = np.bincount(ended.area[ended.is_returned == 1], minlength=c.areas.n)


def _travel(c: Context) -> None:
    """Count the trips each ended case cost its resident."""
    ended = c.ended
    each = c.assume("trips.per_hand_off") * (1 - c.practised("station.one_window")[ended.area])
    once = c.practised_worth("data.collect_once", (1.0, c.assume("collect_once.trips")))[ended.area]
    ended.trips[:] = np.where(ended.origin == RESIDENT, 1 + ended.hand_offs * each * once, 0.0)


def _report(c: Context, month: ServiceMonth) -> None:
    """Show residents the wait to expect: last month's mean wait of residents' cases that were begun, half renewed."""
    offices, residents = c.institutions, np.arange(RANKS) % 3 == 1
    starts = month.starts[:, residents].sum(axis=1)
    mean = month.wait_ticks[:, residents].sum(axis=1) / np.maximum(starts, 1) / DAY_TICKS
    offices.wait_shown[:] = np.where(starts > 0, 0.5 * offices.wait_shown + 0.5 * mean, offices.wait_shown)


MECHANISM = Mechanism(
    name="serve",
    question="What gets done, when, by whom, and what is left undone?",
    run=run,
    reads=(
        *columns_of("assigned", "key", "item", "area", "department", "asked", "performer", "hired"),
        *columns_of("filed", "key", "item", "resident", "stops", "elements", "passes", "hired"),
        *columns_of("items", "origin", "priority", "hours", "cv", "owner", "level"),
        *columns_of("pools", "id", "servers", "open_ticks", "speed", "quality"),
        *columns_of("institutions", "id", "pool", "layer", "seat", "is_open"),
        "serving",
        "residents.area",
        *columns_of("areas", "attention", "message_days", "message_days_at_start"),
    ),
    writes=(
        "cases",
        "areas.returned",
        *columns_of("ended", "key", "item", "area", "resident", "office", "is_done", "wait_days", "hand_offs"),
        *columns_of("ended", "origin", "is_solved", "is_returned", "trips"),
        *columns_of("institutions", "wanted", "hours_assigned", "hours_services", "hours_protected", "hours_open"),
        *columns_of("institutions", "hours_free", "hours_usable", "wait_shown"),
        *columns_of("departments", "completed", "lapsed"),
    ),
    levers=(
        "protected_share", "service.priority", "station.one_window", "data.collect_once", "assessment.allowed_from",
        "cross_holding.chi",
    ),
    assumptions=(
        "handoff.batch_days",
        "attention.batch",
        "attention.late",
        "coordination.hand_offs",
        "tasks.hours_scale",
        "service.desk_check_share",
        "service.approval_share",
        "service.hours_cap",
        "service.expiry_days",
        "service.patience_days",
        "returns.share",
        "returns.assigned",
        "collect_once.returns",
        "collect_once.trips",
        "trips.per_hand_off",
    ),
    decisions=tuple(
        f"serve.{d}"
        for d in ("day", "second", "block", "hours", "well", "returned", "back", "assessed", "order", "batch")
    ),
)  # fmt: skip
