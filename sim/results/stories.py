"""The stories of single residents in two worlds under the same luck."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Story:
    """One resident. portrait: who they are; why: how they were chosen; months: per month and arm what happened.

    states: by arm, how they felt at the end, 0 to 1.
    """

    portrait: dict[str, Any]
    why: str
    months: dict[int, dict[str, list[tuple]]] = field(default_factory=dict)
    states: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def apart(self) -> list[int]:
        """The months in which the two lives differ."""
        return [
            month for month, arms in self.months.items() if len({_plain(told) for told in arms.values()}) > 1
        ]

    def alike(self) -> int:
        """Return how many things happened in both worlds in the months that do not differ."""
        differing = set(self.apart)
        return sum(
            len(next(iter(arms.values()))) for month, arms in self.months.items() if month not in differing
        )


def _plain(told: list[tuple]) -> tuple:
    return tuple(sorted(told, key=str))
