"""The service loop again, as one heap of events in plain Python: the definitions, without any cleverness.

Order in one tick: completions, joins, starts. A start takes the best waiting case by (lane, joined, key); a pool says
which lane each rank has, and a case is in lane 0 in every hour that begins at or after its promotion. A case to be
passed on is looked at (a desk check) and goes to its rival, who becomes the office it is at. Services advance only
while the pool is open. A hand-over: same pool at once; same layer at the next full hour; other layer on the sender's
next batch day.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict

import numpy as np

from sim.draws import reference as draw
from sim.world.cases import DESK_CHECK, DONE, IN_SERVICE, LAPSED, QUEUED, RIVAL, TRANSIT, CaseTable
from sim.world.service import DAY_TICKS as DAY
from sim.world.service import WINDOW_TICKS as HOUR
from sim.world.service import Offices, Pools, ServiceTables

COMPLETION, JOIN, START = range(3)
COUNTS = ("joins", "starts", "completions", "lapsed", "waiting", "busy", "wait_ticks", "waits")
BY_POOL = ("open", "pool_busy", "overrun", "free", "usable")


class Month:
    """One call of the loop over the rows of a case table, which it changes."""

    def __init__(
        self,
        cases: CaseTable,
        offices: Offices,
        pools: Pools,
        first_day: int,
        n_days: int,
        tables: ServiceTables,
    ):
        self.c, self.offices, self.pools, self.tables = cases, offices, pools, tables
        self.begin, self.stop = first_day * DAY, (first_day + n_days) * DAY
        self.heap: list[tuple[int, int, int]] = []
        self.count = {name: defaultdict(int) for name in (*COUNTS, *BY_POOL)}
        self.waiting, self.serving = (
            defaultdict(list),
            defaultdict(dict),
        )  # serving: row -> open clock of its end
        self.idle = defaultdict(list)  # open clock since when each free person is free, longest first

    def run(self) -> dict[str, dict]:
        self.prepare()
        while self.heap and self.heap[0][0] < self.stop:
            now, kind = self.heap[0][:2]
            batch = []
            while self.heap and self.heap[0][:2] == (now, kind):
                batch.append(heapq.heappop(self.heap)[2])
            for subject in batch:
                (self.complete, self.join, self.start)[kind](now, subject)
        self.close()
        return self.count

    def prepare(self) -> None:
        c = self.c
        for r in range(c.n):
            p = self.pool(r)
            if c.state[r] <= TRANSIT:
                c.joined[r] = max(c.joined[r], self.begin)
                heapq.heappush(self.heap, (int(c.joined[r]), JOIN, r))
            elif c.state[r] == QUEUED:
                self.waiting[p].append(r)
            elif c.state[r] == IN_SERVICE:
                self.serving[p][r] = int(c.left[r])
                self.count["busy"][self.cell(r)] += int(c.left[r])
                heapq.heappush(self.heap, (self.moment(p, self.begin, int(c.left[r])), COMPLETION, r))
                c.left[r] = 0
        for p in range(len(self.pools.servers)):
            leaving = max(len(self.serving[p]) - self.pools.servers[p], 0)
            length = self.clock(p, self.stop)
            self.count["overrun"][p] = sum(
                min(left, length) for left in sorted(self.serving[p].values())[:leaving]
            )
            self.idle[p] = [0] * max(self.pools.servers[p] - len(self.serving[p]), 0)
            for day in range(self.begin // DAY, self.stop // DAY):
                heapq.heappush(self.heap, (day * DAY, START, p))

    def complete(self, now: int, r: int) -> None:
        c, p = self.c, self.pool(r)
        del self.serving[p][r]
        if len(self.serving[p]) < self.pools.servers[p]:
            self.idle[p].append(self.clock(p, now))
        heapq.heappush(self.heap, (now, START, p))
        self.count["completions"][self.cell(r)] += 1
        here, stage = self.office(r), int(c.stage[r]) + 1
        if self.is_disputed(r):
            c.passes[r] -= 1
            c.stops[r, stage - 1], c.stops[r, stage] = c.stops[r, stage], here
        else:
            if stage < c.stops.shape[1] and c.elements[r, stage] == RIVAL:
                stage += 1
            if stage == c.stops.shape[1] or c.stops[r, stage] < 0:
                c.state[r], c.end[r] = DONE, now
                return
            c.stage[r] = stage
        onward = self.office(r)
        c.hand_offs[r] += onward != here
        release = now if self.pool(r) == p and p >= 0 else self.release(now, here, onward)
        c.state[r], c.joined[r] = TRANSIT, release
        heapq.heappush(self.heap, (release, JOIN, r))

    def release(self, now: int, here: int, onward: int) -> int:
        batch = int(self.offices.batch_days[here])
        if self.offices.layer[here] == self.offices.layer[onward] or batch <= 0:
            return (now // HOUR + 1) * HOUR
        day, phase = now // DAY + 1, draw.u64(0, int(self.offices.id[here]), 0) % batch
        while (day + phase) % batch:
            day += 1
        return day * DAY

    def join(self, now: int, r: int) -> None:
        self.c.state[r] = QUEUED
        self.count["joins"][self.cell(r)] += 1
        self.waiting[self.pool(r)].append(r)
        heapq.heappush(self.heap, (now, START, self.pool(r)))

    def start(self, now: int, p: int) -> None:
        c, hour = self.c, now // HOUR * HOUR
        while (
            p >= 0 and len(self.serving[p]) < self.pools.servers[p] and now % DAY < self.pools.open_ticks[p]
        ):
            if not self.waiting[p]:
                return
            lane = {r: 0 if c.promote[r] <= hour else self.lane(p, r) for r in self.waiting[p]}
            r = min(self.waiting[p], key=lambda r: (lane[r], c.joined[r], c.key[r]))
            self.waiting[p].remove(r)
            if self.has_lapsed(r, now):
                continue
            wait = now - int(c.joined[r])
            c.waited[r] += wait
            c.state[r] = IN_SERVICE
            o, k = self.cell(r)
            self.count["starts"][o, k] += 1
            self.count["wait_ticks"][o, k] += wait
            self.count["waits"][o, k, int((np.asarray(self.tables.wait_edges) <= wait).sum())] += 1
            self.gap(p, self.clock(p, now) - self.idle[p].pop(0))
            ticks = self.service(r, p)
            self.count["busy"][o, k] += ticks
            self.serving[p][r] = self.clock(p, now) + ticks
            heapq.heappush(self.heap, (self.moment(p, now, ticks), COMPLETION, r))

    def has_lapsed(self, r: int, now: int) -> bool:
        deadline = int(self.c.joined[r]) + int(self.c.patience[r])
        if deadline >= now:
            return False
        self.c.state[r], self.c.end[r] = LAPSED, deadline
        self.c.waited[r] += self.c.patience[r]
        self.count["lapsed"][self.cell(r)] += 1
        return True

    def service(self, r: int, p: int) -> int:
        c, element = self.c, int(self.c.elements[r, self.c.stage[r]])
        looks = int(c.passes[r]) if self.is_disputed(r) else 0
        element = DESK_CHECK if looks else element
        visit = looks + list(c.elements[r, : c.stage[r]]).count(element)
        spread, ratio = float(c.spread[r]), 1.0
        if spread > 0:
            z = draw.quick_normal(draw.u01(int(self.tables.key), int(c.key[r]), element * 64 + visit))
            ratio = min(draw.lognormal_unit_mean(z, spread), float(self.tables.cap))
        hours = float(c.hours[r]) * float(self.tables.share[element])
        return max(1, math.floor(3600.0 * hours * float(self.pools.speed[p]) * ratio + 0.5))

    def close(self) -> None:
        c = self.c
        for rows in self.waiting.values():
            for r in rows:
                if not self.has_lapsed(r, self.stop):
                    self.count["waiting"][self.cell(r)] += 1
        for p in range(len(self.pools.servers)):
            for r, done in self.serving[p].items():
                c.left[r] = done - self.clock(p, self.stop)
                self.count["busy"][self.cell(r)] -= int(c.left[r])
            for since in self.idle[p]:
                self.gap(p, self.clock(p, self.stop) - since)
            self.count["open"][p] = self.pools.servers[p] * self.clock(p, self.stop)

    def gap(self, p: int, ticks: int) -> None:
        self.count["free"][p] += ticks
        self.count["usable"][p] += ticks if ticks >= HOUR else 0

    def office(self, r: int) -> int:
        return int(self.c.stops[r, self.c.stage[r]])

    def pool(self, r: int) -> int:
        return int(self.offices.pool[self.office(r)])

    def is_disputed(self, r: int) -> bool:
        """Whether the office a case is at passes it to the rival that stands next to it."""
        following = int(self.c.stage[r]) + 1
        elements = self.c.elements[r]
        return bool(self.c.passes[r] > 0 and following < len(elements) and elements[following] == RIVAL)

    def lane(self, p: int, r: int) -> int:
        lanes = self.pools.lanes
        return int(self.c.rank[r]) if lanes is None else int(lanes[p, self.c.rank[r]])

    def cell(self, r: int) -> tuple[int, int]:
        return self.office(r), int(self.c.rank[r])

    def clock(self, p: int, now: int) -> int:
        """Open ticks of a pool from the beginning of the call to a moment."""
        opening = int(self.pools.open_ticks[p])
        return (now - self.begin) // DAY * opening + min((now - self.begin) % DAY, opening)

    def moment(self, p: int, now: int, ticks: int) -> int:
        """The tick at which a pool has been open for so many ticks more; the evening, not the next morning."""
        day, opening = now // DAY, int(self.pools.open_ticks[p])
        at = now % DAY + ticks
        while at > opening:
            if opening == 0:
                return 2**62
            day, at = day + 1, at - opening
        return day * DAY + at
