"""One form for every way of taking part: the logit of model.md M7, resident by resident, in float32.

    z = base + offset(community) + age (slope, with a knot at 55) + party - work + efficacy (E - 1/2)
        + trust (T - 1/2) + belonging (B - 1/2) + awareness (A - 1/2) + peers (felt - usual) + stake x at stake
        + habit (h - usual) + contact (visited, or asked by an acquaintance) + push (the person's own) - distance km
felt is what those around did, as the person's type weighs it: conditional cooperators match it in part (what is not
matched decays from round to round), free riders feel a third and stay away more, hump-shaped turn round above a half,
leaders come anyway. Four rules of deciding, one of them in force:
    logit      p = logistic(z)
    habit      p = (1 - pull) logistic(z) + pull x own habit
    threshold  p = logistic(z) with felt all or nothing: twice the usual share once it passes a threshold of one's own,
               uniform between none and twice the usual share, so that the mean push is that of the logit
    norm       p = (1 - pull) logistic(z) + pull x felt
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.draws import u24
from sim.mechanisms.arithmetic import logistic

F = np.float32
RULES = ("logit", "habit", "threshold", "norm")
HABIT, THRESHOLD, NORM = 1, 2, 3
CONDITIONAL, FREE_RIDER, HUMP, LEADER = 0, 1, 2, 3
ZERO, HALF, ONE, TWO, THIRD, KNOT = F(0.0), F(0.5), F(1.0), F(2.0), F(1.0 / 3.0), F(55.0)


class Mode(NamedTuple):
    """Coefficients of one participation mode, float32."""

    base: np.float32
    age: np.float32
    age_late: np.float32
    party: np.float32
    efficacy: np.float32
    trust: np.float32
    belonging: np.float32
    awareness: np.float32
    peers: np.float32
    stake: np.float32
    habit: np.float32
    habit_mean: np.float32
    habit_rate: np.float32
    contact: np.float32
    work: np.float32
    distance: np.float32
    free_rider: np.float32
    leader: np.float32


class Deciding(NamedTuple):
    """How people decide: the rule in force (its place in RULES), its pull, how far conditional cooperators match."""

    rule: int
    pull: np.float32
    match: np.float32


@njit(nogil=True, cache=True)
def take_part(
    ids, block, age, party, employed, kind, efficacy, trust, belonging, awareness, grievance, contacted, recruited,
    offset, stake, km, invited, peers, push, habit, key, own_key, d, m, took,
):  # fmt: skip
    """Decide for one mode, in place: `took` of everybody invited.

    offset, stake and km are float32 by block, invited uint8 and push float32 by resident; key draws this month's luck,
    own_key the lasting threshold.
    """
    for i in range(ids.shape[0]):
        if invited[i] == 0:
            continue
        late = max(age[i] - KNOT, ZERO)
        z = m.base + offset[block[i]] + m.age * (age[i] - late) + m.age_late * late
        z = z + m.party * F(party[i]) - m.work * F(employed[i])
        z = z + m.efficacy * (efficacy[i] - HALF) + m.trust * (trust[i] - HALF)
        z = z + m.belonging * (belonging[i] - HALF) + m.awareness * (awareness[i] - HALF)
        felt = peers[i]
        if kind[i] == CONDITIONAL:
            felt = d.match * felt
        elif kind[i] == FREE_RIDER:
            z = z - m.free_rider
            felt = felt * THIRD
        elif kind[i] == HUMP:
            felt = min(felt, ONE - felt)
        else:
            z = z + m.leader
        push_of_peers = felt
        if d.rule == THRESHOLD:
            most = TWO * m.habit_mean
            push_of_peers = most if felt >= most * u24(own_key, ids[i], 0) and felt > ZERO else ZERO
        z = z + m.peers * (push_of_peers - m.habit_mean) + m.habit * (habit[i] - m.habit_mean)
        z = z + m.stake * min(grievance[i] + stake[block[i]], ONE)
        z = z + m.contact * F(max(contacted[i], recruited[i])) + push[i] - m.distance * km[block[i]]
        p = logistic(z)
        if d.rule == HABIT:
            p = p + d.pull * (habit[i] - p)
        elif d.rule == NORM:
            p = p + d.pull * (felt - p)
        took[i] = 1 if u24(key, ids[i], 0) < p else 0


@njit(nogil=True, cache=True)
def remember(invited, took, rate, habit, history):
    """Let habit follow what was done where there was something to do, and shift the twelve months of the record."""
    for i in range(took.shape[0]):
        history[i] = (history[i] << 1) & 0x0FFF
        if invited[i] == 1:
            habit[i] = habit[i] + rate * (F(took[i]) - habit[i])
            history[i] |= took[i]
