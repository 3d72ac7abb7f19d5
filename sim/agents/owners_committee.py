"""The owners' committee of an estate."""

from __future__ import annotations

from sim.agents.institution import Institution


class OwnersCommittee(Institution):
    """Elected by the owners of dwellings, and the other party to a property service's contract.

    Its own decision would be hiring and dismissing that service; it is not modelled in this version.
    """
