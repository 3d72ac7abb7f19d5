"""Compare a reform with the same place without it, pair by pair under the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from sim.catalogue import measures
from sim.experiment import environment
from sim.experiment.calibrated import draw_samples
from sim.experiment.engines import Workers
from sim.experiment.pairs import ArmsCell, run_arms_cell
from sim.experiment.plan import Plan, Progress, carry_out, folder_for
from sim.results.bars import SEEDS
from sim.results.frozen import fixed, held_to, read_frozen
from sim.results.provenance import provenance
from sim.results.resting import SAMPLES
from sim.results.verdicts import Comparison, Verdict, read_comparison
from sim.scenario.resolved import ResolvedScenario

BATCH = 10
PRIOR = "prior"


def run_comparison(
    baseline: ResolvedScenario,
    reform: ResolvedScenario,
    out: Path | None = None,
    *,
    pairs: int,
    seed: int = 1,
    workers: Workers = None,
    record: str = "standard",
    command: str = "",
    progress: Progress | None = None,
    frozen: Path | None = None,
    declared: Sequence[str] = (),
    samples: int = 0,
) -> Comparison:
    """Run the pairs that the folder lacks, commit each as it finishes, and return the verdicts.

    out: None takes a folder of its own under runs/. frozen: a file of `shequ freeze` to be held to. declared: in what
    the arms differ beside their reforms, in words. samples: how many samples of the assumptions to run under two seeds
    each, instead of pairs under the scenario's own. Raises ShequError where no pair succeeded.
    """
    environment.prepare()
    what = {"kind": "comparison", "seed": seed, "pairs": pairs, "record": record, "command": command}
    manifest = provenance(baseline, reform, **what, source=environment.source_hash(), declared=list(declared))
    if samples:
        named = reform.recipe.assumptions
        sampled = str(named.value["id"].value) if named is not None else PRIOR
        manifest |= {"pairs": samples * SEEDS, "samples": samples, "sampled": sampled}
    if frozen is not None:
        manifest["frozen"] = held_to(read_frozen(frozen), fixed(baseline, reform, pairs=pairs, seed=seed))
    name = reform.id if baseline.id == reform.id else f"{reform.id}-against-{baseline.id}"
    name += f"-{samples}-samples" if samples else ""
    folder = folder_for(f"{name}-{reform.hash[:8]}-{seed}", manifest, out)
    arms = {"baseline": baseline, "reform": reform}
    plan = Plan(manifest, arms, cells_of(arms, manifest, folder.address), run_arms_cell)
    failed = carry_out(plan, folder, workers, progress)
    if samples:
        pl.DataFrame(draw_samples(manifest["sampled"], samples, seed)).write_parquet(folder.path / SAMPLES)
    return read_comparison(folder, failed)


def run_until_narrow(
    baseline: ResolvedScenario, reform: ResolvedScenario, out: Path | None = None, *, most: int, **how: Any
) -> Comparison:
    """Run pairs in batches of ten until every primary interval is no wider than what is worth acting on, or `most`.

    Stopping looks at widths alone, never at the differences, so the intervals keep their level. how: as in
    `run_comparison`, without the number of pairs.
    """
    pairs = min(BATCH, most)
    while True:
        found = run_comparison(baseline, reform, out, pairs=pairs, **how)
        if pairs >= most or all(narrow(v) for v in found.verdicts if v.primary):
            return found
        pairs, out = min(pairs + BATCH, most), found.folder.path


def narrow(verdict: Verdict) -> bool:
    """Return whether a verdict's interval is no wider, to either side, than what is worth acting on."""
    c = verdict.contrast
    return not (c.high - c.low > 2 * measures()[verdict.measure].worth)


def cells_of(arms: dict[str, ResolvedScenario], manifest: dict, folder: str) -> list[ArmsCell]:
    """Return the pairs of a comparison."""
    seed, record, samples = manifest["seed"], manifest["record"], manifest.get("samples", 0)
    drawn = draw_samples(manifest["sampled"], samples, seed) if samples else []
    return [
        ArmsCell(
            k,
            seed + k,
            arms,
            _level(k, record),
            folder,
            keep_tables=k == 0,
            sample=drawn[k // SEEDS] if drawn else {},
        )
        for k in range(manifest["pairs"])
    ]


def _level(pair: int, record: str) -> str:
    """Return what to record of a pair: the first is kept in full, so that it can be asked why."""
    return "full" if pair == 0 and record == "standard" else record
