"""One form for every way of taking part: a logit, resident by resident, in float32.

    z = base + offset(community) + age (slope, with a knot at 55) + party - work + education (primary -1,
        secondary 0, tertiary 1) + efficacy (E - 1/2)
        + trust (T - 1/2) + belonging (B - 1/2) + awareness (A - 1/2) + peers (felt - usual) + stake x at stake
        + habit (h - usual) + contact (visited, or asked by an acquaintance) + push (the person's own) - distance km
felt is what those around did, as the person's type weighs it: conditional cooperators match it in part (what is not
matched decays from round to round), free riders feel a third and stay away more, hump-shaped turn round above a half,
leaders come anyway. Four rules of deciding, one of them in force:
    logit      p = logistic(z)
    habit      p = (1 - pull) logistic(z) + pull x worth x own habit
    threshold  p = logistic(z) with felt all or nothing: twice the usual share once it passes a threshold of one's own,
               uniform between none and twice the usual share, so that the mean push is that of the logit
    norm       p = (1 - pull) logistic(z) + pull x worth x felt
worth is one where p is the chance of taking part; where p is the chance to begin something that lasts, worth is the
chance to end it, so that who does as others do begins as often as others must for a share like theirs to last.
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
    education: np.float32


class Deciding(NamedTuple):
    """How people decide: the rule in force (its place in RULES), its pull, how far conditional cooperators match.

    worth: the monthly chance that a share of one, of habit or of peers, stands for.
    """

    rule: int
    pull: np.float32
    match: np.float32
    worth: np.float32


# Each term is a loop of its own over 2 048 people, whose numbers stay in the fastest memory: the compiler then works
# on eight at a time. One loop over everything takes twice as long (so many arrays might overlap).
CHUNK = 2048


@njit(nogil=True, cache=True, error_model="numpy")
def take_part(
    ids, age, party, employed, education, kind, efficacy, trust, belonging, awareness, grievance, contacted, recruited,
    offset, stake, km, invited, peers, push, habit, key, own_key, d, m, took,
):  # fmt: skip
    """Decide for one mode, in place: `took` of everybody invited; one row a resident.

    invited and took are uint8, offset, stake, km, push and the rest float32; key draws this month's luck, own_key the
    lasting threshold.
    """
    n = ids.shape[0]
    scores, felts, pushes = np.empty(CHUNK, F), np.empty(CHUNK, F), np.empty(CHUNK, F)
    for a in range(0, n, CHUNK):
        b = min(a + CHUNK, n)
        if not invited[a:b].any():
            continue
        z, felt, pushed = scores[: b - a], felts[: b - a], pushes[: b - a]
        add_traits(z, offset[a:b], age[a:b], party[a:b], employed[a:b], education[a:b], m)
        add_feelings(z, efficacy[a:b], trust[a:b], belonging[a:b], awareness[a:b], m)
        weigh_peers(z, felt, kind[a:b], peers[a:b], d, m)
        pushed[:] = felt
        if d.rule == THRESHOLD:
            all_or_nothing(pushed, ids[a:b], own_key, m)
        add_peers_and_habit(z, pushed, habit[a:b], m)
        add_occasion(z, grievance[a:b], stake[a:b], contacted[a:b], recruited[a:b], push[a:b], km[a:b], m)
        likelihood(z, felt, habit[a:b], d)
        draw(z, ids[a:b], invited[a:b], key, took[a:b])


@njit(nogil=True, cache=True, error_model="numpy")
def add_traits(z, offset, age, party, employed, education, m):
    """Begin every score: base, community, age with its knot, party, work, schooling."""
    for i in range(z.shape[0]):
        late = max(age[i] - KNOT, ZERO)
        x = m.base + offset[i] + m.age * (age[i] - late) + m.age_late * late
        x = x + m.party * F(party[i]) - m.work * F(employed[i])
        z[i] = x + m.education * (F(education[i]) - ONE)


@njit(nogil=True, cache=True, error_model="numpy")
def add_feelings(z, efficacy, trust, belonging, awareness, m):
    """Add what the four stocks do."""
    for i in range(z.shape[0]):
        x = z[i] + m.efficacy * (efficacy[i] - HALF) + m.trust * (trust[i] - HALF)
        z[i] = x + m.belonging * (belonging[i] - HALF) + m.awareness * (awareness[i] - HALF)


@njit(nogil=True, cache=True, error_model="numpy")
def weigh_peers(z, felt, kind, peers, d, m):
    """Set what each type feels of its peers, and add what free riders and leaders do anyway."""
    for i in range(z.shape[0]):
        seen, who = peers[i], kind[i]
        matched = d.match * seen if who == CONDITIONAL else seen
        matched = seen * THIRD if who == FREE_RIDER else matched
        felt[i] = min(seen, ONE - seen) if who == HUMP else matched
        anyway = -m.free_rider if who == FREE_RIDER else ZERO
        z[i] = z[i] + (m.leader if who == LEADER else anyway)


@njit(nogil=True, cache=True, error_model="numpy")
def all_or_nothing(felt, ids, own_key, m):
    """Turn what is felt, in place, into twice the usual share beyond a threshold of one's own, else nothing."""
    most = TWO * m.habit_mean
    for i in range(felt.shape[0]):
        passes = felt[i] >= most * u24(own_key, ids[i], 0) and felt[i] > ZERO
        felt[i] = most if passes else ZERO


@njit(nogil=True, cache=True, error_model="numpy")
def add_peers_and_habit(z, pushed, habit, m):
    """Add the push of peers and of habit, each against what is usual."""
    for i in range(z.shape[0]):
        z[i] = z[i] + m.peers * (pushed[i] - m.habit_mean) + m.habit * (habit[i] - m.habit_mean)


@njit(nogil=True, cache=True, error_model="numpy")
def add_occasion(z, grievance, stake, contacted, recruited, push, km, m):
    """Add what speaks for coming this time: a stake, being asked, a push of one's own; and the way there."""
    for i in range(z.shape[0]):
        x = z[i] + m.stake * min(grievance[i] + stake[i], ONE)
        z[i] = x + m.contact * F(max(contacted[i], recruited[i])) + push[i] - m.distance * km[i]


@njit(nogil=True, cache=True, error_model="numpy")
def likelihood(z, felt, habit, d):
    """Turn scores, in place, into probabilities under the rule in force."""
    for i in range(z.shape[0]):
        z[i] = logistic(z[i])
    if d.rule == HABIT:
        for i in range(z.shape[0]):
            z[i] = z[i] + d.pull * (d.worth * habit[i] - z[i])
    elif d.rule == NORM:
        for i in range(z.shape[0]):
            z[i] = z[i] + d.pull * (d.worth * felt[i] - z[i])


@njit(nogil=True, cache=True, error_model="numpy")
def draw(p, ids, invited, key, took):
    """Let luck decide for everybody invited; the others stay as they were."""
    for i in range(p.shape[0]):
        came = np.uint8(u24(key, ids[i], 0) < p[i])
        took[i] = came if invited[i] == 1 else took[i]


@njit(nogil=True, cache=True, error_model="numpy")
def remember(invited, took, rate, habit, history):
    """Let habit follow what was done where there was something to do, and shift the twelve months of the record."""
    for i in range(took.shape[0]):
        history[i] = (history[i] << 1) & 0x0FFF
        if invited[i] == 1:
            habit[i] = habit[i] + rate * (F(took[i]) - habit[i])
            history[i] |= took[i]
