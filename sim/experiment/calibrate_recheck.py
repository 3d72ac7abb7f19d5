"""Run a calibrated set's samples again under the model as it is now, and keep those that still match.

A model changes more often than it can be calibrated from nothing. What is kept here was accepted by its own run under
this version; where the search looked is still that of the version it was made on, and the set says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sim import MODEL_VERSION
from sim.base.errors import ShequError
from sim.base.library import library_folder
from sim.base.text import say
from sim.catalogue import assumptions
from sim.catalogue.targets import Target, calibration
from sim.experiment.calibrate import LUCK_RUNS, Stages
from sim.experiment.calibrate_report import NAME, figures_of, write_lines
from sim.experiment.calibrate_runs import column, run_stage
from sim.experiment.calibrate_targets import implausibility
from sim.experiment.engines import Workers
from sim.experiment.environment import source_hash
from sim.scenario.calibrated_set import catalogue_hash
from sim.scenario.documents import cached_documents

SEED = 90_001
Findings = list[dict[str, float]]


def recheck(
    out: Path, folder: Path, workers: Workers = None, progress: Stages | None = None
) -> dict[str, Any]:
    """Write the set into a folder with the samples that still match; returns its provenance.

    Raises ShequError where none of the samples matches any more: then only a calibration from nothing helps.
    """
    shipped = library_folder() / "assumptions" / f"{NAME}.yaml"
    document = cached_documents(shipped).documents[0].plain()
    frame = pl.read_parquet(shipped.parent / document["samples"])
    samples = frame.select(c for c in frame.columns if c in assumptions()).to_dicts()
    centre = {name: row["value"] for name, row in document["values"].items()}
    found, at_centre, luck = _runs(samples, centre, out, workers, progress)
    far = np.array([implausibility(one, calibration().fitted, luck) if one else np.inf for one in found])
    kept = np.flatnonzero(far <= document["calibration"]["cutoff"])
    if not len(kept):
        raise ShequError(say("no sample of the set matches any more; calibrate from nothing"))
    stays = [found[k] for k in kept]
    document["calibration"] |= _provenance(document["calibration"], len(samples), stays, at_centre, luck)
    columns = [pl.Series(f"found.{t.id}", column(stays, t.statistic)) for t in calibration().targets]
    chosen = pl.DataFrame([samples[k] for k in kept])
    for name, row in document["values"].items():
        low, high = (float(f"{chosen[name].quantile(q, 'linear'):.4g}") for q in (0.05, 0.95))
        row["range"] = [min(low, row["value"]), max(high, row["value"])]
    folder.mkdir(parents=True, exist_ok=True)
    chosen.with_columns(pl.Series("implausibility", far[kept]), *columns).write_parquet(
        folder / f"{NAME}.parquet"
    )
    write_lines(document, folder / f"{NAME}.yaml")
    return document["calibration"]


def _runs(
    samples: Findings, centre: dict[str, float], out: Path, workers: Workers, progress: Stages | None
) -> tuple[Findings, dict[str, float], dict[str, float]]:
    """Return what the samples give now, what the set's own values give, and the spread that is luck."""
    copies = int(calibration().place["copies"])
    listed = {row.id: row.value for row in assumptions().values()}

    def stage(name: str, rows: Findings, first: int) -> Findings:
        told = None if progress is None else lambda done, total: progress(name, done, total)
        return run_stage(name, rows, [first + k for k in range(len(rows))], copies, out, workers, told)

    luck = stage("recheck-luck", [{}] * LUCK_RUNS, SEED + 10_000)
    spread = {t.id: float(np.nanstd(column(luck, t.statistic), ddof=1)) for t in calibration().fitted}
    middle = stage("recheck-centre", [{**listed, **centre}], SEED + 20_000)
    return stage("recheck", samples, SEED), middle[0], spread


def _provenance(
    before: dict[str, Any], tried: int, found: Findings, centre: dict[str, float], luck: dict[str, float]
) -> dict[str, Any]:
    """Return the entries of the provenance that a recheck changes."""
    searched = before.get("rechecked", {}).get("searched_with_model", before["model_version"])
    return {
        "model_version": MODEL_VERSION,
        "catalogue": catalogue_hash(),
        "source": source_hash(),
        "accepted": len(found),
        "rechecked": {"searched_with_model": searched, "samples": tried, "still_match": len(found)},
        "targets": {
            t.id: _of_target(before["targets"][t.id], t, found, centre, luck) for t in calibration().targets
        },
    }


def _of_target(
    before: dict[str, Any], target: Target, found: Findings, centre: dict[str, float], luck: dict[str, float]
) -> dict[str, Any]:
    now = figures_of(target.statistic, found, centre)
    return before | now | ({"luck": float(f"{luck[target.id]:.3g}")} if target.id in luck else {})
