"""A functional zone: one body for some duties of several streets."""

from __future__ import annotations

from sim.agents.institution import Institution


class FunctionalZone(Institution):
    """Takes over duties such as the economy across the borders of streets, so that streets are left with residents.

    Which duties is written when it is made; it decides nothing by itself.
    """
