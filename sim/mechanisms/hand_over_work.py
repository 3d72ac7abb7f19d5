"""Which work do organisations under contract take off the community's desks, and what stays where it was?

Claim: what is on the catalogue of purchases goes to organisations that have a contract and people to do it; what no
organisation has capacity for stays with whoever did it before (zhuhai.purchase-first, jinjiang.so-policy). Residents
who do not trust organisations would rather wait for the committee.
    on the catalogue: a lasting part `listed` of the items of work, the same everywhere
    in hand = hours of contracts and of members who give time - hours still open at the organisations' desk
    work on the catalogue that came to community bodies, and work written to organisations, is taken in the order of
    keyed luck while it fits into what is in hand; disputed cases and those of other bodies are left alone, and so is a
    resident's with probability choosy x (1 - trust in organisations)
    what is written to organisations and does not fit goes back to who had it before, else to its department
    what waits at a desk that has no contract any more, or comes back to it, goes to who else has it, with its age
The organisations' desk is one office an area (opened with the catalogue), with hours and quality of its own
(buy_services, staff_offices): cases wait there as anywhere.
Work is conserved: handed over + stayed = all that was on the catalogue.
Left out: which organisation of several does a piece; people who came along with admitted work.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.cases import DONE, IN_SERVICE, MAIN, MAX_STOPS
from sim.world.world import KIND

COMMUNITY_KINDS = (KIND["residents_committee"], KIND["service_station"])
ORGANISATION = KIND["social_organisation"]


class Work(NamedTuple):
    """New pieces of work: who would do them (row, -1 nobody), item, area, standard hours, stable name, free to go."""

    office: np.ndarray
    item: np.ndarray
    area: np.ndarray
    hours: np.ndarray
    key: np.ndarray
    clear: np.ndarray


def run(c: Context) -> None:
    """Say who does this month's pieces of work that organisations take, and whose go back."""
    c.areas.bought_work[:] = c.areas.handed_over[:] = 0
    desk = c.serving_rows("social_organisation")
    if (desk < 0).all():
        return
    _give_back(c, desk)
    tasks, requests = _tasks(c), _requests(c)
    work = Work(*(np.concatenate(pair) for pair in zip(tasks, requests, strict=True)))
    kind = np.where(work.office >= 0, c.institutions.kind[work.office], -1)
    written = kind == ORGANISATION
    on_list = _listed(c, work) & np.isin(kind, COMMUNITY_KINDS)
    bought = work.clear & (desk[work.area] >= 0) & (written | on_list)
    takes = bought & _fits(c, work, bought, desk)
    hired = np.where(takes, desk[work.area], -1)
    back = written & ~takes
    hired[back] = _before(c, work.item[back], work.area[back])
    c.assigned.hired[:], c.filed.hired[:] = np.split(hired, [c.assigned.n])
    c.areas.bought_work[:] = np.bincount(work.area[bought], minlength=c.areas.n)
    c.areas.handed_over[:] = np.bincount(work.area[takes], minlength=c.areas.n)


def _tasks(c: Context) -> Work:
    inbox = c.assigned
    hours = c.items.hours[inbox.item] * c.assume("tasks.hours_scale")
    everything = np.ones(inbox.n, np.bool_)
    return Work(inbox.performer, inbox.item, inbox.area, hours, inbox.key, everything)


def _requests(c: Context) -> Work:
    inbox = c.filed
    main = np.argmax((inbox.elements == MAIN) & (inbox.stops >= 0), axis=1)
    office = inbox.stops[np.arange(inbox.n), main]
    hours = c.items.hours[inbox.item]
    luck, trust = (
        c.uniforms("hand_over_work.accepts", inbox.key),
        c.residents.trust_organisations[inbox.resident],
    )
    clear = (inbox.passes == 0) & (luck >= c.assume("purchase.choosy") * (1 - trust))
    return Work(office, inbox.item, c.residents.area[inbox.resident], hours, inbox.key, clear)


def _listed(c: Context, work: Work) -> np.ndarray:
    """Return which pieces are of items on the catalogue of their area."""
    luck = c.lasting_uniforms("hand_over_work.listed", np.arange(c.items.n, dtype=np.uint64))
    there = c.rule("purchase.catalogue")[work.area] > 0
    return there & (luck < c.assume("purchase.listed"))[work.item]


def _fits(c: Context, work: Work, bought: np.ndarray, desk: np.ndarray) -> np.ndarray:
    """Return which of the bought pieces fit into the hours in hand in their area, in the order of keyed luck."""
    left = np.where(desk >= 0, c.institutions.own_hours[desk] - _open_hours(c)[desk], 0.0)
    rows = np.flatnonzero(bought)
    luck = c.uniforms("hand_over_work.luck", work.key[rows])
    rows = rows[np.lexsort((luck, work.area[rows]))]
    total = np.cumsum(work.hours[rows], dtype=np.float64)
    first = np.searchsorted(work.area[rows], work.area[rows])
    before = np.where(first > 0, total[first - 1], 0.0)
    fits = np.zeros(len(bought), np.bool_)
    fits[rows] = total - before <= left[work.area[rows]]
    return fits


def _open_hours(c: Context) -> np.ndarray:
    """Return, per office, the standard hours of cases that stand at its desk from before."""
    cases = c.cases
    rows = np.flatnonzero(cases.state < DONE)
    at = cases.stops[rows, cases.stage[rows]]
    return np.bincount(np.maximum(at, 0), weights=cases.hours[rows], minlength=c.institutions.n)


def _give_back(c: Context, desk: np.ndarray) -> None:
    """Send what waits at desks without hours to who has it in the duty table, or had it before organisations did."""
    idle = np.zeros(c.institutions.n, np.bool_)
    idle[desk[desk >= 0]] = True
    idle &= c.institutions.own_hours <= 0
    cases = c.cases
    waits = (cases.stops >= 0) & idle[cases.stops] & (cases.state < IN_SERVICE)[:, None]
    waits &= np.arange(MAX_STOPS) >= cases.stage[:, None]
    rows = np.flatnonzero(waits.any(axis=1))
    if not len(rows):
        return
    item, area = cases.item[rows].astype(np.int64), cases.area[rows].astype(np.int64)
    owner = c.performers(item, c.items.owner[item, area].astype(np.int64), area)
    theirs = (owner >= 0) & (c.institutions.kind[owner] != ORGANISATION)
    back = np.where(theirs, owner, _before(c, item, area))
    cases.stops[rows] = np.where(waits[rows], back[:, None], cases.stops[rows])


def _before(c: Context, item: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Return who did an item before it was written to organisations, else its department."""
    item = item.astype(np.int64)
    was = c.performers(item, c.items.before[item, area].astype(np.int64), area)
    own = c.performers(item, np.full(len(item), KIND["department"]), area)
    return np.where((was >= 0) & (c.institutions.kind[was] != ORGANISATION), was, own)


MECHANISM = Mechanism(
    name="hand_over_work",
    question="Which work do organisations under contract take off the community's desks?",
    run=run,
    reads=(
        "cases",
        "serving",
        *columns_of("assigned", "key", "item", "area", "performer"),
        *columns_of("filed", "key", "item", "resident", "stops", "elements", "passes"),
        *columns_of("items", "hours", "owner", "before"),
        *columns_of("institutions", "kind", "own_hours"),
        *columns_of("residents", "area", "trust_organisations"),
    ),
    writes=("cases", "assigned.hired", "filed.hired", *columns_of("areas", "bought_work", "handed_over")),
    levers=("purchase.catalogue",),
    assumptions=("purchase.listed", "purchase.choosy", "tasks.hours_scale"),
    decisions=tuple(f"hand_over_work.{d}" for d in ("listed", "accepts", "luck")),
)
