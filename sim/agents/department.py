"""A department of the government: it issues work and decides whom to ask."""

from __future__ import annotations

import numpy as np

from sim.agents.institution import Institution
from sim.draws import choose_by_logit


class Department(Institution):
    """One of the issuing departments. Its own decision: whom to ask where practice does not follow the writing."""

    @staticmethod
    def choose_performers(
        belief: np.ndarray,
        price: np.ndarray,
        before: np.ndarray,
        available: np.ndarray,
        luck: np.ndarray,
        keenness: float,
        habit: float,
    ) -> np.ndarray:
        """Return the candidate asked for each task, over all departments at once.

        belief: (n, candidates) share of work expected to be completed; price: the same shape, what rules and own
        effort put on asking; before: who did it before the writing changed; available: who may be asked at all;
        luck: (n,) uniforms in [0,1); keenness: weight of expected completion minus price; habit: weight of going on
        as before.
        """
        return choose_by_logit(keenness * (belief - price) + habit * before, available, luck)
