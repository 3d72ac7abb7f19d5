"""A social organisation: filed or registered, outside government."""

from __future__ import annotations

from sim.agents.institution import Institution


class SocialOrganisation(Institution):
    """An organisation of residents or professionals that can be asked to perform duties.

    Its own decisions are whether to form, to bid and to go on. None of them is modelled in this version: those a place
    starts with stand.
    """
