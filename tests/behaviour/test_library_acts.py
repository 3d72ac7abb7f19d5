"""No scenario of the library is a no-op: under the same luck its arms part ways soon after the first change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sim.base.text import LANGUAGES
from sim.experiment.facts import facts
from sim.model import run_arms
from sim.results.tables import RunTables
from sim.scenario import load_scenario
from sim.scenario.documents import library_ids
from sim.scenario.markdown import section_lines
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import twin_of
from sim.views.combining import combining
from sim.views.library_pages import SUFFIX

PAGES = Path(__file__).resolve().parents[2] / "docs" / "scenarios"
COMMUNITIES, SPIN_UP, MONTHS = 10, 6, 12
# Places shown as they are, for others to be held against.
UNREFORMED = {"anhui_unreformed", "reference_community", "typical_district_today", "validation"}
PAIRS = [pair for one in facts().contradictions for pair in one.pairs if pair.other]
REFORMED = [name for name in library_ids("scenario") if name not in UNREFORMED]


def brief(*names: str) -> list[ResolvedScenario]:
    """Return small twins of one place from shortly before their first change to a year after their last."""
    twins = [twin_of(load_scenario(name), COMMUNITIES).for_replication(1) for name in names]
    times = [t.timeline for t in twins]
    start = min(min(t.first_change, t.announced or t.first_change) for t in times)
    months = min(max(max(t.months()) for t in times) + MONTHS, twins[0].run.end) - start
    run = replace(twins[0].run, start=start, spin_up=SPIN_UP, months=months, windows={"late": (0, months)})
    return [replace(twin, run=run, varies=False) for twin in twins]


def parted(one: RunTables, other: RunTables) -> list[str]:
    """Return the measures that differ somewhere between two arms."""
    keys = ["measure", "month", "level", "unit"]
    both = one.outcomes.join(other.outcomes, on=keys, how="full", suffix="_other", coalesce=True)
    same = pl.col("numerator").eq_missing(pl.col("numerator_other")) & pl.col("denominator").eq_missing(
        pl.col("denominator_other")
    )
    return both.filter(~same)["measure"].unique().to_list()


def test_only_references_are_unreformed() -> None:
    """Just the places that others are held against go on under their own rules."""
    assert {name for name in library_ids("scenario") if load_scenario(name).timeline.is_empty} == UNREFORMED


@pytest.mark.slow
@pytest.mark.parametrize("name", REFORMED)
def test_a_scenario_changes_what_happens(name: str) -> None:
    """Within a year of its last change some recorded outcome of the reformed arm is not the baseline's."""
    (twin,) = brief(name)
    arms = run_arms({"baseline": twin.baseline(), "reform": twin}, 1, "headline")
    assert parted(arms["baseline"], arms["reform"])
    assert not parted(arms["baseline"], arms["baseline"])


@pytest.mark.slow
@pytest.mark.parametrize(("left", "right"), [(p.scenario, p.other) for p in PAIRS])
def test_the_sides_of_a_contradiction_differ_in_what_happens(left: str, right: str) -> None:
    """Two scenarios that stand for the sides of a contradiction give other outcomes under the same luck."""
    one, other = brief(left, right)
    arms = run_arms({"one": one, "other": other}, 1, "headline")
    assert parted(arms["one"], arms["other"])


@pytest.mark.slow
@pytest.mark.parametrize("name", library_ids("scenario"))
def test_a_page_says_what_its_scenario_combines_with(name: str) -> None:
    """The last section of a scenario's page is what loading it with every other reform of the library gives."""
    section = combining(name, load_scenario(name))
    for lang in LANGUAGES:
        last = "\n".join(section_lines(section, lang))
        page = (PAGES / f"{name}{SUFFIX[lang]}").read_text(encoding="utf-8")
        assert page.endswith(last + "\n"), "run `shequ list scenarios --pages docs/scenarios`"
