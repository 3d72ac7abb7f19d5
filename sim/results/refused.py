"""What a comparison does not claim, why, and how much work would settle it.

Whatever the design says must not be said yet is listed here, so that a reader meets it beside what is claimed. How many
pairs would settle something is told for a difference worth acting on, never for the difference seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan
from typing import Any

import numpy as np

from sim.results.bars import LEAST_SAMPLES, NAMING_SAMPLES, SEEDS, Bars, read_bars
from sim.results.grouped import GroupVerdict, group_verdicts
from sim.results.paired import RARE_PAIRS, Contrast
from sim.results.verdicts import Comparison, Verdict

DEMO_PAIRS, VERDICT_PAIRS = 10, 20
# Pairs after which the share of histories that go one way is known to within ten points, 95 %.
SHARE_PAIRS = 97
MINUTE = 60


@dataclass(frozen=True)
class Refusal:
    """One claim that is not made. kind: which; of: the verdict, group verdict or bars it is about, if any.

    pairs, samples: what would settle it, in all (0: no number of runs would); more: how many pairs that are not there
    yet; minutes: how much longer those take on the machine of the run; counts: the numbers of its reason; in_samples:
    `pairs` counts samples of the assumptions, each of some pairs; table: of the store, where it is about all of it.
    """

    kind: str
    of: Verdict | GroupVerdict | Bars | None = None
    pairs: int = 0
    samples: int = 0
    more: int = 0
    minutes: float = 0.0
    counts: tuple[int, ...] = ()
    in_samples: bool = False
    table: str = ""


def minutes(manifest: dict[str, Any], pairs: float) -> float:
    """Return how many minutes so many pairs take on the machine that made a run, at least one; nan until it is over."""
    if "seconds" not in manifest:
        return nan
    timed = manifest.get("timed") or manifest.get("pairs", 1)
    return max(manifest.get("seconds", 0.0) / max(timed, 1) * max(pairs, 0) / MINUTE, 1.0)


def refusals(comparison: Comparison) -> list[Refusal]:
    """Return what a comparison does not claim: of outcomes first, then of groups, assumptions and rankings."""
    manifest = comparison.folder.manifest()
    return [
        *too_few(comparison),
        *(found for v in comparison.verdicts if v.primary for found in _of_outcome(v, manifest)),
        *_of_groups(comparison, "groups", manifest),
        *_of_groups(comparison, "posts", manifest),
        *_of_assumptions(comparison, manifest),
        _samples("ranking", LEAST_SAMPLES, 0, manifest),
        Refusal("secondary", counts=(len({v.measure for v in comparison.verdicts if not v.primary}),)),
    ]


def too_few(comparison: Comparison) -> list[Refusal]:
    """Return that there are too few pairs, or samples, for a verdict to act on, where that is so."""
    manifest = comparison.folder.manifest()
    n = max((v.contrast.n for v in comparison.verdicts if v.primary), default=0)
    if n >= VERDICT_PAIRS:
        return []
    return [replace(_more("few_pairs", None, VERDICT_PAIRS, n, manifest), counts=(n,))]


def _of_outcome(verdict: Verdict, manifest: dict) -> list[Refusal]:
    c = verdict.contrast
    if verdict.grade == "no_value":
        return [Refusal("no_value", verdict)]
    if verdict.grade == "seed_sensitive":
        return [_more("history", verdict, SHARE_PAIRS, c.n, manifest)]
    if verdict.grade != "not_distinguishable":
        return []
    if _is_rare(c):
        return [_more("rare", verdict, RARE_PAIRS, c.n, manifest)]
    if c.n < 2:
        return [_more("undecided", verdict, DEMO_PAIRS, c.n, manifest)]
    return [_more("undecided", verdict, c.pairs_to_decide or 0, c.n, manifest)]


def _more(kind: str, of: Verdict | GroupVerdict | None, pairs: int, n: int, manifest: dict) -> Refusal:
    more = max(pairs - n, 0) * (SEEDS if manifest.get("samples") else 1)
    return Refusal(
        kind,
        of,
        pairs=pairs,
        more=more,
        minutes=minutes(manifest, more) if more else 0.0,
        in_samples=bool(manifest.get("samples")),
    )


def _samples(kind: str, samples: int, have: int, manifest: dict) -> Refusal:
    pairs = SEEDS * samples
    return Refusal(kind, samples=samples, more=pairs, minutes=minutes(manifest, pairs), counts=(have,))


def _of_groups(comparison: Comparison, kind: str, manifest: dict) -> list[Refusal]:
    """Return what is not claimed of groups of residents, or of staff by post: who comes off worst, and what happens."""
    verdicts = group_verdicts(comparison.folder, kind) if comparison.folder.has(kind) else []
    unsure = [v for v in verdicts if v.worst and (v.overlapping or _is_rare(v.contrast))]
    found = [_more("worst", v, _pairs_of_group(v), v.contrast.n, manifest) for v in unsure]
    for measure in dict.fromkeys(v.measure for v in verdicts):
        found += _undecided_of([v for v in verdicts if v.measure == measure and not v.few], manifest)
    few = {(v.group, v.value) for v in verdicts if v.few}
    return found + ([Refusal("few_people", counts=(len(few),), table=kind)] if few else [])


def _undecided_of(shown: list[GroupVerdict], manifest: dict) -> list[Refusal]:
    """Return that some groups' differences in an outcome are undecided; it is about the one that takes most pairs."""
    unsure = [v for v in shown if v.grade == "not_distinguishable"]
    if not unsure:
        return []
    hardest = max(unsure, key=lambda v: _pairs_of_group(v) or np.inf)
    found = _more("some_groups", hardest, _pairs_of_group(hardest), hardest.contrast.n, manifest)
    return [replace(found, counts=(len(unsure), len(shown), sum(_is_rare(v.contrast) for v in unsure)))]


def _pairs_of_group(verdict: GroupVerdict) -> int:
    """Return the pairs that settle what happens to a group, 0 where they are more than can be run."""
    if verdict.contrast.n < 2:
        return DEMO_PAIRS
    return RARE_PAIRS if _is_rare(verdict.contrast) else verdict.contrast.pairs_to_decide or 0


def _is_rare(c: Contrast) -> bool:
    return c.mostly_zero and c.n < RARE_PAIRS


def _of_assumptions(comparison: Comparison, manifest: dict) -> list[Refusal]:
    have = manifest.get("samples", 0)
    found = []
    if have < LEAST_SAMPLES:
        found.append(_samples("assumptions", LEAST_SAMPLES, have, manifest))
    else:
        found += [Refusal("not_robust", bar) for bar in read_bars(comparison.folder) if not bar.robust]
    if have < NAMING_SAMPLES:
        found.append(_samples("resting", NAMING_SAMPLES, have, manifest))
    return found
