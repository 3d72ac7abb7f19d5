"""At which door does a resident knock, and through how many desks does the case pass?

Claim: who does not know the owner of a matter knocks at a door that is near, quick and trusted, and is sent on;
one window lowers that (tongling.one-hall). Matters that two bodies may own are passed back and forth between them,
the less the more they are of one mind (jinjiang.cross-holding-blurs); a written list of duties leaves fewer of them.
A hand-off adds the next queue, and between layers a batch of files.
    knows the owner with probability 1 - m0 (x factor under one window)
    else the door is drawn from committee, station and street office by a logit on distance, wait and trust; bodies in
    a joint office have one door
    coordination = base + (1 - base) x gain x chi;   passes N geometric: P(N >= k) = (1 - coordination)^k
    stops: [wrong door: desk check] -> owner [<-> rival: a desk check each time] -> the work -> [approver: approval]
An item is ambiguous or not for good; its rival is drawn once, from the other doors and whoever had it before. People
who sit behind both desks pass nothing to themselves.
Left out: matters between three bodies; appeals to the office above.
"""

from __future__ import annotations

import numpy as np

from sim.catalogue import levers
from sim.draws import choose_by_logit
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.window_kernel import MOST_PASSES
from sim.world.cases import APPROVAL, DESK_CHECK, MAIN, RIVAL
from sim.world.world import KIND

LENGTHS = np.arange(levers()["duty_list.items"].bounds[1] + 1)  # of a written list of duties, 0 for none
DOORS = ("residents_committee", "service_station", "street_office")


def run(c: Context) -> None:
    """Give every filed case its stops and what is done at each."""
    inbox, people = c.filed, c.residents
    area = people.area[inbox.resident]
    owner = c.performers(inbox.item, c.items.owner[inbox.item, area].astype(np.int64), area)
    approver = c.performers(inbox.item, c.items.approver[inbox.item, area].astype(np.int64), area)
    door = _door(c, area)
    factor = c.practised_worth("station.one_window", (1.0, c.assume("routing.one_window_factor")))[area]
    lost = c.uniforms("route_requests.knows", inbox.key) < c.assume("routing.misrouted_share") * factor
    house = c.institutions.house
    elsewhere = (door != owner) & ((house[door] == 0) | (house[door] != house[owner]))
    wrong = np.where(lost & (door >= 0) & elsewhere, door, -1)
    approved = (
        (approver >= 0)
        & (approver != owner)
        & (c.uniforms("route_requests.approval", inbox.key) < c.assume("routing.approval_share"))
    )
    rival = _rival(c, area, owner)
    inbox.passes[:] = _passes(c, area, rival)
    rival = np.where(inbox.passes > 0, rival, -1)
    _write_stops(
        c, [(wrong, DESK_CHECK), (owner, MAIN), (rival, RIVAL), (np.where(approved, approver, -1), APPROVAL)]
    )


def _door(c: Context, area: np.ndarray) -> np.ndarray:
    """Return the office row of the door picked by somebody who does not know the owner, -1 where there is none."""
    people, inbox = c.residents, c.filed
    who = inbox.resident
    rows = np.stack([c.serving_rows(kind)[area] for kind in DOORS], axis=1)
    km = np.stack([c.array("distance")[KIND[kind]][people.block[who]] for kind in DOORS], axis=1)
    trust = np.stack(
        [people.trust_committee[who], people.trust_government[who], people.trust_government[who]], axis=1
    )
    utility = c.assume("routing.trust") * trust - c.assume("routing.distance") * km
    utility = utility - c.assume("routing.wait") * np.where(rows >= 0, c.institutions.wait_shown[rows], 0)
    choice = choose_by_logit(utility, rows >= 0, c.uniforms("route_requests.door", inbox.key))
    return rows[np.arange(len(rows)), choice]


def _rival(c: Context, area: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Return the other office that may own an ambiguous case, -1 where the item is clear or there is no other."""
    inbox, pool, items = c.filed, c.institutions.pool, np.arange(c.items.n, dtype=np.uint64)
    luck = c.lasting_uniforms("route_requests.ambiguous", items)[inbox.item]
    clearer = c.practised_worth("duty_list.items", np.where(LENGTHS > 0, c.assume("routing.list_factor"), 1.0))
    share = c.assume("routing.ambiguous_share") * clearer[c.items.owner[inbox.item, area], area]
    unclear, rival = np.flatnonzero(luck < share), np.full(inbox.n, -1, np.int64)
    item, area, owner = inbox.item[unclear], area[unclear], owner[unclear]
    before = c.performers(item, c.items.before[item, area].astype(np.int64), area)
    rows = np.stack([*(c.serving_rows(kind)[area] for kind in DOORS), before], axis=1)
    there = (rows >= 0) & (rows != owner[:, None]) & (pool[rows] != pool[owner][:, None])
    wanted = np.floor(c.lasting_uniforms("route_requests.rival", items)[item] * there.sum(axis=1))
    pick = np.argmax(there & (np.cumsum(there, axis=1) > wanted[:, None]), axis=1)
    rival[unclear] = np.where(there.any(axis=1), rows[np.arange(len(rows)), pick], -1)
    return rival


def _passes(c: Context, area: np.ndarray, rival: np.ndarray) -> np.ndarray:
    """Return how often each case is passed on before somebody owns it: geometric, zero without a rival."""
    base = c.assume("coordination.base")
    joined = base + (1 - base) * c.assume("coordination.cross_holding") * c.rule("cross_holding.chi")[area]
    luck = c.uniforms("route_requests.passes", c.filed.key)
    more, passes = np.where(rival >= 0, 1 - joined, 0.0), np.zeros(len(rival), np.int8)
    reach = more.copy()
    for _ in range(MOST_PASSES):
        if not (again := luck < reach).any():
            break
        passes += again
        reach *= more
    return passes


def _write_stops(c: Context, stages: list[tuple[np.ndarray, int]]) -> None:
    """Write the stages that exist, closed up to the left."""
    stops, elements = c.filed.stops, c.filed.elements
    position = np.zeros(len(stops), np.int64)
    everyone = np.arange(len(stops))
    for office, element in stages:
        there = office >= 0
        stops[everyone[there], position[there]] = office[there]
        elements[everyone[there], position[there]] = element
        position += there


MECHANISM = Mechanism(
    name="route_requests",
    question="At which door does a resident knock, and through how many desks does the case pass?",
    run=run,
    reads=(
        "serving",
        "distance",
        *columns_of("filed", "key", "item", "resident"),
        *columns_of("items", "owner", "before", "approver"),
        *columns_of("residents", "area", "block", "trust_committee", "trust_government"),
        *columns_of("institutions", "wait_shown", "pool", "house"),
    ),
    writes=columns_of("filed", "stops", "elements", "passes"),
    levers=("station.one_window", "duty_list.items", "cross_holding.chi"),
    assumptions=(
        "routing.one_window_factor",
        "routing.misrouted_share",
        "routing.approval_share",
        "routing.trust",
        "routing.distance",
        "routing.wait",
        "routing.ambiguous_share",
        "routing.list_factor",
        "coordination.base",
        "coordination.cross_holding",
    ),
    decisions=tuple(
        f"route_requests.{d}" for d in ("knows", "approval", "door", "ambiguous", "rival", "passes")
    ),
)
