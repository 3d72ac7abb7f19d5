"""A service station: the counter where residents' matters are handled."""

from __future__ import annotations

from sim.agents.institution import Institution


class ServiceStation(Institution):
    """The station of one community, of several, or the service centre of a street.

    It serves its queue in the order every office does, and decides nothing by itself: what it may finish and what it
    must pass on is written in the duty table.
    """
