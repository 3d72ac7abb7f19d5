"""Which work from above may be assessed, and so comes first. Used by mechanisms that serve and that orient.

A level of government assesses its own tasks; the rule says from which level up that is allowed.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context

# Highest number of a level (0 state to 4 street) that may assess, by the rule's value; -1 for nobody.
MAY_ASSESS = np.array([4, 3, 2, 1, -1])
ASSESSED, NOT_ASSESSED = 0, 2  # priorities of assigned work: before residents' cases, and after them


def may_assess(c: Context, item: np.ndarray, area: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return whether each case of assigned work is assessed, as the rule is practised; luck: one uniform a case."""
    rule = c.practised_case("assessment.allowed_from", area, luck)
    return c.items.level[item] <= MAY_ASSESS[rule.astype(np.int64)]


def assessed_share(c: Context) -> np.ndarray:
    """Return, per area, the part of the usual volume of assessed work that may still be assessed."""
    items = c.items
    row = np.flatnonzero((items.origin == 0) & (items.priority == ASSESSED))
    still = items.level[row][:, None] <= MAY_ASSESS[None, :]
    volume = (items.per_year[row] @ still) / max(float(items.per_year[row].sum()), 1e-9)
    return c.practised_worth("assessment.allowed_from", volume)
