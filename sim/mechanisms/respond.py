"""What does an answer, or silence, do to the one who asked?

Claim: people hold what they get against what they expect, and a loss weighs more than a gain; a voice that is
answered expects to be answered again, and silence counts as failure (jinjiang.xu-expectation).
    solved with probability (time given / standard)^b; score q = solved x w/(w + wait days)
    satisfaction moves with q - expectation, losses `loss_weight` times as much; expectation follows q slowly
    efficacy: gain eta per solved request, loss r eta per lapsed or unfiled one; ties' outcomes count in part
    trust in the office that did it: as satisfaction
    all three drift toward their norm at a slow monthly rate
Left out: the tone of the clerk, the media.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import KIND

F = np.float32
COMMUNITY_KINDS = (KIND["residents_committee"],)
STOCKS = ("efficacy", "trust_committee", "trust_government")


def run(c: Context) -> None:
    """Judge this month's ended cases, move satisfaction and expectation, and post trust and efficacy."""
    people = c.residents
    mine = np.flatnonzero(c.ended.origin == 1)
    who, office = c.ended.resident[mine], c.ended.office[mine]
    score = _judge(c, mine, office)
    better, worse = _disappoint(c, who, score)
    solved, failed = (
        np.bincount(who, weights=w, minlength=people.n).astype(np.float32)
        for w in (c.ended.is_solved[mine], 1 - c.ended.is_solved[mine])
    )
    _remember(c, solved, failed)
    _post_efficacy(c, solved, failed)
    at_committee = np.isin(c.institutions.kind[office], COMMUNITY_KINDS)
    rate = F(c.assume("response.trust"))
    for stock, here in (("trust_committee", at_committee), ("trust_government", ~at_committee)):
        up, down = (
            np.bincount(who[here], weights=v[here], minlength=people.n).astype(np.float32)
            for v in (better, worse)
        )
        c.post(stock, "service", rate * up, rate * down)
    for stock in STOCKS:
        drift, norm = F(c.assume("stocks.drift")), F(c.assume(f"stocks.norm_{stock}"))
        c.post(stock, "drift", drift * norm, drift * (1 - norm))


def _judge(c: Context, mine: np.ndarray, office: np.ndarray) -> np.ndarray:
    """Say which cases were solved and return the score of each, 0 to 1."""
    ended, pool = c.ended, np.maximum(c.institutions.pool[office], 0)
    quality = powers(c.pools.speed, c.assume("response.quality_exponent"))[pool]
    well = c.uniforms("respond.solved", ended.key[mine]) < quality
    ended.is_solved[:] = ended.is_done
    ended.is_solved[mine] = ended.is_done[mine] & well
    patience = c.assume("response.wait_reference")
    return ended.is_solved[mine] * patience / (patience + ended.wait_days[mine])


def _disappoint(c: Context, who: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Move satisfaction and expectation; returns what was above and (weighted) below expectation, per case."""
    people, n = c.residents, c.residents.n
    gap = score - people.expectation[who]
    better, worse = np.maximum(gap, 0), np.maximum(-gap, 0) * c.assume("response.loss_weight")
    rate = c.assume("response.satisfaction")
    up, down = (
        np.minimum(np.bincount(who, weights=v, minlength=n) * rate, 1).astype(np.float32)
        for v in (better, worse)
    )
    people.satisfaction[:] = people.satisfaction + (1 - people.satisfaction) * up - people.satisfaction * down
    cases = np.bincount(who, minlength=n)
    mean = np.bincount(who, weights=score, minlength=n) / np.maximum(cases, 1)
    pull = np.where(cases > 0, c.assume("response.expectation"), 0.0)
    people.expectation[:] = people.expectation + pull * (mean - people.expectation)
    return better, worse


def _remember(c: Context, solved: np.ndarray, failed: np.ndarray) -> None:
    people = c.residents
    sign = np.where(solved > failed, 1, np.where((failed > 0) | (people.unfiled > 0), -1, 0))
    people.outcome[:] = sign
    people.last_outcome[sign != 0] = sign[sign != 0]
    fresh = np.minimum(failed + people.unfiled, 1).astype(np.float32)
    keep = F(1 - 1 / c.assume("response.grievance_months"))
    people.grievance[:] = np.maximum(people.grievance * keep, fresh)


def _post_efficacy(c: Context, solved: np.ndarray, failed: np.ndarray) -> None:
    eta, ratio = F(c.assume("response.efficacy")), F(c.assume("response.efficacy_loss"))
    silence = c.residents.unfiled.astype(np.float32) * F(c.assume("response.silence"))
    c.post("efficacy", "service", eta * solved, eta * ratio * failed)
    c.post("efficacy", "silence", None, eta * ratio * silence)
    heard = c.residents.peers_outcome * F(c.assume("response.neighbours"))
    c.post("efficacy", "neighbours", eta * np.maximum(heard, 0), eta * ratio * np.maximum(-heard, 0))


MECHANISM = Mechanism(
    name="respond",
    question="What does an answer, or silence, do to the one who asked?",
    run=run,
    reads=(
        *columns_of("ended", "key", "resident", "office", "is_done", "wait_days", "origin"),
        *columns_of("residents", "unfiled", "peers_outcome"),
        *columns_of("institutions", "kind", "pool"),
        "pools.speed",
    ),
    writes=(
        "ended.is_solved",
        *columns_of("residents", "expectation", "satisfaction", "last_outcome", "grievance", "outcome"),
    ),
    posts=(
        ("efficacy", "service"),
        ("efficacy", "silence"),
        ("efficacy", "neighbours"),
        ("trust_committee", "service"),
        ("trust_government", "service"),
        *((stock, "drift") for stock in STOCKS),
    ),
    assumptions=(
        "response.trust",
        "response.quality_exponent",
        "response.wait_reference",
        "response.loss_weight",
        "response.satisfaction",
        "response.expectation",
        "response.grievance_months",
        "response.efficacy",
        "response.efficacy_loss",
        "response.silence",
        "response.neighbours",
        "stocks.drift",
        *(f"stocks.norm_{stock}" for stock in STOCKS),
    ),
    decisions=("respond.solved",),
)
