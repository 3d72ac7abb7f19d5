"""What gets done, when, by whom, and what is left undone?

The month's new work joins what is open, and the continuous-time loop over every office runs (service_kernel.py):
assigned and inspected work first, residents next, other assigned work after them, the office's own blocks last.
    arrivals: uniform over the working days and hours of the month
    assigned work lapses when nobody began it within its time; residents give up a visit after their patience
    a protected share of the committee's hours enters as two-hour blocks, promoted to the front on the week's last
    day: exact under overload, and conserved like any other work
Left out: returns for correction; residents who come back another day.
"""

from __future__ import annotations

import numpy as np

from sim.draws import row_keys
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.service_kernel import serve
from sim.world.cases import DONE, LAPSED
from sim.world.service import DAY_TICKS, Offices, Pools, ServiceTables
from sim.world.world import DAYS_PER_MONTH

ASSIGNED, RESIDENT, OWN = range(3)
# Within a priority residents come before assigned work; rank 0 is left to promoted blocks.
ORDER_IN_PRIORITY = np.array([2, 1, 3])
RANKS = 13
OPEN_SECONDS, BLOCK_HOURS, DAYS_PER_WEEK = 28_800, 2.0, 5
HOUR = 3600.0


def run(c: Context) -> None:
    """Serve the month and write down what ended, how hours were used and what departments see."""
    cases = c.cases
    cases.compact()
    _file_assigned(c)
    _file_residents(c)
    _file_blocks(c)
    offices = c.institutions
    month = serve(
        cases,
        Offices(
            offices.pool, offices.layer, np.full(offices.n, round(c.assume("handoff.batch_days"))), offices.id
        ),
        Pools(c.pools.servers, c.pools.open_ticks, c.pools.speed),
        c.service,
        c.first_day,
        DAYS_PER_MONTH,
        _tables(c),
    )
    _hours(c, month)
    _end(c)
    _report(c, month)


def _tables(c: Context) -> ServiceTables:
    share = np.array([1.0, c.assume("service.desk_check_share"), c.assume("service.approval_share")])
    return ServiceTables(
        key=c.lasting_key("serve.hours"), share=share, cap=c.assume("service.hours_cap"), ranks=RANKS
    )


def _arrival(c: Context, keys: np.ndarray) -> np.ndarray:
    """Return the tick each case arrives at: a working day of the month and a second of its opening hours."""
    day = np.floor(c.uniforms("serve.day", keys) * DAYS_PER_MONTH)
    second = np.floor(c.uniforms("serve.second", keys) * OPEN_SECONDS)
    return ((c.first_day + day) * DAY_TICKS + second).astype(np.int32)


def _rank(c: Context, item: np.ndarray) -> np.ndarray:
    return c.items.priority[item] * 3 + ORDER_IN_PRIORITY[c.items.origin[item]]


def _file_assigned(c: Context) -> None:
    inbox, items = c.assigned, c.items
    stops = np.full((inbox.n, 4), -1, np.int32)
    stops[:, 0] = inbox.performer
    arrive, hours = _arrival(c, inbox.key), items.hours[inbox.item] * c.assume("tasks.hours_scale")
    c.cases.append(
        inbox.n,
        key=inbox.key,
        origin=ASSIGNED,
        item=inbox.item,
        area=inbox.area,
        source=inbox.department,
        tag=inbox.asked,
        rank=_rank(c, inbox.item),
        hours=hours,
        cv=items.cv[inbox.item],
        patience=int(c.assume("service.expiry_days") * DAY_TICKS),
        filed=arrive,
        joined=arrive,
        stops=stops,
    )
    c.institutions.wanted[:] = np.bincount(inbox.performer, weights=hours, minlength=c.institutions.n)
    _count(c, "assigned", inbox.n)


def _file_residents(c: Context) -> None:
    inbox, items = c.filed, c.items
    arrive = _arrival(c, inbox.key)
    c.cases.append(
        inbox.n,
        key=inbox.key,
        origin=RESIDENT,
        item=inbox.item,
        area=c.residents.area[inbox.resident],
        source=inbox.resident,
        rank=_rank(c, inbox.item),
        hours=items.hours[inbox.item],
        cv=items.cv[inbox.item],
        patience=int(c.assume("service.patience_days") * DAY_TICKS),
        filed=arrive,
        joined=arrive,
        stops=inbox.stops,
        elements=inbox.elements,
    )
    share = _tables(c).share[inbox.elements] * items.hours[inbox.item][:, None]
    there = inbox.stops >= 0
    np.add.at(c.institutions.wanted, inbox.stops[there], share[there])
    _count(c, "resident", inbox.n)


def _file_blocks(c: Context) -> None:
    """Put the protected share of every committee's hours into the queue, week by week."""
    offices, rows = c.institutions, c.open_rows("residents_committee")
    share = c.rule("protected_share")[offices.seat[rows]]
    pool = offices.pool[rows]
    hours = share * c.pools.servers[pool] * c.pools.open_ticks[pool] / HOUR * DAYS_PER_MONTH
    weeks = DAYS_PER_MONTH // DAYS_PER_WEEK
    due = hours / weeks / BLOCK_HOURS
    item = int(np.flatnonzero(c.items.origin == OWN)[0])
    for week in range(weeks):
        luck = c.uniforms("serve.block", offices.id[rows], week)
        count = (np.floor(due) + (luck < due - np.floor(due))).astype(np.int64)
        office = np.repeat(rows, count)
        ordinal = np.arange(len(office)) - np.repeat(np.cumsum(count) - count, count)
        start = (c.first_day + week * DAYS_PER_WEEK) * DAY_TICKS
        stops = np.full((len(office), 4), -1, np.int32)
        stops[:, 0] = office
        name = offices.id[office] * np.uint64(4096) + np.uint64(512 * week) + ordinal.astype(np.uint64)
        c.cases.append(
            len(office),
            key=row_keys(c.key("serve.block"), name),
            origin=OWN,
            item=item,
            area=offices.seat[office],
            rank=RANKS - 1,
            promote=start + (DAYS_PER_WEEK - 1) * DAY_TICKS,
            # A block is time, not work: haste does not shorten it.
            hours=BLOCK_HOURS / c.pools.speed[offices.pool[office]],
            filed=start,
            joined=start,
            stops=stops,
        )
        _count(c, "own", len(office))


def _count(c: Context, what: str, n: int) -> None:
    c.ledger[f"cases_{what}"] = c.ledger.get(f"cases_{what}", 0) + int(n)


def _hours(c: Context, month: object) -> None:
    """Say how the people of every pool spent their open hours, under the office the pool belongs to."""
    offices = c.institutions
    rank = np.arange(RANKS)
    origin = np.select([rank == 0, rank % 3 == 2, rank % 3 == 1], [OWN, ASSIGNED, RESIDENT], OWN)
    known = offices.pool >= 0
    owns = known & (c.pools.id[np.maximum(offices.pool, 0)] == offices.id)
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
    for what, state in (("done", DONE), ("lapsed", LAPSED)):
        c.ledger[f"cases_{what}"] = c.ledger.get(f"cases_{what}", 0) + int((cases.state == state).sum())
    mine = over[cases.origin[over] == ASSIGNED]
    for column, state in (("completed", DONE), ("lapsed", LAPSED)):
        here = mine[cases.state[mine] == state]
        counts = getattr(c.departments, column)
        counts[:] = 0
        np.add.at(counts, (cases.source[here], cases.area[here], cases.tag[here]), 1)


def _report(c: Context, month: object) -> None:
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
        *columns_of("assigned", "key", "item", "area", "department", "asked", "performer"),
        *columns_of("filed", "key", "item", "resident", "stops", "elements"),
        *columns_of("items", "origin", "priority", "hours", "cv"),
        *columns_of("pools", "id", "servers", "open_ticks", "speed"),
        *columns_of("institutions", "id", "pool", "layer", "seat"),
        "residents.area",
    ),
    writes=(
        "cases",
        *columns_of(
            "ended",
            "key",
            "item",
            "area",
            "resident",
            "office",
            "is_done",
            "wait_days",
            "hand_offs",
            "origin",
        ),
        *columns_of(
            "institutions",
            "wanted",
            "hours_assigned",
            "hours_services",
            "hours_protected",
            "hours_open",
            "hours_free",
            "hours_usable",
            "wait_shown",
        ),
        *columns_of("departments", "completed", "lapsed"),
    ),
    levers=("protected_share",),
    assumptions=(
        "handoff.batch_days",
        "tasks.hours_scale",
        "service.desk_check_share",
        "service.approval_share",
        "service.hours_cap",
        "service.expiry_days",
        "service.patience_days",
    ),
    decisions=tuple(f"serve.{d}" for d in ("day", "second", "block", "hours")),
)
