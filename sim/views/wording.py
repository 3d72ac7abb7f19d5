"""Verdicts in words: deterministic, in both languages, every number straight from a verdict's row.

No word ranks or recommends; a sentence says what differs, how sure the pairs make it, and what they cannot say.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.base.calendar import format_month
from sim.base.text import Message, pick, say
from sim.catalogue import measures, unit_text
from sim.results.verdicts import Comparison, Verdict

SIDES = {
    "participation": say("Participation"),
    "service_load": say("Service load"),
    "other": say("Trust, satisfaction, money and practice"),
}
WINDOWS = {"early": say("early"), "late": say("late")}
GRADES = {
    "clear": say("clear"),
    "seed_sensitive": say("differs from history to history"),
    "small": say("too small to matter"),
    "not_distinguishable": say("not distinguishable"),
    "equal": say("equal in every pair"),
}


def figure(value: float, like: float = 1.0) -> str:
    """Return a number with as many decimals as its size, or that of `like`, calls for; a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    size = max(abs(value), abs(like))
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−") if float(text) != 0 else text.lstrip("-")


def interval(verdict: Verdict) -> str:
    """Return the simultaneous interval of a difference."""
    c = verdict.contrast
    return "–" if not np.isfinite(c.low) else f"[{figure(c.low, c.difference)}, {figure(c.high, c.difference)}]"


def signed(value: float) -> str:
    """Return a difference with its sign."""
    text = figure(value)
    return text if text.startswith("−") or text == "–" else f"+{text}"


def better_in(verdict: Verdict) -> Message:
    """Return in how many pairs the reform was better under the same luck."""
    c = verdict.contrast
    if c.better is None or not c.n:
        return say("–")
    return say("{k} of {n}", k=c.better, n=c.n)


def window_words(comparison: Comparison, window: str) -> Message:
    """Return a window's name with its months."""
    manifest = comparison.folder.manifest()
    first, end = (manifest["start"] + offset for offset in manifest["windows"][window])
    return say("{name}: {first} to {last}", name=WINDOWS.get(window, say("{name}", name=window)), first=format_month(first), last=format_month(end - 1))


def sentence(verdict: Verdict) -> Message:
    """Return one verdict as a sentence."""
    row, c = measures()[verdict.measure], verdict.contrast
    numbers = {
        "what": row.text, "unit": unit_text(row.unit), "base": figure(c.baseline), "reform": figure(c.reform), "diff": signed(c.difference),
        "low": figure(c.low, c.difference), "high": figure(c.high, c.difference), "n": c.n,
    }
    if verdict.grade == "equal":
        return say("{what}: {base} {unit} in both, in every one of {n} pairs.", **numbers)
    if not np.isfinite(c.difference):
        return say("{what}: no value in one of the arms.", **numbers)
    head = say("{what}: {base} → {reform} {unit}, a difference of {diff} ({low} to {high})", **numbers)
    tail = {
        "clear": say("clear; better in {k} of {n} pairs under the same luck", k=c.better if c.better is not None else "–", n=c.n),
        "seed_sensitive": say("the mean is clear, but only {k} of {n} pairs are better: it depends on the history", k=c.better or 0, n=c.n),
        "small": say("too small to matter: the whole interval lies within ±{worth}", worth=figure(row.worth)),
        "not_distinguishable": _undecided(verdict),
    }[verdict.grade]
    return say("{head}; {tail}.", head=head, tail=tail)


def _undecided(verdict: Verdict) -> Message:
    c, worth = verdict.contrast, measures()[verdict.measure].worth
    if c.pairs_for_worth is None:
        return say("not distinguishable with these pairs")
    return say(
        "not distinguishable: {n} pairs find a difference of {mde} or more; {need} pairs would find {worth}",
        n=c.n, mde=figure(c.mde), need=c.pairs_for_worth, worth=figure(worth),
    )


def narrative(comparison: Comparison, window: str) -> list[str]:
    """Return the primary verdicts of a window as sentences in the language in force."""
    return [pick(sentence(v)) for v in comparison.of(window) if v.primary]


def limits(assumed: tuple[int, int], pairs: int) -> list[Message]:
    """Return what a reader must know before the first number. assumed: (assumed numbers, all numbers) of the scenario."""
    return [
        say("This is a what-if on a model, not a forecast for a named district; no real person is modelled."),
        say("{n} of the {all} numbers behind it are assumed, not measured; they carry ranges that this run did not vary.", n=assumed[0], all=assumed[1]),
        say("Intervals are 95 % and simultaneous over the primary outcomes; other outcomes are shown without a claim. They cover chance in {pairs} pairs, not the assumptions.", pairs=pairs),
    ]


def pairing_words(verdicts: Iterable[Verdict]) -> Message:
    """Return how much the pairing helped, over the primary outcomes."""
    saved = [v.contrast.saved for v in verdicts if v.primary and np.isfinite(v.contrast.saved)]
    if not saved:
        return say("The pairing could not be judged: the arms do not vary.")
    return say("Pairing under the same luck saved a factor of {factor} in runs (median over primary outcomes).", factor=figure(float(np.median(saved))))
