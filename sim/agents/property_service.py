"""A property service: the company or centre that keeps an estate."""

from __future__ import annotations

from sim.agents.institution import Institution


class PropertyService(Institution):
    """Keeps buildings and yards of the estates that have one, and performs the duties written to it.

    It is paid by owners or by the community; whom it would rather please is not modelled in this version.
    """
