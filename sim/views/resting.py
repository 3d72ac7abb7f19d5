"""What a result rests on: its assumptions by grade of evidence, and, from enough samples on, which of them move it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from typing import Any

from sim.base.plain import plain
from sim.base.text import Message, pick, say
from sim.catalogue import assumptions, difference_unit, measures
from sim.results.bars import NAMING_SAMPLES, SEEDS
from sim.results.resting import Resting
from sim.scenario.describe import GRADES
from sim.views.behind import WIDEST, resting_on
from sim.views.thresholds import minutes_of, threshold
from sim.views.wording import WINDOWS, figure, samples_done, signed

ORDER = ("law", "seed", "published", "derived", "assumed")


def grade_columns() -> list[Any]:
    """Return the headings of a row of assumptions by grade."""
    return [
        say("outcome"),
        *(GRADES[grade] for grade in ORDER),
        say("widest ranges among them (value; range)"),
    ]


def grade_rows(manifest: dict) -> list[list[Any]]:
    """Return, for each primary outcome, how many numbers of its mechanisms have which evidence, and the least sure."""
    return [_grade_row(measure, manifest) for measure in manifest["primary"]]


def _grade_row(measure: str, manifest: dict) -> list[Any]:
    rows = resting_on(measure)
    counts: Counter[str] = Counter(row.grade for row in rows)
    widest = pick(say("; ")).join(
        pick(
            say(
                "{name} ({value}; {low} to {high})",
                name=row.text,
                value=plain(manifest.get("assumptions", {}).get(row.id, row.value)),
                low=plain(row.range[0]),
                high=plain(row.range[1]),
            )
        )
        for row in [row for row in rows if not row.values][:WIDEST]
    )
    return [measures()[measure].text, *(str(counts[grade]) for grade in ORDER), widest]


def note(manifest: dict, found: Sequence[Resting]) -> Message:
    """Return how the shares are to be read, or that they were not measured and what that would take."""
    if not found:
        return say(
            "How much of each interval goes with which assumption is not measured: that takes {n} samples, this run "
            "has {k}; --samples {n}, {time}.",
            n=threshold("NAMING_SAMPLES"),
            k=samples_done(manifest),
            time=minutes_of(manifest, SEEDS * NAMING_SAMPLES),
        )
    return say(
        "Share: part of the spread over samples that goes with this assumption alone (squared rank correlation, 95 % "
        "by bootstrap). Named is only what exceeds the largest share that assumptions without any effect reach in one "
        "of twenty shuffles of the samples; the rest is chance, interplay and many small ones. Single "
        "shares overlap; those by grade divide what all named explain together."
    )


def columns() -> list[Message]:
    """Return the headings of a row of what an outcome rests on."""
    return [
        say("outcome"),
        say("window"),
        say("rests on"),
        say("evidence"),
        say("share of the spread"),
        say("95 % interval"),
        say("difference in its lowest third"),
        say("in its highest third"),
        say("verdict"),
    ]


def rows(found: Sequence[Resting]) -> list[list[Any]]:
    """Return every named assumption as cells, and a row that says so where none can be named."""
    return [row for one in found for row in _rows(one)]


def _rows(one: Resting) -> list[list[Any]]:
    measure = measures()[one.measure]
    name = say("{measure} ({unit})", measure=measure.text, unit=difference_unit(measure.unit))
    head = [name, WINDOWS.get(one.window, one.window)]
    if not one.named:
        return [
            [*head, say("none stands out: floor {floor}", floor=_percent(one.floor)), "", "", "", "", "", ""]
        ]
    return [
        [
            *head,
            assumptions()[part.name].text,
            GRADES[part.grade],
            _percent(part.share),
            f"[{_percent(part.low)}, {_percent(part.high)}]",
            signed(part.at_low),
            signed(part.at_high),
            say("sign or worth turns within its range") if part.turns else say("holds over its range"),
        ]
        for part in one.named
    ]


def lines(found: Sequence[Resting]) -> list[Message]:
    """Return the same as one sentence an outcome, for where a table of nine columns has no room."""
    return [_line(one) for one in found]


def _line(one: Resting) -> Message:
    pieces = [
        say(
            "{share} on {name} ({grade}: {low} in its lowest third, {high} in its highest)",
            share=_percent(part.share), name=assumptions()[part.name].text, grade=GRADES[part.grade],
            low=signed(part.at_low), high=signed(part.at_high),
        )
        for part in one.named
    ]  # fmt: skip
    return _told(one, pieces or [say("none stands out: floor {floor}", floor=_percent(one.floor))])


def by_grade(found: Sequence[Resting]) -> list[Message]:
    """Return, for each outcome, how much of its spread goes with named assumptions of which evidence."""
    return [_told(one, _shares(one)) for one in found if one.named]


def _shares(one: Resting) -> list[Message]:
    return [
        say("{share} on numbers that are: {grade}", share=_percent(share), grade=GRADES[grade])
        for grade, share in one.by_grade.items()
    ]


def _told(one: Resting, pieces: Sequence[Message]) -> Message:
    """Return what is said of one outcome in one window, piece by piece."""
    told = reduce(lambda a, b: say("{a}; {b}", a=a, b=b), pieces)
    return say(
        "{measure} ({window}): {shares}",
        measure=measures()[one.measure].text,
        window=WINDOWS.get(one.window, one.window),
        shares=told,
    )


def _percent(share: float) -> str:
    return f"{figure(100 * share)} %"
