"""A property service company or centre."""

from __future__ import annotations

from sim.agents.institution import Institution


class PropertyService(Institution):
    """Keeps buildings and yards of the estates that have one."""
