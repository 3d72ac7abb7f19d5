"""Every figure of a report worked out again from the stored tables with plain polars, numpy and scipy.

Nothing of `sim.results` is used: this is a second pair of hands, written from what the columns mean.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import polars as pl
from ruamel.yaml import YAML
from scipy import stats

import sim

CATALOGUE = Path(sim.__file__).parent / "catalogue" / "data"
# As the design says them: a demonstration, a verdict, and so on.
RULES = {
    "DEMO_PAIRS": 10, "VERDICT_PAIRS": 20, "RARE_PAIRS": 40, "BCA_PAIRS": 50, "SHARE_PAIRS": 97, "ALPHA": 0.05,
    "POWER": 0.8, "AGREEING": 0.8, "FEW": 30, "LEAST_SAMPLES": 64, "NAMING_SAMPLES": 256, "SAME_SIGN": 0.95,
    "AT_LEAST_WORTH": 0.8,
}  # fmt: skip


class ByHand:
    """The tables of a run folder, and figures made of them."""

    def __init__(self, folder: Path):
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        kinds = ("pairs", "series", "groups", "posts")
        self.tables = {
            kind: pl.concat([pl.read_parquet(p) for p in sorted((folder / kind).glob("*.parquet"))])
            for kind in kinds
        }
        rows = YAML(typ="safe").load(CATALOGUE / "measures.yaml")
        self.measures = {row["id"]: row for row in rows}

    def derive(self, table: str, row: dict, column: str, statistic: str) -> float:
        """Return the figure that stands at this place."""
        if table == "catalogue/measures":
            return self.measures[row["id"]][column]
        if table == "thresholds":
            return RULES[row["name"]]
        if table == "manifest.json":
            return self._of_manifest(row, column, statistic)
        if table == "series":
            return self._drift(row["measure"])
        if "measure" not in row:
            return self._of_all(table, row, column, statistic)
        if table == "pairs":
            return self._of_pairs(row, statistic)
        return self._of_group(table, row, statistic)

    def _of_manifest(self, row: dict, column: str, statistic: str) -> float:
        if column == "assumed":
            return self.manifest["assumed"][["first", "second"].index(statistic)]
        if column == "samples":
            return self.manifest.get("samples", 0)
        pace = self.manifest["seconds"] / self.manifest["timed"]
        return max(row["pairs to run"] * pace / 60, 1.0) if row["pairs to run"] else 0.0

    def _of_all(self, table: str, row: dict, column: str, statistic: str) -> float:
        frame = self.tables[table]
        if statistic == "variance saved":
            return self._saved()
        if statistic == "groups of few people":
            return len({unit for m in self._primary(table) for unit in self._units(table, m, few=True)})
        if "primary" in row:
            return len(set(frame["measure"]) - set(self.manifest["primary"]))
        return frame[column].n_unique()

    def arms(self, measure: str, window: str) -> tuple[np.ndarray, np.ndarray]:
        """Return both arms' values by pair."""
        mine = self.tables["pairs"].filter(pl.col("measure") == measure, pl.col("window") == window)
        return tuple(
            self._pooled(mine.filter(pl.col("arm") == arm).sort("pair")["value"].to_numpy())
            for arm in ("baseline", "reform")
        )

    def _pooled(self, by_pair: np.ndarray) -> np.ndarray:
        """Return values by pair, or over samples of the assumptions the mean of each sample's two seeds."""
        return by_pair.reshape(-1, 2).mean(axis=1) if self.manifest.get("samples") else by_pair

    def _primary(self, table: str = "pairs") -> list[str]:
        known = set(self.tables[table]["measure"])
        wanted = self.manifest["primary"] if table != "posts" else self.measures
        return [m for m in wanted if m in known]

    def _family(self, window: str) -> float:
        return critical([other - base for base, other in (self.arms(m, window) for m in self._primary())])

    def _of_pairs(self, row: dict, statistic: str) -> float:
        base, other = self.arms(row["measure"], row["window"])
        if statistic == "mean":
            return {"baseline": base, "reform": other}[row["arm"]].mean()
        worth = self.measures[row["measure"]]["worth"]
        return of_differences(other - base, self._family(row["window"]), worth, statistic)

    def _units(self, table: str, measure: str, *, few: bool = False) -> list[int]:
        """Return the marginal groups, or posts, of an outcome that are shown; with few, those that are not."""
        mine = self.tables[table].filter(pl.col("measure") == measure, pl.col("arm") == "baseline")
        first, last = list(self.manifest["windows"].values())[-1]
        behind = mine.group_by("unit").agg(pl.col("denominator").mean() / (last - first))
        marginal = 10**6 if table == "posts" else self._marginal()
        return sorted(u for u, people in behind.rows() if u < marginal and (people < RULES["FEW"]) == few)

    @staticmethod
    def _marginal() -> int:
        """Return how many values the groups have that are no crossing of others; crossings come last."""
        rows = YAML(typ="safe").load(CATALOGUE / "groups.yaml")
        return sum(len(row["values"]) for row in rows if "of" not in row)

    def _by_unit(self, table: str, measure: str, unit: int) -> np.ndarray:
        mine = self.tables[table].filter(pl.col("measure") == measure, pl.col("unit") == unit).sort("pair")
        share = self.measures[measure].get("scale", 1) * pl.col("numerator") / pl.col("denominator")
        base, other = (
            mine.filter(pl.col("arm") == arm).select(share).to_series().to_numpy()
            for arm in ("baseline", "reform")
        )
        return self._pooled(other - base)

    def _undecided(self, table: str, measure: str, family: float) -> int:
        """Return how many groups of an outcome may have risen, fallen or stayed, for all that is known."""
        worth, found = self.measures[measure]["worth"], 0
        for unit in self._units(table, measure):
            d = self._by_unit(table, measure, unit)
            d = d[np.isfinite(d)]
            if not len(d) or (d == 0).all():
                continue
            low, high = (
                of_differences(d, family, worth, f"{end} end of the interval") for end in ("low", "high")
            )
            rare = 2 * (d != 0).sum() < len(d) < RULES["RARE_PAIRS"]
            found += rare or (low <= 0 <= high and not -worth < low <= high < worth)
        return found

    def _of_group(self, table: str, row: dict, statistic: str) -> float:
        if statistic == "groups shown":
            return len(self._units(table, row["measure"]))
        every = {
            (m, u): self._by_unit(table, m, u) for m in self._primary(table) for u in self._units(table, m)
        }
        family = critical(list(every.values()))
        if statistic == "groups undecided":
            return self._undecided(table, row["measure"], family)
        worth = self.measures[row["measure"]]["worth"]
        mine = every[row["measure"], row["unit"]]
        if statistic != "groups whose intervals meet":
            return of_differences(mine, family, worth, statistic)
        ends = {
            key: [of_differences(d, family, worth, f"{end} end of the interval") for end in ("low", "high")]
            for key, d in every.items()
            if key[0] == row["measure"] and np.isfinite(d).any()
        }
        low, high = ends.pop((row["measure"], row["unit"]))
        return sum(a <= high and low <= b for a, b in ends.values())

    def _saved(self) -> float:
        found = []
        for window in self.manifest["windows"]:
            for measure in self._primary():
                base, other = self.arms(measure, window)
                if (other - base).std() > 0:
                    found.append((base.var(ddof=1) + other.var(ddof=1)) / (other - base).var(ddof=1))
        return float(np.median(found))

    def _drift(self, measure: str) -> float:
        mine = self.tables["series"].filter(pl.col("measure") == measure, pl.col("arm") == "baseline")
        end = mine["month"].max() + 1
        years = [
            mine.filter(pl.col("month") >= end - 12 * k, pl.col("month") < end - 12 * (k - 1))
            .group_by("pair").agg(pl.col("value").mean()).sort("pair")["value"].to_numpy()
            for k in (1, 2)
        ]  # fmt: skip
        return float((years[0] - years[1]).mean())


def critical(differences: list[np.ndarray]) -> float:
    """Return the simultaneous critical t of several outcomes: max |t| over every flip of signs (n <= 12)."""
    d = np.stack(differences, axis=1)
    d = d[:, np.isfinite(d).sum(axis=0) >= 2]
    d = d[np.isfinite(d).all(axis=1)]
    n = len(d)
    single = stats.t.ppf(0.975, n - 1)
    d = (d - d.mean(axis=0))[:, d.std(axis=0) > 0]
    if d.shape[1] < 2:
        return single
    largest = []
    for flip in itertools.product((-1, 1), repeat=n):
        turned = np.array(flip)[:, None] * d
        error = np.maximum(turned.std(axis=0, ddof=1), 1e-150) / np.sqrt(n)
        largest.append(np.abs(turned.mean(axis=0) / error).max())
    bonferroni = stats.t.ppf(1 - 0.025 / d.shape[1], n - 1)
    return min(max(np.quantile(largest, 0.95), single), bonferroni)


def of_differences(d: np.ndarray, family: float, worth: float, statistic: str) -> float:
    """Return a figure made of an outcome's paired differences; family: critical t of the outcomes claimed at once."""
    d = d[np.isfinite(d)]
    n, error = len(d), d.std(ddof=1) / np.sqrt(len(d))
    single = stats.t.ppf(0.975, n - 1)
    enough = range(3, 10_000)

    def least(half: float, power: float) -> float:
        reach = (
            k for k in enough
            if (family / single * stats.t.ppf(0.975, k - 1) + power * stats.t.ppf(0.8, k - 1)) * d.std(ddof=1) / k**0.5
            <= half
        )  # fmt: skip
        return next(reach)

    return {
        "mean difference": d.mean,
        "low end of the interval": lambda: d.mean() - family * error,
        "high end of the interval": lambda: d.mean() + family * error,
        "how many pairs": lambda: n,
        "pairs with the sign of the mean": (np.sign(d) == np.sign(d.mean())).sum,
        "sign test": lambda: stats.binomtest(int((d > 0).sum()), int((d != 0).sum())).pvalue,
        "smallest difference found": lambda: (family + stats.t.ppf(0.8, n - 1)) * error,
        "pairs that find what is worth acting on": lambda: least(worth, 1),
        "pairs that decide": lambda: least(worth / 2, 0),
    }[statistic]()


def shown(value: float, like: float = 0.0) -> str:
    """Return a figure as a report prints it: three digits or so, a true minus, no negative nought."""
    size = max(abs(value), abs(like))
    text = f"{value:.{0 if size >= 100 else 1 if size >= 10 else 2}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")
