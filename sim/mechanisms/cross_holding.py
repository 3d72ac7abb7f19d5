"""How far posts are cross-held against the usual. Used by mechanisms that serve and that orient."""

from __future__ import annotations

import numpy as np

from sim.catalogue import levers
from sim.mechanisms.contract import Context


def cross_held(c: Context) -> np.ndarray:
    """Return, per area, the degree of cross-held posts against the usual: -1 none, 0 the usual, 1 all."""
    usual = float(levers()["cross_holding.chi"].code(levers()["cross_holding.chi"].baseline))
    return (c.rule("cross_holding.chi") - usual) / max(usual, 1 - usual)
