"""How new work becomes cases: when it arrives, before whom it waits, and how long it keeps. Used by `serve` alone.

arrivals: uniform over the working days and hours of the month
assigned work lapses when nobody began it within its time; residents give up a visit after their patience
a protected share of the committee's hours enters as two-hour blocks, promoted to the front on the week's last
day: exact under overload, and conserved like any other work
files for another layer leave in batches, the rarer the thinner attention from above is; a task that is longer on its
way down than when the world began has that much less time left
a resident's case done badly comes back next month, under a new name, to whoever did it
"""

from __future__ import annotations

import numpy as np

from sim.draws import row_keys
from sim.mechanisms.assessment import ASSESSED, NOT_ASSESSED, may_assess
from sim.mechanisms.contract import Context
from sim.mechanisms.cross_holding import cross_held
from sim.world.cases import APPROVAL, FUTURE, MAIN, MAX_STOPS
from sim.world.service import DAY_TICKS
from sim.world.world import DAYS_PER_MONTH

ASSIGNED, RESIDENT, OWN = range(3)
# Within a priority residents come before assigned work; rank 0 is left to promoted blocks.
ORDER_IN_PRIORITY = np.array([2, 1, 3])
RANKS = 13
OPEN_SECONDS, BLOCK_HOURS, DAYS_PER_WEEK = 28_800, 2.0, 5
HOUR, MONTH_TICKS = 3600.0, DAYS_PER_MONTH * DAY_TICKS


def element_shares(c: Context) -> np.ndarray:
    """Return the hours of each element against the main one: the work, a desk check, an approval, no stop."""
    return np.array([1.0, c.assume("service.desk_check_share"), c.assume("service.approval_share"), 0.0])


def batch_days(c: Context) -> np.ndarray:
    """Return every how many days each office's files for another layer leave together.

    Longer where attention from above is thin, shorter where posts are cross-held; a fraction of a day is lasting luck.
    """
    offices, usual = c.institutions, round(c.assume("handoff.batch_days"))
    thin = 1 + c.assume("attention.batch") * (1 / c.areas.attention[offices.seat] - 1)
    joined = 1 - c.assume("coordination.hand_offs") * cross_held(c)[offices.seat]
    days = usual * thin * np.maximum(joined, 0)
    whole = np.floor(days + c.lasting_uniforms("serve.batch", offices.id))
    return np.maximum(whole, min(usual, 1)).astype(np.int64)


def _expiry(c: Context) -> np.ndarray:
    """Return the ticks each piece of assigned work keeps: what it is on the way longer than usual is lost to it."""
    areas, days = c.areas, c.assume("service.expiry_days")
    late = c.assume("attention.late") * (areas.message_days - areas.message_days_at_start)
    return np.maximum((days - late) * DAY_TICKS, DAY_TICKS).astype(np.int64)[c.assigned.area]


def lanes(order: np.ndarray) -> np.ndarray:
    """Return (pool, rank): the lane of each rank where assigned work goes first (0), nobody (1) or residents (2)."""
    rank = np.arange(RANKS)
    is_own = rank % 3 == 0
    residents_first = np.where(rank % 3 == 1, 1 + rank // 3, 5 + rank // 3)
    table = np.stack([rank, np.where(is_own, rank, 1), np.where(is_own, rank, residents_first)])
    return table[order.astype(np.int64)]


def _arrival(c: Context, keys: np.ndarray, first_day: int) -> np.ndarray:
    """Return the tick each case arrives at: a working day of the month and a second of its opening hours."""
    day = np.floor(c.uniforms("serve.day", keys) * DAYS_PER_MONTH)
    second = np.floor(c.uniforms("serve.second", keys) * OPEN_SECONDS)
    return ((first_day + day) * DAY_TICKS + second).astype(np.int32)


def _rank(c: Context, item: np.ndarray) -> np.ndarray:
    """Return before whom each case waits."""
    return c.items.priority[item] * 3 + ORDER_IN_PRIORITY[c.items.origin[item]]


def _rank_assigned(c: Context) -> np.ndarray:
    """Return the same of the month's assigned work: what is not assessed loses its first place."""
    inbox, priority = c.assigned, c.items.priority[c.assigned.item]
    assessed = may_assess(c, inbox.item, inbox.area, c.uniforms("serve.assessed", inbox.key))
    plain = (priority == ASSESSED) & ~assessed
    return np.where(plain, NOT_ASSESSED, priority) * 3 + ORDER_IN_PRIORITY[c.items.origin[inbox.item]]


def _count(c: Context, what: str, n: int) -> None:
    c.ledger[f"cases_{what}"] = c.ledger.get(f"cases_{what}", 0) + int(n)


def file_assigned(c: Context) -> None:
    """File the month's assigned work with whoever is to do it."""
    inbox, items = c.assigned, c.items
    stops = np.full((inbox.n, MAX_STOPS), -1, np.int32)
    stops[:, 0] = np.where(inbox.hired >= 0, inbox.hired, inbox.performer)
    hours = items.hours[inbox.item] * c.assume("tasks.hours_scale")
    arrive = _arrival(c, inbox.key, c.first_day)
    c.cases.append(
        inbox.n,
        key=inbox.key,
        origin=ASSIGNED,
        item=inbox.item,
        area=inbox.area,
        source=inbox.department,
        tag=inbox.asked,
        rank=_rank_assigned(c),
        hours=hours,
        cv=items.cv[inbox.item],
        patience=_expiry(c),
        filed=arrive,
        joined=arrive,
        stops=stops,
    )
    c.institutions.wanted[:] += np.bincount(stops[:, 0], weights=hours, minlength=c.institutions.n)
    _count(c, "assigned", inbox.n)


def file_residents(c: Context) -> None:
    """File the month's requests and transactions."""
    inbox = c.filed
    working = (inbox.hired >= 0)[:, None] & (inbox.elements == MAIN) & (inbox.stops >= 0)
    stops = np.where(working, inbox.hired[:, None], inbox.stops)
    _want(c, c.items.hours[inbox.item], stops, inbox.elements)
    arrive = _arrival(c, inbox.key, c.first_day)
    c.cases.append(
        inbox.n,
        key=inbox.key,
        origin=RESIDENT,
        item=inbox.item,
        area=c.residents.area[inbox.resident],
        source=inbox.resident,
        rank=_rank(c, inbox.item),
        hours=c.items.hours[inbox.item],
        cv=c.items.cv[inbox.item],
        patience=int(c.assume("service.patience_days") * DAY_TICKS),
        filed=arrive,
        joined=arrive,
        stops=stops,
        elements=inbox.elements,
        passes=inbox.passes,
    )
    if working.any():  # work that went back to the one who disputed it is disputed no more
        c.cases.settle_rivals()
    _count(c, "resident", inbox.n)


def want_returned(c: Context) -> None:
    """Begin the month's count of hours wanted with the cases that come back; to be called before anything is filed."""
    cases = c.cases
    back = np.flatnonzero((cases.state == FUTURE) & (cases.origin != OWN))
    back = back[cases.joined[back] < c.first_day * DAY_TICKS + MONTH_TICKS]
    c.institutions.wanted[:] = 0.0
    _want(c, cases.hours[back], cases.stops[back], cases.elements[back])


def _want(c: Context, hours: np.ndarray, stops: np.ndarray, elements: np.ndarray) -> None:
    share = element_shares(c)[elements] * hours[:, None]
    there = stops >= 0
    np.add.at(c.institutions.wanted, stops[there], share[there])


def _again(c: Context, rows: np.ndarray) -> np.ndarray:
    """Return who is to do these cases once more: the one who did, unless it has closed; -1 where there is nobody."""
    cases, performer = c.cases, c.cases.performer[rows]
    item, area = cases.item[rows].astype(np.int64), cases.area[rows].astype(np.int64)
    owner = c.performers(item, c.items.owner[item, area].astype(np.int64), area)
    return np.where(c.institutions.is_open[performer] == 1, performer, owner)


def bring_back(c: Context, rows: np.ndarray) -> None:
    """Let these cases, which were done badly, come back next month: to who did the work, else to who does it now."""
    cases = c.cases
    again = _again(c, rows)
    rows, again = rows[again >= 0], again[again >= 0]
    kept = {name: getattr(cases, name)[rows] for name in ("origin", "item", "area", "source", "tag", "rank")}
    kept |= {name: getattr(cases, name)[rows] for name in ("hours", "spread", "patience")}
    key = row_keys(c.lasting_key("serve.back"), cases.key[rows])
    is_open = c.institutions.is_open[np.maximum(cases.stops[rows], 0)] == 1
    approving = (cases.elements[rows] == APPROVAL) & (cases.stops[rows] >= 0) & is_open
    stops, elements = (np.full((len(rows), MAX_STOPS), v, np.int32) for v in (-1, 0))
    stops[:, 0] = again
    stops[:, 1] = np.where(approving.any(axis=1), cases.stops[rows, approving.argmax(axis=1)], -1)
    elements[:, 1] = np.where(approving.any(axis=1), APPROVAL, 0)
    arrive = _arrival(c, key, c.first_day + DAYS_PER_MONTH)
    cases.append(len(rows), key=key, filed=arrive, joined=arrive, stops=stops, elements=elements, **kept)
    for what, origin in (("assigned", ASSIGNED), ("resident", RESIDENT)):
        _count(c, what, int((kept["origin"] == origin).sum()))


def file_blocks(c: Context) -> None:
    """Put the protected share of every committee's hours into the queue, week by week."""
    offices, rows = c.institutions, c.open_rows("residents_committee")
    share = c.practised("protected_share")[offices.seat[rows]]
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
        stops = np.full((len(office), MAX_STOPS), -1, np.int32)
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
