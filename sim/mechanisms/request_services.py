"""Who needs something, and who asks for it?

Claim: needs differ between people (negative binomial: a Poisson rate times a fixed personal frailty); a need
becomes a request only where asking seems worth the trip (published.fixmystreet-57: a first request that was
answered makes the second 1.57 times as likely). A need never filed is *unmet*, not invisible.
    rate a month = needs/12 x frailty x (age, income, tenure, disability)
    file:  logit = base + trust (T - 1/2) + awareness (A - 1/2) + past x last outcome + efficacy (E - 1/2)
                   - distance km (1 - reach x grid) - wait x expected working days + flexible hours x employed
                   + hotline + online platform
    grid = min(1, people of station and committee x households a grid worker has / households): they come round
    counter transactions arise per household and are always filed: the law leaves no choice; certificates are a part
    of them, and go where they are no longer asked for
Left out: needs that come back, needs that spread from person to person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.base.calendar import MONTHS_PER_YEAR
from sim.draws import poisson_scalar, row_keys, u01, u24
from sim.mechanisms.arithmetic import logistic
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import KIND

F = np.float32
HALF, ONE, OLD = F(0.5), F(1.0), F(60.0)
REQUEST, TRANSACTION = 0, 1


class Coefficients(NamedTuple):
    """Numbers of the kernel, float32 except the two rates."""

    needs: float
    transactions: float
    base: np.float32
    trust: np.float32
    awareness: np.float32
    efficacy: np.float32
    past: np.float32
    distance: np.float32
    wait: np.float32
    old: np.float32
    poor: np.float32
    renter: np.float32
    disabled: np.float32
    flexible: np.float32


# Most people need nothing in a month. Rates and luck are worked out for many at once (the compiler does eight at a
# time), and only those whose luck says that there may be something are looked at one by one.
CHUNK = 2048


@njit(nogil=True, cache=True, error_model="numpy")
def need_and_file(
    ids, age, adult, income, owner, disability, employed, frailty, trust, awareness, efficacy, last, km, wait, eased,
    papers, need_key, file_key, trip_key, told, c, filed, counter, unfiled,
):  # fmt: skip
    """Draw each resident's needs and decide which are filed; fills filed, counter and unfiled (counts a resident).

    eased float32, 1 where hours are flexible; told float32, what channels add to the logit; papers float64, the part of
    transactions that is left.
    """
    rates, lucks = np.empty(CHUNK, np.float64), np.empty(CHUNK, np.float64)
    for a in range(0, ids.shape[0], CHUNK):
        b = min(a + CHUNK, ids.shape[0])
        mean, luck = rates[: b - a], lucks[: b - a]
        need_rates(mean, age[a:b], income[a:b], owner[a:b], disability[a:b], frailty[a:b], c)
        draws(luck, ids[a:b], need_key)
        filed[a:b], unfiled[a:b], counter[a:b] = 0, 0, 0
        for i in range(a, b):
            if luck[i - a] < 1.0 - mean[i - a]:  # none: what the quantile would say too
                continue
            n, took = poisson_scalar(luck[i - a], mean[i - a]), 0
            z = c.base + c.trust * (trust[i] - HALF) + c.awareness * (awareness[i] - HALF)
            z = z + c.efficacy * (efficacy[i] - HALF) + c.past * F(last[i])
            z = z - c.distance * km[i] - c.wait * wait[i]
            z = z + c.flexible * (eased[i] * F(employed[i])) + told[i]
            p = logistic(z)
            for k in range(n):
                if u24(file_key, ids[i], k) < p:
                    took += 1
            filed[i], unfiled[i] = took, n - took
        trip_rates(mean, adult[a:b], papers[a:b], frailty[a:b], c)
        draws(luck, ids[a:b], trip_key)
        for i in range(a, b):
            if luck[i - a] >= 1.0 - mean[i - a]:
                counter[i] = poisson_scalar(luck[i - a], mean[i - a])


@njit(nogil=True, cache=True, error_model="numpy")
def need_rates(mean, age, income, owner, disability, frailty, c):
    """Fill the needs a month to be expected of each."""
    for i in range(mean.shape[0]):
        like = c.old if age[i] >= OLD else ONE
        like = like * (c.poor if income[i] == 0 else ONE)
        like = like * (c.renter if owner[i] == 0 else ONE)
        like = like * (c.disabled if disability[i] == 1 else ONE)
        mean[i] = c.needs * (np.float64(frailty[i]) * np.float64(like))


@njit(nogil=True, cache=True, error_model="numpy")
def trip_rates(mean, adult, papers, frailty, c):
    """Fill the counter transactions a month to be expected of each adult."""
    for i in range(mean.shape[0]):
        mean[i] = c.transactions * papers[i] * np.float64(frailty[i]) if adult[i] == 1 else 0.0


@njit(nogil=True, cache=True, error_model="numpy")
def draws(luck, ids, key):
    """Fill one uniform a resident."""
    for i in range(luck.shape[0]):
        luck[i] = u01(key, ids[i], 0)


def run(c: Context) -> None:
    """Fill the inbox of filed requests and counter transactions."""
    people = c.residents
    filed, counter = np.empty(people.n, np.int32), np.empty(people.n, np.int32)
    area_of = c.blocks.area
    km, wait = _door(c)
    need_and_file(
        people.id,
        people.age,
        people.adult,
        people.income,
        people.owner,
        people.disability,
        people.employed,
        people.frailty,
        people.trust_committee,
        people.awareness,
        people.efficacy,
        people.last_outcome,
        km,
        wait,
        c.spread(c.rule("service.flexible").astype(F)[area_of]),
        c.spread((1 - c.assume("needs.certificates") * (1 - c.practised("certificates.kept")))[area_of]),
        c.key("request_services.need"),
        c.key("request_services.file"),
        c.key("request_services.transaction"),
        c.spread(_told(c).astype(F)[area_of]),
        _coefficients(c),
        filed,
        counter,
        people.unfiled,
    )
    _fill(c, filed, counter)
    for name, count in (("requests", filed), ("transactions", counter), ("needs", filed + people.unfiled)):
        getattr(c.areas, name)[:] = c.by_area(count)


def _coefficients(c: Context) -> Coefficients:
    a = c.assume
    adults_per_household = max(c.areas.adults.sum() / max(c.areas.households.sum(), 1), 1e-9)
    return Coefficients(
        a("needs.per_person_year") / MONTHS_PER_YEAR,
        a("needs.transactions_per_household_year") / MONTHS_PER_YEAR / adults_per_household,
        F(a("needs.file_base")),
        F(a("needs.file_trust")),
        F(a("needs.file_awareness")),
        F(a("needs.file_efficacy")),
        F(a("needs.file_past")),
        F(a("needs.file_distance")),
        F(a("needs.file_wait")),
        F(a("needs.old")),
        F(a("needs.poor")),
        F(a("needs.renter")),
        F(a("needs.disabled")),
        F(a("needs.flexible")),
    )


def _told(c: Context) -> np.ndarray:
    """Return, per area, what a hotline and an online platform add to filing."""
    by_channel = [c.assume(f"filing.{name}") * c.rule(f"channels.{name}") for name in ("hotline", "online")]
    return by_channel[0] + by_channel[1]


def _door(c: Context) -> tuple[np.ndarray, np.ndarray]:
    """Return, per resident, distance in km to and last month's wait in days at the nearer community door."""
    committee, station = (c.serving_rows(kind) for kind in ("residents_committee", "service_station"))
    offices, area_of, distance = c.institutions, c.blocks.area, c.array("distance")
    nearer = np.minimum(distance[KIND["residents_committee"]], distance[KIND["service_station"]])
    far = 1 - c.assume("grid.reach") * _grid(c, committee, station)
    row = np.where(station >= 0, station, committee)
    wait = np.where(row >= 0, offices.wait_shown[row], 0).astype(F)
    return c.spread(nearer * far.astype(F)[area_of]), c.spread(wait[area_of])


def _grid(c: Context, committee: np.ndarray, station: np.ndarray) -> np.ndarray:
    """Return, per area, the part of households that a grid worker of the station or the committee calls on."""
    offices, rounds = c.institutions, c.rule("grid.households_per_worker")
    pool = [np.where(row >= 0, offices.pool[row], -1) for row in (committee, station)]
    part = np.zeros(c.areas.n)
    for row, people, there in (
        (committee, pool[0], pool[0] >= 0),
        (station, pool[1], (pool[1] >= 0) & (pool[1] != pool[0])),
    ):
        reached = c.pools.servers[people] * rounds / np.maximum(offices.households[row], 1)
        part += np.where(there, reached, 0.0)
    return np.minimum(part, 1.0)


def _fill(c: Context, filed: np.ndarray, counter: np.ndarray) -> None:
    people, items, inbox_rows = c.residents, c.items, []
    for origin_class, count in ((REQUEST, filed), (TRANSACTION, counter)):
        asking = np.flatnonzero(count > 0)
        times = count[asking]
        who = np.repeat(asking, times)
        ordinal = np.arange(len(who)) - np.repeat(np.cumsum(times, dtype=np.int64) - times, times)
        inbox_rows.append((origin_class, who, ordinal))
    c.replace("filed", sum(len(who) for _, who, _ in inbox_rows))
    classes, start = np.unique(items.duty_class[items.origin == 1]), 0
    for origin_class, who, ordinal in inbox_rows:
        rows = slice(start, start + len(who))
        person = row_keys(c.key("request_services.case"), people.id[who])
        number = ordinal.astype(np.uint64) * np.uint64(2) + np.uint64(origin_class)
        c.filed.key[rows] = row_keys(c.key("request_services.case"), person + number)
        c.filed.resident[rows] = who
        mine = np.flatnonzero(items.duty_class == classes[origin_class])
        c.filed.item[rows] = mine[
            (c.uniforms("request_services.item", c.filed.key[rows]) * len(mine)).astype(np.int64)
        ]
        start += len(who)


MECHANISM = Mechanism(
    name="request_services",
    question="Who needs something, and who asks for it?",
    run=run,
    reads=(
        "serving",
        "distance",
        *columns_of(
            "residents",
            "id",
            "age",
            "adult",
            "income",
            "owner",
            "disability",
            "employed",
            "frailty",
            "trust_committee",
            "awareness",
            "efficacy",
            "last_outcome",
        ),
        *columns_of("institutions", "wait_shown", "pool", "households"),
        "pools.servers",
        *columns_of("items", "duty_class", "origin"),
        *columns_of("areas", "adults", "households"),
        "blocks.area",
    ),
    writes=(
        "residents.unfiled",
        *columns_of("filed", "key", "item", "resident"),
        *columns_of("areas", "needs", "requests", "transactions"),
    ),
    levers=(
        "service.flexible",
        "certificates.kept",
        "grid.households_per_worker",
        "channels.hotline",
        "channels.online",
    ),
    assumptions=(
        "needs.per_person_year",
        "needs.transactions_per_household_year",
        "needs.file_base",
        "needs.file_trust",
        "needs.file_awareness",
        "needs.file_efficacy",
        "needs.file_past",
        "needs.file_distance",
        "needs.file_wait",
        "needs.old",
        "needs.poor",
        "needs.renter",
        "needs.disabled",
        "needs.flexible",
        "needs.certificates",
        "grid.reach",
        "filing.hotline",
        "filing.online",
    ),
    decisions=tuple(f"request_services.{d}" for d in ("need", "file", "transaction", "case", "item")),
)
