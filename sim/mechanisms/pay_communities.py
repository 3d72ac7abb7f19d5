"""How much of the money meant for a community reaches it, and what does it pay for?

Claim: money that passes layers shrinks at each (tongling.funds-leak); paid straight, more arrives
(tongling.direct-funding, jianye.direct-budget).
    sent for an area a month = (fund per household x households + base of its community / its areas) / 12
    every office it passes keeps its overhead: the whole chain when layered, only the top one there is when direct; it
    is spent in the month on that office itself
    project money, given by the picture of needs, takes the same way and is kept for what residents decide
    the committee spends on its self-governance hours what is not kept for projects, its ordinary money first, then
    what funds gave for nothing in particular; of what funds gave and this left, a part goes to residents' projects
    `funded` is the part of the cost of all self-governance there is to do that money in hand, projects' apart, covers
Whole yuan in int64: sent = kept on the way + arrived, arrived + in hand = spent + left, every month.
    a street whose budget is a department's of the district keeps less than a level of its own
    an award is paid for every proposal of residents that passed, as far as there is money that is not for projects
    upkeep of an office that has posts = rent + running costs x posts, which the treasury pays; organisations and
    property services have a purse of their own
Left out: who in the treasury pays what; savings of offices above the community.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import KIND, OWN_PURSE

DIRECT, DEPARTMENTAL = 1, 1
STREET = KIND["street_office"]


def run(c: Context) -> None:
    """Send this month's money down and let committees pay for what they did."""
    areas, offices = c.areas, c.institutions
    sent = (c.rule("money.fund_per_household") * areas.households + _base(c)) / MONTHS_PER_YEAR
    areas.sent[:] = np.floor(sent).astype(np.int64) + areas.project_money
    offices.money_in[:] = 0
    _pass_down(c)
    _spend(c)
    _keep_up(c)


def _base(c: Context) -> np.ndarray:
    """Return, per area, yuan a year of what is meant for its community whatever its size, shared by its areas."""
    committee = c.serving_rows("residents_committee")
    of_one = np.bincount(np.maximum(committee, 0), weights=committee >= 0, minlength=c.institutions.n)
    return c.assume("money.base_per_community") / np.maximum(of_one[committee], 1)


def _pass_down(c: Context) -> None:
    areas, offices = c.areas, c.institutions
    committee = c.serving_rows("residents_committee")
    amount = np.where(committee >= 0, areas.sent, 0)
    areas.sent[:] = amount
    rates, direct = c.rule("money.overhead"), float(c.rule("money.route")) == DIRECT
    reached = np.zeros(c.areas.n, np.bool_)
    street = c.assume("money.departmental") if float(c.rule("street.budget")) == DEPARTMENTAL else 1.0
    for row in _chain(c, committee):
        passes = (row >= 0) & ~(direct & reached)
        reached |= passes
        rate = np.where(passes, rates[np.minimum(offices.layer[row], len(rates) - 1)], 0.0)
        rate = np.where(offices.kind[row] == STREET, rate * street, rate)
        kept = np.floor(amount * rate).astype(np.int64)
        np.add.at(offices.money_in, row[passes], kept[passes])
        amount = amount - kept
    offices.overhead[:] = offices.money_in
    areas.arrived[:] = amount
    np.add.at(offices.money_in, committee[committee >= 0], amount[committee >= 0])
    offices.money[:] += offices.money_in
    # The project part shrinks on the way as the rest does, and is kept for projects.
    part = amount * areas.project_money // np.maximum(areas.sent, 1)
    np.add.at(offices.earmarked, committee[committee >= 0], part[committee >= 0])


def _chain(c: Context, committee: np.ndarray) -> list[np.ndarray]:
    """Return, from the top down, the offices above each area's committee (-1 where the chain is shorter)."""
    parent, chain, row = c.institutions.parent, [], committee
    for _ in range(int(c.areas.hops.max(initial=0))):
        row = np.where(row >= 0, parent[row], -1)
        chain.append(row)
    return chain[::-1]


def _spend(c: Context) -> None:
    offices, rows = c.institutions, c.open_rows("residents_committee")
    cost = np.floor(offices.hours_demanded[rows] * c.assume("money.per_selfgov_hour")).astype(np.int64)
    wanted = (
        np.floor(
            (offices.hours_selfgov + offices.hours_protected)[rows] * c.assume("money.per_selfgov_hour")
        ).astype(np.int64)
        + _awards(c)[rows]
    )
    free = np.maximum((offices.money - offices.earmarked)[rows], 0)
    paid = np.minimum(free, wanted)
    offices.funded[rows] = np.clip(free / np.maximum(cost, 1), 0, 1)
    _use_grants(c, rows, np.maximum(paid - (free - offices.granted[rows]), 0))
    offices.spent[:] = offices.project_cost + offices.overhead
    offices.earmarked[:] -= offices.project_cost
    offices.spent[rows] += paid
    offices.money[:] -= offices.spent


def _use_grants(c: Context, rows: np.ndarray, used: np.ndarray) -> None:
    """Take what self-governance used off the grants in hand, and keep part of the rest for residents' projects.

    rows: committees; used: yuan of their grants that pay for self-governance this month. What has to be given back
    where it is not spent is spent first.
    """
    offices = c.institutions
    left = offices.granted[rows] - used
    to_projects = np.floor(left * c.assume("money.grants_to_projects")).astype(np.int64)
    offices.granted[rows] = left - to_projects
    offices.earmarked[rows] += to_projects
    spent = offices.project_cost[rows] + used
    offices.returnable[rows] -= np.minimum(offices.returnable[rows], spent)


def _keep_up(c: Context) -> None:
    """Say what the month's rooms and running costs come to, office by office; whole yuan."""
    offices, staff = c.institutions, c.staff
    employed = (staff.is_employed == 1) & (staff.employer >= 0)
    posts = np.bincount(staff.employer[employed], minlength=offices.n)
    costs = c.assume("upkeep.per_office") + c.assume("upkeep.per_post") * posts
    public = (posts > 0) & (offices.is_open == 1) & ~np.isin(offices.kind, OWN_PURSE)
    offices.upkeep[:] = np.where(public, np.round(costs), 0)


def _awards(c: Context) -> np.ndarray:
    """Return, per office, yuan due to residents whose proposals passed this month."""
    areas, committee = c.areas, c.serving_rows("residents_committee")
    there = committee >= 0
    due = np.round(areas.residents_passed * c.rule("recognition.award_yuan"))
    return np.bincount(committee[there], weights=due[there], minlength=c.institutions.n).astype(np.int64)


MECHANISM = Mechanism(
    name="pay_communities",
    question="How much of the money meant for a community reaches it, and what does it pay for?",
    run=run,
    reads=(
        "serving",
        *columns_of("areas", "households", "hops", "project_money", "residents_passed"),
        *columns_of(
            "institutions",
            "parent",
            "layer",
            "kind",
            "hours_demanded",
            "hours_selfgov",
            "hours_protected",
            "project_cost",
            "is_open",
        ),
        *columns_of("staff", "employer", "is_employed"),
    ),
    writes=(
        *columns_of("areas", "sent", "arrived"),
        *columns_of(
            "institutions",
            "money",
            "earmarked",
            "granted",
            "returnable",
            "money_in",
            "spent",
            "overhead",
            "upkeep",
            "funded",
        ),
    ),
    levers=(
        "money.route",
        "money.overhead",
        "money.fund_per_household",
        "street.budget",
        "recognition.award_yuan",
    ),
    assumptions=(
        "money.base_per_community",
        "money.grants_to_projects",
        "money.per_selfgov_hour",
        "money.departmental",
        "upkeep.per_office",
        "upkeep.per_post",
    ),
)
