"""What holds in every month of every world, whatever reforms and assumptions: it runs rightly or refuses in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.base.errors import RunError, ScenarioError
from sim.catalogue import assumptions
from sim.model import CommunityModel, advance, new_world, run_arm, run_arms
from sim.observe.recorder import Recorder
from sim.scenario.resolved import ResolvedScenario
from sim.world.world import World
from tests.behaviour.reformed import faults, unserved
from tests.paired.packages import FIRST_REFORM, MONTHS, broken, packages, places, tiny
from tests.paired.worlds import differing, reordered

few = settings(max_examples=30, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None)


def enacted(scenario: ResolvedScenario, seed: int) -> World:
    """Simulate a package; passes on where two mergers that are each possible are not possible together."""
    try:
        return months_of(scenario, seed)
    except RunError as refusal:
        assume("cannot be merged" not in str(refusal))
        raise


def months_of(scenario: ResolvedScenario, seed: int) -> World:
    """Simulate a scenario month by month; every month must balance and be possible."""
    world = new_world(scenario, seed)
    start = world.copy()
    recorder = Recorder("headline", scenario.run.primary, scenario.run.first_month)
    recorder.begin(world)
    model = CommunityModel(world, scenario.timeline, recorder)
    while world.month < scenario.run.end:
        served = world.serving >= 0
        model.step()
        assert broken(world) == [], world.month
        assert faults(start, world) == [], world.month
        assert unserved(served, world, scenario.timeline.operations) == [], world.month
    return world


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder for the files of this module."""
    return tmp_path_factory.mktemp("packages")


def checked(folder: Path, package: str, **place: int | bool) -> ResolvedScenario:
    """Return a tiny place with a package, or pass on to another package where this one is refused in words."""
    try:
        return tiny(folder, package, **place)
    except ScenarioError as refusal:
        assume(not refusal.problems)
        raise


@st.composite
def samples(draw: st.DrawFn) -> dict[str, float]:
    """Return a value within its range, often at its end, for about half of the assumptions."""
    found = {}
    for name, row in assumptions().items():
        if row.range and draw(st.booleans()):
            low, high = row.range
            found[name] = low + draw(st.sampled_from([0.0, 0.3, 1.0])) * (high - low)
    return found


@few
@given(package=packages(), place=places(), seed=st.integers(0, 9))
def test_any_package_runs_rightly(folder, package, place, seed):
    """On any small place what the check lets pass runs, and every month work, staff, money and waits are right."""
    assert enacted(checked(folder, package, **place), seed).events


@few
@given(package=packages(), place=places(), sample=samples(), seed=st.integers(0, 9))
def test_any_package_under_any_assumptions_runs_rightly(folder, package, place, sample, seed):
    """The same with every assumption somewhere in its range."""
    assert enacted(checked(folder, package, **place).with_sample(sample), seed).events


@few
@given(package=packages(), seed=st.integers(0, 9))
def test_nothing_differs_before_a_package_is_known(folder, package, seed):
    """Both arms are one world up to the month of the first announcement."""
    scenario = checked(folder, package)
    dates = (scenario.timeline.announced, scenario.timeline.first_change)
    known = min((month for month in dates if month is not None), default=None)
    assert known is None or known >= scenario.run.first_month + FIRST_REFORM
    arms = [new_world(scenario, seed) for _ in range(2)]
    for arm, timeline in zip(arms, (scenario.timeline, scenario.baseline().timeline), strict=True):
        advance(arm, timeline, known or scenario.run.end, None)
    assert differing(*arms) == []


@few
@given(place=places(), sample=samples(), seed=st.integers(0, 9))
def test_any_sample_of_the_assumptions_runs_rightly(folder, place, sample, seed):
    """Every assumption anywhere in its range, ends included: any small place runs, and every month is possible."""
    months_of(tiny(folder, **place).with_sample(sample), seed)


@pytest.mark.parametrize(
    "size",
    [
        {"streets": 1, "communities": 1, "residents": 400},
        {"streets": 1, "communities": 1, "residents": 1},
        {"streets": 1, "communities": 1, "residents": 3},
        {"streets": 2, "communities": 4, "residents": 4},
    ],
    ids=str,
)
def test_a_degenerate_place_runs_rightly(folder, size):
    """One community, one household, fewer households than areas: every month balances and is possible."""
    months_of(tiny(folder, **size), 1)


def test_a_place_where_nobody_works_is_refused_in_words(folder):
    """Work given to offices without posts is an unfunded mandate, said of every class of work."""
    with pytest.raises(ScenarioError, match="unfunded mandate"):
        tiny(folder, staff=0)


def test_a_place_whose_people_all_leave_does_nothing_and_breaks_nothing(folder):
    """Nobody at work anywhere: nothing is done, everything waits or lapses, and every month is possible."""
    scenario = tiny(folder)
    world = new_world(scenario, 1)
    world.staff.is_employed[:] = 0
    for _ in range(8):
        advance(world, scenario.timeline, world.month + 1, None)
        assert broken(world) == []
    assert world.ledger["cases_done"] == 0
    assert world.ledger["cases_lapsed"] > 0


def test_a_place_without_needs_has_no_cases_of_residents(folder):
    """Where nobody needs anything nobody asks, and offices go on."""
    none = {"needs.per_person_year": 0.0, "needs.transactions_per_household_year": 0.0}
    scenario = tiny(folder)
    world = new_world(scenario, 1)
    world.assume.update(none)
    advance(world, scenario.timeline, world.month + 6, None)
    assert broken(world) == []
    assert not (world.cases.origin == 1).any()
    assert world.areas.needs.sum() == 0


def test_a_place_without_assigned_work_has_none(folder):
    """Where departments issue nothing, no assigned case exists and committees are not stopped."""
    scenario = tiny(folder)
    world = new_world(scenario, 1)
    world.items.per_year[world.items.origin == 0] = 0.0
    advance(world, scenario.timeline, world.month + 6, None)
    assert broken(world) == []
    assert not (world.cases.origin == 0).any()


def test_an_arm_alone_is_the_arm_of_the_pair(folder):
    """A reform run alone and one branched from the shared world give the same tables to the last byte."""
    change = "{id: m, at: 2010-06, merge: {into: {value: 2, unit: office, assumed: test}}}"
    scenario = tiny(folder, change)
    arms = run_arms({"baseline": scenario.baseline(), "reform": scenario}, 3)
    baseline, reformed = arms["baseline"], arms["reform"]
    assert reformed.digest() == run_arm(scenario, 3).digest()
    assert baseline.digest() == run_arm(scenario.baseline(), 3).digest()
    assert baseline.digest() != reformed.digest()


def test_the_order_of_homes_and_people_changes_nothing(folder):
    """The same people under the same names in another order live the same year, bit for bit; other ties would not."""
    scenario = tiny(folder)
    world = new_world(scenario, 4)
    # Whoever moves in draws new ties among the rows of the neighbourhood, so nobody does.
    world.assume = {**world.assume, "moves.rate": 0.0}
    twin, order = reordered(world)
    strangers = twin.copy()
    strangers.ties = strangers.ties[::-1].copy()
    for each in (world, twin, strangers):
        advance(each, scenario.timeline, each.month + MONTHS, None)
    one, other = np.argsort(world.ended.key), np.argsort(twin.ended.key)
    filed = twin.ended.resident[other]
    assert np.array_equal(np.where(filed >= 0, order[filed], filed), world.ended.resident[one])
    assert people_apart(world, twin, order) == []
    assert "peers_vote" in people_apart(world, strangers, order)
    of_the_place = ("areas", "institutions", "issues", "staff", "organisations", "departments")
    assert [name for name in differing(world, twin) if name.split(".")[0] in of_the_place] == []


def people_apart(world: World, twin: World, order: np.ndarray) -> list[str]:
    """Return the columns in which the same people differ between a world and one in another order."""
    return [
        name
        for name in world.residents
        if not np.array_equal(getattr(world.residents, name)[order], getattr(twin.residents, name))
    ]


def test_an_impossible_world_would_be_noticed(folder):
    """A stock above one, a negative wait and hours from nowhere are each named: the tests above can fail."""
    scenario = tiny(folder)
    world = new_world(scenario, 1)
    advance(world, scenario.timeline, world.month + 2, None)
    world.residents.efficacy[0] = 1.5
    world.ended.wait_days[:1] = -1.0
    world.institutions.hours_slack[0] += 1.0
    assert broken(world) == ["residents.efficacy", "waits of ended cases", "free hours"]
    assert np.isfinite(world.residents.efficacy).all()


def test_a_place_of_a_thousandfold_needs_runs_rightly(folder):
    """A thousand times the needs: nobody's needs overflow, every filed case has a name of its own, all balances."""
    scenario = tiny(folder)
    world = new_world(scenario, 1)
    world.assume["needs.per_person_year"] *= 1000
    advance(world, scenario.timeline, world.month + 2, None)
    assert broken(world) == []
    assert (world.residents.unfiled >= 0).all()
    assert world.residents.unfiled.max() > 127
    assert len(np.unique(world.filed.key)) == world.filed.n
