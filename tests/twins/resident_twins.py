"""What the resident kernels do, one resident after another, in np.float32 and plain Python: to be read, not run fast.

Every name and every order of operations is that of the claim in the mechanism's docstring. Float32 sums and
products are rounded after each operation, so the order written here is part of the twin.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from sim.draws import reference as draws

F = np.float32
CONDITIONAL, FREE_RIDER, HUMP = 0, 1, 2
HABIT, THRESHOLD, NORM = 1, 2, 3
WEEKLY = 140
TANH_UPPER = (135135.0, 17325.0, 378.0)
TANH_LOWER = (135135.0, 62370.0, 3150.0, 28.0)


def logistic(z: np.float32) -> np.float32:
    """Return (1 + tanh(z/2)) / 2 by the [7/6] continued fraction of tanh."""
    x = min(max(F(0.5) * z, F(-4.97)), F(4.97))
    s = x * x
    a, b = [F(v) for v in TANH_UPPER], [F(v) for v in TANH_LOWER]
    tanh = x * (a[0] + s * (a[1] + s * (a[2] + s))) / (b[0] + s * (b[1] + s * (b[2] + s * b[3])))
    return F(0.5) + F(0.5) * min(max(tanh, F(-1.0)), F(1.0))


def saturation(x: np.float32) -> np.float32:
    """Return 1 - 1 / (1 + x + x^2/2 + x^3/6)."""
    return F(1.0) - F(1.0) / (F(1.0) + x * (F(1.0) + x * (F(0.5) + x * F(1.0 / 6.0))))


def take_part(people: SimpleNamespace, key: int, own_key: int, d: object, m: object) -> list:
    """Return took of every resident for one mode."""
    took = list(people.took)
    for i, name in enumerate(people.id):
        if not people.invited[i]:
            continue
        habit, felt = people.habit[i], people.peers[i]
        late = max(people.age[i] - F(55.0), F(0.0))
        z = m.base + people.offset[i] + m.age * (people.age[i] - late) + m.age_late * late
        z = z + m.party * F(people.party[i]) - m.work * F(people.employed[i])
        z = z + m.education * (F(people.education[i]) - F(1.0))
        z = z + m.efficacy * (people.efficacy[i] - F(0.5)) + m.trust * (people.trust[i] - F(0.5))
        z = z + m.belonging * (people.belonging[i] - F(0.5)) + m.awareness * (people.awareness[i] - F(0.5))
        if people.kind[i] == CONDITIONAL:
            felt = d.match * felt
        elif people.kind[i] == FREE_RIDER:
            z, felt = z - m.free_rider, felt * F(1.0 / 3.0)
        elif people.kind[i] == HUMP:
            felt = min(felt, F(1.0) - felt)
        else:
            z = z + m.leader
        pushed, most = felt, F(2.0) * m.habit_mean
        if d.rule == THRESHOLD:
            mine = most * draws.u24(own_key, int(name), 0)
            pushed = most if felt >= mine and felt > 0 else F(0.0)
        z = z + m.peers * (pushed - m.habit_mean) + m.habit * (habit - m.habit_mean)
        z = z + m.stake * min(people.grievance[i] + people.stake[i], F(1.0))
        asked = max(people.contacted[i], people.recruited[i])
        z = z + m.contact * F(asked) + people.push[i] - m.distance * people.km[i]
        p = logistic(z)
        if d.rule == HABIT:
            p = p + d.pull * (d.worth * habit - p)
        elif d.rule == NORM:
            p = p + d.pull * (d.worth * felt - p)
        took[i] = int(draws.u24(key, int(name), 0) < p)
    return took


def remember(people: SimpleNamespace, rate: np.float32) -> tuple[list, list]:
    """Return (habit, history of twelve months) of every resident."""
    habits, histories = [], []
    for invited, took, habit, history in zip(
        people.invited, people.took, people.habit, people.history.tolist(), strict=True
    ):
        habits.append(habit + rate * (F(took) - habit) if invited else habit)
        histories.append((history * 2) % 4096 + (int(took) if invited else 0))
    return habits, histories


def stay(people: SimpleNamespace, key: int, rates: tuple) -> list:
    """Return who of those giving time still does."""
    exit_rate, dissatisfied, keeps = rates
    still = []
    for i, name in enumerate(people.id):
        p = exit_rate * (F(1.0) + dissatisfied * (F(1.0) - F(2.0) * people.belonging[i]))
        p = min(max(p * (F(1.0) - keeps * F(people.contacted[i])), F(0.0)), F(1.0))
        still.append(int(people.took[i] and not draws.u24(key, int(name), 0) < p))
    return still


def gather(
    people: SimpleNamespace, ties: np.ndarray, activity: np.ndarray, through: np.float32
) -> list[tuple]:
    """Return the means (vote, deliberate, activity, volunteer, outcome) of those around."""
    n, means = len(people.home), []
    for i in range(n):
        home = people.home[i]
        at_home = range(people.first[home], people.first[home] + people.size[home])
        acquaintances = [(int(w), int(j)) for w, j in zip(activity[i], ties[i], strict=True) if j < n]
        housemates = [(1, j) for j in at_home if j != i and people.adult[j]]
        near, home = _sums(people, acquaintances), _sums(people, housemates)
        weight, *totals = [F(a) + through * F(b) for a, b in zip(near, home, strict=True)]
        means.append(tuple(total / weight if weight > 0 else total for total in totals))
    return means


def _sums(people: SimpleNamespace, around: list[tuple[int, int]]) -> list[int]:
    """Return the weight of some people, and how much of it goes with each mode and with good less bad outcomes."""
    sums = [0] * 6
    for w, j in around:
        did = int(people.did[j])
        values = 1, did % 2, did // 2 % 2, did // 4 % 2, did // 8 % 2, int(people.outcome[j])
        sums = [total + w * value for total, value in zip(sums, values, strict=True)]
    return sums


def ask(
    people: SimpleNamespace, ties: np.ndarray, activity: np.ndarray, asks: np.float32, key: int
) -> list[int]:
    """Return who is asked along by an acquaintance met weekly who took part in something."""
    n = len(people.home)
    return [
        int(
            any(
                people.recruits[i] and j < n and people.did[j] and activity[i, slot] >= WEEKLY
                and draws.u24(key, int(people.id[i]), slot) < asks
                for slot, j in enumerate(ties[i])
            )
        )
        for i in range(n)
    ]  # fmt: skip


def need_and_file(
    people: SimpleNamespace, keys: tuple[int, int, int], c: object
) -> list[tuple[int, int, int]]:
    """Return (filed, counter, unfiled) of every resident."""
    need_key, file_key, trip_key = keys
    counts = []
    for i, name in enumerate(people.id):
        like = F(1.0)
        for true, factor in (
            (people.age[i] >= 60, c.old),
            (people.income[i] == 0, c.poor),
            (people.owner[i] == 0, c.renter),
            (people.disability[i] == 1, c.disabled),
        ):
            like = like * factor if true else like
        mean = c.needs * (float(people.frailty[i]) * float(like))
        needs = draws.poisson_scalar(draws.u01(need_key, int(name), 0), mean)
        z = c.base + c.trust * (people.trust[i] - F(0.5)) + c.awareness * (people.awareness[i] - F(0.5))
        z = z + c.efficacy * (people.efficacy[i] - F(0.5))
        z = z + c.past * F(people.last[i]) - c.distance * people.km[i] - c.wait * people.wait[i]
        z = z + c.flexible * (people.eased[i] * F(people.employed[i])) + people.told[i]
        p = logistic(z)
        filed = sum(draws.u24(file_key, int(name), k) < p for k in range(needs))
        trips = draws.poisson_scalar(
            draws.u01(trip_key, int(name), 0),
            c.transactions * float(people.papers[i]) * float(people.frailty[i]),
        )
        counts.append((int(filed), trips if people.adult[i] else 0, needs - int(filed)))
    return counts


def apply_posts(stock: np.ndarray, gain: np.ndarray, loss: np.ndarray) -> list[tuple]:
    """Return (new stock, rise per unit of gain, fall per unit of loss) of every resident."""
    rows = []
    for s, g, l in zip(stock, gain, loss, strict=True):
        up, down = (F(1.0) - s) * saturation(g), s * saturation(l)
        rows.append((s + up - down, up / g if g > 0 else F(0.0), down / l if l > 0 else F(0.0)))
    return rows


def choose_by_logit(utility: np.ndarray, available: np.ndarray, luck: np.ndarray) -> list[int]:
    """Return the option each row takes: the first whose cumulated weight exceeds its luck."""
    chosen = []
    for values, there, u in zip(utility.tolist(), available.tolist(), luck.tolist(), strict=True):
        options = [j for j, is_there in enumerate(there) if is_there]
        top = max((values[j] for j in options), default=0.0)
        weights = [math.exp(values[j] - top) for j in options]
        total = below = 0.0
        for weight in weights:
            total += weight
        pick = 0
        for j, weight in zip(options, weights, strict=True):
            below, pick = below + weight, j
            if u * total < below:
                break
        chosen.append(pick)
    return chosen
