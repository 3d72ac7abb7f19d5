"""Sweeps whose effects are a known function of their inputs, written through the real store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl

from sim.experiment.sampling import key_of, rows_of
from sim.experiment.sweep import keep_rows
from sim.results.store import RunFolder
from sim.results.sweeps import SCHEMA, keep_plan
from sim.scenario.design import Design

SHARE, DELIBERATE = "committee.share_time_assigned", "participation.deliberate"


def planned(
    kind: str, n: int, inputs: int = 3, seed: int = 1, only: tuple[str, ...] = ("tasks.growth",)
) -> Design:
    """Return a plan for sensitivity over inputs x1, x2 ... between zero and one, and an assumption."""
    return Design(
        id="known", title={}, arms={"baseline": SimpleNamespace(hash="b"), "policy": SimpleNamespace(hash="p")},
        levers={f"x{k + 1}": (0.0, 1.0) for k in range(inputs)}, grids={}, set="prior", samples=1, only=only,
        sampler=kind, n=n, seed=seed, pairs=1, months=0, primary=(), record="headline", then=(),
    )  # fmt: skip


def planted_plan(folder: Path, design: Design, function) -> RunFolder:
    """Write a sweep in which the policy's effect is a function of x1, x2 ..., one value a row of an array."""
    rows = rows_of(design)
    values = function(np.array([list(row.levers.values()) for row in rows]))
    kept = begun(folder)
    keep_rows(kept, design)
    from sim.experiment.sweep import arms_hash

    keys = [key_of(row, design.seed, arms_hash(design)) for row in rows]
    write(kept, dict(zip(keys, values, strict=True)), "policy", DELIBERATE)
    return kept


def planted(folder: Path, inputs: Mapping[str, np.ndarray], effects: Mapping[str, np.ndarray]) -> RunFolder:
    """Write a sweep with these inputs a row, and these effects of each policy on participation a row."""
    kept = begun(folder)
    keys = [f"key{k}" for k in range(len(next(iter(effects.values()))))]
    rows = pl.DataFrame({"row": range(len(keys)), **inputs})
    keep_plan(kept, pl.DataFrame({"key": keys, "row": range(len(keys))}), rows)
    for part, (policy, values) in enumerate(effects.items()):
        write(kept, dict(zip(keys, values, strict=True)), policy, DELIBERATE, part, baseline=part == 0)
    return kept


def begun(folder: Path) -> RunFolder:
    """Return a run folder that has begun."""
    kept = RunFolder(folder)
    kept.begin({"pairs": 0})
    return kept


def write(
    kept: RunFolder, values: Mapping[str, float], policy: str, measure: str, part: int = 0, baseline: bool = True
) -> None:  # fmt: skip
    """Commit a part in which a policy differs from a baseline of ten by a value a run."""
    arms = [(policy, 10.0 + v, key) for key, v in values.items()]
    arms += [("baseline", 10.0, key) for key in values] if baseline else []
    rows = [(part, key, 1, "here", arm, measure, "late", value, "-") for arm, value, key in arms]
    kept.commit("pairs", part, pl.DataFrame(rows, schema=SCHEMA, orient="row"))
