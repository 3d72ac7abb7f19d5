"""What the top pictures by area and kind, what it pays for, and which projects it wants made."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import issue_kinds
from sim.mechanisms import arise_issues, picture_needs, propose_projects
from sim.world.world import KIND
from tests.paired.packages import first_month, step

KINDS = list(issue_kinds())
CLEAR = {"fidelity": 1.0, "noise": 0.0, "bias": 0.0, "blur": 0.0}
NO_SHOW = {"leaders.show": 0.0, "leaders.burst": 0.0}


@pytest.fixture
def world(tmp_path):
    """A tiny place after its first month."""
    return first_month(tmp_path)


def pictured(world, **assumed: float):
    """Return a copy of the world in which the top forms its picture anew."""
    mine = world.copy()
    mine.assume = {**world.assume, **assumed}
    mine.areas.picture[:] = 0
    step(mine, picture_needs.MECHANISM)
    return mine


def layers(**changed: float) -> dict[str, float]:
    """Return layers that pass everything on as it is, but for what is changed."""
    return {f"picture.{name}": value for name, value in {**CLEAR, **changed}.items()}


def test_money_fits_need_where_every_layer_is_clear(world):
    """With nothing lost on the way and no leader's taste, every yuan is for the right kind in the right area."""
    assert pictured(world, **layers(), **NO_SHOW).areas.need_fit.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "what", [{"picture.fidelity": 0.75}, {"picture.noise": 0.3}, {"picture.blur": 0.3}, {"leaders.show": 0.5}]
)
def test_each_thing_between_need_and_money_costs_fit(world, what):
    """Lost detail, noise, kinds taken for one another and a taste for what shows each make money fit need less."""
    assert pictured(world, **{**layers(), **NO_SHOW, **what}).areas.need_fit.sum() < 0.97


def test_kinds_taken_for_one_another_leave_the_areas_money(world):
    """What is heard as of any kind costs fit by kind alone: each area's sum of money stays."""
    clear, blurred = (pictured(world, **layers(blur=b), **NO_SHOW).areas for b in (0.0, 0.3))
    assert blurred.project_money.tolist() == pytest.approx(clear.project_money.tolist(), abs=1)
    assert not np.allclose(blurred.wanted, clear.wanted, atol=0.01)


def test_a_channel_past_all_layers_brings_the_fit_back(world):
    """A hotline, as strong as it may be assumed, makes money fit need better than the layers alone do."""
    world.assume["bypass.hotline"] = 0.5
    without = pictured(world).areas.need_fit.sum()
    world.rules["channels.hotline"] = np.ones_like(world.rules["channels.hotline"])
    assert pictured(world).areas.need_fit.sum() > without


def test_a_leader_who_favours_owners_wants_their_kind(world):
    """Where a leader serves owners first, pipes get a larger part of what is wanted, at no favour the same."""
    serves = {"leaders.serves": 2.5}
    pipes = KINDS.index("pipes")
    alike, none, more = (
        pictured(world, **layers(), **NO_SHOW, **how).areas.wanted[:, pipes]
        for how in ({}, {**serves, "leaders.favour": 0.0}, {**serves, "leaders.favour": 3.0})
    )
    assert np.array_equal(alike, none)
    assert np.all(more > alike)


def test_a_campaign_moves_money_within_the_year_and_adds_none(world):
    """Over many months, campaigns change what is wanted from month to month and not what shows on the mean."""
    shares = {}
    for burst in (0.0, 3.0):
        rows = []
        for _ in range(60):
            world.month += 1
            show = pictured(world, **layers(), **{"leaders.burst": burst, "leaders.burst_share": 0.25})
            rows.append(show.areas.wanted[:, KINDS.index("green")].mean())
            assert abs(show.areas.project_money.sum() - pictured(world).areas.project_money.sum()) < 8
        shares[burst] = np.array(rows)
    assert shares[0.0].std() < 1e-9 < shares[3.0].std()
    assert shares[3.0].mean() == pytest.approx(shares[0.0].mean(), rel=0.1)


def wishes(world, lands: float, kind: int) -> tuple[int, int]:
    """Return how many wishes of committees that look upward are needed and needless over some months."""
    mine = world.copy()
    mine.assume = {**world.assume, "proposals.wishes": 12.0, "proposals.lands": lands, "proposals.rate": 0.0}
    mine.institutions.orientation[:] = 0
    mine.areas.wanted[:] = np.eye(len(KINDS))[kind]
    needed = needless = 0
    for _ in range(24):
        mine.month += 1
        step(mine, propose_projects.MECHANISM)
        wish = mine.institutions.wish[mine.institutions.kind == KIND["residents_committee"]]
        needed, needless = needed + (wish == 1).sum(), needless + (wish == 0).sum()
        mine.issues.proposed[:] = 0
    return int(needed), int(needless)


def test_a_project_from_above_is_needed_where_the_picture_is_right(world):
    """Projects of a kind that is open everywhere often mend something, of a kind that is nowhere never do."""
    world.assume["issues.per_block_year"] = 5.0
    step(world, arise_issues.MECHANISM)
    world.issues.kind[:] = 0
    right, _ = wishes(world, 1.0, 0)
    wrong, needless = wishes(world, 1.0, 1)
    assert right > 20
    assert (wrong, needless) == (0, 24 * (world.institutions.kind == KIND["residents_committee"]).sum())
    assert wishes(world, 0.0, 0)[0] == 0
