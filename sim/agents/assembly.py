"""The residents' assembly of a community, in whatever form is in force."""

from __future__ import annotations

from sim.agents.institution import Institution


class Assembly(Institution):
    """All adults, household delegates, delegates of residents' groups, or standing delegates.

    It is the sum of those who come: residents decide whether to attend and how to vote, and mechanisms count. The body
    itself adds the rule in force (form, quorum, majority), which is policy and not its choice.
    """
