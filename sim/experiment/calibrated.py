"""Samples of the assumptions: from the catalogue's ranges, or from the accepted samples of a calibrated set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import qmc

from sim.base.errors import Place, Problem, ScenarioError
from sim.base.library import library_folder
from sim.base.text import say
from sim.catalogue import assumptions
from sim.experiment.calibrate_runs import candidates
from sim.scenario.documents import cached_documents, library_ids
from sim.scenario.frame import stable_hash
from sim.scenario.shapes import did_you_mean

Sample = dict[str, float]


def draw_samples(name: str, n: int, seed: int = 1) -> list[Sample]:
    """Return n samples of the assumptions under a set.

    A set that ships accepted samples gives n of those, in an order the seed turns; what it does not know (assumptions
    newer than it) is drawn over its range. Any other set keeps its own values fixed and draws the rest.
    """
    path, fixed, samples = _set_of(name)
    points = spread_over({k: r for k, r in candidates().items() if k not in fixed}, n, seed)
    if samples is None:
        return [{**fixed, **row} for row in points]
    rows = _accepted(path.parent / samples)
    order = np.random.default_rng(seed).permutation(len(rows))
    return [{**fresh, **rows[order[k % len(rows)]]} for k, fresh in enumerate(points)]


def spread_over(ranges: dict[str, tuple[float, float]], n: int, seed: int) -> list[Sample]:
    """Return n points spread over ranges, as samples by name; a longer call begins with the same points.

    A nested Latin hypercube: each assumption fills its own range evenly, in an order of its own, so that its values
    depend on no other assumption and correlate with none beyond chance. One sequence in so many dimensions does not
    do that: of 342 assumptions in 256 Sobol' points some pairs have a rank correlation of .94, and what an outcome
    rests on is then laid at the wrong door.
    """
    columns = {name: low + (high - low) * _even(n, seed, name) for name, (low, high) in ranges.items()}
    return [dict(zip(columns, map(float, row), strict=True)) for row in zip(*columns.values(), strict=True)]


def _even(n: int, seed: int, name: str) -> np.ndarray:
    """Return n numbers of [0, 1), even in every first 2, 4, 8 ..., in an order that seed and name turn."""
    rng = np.random.default_rng([seed, stable_hash(name)])
    doublings = max(n - 1, 0).bit_length()
    found = qmc.Sobol(1, rng=rng).random_base2(doublings)[:, 0]
    for k in range(doublings):
        rng.shuffle(found[1 << k : 1 << (k + 1)])
    return found[:n]


def _accepted(path: Path) -> list[Sample]:
    """Return the accepted samples of a Parquet file, only assumptions that the catalogue still has within its range."""
    frame = pl.read_parquet(path)
    rows = assumptions()
    known = [c for c in frame.columns if c in rows]
    kept = frame.select(pl.col(c).clip(*rows[c].range) for c in known)
    return kept.to_dicts()


def _set_of(name: str) -> tuple[Path, Sample, str | None]:
    """Return a set's file, the values it gives, and the name of its samples file if it has one."""
    path = library_folder() / "assumptions" / f"{name}.yaml"
    if name not in library_ids("assumptions"):
        known = library_ids("assumptions")
        what = say("no {kind} is called `{name}`", kind="assumptions", name=name)
        raise ScenarioError([Problem(Place("--assumptions"), "", what, did_you_mean(name, known))])
    node = cached_documents(path).documents[0]
    samples, values = node.get("samples"), node.get("values")
    given = values.plain() if values is not None else {}
    fixed = {k: float(v["value"] if isinstance(v, dict) else v) for k, v in given.items()}
    return path, ({} if samples is not None else fixed), (str(samples.value) if samples is not None else None)
