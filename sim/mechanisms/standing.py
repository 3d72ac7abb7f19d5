"""What monthly chance leaves so large a part changed among those alive? The way back from a count to a pace."""

from __future__ import annotations

import numpy as np
import scipy

LEAST, MOST = 1e-9, 0.9


def chance_behind(share: float, alive: np.ndarray) -> float:
    """Return the monthly chance of a lasting change that leaves this share changed.

    alive: part of those that began so many months ago that is still there, from month 0 on. A share out of reach
    (nobody could, or all did) gives the least or greatest chance allowed.
    """
    months, weight = np.arange(len(alive)), alive / alive.sum()

    def beyond(chance: float) -> float:
        return float(weight @ (1 - (1 - chance) ** months)) - share

    if beyond(LEAST) >= 0:
        return 0.0
    return MOST if beyond(MOST) <= 0 else float(scipy.optimize.brentq(beyond, LEAST, MOST, xtol=1e-12))
