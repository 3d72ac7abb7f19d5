"""Places at the edges of what can be written, each as a scenario file of its own."""

from __future__ import annotations

from pathlib import Path

from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario

DUTIES = """
  security: {owner: residents_committee, issuer: department}
  sanitation: {owner: residents_committee, issuer: department}
  population: {owner: residents_committee, issuer: department}
  other_administration: {owner: residents_committee, issuer: department}
  social_affairs: {owner: residents_committee, issuer: department}
  economy: {owner: street_office, issuer: department, approver: department}
  enforcement: {owner: street_office, issuer: department, approver: department}
  request: {owner: residents_committee}
  transaction: {owner: residents_committee, approver: street_office}
  self_governance: {owner: residents_committee}
"""
CLASSES = tuple(line.split(":")[0].strip() for line in DUTIES.strip().splitlines())


def text_of(
    *,
    residents: float = 2000,
    communities: int = 2,
    staff: float = 6,
    owners: float = 0.7,
    household: float = 2.6,
    volumes: float | None = None,
    children: float = 0.18,
    months: int = 6,
    more: str = "",
) -> str:
    """Return a scenario file with a place of its own; volumes: items a year of every duty class."""
    each = "".join(f"  {name}: {volumes:.0f}\n" for name in CLASSES if volumes is not None)
    return f"""
kind: profile
extends: prefecture_city_2010
id: edge_people
title: edge
household_size: {household}
children: {children}
owners: {owners}
---
kind: place
id: edge_place
title: edge
layers: [district, street, community]
units:
  street: {{count: 1}}
  community: {{count: {communities}, within: street}}
residents: {{count: {residents}, profile: edge_people}}
institutions:
  district_office: {{per: district, staff: {staff}}}
  department: {{per: district, count: 3, staff: {staff}}}
  street_office: {{per: street, staff: {staff}}}
  residents_committee: {{per: community, staff: {staff}}}
  party_organisation: {{per: community, shares_staff_with: residents_committee}}
  assembly: {{per: community}}
  social_organisation: {{registered: 1, latent: 2}}
duties:{DUTIES.rstrip()}
{"volumes:" + chr(10) + each if each else ""}---
kind: scenario
id: edge
title: edge
place: edge_place
{more}
run: {{start: 2012-01, spin_up: 3 months, months: {months}}}
"""


def scenario(folder: Path, **edges: object) -> ResolvedScenario:
    """Return the scenario of a place at the edge, read from a file as a user would write it."""
    path = folder / "edge.yaml"
    path.write_text(text_of(**edges), encoding="utf-8")
    return load_scenario(path)
