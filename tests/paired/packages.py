"""A tiny place in a file of its own, and random packages of reforms on it: whatever passes the check has to run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from sim.catalogue import Lever, levers
from sim.mechanisms.contract import Context, Mechanism
from sim.mechanisms.posts import Posts
from sim.model import advance, new_world
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario
from sim.world.world import World

START, FIRST_REFORM, MONTHS = "2010-01", 4, 14
PLACE = """
kind: scenario
id: tiny
title: tiny
place: four_communities
changes: [{changes}]
run: {{start: 2010-01, spin_up: 0, months: 14, primary: [unmet_need]}}
---
kind: place
id: four_communities
title: four communities
law_version: 1989
layers: [district, street, community]
units:
  street: {{count: {{value: {streets}, assumed: test}}}}
  community: {{count: {{value: {communities}, assumed: test}}, within: street}}
residents:
  count: {{value: {residents}, unit: person, assumed: test}}
  profile: prefecture_city_2010
institutions:
  district_office: {{per: district, staff: {{value: {staff}, unit: person, of: each, assumed: test}}}}
  department:
    per: district
    count: {{value: 3, assumed: test}}
    staff: {{value: {staff}, unit: person, of: each, assumed: test}}
  street_office: {{per: street, staff: {{value: {staff}, unit: person, of: each, assumed: test}}}}
  residents_committee: {{per: community, staff: {{value: {staff}, unit: person, of: each, assumed: test}}}}
  party_organisation: {{per: community, shares_staff_with: residents_committee}}
  assembly: {{per: community}}
duties:
  security: {{owner: residents_committee, issuer: department}}
  sanitation: {{owner: residents_committee, issuer: department}}
  population: {{owner: residents_committee, issuer: department}}
  other_administration: {{owner: residents_committee, issuer: department}}
  social_affairs: {{owner: residents_committee, issuer: department}}
  economy: {{owner: street_office, issuer: department, approver: department}}
  enforcement: {{owner: street_office, issuer: department, approver: department}}
  request: {{owner: residents_committee}}
  transaction: {{owner: residents_committee, approver: street_office}}
  self_governance: {{owner: residents_committee}}
"""
STRUCTURE = (
    "remove_layer: {{layer: street, duties: {STREET_WORK}, approvals: {APPROVAL}, money: {money}}}",
    "merge: {{into: {small}, balance: {balance}}}",
    "merge: {{into: {small}, within: district, staff: pool}}",
    "open_office: {{kind: service_station, per: community, staff: {posts}}}",
    "open_office: {{kind: service_station, count: {small}, staff: {posts}}}",
    "merge: {{into: {small}, within: street}}, where: {ONE_STREET}",
    "open_office: {{kind: property_service, count: {small}, serves: unmanaged, staff: {posts}, open_hours: {hours}}}",
    "close_office: {{kind: street_office, duties: {STREET_WORK}}}, where: {ONE}",
    "hire: {{to: residents_committee, count: {people}}}",
    "release: {{from: street_office, count: {people}}}",
    "transfer_staff: {{from: street_office, to: residents_committee, count: {people}}}",
    "transfer_duties: {{from: residents_committee, to: street_office, in: [security, request]}}",
    "transfer_duties: {{from: residents_committee, to: department, in: [population]}}",
    "share_posts: {{between: [street_office, district_office], chi: {chi}}}",
    "create_zones: {{count: 2, duties: [economy], staff: {zone_posts}}}",
    "split: {{into: {two}}}, where: {ONE}",
    "move_office: {{kind: service_station, to: street}}",
    "create_small_units: {{unit: {unit}}}",
    "relation: {{from: residents_committee, to: service_station, form: supervises}}",
    "relation: {{from: street_office, to: residents_committee, form: {form}}}",
    "procedure: {{id: way, stages: [{{stage: screen, body: party_organisation}}, {{stage: meet, body: assembly}}]}}",
    "fund: {{id: repair, amount: {yuan}, per: year, to: residents_committee}}",
)  # fmt: skip
MONTH = st.integers(FIRST_REFORM, MONTHS - 2).map(
    lambda k: f"2010-{k + 1:02d}" if k < 12 else f"2011-{k - 11:02d}"
)


def tiny(
    folder: Path,
    changes: str = "",
    *,
    streets: int = 2,
    communities: int = 4,
    residents: int = 1500,
    staff: int = 2,
    layered: bool = True,
) -> ResolvedScenario:
    """Return the tiny place with these changes; raises ScenarioError where they cannot stand.

    layered: whether there are streets between the district and the communities.
    """
    path = folder / "tiny.yaml"
    text = PLACE.format(
        changes=changes, streets=streets, communities=communities, residents=residents, staff=staff
    )
    path.write_text(text if layered else _without_streets(text), encoding="utf-8")
    return load_scenario(path)


def first_month(folder: Path) -> World:
    """Return the tiny place after its first month, which brings the matters that stand there."""
    scenario = tiny(folder)
    world = new_world(scenario, 4)
    return advance(world, scenario.timeline, world.month + 1, None)


def step(world: World, mechanism: Mechanism) -> None:
    """Run one mechanism once."""
    posts = Posts(world.residents.n)
    Context(world, mechanism, posts).live(posts)


def _without_streets(text: str) -> str:
    """Return the place with communities right under the district, which does what streets did."""
    place = text.partition("---")[2]
    lines = [line for line in place.splitlines() if not line.lstrip().startswith(("street:", "street_office:"))]
    place = "\n".join(lines).replace("district, street, community", "district, community").replace(
        ", within: street", ""
    )
    place = place.replace("owner: street_office", "owner: department").replace("street_office", "district_office")
    return text.partition("---")[0] + "---" + place + "\n"


@st.composite
def places(draw: st.DrawFn) -> dict[str, int | bool]:
    """Return a small place in the arguments of `tiny`: with streets or none, one community or several."""
    streets = draw(st.integers(1, 3))
    return {
        "layered": draw(st.sampled_from([True, True, True, False])),
        "streets": streets,
        "communities": streets * draw(st.integers(1, 3)),
        "residents": draw(st.sampled_from([200, 700, 1500])),
        "staff": draw(st.integers(1, 4)),
    }


@st.composite
def structural(draw: st.DrawFn) -> str:
    """Return one structural operation in the language."""

    def count(low: int, high: int, unit: str) -> str:
        return f"{{value: {draw(st.integers(low, high))}, unit: {unit}, assumed: test}}"

    return draw(st.sampled_from(STRUCTURE)).format(
        money=draw(st.sampled_from(["next_layer", "below", "treasury"])),
        balance=draw(st.sampled_from(["residents", "households", "communities"])),
        small=count(1, 3, "office"),
        two=count(2, 3, "office each"),
        unit=draw(st.sampled_from(["courtyard", "building", "grid"])),
        form=draw(st.sampled_from(["contract", "pledge", "command", "none"])),
        posts=count(0, 3, "post per office"),
        zone_posts=count(0, 3, "post per zone"),
        hours=count(2, 12, "hour per day"),
        ONE="{kind: community, pick: {value: 1, unit: unit, assumed: test}, by: random, fixed_by: place}",
        ONE_STREET="{kind: street, pick: {value: 1, unit: unit, assumed: test}, by: random, fixed_by: place}",
        STREET_WORK="{economy: department, enforcement: department}",
        APPROVAL="{transaction: residents_committee}",
        people=count(0, 6, "person"),
        yuan=count(1, 500_000, "yuan"),
        chi=f"{{value: {draw(st.sampled_from([0.0, 0.4, 1.0]))}, unit: share, assumed: test}}",
    )


@st.composite
def ruling(draw: st.DrawFn) -> str:
    """Return one lever set somewhere within its bounds, in the language."""
    lever: Lever = draw(st.sampled_from([row for row in levers().values() if row.by is None]))
    if lever.type == "choice":
        value = f"'{draw(st.sampled_from(lever.choice_ids))}'"
    elif lever.type == "flag":
        value = draw(st.sampled_from(["true", "false"]))
    else:
        low, high = lever.bounds
        inside = draw(st.integers(0, 4)) / 4 * (high - low) + low
        number = round(inside) if lever.type in ("count", "yuan") else round(inside, 6)
        value = f"{{value: {number}, unit: {lever.unit}, assumed: test}}"
    return f"set: {{{lever.id}: {value}}}"


@st.composite
def packages(draw: st.DrawFn) -> str:
    """Return up to six dated changes of rules and structure, in the language."""
    parts = draw(st.lists(st.one_of(structural(), structural(), ruling()), min_size=1, max_size=6))
    return ", ".join(f"{{id: c{k}, at: {draw(MONTH)}, {part}}}" for k, part in enumerate(parts))


def broken(world: World) -> list[str]:
    """Return what is impossible in a month's end, in words; a right world gives none."""
    people, areas, offices = world.residents, world.areas, world.institutions
    used = offices.hours_selfgov + offices.hours_accepted + offices.hours_slack
    within = {
        **{f"residents.{name}": getattr(people, name) for name in SHARES_OF_PEOPLE},
        "practice.use": world.practice.use,
        "areas.need_fit": areas.need_fit,
        "institutions.orientation": offices.orientation,
        "institutions.funded": offices.funded,
        "staff.resentment": world.staff.resentment,
    }
    not_negative = {
        **{f"institutions.{name}": getattr(offices, name) for name in AMOUNTS_OF_OFFICES},
        "waits of ended cases": world.ended.wait_days,
        "waits of open cases": world.cases.waited,
        "distance": world.distance,
        "needs met": areas.needs - areas.requests,
        "attention": areas.attention,
    }
    return (
        [name for name, values in within.items() if not ((values >= 0) & (values <= 1)).all()]
        + [name for name, values in not_negative.items() if not (np.isfinite(values) & (values >= 0)).all()]
        + (["free hours"] if np.abs(used - offices.hours_free).max(initial=0) > 1e-6 else [])
    )


SHARES_OF_PEOPLE = (
    *("trust_committee", "trust_government", "trust_organisations", "efficacy", "belonging", "awareness"),
    *("expectation", "satisfaction"),
    *("grievance", "peers_vote", "peers_deliberate", "habit_vote", "habit_deliberate"),
)  # fmt: skip
AMOUNTS_OF_OFFICES = (
    *("pressure", "wanted", "money", "earmarked", "money_in", "spent", "hours_assigned", "hours_services"),
    *("hours_free", "hours_usable", "hours_open", "hours_protected", "hours_selfgov", "hours_accepted"),
    *("hours_slack", "hours_demanded", "wait_shown", "meetings"),
)  # fmt: skip
