"""What is not claimed, why, and what would settle it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.base.text import Message, say
from sim.catalogue import measures
from sim.results.bars import LEAST_SAMPLES, NAMING_SAMPLES, Bars
from sim.results.grouped import FEW, GroupVerdict
from sim.results.paired import RARE_PAIRS
from sim.results.refused import SHARE_PAIRS, VERDICT_PAIRS, Refusal
from sim.results.verdicts import Verdict
from sim.views.grouped import group_number, group_text
from sim.views.narrative import number, worth_of
from sim.views.wording import WINDOWS

Words = tuple[Any, Any, Any]


def columns() -> list[Message]:
    """Return the headings of a row of what is not claimed."""
    return [say("not claimed"), say("because"), say("what would settle it")]


def rows(found: Sequence[Refusal]) -> list[Words]:
    """Return every refusal as its claim, its reason and what would settle it."""
    return [words(one) for one in found]


def lines(found: Sequence[Refusal]) -> list[Message]:
    """Return every refusal as one sentence."""
    return [
        say("{what}: {why}. Would settle it: {settle}.", what=a, why=b, settle=c) for a, b, c in rows(found)
    ]


def words(one: Refusal) -> Words:
    """Return one refusal as its claim, its reason and what would settle it."""
    if isinstance(one.of, Verdict):
        return _outcome(one, one.of)
    if isinstance(one.of, GroupVerdict):
        return _worst(one, one.of)
    if isinstance(one.of, Bars):
        return _not_robust(one.of)
    return {
        "few_pairs": _few_pairs, "few_people": _few_people, "assumptions": _assumptions, "resting": _resting,
        "ranking": _ranking, "secondary": _secondary,
    }[one.kind](one)  # fmt: skip


def _outcome(one: Refusal, verdict: Verdict) -> Words:
    named = {
        "measure": measures()[verdict.measure].text,
        "window": WINDOWS.get(verdict.window, verdict.window),
    }
    numbers = {name: number(verdict, name) for name in ("low", "high", "agree", "n")}
    if one.kind == "no_value":
        return (
            say("{measure} ({window}): any difference", **named),
            say("one of the arms has no value"),
            say("no number of pairs"),
        )
    if one.kind == "history":
        return (
            say("{measure} ({window}): that it goes the same way in every history", **named),
            say("only {agree} of {n} pairs go the way of the mean", **numbers),
            say("no number of pairs; {pairs} would tell the share of histories to ten points ({minutes} more minutes)",
                pairs=SHARE_PAIRS, minutes=_round(one.minutes)),
        )  # fmt: skip
    what = say("{measure} ({window}): that it rises, falls or stays", **named)
    if one.kind == "rare":
        why = say("equal in most of {n} pairs; intervals over so many zeros are not to be trusted below {pairs} pairs",
                  n=numbers["n"], pairs=RARE_PAIRS)  # fmt: skip
    elif verdict.contrast.n < 2:
        why = say("one pair says nothing of chance")
    else:
        why = say("{low} to {high} holds both no difference and one worth acting on (±{worth})",
                  low=numbers["low"], high=numbers["high"], worth=worth_of(verdict.measure))  # fmt: skip
    return what, why, _pairs(one)


def _pairs(one: Refusal) -> Message:
    if not one.pairs:
        return say("more pairs than can be run")
    return say(
        "{pairs} pairs in all, about {minutes} more minutes", pairs=one.pairs, minutes=_round(one.minutes)
    )


def _round(minutes: float) -> str:
    return f"{minutes:,.0f}"


def _worst(one: Refusal, verdict: GroupVerdict) -> Words:
    named = {"measure": measures()[verdict.measure].text, "who": group_text(verdict)}
    if verdict.overlapping:
        why = say("its interval meets those of {k} other groups", k=group_number(verdict, "overlapping"))
    else:
        why = say("{low} to {high} holds both no difference and one worth acting on (±{worth})",
                  low=group_number(verdict, "low"), high=group_number(verdict, "high"),
                  worth=worth_of(verdict.measure))  # fmt: skip
    return say("{measure}: that {who} come off worst", **named), why, _pairs(one)


def _not_robust(bar: Bars) -> Words:
    name = {"measure": measures()[bar.measure].text, "window": WINDOWS.get(bar.window, bar.window)}
    return (
        say("{measure} ({window}): that it holds over the assumptions", **name),
        say("same sign in {sign} % of {n} samples, worth acting on in {worth} %",
            sign=f"{100 * bar.same_sign:.0f}", n=bar.samples, worth=f"{100 * bar.at_least_worth:.0f}"),
        say("no number of runs; better knowledge of what it rests on"),
    )  # fmt: skip


def _few_pairs(one: Refusal) -> Words:
    n, demo = one.counts
    return (
        say("a verdict to act on"),
        say("these are {n} pairs; {demo} are enough to show how it works, {all} for a verdict", n=n, demo=demo,
            all=VERDICT_PAIRS),
        _pairs(one),
    )  # fmt: skip


def _few_people(one: Refusal) -> Words:
    return (
        say("what happens to {k} groups or posts", k=one.counts[0]),
        say("fewer than {n} people stand behind them", n=f"{FEW:.0f}"),
        say("a larger place; no number of pairs"),
    )


def _samples(one: Refusal) -> Message:
    return say("--samples {n}, about {minutes} minutes", n=one.samples, minutes=_round(one.minutes))


def _assumptions(one: Refusal) -> Words:
    return (
        say("that any of this holds whatever the assumptions are"),
        say(
            "the assumptions were varied in {k} of the {n} samples it takes", k=one.counts[0], n=LEAST_SAMPLES
        ),
        _samples(one),
    )


def _resting(one: Refusal) -> Words:
    return (
        say("which assumptions an interval rests on"),
        say(
            "the assumptions were varied in {k} of the {n} samples it takes",
            k=one.counts[0],
            n=NAMING_SAMPLES,
        ),
        _samples(one),
    )


def _ranking(one: Refusal) -> Words:
    return (
        say("that this reform is the best, or a rank among reforms"),
        say("one reform was compared with its baseline; reforms are ranked over at least {n} samples run for all of "
            "them alike", n=one.samples),
        say("shequ sweep over the reforms, about {minutes} minutes each; then shequ analyse rank",
            minutes=_round(one.minutes)),
    )  # fmt: skip


def _secondary(one: Refusal) -> Words:
    return (
        say("anything of the {k} outcomes that are not primary", k=one.counts[0]),
        say("among so many some look clear by chance alone; their verdicts stand in brackets"),
        say("naming them under `primary` before the run"),
    )
