"""A service station: the counter where residents' matters are handled."""

from __future__ import annotations

from sim.agents.institution import Institution


class ServiceStation(Institution):
    """A station of a community, of several, or of a street. It serves its queue in the order all offices do."""
