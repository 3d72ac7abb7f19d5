"""The party organisation of a community."""

from __future__ import annotations

from sim.agents.institution import Institution


class PartyOrganisation(Institution):
    """The party's branch or committee in a community, usually in the posts of the residents' committee.

    Its own decisions would be what it lets onto the agenda and whom it mobilises. In this version the gate is a lever
    and the posts are shared staff, so it decides nothing by itself.
    """
