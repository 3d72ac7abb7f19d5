"""The recorder: each month's measures at the three levels, kept as plain columns until a run ends.

headline: primary measures, whole place, every month. standard: all measures, whole place, kinds of office, duty
classes and posts every month; areas, groups and areas by group every quarter. full: everything every month, and the
accounts by cause. Quarters add numerators and denominators, so a quarter's value is the right mean of its months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.catalogue import measures
from sim.observe.checks import book_money, check
from sim.observe.measures import COUNTS, WAITS
from sim.observe.office_measures import BY_LEVEL
from sim.observe.people import PEOPLE, Cells, cells_of
from sim.observe.together import ANY, compositions, together
from sim.results.tables import EVERYONE, WAIT_EDGES, WHOLE_PLACE, RunTables, build_tables
from sim.world.practice import row_names
from sim.world.world import World

QUARTER = 3
LEVELS = ("headline", "standard", "full")
PLACE = np.zeros(1, np.int32)
ALWAYS_SHOWN = ("duties", "admission.rule")  # of the rules in use; others once their writing has changed


@dataclass
class Recorder:
    """Collects one arm of one replication.

    primary limits what headline keeps; first is the first reported month; grouped: measures of people that are kept by
    area and group at headline too.
    """

    level: str
    primary: tuple[str, ...]
    first: int
    grouped: tuple[str, ...] = ()
    start: dict[str, int] = field(default_factory=dict)
    outcomes: list[tuple] = field(default_factory=list)
    people: list[tuple] = field(default_factory=list)
    histograms: list[tuple] = field(default_factory=list)
    accounts: list[tuple] = field(default_factory=list)
    rules: list[tuple] = field(default_factory=list)
    in_use: list[tuple] = field(default_factory=list)
    checks: list[tuple] = field(default_factory=list)
    pending: dict[str, list[np.ndarray]] = field(default_factory=dict)
    cells: Cells | None = None

    def begin(self, world: World) -> None:
        """Note what conservation is counted from and where every resident stands."""
        self.start = {"people": int(world.areas.residents.sum())}
        self.cells = cells_of(world)

    @property
    def account_cells(self) -> Cells | None:
        """The cells that causes are summed by, None where this level keeps no accounts."""
        return self.cells if self.level == "full" else None

    def observe(self, world: World, accounts: list[tuple]) -> None:
        """Take down one month; spin-up months are checked but not recorded."""
        book_money(world)
        balances = check(world, self.start)
        if world.month < self.first:
            return
        self.checks += [(world.month, what, float(a), float(b), a == b) for what, a, b in balances]
        emit = self.level == "full" or (world.month - self.first) % QUARTER == QUARTER - 1
        self._measures(world, emit)
        self._waits(world, emit)
        self._offices(world)
        self._rules(world)
        self._accounts(world.month, accounts)

    def _measures(self, world: World, emit: bool) -> None:
        """Take down every measure the level keeps: those summed together from their sums, others one by one."""
        assert self.cells is not None  # `begin` has been called
        names = tuple(measures()) if self.level != "headline" else self.primary
        found = together(world, self.cells, frozenset(names))
        missing = compositions(found[ANY][0], self.cells) if ANY in found else {}
        for name in names:
            if name in PEOPLE:
                self._people(world.month, name, found.get(name) or self.cells.sums(PEOPLE[name](world)), emit)
            elif name in COUNTS:
                self._count(world, name, *(missing.get(name) or COUNTS[name](world)), emit)

    def _place(self, month: int, name: str, upper: np.ndarray, lower: np.ndarray) -> None:
        self.outcomes.append((month, name, "place", PLACE, upper.sum()[None], lower.sum()[None]))

    def _count(self, world: World, name: str, upper: np.ndarray, lower: np.ndarray, emit: bool) -> None:
        self._place(world.month, name, upper, lower)
        if self.level == "headline":
            return
        parts = self._pool(name, upper, lower)
        if emit:
            self._level(world.month, name, "area", self.pending.pop(name, parts))

    def _people(self, month: int, name: str, counted: tuple[np.ndarray, np.ndarray], emit: bool) -> None:
        assert self.cells is not None
        upper, lower = counted
        self._place(month, name, upper, lower)
        if self.level == "headline" and name not in self.grouped:
            return
        parts = self._pool(name, upper, lower)
        if not emit:
            return
        self.pending.pop(name)
        self._level(month, name, "area", [part.sum(axis=1) for part in parts])
        by_group = [self.cells.by_group(part) for part in parts]
        self._level(month, name, "group", [part.sum(axis=0) for part in by_group])
        there = np.nonzero(by_group[1])
        place = [axis.astype(np.int32) for axis in there]
        self.people.append((month, name, *place, *(part[there] for part in by_group)))

    def _pool(self, name: str, upper: np.ndarray, lower: np.ndarray) -> list[np.ndarray]:
        """Add a month to what its quarter has so far."""
        parts = self.pending.setdefault(name, [np.zeros(upper.shape), np.zeros(lower.shape)])
        parts[0] += upper
        parts[1] += lower
        return parts

    def _level(self, month: int, name: str, level: str, parts: Sequence[np.ndarray]) -> None:
        """Take down one value per unit of a level, units without anybody left out."""
        there = np.flatnonzero((parts[1] != 0) | (level == "area"))
        self.outcomes.append((month, name, level, there.astype(np.int32), *(part[there] for part in parts)))

    def _offices(self, world: World) -> None:
        """Take down every month what is counted by kind of office, class of duty and post at the start."""
        if self.level == "headline":
            return
        for level, counts in BY_LEVEL.items():
            for name, parts in counts(world).items():
                self._level(world.month, name, level, parts)

    def _waits(self, world: World, emit: bool) -> None:
        """Count waits of residents' cases that were done into log bins, one histogram for all wait measures."""
        cases = world.ended
        mine = (cases.origin == 1) & (cases.is_done == 1)
        n_bins = len(WAIT_EDGES) - 1
        bins = np.clip(np.searchsorted(WAIT_EDGES, cases.wait_days[mine], side="right") - 1, 0, n_bins - 1)
        flat = np.bincount(cases.area[mine] * n_bins + bins, minlength=world.n_areas * n_bins)
        table = flat.reshape(world.n_areas, n_bins)
        self.histograms.append((world.month, WAITS[0], "place", 0, table.sum(axis=0)))
        if self.level == "headline":
            return
        self._waits_by_kind(world, np.flatnonzero(mine), bins)
        parts = self.pending.setdefault("waits", [np.zeros_like(table)])
        parts[0] += table
        if emit:
            total = self.pending.pop("waits")[0]
            self.histograms += [
                (world.month, WAITS[0], "area", area, total[area]) for area in range(world.n_areas)
            ]

    def _waits_by_kind(self, world: World, mine: np.ndarray, bins: np.ndarray) -> None:
        kind = world.institutions.kind[world.ended.office[mine]]
        for k in np.unique(kind):
            counts = np.bincount(bins[kind == k], minlength=len(WAIT_EDGES) - 1)
            self.histograms.append((world.month, WAITS[0], "office_kind", int(k), counts))

    def _accounts(self, month: int, accounts: list[tuple]) -> None:
        """Take down what each cause did to each stock: by area for everyone, and by group for the whole place."""
        if self.cells is None:
            return
        for stock, cause, gain, loss in accounts:
            areas = [part.sum(axis=1) for part in (gain, loss)]
            grouped = [self.cells.by_group(part.sum(axis=0)) for part in (gain, loss)]
            n, g = len(areas[0]), len(grouped[0])
            where = np.concatenate([np.arange(n), np.full(g, WHOLE_PLACE)]).astype(np.int32)
            who = np.concatenate([np.full(n, EVERYONE), np.arange(g)]).astype(np.int32)
            parts = [np.concatenate(pair) for pair in zip(areas, grouped, strict=True)]
            self.accounts.append((month, stock, cause, where, who, *parts))

    def _rules(self, world: World) -> None:
        if self.level == "headline":
            return
        areas = np.arange(world.n_areas, dtype=np.int32)
        for row, rule in enumerate(row_names()):
            if rule in ALWAYS_SHOWN or world.practice.version[row].any():
                self.in_use.append((world.month, rule, areas, world.practice.use[row].copy()))

    def tables(self, world: World) -> RunTables:
        """Return everything recorded as the tables of a run."""
        return build_tables(
            outcomes=self.outcomes,
            people=self.people,
            histograms=self.histograms,
            events=[e for e in world.events if e["month"] >= self.first],
            rules=self.rules,
            rules_in_use=self.in_use,
            accounts=self.accounts,
            geography=geography(world),
            area_ties=area_ties(world),
            checks=self.checks,
        )


def geography(world: World) -> dict[str, list]:
    """Return where areas are, what they belong to and how many live there."""
    frame, areas = world.frame, world.areas
    above = {layer: [frame.unit_ids[layer][i] for i in frame.parent[layer]] for layer in frame.layers[:-1]}
    return {
        "area": list(range(frame.n_areas)),
        "name": list(frame.area_ids),
        "x": areas.x.tolist(),
        "y": areas.y.tolist(),
        "households": areas.households.tolist(),
        "residents": areas.residents.tolist(),
        **above,
    }


def area_ties(world: World) -> dict[str, list]:
    """Return how strongly areas are tied: the sum of tie weights between their residents, both directions."""
    area, n, sentinel = world.residents.area, world.n_areas, world.residents.n
    rows = np.repeat(np.arange(sentinel), world.ties.shape[1])
    ends, weight = world.ties.ravel(), world.tie_activity.ravel()
    there = (ends < sentinel) & (weight > 0)
    a, b = area[rows[there]], area[ends[there]]
    pairs = np.minimum(a, b) * n + np.maximum(a, b)
    total = np.bincount(pairs, weights=weight[there] / 255.0, minlength=n * n)
    kept = np.flatnonzero(total > 0)
    return {"a": (kept // n).tolist(), "b": (kept % n).tolist(), "weight": total[kept].tolist()}
