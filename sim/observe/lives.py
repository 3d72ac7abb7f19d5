"""What happens to single residents in a month: what they did, asked for and got, as a person would tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.catalogue import duty_classes, kinds
from sim.world.table import Table
from sim.world.world import World

REQUEST = 1
DONE = ("vote", "deliberate", "activity", "volunteer")
NOTICED = ("contacted", "recruited", "recognised")
STATES = ("satisfaction", "trust_committee", "efficacy", "belonging")
TRAITS = ("owner", "local", "employed", "party", "disability")


class Happening(NamedTuple):
    """One thing in a resident's month. what: its kind; duty: id of the class of duty; office: id of the office's kind.

    days: working days it took; trips: errands it cost. Empty or zero where it does not apply.
    """

    what: str
    duty: str = ""
    office: str = ""
    days: float = 0.0
    trips: float = 0.0


@dataclass(frozen=True)
class Lives:
    """The residents of a world, looked at one by one."""

    world: World

    @property
    def has_voice(self) -> np.ndarray:
        """Who is an adult with a voice, bool."""
        return self.world.residents.has_voice == 1

    @property
    def satisfaction(self) -> np.ndarray:
        """How satisfied everybody is, 0 to 1."""
        return self.world.residents.satisfaction

    def marks(self) -> np.ndarray:
        """Return one number a resident for what the month held, uint16: equal where nothing people notice differs."""
        people = self.world.residents
        found = np.zeros(people.n, np.uint16)
        for mode in DONE:
            found = found << 1 | (getattr(people, f"{mode}_history") & 1)
        found = found << 1 | (people.is_contacted == 1)
        found = found << 2 | (people.outcome + 1).astype(np.uint16)
        return found << 2 | np.minimum(people.unfiled, 3).astype(np.uint16)

    def happenings(self, rows: Iterable[int]) -> dict[int, list[Happening]]:
        """Return what the month held for some residents, by row."""
        people = self.world.residents
        found: dict[int, list[Happening]] = {int(row): [] for row in rows}
        for row, told in found.items():
            did = [mode for mode in DONE if getattr(people, f"{mode}_history")[row] & 1]
            did += [what for what in NOTICED if getattr(people, f"is_{what}")[row]]
            told.extend(Happening(what) for what in [*did, *["unfiled"] * int(people.unfiled[row])])
        for row, happening in _filed(self.world, found) + _ended(self.world, found):
            found[row].append(happening)
        return found

    def portrait(self, row: int) -> dict[str, object]:
        """Return who a resident is: stable id, age, where and with how many they live, and what groups they are of."""
        world, people = self.world, self.world.residents
        return {
            "id": f"{int(people.id[row]):x}",
            "age": int(people.age[row]),
            "area": world.frame.area_ids[int(people.area[row])],
            "household": int(world.households.size[people.household[row]]),
            **{name: bool(getattr(people, name)[row]) for name in TRAITS},
        }

    def states(self, row: int) -> dict[str, float]:
        """Return how a resident feels, 0 to 1."""
        return {name: float(getattr(self.world.residents, name)[row]) for name in STATES}

    def row_of(self, name: str) -> int:
        """Return the row of the resident of a stable id as `portrait` gives it, -1 where there is none."""
        try:
            found = np.flatnonzero(self.world.residents.id == np.uint64(int(name, 16)))
        except (ValueError, OverflowError):
            return -1
        return int(found[0]) if len(found) else -1


def _filed(world: World, wanted: dict) -> list[tuple[int, Happening]]:
    filed = world.filed
    mine = np.flatnonzero(np.isin(filed.resident, list(wanted)))
    return [(int(filed.resident[k]), Happening("filed", _duty(world, filed.item[k]))) for k in mine]


def _ended(world: World, wanted: dict) -> list[tuple[int, Happening]]:
    ended = world.ended
    mine = np.flatnonzero((ended.origin == REQUEST) & np.isin(ended.resident, list(wanted)))
    return [(int(ended.resident[k]), _result(world, int(k))) for k in mine]


def _result(world: World, k: int) -> Happening:
    ended, office = world.ended, world.ended.office[k]
    kind = list(kinds())[int(world.institutions.kind[office])] if office >= 0 else ""
    days, trips = float(ended.wait_days[k]), float(ended.trips[k])
    return Happening(_how(ended, k), _duty(world, ended.item[k]), kind, days, trips)


def _how(ended: Table, k: int) -> str:
    if not ended.is_done[k]:
        return "lapsed"
    return "solved" if ended.is_solved[k] else "returned" if ended.is_returned[k] else "badly"


def _duty(world: World, item: int) -> str:
    return list(duty_classes())[int(world.items.duty_class[item])]
