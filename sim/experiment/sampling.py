"""The rows of a sweep: which values levers and assumptions take, by the design's sampler.

Every arm is run at every row, so that arms are compared on the same samples. Levers over a range and the assumptions
that are varied make one space. `lhs`, `sobol` and `random` spread over it: where assumptions are named they alone vary,
else they are those of the set. `morris` and `saltelli` are SALib's plans for sensitivity, with a dummy that moves
nothing; `grid` crosses the listed values of levers with the samples of the set.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.stats import qmc

from sim.catalogue import assumptions
from sim.experiment.calibrated import draw_samples
from sim.scenario.design import Design

DUMMY = "dummy"
MORRIS_LEVELS = 4


@dataclass(frozen=True)
class Row:
    """One row: what levers and assumptions are set to."""

    levers: dict[str, float]
    values: dict[str, float]

    @property
    def inputs(self) -> dict[str, float]:
        """All of it by name, as an analysis wants it."""
        return {**self.levers, **self.values}


def varied(design: Design) -> dict[str, tuple[float, float]]:
    """Return the range of everything a space-filling sampler varies: levers, then assumptions."""
    names = design.only or (tuple(assumptions()) if design.sampler in ("morris", "saltelli") else ())
    ranges = {
        name: assumptions()[name].range
        for name in names
        if assumptions()[name].range[1] > assumptions()[name].range[0]
    }
    return {**design.levers, **ranges}


def problem(design: Design) -> dict[str, Any]:
    """Return the space as SALib wants it, the dummy last; groups are mechanisms where no assumption was named."""
    ranges = varied(design)
    names = [*ranges, DUMMY]
    found: dict[str, Any] = {
        "num_vars": len(names),
        "names": names,
        "bounds": [*map(list, ranges.values()), [0.0, 1.0]],
    }
    if not design.only:
        found["groups"] = [assumptions()[n].mechanism if n in assumptions() else n for n in names]
    return found


def rows_of(design: Design) -> list[Row]:
    """Return the rows in their order; a design with more of them begins with the same ones where the sampler allows.

    A set that ships fewer samples than are asked for gives those it has, each once: the same row twice is no evidence.
    """
    points = _points(design)
    all_planned = design.sampler in ("morris", "saltelli")
    n = design.samples if design.sampler == "grid" else len(points)
    sets = [{}] * n if design.only or all_planned else draw_samples(design.set, n, design.seed)
    if design.sampler == "grid":
        grid = [
            dict(zip(design.grids, map(float, row), strict=True)) for row in product(*design.grids.values())
        ]
        return _once([Row(levers, sets[k]) for k in range(design.samples) for levers in grid])
    found = []
    for k, point in enumerate(points):
        levers = {name: value for name, value in point.items() if name in design.levers}
        own = {name: value for name, value in point.items() if name in assumptions()}
        found.append(Row(levers, {**sets[k], **own}))
    return found if all_planned else _once(found)


def _once(rows: list[Row]) -> list[Row]:
    return list({tuple(sorted(row.inputs.items())): row for row in rows}.values())


def _points(design: Design) -> list[dict[str, float]]:
    ranges = varied(design)
    if design.sampler == "grid":
        return []
    if design.sampler in ("morris", "saltelli"):
        table = planned(design)
        return [dict(zip([*ranges, DUMMY], map(float, row), strict=True)) for row in table]
    if not ranges:
        return [{} for _ in range(design.n)]
    low, high = np.array(list(ranges.values())).T
    unit = _unit(design, len(ranges))
    return [dict(zip(ranges, map(float, row), strict=True)) for row in low + unit * (high - low)]


def _unit(design: Design, k: int) -> np.ndarray:
    """Return n points of the unit cube; for a sequence a longer call begins with the same points."""
    if design.sampler == "sobol":
        return qmc.Sobol(k, rng=design.seed).random_base2(max(design.n - 1, 0).bit_length())[: design.n]
    if design.sampler == "random":
        return np.random.default_rng(design.seed).random((design.n, k))
    return qmc.LatinHypercube(k, rng=design.seed).random(design.n)


def planned(design: Design) -> np.ndarray:
    """Return SALib's plan for sensitivity, one row a run, the dummy last."""
    space = problem(design)
    if design.sampler == "morris":
        from SALib.sample import morris

        return morris.sample(space, design.n, num_levels=MORRIS_LEVELS, seed=design.seed)
    from SALib.sample import sobol

    return sobol.sample(space, design.n, calc_second_order=False, seed=design.seed)


def key_of(row: Row, seed: int, arms: str) -> str:
    """Return the name of one run in the store: the same row, luck and arms have the same name everywhere."""
    content = [arms, seed, sorted(row.levers.items()), sorted(row.values.items())]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:20]
