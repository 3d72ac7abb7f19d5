"""The rules of claiming: from how many pairs, samples or people on something is said, as one list."""

from __future__ import annotations

import numpy as np

from sim.base import counts
from sim.base.text import Message, say
from sim.results.bars import AT_LEAST_WORTH, LEAST_SAMPLES, NAMING_SAMPLES, SAME_SIGN
from sim.results.grouped import FEW
from sim.results.paired import AGREEING, ALPHA, BCA_PAIRS, POWER, RARE_PAIRS
from sim.results.refused import DEMO_PAIRS, SHARE_PAIRS, VERDICT_PAIRS, minutes
from sim.views.cited import Cited, Source

TABLE = "thresholds"
THRESHOLDS: dict[str, tuple[float, Message]] = {
    "DEMO_PAIRS": (DEMO_PAIRS, say("pairs that show how it works")),
    "VERDICT_PAIRS": (VERDICT_PAIRS, say("pairs for a verdict")),
    "RARE_PAIRS": (RARE_PAIRS, say("pairs before anything is claimed of an outcome that is equal in most pairs")),
    "BCA_PAIRS": (BCA_PAIRS, say("pairs from which on such an outcome takes the bootstrap's interval (BCa)")),
    "SHARE_PAIRS": (SHARE_PAIRS, say("pairs that tell a share of histories to ten points")),
    "ALPHA": (ALPHA, say("chance of a false claim among all primary outcomes of a window")),
    "POWER": (POWER, say("chance that a detectable difference is found")),
    "AGREEING": (AGREEING, say("share of pairs that must go the way of the mean")),
    "FEW": (FEW, say("people who must stand behind a group's figures")),
    "LEAST_SAMPLES": (LEAST_SAMPLES, say("samples of the assumptions before robustness or a rank is claimed")),
    "NAMING_SAMPLES": (NAMING_SAMPLES, say("samples before the assumptions behind a spread are named")),
    "SAME_SIGN": (SAME_SIGN, say("share of samples that must have the sign of the mean")),
    "AT_LEAST_WORTH": (AT_LEAST_WORTH, say("share of samples that must be worth acting on")),
}  # fmt: skip


def threshold(name: str) -> Cited:
    """Return one number of the rules of claiming, as a sentence shows it."""
    value = THRESHOLDS[name][0]
    return Cited(f"{value:g}", value, Source(TABLE, {"name": name}))


def minutes_of(manifest: dict, pairs: int) -> Message:
    """Return how long so many pairs take, as a sentence shows it."""
    return time_words(minutes(manifest, pairs), pairs)


def time_words(value: float, pairs: int) -> Message:
    """Return how many minutes some pairs take on the machine of a run; before it is over that is not known."""
    if np.isnan(value):
        return say("how long is known once this run is over")
    source = Source("manifest.json", {"pairs to run": pairs}, "seconds / timed", "minutes")
    return say("about {minutes}", minutes=counts.minutes(Cited(f"{value:,.0f}", value, source)))


def listed() -> list[tuple[Message, str]]:
    """Return all of them in words."""
    return [(words, f"{value:g}") for value, words in THRESHOLDS.values()]
