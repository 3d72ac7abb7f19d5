"""A social organisation: a group of residents, latent, filed or registered, outside government."""

from __future__ import annotations

import numpy as np

from sim.agents.institution import Institution
from sim.base.calendar import MONTHS_PER_YEAR

# Ways of awarding a contract, in the order of the lever's values.
RELATIONS, PRICE, QUALITY = range(3)


class SocialOrganisation(Institution):
    """An organisation that can be asked to perform duties. Its own decisions: whether to go on, and to bid for what."""

    @staticmethod
    def end_risk(
        age: np.ndarray, income: np.ndarray, yearly: float, settling: float, starved: float
    ) -> np.ndarray:
        """Return the chance that each ends this month.

        age: months; income: what comes in over what is needed, 0 to 1; yearly: risk of the young in a year; settling:
        years until half of what can fall of that risk has fallen; starved: how much higher it is where nothing comes
        in. The risk falls with age toward half of what it was.
        """
        monthly = 1 - (1 - yearly) ** (1 / MONTHS_PER_YEAR)
        settled = 0.5 + 0.5 / (1 + age / (MONTHS_PER_YEAR * settling))
        return np.minimum(monthly * settled * (1 + starved * (1 - income)), 1.0)

    @staticmethod
    def rank_bids(way: int, ability: np.ndarray, known: np.ndarray, luck: np.ndarray) -> np.ndarray:
        """Return bidders in the order they win contracts.

        way: by acquaintance, price or quality; ability: 0-1; known: how much each is known to who awards, 0-1 (what it
        has had of public money before); luck: uniforms that order who is alike. The cheapest is whom luck makes so.
        """
        merit = {RELATIONS: known, PRICE: np.zeros(len(luck)), QUALITY: ability}[way]
        return np.lexsort((luck, -merit))
