"""Words of verdicts and what a reader must know before them: names, figures, limits, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.base import counts
from sim.base.calendar import format_month
from sim.base.plain import MINUS
from sim.base.text import Message, say
from sim.catalogue import Measure, assumptions, difference_unit, levers, measures
from sim.results.frozen import frozen_words
from sim.results.verdicts import Comparison, Verdict
from sim.views.cited import Cited, Source

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
    "no_value": say("no value"),
}
# True whatever the pairs are: nothing is concluded from them.
FACTS = ("equal", "no_value")
# Below this gain pairing is not worth a word of praise.
WORTHWHILE = 1.2


def figure(value: float, like: float = 0.0) -> str:
    """Return a number with the decimals that its size, or that of `like`, calls for; a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    size = max(abs(value), abs(like))
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if float(text) != 0 else text.lstrip("-")


def signed(value: float) -> str:
    """Return a difference with its sign; one that rounds to nothing has none."""
    text = figure(value)
    return f"+{text}" if np.isfinite(value) and float(text.replace(MINUS, "-")) > 0 else text


def interval(verdict: Verdict) -> str:
    """Return the interval of a difference."""
    c = verdict.contrast
    return (
        "–" if not np.isfinite(c.low) else f"[{figure(c.low, c.difference)}, {figure(c.high, c.difference)}]"
    )


def better_in(verdict: Verdict) -> str:
    """Return in how many of the pairs the reform was better under the same luck."""
    c = verdict.contrast
    return "–" if c.better is None or not c.n else f"{c.better}/{c.n}"


def pairs_needed(verdict: Verdict) -> str:
    """Return how many pairs would find a difference of the size worth acting on."""
    need = verdict.contrast.pairs_for_worth
    return "–" if need is None else str(need)


def judged(verdict: Verdict) -> Message:
    """Return the grade; in brackets where the outcome is not primary, because nothing is claimed of it."""
    word = GRADES[verdict.grade]
    return word if verdict.primary or verdict.grade in FACTS else say("({word})", word=word)


def window_words(manifest: dict, window: str) -> Message:
    """Return a window's name with its months."""
    first, end = (manifest["start"] + offset for offset in manifest["windows"][window])
    name = WINDOWS.get(window, window)
    return say("{name}: {first} to {last}", name=name, first=format_month(first), last=format_month(end - 1))


def asked_words(manifest: dict) -> list[Message]:
    """Return how the arms differ from the scenario as it stands: another baseline, clauses, levers, assumptions."""
    asked, found = (
        {"only": [], "without": [], "settings": [], "values": {}, "switched_off": []}
        | manifest.get("asked", {}),
        [],
    )
    if manifest.get("against"):
        found.append(say("compared with: {title}", title=manifest["against"]))
    found += [say("declared to differ: {what}", what=line) for line in manifest.get("declared", ())]
    if asked.get("communities"):
        found.append(
            say("on a small twin of the place, with {n}", n=counts.communities(asked["communities"]))
        )
    if asked["only"]:
        found.append(say("nothing but: {names}", names=", ".join(asked["only"])))
    if asked["without"]:
        found.append(say("without: {names}", names=", ".join(asked["without"])))
    if asked["switched_off"]:
        names = ", ".join(asked["switched_off"])
        found.append(say("mechanisms of the model switched off in both arms: {names}", names=names))
    for lever, value, month in asked["settings"]:
        name = levers()[lever].text if lever in levers() else lever
        found.append(say("set from {month}: {name} = {value}", month=month, name=name, value=value))
    for name, value in asked["values"].items():
        row = assumptions().get(name)
        found.append(say("in both arms: {name} = {value}", name=row.text if row else name, value=value))
    return found + frozen_words(manifest.get("frozen"))


def limits(manifest: dict) -> list[Message]:
    """Return what a reader must know before the first number, whatever was asked."""
    assumed, total = manifest["assumed"]
    numbers = {
        "n": Cited(str(assumed), assumed, Source("manifest.json", {}, "assumed", "first")),
        "all": Cited(str(total), total, Source("manifest.json", {}, "assumed", "second")),
    }
    return [
        say("This is a what-if on a model, not a forecast for a named district; no real person is modelled."),
        say(
            "{n} of the {all} numbers behind it are assumed, not measured; they carry ranges that this run varied in "
            "{samples}.",
            **numbers,
            samples=counts.samples(samples_done(manifest)),
        )
        if manifest.get("samples")
        else say(
            "{n} of the {all} numbers behind it are assumed, not measured; they carry ranges that this run did not "
            "vary.",
            **numbers,
        ),
    ]


def samples_done(manifest: dict) -> Cited:
    """Return how many samples of the assumptions a run has, as a number of its manifest."""
    n = manifest.get("samples", 0)
    return Cited(str(n), n, Source("manifest.json", {}, "samples"))


def comparison_limits(comparison: Comparison) -> list[Message]:
    """Return what a reader of a comparison must know first."""
    return [
        *limits(comparison.folder.manifest()),
        interval_words(comparison),
        pairing_words(comparison.verdicts),
        drift_words(comparison.drift),
    ]


def interval_words(comparison: Comparison) -> Message:
    """Return what the intervals of a comparison cover."""
    manifest = comparison.folder.manifest()
    if manifest.get("samples"):
        return say(
            "Intervals are 95 % and simultaneous over the primary outcomes; other outcomes are shown without a claim. "
            "They cover chance and the assumptions together; each sample, the mean of its seeds, counts once: "
            "{samples}, {pairs}.",
            samples=counts.samples(samples_done(manifest)),
            pairs=counts.pairs(pairs_done(comparison.pairs)),
        )
    return say(
        "Intervals are 95 % and simultaneous over the primary outcomes; other outcomes are shown without a "
        "claim. They cover chance in {pairs}, not the assumptions.",
        pairs=counts.pairs(pairs_done(comparison.pairs)),
    )


def drift_words(drift: Iterable[tuple[str, float]]) -> Message:
    """Return which primary outcomes still move without any reform, and by how much a year."""
    moving = [(measures()[name], change) for name, change in drift]
    if not moving:
        return say("Without the reform no primary outcome moves by more than its worth in a year.")
    names = _moving(*moving[-1])
    for row, change in reversed(moving[:-1]):
        names = say("{a}; {b}", a=_moving(row, change), b=names)
    return say("Still moving without the reform, by more than its worth in a year: {names}", names=names)


def _moving(row: Measure, change: float) -> Message:
    source = Source("series", {"measure": row.id, "arm": "baseline"}, "value", "change over the last year")
    cited = Cited(signed(change), change, source)
    return say("{measure} {change} {unit}", measure=row.text, change=cited, unit=difference_unit(row.unit))


def pairs_done(n: int) -> Cited:
    """Return how many pairs there are, as a number of the run folder."""
    return Cited(str(n), n, Source("pairs", {}, "pair", "how many"))


def pairing_words(verdicts: Iterable[Verdict]) -> Message:
    """Return how much the pairing helped, over the primary outcomes."""
    saved = [v.contrast.saved for v in verdicts if v.primary and np.isfinite(v.contrast.saved)]
    if not saved:
        return say("The pairing could not be judged: the arms do not vary.")
    median = float(np.median(saved))
    factor = Cited(figure(median), median, Source("pairs", {"primary": True}, "value", "variance saved"))
    if median < WORTHWHILE:
        return say(
            "Pairing under the same luck hardly narrowed the intervals (factor {factor} in runs, median over "
            "primary outcomes).",
            factor=factor,
        )
    return say(
        "Pairing under the same luck saved a factor of {factor} in runs (median over primary outcomes).",
        factor=factor,
    )
