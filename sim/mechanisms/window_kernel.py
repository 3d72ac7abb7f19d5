"""The service loop, compiled: day by day, window by window, pool by pool, from start to start.

Pools meet only through files handed over, and a file for another pool arrives at the next full hour at the
earliest. So inside a window of one hour every pool runs alone, and there is no queue of events.

One tick of one pool, in this order: (1) completions, (2) joins, (3) whoever is free takes the best waiting case by
(lane, joined, key), dropping those whose patience is over. A service advances on the pool's open clock, so its end
is known when it starts: the loop goes from start to start, and moves the case on at once. Somebody free since longest
goes first. A promotion happens at a window's start. Waiting cases are a doubly linked list per
(pool, lane) in the order (joined, key); the lane is what the pool makes of the rank, or 0 once promoted. Where two
offices may own a case, each looks at it and passes it to the other as often as `passes` says; then it is done.

One flat function: in a compiled loop a helper that takes arrays counts references, which costs 2 to 25 times
(docs/decisions/0005); helpers here take scalars only.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from sim.draws import lognormal_unit_mean, quick_normal, u01
from sim.world.service import DAY_TICKS, WINDOW_TICKS

DAY, WINDOW, WINDOWS = DAY_TICKS, WINDOW_TICKS, DAY_TICKS // WINDOW_TICKS
LAST_STOP = 3
DESK_CHECK, RIVAL = 1, 3
TRANSIT, QUEUED, IN_SERVICE, DONE, LAPSED = 1, 2, 3, 4, 5
MOST_PASSES = 40
VISITS = 64  # more visits than a case can make: element x VISITS + visit names a draw
FAR = 1 << 60
# Rows are unsigned: numba then leaves out its test for negative indices.
NONE = np.uint32(0xFFFFFFFF)


class Columns(NamedTuple):
    """Columns of the cases, (n,) or (n, stops), as in `sim.world.cases`."""

    key: np.ndarray
    rank: np.ndarray
    promote: np.ndarray
    hours: np.ndarray
    spread: np.ndarray
    patience: np.ndarray
    stops: np.ndarray
    elements: np.ndarray
    passes: np.ndarray
    stage: np.ndarray
    state: np.ndarray
    joined: np.ndarray
    left: np.ndarray
    waited: np.ndarray
    hand_offs: np.ndarray
    end: np.ndarray


class Settings(NamedTuple):
    """By office: pool, layer, batch (days), phase (days); by pool: servers, open_ticks, speed, lanes (pool, rank)."""

    pool: np.ndarray
    layer: np.ndarray
    batch: np.ndarray
    phase: np.ndarray
    servers: np.ndarray
    open_ticks: np.ndarray
    speed: np.ndarray
    lanes: np.ndarray
    share: np.ndarray
    edges: np.ndarray
    cap: float
    key: np.uint64
    first_day: int
    n_days: int
    ranks: int


class Plan(NamedTuple):
    """What is known at the start, as case rows (int32).

    arrivals by (cell, joined), cell = window x pools + pool; promotions by window; queued by (pool, lane, joined,
    key); carried, those in service, by pool. slots[p] to slots[p + 1] are the people of pool p; carried_slots says
    who serves each carried case, -1 for somebody who leaves after it.
    """

    arrivals: np.ndarray
    cells: np.ndarray
    promotions: np.ndarray
    promotion_windows: np.ndarray
    queued: np.ndarray
    carried: np.ndarray
    carried_pools: np.ndarray
    carried_slots: np.ndarray
    slots: np.ndarray


class Books(NamedTuple):
    """What is counted, zero at the start: (office, rank, count) side by side, so that a visit touches one cache line.

    waits (office, rank, bin); usable by pool.
    """

    counts: np.ndarray
    waits: np.ndarray
    usable: np.ndarray


JOINS, STARTS, COMPLETIONS, LAPSES, WAITING, BUSY, WAIT_TICKS, COUNTS = range(8)


@njit(nogil=True, cache=True, error_model="numpy")
def service_ticks(hours: float, spread: float, speed: float, cap: float, u: float) -> int:
    """Return the ticks of a piece of work: its mean times a lognormal of mean one at the quantile u, at most cap."""
    ratio = 1.0 if spread <= 0.0 else min(lognormal_unit_mean(quick_normal(u), spread), cap)
    return max(1, math.floor(3600.0 * hours * speed * ratio + 0.5))


@njit(nogil=True, cache=True, error_model="numpy")
def end_of_service(day_start: int, offset: int, opening: int) -> int:
    """Return the tick at which a pool has been open `offset` ticks since the day's start: evening, not next morning."""
    if offset <= opening:
        return day_start + offset
    if opening == 0:
        return FAR
    days = (offset - 1) // opening
    return day_start + days * DAY + offset - days * opening


@njit(nogil=True, cache=True, error_model="numpy")
def next_release(now: int, crosses: bool, batch: int, phase: int) -> int:
    """Return when a file handed over at `now` arrives: the next full hour, or the sender's next batch day."""
    if not crosses or batch <= 0:
        return (now // WINDOW + 1) * WINDOW
    day = now // DAY + 1
    over = (day + phase) % batch
    return (day if over == 0 else day + batch - over) * DAY


@njit(nogil=True, cache=True, error_model="numpy")
def run_windows(cases: Columns, settings: Settings, plan: Plan, books: Books) -> None:
    """Serve all offices over whole days; changes the cases' columns and the books."""
    (
        key,
        rank,
        promote,
        hours,
        spread,
        patience,
        stops,
        elements,
        passes,
        stage,
        state,
        joined,
        left,
        waited,
        hand_offs,
        end,
    ) = cases
    (
        pool,
        layer,
        batch,
        phase,
        servers,
        open_ticks,
        speed,
        lanes,
        share,
        edges,
        cap,
        draw_key,
        first_day,
        n_days,
        ranks,
    ) = settings
    arrivals, cells, promotions, promotion_windows, queued, carried, carried_pools, carried_slots, slots = (
        plan
    )
    counts, waits, usable = books
    n_cases, n_pools, n_edges = key.shape[0], servers.shape[0], edges.shape[0]
    t_begin, t_end = first_day * DAY, (first_day + n_days) * DAY

    after, before = np.full(n_cases, NONE, np.uint32), np.full(n_cases, NONE, np.uint32)
    lane, promoted = rank.copy(), np.zeros(n_cases, np.bool_)
    head, tail = np.full(n_pools * ranks, NONE, np.uint32), np.full(n_pools * ranks, NONE, np.uint32)
    due, inbox = np.full(n_days * WINDOWS, NONE, np.uint32), np.full(n_pools, NONE, np.uint32)
    inner, next_inner = np.full(n_pools, NONE, np.uint32), np.full(n_pools, FAR, np.int64)
    n_wait = np.zeros(n_pools, np.int64)
    free_at = np.zeros(slots[n_pools], np.int64)  # open clock at which each person is, or was last, free
    next_free = np.zeros(n_pools, np.int64)

    for i in range(queued.shape[0]):
        r = queued[i]
        p = pool[stops[r, stage[r]]]
        promoted[r] = promote[r] <= t_begin
        lane[r] = 0 if promoted[r] else lanes[p, rank[r]]
        q = p * ranks + lane[r]
        before[r] = tail[q]
        if tail[q] == NONE:
            head[q] = r
        else:
            after[tail[q]] = r
        tail[q] = r
        n_wait[p] += 1
    wake = np.full(n_pools, t_begin, np.int64)  # when a pool must be looked at again if nothing new arrives
    for p in range(n_pools):
        if slots[p] == slots[p + 1]:
            next_free[p] = FAR

    i_arrival, i_promotion, i_carried = 0, 0, 0
    for d in range(n_days):
        day_start = (first_day + d) * DAY
        for w in range(WINDOWS):
            window = d * WINDOWS + w
            s0, s1 = w * WINDOW, (w + 1) * WINDOW
            t0 = day_start + s0
            while i_promotion < promotions.shape[0] and promotion_windows[i_promotion] <= window:
                r = promotions[i_promotion]
                i_promotion += 1
                promoted[r] = True
                if lane[r] == 0 or state[r] != QUEUED:
                    continue
                p = pool[stops[r, stage[r]]]
                q = p * ranks + lane[r]
                a, b = after[r], before[r]
                if b == NONE:
                    head[q] = a
                else:
                    after[b] = a
                if a == NONE:
                    tail[q] = b
                else:
                    before[a] = b
                lane[r] = 0
                q = p * ranks
                b, a = NONE, head[q]
                while a != NONE and (joined[a] < joined[r] or (joined[a] == joined[r] and key[a] < key[r])):
                    b, a = a, after[a]
                before[r], after[r] = b, a
                if b == NONE:
                    head[q] = r
                else:
                    after[b] = r
                if a == NONE:
                    tail[q] = r
                else:
                    before[a] = r
            r = due[window]
            while r != NONE:
                follower = after[r]
                p = pool[stops[r, stage[r]]]
                after[r] = inbox[p]
                inbox[p] = r
                wake[p] = t0
                r = follower
            i = i_arrival
            while i < cells.shape[0] and cells[i] < (window + 1) * n_pools:
                wake[cells[i] - window * n_pools] = t0
                i += 1

            for p in range(n_pools):
                if wake[p] >= t0 + WINDOW:
                    continue
                cell = window * n_pools + p
                opening = open_ticks[p]
                clock = d * opening  # the pool's open clock at the day's start
                limit = min(s1, opening)  # nothing starts from here on
                has_arrival = i_arrival < cells.shape[0] and cells[i_arrival] == cell
                chain = inbox[p]
                inbox[p] = NONE
                first, last = slots[p], slots[p + 1]
                s = s0
                while True:
                    slot = -1
                    if window == 0 and i_carried < carried.shape[0] and carried_pools[i_carried] == p:
                        # Services under way: where there are too few posts the first to finish leave, with no slot.
                        r = carried[i_carried]
                        ticks = int(left[r])
                        left[r] = 0
                        slot = carried_slots[i_carried]
                        i_carried += 1
                        at = np.uint32(stage[r])
                        o, k = np.uint32(stops[r, at]), np.uint32(rank[r])
                    else:
                        now = day_start + s
                        if next_inner[p] <= now:
                            soonest = FAR
                            r = inner[p]
                            inner[p] = NONE
                            while r != NONE:
                                follower = after[r]
                                if joined[r] <= now:
                                    after[r] = chain
                                    chain = r
                                else:
                                    after[r] = inner[p]
                                    inner[p] = r
                                    soonest = min(soonest, int(joined[r]))
                                r = follower
                            next_inner[p] = soonest
                        while True:
                            if chain != NONE:
                                r = chain
                                chain = after[r]
                            elif has_arrival and joined[arrivals[i_arrival]] <= now:
                                r = arrivals[i_arrival]
                                i_arrival += 1
                                has_arrival = i_arrival < cells.shape[0] and cells[i_arrival] == cell
                            else:
                                break
                            state[r] = QUEUED
                            lane[r] = 0 if promoted[r] else lanes[p, rank[r]]
                            counts[stops[r, stage[r]], rank[r], JOINS] += 1
                            q = p * ranks + lane[r]
                            b = tail[q]
                            a = NONE
                            while b != NONE and (
                                joined[b] > joined[r] or (joined[b] == joined[r] and key[b] > key[r])
                            ):
                                a, b = b, before[b]
                            before[r], after[r] = b, a
                            if b == NONE:
                                head[q] = r
                            else:
                                after[b] = r
                            if a == NONE:
                                tail[q] = r
                            else:
                                before[a] = r
                            n_wait[p] += 1
                        if n_wait[p] == 0:
                            following = min(next_inner[p] - day_start, s1)
                            if has_arrival:
                                following = min(following, joined[arrivals[i_arrival]] - day_start)
                            if following >= s1:
                                break
                            s = following
                            continue
                        start = max(s, next_free[p] - clock)
                        if start >= limit:
                            if s == s1 - 1:
                                break
                            s = s1 - 1  # nobody is free in this window any more: let them all join
                            continue
                        if start > s:
                            s = start
                            continue
                        q = p * ranks
                        while head[q] == NONE:
                            q += 1
                        r = head[q]
                        head[q] = after[r]
                        if head[q] == NONE:
                            tail[q] = NONE
                        else:
                            before[head[q]] = NONE
                        n_wait[p] -= 1
                        at = np.uint32(stage[r])
                        o, k = np.uint32(stops[r, at]), np.uint32(rank[r])
                        deadline = np.int64(joined[r]) + patience[r]
                        if deadline < now:
                            state[r], end[r] = LAPSED, deadline
                            waited[r] += patience[r]
                            counts[o, k, LAPSES] += 1
                            continue
                        wait = now - joined[r]
                        waited[r] += wait
                        counts[o, k, STARTS] += 1
                        counts[o, k, WAIT_TICKS] += wait
                        low = 0
                        for i in range(n_edges):  # no branch: quicker than a search
                            low += edges[i] <= wait
                        waits[o, k, low] += 1
                        slot = first
                        while free_at[slot] != next_free[p]:
                            slot += 1
                        gap = clock + s - free_at[slot]
                        if gap >= WINDOW:
                            usable[p] += gap
                        element = elements[r, at]
                        visit = 0
                        if passes[r] > 0 and at < LAST_STOP and elements[r, at + 1] == RIVAL:
                            element, visit = DESK_CHECK, int(passes[r])
                        for earlier in range(at):
                            visit += elements[r, earlier] == element
                        u = u01(draw_key, key[r], element * VISITS + visit)
                        ticks = service_ticks(hours[r] * share[element], spread[r], speed[p], cap, u)

                    done = clock + s + ticks
                    if slot >= 0:
                        free_at[slot] = done
                        soonest = FAR
                        for i in range(first, last):
                            soonest = min(soonest, int(free_at[i]))
                        next_free[p] = soonest
                    # The end is known now. If it lies within these days the case moves on, else it stays in service.
                    moment = end_of_service(day_start, s + ticks, opening)
                    if moment >= t_end:
                        state[r] = IN_SERVICE
                        left[r] = done - n_days * opening
                        counts[o, k, BUSY] += ticks - left[r]
                        continue
                    counts[o, k, BUSY] += ticks
                    counts[o, k, COMPLETIONS] += 1
                    if passes[r] > 0 and at < LAST_STOP and elements[r, at + 1] == RIVAL:
                        passes[r] -= 1
                        onward = stops[r, at + 1]
                        stops[r, at], stops[r, at + 1] = onward, o
                    else:
                        at += 1
                        if at <= LAST_STOP and elements[r, at] == RIVAL:
                            at += 1
                        onward = stops[r, at] if at <= LAST_STOP else -1
                        if onward < 0:
                            state[r], end[r] = DONE, moment
                            continue
                        stage[r] = at
                    state[r] = TRANSIT
                    if onward != o:
                        hand_offs[r] += 1
                    if pool[onward] == p:
                        joined[r] = moment
                        after[r] = inner[p]
                        inner[p] = r
                        next_inner[p] = min(next_inner[p], moment)
                        continue
                    release = next_release(moment, layer[onward] != layer[o], batch[o], phase[o])
                    joined[r] = release
                    if release < t_end:
                        v = (release - t_begin) // WINDOW
                        after[r] = due[v]
                        due[v] = r
                wake[p] = next_inner[p]
                if n_wait[p] > 0 and first < last:
                    morning = s1 >= opening or next_free[p] - clock >= opening
                    wake[p] = min(wake[p], day_start + (DAY if morning else next_free[p] - clock))

    for p in range(n_pools):
        clock = n_days * open_ticks[p]
        for i in range(slots[p], slots[p + 1]):
            if clock - free_at[i] >= WINDOW:
                usable[p] += clock - free_at[i]
    for i in range(n_cases):
        r = np.uint32(i)
        if state[r] == QUEUED:
            o, k = np.uint32(stops[r, stage[r]]), np.uint32(rank[r])
            deadline = np.int64(joined[r]) + patience[r]
            if deadline < t_end:
                state[r], end[r] = LAPSED, deadline
                waited[r] += patience[r]
                counts[o, k, LAPSES] += 1
            else:
                counts[o, k, WAITING] += 1
