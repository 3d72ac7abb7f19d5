"""One sample of the assumptions under every arm of the facts, from one spun-up world, committed as one part.

Variants of an arm: `plain`; `fixed`, where departments do not react to capacity; and one for each assumed fact, where
its parameter lies as far along the widened range as the sample lies along the catalogue's. A variant begins with the
reform: the years before it are the sample's own, so all arms and variants share them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from sim.catalogue import assumptions, groups
from sim.catalogue.facts import COLUMN, COMPOSITION, Contradiction, Fact, Test
from sim.experiment.facts import NO_REACTION, arms, facts, months_of, scenario_of, widened_value
from sim.results.store import RunFolder
from sim.results.summaries import Summaries
from sim.results.tables import RunTables

PLAIN, FIXED = "plain", "fixed"
WIDENED_EVERY = 4  # of the samples take the widened ranges too: where a sign turns needs fewer than how often it holds
SCHEMA = {
    "pair": pl.Int32, "variant": pl.String, "arm": pl.String, "measure": pl.String, "window": pl.String,
    "value": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class FactCell:
    """One sample under every arm. only: the facts and contradictions wanted, empty for all."""

    pair: int
    seed: int
    values: dict[str, float]
    folder: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """An arm as it is run: what is assumed otherwise from the reform on, how long, and what is read from it."""

    name: str
    arm: str
    assume: dict[str, float]
    months: int
    tests: tuple[Test, ...]


def tests_of(only: tuple[str, ...]) -> list[Test]:
    """Return the tests of the wanted facts and contradictions."""
    rows: tuple[Fact | Contradiction, ...] = (*facts().facts, *facts().contradictions)
    return [t for row in rows if is_asked(row.id, only) for t in row.tests]


def is_asked(name: str, only: tuple[str, ...]) -> bool:
    """Return whether a fact or contradiction is wanted; its number stands for both rows of a contradiction."""
    return not only or name in only or name.removesuffix("b") in only


def variants(
    values: dict[str, float], only: tuple[str, ...] = (), *, widen: bool = True
) -> Iterator[Variant]:
    """Yield every arm in every variant that some test needs, each once."""
    yield from _variants(PLAIN, {}, tests_of(only))
    wanted = [f for f in facts().facts if not only or f.id in only]
    yield from _variants(FIXED, NO_REACTION, [t for f in wanted if f.issuers for t in f.tests])
    for fact in wanted:
        if fact.cls == "assumed" and widen:
            low, high = assumptions()[fact.parameter].range
            value = values.get(fact.parameter, assumptions()[fact.parameter].value)
            yield from _variants(
                fact.id, {fact.parameter: widened_value(fact, value, low, high)}, list(fact.tests)
            )


def _variants(name: str, assume: dict[str, float], tests: list[Test]) -> Iterator[Variant]:
    for arm in arms():
        mine = tuple(t for t in tests if arm in t.arms)
        if mine:
            yield Variant(name, arm, {**arms()[arm].assume, **assume}, months_of(arm, list(mine)), mine)


def run_facts(cell: FactCell) -> None:
    """Run every variant of one sample and commit what its tests read."""
    from sim.model import advance, new_world, recorder_of

    base = scenario_of("base").with_sample(cell.values)
    world = new_world(base, cell.seed)
    recorder = recorder_of(base, world, *_kept(cell.only))
    advance(world, base.timeline, base.run.start, recorder)
    rows: list[tuple] = []
    for variant in variants(cell.values, cell.only, widen=cell.pair % WIDENED_EVERY == 0):
        mine, own = world.copy(), copy.deepcopy(recorder)
        mine.assume = {**mine.assume, **variant.assume}
        timeline = scenario_of(variant.arm).timeline
        advance(mine, timeline, base.run.start + variant.months, own)
        tables = own.tables(mine)
        rows += [
            (
                cell.pair,
                variant.name,
                variant.arm,
                measure,
                window,
                read(tables, base.run.start, measure, window, mine),
            )
            for measure, window in _wanted(variant.tests)
        ]
    RunFolder(Path(cell.folder)).commit("pairs", cell.pair, pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def _kept(only: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the measures that the tests read, and those of them read by group too."""
    asked = {m for t in tests_of(only) for m in (t.measure, *t.than, *t.also) if not m.startswith(COLUMN)}
    grouped = {_measure(m) for m in asked if m.startswith(COMPOSITION)}
    return tuple(sorted({_measure(m) for m in asked})), tuple(sorted(grouped))


def _measure(name: str) -> str:
    """Return the measure of a test's name without the group it asks for."""
    return name.removeprefix(COMPOSITION).split(":")[0]


def _wanted(tests: tuple[Test, ...]) -> list[tuple[str, str]]:
    """Return every measure and window that tests read, each once."""
    found = {(m, w): None for t in tests for m in (t.measure, *t.than, *t.also) for w in sorted(t.windows)}
    return list(found)


def read(tables: RunTables, start: int, measure: str, window: str, world: object) -> float:
    """Return one figure of a finished run: a measure, a group's part in it, or the mean of a column at the end."""
    span = facts().windows[window]
    if measure.startswith(COLUMN):
        table, column = measure.removeprefix(COLUMN).split(".", 1)
        return float(np.mean(getattr(getattr(world, table), column)))
    summaries = Summaries(tables, start)
    if not measure.startswith(COMPOSITION):
        return summaries.window(measure, span)
    name, group = measure.removeprefix(COMPOSITION).split(":", 1)
    return summaries.window(name, span, "group", group_unit(group)) / summaries.window(name, span)


def group_unit(name: str) -> int:
    """Return the position of `group.value` among all values of all groups in catalogue order."""
    every = [f"{row.id}.{value.id}" for row in groups().values() for value in row.values]
    return every.index(name)
