"""On which assumptions does a comparison come out one way, and on which the other? From `compare --samples`.

Where the two arms are the sides of a contradiction of the documents, the question, both sides and what would tell them
apart are told with it. Each sample counts once: its difference is the mean over its seeds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from sim.base.text import Message, say
from sim.catalogue import measures
from sim.catalogue.facts import Contradiction, Pair, Test
from sim.experiment.calibrated import draw_samples
from sim.experiment.facts import facts
from sim.experiment.validate_regions import divide, sampled
from sim.experiment.validate_report import region_words, share_text
from sim.results.bars import SEEDS
from sim.results.store import RunFolder
from sim.scenario.page import Section

LATE = "late"
# What a test makes of a difference and of what is worth acting on: positive where it holds.
HOLDS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "up": lambda d, _: d,
    "down": lambda d, _: -d,
    "not_up": lambda d, worth: worth - d,
    "not_down": lambda d, worth: worth + d,
}
RISES, DOES_NOT = say("it rises"), say("it does not rise")


def side_sections(folder: RunFolder) -> list[Section]:
    """Return what the samples say of either side: of a contradiction first, then of every primary outcome."""
    manifest = folder.manifest()
    if not manifest.get("samples"):
        return []
    drawn = draw_samples(manifest["sampled"], manifest["samples"], manifest["seed"])
    names, x = sampled(drawn)
    rows = folder.read("pairs").filter(pl.col("window") == LATE)
    told = [_contradiction(rows, one, pair, names, x) for one, pair in contradictions_of(folder)]
    return [*told, *_outcomes(rows, manifest["primary"], names, x)]


def contradictions_of(folder: RunFolder) -> list[tuple[Contradiction, Pair]]:
    """Return the contradictions whose two sides are the arms of a comparison."""
    kept = json.loads((folder.path / "scenario.json").read_text(encoding="utf-8"))
    reform, base = kept["reform"]["scenario"]["id"], kept["baseline"]["scenario"]["id"]
    other = "" if kept["baseline"]["bare"] else base
    return [
        (one, pair)
        for one in facts().contradictions
        for pair in one.pairs
        if (pair.scenario, pair.other) == (reform, other)
    ]


def differences(rows: pl.DataFrame, measure: str, samples: int) -> np.ndarray:
    """Return reform minus baseline of a measure by sample, mean over its seeds; nan where a seed is missing.

    rows: pair, arm, measure, value of one window; pairs 2k and 2k+1 are the seeds of sample k.
    """
    mine = rows.filter(pl.col("measure") == measure)
    wide = mine.pivot("arm", index="pair", values="value")
    by_pair = np.full(samples * SEEDS, np.nan)
    by_pair[wide["pair"].to_numpy()] = (wide["reform"] - wide["baseline"]).to_numpy()
    return by_pair.reshape(samples, SEEDS).mean(axis=1)


def held(rows: pl.DataFrame, tests: tuple[Test, ...], pair: Pair, samples: int) -> np.ndarray:
    """Return 1 for samples in which every test holds between the arms, 0 for others, nan where it cannot be read."""
    turn = -1.0 if pair.turned else 1.0
    found = [
        HOLDS[t.sign](turn * differences(rows, t.measure, samples), measures()[t.measure].worth)
        for t in tests
    ]
    return np.where(np.isfinite(found).all(axis=0), (np.array(found) > 0).all(axis=0), np.nan)


def _contradiction(
    rows: pl.DataFrame, one: Contradiction, pair: Pair, names: list[str], x: np.ndarray
) -> Section:
    found = divide(held(rows, one.tests, pair, len(x)), names, x)
    lines: list[Any] = [
        say("{side}: {share} of samples", side=one.side_a, share=share_text(found)),
        say("{side}: the rest", side=one.side_b),
        *region_words(found, one.side_a, one.side_b),
        say("ledger: {first}; against: {second}", first=", ".join(one.evidence_a),
            second=", ".join(one.evidence_b)),
        say("what would tell them apart: {observe}", observe=one.observe),
    ]  # fmt: skip
    return Section(say("Contradiction {n}: {question}", n=one.id, question=one.text), lines)


def _outcomes(rows: pl.DataFrame, primary: list[str], names: list[str], x: np.ndarray) -> list[Section]:
    """Return for each primary outcome how often it rises, and on which assumptions where neither is rare."""
    lines: list[Message] = []
    for measure in primary:
        d = differences(rows, measure, len(x))
        found = divide(np.where(np.isfinite(d), d > 0, np.nan), names, x)
        share = share_text(found)
        lines.append(say("{what}: higher with the reform in {share} of samples", what=measures()[measure].text,
                         share=share))  # fmt: skip
        lines += region_words(found, RISES, DOES_NOT) if found["first"] else []
    return [Section(say("On which assumptions, late window"), list(lines))]
