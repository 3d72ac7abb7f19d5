"""One pair of every scenario of the library at full size: what it takes, and whether its reform does anything.

All months, everything recorded; every month's balances of work, staff, people and money must hold, else the pair fails.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sim import MODEL_VERSION
from sim.base.text import pick, say
from sim.experiment import environment
from sim.experiment.engine import Outcome
from sim.experiment.engines import Workers
from sim.experiment.plan import Failure, Plan, Progress, carry_out
from sim.results.store import RunFolder
from sim.scenario import load_scenario
from sim.scenario.documents import library_ids

SEED = 1


@dataclass(frozen=True)
class LargeCell:
    """A scenario to run once. pair: its place in the library; folder: where what it took is committed."""

    pair: int
    scenario: str
    folder: str


class LargePlan(Plan):
    """A plan whose cells are scenarios."""

    def failure(self, outcome: Outcome) -> Failure:
        """Return what to keep and to say of a scenario that gave nothing."""
        name = outcome.cell.scenario
        said = pick(say("{name} failed: {why}", name=name, why=outcome.error))
        return Failure(name, outcome.account or outcome.error, said)


def run_at_full_size(
    names: Sequence[str], out: Path, *, workers: Workers = None, progress: Progress | None = None
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Run what the folder lacks; returns a row a scenario in the order of the library, and what failed, in words."""
    environment.prepare()
    folder, library = RunFolder(out), library_ids("scenario")
    cells = [LargeCell(library.index(name), name, folder.address) for name in names]
    manifest = {"kind": "full size", "seed": SEED, "pairs": len(library), "record": "full"}
    manifest |= {"model_version": MODEL_VERSION, "source": environment.source_hash()}
    failed = carry_out(LargePlan(manifest, {}, cells, run_large), folder, workers, progress)
    wanted = set(names)
    return [row for row in folder.read("pairs").to_dicts() if row["scenario"] in wanted], failed


def run_large(cell: LargeCell) -> None:
    """Run one pair of a scenario and commit its size, what it took, and which primary outcomes its reform moved."""
    frame = pl.DataFrame([at_full_size(cell.scenario)], schema=SCHEMA)
    RunFolder(Path(cell.folder)).commit("pairs", cell.pair, frame)


SCHEMA: dict[str, Any] = {
    "scenario": pl.String, "place": pl.String, "residents": pl.Int64, "communities": pl.Int64, "months": pl.Int64,
    "cpu_seconds": pl.Float64, "moved": pl.List(pl.String),
}  # fmt: skip


def at_full_size(name: str) -> dict[str, object]:
    """Return what a pair of a scenario at full size gave; moved: None where nothing is reformed."""
    from sim.model import run_arms

    scenario, start = load_scenario(name), time.process_time()
    arms = {"baseline": scenario.baseline()}
    if not scenario.timeline.is_empty:
        arms["reform"] = scenario
    tables = run_arms(arms, SEED)
    found = [table.outcomes.filter(pl.col("level") == "place") for table in tables.values()]
    return {
        "scenario": name,
        "place": scenario.place.id,
        "residents": int(tables["baseline"].geography["residents"].sum()),
        "communities": len(tables["baseline"].geography),
        "months": scenario.run.end - scenario.run.first_month,
        "cpu_seconds": round(time.process_time() - start, 1),
        "moved": moved(found[0], found[-1], scenario.run.primary) if len(found) > 1 else None,
    }


def moved(base: pl.DataFrame, reform: pl.DataFrame, primary: tuple[str, ...]) -> list[str]:
    """Return the primary outcomes that differ between two arms in any month."""
    keys = ["month", "measure", "level", "unit"]
    both = base.join(reform, on=keys, suffix="_reform")
    differs = (pl.col("numerator") != pl.col("numerator_reform")) | (
        pl.col("denominator") != pl.col("denominator_reform")
    )
    here = set(both.filter(differs)["measure"].unique())
    return [name for name in primary if name in here]
