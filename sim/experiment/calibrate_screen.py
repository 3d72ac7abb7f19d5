"""Which assumptions move the targets? A Morris screen over the whole catalogue, with luck as its dummy.

Every assumption with a range is a candidate; one more factor turns nothing but the seed. What moves no target more
than luck does is left at its range. First, of the parameters that the file names as carrying a group of targets (C4,
C5) the one that moves it most survives, whatever else moves it more: a figure that only shared parameters move cannot
be met without missing others. Then the targets in turn name their strongest, until the number that may be fitted is
reached.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.catalogue.targets import Target
from sim.experiment.calibrate_runs import DUMMY, candidates, outcome

LEVELS = 4


@dataclass(frozen=True)
class Screen:
    """mu_star: mean absolute elementary effect in units of `within`, by target and factor."""

    factors: tuple[str, ...]
    mu_star: dict[str, np.ndarray]

    def strongest(self, target: str) -> list[str]:
        """Return the factors that move a target more than luck, the strongest first."""
        effects = self.mu_star[target]
        luck = effects[self.factors.index(DUMMY)]
        order = np.argsort(-effects, kind="stable")
        return [self.factors[i] for i in order if effects[i] > luck and self.factors[i] != DUMMY]

    def survivors(self, most: int, carriers: Mapping[str, Sequence[str]] | None = None) -> list[str]:
        """Return at most so many factors, of each group's carriers at least one.

        carriers: by group of targets, beginnings of the names of the factors that carry it. A target whose strongest
        factor is chosen already passes its turn.
        """
        chosen: list[str] = []
        for group, names in (carriers or {}).items():
            chosen += self._carrier(group, tuple(names))
        queues = [self.strongest(target) for target in self.mu_star]
        while len(chosen) < most and any(queues):
            for queue in queues:
                named = queue.pop(0) if queue else None
                if named is not None and named not in chosen and len(chosen) < most:
                    chosen.append(named)
        return chosen[:most]

    def _carrier(self, group: str, names: tuple[str, ...]) -> list[str]:
        """Return the factor of these names that moves a group of targets most; none where none moves it at all."""
        moved = [effects for target, effects in self.mu_star.items() if group_of(target) == group]
        if not moved:
            return []
        effects = np.max(moved, axis=0)
        may = [i for i, name in enumerate(self.factors) if name.startswith(names) and effects[i] > 0]
        return [self.factors[max(may, key=lambda i: effects[i])]] if may else []


def group_of(target: str) -> str:
    """Return the group of a target: what stands before the point of its name."""
    return target.partition(".")[0]


def problem() -> dict:
    """Return the factors and their ranges as SALib reads them; the dummy lies in [0, 1]."""
    ranges = candidates()
    bounds = [*[list(r) for r in ranges.values()], [0.0, 1.0]]
    return {"num_vars": len(bounds), "names": [*ranges, DUMMY], "bounds": bounds}


def morris_samples(trajectories: int, seed: int) -> np.ndarray:
    """Return the points of a Morris design, trajectories one after the other."""
    from SALib.sample import morris

    return morris.sample(problem(), trajectories, num_levels=LEVELS, seed=seed)


def split(points: np.ndarray, seed: int) -> tuple[list[dict[str, float]], list[int]]:
    """Return the samples and the seeds of a design whose last column is the dummy."""
    names = problem()["names"][:-1]
    samples = [dict(zip(names, map(float, row[:-1]), strict=True)) for row in points]
    return samples, [seed + round(row[-1] * (LEVELS - 1)) for row in points]


def screen(points: np.ndarray, findings: Sequence[dict[str, float]], targets: Sequence[Target]) -> Screen:
    """Return the effects of every factor on every target."""
    from SALib.analyze import morris

    spec, effects = problem(), {}
    for target in targets:
        values = outcome(findings, target.statistic, target.value) / target.within
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SALib divides by a spread that is zero for what moves nothing
            found = morris.analyze(spec, points, values, num_levels=LEVELS, num_resamples=10, seed=1)
        effects[target.id] = np.nan_to_num(np.asarray(found["mu_star"], float))
    return Screen(tuple(spec["names"]), effects)
