"""What is not claimed, why, and what would settle it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.base import counts
from sim.base.text import Message, counted, say
from sim.catalogue import measures
from sim.results.bars import Bars
from sim.results.grouped import GroupVerdict
from sim.results.paired import RARE_PAIRS
from sim.results.refused import Refusal
from sim.results.verdicts import Verdict
from sim.views.cited import Cited, Source
from sim.views.grouped import group_number, who_text
from sim.views.narrative import number, worth_of
from sim.views.thresholds import threshold, time_words
from sim.views.wording import WINDOWS, pairs_done

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
        return _of_group(one, one.of)
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
            counted(
                "only {agree} of {pairs} goes the way of the mean",
                "only {agree} of {pairs} go the way of the mean",
                agree=numbers["agree"], pairs=counts.pairs(numbers["n"]),
            ),
            say("no number of pairs; the share of histories would be known to ten points from {settle}",
                settle=_pairs(one)),
        )  # fmt: skip
    what = say("{measure} ({window}): that it rises, falls or stays", **named)
    if one.kind == "rare":
        why = say("equal in most of {pairs}; intervals over so many zeros are not to be trusted below {least}",
                  pairs=counts.pairs(numbers["n"]), least=threshold("RARE_PAIRS"))  # fmt: skip
    elif verdict.contrast.n < 2:
        why = say("one pair says nothing of chance")
    else:
        why = say("{low} to {high} holds both no difference and one worth acting on (±{worth})",
                  low=numbers["low"], high=numbers["high"], worth=worth_of(verdict.measure))  # fmt: skip
    return what, why, _pairs(one)


def _pairs(one: Refusal) -> Message:
    if not one.pairs:
        return say("more pairs than can be run")
    needed = (counts.samples if one.in_samples else counts.pairs)(_needed(one))
    if not one.more:
        return say("{pairs} in all", pairs=needed)
    if np.isnan(one.minutes):
        return say("{pairs} in all; {time}", pairs=needed, time=_time(one))
    return say("{pairs} in all; {time} more", pairs=needed, time=_time(one))


def _needed(one: Refusal) -> Cited:
    """Return the pairs that would settle it, as a number of a verdict or of the rules of claiming."""
    if isinstance(one.of, Verdict) and one.kind == "undecided" and one.of.contrast.n > 1:
        return number(one.of, "pairs_to_decide")
    if isinstance(one.of, GroupVerdict) and one.pairs == one.of.contrast.pairs_to_decide:
        return group_number(one.of, "pairs_to_decide")
    rules = {"few_pairs": "VERDICT_PAIRS", "history": "SHARE_PAIRS"}
    return threshold(rules.get(one.kind, "RARE_PAIRS" if one.pairs == RARE_PAIRS else "DEMO_PAIRS"))


def _time(one: Refusal) -> Message:
    return time_words(one.minutes, one.more)


def _of_group(one: Refusal, verdict: GroupVerdict) -> Words:
    row = measures()[verdict.measure]
    if one.kind == "some_groups":
        return _undecided_groups(one, verdict)
    what = say("{measure}: that {who} come off worst", measure=row.text, who=who_text(verdict))
    if not verdict.overlapping:
        return (
            what,
            say("equal in most of {pairs}", pairs=counts.pairs(group_number(verdict, "n"))),
            _pairs(one),
        )
    why = counted(
        "its interval meets that of {k} other group",
        "its interval meets those of {k} other groups",
        k=group_number(verdict, "overlapping"),
    )
    if one.pairs and not one.more:
        return what, why, say("no number of pairs; they are no further apart than what is worth acting on")
    return what, why, _pairs(one)


def _undecided_groups(one: Refusal, verdict: GroupVerdict) -> Words:
    """Return for how many groups, or posts, of an outcome nothing is claimed, and what the hardest takes."""
    table = "posts" if verdict.group == "post" else "groups"
    k, n = (
        Cited(
            str(count), count, Source(table, {"measure": verdict.measure}, "numerator / denominator", which)
        )
        for count, which in zip(one.counts[:2], ("groups undecided", "groups shown"), strict=True)
    )
    named = {"all": n, "k": k, "measure": measures()[verdict.measure].text}
    if table == "posts":
        what = counted(
            "{measure}: that it rises, falls or stays for staff of {k} of {all} post",
            "{measure}: that it rises, falls or stays for staff of {k} of {all} posts",
            **named,
        )
    else:
        what = counted(
            "{measure}: that it rises, falls or stays in {k} of {all} group",
            "{measure}: that it rises, falls or stays in {k} of {all} groups",
            **named,
        )
    settle = say("{pairs}, for the least certain ({who})", pairs=_pairs(one), who=who_text(verdict))
    return what, _why_undecided(verdict, one.counts[0], one.counts[2]), settle


def _why_undecided(verdict: GroupVerdict, undecided: int, rare: int) -> Message:
    wide = say("their intervals hold both no difference and one worth acting on (±{worth})",
               worth=worth_of(verdict.measure))  # fmt: skip
    zeros = say("equal in most pairs; intervals over so many zeros are not to be trusted below {least}",
                least=threshold("RARE_PAIRS"))  # fmt: skip
    return wide if not rare else zeros if rare == undecided else say("{a}; {b}", a=wide, b=zeros)


def _not_robust(bar: Bars) -> Words:
    name = {"measure": measures()[bar.measure].text, "window": WINDOWS.get(bar.window, bar.window)}
    return (
        say("{measure} ({window}): that it holds over the assumptions", **name),
        say("same sign in {sign} % of {samples}, worth acting on in {worth} %", sign=_share(bar, "same_sign"),
            samples=counts.samples(_share(bar, "samples")), worth=_share(bar, "at_least_worth")),
        say("no number of runs; better knowledge of what it rests on"),
    )  # fmt: skip


def _share(bar: Bars, name: str) -> Cited:
    """Return a share of the samples in per cent, or their number."""
    value = getattr(bar, name) * (1 if name == "samples" else 100)
    row = {"measure": bar.measure, "window": bar.window}
    return Cited(f"{value:.0f}", value, Source("pairs", row, "value", f"samples: {name}"))


def _few_pairs(one: Refusal) -> Words:
    done = (
        _count(one, Source("manifest.json", {}, "samples")) if one.in_samples else pairs_done(one.counts[0])
    )
    numbers = {"n": done, "demo": threshold("DEMO_PAIRS"), "all": threshold("VERDICT_PAIRS")}
    if one.in_samples:
        why = counted(
            "this is {n} sample; {demo} are enough to show how it works, {all} for a verdict",
            "these are {n} samples; {demo} are enough to show how it works, {all} for a verdict",
            **numbers,
        )
    else:
        why = counted(
            "this is {n} pair; {demo} are enough to show how it works, {all} for a verdict",
            "these are {n} pairs; {demo} are enough to show how it works, {all} for a verdict",
            **numbers,
        )
    return say("a verdict to act on"), why, _pairs(one)


def _few_people(one: Refusal) -> Words:
    k = Cited(str(one.counts[0]), one.counts[0], Source(one.table, {}, "denominator", "groups of few people"))
    what = (
        counted("what happens to staff of {k} post", "what happens to staff of {k} posts", k=k)
        if one.table == "posts"
        else counted("what happens to {k} group", "what happens to {k} groups", k=k)
    )
    why = say("fewer than {n} people stand behind them", n=threshold("FEW"))
    return what, why, say("a larger place; no number of pairs")


def _samples(one: Refusal) -> Message:
    name = "LEAST_SAMPLES" if one.kind == "assumptions" else "NAMING_SAMPLES"
    return say("--samples {n}; {time}", n=threshold(name), time=_time(one))


def _varied(one: Refusal) -> Cited:
    return _count(one, Source("manifest.json", {}, "samples"))


def _count(one: Refusal, source: Source) -> Cited:
    return Cited(str(one.counts[0]), one.counts[0], source)


def _assumptions(one: Refusal) -> Words:
    return _varied_enough(one, say("that any of this holds whatever the assumptions are"), "LEAST_SAMPLES")


def _resting(one: Refusal) -> Words:
    return _varied_enough(one, say("which assumptions an interval rests on"), "NAMING_SAMPLES")


def _varied_enough(one: Refusal, what: Message, least: str) -> Words:
    """Return what is not claimed because the assumptions were varied in too few samples, and how many it takes."""
    why = say(
        "the assumptions were varied in {k} of the {samples} it takes",
        k=_varied(one),
        samples=counts.samples(threshold(least)),
    )
    return what, why, _samples(one)


def _ranking(one: Refusal) -> Words:
    return (
        say("that this reform is the best, or a rank among reforms"),
        say("one reform was compared with its baseline; reforms are ranked over at least {n} samples run for all of "
            "them alike", n=threshold("LEAST_SAMPLES")),
        say("shequ sweep over the reforms, {time} each; then shequ analyse rank", time=_time(one)),
    )  # fmt: skip


def _secondary(one: Refusal) -> Words:
    return (
        counted(
            "anything of the {k} outcome that is not primary",
            "anything of the {k} outcomes that are not primary",
            k=_count(one, Source("pairs", {"primary": False}, "measure", "how many")),
        ),
        say("among so many some look clear by chance alone; their verdicts stand in brackets"),
        say("naming them under `primary` before the run"),
    )
