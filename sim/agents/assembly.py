"""The residents' assembly of a community."""

from __future__ import annotations

from sim.agents.institution import Institution


class Assembly(Institution):
    """All adults, household delegates, delegates of residents' groups or standing delegates, by the form in
    force. Its ballots are called and counted by mechanisms.
    """
