"""A social organisation: filed or registered, serving residents."""

from __future__ import annotations

from sim.agents.institution import Institution


class SocialOrganisation(Institution):
    """An organisation outside government. Birth, contracts and death belong to a later version; until then the
    registered ones stand.
    """
