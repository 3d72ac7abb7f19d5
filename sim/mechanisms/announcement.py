"""What is done differently before an announced rule is in force. Used by mechanisms whose people look ahead.

The nearer the date, the more: (window - months ahead + 1) / window, from nothing outside the window.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context


def looking_ahead(c: Context, lever: str) -> np.ndarray:
    """Return, per area, how near an announced change of a rule to a higher value is, 0 none to 1 next month.

    Negative as far where it goes to a lower one. Of a choice, later values of the list count as higher.
    """
    (ahead, way), window = c.coming(lever), c.assume("announcement.window")
    near = np.where(ahead > 0, np.maximum(window - ahead + 1, 0) / window, 0.0)
    return np.minimum(near, 1.0) * way
