"""Compare a reform with the same place without it, pair by pair under the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.experiment import environment
from sim.experiment.pairs import ArmsCell, run_arms_cell
from sim.experiment.plan import Plan, Progress, carry_out, folder_for
from sim.results.frozen import fixed, held_to, read_frozen
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.results.verdicts import Comparison, read_comparison
from sim.scenario.resolved import ResolvedScenario


def run_comparison(
    baseline: ResolvedScenario,
    reform: ResolvedScenario,
    out: Path | None = None,
    *,
    pairs: int,
    seed: int = 1,
    workers: int | None = None,
    record: str = "standard",
    command: str = "",
    progress: Progress | None = None,
    frozen: Path | None = None,
    declared: Sequence[str] = (),
) -> Comparison:
    """Run the pairs that the folder lacks, commit each as it finishes, and return the verdicts.

    out: None takes a folder of its own under runs/. frozen: a file of `shequ freeze` to be held to. declared: in what
    the arms differ beside their reforms, in words. Raises ShequError where no pair succeeded.
    """
    environment.prepare()
    reform.runnable()
    what = {"kind": "comparison", "seed": seed, "pairs": pairs, "record": record, "command": command}
    manifest = provenance(baseline, reform, **what, source=environment.source_hash(), declared=list(declared))
    if frozen is not None:
        manifest["frozen"] = held_to(read_frozen(frozen), fixed(baseline, reform, pairs=pairs, seed=seed))
    name = reform.id if baseline.id == reform.id else f"{reform.id}-against-{baseline.id}"
    folder = RunFolder(out) if out else folder_for(f"{name}-{reform.hash[:8]}-{seed}", manifest)
    arms = {"baseline": baseline, "reform": reform}
    plan = Plan(manifest, arms, cells_of(arms, manifest, str(folder.path)), run_arms_cell)
    failed = carry_out(plan, folder, workers, progress)
    return read_comparison(folder, failed)


def cells_of(arms: dict[str, ResolvedScenario], manifest: dict, folder: str) -> list[ArmsCell]:
    """Return the pairs of a comparison."""
    seed, record = manifest["seed"], manifest["record"]
    return [
        ArmsCell(k, seed + k, arms, _level(k, record), folder, keep_tables=k == 0)
        for k in range(manifest["pairs"])
    ]


def _level(pair: int, record: str) -> str:
    """Return what to record of a pair: the first is kept in full, so that it can be asked why."""
    return "full" if pair == 0 and record == "standard" else record
