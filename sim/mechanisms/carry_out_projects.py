"""Is what was decided also done, and what does that teach?

Claim: a matter that was raised, decided and built within a month makes people expect more (jinjiang.xu-one-month,
jinjiang.xu-recognition); money that does not arrive leaves decisions on paper (tongling.funds-enable).
    a passed project begins when its community has the money, the most severe first; works take some months,
    after the working days that the steps of the procedure take
    it succeeds with probability base + supervised x (a supervision committee) + open x transparency
        + owners x share of owners' committees with a party organisation
    success lifts efficacy and belonging in its courtyard, failure lowers efficacy
Left out: maintenance, cost overruns, contractors.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import DAYS_PER_MONTH

F = np.float32
DONE, FAILED = 1, 2


def run(c: Context) -> None:
    """Begin what can be paid, go on with works, end what is ready."""
    issues = c.issues
    ready = (issues.paid == 1) & (issues.is_done == 0) & (issues.works_left <= 1)
    issues.works_left[:] = np.maximum(issues.works_left - 1, 0)
    area = issues.area
    p = (
        c.assume("projects.success")
        + c.assume("projects.supervised") * c.practised("assembly.supervision")[area]
    )
    p = p + c.assume("projects.owners") * c.rule("party.in_owners_committees")[area]
    p = np.clip(p + c.assume("projects.open") * c.practised("transparency")[area], 0.0, 1.0)
    works = c.uniforms("carry_out_projects.succeed", issues.id) < p
    issues.is_done[ready] = np.where(works[ready], DONE, FAILED)
    _begin(c)
    _teach(c, ready & works, ready & ~works)
    c.areas.projects_done[:] = np.bincount(area[ready & works], minlength=c.areas.n)
    c.areas.project_months[:] = np.bincount(
        area[ready & works], weights=issues.age[ready & works], minlength=c.areas.n
    )


def _begin(c: Context) -> None:
    """Pay for passed projects out of what each committee keeps for them, the most severe first."""
    issues, offices = c.issues, c.institutions
    office = c.blocks.community[issues.block]
    money = offices.earmarked.copy()
    offices.project_cost[:] = 0
    needless = (offices.wish_outcome == 1) & (money >= int(c.assume("issues.cost")))
    offices.project_cost[needless] = int(c.assume("issues.cost"))
    money -= offices.project_cost
    months = 1 + np.floor(
        c.uniforms("carry_out_projects.months", issues.id) * (2 * c.assume("projects.months") - 1)
    )
    months += np.floor(c.areas.procedure_days[issues.area] / DAYS_PER_MONTH)
    waiting = np.flatnonzero((issues.passed == 1) & (issues.paid == 0) & (issues.is_done == 0))
    for row in waiting[np.argsort(-issues.severity[waiting], kind="stable")]:
        cost, payer = int(issues.cost[row]), office[row]
        if money[payer] >= cost:
            money[payer] -= cost
            offices.project_cost[payer] += cost
            issues.paid[row], issues.works_left[row] = 1, months[row]


def _teach(c: Context, done: np.ndarray, failed: np.ndarray) -> None:
    blocks, issues = c.blocks, c.issues
    n = int(blocks.courtyard.max()) + 1
    good, bad = (
        np.minimum(np.bincount(blocks.courtyard[issues.block[f]], minlength=n), 3).astype(F)[blocks.courtyard]
        for f in (done, failed)
    )
    good, bad = c.spread(good), c.spread(bad)
    eta, rows = F(c.assume("projects.efficacy")), np.flatnonzero(good + bad > 0)
    good, bad = good[rows], bad[rows]
    c.post("efficacy", "projects", eta * good, eta * F(c.assume("response.efficacy_loss")) * bad, rows)
    c.post("belonging", "projects", F(c.assume("projects.belonging")) * good, rows=rows)


MECHANISM = Mechanism(
    name="carry_out_projects",
    question="Is what was decided also done, and what does that teach?",
    run=run,
    reads=(
        *columns_of("issues", "id", "block", "area", "severity", "cost", "age", "passed"),
        "areas.procedure_days",
        *columns_of("blocks", "community", "courtyard"),
        *columns_of("institutions", "earmarked", "wish_outcome"),
    ),
    writes=(
        *columns_of("issues", "is_done", "paid", "works_left"), *columns_of("areas", "projects_done", "project_months"),
        "institutions.project_cost",
    ),
    posts=(("efficacy", "projects"), ("belonging", "projects")),
    levers=("assembly.supervision", "transparency", "party.in_owners_committees"),
    assumptions=(
        "projects.success", "projects.supervised", "projects.open", "projects.owners", "projects.months",
        "projects.efficacy",
        "projects.belonging", "issues.cost", "response.efficacy_loss",
    ),
    decisions=("carry_out_projects.succeed", "carry_out_projects.months"),
)  # fmt: skip
