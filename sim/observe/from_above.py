"""What those above know, what lists say of their work, what they are left with: numerator and denominator per area.

Lists are those of the rule on paper: with no rule everything written to community bodies must be taken.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.world.cases import DONE
from sim.world.world import KIND, World

Parts = tuple[np.ndarray, np.ndarray]
Count = Callable[[World], Parts]
ASSIGNED, REFUSE = 0, 1
COMMUNITY_KINDS = (KIND["residents_committee"], KIND["service_station"])
ISSUER = KIND["department"]


def fidelity(world: World) -> Parts:
    """Count the overlap of need as the top sees it and as it is, by area and kind: one where all shares agree."""
    areas, n = world.areas, world.n_areas
    seen, true = (column / max(float(column.sum()), 1e-9) for column in (areas.picture, areas.need_by_kind))
    return np.minimum(seen, true).sum(axis=1), np.full(n, 1.0 / n)


def delay(world: World) -> Parts:
    """Count how far the picture of need is behind, by need: areas nothing is wrong in are not missed."""
    return world.areas.picture_days * world.areas.need, world.areas.need.copy()


def listed(what: str) -> Count:
    """Return the count of assigned items written to community bodies that must, may or must not be taken."""

    def count(world: World) -> Parts:
        items, rule = world.items, world.rule("admission.rule")
        written = np.isin(items.owner, COMMUNITY_KINDS) & (items.origin == ASSIGNED)[:, None]
        must = written & ((items.must_rank[:, None] < world.rule("admission.must_share")) | (rule == 0))
        off = written & ~must
        covered = off.sum(axis=0) * world.rule("admission.strictness") * (rule == REFUSE)
        found = {"must": must.sum(axis=0), "may": off.sum(axis=0) - covered, "refused": covered}[what]
        return found.astype(float), np.ones(world.n_areas)

    return count


def issuers_backlog(world: World) -> Parts:
    """Count assigned work still open at its issuers over a thousand households."""
    cases = world.cases
    still = np.flatnonzero((cases.state < DONE) & (cases.origin == ASSIGNED))
    at = cases.stops[still, cases.stage[still]]
    mine = still[world.institutions.kind[at] == ISSUER]
    open_there = np.bincount(cases.area[mine], minlength=world.n_areas).astype(float)
    return open_there, world.areas.households / 1000.0


def issuers_undone(world: World) -> Parts:
    """Count assigned work that lapsed at its issuers over a thousand households."""
    ended = world.ended
    lapsed = (ended.origin == ASSIGNED) & (ended.is_done == 0) & (ended.office >= 0)
    mine = lapsed & (world.institutions.kind[ended.office] == ISSUER)
    undone = np.bincount(ended.area[mine], minlength=world.n_areas).astype(float)
    return undone, world.areas.households / 1000.0


def accompanied(world: World) -> Parts:
    """Count assigned work that came with staff and money over work issued."""
    return world.areas.accompanied.astype(float), world.areas.issued.astype(float)


COUNTS: dict[str, Count] = {
    "picture.fidelity": fidelity,
    "picture.delay": delay,
    "items.must": listed("must"),
    "items.may": listed("may"),
    "items.refused": listed("refused"),
    "assigned.accompanied": accompanied,
    "issuers.backlog": issuers_backlog,
    "issuers.undone": issuers_undone,
}
