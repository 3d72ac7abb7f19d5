"""Whom a public matter touches: what a home has that makes it one's own, as bits of one number.

A resident's code is a sum of bits, so a block has at most `N_CODES` sorts of residents, and what is at stake is worked
out for each sort of each block and looked up by everybody.
"""

from __future__ import annotations

import numpy as np

from sim.catalogue import issue_kinds
from sim.draws import Draws
from sim.world.table import Table

OWNER, OLD, CHILDREN, CAR = 1, 2, 4, 8
N_CODES = 16
OLD_AGE, ADULT_AGE = 60, 18


def interest_codes(people: Table, households: Table, draws: Draws, assume: dict[str, float]) -> np.ndarray:
    """Return the code of every resident, uint8, from their home: owned, somebody old, a child, a car."""
    share = np.array([0.0, assume["place.cars_middle"], assume["place.cars_high"]])
    car = draws.uniforms("populate.car", 0, households.id[people.household]) < share[people.income]
    old, young = (_at_home(flag, households) for flag in (people.age >= OLD_AGE, people.age < ADULT_AGE))
    return (OWNER * people.owner + OLD * old + CHILDREN * young + CAR * car).astype(np.uint8)


def touched() -> np.ndarray:
    """Return what a matter of each kind means to a resident of each code, 0-1, (kinds, codes)."""
    codes = np.arange(N_CODES)
    mine = {
        "everybody": codes >= 0,
        "owners": (codes & OWNER) > 0,
        "renters": (codes & OWNER) == 0,
        "old": (codes & OLD) > 0,
        "children": (codes & CHILDREN) > 0,
        "cars": (codes & CAR) > 0,
    }
    return np.array([np.where(mine[row.touches], 1.0, row.others) for row in issue_kinds().values()])


def _at_home(flag: np.ndarray, households: Table) -> np.ndarray:
    """Return, per resident, whether somebody of the home has the flag; residents stand home by home."""
    return np.repeat(np.maximum.reduceat(flag, households.first), households.size)
