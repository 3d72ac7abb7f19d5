"""What does public money buy from outside, and from whom?

Claim: a catalogue and a budget let government buy work from organisations instead of doing it or handing it down
(jinjiang.so-policy, jinjiang.purchase-growth); where few can bid there is no competition
(jinjiang.purchase-builds-capacity, zhuhai.purchase-first).
    budget of an area = budget of the place x its households; it is awarded once a year in contracts of about one lot
    bidders: filed and registered organisations of the area, in the order SocialOrganisation.rank_bids gives
    where nobody is asked first, a contract goes to a firm with probability `firms` before anybody bids; what finds no
    organisation goes to a firm with the same probability (a draw of its own), else the money stays unspent
    hours = yuan x (1 - margin, which stays with an organisation) / cost of an hour; dearer by `single_bid` where there
    are no more bidders than contracts; fewer by `cheap` where the price decides; x (1/2 + ability) of the organisation
    part of the hours goes into activities; of the rest part of what organisations have goes to their own desk, with the
    hours of their members (hand_over_work), all else to the desk of the station, else of the committee (staff_offices)
    done well at their own desk = 1 - badly x 2 (1 - ability), by contract
Whole yuan: sent = paid + unspent, every month. Left out: audits; contracts of several years; kickbacks.
"""

from __future__ import annotations

import numpy as np

from sim.agents.kinds import SocialOrganisation
from sim.agents.social_organisation import PRICE
from sim.base.calendar import MONTHS_PER_YEAR
from sim.mechanisms.contract import Context, Mechanism, columns_of

MOST_LOTS = 1 << 16
WAYS = np.arange(3)  # of awarding contracts, as the lever lists them


def run(c: Context) -> None:
    """Award what is due, pay for the month, and send the hours where they are to work."""
    areas, groups = c.areas, c.organisations
    yearly = float(c.rule("purchase.budget")) * areas.households / max(int(areas.households.sum()), 1)
    budget = np.floor(yearly * c.rule("purchase.catalogue") / MONTHS_PER_YEAR).astype(np.int64)
    areas.months_to_award[:] -= 1
    due = areas.months_to_award < 0
    areas.months_to_award[due & (budget > 0)] = MONTHS_PER_YEAR - 1
    ended = due[groups.area] | (budget[groups.area] == 0)
    groups.contract[ended] = 0
    areas.firms_yuan[due | (budget == 0)] = 0
    for area in np.flatnonzero(due & (budget > 0)):
        _award(c, int(area), int(budget[area]))
    _pay(c, budget)
    _send_hours(c)


def _award(c: Context, area: int, budget: int) -> None:
    """Award a year's contracts of one area; budget: yuan a month."""
    groups = c.organisations
    lots = max(round(budget * MONTHS_PER_YEAR / c.assume("purchase.lot")), 1)
    lot = budget // lots
    bidders = np.flatnonzero((groups.area == area) & (groups.form > 0))
    luck = c.uniforms("buy_services.bid", groups.id[bidders])
    here = np.array([area])
    way = int(c.practised_case("purchase.award", here, c.uniforms("buy_services.way", here))[0])
    order = SocialOrganisation.rank_bids(way, groups.ability[bidders], groups.dependence[bidders], luck)
    named = area * MOST_LOTS + np.arange(lots)
    for_firm, in_the_end = (
        c.uniforms(f"buy_services.{when}", named) < c.assume("purchase.firms") for when in ("firm", "unbid")
    )
    asked_first = c.rule("purchase.first")[area] > 0
    open_lots = np.arange(lots) if asked_first else np.flatnonzero(~for_firm)
    won = order[: len(open_lots)]
    groups.contract[bidders[won]] = lot
    before = 0 if asked_first else int(for_firm.sum())
    c.areas.firms_yuan[area] = lot * (before + int(in_the_end[open_lots[len(won) :]].sum()))


def _pay(c: Context, budget: np.ndarray) -> None:
    """Book what is paid this month, and how far each organisation lives on it."""
    areas, groups = c.areas, c.organisations
    contracts = np.bincount(groups.area, weights=groups.contract, minlength=areas.n).astype(np.int64)
    areas.purchase_paid[:] = contracts + areas.firms_yuan
    # A contract runs to its end where the budget has fallen meanwhile.
    areas.purchase_sent[:] = np.maximum(budget, areas.purchase_paid)
    own = c.assume("organisations.need") * groups.members
    part = groups.contract / np.maximum(groups.contract + own, 1)
    groups.dependence[:] += (part - groups.dependence) / MONTHS_PER_YEAR


def _send_hours(c: Context) -> None:
    areas, groups, offices = c.areas, c.organisations, c.institutions
    kept = groups.contract * (1 - c.assume("purchase.margin")) * (0.5 + groups.ability)
    theirs = np.bincount(groups.area, weights=kept, minlength=areas.n)
    running = np.bincount(groups.area, weights=groups.contract > 0, minlength=areas.n)
    bidding = np.bincount(groups.area, weights=groups.form > 0, minlength=areas.n)
    dearer = 1 + c.assume("purchase.single_bid") * ((bidding <= running) & (running > 0))
    an_hour = c.assume("purchase.hour_cost") * dearer
    cheap = np.where(WAYS == PRICE, 1 - c.assume("purchase.cheap"), 1.0)
    an_hour = an_hour / c.practised_worth("purchase.award", cheap)
    hours = (theirs + areas.firms_yuan) / an_hour
    leisure = c.assume("purchase.to_activities")
    areas.contract_places[:] = (
        hours * leisure / c.assume("selfgov.hours_per_activity") * c.assume("selfgov.places_per_activity")
    )
    station, committee = c.serving_rows("service_station"), c.serving_rows("residents_committee")
    desk = np.where(station >= 0, station, committee)
    there = desk >= 0
    own = _keep_own(c, theirs / an_hour * (1 - leisure))
    offices.contract_hours[:] = np.bincount(
        desk[there], weights=(hours * (1 - leisure) - own)[there], minlength=offices.n
    )


def _keep_own(c: Context, hours: np.ndarray) -> np.ndarray:
    """Fill the organisations' own desks; hours: bought from them, by area. Returns what of these they keep for it."""
    groups, offices, n, desk = (
        c.organisations,
        c.institutions,
        c.areas.n,
        c.serving_rows("social_organisation"),
    )
    there = desk >= 0
    own = np.where(there, hours * c.assume("purchase.own_desk"), 0.0)
    give = c.assume("purchase.members_give") * c.assume("volunteer.productive")
    helped = give * np.bincount(groups.area, weights=groups.members * (groups.contract > 0), minlength=n)
    offices.own_hours[:] = 0.0
    offices.own_hours[desk[there]] = np.where(own > 0, own + helped, 0.0)[there]
    paid, able = (
        np.bincount(groups.area, weights=w, minlength=n)
        for w in (groups.contract, groups.contract * groups.ability)
    )
    badly = c.assume("purchase.badly") * 2 * (1 - able / np.maximum(paid, 1))
    offices.own_quality[desk[there]] = np.clip(1 - badly, 0.0, 1.0)[there]
    return own


MECHANISM = Mechanism(
    name="buy_services",
    question="What does public money buy from outside, and from whom?",
    run=run,
    reads=(
        "serving",
        "areas.households",
        *columns_of("organisations", "id", "area", "form", "ability", "members"),
    ),
    writes=(
        *columns_of("organisations", "contract", "dependence"),
        *columns_of(
            "areas", "months_to_award", "contract_places", "firms_yuan", "purchase_sent", "purchase_paid"
        ),
        *columns_of("institutions", "contract_hours", "own_hours", "own_quality"),
    ),
    levers=("purchase.catalogue", "purchase.budget", "purchase.award", "purchase.first"),
    assumptions=(
        *(
            f"purchase.{name}"
            for name in (
                "lot", "hour_cost", "margin", "single_bid", "cheap", "firms", "to_activities", "own_desk",
                "members_give", "badly",
            )
        ),
        "volunteer.productive",
        "organisations.need",
        "selfgov.hours_per_activity",
        "selfgov.places_per_activity",
    ),
    decisions=tuple(f"buy_services.{d}" for d in ("bid", "firm", "unbid", "way")),
)  # fmt: skip
