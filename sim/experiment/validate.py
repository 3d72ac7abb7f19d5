"""Hold the model against the stylised facts and the contradictions of the documents, under many assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.experiment import environment
from sim.experiment.calibrated import Sample, draw_samples
from sim.experiment.engines import Workers
from sim.experiment.facts import facts, scenario_of
from sim.experiment.plan import Plan, Progress, begin_or_resume, carry_out
from sim.experiment.validate_kept import begin_with_shipped
from sim.experiment.validate_runs import FactCell, run_facts
from sim.experiment.validate_table import fact_rows
from sim.results.provenance import provenance
from sim.results.store import RunFolder

SAMPLES = 64


@dataclass(frozen=True)
class Validation:
    """What a validation found: a record a fact, the raw figures, and the samples they belong to."""

    set: str
    facts: list[dict]
    figures: pl.DataFrame
    samples: list[Sample]
    failed: tuple[str, ...]
    manifest: dict


def validate(
    assumptions: str,
    out: Path,
    *,
    samples: int = SAMPLES,
    seed: int = 1,
    only: tuple[str, ...] = (),
    fresh: bool = False,
    workers: Workers = None,
    progress: Progress | None = None,
) -> Validation:
    """Run what neither the folder nor the library holds and return the table of facts under one set of assumptions.

    fresh: take nothing over from the library.
    """
    environment.prepare()
    facts()
    folder, base = RunFolder(out), scenario_of("base")
    drawn = draw_samples(assumptions, samples, seed)
    cells = [FactCell(k, seed + k, values, folder.address, only) for k, values in enumerate(drawn)]
    what = {
        "kind": f"facts {' '.join(only)}",
        "seed": seed,
        "pairs": samples,
        "record": f"standard {assumptions}",
    }
    manifest = provenance(base, base, **what, source=environment.source_hash(), command="")
    if not only and not fresh:
        with folder.held():
            begin_or_resume(folder, manifest, {"base": base})
            begin_with_shipped(folder, assumptions, samples, seed)
    failed = carry_out(Plan(manifest, {"base": base}, cells, run_facts), folder, workers, progress)
    figures = folder.read("pairs")
    return Validation(
        assumptions, fact_rows(figures, drawn, assumptions), figures, drawn, failed, folder.manifest()
    )
