"""Verdicts as sentences: deterministic, in both languages, every number with the table cell it comes from.

No word ranks or recommends; a sentence says what differs, how sure the pairs make it, and what they cannot say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.base import counts
from sim.base.text import Message, counted, pick, say
from sim.catalogue import measures, plural_unit
from sim.results.verdicts import Comparison, Verdict
from sim.views.cited import Cited, Source
from sim.views.wording import figure, signed

Counted = Callable[[Any], Message]  # a number of pairs, or of samples, in words
# What is made of the two arms' values over pairs, by the name of a contrast's number.
STATISTICS = {
    "baseline": "mean",
    "reform": "mean",
    "difference": "mean difference",
    "low": "low end of the interval",
    "high": "high end of the interval",
    "n": "how many pairs",
    "agree": "pairs with the sign of the mean",
    "sign_p": "sign test",
    "mde": "smallest difference found",
    "pairs_for_worth": "pairs that find what is worth acting on",
    "pairs_to_decide": "pairs that decide",
}


def number(verdict: Verdict, name: str) -> Cited:
    """Return one number of a verdict as a sentence shows it, with where it comes from."""
    c = verdict.contrast
    value = getattr(c, name)
    if name == "difference":
        text = signed(value)
    elif name in ("low", "high"):
        text = figure(value, c.difference)
    else:
        text = str(value) if isinstance(value, int) else figure(value)
    row = {"measure": verdict.measure, "window": verdict.window}
    arm = {"arm": name} if name in ("baseline", "reform") else {}
    return Cited(text, value, Source("pairs", row | arm, "value", STATISTICS[name]))


def worth_of(measure: str) -> Cited:
    """Return what is worth acting on in an outcome, from the catalogue."""
    worth = measures()[measure].worth
    return Cited(figure(worth), worth, Source("catalogue/measures", {"id": measure}, "worth"))


def narrative(comparison: Comparison, window: str) -> list[str]:
    """Return the primary verdicts of a window as sentences in the language in force."""
    return [pick(line) for line in sentences(comparison, window)]


def sentences(comparison: Comparison, window: str) -> list[Message]:
    """Return the primary verdicts of a window as sentences that know where their numbers come from."""
    of = counts.samples if comparison.folder.manifest().get("samples") else counts.pairs
    return [sentence(v, of) for v in comparison.of(window) if v.primary]


def sentence(verdict: Verdict, of: Counted = counts.pairs) -> Message:
    """Return one verdict as a sentence. of: what its cases are, pairs, or samples of the assumptions."""
    row = measures()[verdict.measure]
    words: dict[str, Any] = {"what": row.text, "unit": plural_unit(row.unit)}
    if verdict.grade == "no_value":
        return say("{what}: no value in one of the arms.", what=row.text)
    base, n = number(verdict, "baseline"), number(verdict, "n")
    if verdict.grade == "equal":
        return say(
            "{what}: {base} {unit} in both, in each of {pairs}.", **words, base=base, pairs=of(n)
        )
    words |= {"base": base, "reform": number(verdict, "reform"), "diff": number(verdict, "difference")}
    words["step"] = say(" percentage points") if row.unit == "%" else ""
    if not np.isfinite(verdict.contrast.low):
        return say(
            "{what}: {base} → {reform} {unit}, a difference of {diff}{step}; one pair says nothing of chance.",
            **words,
        )
    ends = {"low": number(verdict, "low"), "high": number(verdict, "high")}
    head = say(
        "{what}: {base} → {reform} {unit}, a difference of {diff}{step} ({low} to {high})", **words, **ends
    )
    return say("{head}; {tail}.", head=head, tail=_tail(verdict, of))


def _tail(verdict: Verdict, of: Counted) -> Message:
    """Return what may be said of a difference that has an interval."""
    if verdict.grade == "small":
        worth = worth_of(verdict.measure)
        return say("too small to matter: the whole interval lies within ±{worth}", worth=worth)
    if verdict.grade == "not_distinguishable":
        return _undecided(verdict, of)
    said = {"k": number(verdict, "agree"), "pairs": of(number(verdict, "n"))}
    if verdict.grade == "seed_sensitive":
        return counted(
            "the mean is clear, but only {k} of {pairs} goes that way: it depends on the history",
            "the mean is clear, but only {k} of {pairs} go that way: it depends on the history",
            **said,
        )
    if verdict.contrast.better is None:
        return say("clear; the same direction in {k} of {pairs} under the same luck", **said)
    if (verdict.contrast.difference > 0) == (measures()[verdict.measure].better == "up"):
        return say("clear; better in {k} of {pairs} under the same luck", **said)
    return say("clear; worse in {k} of {pairs} under the same luck", **said)


def _undecided(verdict: Verdict, of: Counted) -> Message:
    c, n = verdict.contrast, number(verdict, "n")
    if c.mostly_zero:
        return say(
            "not distinguishable: equal in most of {pairs} (sign test over the others: p = {p})",
            pairs=counts.pairs(n),
            p=number(verdict, "sign_p"),
        )
    if c.pairs_for_worth is None:
        return say("not distinguishable with these pairs")
    return say(
        "not distinguishable: {pairs} find a difference of {mde} or more; {need} would find {worth}",
        pairs=of(n),
        mde=number(verdict, "mde"),
        need=of(number(verdict, "pairs_for_worth")),
        worth=worth_of(verdict.measure),
    )
