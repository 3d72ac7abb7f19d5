"""The party organisation of a community."""

from __future__ import annotations

import numpy as np

from sim.agents.institution import Institution


class PartyOrganisation(Institution):
    """The party's branch or committee in a community. Its own decision: whom its activists ask to come along.

    What it lets onto the agenda is a lever, and its posts are those of the committee where they are cross-held.
    """

    @staticmethod
    def reach(
        members: np.ndarray, usual: float, nearness: np.ndarray, is_open: np.ndarray,
        base: float, nearer: float, opened: float,
    ) -> np.ndarray:  # fmt: skip
        """Return the share of adults its activists ask along this month, one number an area.

        members: party members among adults; usual: the same over the place; nearness: 0 a branch in the community, 1
        in the courtyard, 2 in the building; is_open: whether members who live here belong; base: share asked by a
        closed branch of the community; nearer, opened: what each step and opening add, as ratios.
        """
        activists = members / max(usual, 1e-9) * (1 + nearer * nearness) * (1 + opened * is_open)
        return np.minimum(base * activists, 1.0)
