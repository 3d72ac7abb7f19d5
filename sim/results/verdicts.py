"""From committed pairs to verdicts: what differs in each window, how sure, and what may be said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say
from sim.catalogue import measures
from sim.results.bars import SEEDS
from sim.results.drift import drifting
from sim.results.paired import Contrast, contrast, critical_value, grade
from sim.results.store import RunFolder


@dataclass(frozen=True)
class Verdict:
    """One line of the answer: a measure in a window, its contrast and what may be said of it."""

    measure: str
    window: str
    primary: bool
    contrast: Contrast
    grade: str


@dataclass(frozen=True)
class Comparison:
    """All verdicts of a run folder. failed: sentences about pairs that gave nothing."""

    folder: RunFolder
    verdicts: tuple[Verdict, ...]
    pairs: int
    failed: tuple[str, ...] = ()

    @cached_property
    def drift(self) -> list[tuple[str, float]]:
        """The primary outcomes that still move without the reform, with the change in the last year."""
        series = self.folder.read("series").filter(pl.col("arm") == "baseline")
        return drifting(series, self.folder.manifest()["primary"])

    def of(self, window: str, side: str | None = None) -> list[Verdict]:
        """Return the verdicts of a window, of one side of the two questions if asked."""
        return [v for v in self.verdicts if v.window == window and side in (None, measures()[v.measure].side)]


def read_comparison(folder: RunFolder, failed: tuple[str, ...] = ()) -> Comparison:
    """Return the verdicts of a run folder from its committed pairs, without simulating anything."""
    manifest = folder.manifest()
    if manifest.get("kind") != "comparison":
        raise ShequError(
            say("{folder} holds levels of one scenario, not a comparison", folder=str(folder.path))
        )
    rows = folder.read("pairs")
    independent = per_sample(rows, manifest, ["arm", "measure", "window"])
    verdicts = read_verdicts(independent, manifest["primary"], manifest["windows"])
    noted = manifest.get("failed")
    told = failed or tuple(str(line) for line in noted if line) if isinstance(noted, list) else failed
    return Comparison(folder, verdicts, rows["pair"].n_unique(), told)


def read_verdicts(rows: pl.DataFrame, asked: Iterable[str], windows: Iterable[str]) -> tuple[Verdict, ...]:
    """Return the verdicts on every measure in every window. rows: pair, arm, measure, window, value; asked: the
    primary outcomes, whose intervals are simultaneous within a window.
    """
    primary = [m for m in asked if m in set(rows["measure"].to_list())]
    verdicts = []
    for window in windows:
        values = _by_pair(rows.filter(pl.col("window") == window))
        differences = [values[m][1] - values[m][0] for m in primary]
        critical = critical_value(
            np.stack(differences, axis=1) if primary else np.zeros((rows["pair"].n_unique(), 0))
        )
        for name, (base, other) in values.items():
            row = measures()[name]
            found = contrast(base, other, critical, row.worth, row.better)
            verdicts.append(Verdict(name, window, name in primary, found, grade(found, row.worth)))
    return tuple(verdicts)


def per_sample(rows: pl.DataFrame, manifest: dict, keys: list[str]) -> pl.DataFrame:
    """Return rows whose unit is independent: pairs, or samples of the assumptions with the mean over their seeds.

    The pairs of one sample share its assumptions, so counting them singly would make intervals too narrow. A sample
    with a failed pair is left out.
    """
    if not manifest.get("samples"):
        return rows
    grouped = rows.group_by(pl.col("pair") // SEEDS, *keys, maintain_order=True)
    return grouped.agg(pl.col("value").mean(), seeds=pl.len()).filter(pl.col("seeds") == SEEDS).drop("seeds")


def _by_pair(rows: pl.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return, per measure in catalogue order, the values of both arms in order of pairs."""
    wide = rows.pivot("arm", index=["measure", "pair"], values="value").sort("pair")
    present = set(wide["measure"].to_list())
    found = {}
    for name in measures():
        if name in present:
            mine = wide.filter(pl.col("measure") == name)
            found[name] = (mine["baseline"].to_numpy(), mine["reform"].to_numpy())
    return found
