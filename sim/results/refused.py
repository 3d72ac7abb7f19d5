"""What a comparison does not claim, why, and how much work would settle it.

Whatever the design says must not be said yet is listed here, so that a reader meets it beside what is claimed. How many
pairs would settle something is told for a difference worth acting on, never for the difference seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sim.results.bars import LEAST_SAMPLES, NAMING_SAMPLES, SEEDS, Bars, read_bars
from sim.results.grouped import GroupVerdict, group_verdicts
from sim.results.paired import RARE_PAIRS
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
    `pairs` counts samples of the assumptions, each of some pairs.
    """

    kind: str
    of: Verdict | GroupVerdict | Bars | None = None
    pairs: int = 0
    samples: int = 0
    more: int = 0
    minutes: float = 0.0
    counts: tuple[int, ...] = ()
    in_samples: bool = False


def minutes(manifest: dict[str, Any], pairs: float) -> float:
    """Return how many minutes so many pairs take on the machine that made a run, at least one."""
    timed = manifest.get("timed") or manifest.get("pairs", 1)
    return max(manifest.get("seconds", 0.0) / max(timed, 1) * max(pairs, 0) / MINUTE, 1.0)


def refusals(comparison: Comparison) -> list[Refusal]:
    """Return what a comparison does not claim: of outcomes first, then of groups, assumptions and rankings."""
    manifest = comparison.folder.manifest()
    groups = group_verdicts(comparison.folder) if comparison.folder.has("groups") else []
    return [
        *_too_few(comparison, manifest),
        *(found for v in comparison.verdicts if v.primary for found in _of_outcome(v, manifest)),
        *_of_groups(groups, manifest),
        *_of_assumptions(comparison, manifest),
        _samples("ranking", LEAST_SAMPLES, 0, manifest),
        Refusal("secondary", counts=(len({v.measure for v in comparison.verdicts if not v.primary}),)),
    ]


def _too_few(comparison: Comparison, manifest: dict) -> list[Refusal]:
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
    if c.mostly_zero and c.n < RARE_PAIRS:
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


def _of_groups(groups: list[GroupVerdict], manifest: dict) -> list[Refusal]:
    unsure = [v for v in groups if v.worst and (v.overlapping or v.grade not in ("clear", "small"))]
    found = [_more("worst", v, v.contrast.pairs_to_decide or 0, v.contrast.n, manifest) for v in unsure]
    few = {(v.group, v.value) for v in groups if v.few}
    return found + ([Refusal("few_people", counts=(len(few),))] if few else [])


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
