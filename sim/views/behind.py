"""What is behind a number: definition, formula with its figures, evidence, assumptions, and the row of the store."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from sim.base import counts
from sim.base.text import Message, counted, say
from sim.catalogue import Assumption, assumptions, measures, plural_unit
from sim.results.paired import Contrast
from sim.results.store import RunFolder
from sim.results.verdicts import Verdict
from sim.views.wording import figure, interval, signed

# Mechanisms whose assumptions an outcome rests on most directly, by the beginning of its name; the longest one counts.
MECHANISMS = {
    "participation.": ("cast_votes", "attend_meetings", "join_activities", "volunteer"),
    "participation.vote": ("call_ballots", "cast_votes"),
    "participation.election": ("cast_votes",),
    "participation.deliberate": ("attend_meetings",),
    "participation.activity": ("join_activities",),
    "participation.volunteer": ("volunteer",),
    "ballots.": ("call_ballots", "cast_votes"),
    "meetings.": ("attend_meetings",),
    "committee.": ("assign_tasks", "admit_tasks", "serve", "divide_free_hours"),
    "assigned.": ("assign_tasks", "admit_tasks", "serve"),
    "wait.": ("request_services", "route_requests", "serve"),
    "unmet_need": ("request_services", "learn_whom_to_ask"),
    "requests.": ("request_services", "route_requests", "serve"),
    "staff.": ("wear_staff", "staff_offices"),
    "trust.": ("respond",),
    "efficacy": ("respond",),
    "belonging": ("respond",),
    "satisfaction": ("respond", "serve"),
    "money.": ("pay_communities",),
    "projects.": ("propose_projects", "decide_projects", "carry_out_projects"),
}
WIDEST = 3
KINDS = {
    "ratio": say("numerator over denominator, both pooled over the months of the window"),
    "mean": say("mean over residents, offices or cases, pooled over the months of the window"),
    "sum": say("sum over the months of the window"),
    "quantile": say("read from the pooled histogram of waits of the window"),
}
BETTER = {"up": say("more is better"), "down": say("less is better"), "none": say("neither")}


def behind(verdict: Verdict, folder: RunFolder) -> list[Message]:
    """Return what stands behind one verdict, one sentence each."""
    row, c, manifest = measures()[verdict.measure], verdict.contrast, folder.manifest()
    last = manifest["seed"] + c.n - 1
    return [
        say("Definition: {name}; in {unit}; {kind}; {better}", name=row.text, unit=plural_unit(row.unit),
            kind=KINDS[row.kind], better=BETTER[row.better]),
        _formula(c, interval(verdict)),
        say("Worth acting on from {worth}; found from {mde} with these pairs; seeds {first} to {last}",
            worth=f"{row.worth:g}", mde=figure(c.mde), first=manifest["seed"], last=last),
        evidence_words(folder),
        assumption_words(verdict.measure, manifest),
        say("Store: {where}, measure={measure}, window={window}, column value",
            where=f"{folder.path.name}/pairs/*.parquet", measure=verdict.measure, window=verdict.window),
    ]  # fmt: skip


def _formula(c: Contrast, spread: str) -> Message:
    figures = {"reform": figure(c.reform, c.difference), "base": figure(c.baseline, c.difference),
               "d": signed(c.difference)}  # fmt: skip
    if c.n < 2:
        return say("Formula: reform − baseline = {reform} − {base} = {d}; one pair has no interval", **figures)
    return say(
        "Formula: mean over {pairs} of (reform − baseline) = {reform} − {base} = {d}; interval {spread} = mean ± "
        "critical t × {sd} / √{n}", pairs=counts.pairs(c.n), n=c.n, sd=figure(c.sd), spread=spread, **figures,
    )  # fmt: skip


def evidence_words(folder: RunFolder) -> Message:
    """Return which entries of the ledger the reform of a run rests on."""
    path = folder.path / "scenario.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    ids = sorted(set(cited(kept.get("reform", {}).get("reforms", []))))
    if not ids:
        return say("Evidence for the reform: none, it is a thought experiment")
    more = f" +{len(ids) - 6}" if len(ids) > 6 else ""
    return say("Evidence for the reform: {ids}", ids=", ".join(ids[:6]) + more)


def cited(content: Any) -> list[str]:
    """Return every ledger id that documents name under `evidence`."""
    if isinstance(content, dict):
        own = content.get("evidence")
        mine = [str(one) for one in own] if isinstance(own, list) else []
        return mine + [one for key, value in content.items() if key != "evidence" for one in cited(value)]
    return [one for value in content for one in cited(value)] if isinstance(content, list) else []


def resting_on(measure: str) -> list[Assumption]:
    """Return the assumptions of the mechanisms an outcome rests on most directly, widest range first."""
    starts = [start for start in MECHANISMS if measure.startswith(start)]
    mechanisms = MECHANISMS[max(starts, key=len)] if starts else ()
    rows = [row for row in assumptions().values() if row.mechanism in mechanisms]
    return sorted(rows, key=_width, reverse=True)


def _width(row: Assumption) -> float:
    return (row.range[1] - row.range[0]) / max(abs(row.value), 1e-9) if not row.values else np.inf


def assumption_words(measure: str, manifest: dict) -> Message:
    """Return how many numbers it rests on, how many are assumed, and which are the least certain."""
    rows = resting_on(measure)
    if not rows:
        n, total = manifest["assumed"]
        return say("Assumptions: {n} of all {total} numbers of the run are assumed", n=n, total=total)
    assumed = sum(row.grade == "assumed" for row in rows)
    names = {lang: "; ".join(row.text[lang] for row in rows[:WIDEST]) for lang in ("en", "zh")}
    return say("Assumptions: {numbers} of its mechanisms, {assumed} of them assumed; widest ranges: {names}",
               numbers=counted("{n} number", "{n} numbers", n=len(rows)), assumed=assumed, names=names)  # fmt: skip
