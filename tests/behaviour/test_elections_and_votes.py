"""What an election makes of the chair, and what neighbours do to a vote."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import assumptions
from sim.mechanisms import (
    decide_projects,
    orient_committees,
    pay_communities,
    propose_projects,
    seat_committees,
)
from sim.mechanisms.arithmetic import logistics
from sim.mechanisms.contract import Context
from sim.mechanisms.decide_projects import swayed
from sim.mechanisms.posts import Posts
from sim.world.practice import practised_rows
from sim.world.world import KIND
from tests.paired.packages import first_month, step

NAMED, NOMINATED, OPEN = range(3)
RESIDENT, HIRED = 0, 1
BY_RESIDENTS, BY_COMMITTEE = 1, 2
MAJOR, ALL = 0.0, 1.0
CERTAIN = {
    "election.contested": 1.0,
    "election.delegated": 1.0,
    "election.wins": 1.0,
    "election.wins_open": 1.0,
}


@pytest.fixture
def world(tmp_path):
    """A tiny place after its first month."""
    return first_month(tmp_path)


def elect(world, stand: int, valid: bool = True, **assumed: float) -> np.ndarray:
    """Let every committee hold an election; return where their chairs come from afterwards."""
    world.assume |= {**CERTAIN, **assumed}
    world.rules["election.candidates"] = np.full_like(world.rules["election.candidates"], stand)
    world.rules["committee.chair_origin"] = np.full_like(world.rules["committee.chair_origin"], HIRED)
    offices = world.institutions
    rows = offices.kind == KIND["residents_committee"]
    offices.is_election[:], offices.quorum[:], offices.turnout[:] = rows, np.where(valid, 1, -1), 0.6
    step(world, seat_committees.MECHANISM)
    offices.is_election[:] = 0
    return offices.chair[rows]


def test_where_the_chair_is_named_elections_seat_nobody(world):
    """Under the rule that stands at the baseline, chairs come from where it says, whatever the election."""
    assert set(elect(world, NAMED)) == {HIRED}


@pytest.mark.parametrize("stand", [NOMINATED, OPEN])
def test_a_valid_election_with_a_choice_can_seat_a_resident(world, stand):
    """Where residents choose and always win, a valid election seats residents, who stay until the next."""
    assert set(elect(world, stand)) == {RESIDENT}
    step(world, seat_committees.MECHANISM)
    rows = world.institutions.kind == KIND["residents_committee"]
    assert set(world.institutions.chair[rows]) == {RESIDENT}


@pytest.mark.parametrize(
    "without",
    [{"valid": False}, {"election.contested": 0.0}, {"election.wins_open": 0.0}],
    ids=lambda w: next(iter(w)),
)
def test_an_election_without_quorum_choice_or_winner_seats_nobody(world, without):
    """An election that fails, has no choice, or that no resident wins leaves the chair to the rule."""
    assert set(elect(world, OPEN, **without)) == {HIRED}


def test_a_chair_is_lost_at_the_next_election_or_by_the_rule(world):
    """A resident's chair ends at an election without a choice, and at once where the rule names chairs again."""
    elect(world, OPEN)
    assert set(elect(world, OPEN, **{"election.contested": 0.0})) == {HIRED}
    elect(world, OPEN)
    world.rules["election.candidates"][:] = NAMED
    step(world, seat_committees.MECHANISM)
    rows = world.institutions.kind == KIND["residents_committee"]
    assert set(world.institutions.chair[rows]) == {HIRED}


def test_a_chosen_chair_turns_the_committee_to_residents(world):
    """With a resident in the chair a committee looks more to residents than with one hired, and at no effect alike."""
    looks = {}
    for effect in (0.0, 0.3):
        for stand in (NAMED, OPEN):
            mine = world.copy()
            mine.assume = {**world.assume, "orientation.chair_resident": effect}
            elect(mine, stand)
            step(mine, orient_committees.MECHANISM)
            rows = mine.institutions.kind == KIND["residents_committee"]
            looks[effect, stand] = mine.institutions.orientation[rows].mean()
    assert looks[0.3, OPEN] > looks[0.3, NAMED]
    assert looks[0.0, OPEN] == looks[0.0, NAMED]


def test_anyone_standing_brings_more_choice(world):
    """Where anyone may stand, more elections have a choice than where candidates are put forward."""
    few = {"election.contested": 0.3, "election.opened": 2.5}
    chance = {}
    for stand in (NOMINATED, OPEN):
        mine = world.copy()
        seated = []
        for _ in range(40):
            mine.month += 1
            seated.append((elect(mine, stand, **few) == RESIDENT).mean())
        chance[stand] = np.mean(seated)
    assert chance[NOMINATED] == pytest.approx(0.3, abs=0.12)
    assert chance[OPEN] == pytest.approx(0.75, abs=0.12)


def stable_shares(own: float, pull: float) -> set[float]:
    """Return where the share of yes comes to rest when neighbours follow one another, begun from none and from all."""
    found = set()
    for share in (0.0, 1.0):
        p = np.array([share])
        for _ in range(2000):
            p = logistics(swayed(np.array([own]), p, pull))
        found.add(round(float(p[0]), 2))
    return found


@pytest.mark.parametrize("own", [-1.0, 0.3, 1.0])
def test_within_the_assumed_range_a_vote_has_one_outcome(own):
    """At the strongest pull assumed, with all neighbours present, yes comes to one share however talk began."""
    assert len(stable_shares(own, assumptions()["votes.peers"].range[1])) == 1


def test_a_vote_would_have_two_outcomes_beyond_the_assumed_range():
    """Bistability is a measured limit: it needs a pull above two, where a divided vote tips either way."""
    assert len(stable_shares(0.0, 1.9)) == 1
    assert len(stable_shares(0.0, 3.0)) == 2


def test_neighbours_sharpen_a_vote_and_no_pull_leaves_it():
    """Neighbours who mostly agree make a yes likelier, who mostly object a no, and at no pull nothing moves."""
    own = np.array([1.0, -1.0])
    felt = logistics(own)
    assert np.array_equal(swayed(own, felt, 0.0), own)
    more = logistics(swayed(own, felt, 1.0))
    assert more[0] > felt[0]
    assert more[1] < felt[1]


def yes_shares(world, pull: float, came: float) -> np.ndarray:
    """Return the share of yes every open matter would get, where a share of everybody's ties voted last time."""
    mine = world.copy()
    mine.assume = {**world.assume, "votes.peers": pull}
    mine.residents.voted[:], mine.residents.peers_vote[:] = mine.residents.has_voice, came
    c = Context(mine, decide_projects.MECHANISM, Posts(mine.residents.n, accounts=False))
    return decide_projects._yes_share(c, mine.blocks.community[mine.issues.block])


def test_neighbours_who_came_move_the_count(world):
    """Every matter's yes moves away from a half where ties came to vote, and stays where none did or none pull."""
    none, alone, together = (
        yes_shares(world, 0.0, 1.0),
        yes_shares(world, 2.0, 0.0),
        yes_shares(world, 2.0, 1.0),
    )
    assert np.array_equal(none, alone)
    clear = (np.abs(none - 0.5) > 0.1) & (np.abs(none - 0.5) < 0.45)
    assert clear.sum() > 5
    assert np.all(np.abs(together - 0.5)[clear] > np.abs(none - 0.5)[clear])
    assert np.all(((together > 0.5) == (none > 0.5))[clear])


def wished(world, decides: float = ALL, quorum: int = 1, like: float = 0.0):
    """Return a copy of the world after a decision on a needless wish of every committee.

    decides: what residents decide, in all cases. quorum: of this month's ballot. like: the leaning to yes.
    """
    mine, offices = world.copy(), world.institutions
    row = practised_rows()["assembly.decides"].start
    for column in ("written", "paper", "before", "value"):
        getattr(mine.practice, column)[row] = decides
    mine.assume = {**world.assume, "votes.base": like, "votes.peers": 0.0}
    mine.residents.voted[:] = mine.residents.has_voice * (quorum != 0)
    mine.institutions.wish[:] = np.where(offices.kind == KIND["residents_committee"], 0, -1)
    mine.institutions.quorum[:] = quorum
    step(mine, decide_projects.MECHANISM)
    return mine


def outcomes(world) -> set[int]:
    """Return what became of the committees' needless wishes."""
    return set(
        world.institutions.wish_outcome[world.institutions.kind == KIND["residents_committee"]].tolist()
    )


@pytest.mark.parametrize("quorum", [0, -1])
def test_a_wish_is_not_refused_where_no_valid_ballot_was_held(world, quorum):
    """Without a ballot, or where one failed, residents refuse nothing: the wish waits, also next month, for one."""
    waiting = wished(world, quorum=quorum, like=-9.0)
    assert outcomes(waiting) == {2}
    assert waiting.areas.vetoes.sum() == waiting.areas.wishes.sum() == 0
    waiting.assume["proposals.wishes"] = 0.0
    step(waiting, propose_projects.MECHANISM)
    waiting.institutions.quorum[:] = 1
    waiting.residents.voted[:] = waiting.residents.has_voice
    step(waiting, decide_projects.MECHANISM)
    assert outcomes(waiting) == {-1}
    step(waiting, propose_projects.MECHANISM)
    step(waiting, decide_projects.MECHANISM)
    assert outcomes(waiting) == {0}


def test_residents_say_yes_or_no_to_a_wish_at_a_valid_ballot(world):
    """At a valid ballot who leans to no refuses and who leans to yes lets it pass; only the refusal is a veto."""
    no, yes = wished(world, like=-9.0), wished(world, like=9.0)
    assert (outcomes(no), outcomes(yes)) == ({-1}, {1})
    committees = (world.institutions.kind == KIND["residents_committee"]).sum()
    assert no.areas.vetoes.sum() == committees
    assert yes.areas.vetoes.sum() == 0
    assert yes.areas.wishes.sum() >= committees


def test_where_residents_are_not_asked_the_committee_has_its_way_at_once(world):
    """Where only major matters go to the vote a needless wish never waits and is never refused, ballot or not."""
    assert [outcomes(wished(world, MAJOR, quorum, -9.0)) for quorum in (0, -1, 1)] == [{1}] * 3


def test_wishes_that_wait_do_not_pile_up(world):
    """Without ballots a committee that wishes every month has one wish waiting, and what it needs is still raised."""
    mine = wished(world, quorum=0)
    mine.assume |= {"proposals.wishes": 12.0, "proposals.lands": 0.0, "proposals.rate": 0.0}
    raised = []
    for looks in (0.0, 1.0):
        mine.institutions.orientation[:] = looks
        for _ in range(3):
            mine.month += 1
            step(mine, propose_projects.MECHANISM)
            step(mine, decide_projects.MECHANISM)
            assert outcomes(mine) == {2}
            raised.append(int((mine.issues.proposed == BY_COMMITTEE).sum()))
    assert raised[0] == raised[2] < raised[-1]


def matters_of(world, by: int, decides: float, like: float = 9.0):
    """Return a copy of the world in which every open matter, cheap and raised by one side, has been decided."""
    mine = world.copy()
    mine.issues.proposed[:], mine.issues.passed[:], mine.issues.is_done[:], mine.issues.cost[:] = (
        by,
        0,
        0,
        100,
    )
    mine.institutions.orientation[:] = 1
    decided = wished(mine, decides, 1, like)
    decided.areas.wishes[:] -= np.bincount(
        decided.institutions.seat[decided.institutions.wish_outcome != 0], minlength=decided.areas.n
    )
    return decided


@pytest.mark.parametrize("decides", [MAJOR, ALL])
def test_what_a_committee_decides_alone_counts_among_its_wishes(world, decides):
    """A needed wish counts whether the committee or the meeting decided it, a resident's proposal never does."""
    assert matters_of(world, BY_COMMITTEE, decides).areas.wishes.sum() == world.issues.n > 0
    assert matters_of(world, BY_RESIDENTS, decides).areas.wishes.sum() == 0


def test_only_what_residents_voted_down_is_a_veto(world):
    """A needed wish is refused by the meeting alone, and a resident's proposal voted down is no veto."""
    committees = (world.institutions.kind == KIND["residents_committee"]).sum()
    assert matters_of(world, BY_COMMITTEE, ALL, -9.0).areas.vetoes.sum() == world.issues.n + committees
    assert matters_of(world, BY_RESIDENTS, ALL, -9.0).areas.vetoes.sum() == committees
    assert matters_of(world, BY_COMMITTEE, MAJOR, -9.0).areas.vetoes.sum() == 0


def test_awards_are_for_residents_proposals_alone(world):
    """An award is due for every proposal of residents that passed, and for none of the committee's own wishes."""
    due = {}
    for by in (BY_RESIDENTS, BY_COMMITTEE):
        mine = matters_of(world, by, ALL)
        mine.rules["recognition.award_yuan"] = np.full_like(mine.rules["recognition.award_yuan"], 200.0)
        c = Context(mine, pay_communities.MECHANISM, Posts(mine.residents.n, accounts=False))
        due[by] = pay_communities._awards(c).sum()
        assert mine.areas.passed.sum() == mine.issues.n
    assert due == {BY_RESIDENTS: 200 * world.issues.n, BY_COMMITTEE: 0}
