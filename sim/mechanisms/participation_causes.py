"""Why those took part who did: each person's probability, divided among its causes.

Along the straight way from the base rate to the score in force every term z_k of the score gets the part
    z_k x (p(z) - p(z0)) / (z - z0),   z0 = base, p the logistic        (Aumann-Shapley; at z = z0 the slope p(1 - p))
so that base rate and parts add up to p, and p and chance to who came. Where habit or the norm pulls, what it adds is
booked to habit or to peers. Booked for those invited alone: who was not asked took no decision, and how many are asked
is what `occasion` holds, with the base rate. float64 beside the float32 kernel, so chance carries what rounding makes.
Worked out only where a run keeps its accounts.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.participation_kernel import (
    CONDITIONAL,
    FREE_RIDER,
    HABIT,
    HUMP,
    KNOT,
    LEADER,
    NORM,
    THRESHOLD,
    Deciding,
    Mode,
)

CAUSES = (
    "disposition", "stake", "habit", "peers", "asked", "trust", "efficacy", "belonging", "awareness",
    "time_and_distance", "occasion", "chance",
)  # fmt: skip


def parts(
    columns: tuple, threshold: np.ndarray, d: Deciding, m: Mode, took: np.ndarray, pushed_by: str = "asked"
) -> dict[str, np.ndarray]:
    """Return what each cause contributed to every resident's taking part, float64; all sum to took x invited.

    columns: those of `take_part`, in its order; threshold: the lasting uniform of each person; took: who came;
    pushed_by: the cause a person's own push is booked under.
    """
    (
        _, age, party, employed, education, kind, efficacy, trust, belonging, awareness, grievance, contacted, asked,
        offset, stake, km, invited, peers, push, habit,
    ) = (np.asarray(column, np.float64) for column in columns)  # fmt: skip
    late = np.maximum(age - float(KNOT), 0)
    felt, anyway = _felt(kind, peers, d, m)
    pushed = _pushed(felt, threshold, d, m)
    terms = {
        "disposition": m.age * (age - late)
        + m.age_late * late
        + m.party * party
        + m.education * (education - 1)
        + anyway,
        "stake": m.stake * np.minimum(grievance + stake, 1),
        "habit": m.habit * (habit - m.habit_mean),
        "peers": m.peers * (pushed - m.habit_mean),
        "asked": m.contact * np.maximum(contacted, asked),
        "trust": m.trust * (trust - 0.5),
        "efficacy": m.efficacy * (efficacy - 0.5),
        "belonging": m.belonging * (belonging - 0.5),
        "awareness": m.awareness * (awareness - 0.5),
        "time_and_distance": -m.work * employed - m.distance * km,
        "occasion": offset,
    }
    terms[pushed_by] = terms[pushed_by] + push
    booked, p = _divided(terms, float(m.base))
    for rule, cause, drawn in ((HABIT, "habit", habit), (NORM, "peers", felt)):
        if d.rule == rule:
            pull = d.pull * (d.worth * drawn - p)
            booked[cause], p = booked[cause] + pull, p + pull
    booked["chance"] = took - p
    return {cause: values * invited for cause, values in booked.items()}


def _logistic(z: np.ndarray | float) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _divided(terms: dict[str, np.ndarray], base: float) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return each term's part, the base rate with the occasion, and the probability they sum to."""
    way, start = sum(terms.values()), _logistic(np.array(base))
    p = _logistic(base + way)
    slope = np.where(np.abs(way) > 1e-9, (p - start) / np.where(way == 0, 1, way), start * (1 - start))
    booked = {cause: term * slope for cause, term in terms.items()}
    booked["occasion"] = booked["occasion"] + start
    return booked, sum(booked.values())


def _felt(kind: np.ndarray, peers: np.ndarray, d: Deciding, m: Mode) -> tuple[np.ndarray, np.ndarray]:
    """Return what each type feels of its peers, and what free riders and leaders do anyway."""
    felt = np.where(kind == CONDITIONAL, d.match * peers, peers)
    felt = np.where(kind == FREE_RIDER, peers / 3, felt)
    felt = np.where(kind == HUMP, np.minimum(peers, 1 - peers), felt)
    return felt, np.where(kind == FREE_RIDER, -m.free_rider, np.where(kind == LEADER, m.leader, 0.0))


def _pushed(felt: np.ndarray, threshold: np.ndarray, d: Deciding, m: Mode) -> np.ndarray:
    """Return what of the felt pushes: all or nothing where people decide by a threshold of their own."""
    if d.rule != THRESHOLD:
        return felt
    most = 2.0 * m.habit_mean
    return np.where((felt >= most * threshold) & (felt > 0), most, 0.0)
