"""Run a place without its reforms for two years after the spin-up, and say what still moves by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sim.experiment import environment
from sim.experiment.engines import Workers
from sim.experiment.pairs import ArmsCell
from sim.experiment.plan import Plan, Progress, carry_out, folder_for
from sim.experiment.replicate import ARM, run_cell
from sim.results.drift import drifting
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.scenario.resolved import ResolvedScenario

MONTHS, REPLICATIONS, SEED, RECORD = 24, 4, 1, "headline"


@dataclass(frozen=True)
class Drift:
    """What moves by itself: primary outcomes with their mean yearly change. failed: sentences about lost runs."""

    folder: RunFolder
    moving: list[tuple[str, float]]
    failed: tuple[str, ...] = ()


def baseline_drift(
    scenario: ResolvedScenario, out: Path | None = None, *, workers: Workers = None, progress: Progress | None = None
) -> Drift:  # fmt: skip
    """Run what the folder lacks and return what moves by more than its worth in the second year.

    out: None takes a folder of its own under runs/. Raises ShequError where no replication succeeded.
    """
    environment.prepare()
    bare = unreformed(scenario)
    what = {"kind": "drift", "seed": SEED, "pairs": REPLICATIONS, "record": RECORD, "command": ""}
    manifest = provenance(bare, bare, **what, source=environment.source_hash())
    folder = folder_for(f"{bare.id}-drift-{bare.hash[:8]}", manifest, out)
    cells = [ArmsCell(k, SEED + k, {ARM: bare}, RECORD, folder.address) for k in range(REPLICATIONS)]
    failed = carry_out(Plan(manifest, {ARM: bare}, cells, run_cell), folder, workers, progress)
    return Drift(folder, drifting(folder.read("series"), scenario.run.primary), failed)


def unreformed(scenario: ResolvedScenario) -> ResolvedScenario:
    """Return a scenario without reforms, for two years."""
    bare = scenario.baseline()
    run = replace(bare.run, months=MONTHS, windows={"early": (0, 12), "late": (12, 24)})
    return replace(bare, run=run, varies=False)
