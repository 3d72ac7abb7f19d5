"""The party organisation of a community."""

from __future__ import annotations

from sim.agents.institution import Institution


class PartyOrganisation(Institution):
    """The party organisation, usually in the posts of the committee. It holds an agenda gate and mobilises;
    both belong to mechanisms
    of a later version, so for now it only shares staff.
    """
