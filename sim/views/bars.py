"""Policy, assumptions and chance side by side, or that they were not measured and what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.base.text import Message, say
from sim.catalogue import difference_unit, measures
from sim.results.bars import LEAST_SAMPLES, SEEDS, Bars
from sim.views.thresholds import minutes_of, threshold
from sim.views.wording import WINDOWS, figure, signed


def not_measured(manifest: dict) -> Message:
    """Return that the assumptions were not varied, and the command and minutes that would do it."""
    return say(
        "How far the assumptions move this was not measured: run it with --samples {n} ({time}).",
        n=threshold("LEAST_SAMPLES"),
        time=minutes_of(manifest, SEEDS * LEAST_SAMPLES),
    )


def note() -> Message:
    """Return how the bars are to be read."""
    return say(
        "Policy: mean difference. Assumptions: standard deviation between samples of the assumptions, beyond chance. "
        "Chance: standard deviation between seeds within a sample."
    )


def columns() -> list[Message]:
    """Return the headings of a row of bars."""
    return [
        say("outcome"),
        say("window"),
        say("policy: mean difference"),
        say("assumptions: spread"),
        say("chance: spread"),
        say("same sign in"),
        say("worth acting on in"),
        say("verdict over the assumptions"),
    ]


def row(one: Bars) -> list[Any]:
    """Return the bars of one outcome as cells."""
    name = say(
        "{measure} ({unit})",
        measure=measures()[one.measure].text,
        unit=difference_unit(measures()[one.measure].unit),
    )
    spreads = [figure(one.assumptions, one.policy), figure(one.chance, one.policy)]
    shares = [f"{100 * share:.0f} %" for share in (one.same_sign, one.at_least_worth)]
    return [name, WINDOWS[one.window], signed(one.policy), *spreads, *shares, verdict(one)]


def verdict(one: Bars) -> Message:
    """Return what the samples allow one to say."""
    if not one.measured:
        return say("not measured: {n} of {all} samples", n=one.samples, all=LEAST_SAMPLES)
    if one.robust:
        return say("robust: sign and size hold")
    return say("rests on assumptions") if one.assumptions > one.chance else say("mostly chance")


def rows(found: Sequence[Bars]) -> list[list[Any]]:
    """Return every outcome's bars as cells."""
    return [row(one) for one in found]
