"""Runs nobody simulated: tables of chosen values, and a stand-in for the model that makes them."""

from __future__ import annotations

import types

import numpy as np

from sim.catalogue import measures
from sim.results.tables import WAIT_EDGES, RunTables, build_tables

WAIT = "wait.median"
N_AREAS = 3


def tables_of(values: dict[str, np.ndarray], start: int, waits: np.ndarray | None = None) -> RunTables:
    """Return tables in which each measure shows the given value in each month; denominators are one.

    waits: (months, bins) counts of the place's wait histogram.
    """
    outcomes, histograms = [], []
    for name, shown in values.items():
        stored = np.asarray(shown, float) / measures()[name].scale
        for i, value in enumerate(stored):
            outcomes.append((start + i, name, "place", np.zeros(1), np.array([value]), np.ones(1)))
            outcomes.append(
                (start + i, name, "area", np.arange(N_AREAS), np.full(N_AREAS, value), np.ones(N_AREAS))
            )
    for i, counts in enumerate(waits if waits is not None else []):
        histograms.append((start + i, WAIT, "place", 0, counts))
    return build_tables(
        outcomes=outcomes,
        histograms=histograms,
        events=[event(start, "streets go")],
        rules=[],
        rules_in_use=[],
        accounts=[],
        people=[(start, "unmet_need", *(np.zeros(1) for _ in range(2)), *(np.ones(1) for _ in range(2)))],
        geography={"area": [0], "name": ["A"], "x": [0.0], "y": [0.0], "households": [10], "residents": [30]},
        area_ties={"a": [0], "b": [1], "weight": [0.5]},
        checks=[(start, "people", 30.0, 30.0, True)],
    )


def event(month: int, text: str) -> dict[str, object]:
    """Return an event as the recorder hands it over."""
    return {
        "month": month,
        "kind": "enacted",
        "reform": "r",
        "clause": "",
        "text_en": text,
        "text_zh": "撤销街道",
    }


def pair_of_tables(seed: int, start: int, months: int, effect: float = 8.0) -> tuple[RunTables, RunTables]:
    """Return both arms of a made-up pair: every measure is a level plus luck, the reform adds an effect to it."""
    rng = np.random.default_rng(seed)
    luck = {name: 20 + 3 * rng.standard_normal() + rng.standard_normal(months) for name in ratios()}
    waits = rng.integers(1, 5, (months, len(WAIT_EDGES) - 1))
    late = {name: values + effect * (1 + 0.2 * rng.standard_normal()) for name, values in luck.items()}
    return tables_of(luck, start, waits), tables_of(late, start, waits)


def ratios() -> list[str]:
    """Return the measures that are not read from histograms."""
    return [name for name, row in measures().items() if row.kind != "quantile"]


class StandIn(types.ModuleType):
    """In place of the model. seeds: what was run so far; broken: seeds that fail; stop_at: how many runs to allow."""

    def __init__(self):
        super().__init__("sim.model")
        self.seeds, self.broken, self.stop_at = [], set(), 1000

    def run_arms(self, arms, seed, record="standard", resalt=None):
        """Return made-up tables of all arms: the first is one world, every other one the reformed."""
        del record, resalt
        reform = list(arms.values())[-1]
        if len(self.seeds) >= self.stop_at:
            raise KeyboardInterrupt
        self.seeds.append(seed)
        if seed in self.broken:
            raise ArithmeticError("work is not conserved")
        one, other = pair_of_tables(seed, reform.run.start, reform.run.months)
        return {name: other if k else one for k, name in enumerate(arms)}

    def run_watched(self, arms, seed, record="standard", resalt=None):
        """Return made-up tables and, in the first year, half of whoever votes in either arm voting in both."""
        start = list(arms.values())[-1].run.start
        decided = [(start + k, "vote", 1000, 60, 60, 40) for k in range(12)]
        return self.run_arms(arms, seed, record, resalt), decided

    def run_arm(self, scenario, seed, record="standard"):
        """Return made-up tables of one arm."""
        return self.run_arms({"levels": scenario}, seed, record)["levels"]
