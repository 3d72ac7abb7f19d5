"""The story of a resident in two worlds: dated, the same until the worlds part, and about real rows of the run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.base.errors import ScenarioError, ShequError
from sim.base.text import pick
from sim.experiment.compare import run_comparison
from sim.experiment.trace import trace
from sim.model import lockstep, run_arms
from sim.results.store import RunFolder
from sim.scenario.frame import unit_title
from sim.views.stories import story_page
from tests.paired.worlds import small


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A finished comparison of one pair of a small Tongling."""
    scenario = small("tongling")
    scenario = replace(scenario, run=replace(scenario.run, pairs=1))
    folder = tmp_path_factory.mktemp("ran") / "run"
    run_comparison(scenario.baseline(), scenario, folder, pairs=1, workers=1)
    return RunFolder(folder)


@pytest.mark.slow
def test_three_lives_are_told_and_part_after_the_reform(ran):
    """Who gained, who lost and one between are told; their lives are one until the reform is announced."""
    stories = trace(ran)
    assert [story.why for story in stories] == ["gained", "lost", "middle"]
    for story in stories:
        assert story.apart
        assert min(story.apart) >= min(story.months)
        assert story.states["baseline"] != story.states["reform"]
    gained, lost, _ = stories
    rise, fall = (
        s.states["reform"]["satisfaction"] - s.states["baseline"]["satisfaction"] for s in (gained, lost)
    )
    assert rise > fall


@pytest.mark.slow
def test_the_same_resident_can_be_asked_for_by_name(ran):
    """A name shown by one trace gives the same story in the next, in both languages without a gap."""
    story = trace(ran)[0]
    (again,) = trace(ran, 0, [story.portrait["id"]])
    assert (again.months, again.states) == (story.months, story.states)
    for lang in ("en", "zh"):
        text = str(story_page(ran.manifest()["title"], 0, [again]).plain(lang))
        assert pick(unit_title("community", story.portrait["area"]), lang) in text
        assert "{" not in text.replace("{'", "")


def test_nobody_of_that_name_is_said(ran):
    """An unknown resident, a fourth one and a pair that is not there are refused in words."""
    with pytest.raises(ScenarioError, match="no resident"):
        trace(ran, 0, ["zzz"])
    with pytest.raises(ScenarioError, match="at most"):
        trace(ran, 0, ["1", "2", "3", "4"])
    with pytest.raises(ShequError, match="no pair 7"):
        trace(ran, 7)


@pytest.mark.slow
def test_walking_side_by_side_is_the_run_itself():
    """The worlds of a lockstep end with the same requests as the tables of the run say."""
    scenario = small("tongling_gate")
    arms = {"baseline": scenario.baseline(), "reform": scenario}
    tables = run_arms(arms, 3, "full")
    months = {
        month: {n: life.world.areas.requests.sum() for n, life in lives.items()}
        for month, lives in lockstep(arms, 3)
    }
    for arm, table in tables.items():
        found = table.outcomes.filter(
            (table.outcomes["measure"] == "unmet_need") & (table.outcomes["level"] == "place")
        )
        for month, unfiled, needs in found.select("month", "numerator", "denominator").rows():
            if month in months:
                assert needs - unfiled == months[month][arm]
