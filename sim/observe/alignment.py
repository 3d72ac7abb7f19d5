"""How far the two worlds of a pair stay alike: which residents take the same decision in the same month in both.

The draws are shared, so a resident who votes in one world votes in the other unless something about them, or about what
they are asked, has changed. What is compared is the decision, resident by resident; it changes nothing of a run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.results.alignment import AlignmentRow
from sim.world.table import Table
from sim.world.world import World


def _did(mode: str) -> Callable[[Table], np.ndarray]:
    return lambda people: (getattr(people, f"{mode}_history") & 1) == 1


DECISIONS: dict[str, Callable[[Table], np.ndarray]] = {
    "vote": _did("vote"),
    "deliberate": _did("deliberate"),
    "activity": _did("activity"),
    "volunteer": _did("volunteer"),
    "contacted": lambda people: people.is_contacted == 1,
    "unfiled": lambda people: people.unfiled > 0,
}


class Alignment:
    """Takes down who decided what in each arm, a bit a resident, and counts in how many cases both did."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[tuple[int, str], np.ndarray]] = {}
        self._people: dict[int, int] = {}

    def watch(self, arm: str, world: World) -> None:
        """Take down the month that an arm's world has just lived through."""
        month, people = world.month - 1, world.residents
        mine = self._seen.setdefault(arm, {})
        self._people[month] = people.n
        for name, decision in DECISIONS.items():
            mine[month, name] = np.packbits(decision(people))

    def rows(self) -> list[AlignmentRow]:
        """Return one row a month and decision: residents, who did it in the first arm, in the last, and in both.

        None where no month was watched: two arms that never part live every month as one world.
        """
        if not self._seen:
            return []
        one, other = next(iter(self._seen.values())), list(self._seen.values())[-1]
        return [
            (
                month,
                name,
                self._people[month],
                _count(bits),
                _count(other[month, name]),
                _count(bits & other[month, name]),
            )
            for (month, name), bits in one.items()
        ]


def _count(bits: np.ndarray) -> int:
    return int(np.bitwise_count(bits).sum())
