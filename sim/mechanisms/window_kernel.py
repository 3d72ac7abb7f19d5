"""The service loop, compiled: day by day, window by window, pool by pool, from event to event.

Pools meet only through files handed over, and a file for another pool arrives at the next full hour at the
earliest. So inside a window of one hour every pool runs alone, and there is no queue of events.

One tick of one pool, in this order: (1) completions, (2) joins, (3) free servers take the best waiting case by
(rank, joined, key), dropping those whose patience is over. A service advances on the pool's open clock; its end
is known when it starts. A promotion happens at a window's start. Waiting cases are a doubly linked list per
(pool, lane) in the order (joined, key); the lane is the rank, or 0 once promoted.

One flat function: in a compiled loop a helper that takes arrays counts references, which costs 2 to 25 times
(docs/decisions/0005); helpers here take scalars only.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from sim.draws import lognormal_unit_mean, std_normal, u01

DAY, WINDOW, WINDOWS = 43_200, 3_600, 12
LAST_STOP = 3
TRANSIT, QUEUED, IN_SERVICE, DONE, LAPSED = 1, 2, 3, 4, 5
VISITS = 64  # more visits than a case can make: element x VISITS + visit names a draw
FAR = np.int64(1) << np.int64(60)


class Columns(NamedTuple):
    """Columns of the cases, (n,) or (n, stops), as in `sim.world.cases`."""

    key: np.ndarray
    rank: np.ndarray
    promote: np.ndarray
    hours: np.ndarray
    cv: np.ndarray
    patience: np.ndarray
    stops: np.ndarray
    elements: np.ndarray
    stage: np.ndarray
    state: np.ndarray
    joined: np.ndarray
    left: np.ndarray
    waited: np.ndarray
    transit: np.ndarray
    hand_offs: np.ndarray
    end: np.ndarray


class Settings(NamedTuple):
    """By office: pool, layer, batch (days), phase (days); by pool: servers, open_ticks, speed; for all: the rest."""

    pool: np.ndarray
    layer: np.ndarray
    batch: np.ndarray
    phase: np.ndarray
    servers: np.ndarray
    open_ticks: np.ndarray
    speed: np.ndarray
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
    key); serving by pool. slots[p] to slots[p + 1] are the server slots of pool p.
    """

    arrivals: np.ndarray
    cells: np.ndarray
    promotions: np.ndarray
    promotion_windows: np.ndarray
    queued: np.ndarray
    serving: np.ndarray
    slots: np.ndarray


class Books(NamedTuple):
    """What is counted, as in `ServiceMonth`; zero at the start."""

    joins: np.ndarray
    starts: np.ndarray
    completions: np.ndarray
    lapsed: np.ndarray
    waiting: np.ndarray
    busy: np.ndarray
    wait_ticks: np.ndarray
    waits: np.ndarray
    usable: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def service_ticks(hours: float, cv: float, speed: float, cap: float, u: float) -> int:
    """Return the ticks of a piece of work: its mean times a lognormal of mean one at the quantile u, at most cap."""
    spread = 1.0 if cv <= 0.0 else min(lognormal_unit_mean(std_normal(u), cv), cap)
    return max(1, math.floor(3600.0 * hours * speed * spread + 0.5))


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
        cv,
        patience,
        stops,
        elements,
        stage,
        state,
        joined,
        left,
        waited,
        transit,
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
        share,
        edges,
        cap,
        draw_key,
        first_day,
        n_days,
        ranks,
    ) = settings
    arrivals, cells, promotions, promotion_windows, queued, serving, slots = plan
    joins, starts, completions, lapsed, waiting, busy, wait_ticks, waits, usable = books
    n_cases, n_pools, n_edges = key.shape[0], servers.shape[0], edges.shape[0]
    t_begin, t_end = first_day * DAY, (first_day + n_days) * DAY

    after, before = np.full(n_cases, -1, np.int32), np.full(n_cases, -1, np.int32)
    lane = np.zeros(n_cases, np.int8)
    head, tail = np.full(n_pools * ranks, -1, np.int32), np.full(n_pools * ranks, -1, np.int32)
    due, inbox = np.full(n_days * WINDOWS, -1, np.int32), np.full(n_pools, -1, np.int32)
    slot_row, slot_done = np.empty(slots[n_pools], np.int32), np.empty(slots[n_pools], np.int64)
    idle_since = np.zeros(slots[n_pools], np.int64)
    idle_first, n_idle = np.zeros(n_pools, np.int64), np.zeros(n_pools, np.int64)
    n_busy, n_wait = np.zeros(n_pools, np.int64), np.zeros(n_pools, np.int64)
    next_done = np.full(n_pools, FAR, np.int64)

    for i in range(queued.shape[0]):
        r = queued[i]
        p = pool[stops[r, stage[r]]]
        lane[r] = 0 if promote[r] <= t_begin else rank[r]
        q = p * ranks + lane[r]
        before[r] = tail[q]
        if tail[q] < 0:
            head[q] = r
        else:
            after[tail[q]] = r
        tail[q] = r
        n_wait[p] += 1
    for i in range(serving.shape[0]):
        r = serving[i]
        o = stops[r, stage[r]]
        p = pool[o]
        slot = slots[p] + n_busy[p]
        slot_row[slot], slot_done[slot] = r, left[r]
        n_busy[p] += 1
        next_done[p] = min(next_done[p], np.int64(left[r]))
        busy[o, rank[r]] += left[r]
        left[r] = 0
    for p in range(n_pools):
        n_idle[p] = max(servers[p] - n_busy[p], 0)

    i_arrival, i_promotion = 0, 0
    for d in range(n_days):
        day_start = (first_day + d) * DAY
        for w in range(WINDOWS):
            window = d * WINDOWS + w
            s0, s1 = w * WINDOW, (w + 1) * WINDOW
            t0 = day_start + s0
            while i_promotion < promotions.shape[0] and promotion_windows[i_promotion] <= window:
                r = promotions[i_promotion]
                i_promotion += 1
                if state[r] != QUEUED or lane[r] == 0:
                    continue
                p = pool[stops[r, stage[r]]]
                q = p * ranks + lane[r]
                a, b = after[r], before[r]
                if b < 0:
                    head[q] = a
                else:
                    after[b] = a
                if a < 0:
                    tail[q] = b
                else:
                    before[a] = b
                lane[r] = 0
                q = p * ranks
                b, a = -1, head[q]
                while a >= 0 and (joined[a] < joined[r] or (joined[a] == joined[r] and key[a] < key[r])):
                    b, a = a, after[a]
                before[r], after[r] = b, a
                if b < 0:
                    head[q] = r
                else:
                    after[b] = r
                if a < 0:
                    tail[q] = r
                else:
                    before[a] = r
            r = due[window]
            while r >= 0:
                follower = after[r]
                p = pool[stops[r, stage[r]]]
                after[r] = inbox[p]
                inbox[p] = r
                r = follower

            for p in range(n_pools):
                cell = window * n_pools + p
                opening = open_ticks[p]
                clock = d * opening  # the pool's open clock at the day's start
                done_at = next_done[p] - clock
                has_arrival = i_arrival < cells.shape[0] and cells[i_arrival] == cell
                may_start = s0 < opening and n_wait[p] > 0 and n_busy[p] < servers[p]
                if not (has_arrival or may_start or inbox[p] >= 0 or (done_at < s1 and done_at <= opening)):
                    continue
                chain = inbox[p]
                inbox[p] = -1
                first, room = slots[p], slots[p + 1] - slots[p]
                s = s0
                while True:
                    now = day_start + s
                    if next_done[p] - clock == s and s <= opening:
                        soonest = FAR
                        i = first
                        while i < first + n_busy[p]:
                            if slot_done[i] - clock != s:
                                soonest = min(soonest, slot_done[i])
                                i += 1
                                continue
                            r = slot_row[i]
                            n_busy[p] -= 1
                            slot_row[i], slot_done[i] = (
                                slot_row[first + n_busy[p]],
                                slot_done[first + n_busy[p]],
                            )
                            if n_busy[p] < servers[p]:
                                idle_since[first + (idle_first[p] + n_idle[p]) % room] = clock + s
                                n_idle[p] += 1
                            at = stage[r]
                            o = stops[r, at]
                            completions[o, rank[r]] += 1
                            onward = stops[r, at + 1] if at < LAST_STOP else -1
                            if onward < 0:
                                state[r], end[r] = DONE, now
                                continue
                            stage[r] = at + 1
                            if onward != o:
                                hand_offs[r] += 1
                            if pool[onward] == p:
                                after[r] = chain
                                chain = r
                                continue
                            release = next_release(now, layer[onward] != layer[o], batch[o], phase[o])
                            transit[r] += release - now
                            state[r], joined[r] = TRANSIT, release
                            if release < t_end:
                                v = (release - t_begin) // WINDOW
                                after[r] = due[v]
                                due[v] = r
                        next_done[p] = soonest
                    while True:
                        if chain >= 0:
                            r = chain
                            chain = after[r]
                        elif (
                            i_arrival < cells.shape[0]
                            and cells[i_arrival] == cell
                            and joined[arrivals[i_arrival]] == now
                        ):
                            r = arrivals[i_arrival]
                            i_arrival += 1
                        else:
                            break
                        state[r], joined[r] = QUEUED, now
                        joins[stops[r, stage[r]], rank[r]] += 1
                        lane[r] = 0 if promote[r] <= t0 else rank[r]
                        q = p * ranks + lane[r]
                        b = tail[q]
                        a = np.int32(-1)
                        while b >= 0 and (joined[b] > now or (joined[b] == now and key[b] > key[r])):
                            a, b = b, before[b]
                        before[r], after[r] = b, a
                        if b < 0:
                            head[q] = r
                        else:
                            after[b] = r
                        if a < 0:
                            tail[q] = r
                        else:
                            before[a] = r
                        n_wait[p] += 1
                    if s < opening:
                        while n_wait[p] > 0 and n_busy[p] < servers[p]:
                            q = p * ranks
                            while head[q] < 0:
                                q += 1
                            r = head[q]
                            head[q] = after[r]
                            if head[q] < 0:
                                tail[q] = -1
                            else:
                                before[head[q]] = -1
                            n_wait[p] -= 1
                            at = stage[r]
                            o, k = stops[r, at], rank[r]
                            deadline = np.int64(joined[r]) + patience[r]
                            if deadline < now:
                                state[r], end[r] = LAPSED, deadline
                                waited[r] += patience[r]
                                lapsed[o, k] += 1
                                continue
                            wait = now - joined[r]
                            waited[r] += wait
                            starts[o, k] += 1
                            wait_ticks[o, k] += wait
                            low, high = 0, n_edges
                            while low < high:
                                middle = (low + high) // 2
                                if edges[middle] <= wait:
                                    low = middle + 1
                                else:
                                    high = middle
                            waits[o, k, low] += 1
                            gap = clock + s - idle_since[first + idle_first[p] % room]
                            idle_first[p] = (idle_first[p] + 1) % room
                            n_idle[p] -= 1
                            if gap >= WINDOW:
                                usable[p] += gap
                            element = elements[r, at]
                            visit = 0
                            for earlier in range(at):
                                if elements[r, earlier] == element:
                                    visit += 1
                            u = u01(draw_key, key[r], element * VISITS + visit)
                            ticks = service_ticks(hours[r] * share[element], cv[r], speed[p], cap, u)
                            slot = first + n_busy[p]
                            slot_row[slot], slot_done[slot] = r, clock + s + ticks
                            n_busy[p] += 1
                            next_done[p] = min(next_done[p], clock + s + ticks)
                            busy[o, k] += ticks
                            state[r] = IN_SERVICE
                    following = FAR
                    if next_done[p] - clock <= opening:
                        following = next_done[p] - clock
                    if i_arrival < cells.shape[0] and cells[i_arrival] == cell:
                        following = min(following, np.int64(joined[arrivals[i_arrival]]) - day_start)
                    if following >= s1:
                        break
                    s = following

    for p in range(n_pools):
        clock = n_days * open_ticks[p]
        for i in range(slots[p], slots[p] + n_busy[p]):
            r = slot_row[i]
            left[r] = slot_done[i] - clock
            busy[stops[r, stage[r]], rank[r]] -= left[r]
        room = slots[p + 1] - slots[p]
        for i in range(n_idle[p]):
            gap = clock - idle_since[slots[p] + (idle_first[p] + i) % room]
            if gap >= WINDOW:
                usable[p] += gap
    for r in range(n_cases):
        if state[r] == QUEUED:
            o, k = stops[r, stage[r]], rank[r]
            deadline = np.int64(joined[r]) + patience[r]
            if deadline < t_end:
                state[r], end[r] = LAPSED, deadline
                waited[r] += patience[r]
                lapsed[o, k] += 1
            else:
                waiting[o, k] += 1
