"""Replications of one scenario: levels, never a comparison."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from sim.base.errors import Problem, ScenarioError
from sim.base.text import counted
from sim.catalogue import measures
from sim.experiment import environment
from sim.experiment.engines import Workers
from sim.experiment.pairs import ArmsCell, commit_arms
from sim.experiment.plan import Plan, Progress, carry_out, folder_for
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.scenario.resolved import ResolvedScenario

ARM = "levels"


@dataclass(frozen=True)
class Levels:
    """Outcomes of one scenario. rows: per window (measure, mean, lowest, highest replication)."""

    folder: RunFolder
    replications: int
    rows: dict[str, list[tuple[str, float, float, float]]]
    failed: tuple[str, ...] = ()


def run_cell(cell: ArmsCell) -> dict[str, str]:
    """Simulate one replication and commit its parts."""
    from sim.model import run_arm

    scenario = shortened(cell.arms[ARM].for_replication(cell.seed), cell.months)
    tables = run_arm(scenario, cell.seed, cell.record)
    folder = RunFolder(Path(cell.folder))
    return commit_arms(folder, cell.pair, cell.seed, scenario, {ARM: tables}, cell.keep_tables)


def cells_of(arms: dict[str, ResolvedScenario], manifest: dict, folder: str) -> list[ArmsCell]:
    """Return the replications of a run of levels."""
    scenario, seed, record = arms[ARM], manifest["seed"], manifest["record"]
    months = manifest["months"] if manifest["months"] != scenario.run.months else 0
    return [
        ArmsCell(k, seed + k, arms, record, folder, keep_tables=k == 0, months=months)
        for k in range(manifest["pairs"])
    ]


def shortened(scenario: ResolvedScenario, months: int) -> ResolvedScenario:
    """Return the scenario cut to its first months (0: as it is), windows cut with it; drawn months stay drawn."""
    run = scenario.run
    if not 0 <= months <= run.months:
        what = counted(
            "{months} month asked for; the scenario has {all}",
            "{months} months asked for; the scenario has {all}",
            months=months,
            all=run.months,
        )
        raise ScenarioError([Problem(None, "--months", what)])
    if months in (0, run.months):
        return scenario
    windows = {name: (a, min(b, months)) for name, (a, b) in run.windows.items() if a < months}
    windows = windows or {"early": (0, months)}
    return replace(scenario, run=replace(run, months=months, windows=windows), varies=False)


def run_replications(
    scenario: ResolvedScenario,
    out: Path | None = None,
    *,
    replications: int,
    seed: int = 1,
    months: int = 0,
    workers: Workers = None,
    record: str = "standard",
    command: str = "",
    progress: Progress | None = None,
) -> Levels:
    """Run what the folder lacks and return the levels; raises ShequError where nothing succeeded."""
    environment.prepare()
    short = shortened(scenario, months)
    what = {"kind": "levels", "seed": seed, "pairs": replications, "record": record, "command": command}
    manifest = provenance(short, short, **what, source=environment.source_hash())
    folder = folder_for(f"{scenario.id}-levels-{scenario.hash[:8]}-{seed}", manifest, out)
    plan = Plan(manifest, {ARM: scenario}, cells_of({ARM: scenario}, manifest, folder.address), run_cell)
    failed = carry_out(plan, folder, workers, progress)
    return read_levels(folder, failed)


def read_levels(folder: RunFolder, failed: tuple[str, ...] = ()) -> Levels:
    """Return the levels of a run folder."""
    manifest, values = folder.manifest(), folder.read("pairs")
    order = {name: i for i, name in enumerate(measures())}
    rows = {}
    for window in manifest["windows"]:
        here = values.filter((pl.col("window") == window) & pl.col("value").is_not_nan())
        value = pl.col("value")
        found = here.group_by("measure").agg(
            value.mean().alias("mean"), value.min().alias("low"), value.max().alias("high")
        )
        rows[window] = sorted(found.rows(), key=lambda r: order[r[0]])
    return Levels(folder, values["pair"].n_unique(), rows, failed)
