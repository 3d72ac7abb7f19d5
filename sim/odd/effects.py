"""What each rule is assumed to do, and what moves each stock: the page a reader checks for an outcome written in."""

from __future__ import annotations

from math import log

from sim.catalogue import Assumption, acting_directly, assumptions, causes, unit_text
from sim.odd.gathered import movers, stocks, written_by
from sim.odd.pages import both, number, render, spoken_both
from sim.rules.operations import OPERATIONS
from sim.scenario.describe import GRADES
from sim.schedule import SCHEDULE


def effects_document() -> str:
    """Return the page in both languages: effects of rules by mechanism, stocks, and who writes which column."""
    claims = [row for row in assumptions().values() if row.effect_of]
    effects = _ordered([row for row in claims if row.none is not None])
    return render(
        "effects.md.j2",
        parts=(
            ("rules", [row for row in effects if not of_operations(row)]),
            ("operations", [row for row in effects if of_operations(row)]),
        ),
        amounts=_ordered([row for row in claims if row.none is None]),
        direct=acting_directly().values(),
        stocks=[_stock(column.name) for column in stocks()],
        drift=assumptions()["stocks.drift"],
        writers=written_by(),
        both=both,
        grades=GRADES,
        direction=direction,
        source_of=lambda row: ", ".join([spoken_both(row.source), *(f"`{e}`" for e in row.evidence)]),
        unit_of=lambda row: both(unit_text(row.unit)),
        span=span,
    )


def of_operations(row: Assumption) -> bool:
    """Return whether an assumption says what a structural operation does, beside rules or alone."""
    return any(name in OPERATIONS for name in row.effect_of)


def _ordered(rows: list[Assumption]) -> list[Assumption]:
    order = {m.name: i for i, m in enumerate(SCHEDULE)}
    return sorted(rows, key=lambda row: order.get(row.mechanism, -1))


def span(row: Assumption) -> str:
    """Return an assumption's range as every range is written."""
    return f"[{number(row.range[0])}, {number(row.range[1])}]"


def direction(row: Assumption) -> dict[str, str]:
    """Return whether the range reaches from no effect to one side, or to both: whether the sign is open."""
    low, high = row.range
    if row.none is not None and low < row.none < high:
        return {"en": "either way", "zh": "正负皆可"}
    return {"en": "one way, or none", "zh": "单向，可为零"}


def _stock(name: str) -> dict:
    column = next(c for c in stocks() if c.name == name)
    norm, drift = assumptions()[f"stocks.norm_{name}"], assumptions()["stocks.drift"]
    return {
        "name": name,
        "meaning": spoken_both(column.meaning),
        "norm": norm,
        "half_life": [log(2) / value for value in (drift.value, drift.range[1], drift.range[0])],
        "movers": [
            f"`{m.name}`: " + "; ".join(both(causes()[cause].text) for cause in names)
            for m, names in movers(name)
        ],
    }
