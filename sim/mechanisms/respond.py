"""What does an answer, or silence, do to the one who asked?

Claim: people hold what they get against what they expect, and a loss weighs more than a gain; a voice that is
answered expects to be answered again, and silence counts as failure (jinjiang.xu-expectation).
    score q = solved x w/(w + wait days) x (1 - a (1 - 1/trips)) x (1 - d (1 - haste)): wait, trips, respect
    satisfaction moves with q - expectation, losses `loss_weight` times as much; a need never filed is a score of
    zero with the weight of silence
    expectation goes slowly to q + p x transparency x (1 - q): publicity raises what people expect
    efficacy: gain eta per solved request, loss r eta per lapsed or unfiled one; ties' outcomes count in part
    trust in the office that did it, be it the committee, government or organisations: as satisfaction
    all of them drift toward their norm at a slow monthly rate
    what the last outcome was makes the next request likelier or not (request_services): the one carrier of that
Left out: differences between clerks, the media.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import KIND

F = np.float32
COMMITTEE, ORGANISATIONS = KIND["residents_committee"], KIND["social_organisation"]
STOCKS = ("efficacy", "trust_committee", "trust_government", "trust_organisations")


class Heard(NamedTuple):
    """Who heard of a request this month, or had one that was never filed; ascending, and what came of it, one row each.

    cases: how many ended; place: each ended case's row here; silent: needs never filed.
    """

    rows: np.ndarray
    place: np.ndarray
    cases: np.ndarray
    silent: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of a number of each ended case over its resident, float64."""
        return np.bincount(self.place, weights=values, minlength=len(self.rows))


def run(c: Context) -> None:
    """Judge this month's ended cases, move satisfaction and expectation, and post trust and efficacy."""
    mine = np.flatnonzero(c.ended.origin == 1)
    who, office = c.ended.resident[mine], c.ended.office[mine]
    heard = _heard(c, who)
    better, worse = _disappoint(c, who, heard, _score(c, mine, office))
    solved, failed = (heard.sums(w).astype(F) for w in (c.ended.is_solved[mine], 1 - c.ended.is_solved[mine]))
    _remember(c, heard, solved, failed)
    _post_efficacy(c, heard, solved, failed)
    kind, rate = c.institutions.kind[office], F(c.assume("response.trust"))
    at_committee, at_organisations = kind == COMMITTEE, kind == ORGANISATIONS
    for stock, here in (
        ("trust_committee", at_committee),
        ("trust_government", ~at_committee & ~at_organisations),
        ("trust_organisations", at_organisations),
    ):
        up, down = (heard.sums(v * here).astype(F) for v in (better, worse))
        c.post(stock, "service", rate * up, rate * down, heard.rows)
    for stock in STOCKS:
        drift, norm = F(c.assume("stocks.drift")), F(c.assume(f"stocks.norm_{stock}"))
        c.post(stock, "drift", drift * norm, drift * (1 - norm))


def _heard(c: Context, who: np.ndarray) -> Heard:
    people = c.residents
    concerned = people.unfiled > 0
    concerned[who] = True
    rows = np.flatnonzero(concerned)
    row_of = np.empty(people.n, np.int32)
    row_of[rows] = np.arange(len(rows))
    place = row_of[who]
    return Heard(rows, place, np.bincount(place, minlength=len(rows)), people.unfiled[rows])


def _score(c: Context, mine: np.ndarray, office: np.ndarray) -> np.ndarray:
    """Return what each case was worth to its resident, 0 to 1: solved, soon, without errands, with time for them."""
    ended, reference = c.ended, c.assume("response.wait_reference")
    haste = c.pools.haste[np.maximum(c.institutions.pool[office], 0)]
    errands = 1 - 1 / np.maximum(ended.trips[mine], 1.0)
    soon = reference / (reference + ended.wait_days[mine])
    kind = (1 - c.assume("response.trips") * errands) * (1 - c.assume("response.respect") * (1 - haste))
    return ended.is_solved[mine] * soon * kind


def _disappoint(
    c: Context, who: np.ndarray, heard: Heard, score: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Move satisfaction and expectation; returns what was above and (weighted) below expectation, per case."""
    people, rows = c.residents, heard.rows
    gap = score - people.expectation[who]
    better, worse = np.maximum(gap, 0), np.maximum(-gap, 0) * c.assume("response.loss_weight")
    rate, silence = c.assume("response.satisfaction"), c.assume("response.silence")
    expected, content = people.expectation[rows], people.satisfaction[rows]
    ignored = F(silence * c.assume("response.loss_weight")) * heard.silent * expected
    up = np.minimum(heard.sums(better) * rate, 1).astype(F)
    down = np.minimum((heard.sums(worse) + ignored) * rate, 1).astype(F)
    people.satisfaction[rows] = content + (1 - content) * up - content * down
    mean = heard.sums(score) / np.maximum(heard.cases, 1)
    praised = c.assume("response.publicity") * c.practised("transparency")[people.area[rows]] * (1 - mean)
    pull = np.where(heard.cases > 0, c.assume("response.expectation"), 0.0)
    people.expectation[rows] = expected + pull * (mean + praised - expected)
    return better, worse


def _remember(c: Context, heard: Heard, solved: np.ndarray, failed: np.ndarray) -> None:
    people, rows = c.residents, heard.rows
    sign = np.where(solved > failed, 1, np.where((failed > 0) | (heard.silent > 0), -1, 0))
    people.outcome[:] = 0
    people.outcome[rows] = sign
    people.last_outcome[rows[sign != 0]] = sign[sign != 0]
    people.grievance[:] = people.grievance * F(1 - 1 / c.assume("response.grievance_months"))
    fresh = np.minimum(failed + heard.silent, 1).astype(F)
    people.grievance[rows] = np.maximum(people.grievance[rows], fresh)


def _post_efficacy(c: Context, heard: Heard, solved: np.ndarray, failed: np.ndarray) -> None:
    eta, ratio = F(c.assume("response.efficacy")), F(c.assume("response.efficacy_loss"))
    silence = heard.silent.astype(F) * F(c.assume("response.silence"))
    c.post("efficacy", "service", eta * solved, eta * ratio * failed, heard.rows)
    c.post("efficacy", "silence", None, eta * ratio * silence, heard.rows)
    told = c.residents.peers_outcome * F(c.assume("response.neighbours"))
    c.post("efficacy", "neighbours", eta * np.maximum(told, 0), eta * ratio * np.maximum(-told, 0))


MECHANISM = Mechanism(
    name="respond",
    question="What does an answer, or silence, do to the one who asked?",
    run=run,
    reads=(
        *columns_of("ended", "resident", "office", "is_solved", "wait_days", "trips", "origin"),
        *columns_of("residents", "unfiled", "peers_outcome", "area"),
        *columns_of("institutions", "kind", "pool"),
        "pools.haste",
    ),
    writes=columns_of("residents", "expectation", "satisfaction", "last_outcome", "grievance", "outcome"),
    posts=(
        ("efficacy", "service"),
        ("efficacy", "silence"),
        ("efficacy", "neighbours"),
        ("trust_committee", "service"),
        ("trust_government", "service"),
        ("trust_organisations", "service"),
        *((stock, "drift") for stock in STOCKS),
    ),
    levers=("transparency",),
    assumptions=(
        "response.trust",
        "response.wait_reference",
        "response.trips",
        "response.respect",
        "response.publicity",
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
)
