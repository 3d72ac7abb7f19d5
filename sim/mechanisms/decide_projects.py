"""What do the neighbours decide, and can they say no?

Claim: a meeting that decides may overrule the committee's own wish (jinjiang.yongxing-veto), and what it decides fits
needs better (jinjiang.yongxing-first).
    at a valid ballot every matter on the agenda is put to those present:
    yes with logit = base + benefit x severity (the courtyard concerned) or x far x severity (others) - burden
    x cost per household + peers x came x (2 felt - 1); it passes by more than the majority in force
    felt = share of yes among one's ties on their own grounds: those in the courtyard, and the rest as all present;
    came = share of the ties of those present who voted last time
    where only major matters go to the vote, the committee decides the small ones: its own at once, residents' as far
    as it looks to them (probability orientation)
    a wish nobody needs has its way at once, but where residents decide all matters: there it is put to them at the next
    valid ballot and waits till then, a failed one refuses nothing; a later wish of the sort takes its place
Left out: bundling of matters, debate before the vote.
"""

from __future__ import annotations

import numpy as np

from sim.draws import std_normals
from sim.mechanisms.arithmetic import logistics
from sim.mechanisms.contract import Context, Mechanism, columns_of

BY_RESIDENTS, BY_COMMITTEE = 1, 2
NEEDLESS, WAITING = 0, 2
HAS_ITS_WAY, REFUSED = 1, -1


def run(c: Context) -> None:
    """Decide what is on the agenda of every community this month."""
    issues, offices = c.issues, c.institutions
    office = c.blocks.community[issues.block]
    agenda = (issues.proposed > 0) & (issues.passed == 0) & (issues.is_done == 0)
    to_vote = _goes_to_vote(c, office, issues.cost)
    valid = offices.quorum[office] == 1
    yes = _yes_share(c, office)
    won = yes > c.rule("assembly.majority")[issues.area]
    luck = c.uniforms("decide_projects.adopt", issues.id)
    adopted = (issues.proposed == BY_COMMITTEE) | (luck < offices.orientation[office])
    voted = agenda & to_vote & valid
    alone = agenda & ~to_vote & adopted
    issues.passed[(issues.passed < 0) & (issues.proposed == 0)] = 0
    issues.passed[voted] = np.where(won[voted], 1, -1)
    issues.passed[alone] = 1
    _wishes(c)
    _count(c, voted, won, alone)


def _goes_to_vote(c: Context, office: np.ndarray, cost: np.ndarray) -> np.ndarray:
    luck = c.lasting_uniforms("decide_projects.which", c.issues.id)
    all_matters = c.practised_case("assembly.decides", c.institutions.seat[office], luck) == 1
    return all_matters | (cost >= c.assume("votes.major_cost"))


def _yes_share(c: Context, office: np.ndarray) -> np.ndarray:
    """Return the share of yes among those present, had every open issue been put to them."""
    issues, people, blocks = c.issues, c.residents, c.blocks
    near = c.sums(people.voted, blocks.courtyard, int(blocks.courtyard.max()) + 1)
    near = near[blocks.courtyard[issues.block]]
    present_all = c.sums(people.voted, blocks.community, c.institutions.n)
    present = present_all[office]
    burden = c.assume("votes.burden") * issues.cost / np.maximum(c.institutions.households[office], 1)
    base, benefit = c.assume("votes.base"), c.assume("votes.benefit") * issues.severity
    own_near, own_far = base + benefit - burden, base + c.assume("issues.far") * benefit - burden
    n = np.maximum(present, 1)
    part = near / n
    p_near, p_far = logistics(own_near), logistics(own_far)
    elsewhere = part * p_near + (1 - part) * p_far
    within, pull = c.assume("ties.share_courtyard"), (c.assume("votes.peers") * _came(c, present_all))[office]
    p_near, p_far = (
        logistics(swayed(own, within * p + (1 - within) * elsewhere, pull))
        for own, p in ((own_near, p_near), (own_far, p_far))
    )
    mean = part * p_near + (1 - part) * p_far
    chance = std_normals(c.uniforms("decide_projects.vote", issues.id))
    return mean + chance * np.sqrt(np.maximum(mean * (1 - mean), 0) / n)


def swayed(own: np.ndarray, felt: np.ndarray, pull: np.ndarray | float) -> np.ndarray:
    """Return the logit of a yes once it is known what share of those around would say yes on their own grounds."""
    return own + pull * (2 * felt - 1)


def _came(c: Context, present: np.ndarray) -> np.ndarray:
    """Return, per office, the share of the ties of those present who voted at their last ballot."""
    people = c.residents
    theirs = c.sums(people.voted * people.peers_vote, c.blocks.community, c.institutions.n)
    return theirs / np.maximum(present, 1)


def _wishes(c: Context) -> None:
    """Put needless wishes to a valid ballot where residents decide them, else let the committee have its way."""
    offices = c.institutions
    fresh, waited = offices.wish == NEEDLESS, offices.wish == WAITING
    luck = c.uniforms("decide_projects.asked", offices.id)
    asked = waited | (fresh & (c.practised_case("assembly.decides", offices.seat, luck) == 1))
    burden = c.assume("votes.burden") * c.assume("issues.cost") / np.maximum(offices.households, 1)
    there = c.sums(c.residents.voted, c.blocks.community, offices.n)
    own, present = c.assume("votes.base") - burden, np.maximum(there, 1)
    mean = logistics(swayed(own, logistics(own), c.assume("votes.peers") * _came(c, there)))
    share = mean + std_normals(c.uniforms("decide_projects.wish", offices.id)) * np.sqrt(
        mean * (1 - mean) / present
    )
    refused = asked & (share <= c.rule("assembly.majority")[offices.seat])
    outcome = np.where(asked & (offices.quorum != 1), WAITING, np.where(refused, REFUSED, HAS_ITS_WAY))
    offices.wish_outcome[:] = np.where(fresh | waited, outcome, 0)


def _count(c: Context, voted: np.ndarray, won: np.ndarray, alone: np.ndarray) -> None:
    issues, areas, offices = c.issues, c.areas, c.institutions
    decided, passed = voted | alone, (voted & won) | alone
    mine, outcome = issues.proposed == BY_COMMITTEE, offices.wish_outcome
    matters = {
        "decided": decided, "passed": passed, "residents_passed": passed & (issues.proposed == BY_RESIDENTS),
        "wishes": decided & mine, "vetoes": decided & mine & ~passed,
    }  # fmt: skip
    for name, flag in matters.items():
        getattr(areas, name)[:] = np.bincount(issues.area[flag], minlength=areas.n)
    # What nobody needs has no row: it is a mark on the committee.
    settled = np.isin(outcome, (HAS_ITS_WAY, REFUSED))
    areas.wishes[:] += np.bincount(offices.seat[settled], minlength=areas.n)
    areas.vetoes[:] += np.bincount(offices.seat[outcome == REFUSED], minlength=areas.n)


MECHANISM = Mechanism(
    name="decide_projects",
    question="What do the neighbours decide, and can they say no?",
    run=run,
    reads=(
        *columns_of("issues", "id", "block", "area", "severity", "cost", "proposed", "is_done"),
        *columns_of("blocks", "community", "courtyard"), *columns_of("residents", "voted", "peers_vote"),
        *columns_of("institutions", "id", "seat", "households", "orientation", "quorum", "wish"),
    ),
    writes=(
        *columns_of("areas", "decided", "passed", "residents_passed", "wishes", "vetoes"),
        "issues.passed", "institutions.wish_outcome",
    ),
    levers=("assembly.decides", "assembly.majority"),
    assumptions=("votes.major_cost", "votes.burden", "votes.base", "votes.benefit", "votes.peers",
        "ties.share_courtyard", "issues.far", "issues.cost"),
    decisions=tuple(f"decide_projects.{d}" for d in ("adopt", "vote", "wish", "which", "asked")),
)  # fmt: skip
