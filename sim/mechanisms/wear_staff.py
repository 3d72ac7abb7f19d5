"""Who wears out, who leaves, and what does that do to the work?

Claim: few people and much work wear people out; the worn leave, and newcomers are slow (fp.turnover,
anhui.worker-shortage, published.burnout-liaoning). Loss of rank, status or pay, and being passed over, lower effort
for a while: that, not a reform's name, is resistance (tongling.three-unchanged, tongling.no-promotion).
    burnout X += rate (k s P^2 (1 + m (offices - 1)) - X),  s personal and lognormal, P pressure of the pool, m the
    weight of every further office whose work the same people do
    leaves a month with probability quits x (floor + weight min(X, 1.5)) x pay^-e; the post stays empty for `vacancy`
    months; the newcomer starts at half skill and is practised after six months
    resentment +1 when rank falls, + a weight when the status of the post is not kept,
    + part of pay lost x pay cut when pay falls (its own or the scale of its employer),
    + share of colleagues promoted past one; fades over a year. A rise undoes nothing.
Left out: careers; friends who leave together.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.catalogue import kinds
from sim.draws import lognormal_quantiles
from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of

HOLDER_BITS = 48
WORN_CAP, HALF = 1.5, 0.5
PERFORMS = np.array([row.performs for row in kinds().values()])


def run(c: Context) -> None:
    """Wear everybody out a little, let some go, fill empty posts, and remember slights."""
    staff = c.staff
    person = staff.id + (staff.holder.astype(np.uint64) << np.uint64(HOLDER_BITS))
    _burn(c, person)
    _resent(c)
    _come_and_go(c, person)


def _burn(c: Context, person: np.ndarray) -> None:
    staff, offices = c.staff, c.institutions
    pressure = np.zeros(c.pools.n)
    known = offices.pool >= 0
    np.maximum.at(pressure, offices.pool[known], offices.pressure[known])
    working = known & (offices.is_open == 1) & PERFORMS[offices.kind]
    served = np.maximum(np.bincount(offices.pool[working], minlength=c.pools.n), 1)
    pool = np.maximum(staff.pool, 0)
    strain = np.where(staff.pool >= 0, pressure[pool], 0.0)
    personal = lognormal_quantiles(
        c.lasting_uniforms("wear_staff.personal", person), c.assume("burnout.spread")
    )
    burden = 1 + c.assume("burnout.many_posts") * (served[pool] - 1)
    aim = c.assume("burnout.strain") * personal * strain**2 * burden
    staff.burnout[:] += c.assume("burnout.rate") * (aim - staff.burnout)


def _resent(c: Context) -> None:
    staff = c.staff
    paid = np.round(staff.pay * _scale(c)).astype(np.int32)
    lost = np.maximum(staff.pay_seen - paid, 0) / np.maximum(staff.pay_seen, 1)
    fallen = (staff.rank < staff.rank_seen) + c.assume("resentment.pay_cut") * lost
    fallen += c.assume("resentment.status") * staff.status_lost
    risen = staff.rank > staff.rank_seen
    # People of no pool (in the district pool, or gone) are nobody's colleagues; they count in a place of their own.
    pool = staff.pool + 1
    mates = np.bincount(pool, minlength=c.pools.n + 1)
    promoted = np.bincount(pool, weights=risen, minlength=c.pools.n + 1) / np.maximum(mates, 1)
    promoted[0] = 0.0
    passed_over = np.where(risen, 0.0, promoted[pool]) * c.assume("resentment.passed_over")
    staff.resentment[:] = np.minimum(staff.resentment * (1 - 1 / MONTHS_PER_YEAR) + fallen + passed_over, 1.0)
    staff.rank_seen[:], staff.pay_seen[:] = staff.rank, paid


def _scale(c: Context) -> np.ndarray:
    """Return each post's pay against the start, by the rule for its employer; in the district pool as at the start."""
    staff, offices = c.staff, c.institutions
    employer = np.maximum(staff.employer, 0)
    scale = c.rule("pay.scale")[offices.kind[employer], offices.seat[employer]]
    return np.where(staff.employer >= 0, scale, 1.0)


def _come_and_go(c: Context, person: np.ndarray) -> None:
    staff = c.staff
    worn = c.assume("quits.floor") + c.assume("quits.burnout") * np.minimum(staff.burnout, WORN_CAP)
    p = c.assume("quits.base") * worn * powers(_scale(c), -c.assume("quits.pay"))
    held = (staff.is_employed == 1) & (staff.vacant_for == 0)
    staff.skill[:] = np.minimum(staff.skill + HALF / c.assume("skill.months"), 1.0)
    leaves = held & (c.uniforms("wear_staff.leaves", person) < p)
    months = 1 + np.floor(c.uniforms("wear_staff.vacancy", person) * (2 * c.assume("quits.vacancy") - 1))
    filled = staff.vacant_for == 1
    staff.vacant_for[:] = np.where(leaves, months, np.maximum(staff.vacant_for - 1, 0))
    staff.holder[filled] += 1
    staff.skill[filled], staff.burnout[filled], staff.resentment[filled] = HALF, 0.0, 0.0
    staff.has_left[:] = leaves


MECHANISM = Mechanism(
    name="wear_staff",
    question="Who wears out, who leaves, and what does that do to the work?",
    run=run,
    reads=(
        *columns_of("staff", "id", "pool", "employer", "rank", "pay", "status_lost", "is_employed"),
        *columns_of("institutions", "pool", "kind", "seat", "pressure", "is_open"),
    ),
    writes=columns_of(
        "staff", "burnout", "skill", "vacant_for", "holder", "resentment", "rank_seen", "pay_seen", "has_left"
    ),
    levers=("pay.scale",),
    assumptions=(
        "burnout.spread", "burnout.strain", "burnout.rate", "burnout.many_posts",
        "resentment.passed_over", "resentment.pay_cut", "resentment.status", "quits.floor", "quits.burnout",
        "quits.base", "quits.pay", "quits.vacancy", "skill.months",
    ),
    decisions=("wear_staff.personal", "wear_staff.leaves", "wear_staff.vacancy"),
)  # fmt: skip
