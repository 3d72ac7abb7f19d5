"""A functional zone across street borders."""

from __future__ import annotations

from sim.agents.institution import Institution


class FunctionalZone(Institution):
    """Takes over duties such as the economy from several streets."""
