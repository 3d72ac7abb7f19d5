"""An owners' committee of an estate."""

from __future__ import annotations

from sim.agents.institution import Institution


class OwnersCommittee(Institution):
    """Elected by owners; it takes part in projects of a later version."""
