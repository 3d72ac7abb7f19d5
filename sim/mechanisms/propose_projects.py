"""Who puts what before the neighbours?

Claim: a matter is raised where it hurts, where people expect to be heard, and where somebody leads
(jinjiang.xu-proposal: seven co-signers; zhejiang.own-interest-participation). The committee has wishes of its own;
looking upward, it wishes for what those above picture (jinjiang.yongxing-veto).
    an open issue is proposed with hazard = rate x severity x mean efficacy of the courtyard x (1 + leaders)
        x willingness^(co-signers - 1) x gate, the share of matters that who keeps the agenda lets through: a committee
        less of what costs more than usual, the party more of what is grave, nobody all
        x share that passes the steps of the procedure in force x (1 + award) x (1 + open planning)
        x (1 + voice x steps that party branches stand nearer); the party's own proposals come on top
    a committee adds a wish of its own a few times a year: with probability orientation the worst open matter; else a
    project from above, of a kind drawn by what is wanted there, in some courtyard, which nobody needs unless an open
    matter of its kind stands in that courtyard and the project happens to mend it
    one nobody needs that waits for a ballot goes on waiting, until the next of the sort takes its place
Left out: persons who block.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.mechanisms.contract import Context, Mechanism, columns_of

STAGES, AWARD = 4, 200.0
NEEDLESS, WAITING = 0, 2


def run(c: Context) -> None:
    """Mark what is proposed this month and add the committees' own wishes to the list."""
    issues, areas = c.issues, c.areas
    signers = _cosigned(c)
    # What was put to the vote and lost may be raised again.
    issues.proposed[issues.passed < 0] = 0
    voice = _voice(c)[c.blocks.courtyard[issues.block]]
    moved = signers * _encouraged(c) + c.assume("party.proposals") * c.rule("party.may_propose")
    hazard = c.assume("proposals.rate") * issues.severity * voice * (moved[issues.area] * _gate(c))
    mine = (issues.proposed == 0) & (issues.passed == 0) & (issues.is_done == 0)
    raised = mine & (c.uniforms("propose_projects.raise", issues.id) < np.minimum(hazard, 1.0))
    issues.proposed[raised] = 1
    areas.proposals[:] = np.bincount(issues.area[raised], minlength=areas.n)
    _wish(c)


def _gate(c: Context) -> np.ndarray:
    """Return, per issue, the chance that who keeps the gate lets it through: each body by what it looks at itself."""
    issues, area = c.issues, c.issues.area
    dear = issues.cost / c.assume("issues.cost") - 1
    grave = 2 * issues.severity - 1
    committee = c.assume("proposals.gate") * (1 - c.assume("gate.committee_cost") * dear)
    party = c.assume("gate.party") * (1 + c.assume("gate.party_severity") * grave)
    by_body = [np.clip(committee, 0, 1), np.clip(party, 0, 1), 1.0]
    kept_by = [c.practised_worth("agenda.gate", body)[area] for body in np.eye(len(by_body))]
    return sum(share * passed for share, passed in zip(kept_by, by_body, strict=True))


def _cosigned(c: Context) -> np.ndarray:
    """Return, per area, the chance that enough neighbours sign: willingness for each beyond the first."""
    willing, count = c.assume("proposals.willingness"), c.rule("assembly.co_signers")
    return np.array([willing ** (k - 1) for k in count.tolist()])


def _encouraged(c: Context) -> np.ndarray:
    """Return, per area, what awards, open planning and party branches near by do to raising one's voice: a ratio."""
    award = c.assume("proposals.award") * c.rule("recognition.award_yuan") / AWARD
    planning = c.assume("planning.voice") * c.practised("planning.open_stages") / STAGES
    party = c.assume("party.voice") * c.rule("party.branches")
    return (1 + award) * (1 + planning) * np.maximum(1 + party, 0) * c.areas.procedure_pass


def _voice(c: Context) -> np.ndarray:
    """Return, per courtyard, mean efficacy of its adults, eased by its share of leaders."""
    people = c.residents
    yard, n = c.blocks.courtyard, int(c.blocks.courtyard.max()) + 1
    adults = np.maximum(c.sums(people.has_voice, yard, n), 1)
    efficacy = c.sums(people.has_voice * people.efficacy, yard, n) / adults
    leaders = c.sums((people.cooperator == 3) * people.has_voice, yard, n) / adults
    return efficacy * (1 + c.assume("proposals.leaders") * leaders)


def _wish(c: Context) -> None:
    """Let committees adopt an open issue of theirs as a wish, or wish for something nobody needs."""
    offices, issues = c.institutions, c.issues
    rows = c.open_rows("residents_committee")
    wishes = (
        c.uniforms("propose_projects.wish", offices.id[rows]) < c.assume("proposals.wishes") / MONTHS_PER_YEAR
    )
    offices.wish[:] = -1
    community = c.blocks.community[issues.block]
    free = np.flatnonzero((issues.proposed == 0) & (issues.passed == 0) & (issues.is_done == 0))
    needed = c.uniforms("propose_projects.needed", offices.id[rows]) < offices.orientation[rows]
    for row in rows[wishes & needed]:
        _adopt(c, row, free[community[free] == row])
    upward = rows[wishes & ~needed]
    offices.wish[upward] = NEEDLESS
    for row, lands in zip(upward, _from_above(c, upward, free), strict=True):
        _adopt(c, row, lands)
    waits = (offices.wish_outcome[rows] == WAITING) & (offices.wish[rows] != NEEDLESS)
    offices.wish[rows[waits]] = WAITING


def _adopt(c: Context, row: int, matters: np.ndarray) -> None:
    """Let a committee make the worst of some open matters its wish, if there are any."""
    if len(matters):
        c.issues.proposed[matters[np.argmax(c.issues.severity[matters])]], c.institutions.wish[row] = 2, 1


def _from_above(c: Context, rows: np.ndarray, free: np.ndarray) -> list[np.ndarray]:
    """Return, for committees that look upward, the open matters that a project wanted from above happens to mend."""
    offices, issues, blocks = c.institutions, c.issues, c.blocks
    luck = {
        what: c.uniforms(f"propose_projects.{what}", offices.id[rows]) for what in ("kind", "place", "lands")
    }
    upto = np.cumsum(c.areas.wanted[offices.seat[rows]], axis=1)
    kind = (luck["kind"][:, None] >= upto[:, :-1]).sum(axis=1)
    found = []
    for k, row in enumerate(rows):
        mine = np.flatnonzero(blocks.community == row)
        yard = blocks.courtyard[mine[int(luck["place"][k] * len(mine))]] if len(mine) else -1
        there = (blocks.courtyard[issues.block[free]] == yard) & (issues.kind[free] == kind[k])
        found.append(free[there] if luck["lands"][k] < c.assume("proposals.lands") else free[:0])
    return found


MECHANISM = Mechanism(
    name="propose_projects",
    question="Who puts what before the neighbours?",
    run=run,
    reads=(
        *columns_of("areas", "procedure_pass", "wanted"),
        *columns_of("blocks", "courtyard", "community"),
        *columns_of("institutions", "id", "seat", "orientation", "wish_outcome"),
        *columns_of("residents", "has_voice", "efficacy", "cooperator"),
        *columns_of("issues", "id", "block", "area", "kind", "severity", "cost", "passed", "is_done"),
    ),
    writes=("issues.proposed", "areas.proposals", "institutions.wish"),
    levers=(
        "agenda.gate", "assembly.co_signers", "recognition.award_yuan", "planning.open_stages", "party.branches",
        "party.may_propose",
    ),
    assumptions=(
        *(f"proposals.{n}" for n in ("willingness", "gate", "rate", "leaders", "wishes", "award", "lands")),
        "planning.voice", "party.voice", "party.proposals", "issues.cost",
        "gate.committee_cost", "gate.party", "gate.party_severity",
    ),
    decisions=tuple(f"propose_projects.{d}" for d in ("raise", "wish", "needed", "kind", "place", "lands")),
)  # fmt: skip
