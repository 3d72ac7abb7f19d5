"""At which door does a resident knock, and through how many desks does the case pass?

Claim: who does not know the owner of a matter knocks at a door that is near, quick and trusted, and is sent on;
one window lowers that (tongling.one-hall). A hand-off adds the next queue, and between layers a batch of files.
    knows the owner with probability 1 - m0 (x factor under one window)
    else the door is drawn from committee, station and street office by a logit on distance, wait and trust
    stops: [wrong door: desk check] -> owner: the work itself -> [approver: approval, for a share of cases]
Left out: matters nobody owns, passed back and forth (a later mechanism).
"""

from __future__ import annotations

import numpy as np

from sim.draws import choose_by_logit
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import KIND

DOORS = ("residents_committee", "service_station", "street_office")
MAIN, DESK_CHECK, APPROVAL = 0, 1, 2


def run(c: Context) -> None:
    """Give every filed case its stops and what is done at each."""
    inbox, people = c.filed, c.residents
    area = people.area[inbox.resident]
    owner = c.performers(inbox.item, c.items.owner[inbox.item, area].astype(np.int64), area)
    approver = c.performers(inbox.item, c.items.approver[inbox.item, area].astype(np.int64), area)
    door = _door(c, area)
    factor = np.where(c.rule("station.one_window")[area] == 1, c.assume("routing.one_window_factor"), 1.0)
    lost = c.uniforms("route_requests.knows", inbox.key) < c.assume("routing.misrouted_share") * factor
    wrong = np.where(lost & (door >= 0) & (door != owner), door, -1)
    approved = (
        (approver >= 0)
        & (approver != owner)
        & (c.uniforms("route_requests.approval", inbox.key) < c.assume("routing.approval_share"))
    )
    _write_stops(c, [(wrong, DESK_CHECK), (owner, MAIN), (np.where(approved, approver, -1), APPROVAL)])


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
        *columns_of("items", "owner", "approver"),
        *columns_of("residents", "area", "block", "trust_committee", "trust_government"),
        *columns_of("institutions", "wait_shown"),
    ),
    writes=columns_of("filed", "stops", "elements"),
    levers=("station.one_window",),
    assumptions=(
        "routing.one_window_factor",
        "routing.misrouted_share",
        "routing.approval_share",
        "routing.trust",
        "routing.distance",
        "routing.wait",
    ),
    decisions=tuple(f"route_requests.{d}" for d in ("knows", "approval", "door")),
)
