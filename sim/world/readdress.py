"""Where cases go whose office closed or left their area: to whoever performs their item now, with their age."""

from __future__ import annotations

import numpy as np

from sim.world.cases import DONE, IN_SERVICE, LAPSED
from sim.world.duties import performer_rows
from sim.world.offices import NO_CATCHMENT
from sim.world.service import DAY_TICKS
from sim.world.world import KIND, World


def readdress(world: World) -> None:
    """Give every open case whose next desks are gone a new one: its item's owner, else its department."""
    cases, table = world.cases, world.institutions
    closed = table.is_open == 0
    if cases.n == 0 or not (closed.any() or (world.serving < 0).any()):
        return
    heir = _heirs(world)
    item = np.maximum(cases.item, 0).astype(np.int64)
    owner = world.items.owner[item, cases.area].astype(np.int64)
    performer = performer_rows(world, item, owner, cases.area)
    department = world.departments.institution[world.items.department[item]]
    # The desk of the work itself follows the duty table; other desks follow their office's heir.
    cases.readdress(heir)
    stops = cases.stops
    gone = (stops >= 0) & (closed[np.maximum(stops, 0)] | _has_left(world)) & (cases.state < DONE)[:, None]
    target = np.where(performer >= 0, performer, department)
    ahead = np.arange(stops.shape[1]) >= (cases.stage + (cases.state == IN_SERVICE))[:, None]
    stops[:] = np.where(gone & ahead, target[:, None], stops)
    cases.settle_rivals()
    lost = (cases.state < IN_SERVICE) & (stops[np.arange(cases.n), cases.stage] < 0)
    cases.lapse(np.flatnonzero(lost), world.first_day * DAY_TICKS)
    world.ledger["cases_lost"] = world.ledger.get("cases_lost", 0) + int(
        (lost & (cases.state == LAPSED)).sum()
    )


def _has_left(world: World) -> np.ndarray:
    """Return (case, stop): the desk is of a kind with catchments, and no such office serves the area any more."""
    cases, kind = world.cases, world.institutions.kind[np.maximum(world.cases.stops, 0)]
    everywhere = np.isin(kind, [KIND[k] for k in NO_CATCHMENT])
    return ~everywhere & (world.serving[kind, cases.area[:, None]] < 0)


def expire(world: World, offices: list[int], areas: np.ndarray | None = None) -> None:
    """Let nobody take over what waits at these offices (of these areas): its patience is at an end, so it lapses.

    It is not dropped here, so that it is counted where every lapsed case is: as unserved, or as undone.
    """
    cases = world.cases
    waiting = np.isin(cases.stops[np.arange(cases.n), cases.stage], offices) & (cases.state < IN_SERVICE)
    if areas is not None:
        waiting &= np.isin(cases.area, areas)
    cases.patience[waiting] = 0


def _heirs(world: World) -> np.ndarray:
    """Return, per office row, the open office of the same kind that serves its seat now, else the row itself."""
    table, everyone = world.institutions, np.arange(world.institutions.n)
    successor = world.serving[table.kind, table.seat]
    stands = (table.is_open == 1) | (table.kind == KIND["department"]) | (successor < 0)
    return np.where(stands, everyone, successor).astype(np.int32)
