"""Measures of people: every level is a sum of the same cells, and causes add up to the change."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sim.catalogue import groups, measures
from sim.model import advance, new_world
from sim.observe.measures import COUNTS, WAITS
from sim.observe.people import PEOPLE, cells_of
from sim.observe.recorder import Recorder
from sim.results.tables import EVERYONE, WHOLE_PLACE, RunTables
from tests.paired.worlds import small

MONTHS = 6


@pytest.fixture(scope="module")
def lived():
    """A world of a reformed small Tongling before and after half a year, and what was recorded in full between."""
    scenario = small("tongling_gate")
    world, first = new_world(scenario, 5), scenario.run.start + 13
    recorder = Recorder("full", scenario.run.primary, first)
    recorder.begin(world)
    before = advance(world, scenario.timeline, first, recorder).copy()
    advance(world, scenario.timeline, first + MONTHS, recorder)
    return before, world, recorder.tables(world)


def test_every_group_divides_the_same_people(lived):
    """The values of each group, crossings too, sum to the whole place, measure by measure."""
    tables: RunTables = lived[2]
    names = cells_of(lived[1]).names
    group_of = pl.DataFrame(
        {"unit": range(len(names)), "group": [n[0] for n in names]}, schema_overrides={"unit": pl.Int32}
    )
    parts = tables.outcomes.filter(pl.col("level") == "group").join(group_of, on="unit")
    sums = parts.group_by("month", "measure", "group").agg(pl.col("numerator", "denominator").sum())
    whole = tables.outcomes.filter(pl.col("level") == "place").select(
        "month", "measure", "numerator", "denominator"
    )
    both = sums.join(whole, on=["month", "measure"], suffix="_place")

    assert set(both["group"].unique()) == set(groups())
    for part in ("numerator", "denominator"):
        assert both[part].to_numpy() == pytest.approx(both[f"{part}_place"].to_numpy(), rel=1e-9, abs=1e-9)


def test_areas_by_group_sum_to_areas_and_to_groups(lived):
    """The table of areas by group has the same people as the two tables it crosses."""
    tables: RunTables = lived[2]
    trust = tables.people.filter(pl.col("measure") == "trust.committee")
    by_group = trust.group_by("month", "group").agg(pl.col("numerator").sum()).sort("month", "group")
    place = tables.outcomes.filter((pl.col("measure") == "trust.committee") & (pl.col("level") == "group"))

    assert by_group["numerator"].to_numpy() == pytest.approx(
        place.sort("month", "unit")["numerator"].to_numpy()
    )


def test_every_measure_is_recorded_at_the_levels_it_declares(lived):
    """What the catalogue promises for areas and groups stands in the tables of a run."""
    outcomes = lived[2].outcomes
    have = {(m, level) for m, level in outcomes.select("measure", "level").unique().iter_rows()}
    waits = set(WAITS) | {name for name, row in measures().items() if row.kind == "quantile"}
    missing = [
        (name, level)
        for name, row in measures().items()
        for level in row.levels
        if name not in waits and (name, level) not in have
    ]

    assert missing == []


def test_a_measure_is_counted_in_one_place():
    """No measure is counted both by person and by area, and every one is counted."""
    assert set(PEOPLE) & set(COUNTS) == set()
    assert (
        set(measures())
        - set(PEOPLE)
        - set(COUNTS)
        - {n for n, r in measures().items() if r.kind == "quantile"}
        == set()
    )


@pytest.mark.parametrize(
    "stock",
    ["trust_committee", "efficacy", "belonging", "awareness", "trust_government", "trust_organisations"],
)
def test_the_causes_of_a_stock_sum_to_its_change(lived, stock):
    """Gains less losses of all causes over half a year are what the stock of all adults changed by."""
    before, after, tables = lived
    voice = before.residents.has_voice == 1
    change = getattr(after.residents, stock)[voice].sum(dtype=float) - getattr(before.residents, stock)[
        voice
    ].sum(dtype=float)
    booked = tables.accounts.filter((pl.col("stock") == stock) & (pl.col("group") == EVERYONE))
    grouped = tables.accounts.filter((pl.col("stock") == stock) & (pl.col("area") == WHOLE_PLACE))
    parts = len(groups())

    assert len(booked) > 0
    assert float((booked["gain"] - booked["loss"]).sum()) == pytest.approx(change, abs=2e-6 * voice.sum())
    assert float((grouped["gain"] - grouped["loss"]).sum()) == pytest.approx(
        parts * change, abs=2e-5 * voice.sum()
    )


def test_codes_follow_the_edges_of_a_number(lived):
    """A person of exactly 60 belongs to the old, one of 59.9 does not."""
    world = lived[1].copy()
    world.residents.age[:2] = (60.0, 59.9)
    cells = cells_of(world)
    names = list(cells.names)
    old = (cells.values == names.index(("age_band", "old"))).any(axis=1)
    code = cells.cell[:2] % cells.shape[1]

    assert np.array_equal(old[code], [1.0, 0.0])
