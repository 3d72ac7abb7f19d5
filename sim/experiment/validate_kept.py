"""A validation begins with the samples the library holds and runs what is lacking: 400 samples are a night's work.

Figures ship with a digest of their ground: the model's version, the catalogue, every arm as resolved, what is read of
it, and the assumptions of each sample. Where the ground is the same, running them again would give the same figures.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import polars as pl

from sim import MODEL_VERSION
from sim.base.library import library_folder
from sim.catalogue.facts import Test
from sim.experiment.calibrate_runs import digest
from sim.experiment.calibrated import draw_samples
from sim.experiment.facts import arms, facts, scenario_of
from sim.experiment.validate_runs import SCHEMA, variants
from sim.results.store import RunFolder
from sim.scenario.calibrated_set import catalogue_hash

FOLDER = "validation"


def ground(seed: int) -> str:
    """Return a short name of everything but the samples that the figures of a validation follow from."""
    read = [[v.name, v.arm, v.months, v.assume, [_read(test) for test in v.tests]] for v in variants({})]
    turned = [[fact.id, fact.parameter, fact.widened] for fact in facts().facts]
    resolved = [[arm, scenario_of(arm).hash] for arm in ("base", *sorted(arms()))]
    content = [MODEL_VERSION, catalogue_hash(), seed, read, turned, resolved]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _read(test: Test) -> list[Any]:
    return [test.measure, list(test.than), list(test.also), sorted(test.windows)]


def made_on(name: str, n: int, seed: int) -> dict[str, str]:
    """Return what a shipped table says of its ground and of its n samples."""
    return {"ground": ground(seed), "samples": digest(draw_samples(name, n, seed))}


def shipped_figures(name: str, seed: int) -> pl.DataFrame:
    """Return the library's figures under a set if they stand on today's ground, empty where not."""
    folder = library_folder() / FOLDER
    table, figures = folder / f"facts-{name}.json", folder / f"facts-{name}.parquet"
    if not (table.is_file() and figures.is_file()):
        return pl.DataFrame(schema=SCHEMA)
    made: dict[str, Any] = json.loads(table.read_text(encoding="utf-8"))["made"]
    expected = made_on(name, int(made["pairs"]), seed)
    same = all(made.get(key) == value for key, value in expected.items())
    return pl.read_parquet(figures).cast(pl.Schema(SCHEMA)) if same else pl.DataFrame(schema=SCHEMA)


def begin_with_shipped(folder: RunFolder, name: str, n: int, seed: int) -> None:
    """Commit the library's figures of the first n samples to a folder that has been begun and lacks them."""
    done = set(folder.pairs_done())
    wanted = shipped_figures(name, seed).filter(pl.col("pair") < n)
    for (pair,), frame in sorted(wanted.partition_by("pair", as_dict=True).items()):
        if pair not in done:
            folder.commit("pairs", pair, frame)
