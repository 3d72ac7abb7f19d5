"""Who gets organised, and what becomes of it?

Claim: groups of residents form where somebody leads and people take part; most stay latent while registration is dear
(jinjiang.registration-dual); an incubator and cheap filing bring them out (jinjiang.incubator), and many end within a
few years.
    births a month  birth x adults/1000 / 12 x (1 + leaders (share of leaders / usual - 1))
                    x (1 + supporters (taking part last month / usual - 1)) x incubation, never below zero
    a latent group files with a yearly chance where filing is open; anybody not yet registered registers with another,
    lowered by the threshold; incubation multiplies both
    members grow by growth x (1 - members / most) x (1 + volunteers (hours / usual - 1)), half as fast on no income
    ends with the SocialOrganisation's own risk; where residents review, the poorer half ends more often, the better
    half less
    places in activities = members / 10 x places x ability x 2 x (latent: a part) x (1 - dependence effect)
A place begins with what births and ends would have left standing. Left out: fields of work, mergers, federations.
"""

from __future__ import annotations

import numpy as np

from sim.agents.kinds import SocialOrganisation
from sim.base.calendar import MONTHS_PER_YEAR
from sim.draws import poisson, row_keys
from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of

LATENT, FILED, REGISTERED = range(3)
LEADER, TENS, MIDDLING = 3, 10.0, 0.5
HISTORY = 240  # months a place has behind it when it begins
MOST, SURE, MOST_BIRTHS = 3.0, 0.95, 1 << 20


def run(c: Context) -> None:
    """Let organisations end, form, file, register and grow, and say how many places they offer."""
    if c.areas.organising.all():
        groups = c.organisations
        stays = c.uniforms("organise_groups.end", groups.id) >= _risk(
            c, groups.age, groups.ability, groups.area
        )
        groups.age[:] += 1
        _form(c, stays, poisson(c.uniforms("organise_groups.form", np.arange(c.areas.n)), _births(c)))
        _come_out(c, np.ones(c.organisations.n, np.bool_))
        _grow(c, np.ones(c.organisations.n, np.bool_))
    else:
        _begin(c)
        c.areas.organising[:] = 1
    groups = c.organisations
    offered = groups.members / TENS * c.assume("organisations.places") * 2 * groups.ability
    offered = offered * np.where(groups.form == LATENT, c.assume("organisations.latent_places"), 1.0)
    offered = offered * (1 - c.assume("organisations.dependence") * groups.dependence)
    c.areas.organised_places[:] = np.bincount(groups.area, weights=offered, minlength=c.areas.n)


def _begin(c: Context) -> None:
    """Put in place what births and ends would have left standing, and let it live through its years."""
    ages = np.arange(HISTORY)
    alive = np.cumprod(1 - SocialOrganisation.end_risk(ages, np.zeros(HISTORY), *_ending(c)))
    rate = _births(c) * alive.sum()
    _form(c, np.zeros(0, np.bool_), poisson(c.uniforms("organise_groups.form", np.arange(c.areas.n)), rate))
    groups = c.organisations
    luck = c.uniforms("organise_groups.age", groups.id)
    groups.age[:] = np.minimum(np.searchsorted(np.cumsum(alive) / alive.sum(), luck), HISTORY - 1)
    for month in range(HISTORY):
        lives = groups.age >= month
        _come_out(c, lives, month)
        _grow(c, lives)


def _income(c: Context) -> np.ndarray:
    """Return what comes in over what each organisation needs, from 0 to 1."""
    groups = c.organisations
    fees = c.assume("organisations.fee") * c.rule("organisation.own_revenue")[groups.area] * groups.members
    need = c.assume("organisations.need") * np.maximum(groups.members, 1)
    return np.minimum((groups.contract + fees) / need, 1.0)


def _ending(c: Context) -> tuple[float, ...]:
    return tuple(c.assume(f"organisations.{name}") for name in ("death", "settling", "starved"))


def _risk(c: Context, age: np.ndarray, ability: np.ndarray, area: np.ndarray) -> np.ndarray:
    risk = SocialOrganisation.end_risk(age, _income(c), *_ending(c))
    review = c.assume("organisations.review") * c.rule("organisation.review")[area]
    return risk * (1 + review * np.where(ability < MIDDLING, 1, -1))


def _form(c: Context, stays: np.ndarray, count: np.ndarray) -> None:
    """Keep who stays and add new groups, latent."""
    area = np.repeat(np.arange(c.areas.n), count)
    ordinal = np.arange(len(area)) - np.repeat(np.cumsum(count) - count, count)
    new = row_keys(c.key("organise_groups.id"), area * MOST_BIRTHS + ordinal)
    fresh = c.renew("organisations", stays, len(new))
    groups = c.organisations
    groups.id[fresh], groups.area[fresh] = new, area
    groups.members[fresh] = c.assume("organisations.members")
    groups.ability[fresh] = c.uniforms("organise_groups.ability", new)


def _births(c: Context) -> np.ndarray:
    """Return groups to be expected this month, one number an area."""
    areas, people, a = c.areas, c.residents, c.assume
    adults = np.maximum(areas.adults, 1)
    leading = c.by_area((people.cooperator == LEADER) * people.has_voice) / adults
    usual = max(float((leading * adults).sum() / adults.sum()), 1e-9)
    active = (areas.attended + areas.joined) / adults / a("selfgov.usual_taking_part")
    moved = (1 + a("organisations.leaders") * (leading / usual - 1)) * (
        1 + a("organisations.supporters") * (np.minimum(active, MOST) - 1)
    )
    rate = a("organisations.birth") * areas.adults / 1000 / MONTHS_PER_YEAR
    return rate * np.maximum(moved, 0) * _incubated(c)


def _incubated(c: Context) -> np.ndarray:
    return np.where(c.rule("incubation") == 1, c.assume("organisations.incubation"), 1.0)


def _come_out(c: Context, who: np.ndarray, k: int = 0) -> None:
    """Let some of these groups file and some register this month; k: which of several months lived through at once."""
    groups, area = c.organisations, c.organisations.area
    helped = _incubated(c)[area]
    filing = c.assume("organisations.filed_a_year") * c.rule("registration.filing")[area]
    cheap = 1 - c.assume("organisations.dear") * c.rule("registration.threshold")[area]
    registering = c.assume("organisations.registered_a_year") * cheap
    for what, a_year, form in (("file", filing, FILED), ("register", registering, REGISTERED)):
        p = 1 - powers(1 - np.minimum(a_year * helped, SURE), 1 / MONTHS_PER_YEAR)
        luck = c.uniforms(f"organise_groups.{what}", groups.id, k)
        groups.form[who & (groups.form < form) & (luck < p)] = form


def _grow(c: Context, who: np.ndarray) -> None:
    groups, areas, a = c.organisations, c.areas, c.assume
    usual = a("volunteer.hours") * a("volunteer.habit_mean") * np.maximum(areas.adults, 1)
    helped = 1 + a("organisations.volunteers") * (np.minimum(areas.volunteer_hours / usual, MOST) - 1)
    room = 1 - groups.members / a("organisations.most_members")
    pace = a("organisations.growth") / MONTHS_PER_YEAR * (0.5 + 0.5 * _income(c)) * helped[groups.area]
    groups.members[who] = np.maximum(groups.members * (1 + pace * room), 1.0)[who]


MECHANISM = Mechanism(
    name="organise_groups",
    question="Who gets organised, and what becomes of it?",
    run=run,
    reads=(
        *columns_of("areas", "adults", "attended", "joined", "volunteer_hours"),
        *columns_of("residents", "has_voice", "cooperator"),
        *columns_of("organisations", "contract", "dependence"),
    ),
    writes=(
        *columns_of("organisations", "id", "area", "form", "age", "members", "ability"),
        *columns_of("areas", "organised_places", "organising"),
    ),
    levers=(
        "registration.filing", "registration.threshold", "incubation", "organisation.review",
        "organisation.own_revenue",
    ),
    assumptions=(
        *(
            f"organisations.{name}"
            for name in (
                "birth", "leaders", "supporters", "filed_a_year", "registered_a_year", "dear", "incubation", "death",
                "settling", "starved", "members", "growth", "most_members", "volunteers", "places", "latent_places",
                "fee", "need", "review", "dependence",
            )
        ),
        "selfgov.usual_taking_part", "volunteer.hours", "volunteer.habit_mean",
    ),
    decisions=tuple(
        f"organise_groups.{d}" for d in ("end", "form", "id", "ability", "age", "file", "register")
    ),
)  # fmt: skip
