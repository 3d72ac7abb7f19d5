"""The runs of a calibration: one row of assumptions each, committed as it ends, so that a stage can be resumed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from sim.catalogue import assumptions
from sim.experiment import environment
from sim.experiment.engines import Workers
from sim.experiment.plan import Plan, Progress, carry_out
from sim.results.provenance import provenance
from sim.results.store import RunFolder

DUMMY = "luck"


@dataclass(frozen=True)
class SampleCell:
    """One run of the place that is calibrated on."""

    pair: int
    seed: int
    values: dict[str, float]
    copies: int
    folder: str


def run_sample(cell: SampleCell) -> None:
    """Run one sample and commit what the survey found."""
    from sim.experiment.calibrate_targets import measure_once

    found = measure_once(cell.values, cell.seed, cell.copies)
    rows = [(cell.pair, cell.seed, name, float(value)) for name, value in found.items()]
    schema = {"pair": pl.Int32, "seed": pl.Int64, "statistic": pl.String, "value": pl.Float64}
    RunFolder(Path(cell.folder)).commit("pairs", cell.pair, pl.DataFrame(rows, schema=schema, orient="row"))


def digest(samples: Sequence[dict[str, float]]) -> str:
    """Return a short name of some samples, so that runs of others are not taken for theirs."""
    rows = [sorted(sample.items()) for sample in samples]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12]


def candidates() -> dict[str, tuple[float, float]]:
    """Return the range of every assumption of the catalogue that has one: what may be fitted, and what is sampled."""
    return {row.id: row.range for row in assumptions().values() if row.range[1] > row.range[0]}


def run_stage(
    name: str,
    samples: Sequence[dict[str, float]],
    seeds: Sequence[int],
    copies: int,
    out: Path,
    workers: Workers = None,
    progress: Progress | None = None,
) -> list[dict[str, float]]:
    """Run what a stage's folder lacks and return each sample's findings in order; an empty one where it failed."""
    from sim.experiment.calibrate_targets import ground

    environment.prepare()
    folder, base = RunFolder(out / name), ground(copies)
    cells = [
        SampleCell(k, seed, values, copies, folder.address)
        for k, (values, seed) in enumerate(zip(samples, seeds, strict=True))
    ]
    what = {
        "kind": f"calibration {name}",
        "seed": int(seeds[0]),
        "pairs": len(cells),
        "record": f"headline {digest(samples)}",
    }
    manifest = provenance(base, base, **what, copies=copies, source=environment.source_hash(), command="")
    carry_out(Plan(manifest, {"place": base}, cells, run_sample), folder, workers, progress)
    read = folder.read("pairs").partition_by("pair", as_dict=True)
    found = {k[0]: dict(zip(frame["statistic"], frame["value"], strict=True)) for k, frame in read.items()}
    return [found.get(k, {}) for k in range(len(cells))]


def column(findings: Sequence[dict[str, float]], statistic: str) -> np.ndarray:
    """Return one statistic over samples, nan where a run gave none."""
    return np.array([found.get(statistic, np.nan) for found in findings])


def outcome(findings: Sequence[dict[str, float]], statistic: str, aim: float) -> np.ndarray:
    """Return one statistic over samples; a run that gave none counts as the one furthest from the aim.

    A committee without hours has no shares of time: such a run is no missing value, it is far off.
    """
    values = column(findings, statistic)
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return values
    return np.where(np.isfinite(values), values, known[np.argmax(np.abs(known - aim))])
