"""The recorder: each month's measures at the three levels, kept as plain columns until a run ends.

headline: primary measures, whole place, every month. standard: all measures, whole place every month, areas and
groups by quarter. full: everything every month, and the accounts by cause. Quarters add numerators and
denominators, so a quarter's value is the right mean of its months.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.catalogue import groups, measures
from sim.observe.checks import book_money, check
from sim.observe.measures import COUNTS, WAITS
from sim.results.tables import WAIT_EDGES, RunTables, build_tables
from sim.world.world import World

QUARTER = 3
LEVELS = ("headline", "standard", "full")
RESIDENT_COLUMNS = {
    "trust.committee": "trust_committee",
    "trust.government": "trust_government",
    "efficacy": "efficacy",
    "belonging": "belonging",
    "satisfaction.true": "satisfaction",
}


@dataclass
class Recorder:
    """Collects one arm of one replication. primary limits what headline keeps; first is the first reported month."""

    level: str
    primary: tuple[str, ...]
    first: int
    start: dict[str, int] = field(default_factory=dict)
    outcomes: list[tuple] = field(default_factory=list)
    histograms: list[tuple] = field(default_factory=list)
    accounts: list[tuple] = field(default_factory=list)
    rules: list[tuple] = field(default_factory=list)
    in_use: list[tuple] = field(default_factory=list)
    checks: list[tuple] = field(default_factory=list)
    pending: dict[str, list[np.ndarray]] = field(default_factory=dict)
    group_codes: dict[str, np.ndarray] = field(default_factory=dict)

    def begin(self, world: World) -> None:
        """Note what conservation is counted from."""
        self.start = {"people": int(world.areas.residents.sum())}

    def observe(self, world: World, accounts: list[tuple]) -> None:
        """Take down one month; spin-up months are checked but not recorded."""
        book_money(world)
        balances = check(world, self.start)
        if world.month < self.first:
            return
        self.checks += [(world.month, what, float(a), float(b), a == b) for what, a, b in balances]
        quarter_ends = self.level == "full" or (world.month - self.first) % QUARTER == QUARTER - 1
        for name in self._measures():
            self._count(world, name, *COUNTS[name](world), quarter_ends)
        self._waits(world, quarter_ends)
        if self.level != "headline" and quarter_ends:
            self._groups(world)
        self._rules(world)
        self.accounts += [
            (world.month, stock, cause, area, float(g), float(loss))
            for stock, cause, gains, losses in accounts
            for area, (g, loss) in enumerate(zip(gains, losses, strict=True))
        ]

    def _measures(self) -> list[str]:
        wanted = self.primary if self.level == "headline" else tuple(measures())
        return [name for name in wanted if name in COUNTS]

    def _count(self, world: World, name: str, upper: np.ndarray, lower: np.ndarray, emit: bool) -> None:
        self.outcomes.append(
            (world.month, name, "place", np.zeros(1, np.int32), upper.sum()[None], lower.sum()[None])
        )
        if self.level == "headline":
            return
        parts = self.pending.setdefault(name, [np.zeros(world.n_areas), np.zeros(world.n_areas)])
        parts[0] += upper
        parts[1] += lower
        if emit:
            self.outcomes.append(
                (world.month, name, "area", np.arange(world.n_areas, dtype=np.int32), *self.pending.pop(name))
            )

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
        parts = self.pending.setdefault("waits", [np.zeros_like(table)])
        parts[0] += table
        if emit:
            total = self.pending.pop("waits")[0]
            self.histograms += [
                (world.month, WAITS[0], "area", area, total[area]) for area in range(world.n_areas)
            ]

    def _groups(self, world: World) -> None:
        people = world.residents
        adult = people.has_voice == 1
        values = {m: getattr(people, c)[adult].astype(np.float64) for m, c in RESIDENT_COLUMNS.items()}
        values["participation.breadth"] = (people.deliberate_history[adult] != 0).astype(np.float64)
        offset = 0
        for name, group in groups().items():
            codes = self._codes(world, name)[adult]
            n = len(group.values)
            size = np.bincount(codes, minlength=n).astype(float)
            for measure, value in values.items():
                total = np.bincount(codes, weights=value, minlength=n)
                self.outcomes.append(
                    (
                        world.month,
                        measure,
                        "group",
                        np.arange(offset, offset + n, dtype=np.int32),
                        total,
                        size,
                    )
                )
            offset += n

    def _codes(self, world: World, name: str) -> np.ndarray:
        """Return, per resident, the value of a declared group, in catalogue order."""
        if name not in self.group_codes:
            people = world.residents
            age = np.searchsorted([35.0, 60.0], people.age, side="right")
            column = {"age_band": age, "tenure": people.owner, "income": people.income}.get(name)
            self.group_codes[name] = (getattr(people, name) if column is None else column).astype(np.int64)
        return self.group_codes[name]

    def _rules(self, world: World) -> None:
        if self.level == "headline":
            return
        for rule, column in (("duties", "use_duties"), ("admission", "use_admission")):
            values = getattr(world.areas, column)
            self.in_use.append((world.month, rule, np.arange(world.n_areas, dtype=np.int32), values.copy()))

    def tables(self, world: World) -> RunTables:
        """Return everything recorded as the tables of a run."""
        return build_tables(
            outcomes=self.outcomes,
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
