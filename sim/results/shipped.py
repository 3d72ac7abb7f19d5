"""The outcomes that ship with the library: every scenario on a small twin of its place, by one stated command.

    scenarios/outcomes/made.json      how each was made: command, twin, seeds, windows, versions
    scenarios/outcomes/pairs.parquet  scenario, pair, arm, measure, window, value: what verdicts are read from
    scenarios/outcomes/paths.parquet  scenario, arm, measure, quarter, mean over pairs, half a pointwise 95 % band
A window is a window of the scenario, or a month (`2010-07`) for what its `expect` rows are held against.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sim import MODEL_VERSION
from sim.base.calendar import format_month
from sim.base.library import library_folder
from sim.results.drift import drifting
from sim.results.paired import half_width
from sim.results.store import RunFolder
from sim.results.verdicts import Verdict, read_verdicts
from sim.scenario.resolved import ResolvedScenario

FOLDER, MADE, VALUES, PATHS = "outcomes", "made.json", "pairs.parquet", "paths.parquet"
COMMUNITIES, PAIRS = 10, 8
QUARTER = 3
LEVELS, BASELINE, REFORM = "levels", "baseline", "reform"
ABOUT_ALL = (
    "shequ",
    "model_version",
    "source",
    "git",
    "python",
    "platform",
    "libraries",
    "seed",
    "pairs",
    "record",
)
ABOUT_ONE = ("kind", "command", "hashes", "start", "months", "windows", "primary")


@dataclass(frozen=True)
class Outcomes:
    """The shipped outcomes. made: the file of that name."""

    made: dict[str, Any]
    values: pl.DataFrame
    paths: pl.DataFrame

    def about(self, scenario: str) -> dict[str, Any] | None:
        """Return how a scenario's outcomes were made; None where there are none."""
        return self.made["scenarios"].get(scenario)

    def verdicts(self, scenario: str) -> tuple[Verdict, ...]:
        """Return the verdicts on the primary outcomes of a scenario, as `shequ compare` gives them."""
        about = self.made["scenarios"][scenario]
        rows = self.of(scenario).filter(pl.col("measure").is_in(about["primary"]))
        return read_verdicts(rows, about["primary"], about["windows"])

    def of(self, scenario: str) -> pl.DataFrame:
        """Return a scenario's values by pair."""
        return self.values.filter(pl.col("scenario") == scenario).drop("scenario")

    def value(self, scenario: str, arm: str, measure: str, window: str) -> np.ndarray:
        """Return one figure of every pair, in their order; empty where it was not kept."""
        here = (pl.col("arm") == arm) & (pl.col("measure") == measure) & (pl.col("window") == window)
        return self.of(scenario).filter(here).sort("pair")["value"].to_numpy()

    def is_of(self, scenario: str, twin: ResolvedScenario) -> bool:
        """Return whether the outcomes are of this version of the model and of the scenario as it stands."""
        about = self.about(scenario)
        version = self.made["made"]["model_version"] == MODEL_VERSION
        return about is not None and version and about["hashes"]["reform"] == twin.hash


@lru_cache(maxsize=2)
def read_outcomes(folder: Path | None = None) -> Outcomes | None:
    """Return the outcomes of the shipped library, or of a folder; None where there are none."""
    folder = folder or library_folder() / FOLDER
    if not (folder / MADE).is_file():
        return None
    made = json.loads((folder / MADE).read_text(encoding="utf-8"))
    return Outcomes(made, *(pl.read_parquet(folder / name) for name in (VALUES, PATHS)))


def command_of(scenario: str, *, compared: bool, communities: int, pairs: int) -> str:
    """Return what a user types for the same numbers."""
    verb, count = ("compare", "--pairs") if compared else ("run", "--replications")
    return f"shequ {verb} {scenario} --communities {communities} {count} {pairs}"


def write_outcomes(
    runs: Sequence[tuple[ResolvedScenario, ResolvedScenario, RunFolder]],
    communities: int,
    folder: Path | None = None,
) -> Path:
    """Gather finished run folders of twins into the outcome files; returns the folder.

    runs: each scenario, its twin as it was run, and the folder it was run into. Outcomes of other scenarios that stand
    there stay, if they were made in the same way.
    """
    folder = folder or library_folder() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    first = runs[0][2].manifest()
    made = {key: first[key] for key in ABOUT_ALL} | {"communities": communities}
    about = {twin.id: _about(twin, run) for _, twin, run in runs}
    stay = _staying(folder, made, set(about))
    values = [_values(scenario, run) for scenario, _, run in runs]
    paths = [_paths(twin.id, run) for _, twin, run in runs]
    if stay is not None:
        about = {name: row for name, row in stay.made["scenarios"].items() if name not in about} | about
        values, paths = [stay.values, *values], [stay.paths, *paths]
    _write(pl.concat(values, how="vertical_relaxed").sort("scenario", maintain_order=True), folder / VALUES)
    _write(pl.concat(paths, how="vertical_relaxed").sort("scenario", maintain_order=True), folder / PATHS)
    text = json.dumps({"made": made, "scenarios": about}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MADE).write_text(text + "\n", encoding="utf-8")
    read_outcomes.cache_clear()
    return folder


def _staying(folder: Path, made: dict[str, Any], fresh: set[str]) -> Outcomes | None:
    """Return the outcomes that stand in a folder without those made anew; None where they were made otherwise."""
    found = read_outcomes(folder)
    alike = ("model_version", "seed", "pairs", "record", "communities")
    if found is None or any(found.made["made"].get(key) != made[key] for key in alike):
        return None
    others = ~pl.col("scenario").is_in(sorted(fresh))
    return Outcomes(found.made, found.values.filter(others), found.paths.filter(others))


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd", compression_level=19)


def _about(twin: ResolvedScenario, run: RunFolder) -> dict[str, Any]:
    manifest, series = run.manifest(), run.read("series")
    still = series.filter(pl.col("arm").is_in([BASELINE, LEVELS]))
    drift = [[name, float(f"{change:.5g}")] for name, change in drifting(still, manifest["primary"])]
    units = dict(twin.frame.n_units)
    twin_is = {"residents": twin.place.residents, "households": twin.place.households, "units": units}
    return {key: manifest[key] for key in ABOUT_ONE} | {"drift": drift, "twin": twin_is}


def _values(scenario: ResolvedScenario, run: RunFolder) -> pl.DataFrame:
    """Return primary outcomes by window, and what the scenario's own `expect` rows are held against."""
    asked = {row.measure for row in scenario.expects}
    kept = run.read("pairs").filter(pl.col("measure").is_in({*run.manifest()["primary"], *asked}))
    columns = ["pair", "arm", "measure", "window", "value"]
    frames = [kept.select(columns), _monthly(run.read("series"), asked_months(scenario)).select(columns)]
    return pl.concat(frames).with_columns(scenario=pl.lit(scenario.id)).sort(*columns[:-1])


def asked_months(scenario: ResolvedScenario) -> list[tuple[str, int]]:
    """Return every measure and month that the `expect` rows of a scenario name."""
    found = [(row.measure, month) for row in scenario.expects for month in row.months]
    return list(dict.fromkeys(found))


def _monthly(series: pl.DataFrame, asked: Iterable[tuple[str, int]]) -> pl.DataFrame:
    parts = [
        series.filter((pl.col("measure") == measure) & (pl.col("month") == month)).with_columns(
            window=pl.lit(format_month(month))
        )
        for measure, month in asked
    ]
    return pl.concat(parts) if parts else series.clear().with_columns(window=pl.lit(""))


def _paths(scenario: str, run: RunFolder) -> pl.DataFrame:
    """Return quarterly means over pairs of the primary outcomes, months without a value left out."""
    manifest = run.manifest()
    series = run.read("series").filter(
        pl.col("measure").is_in(manifest["primary"]) & pl.col("value").is_not_nan()
    )
    quarter = ((pl.col("month") - manifest["start"]) // QUARTER).cast(pl.Int32).alias("quarter")
    by_pair = series.group_by("arm", "measure", quarter, "pair").agg(pl.col("value").mean())
    keys = ["arm", "measure", "quarter"]
    found = (
        by_pair.group_by(keys)
        .agg(mean=pl.col("value").mean(), sd=pl.col("value").std(), n=pl.len())
        .sort(keys)
    )
    half = half_width(found["sd"].fill_null(0).to_numpy(), found["n"].to_numpy())
    small = found.select(*keys, pl.col("mean").cast(pl.Float32), pl.Series("half", half, pl.Float32))
    return small.select(pl.lit(scenario).alias("scenario"), *small.columns)
