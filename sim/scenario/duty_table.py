"""The duty table over time: who does what where, simulated over a reform's dates without a world.

Shares of each class by kind and area, approvers, which offices are open, how many posts each kind has. Operations
rewrite it in the order the month has. What the institutional check reads is this table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.catalogue import duty_classes, kinds
from sim.scenario.frame import PlaceFrame, stable_hash
from sim.scenario.place import PlaceSpec

NOBODY = -1
ALWAYS_THERE = ("assembly",)


@dataclass
class Bodies:
    """How many communities there may be at most, after mergers and splits whose borders only a run knows.

    label: (areas,) which group of areas each lies in; count[label]: communities of that group, one where not given.
    """

    label: NDArray[np.int64]
    count: dict[int, int] = field(default_factory=dict)

    def touching(self, mask: NDArray[np.bool_]) -> int:
        """Return how many communities these areas can lie in at most."""
        labels, areas = np.unique(self.label[mask], return_counts=True)
        return sum(min(self.count.get(int(k), 1), int(n)) for k, n in zip(labels, areas, strict=True))

    def crowded(self, mask: NDArray[np.bool_], into: int) -> bool:
        """Whether some community in these areas surely has fewer areas than it is to be split into."""
        return any(
            (self.label == k).sum() < self.count.get(int(k), 1) * into for k in np.unique(self.label[mask])
        )

    def merge(self, mask: NDArray[np.bool_], into: int) -> None:
        """Make one group of the areas and of those whose communities reach into them."""
        touched = [int(k) for k in np.unique(self.label[mask])]
        rest = sum(self.count.get(k, 1) for k in touched if not mask[self.label == k].all())
        self.label[np.isin(self.label, touched)] = touched[0]
        self.count[touched[0]] = into + rest

    def split(self, mask: NDArray[np.bool_], into: int) -> None:
        """Multiply the communities of every group that is touched."""
        for k in np.unique(self.label[mask]):
            self.count[int(k)] = self.count.get(int(k), 1) * into


@dataclass
class DutyTable:
    """Institutions of one place at one moment.

    share[class]: (kinds, areas), what part of the class each kind does in each area; columns sum to one.
    approver[class]: (areas,), kind index or NOBODY. open_here[kind]: (areas,) whether an office serves it.
    posts[kind]: people; pool: people whose office closed; layers: (areas,) whether a layer still stands.
    """

    place: PlaceSpec
    frame: PlaceFrame
    share: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    approver: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    open_here: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    posts: dict[str, float] = field(default_factory=dict)
    level: dict[str, str] = field(default_factory=dict)
    layers: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    offices: dict[str, int] = field(default_factory=dict)
    pool: float = 0.0
    hired: float = 0.0
    released: float = 0.0
    bodies: Bodies = field(default_factory=lambda: Bodies(np.zeros(0, np.int64)))

    @classmethod
    def at_start(cls, place: PlaceSpec, frame: PlaceFrame) -> DutyTable:
        """Return the table of a place under its own rules."""
        table = cls(place, frame)
        everywhere = np.ones(frame.n_areas, dtype=bool)
        table.layers = {layer: everywhere.copy() for layer in frame.layers}
        table.offices = dict(frame.n_units)
        table.bodies = Bodies(np.arange(frame.n_areas))
        for kind in kinds():
            table.open_here[kind] = everywhere.copy() if kind in ALWAYS_THERE else ~everywhere
            table.posts[kind] = 0.0
        for kind, institution in place.institutions.items():
            table.open_here[kind] = _covered(frame, kind, institution.coverage, exists=_exists(place, kind))
            table.posts[kind] = institution.staff_total()
            table.level[kind] = institution.per or frame.layers[-1]
        for name in duty_classes():
            table._place_duty(name)
        return table

    def _place_duty(self, name: str) -> None:
        duty = self.place.duties.get(name)
        self.share[name] = np.zeros((len(kinds()), self.frame.n_areas))
        self.approver[name] = np.full(self.frame.n_areas, NOBODY)
        if duty is None or duty.owner is None:
            return
        self.share[name][index_of(duty.owner)] = 1.0
        if duty.approver:
            self.approver[name][:] = index_of(duty.approver)

    def where(self, areas: NDArray[np.int64] | None) -> NDArray[np.bool_]:
        """Return a selection as a mask over areas."""
        mask = np.ones(self.frame.n_areas, dtype=bool)
        if areas is not None:
            mask[:] = False
            mask[areas] = True
        return mask

    def hand_over(
        self, name: str, source: str, target: str, mask: NDArray[np.bool_], part: float = 1.0
    ) -> float:
        """Move part of a class from one kind to another; return the mean share that moved."""
        table = self.share[name]
        moved = np.where(mask, table[index_of(source)] * part, 0.0)
        table[index_of(source)] -= moved
        table[index_of(target)] += moved
        return float(moved[mask].mean()) if mask.any() else 0.0

    def owners(self, name: str, areas: NDArray[np.bool_] | None = None) -> dict[str, float]:
        """Return who does a class and how much of it, over the areas, largest first."""
        table = self.share[name] if areas is None else self.share[name][:, areas]
        means = table.mean(axis=1) if table.size else np.zeros(len(kinds()))
        found = {kind: float(m) for kind, m in zip(kinds(), means, strict=True) if m > 1e-9}
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def of_layer(self, layer: str) -> list[str]:
        """Return the kinds whose offices sit one in each unit of a layer."""
        return [kind for kind, level in self.level.items() if level == layer]

    def people(self) -> float:
        """Return everybody on the pay-roll, the pool included."""
        return sum(self.posts.values()) + self.pool


def index_of(kind: str) -> int:
    """Return a kind's row in the table."""
    return list(kinds()).index(kind)


def _exists(place: PlaceSpec, kind: str) -> bool:
    institution = place.institutions[kind]
    return institution.count > 0 or institution.registered + institution.filed + institution.latent > 0


def _covered(frame: PlaceFrame, kind: str, coverage: float, *, exists: bool) -> NDArray[np.bool_]:
    """Return which areas have a kind that does not cover all of them: the same ones in every run."""
    mask = np.zeros(frame.n_areas, dtype=bool)
    if not exists:
        return mask
    order = sorted(
        range(frame.n_areas), key=lambda a: stable_hash(f"{frame.place}/{kind}/{frame.area_ids[a]}")
    )
    mask[order[: round(coverage * frame.n_areas)]] = True
    return mask
