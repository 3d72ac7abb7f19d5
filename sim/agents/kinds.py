"""The class of every kind of institution, by the name its catalogue row gives.

A new kind is a row of the catalogue; a class of its own only where it decides something its row cannot say.
"""

from __future__ import annotations

from sim.agents.assembly import Assembly
from sim.agents.department import Department
from sim.agents.functional_zone import FunctionalZone
from sim.agents.government_office import GovernmentOffice
from sim.agents.institution import Institution
from sim.agents.owners_committee import OwnersCommittee
from sim.agents.party_organisation import PartyOrganisation
from sim.agents.property_service import PropertyService
from sim.agents.residents_committee import ResidentsCommittee
from sim.agents.service_station import ServiceStation
from sim.agents.social_organisation import SocialOrganisation
from sim.catalogue import kinds

__all__ = [
    "BY_INDEX",
    "BY_NAME",
    "CLASSES",
    "Department",
    "PartyOrganisation",
    "ResidentsCommittee",
    "SocialOrganisation",
]

CLASSES: tuple[type[Institution], ...] = (
    Assembly,
    Department,
    FunctionalZone,
    GovernmentOffice,
    OwnersCommittee,
    PartyOrganisation,
    PropertyService,
    ResidentsCommittee,
    ServiceStation,
    SocialOrganisation,
)
BY_NAME = {cls.__name__: cls for cls in CLASSES}
BY_INDEX = tuple(BY_NAME[row.cls] for row in kinds().values())
