"""Who gets organised, and what becomes of it?

Claim: groups of residents form where somebody leads and people take part; most stay latent while registration is dear
(jinjiang.registration-dual); an incubator and cheap filing bring them out (jinjiang.incubator), and many end within a
few years.
    births a month  the place's own rate x birth x adults/1000 / 12 x (1 + leaders (share of leaders / usual - 1))
                    x (1 + supporters (taking part this month / usual - 1)) x incubation, never below zero
    a latent group files with a yearly chance where filing is open; anybody not yet registered registers with another,
    lowered by the threshold; incubation multiplies both
    members grow by growth x (1 - members / most) x (1 + volunteers (hours / usual - 1)), half as fast on no income
    ends with the SocialOrganisation's own risk; where residents review, the poorer half ends more often, the better
    half less
    places in activities = members / 10 x places x ability x 2 x (latent: a part) x (1 - dependence effect)
A place begins with what it counts, and keeps the pace of births, filing and registration that would have led there;
where it counts none of its own, with what births and ends at the usual pace would have left standing. Left out: fields
of work, mergers, federations.
"""

from __future__ import annotations

import numpy as np

from sim.agents.kinds import SocialOrganisation
from sim.base.calendar import MONTHS_PER_YEAR
from sim.draws import poisson, row_keys
from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.standing import chance_behind

LATENT, FILED, REGISTERED = range(3)
LEADER, TENS, MIDDLING = 3, 10.0, 0.5
HISTORY = 240  # months a place has behind it when it begins
MOST, SURE, MOST_BIRTHS = 3.0, 0.95, 1 << 20


def run(c: Context) -> None:
    """Let organisations end, form, file, register and grow, and say how many places they offer."""
    if (c.areas.organising >= 0).all():
        groups = c.organisations
        stays = c.uniforms("organise_groups.end", groups.id) >= _risk(
            c, groups.age, groups.ability, groups.area
        )
        groups.age[:] += 1
        expected = _births(c) * c.areas.organising
        _form(c, stays, poisson(c.uniforms("organise_groups.form", np.arange(c.areas.n)), expected))
        _come_out(c, np.ones(c.organisations.n, np.bool_))
        _grow(c, np.ones(c.organisations.n, np.bool_))
    else:
        _begin(c)
    groups = c.organisations
    offered = groups.members / TENS * c.assume("organisations.places") * 2 * groups.ability
    offered = offered * np.where(groups.form == LATENT, c.assume("organisations.latent_places"), 1.0)
    offered = offered * (1 - c.assume("organisations.dependence") * groups.dependence)
    c.areas.organised_places[:] = np.bincount(groups.area, weights=offered, minlength=c.areas.n)


def _begin(c: Context) -> None:
    """Put in place what the place counts, or what births and ends would have left, with its years behind it."""
    alive = np.cumprod(1 - SocialOrganisation.end_risk(np.arange(HISTORY), np.zeros(HISTORY), *_ending(c)))
    usual, counted = _births(c, 1.0) * alive.sum(), bool(c.areas.organisations_counted.any())
    if counted:
        c.areas.organising[:] = c.organisations.n / max(float(usual.sum()), 1e-9)
        _equip(c, np.arange(c.organisations.n))
        _keep_pace(c, alive)
    else:
        c.areas.organising[:] = 1
        standing = poisson(c.uniforms("organise_groups.form", np.arange(c.areas.n)), usual)
        _form(c, np.zeros(0, np.bool_), standing)
    c.organisations.age[:] = _ages(c, alive)
    for month in range(HISTORY):
        lives = c.organisations.age >= month
        if not counted:
            _come_out(c, lives, month)
        _grow(c, lives)


def _keep_pace(c: Context, alive: np.ndarray) -> None:
    """Let groups here file and register as fast as keeps the forms the place counts, where its rules let them."""
    areas, form = c.areas, c.organisations.form
    if not len(form):
        return
    registering = chance_behind(float((form == REGISTERED).mean()), alive)
    coming_out = chance_behind(float((form >= FILED).mean()), alive)
    filing = 1 - (1 - coming_out) / (1 - registering)
    usual_filing, usual_registering = (float(one.mean()) for one in _chances(c))
    areas.filing_pace[:] = filing / usual_filing if usual_filing > 0 else 1
    areas.registering_pace[:] = registering / usual_registering if usual_registering > 0 else 1


def _ages(c: Context, alive: np.ndarray) -> np.ndarray:
    """Return ages as births and ends leave them, the more formal the older."""
    groups = c.organisations
    luck = c.uniforms("organise_groups.age", groups.id)
    drawn = np.minimum(np.searchsorted(np.cumsum(alive) / alive.sum(), luck), HISTORY - 1)
    ages = np.empty_like(drawn)
    ages[np.argsort(groups.form, kind="stable")] = np.sort(drawn) if groups.form.any() else drawn
    return ages


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
    review = c.assume("organisations.review") * c.practised("organisation.review")[area]
    return risk * (1 + review * np.where(ability < MIDDLING, 1, -1))


def _form(c: Context, stays: np.ndarray, count: np.ndarray) -> None:
    """Keep who stays and add new groups, latent."""
    area = np.repeat(np.arange(c.areas.n), count)
    ordinal = np.arange(len(area)) - np.repeat(np.cumsum(count) - count, count)
    new = row_keys(c.key("organise_groups.id"), area * MOST_BIRTHS + ordinal)
    fresh = c.renew("organisations", stays, len(new))
    groups = c.organisations
    groups.id[fresh], groups.area[fresh] = new, area
    _equip(c, fresh)


def _equip(c: Context, rows: np.ndarray | slice) -> None:
    """Give new organisations their members and a drawn ability."""
    groups = c.organisations
    groups.members[rows] = c.assume("organisations.members")
    groups.ability[rows] = c.uniforms("organise_groups.ability", groups.id[rows])


def _births(c: Context, active: float | None = None) -> np.ndarray:
    """Return groups to be expected this month, one number an area. active: taking part, over the usual, if given."""
    areas, people, a = c.areas, c.residents, c.assume
    adults = np.maximum(areas.adults, 1)
    leading = c.by_area((people.cooperator == LEADER) * people.has_voice) / adults
    usual = max(float((leading * adults).sum() / adults.sum()), 1e-9)
    if active is None:
        active = np.minimum((areas.attended + areas.joined) / adults / a("selfgov.usual_taking_part"), MOST)
    moved = (1 + a("organisations.leaders") * (leading / usual - 1)) * (
        1 + a("organisations.supporters") * (active - 1)
    )
    rate = a("organisations.birth") * areas.adults / 1000 / MONTHS_PER_YEAR
    return rate * np.maximum(moved, 0) * _incubated(c)


def _incubated(c: Context) -> np.ndarray:
    return np.where(c.rule("incubation") == 1, c.assume("organisations.incubation"), 1.0)


def _chances(c: Context) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance of a month that a group files and that one registers, by area."""
    cheap = 1 - c.assume("organisations.dear") * c.rule("registration.threshold")
    yearly = (
        c.assume("organisations.filed_a_year") * c.rule("registration.filing"),
        c.assume("organisations.registered_a_year") * cheap,
    )
    filing, registering = (
        1 - powers(1 - np.minimum(one * _incubated(c), SURE), 1 / MONTHS_PER_YEAR) for one in yearly
    )
    return filing * c.areas.filing_pace, registering * c.areas.registering_pace


def _come_out(c: Context, who: np.ndarray, k: int = 0) -> None:
    """Let some of these groups file and some register this month; k: which of several months lived through at once."""
    groups = c.organisations
    for what, chance, form in zip(("file", "register"), _chances(c), (FILED, REGISTERED), strict=True):
        luck = c.uniforms(f"organise_groups.{what}", groups.id, k)
        groups.form[who & (groups.form < form) & (luck < chance[groups.area])] = form


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
        *columns_of("areas", "adults", "attended", "joined", "volunteer_hours", "organisations_counted"),
        *columns_of("residents", "has_voice", "cooperator"),
        *columns_of("organisations", "contract", "dependence"),
    ),
    writes=(
        *columns_of("organisations", "id", "area", "form", "age", "members", "ability"),
        *columns_of("areas", "organised_places", "organising", "filing_pace", "registering_pace"),
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
