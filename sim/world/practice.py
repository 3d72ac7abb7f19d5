"""Practice: how each written rule that somebody has to keep to is really kept, area by area.

One row for the duty table (`DUTIES`, row 0) and one for each practised lever, or one for each value of its extra axis.
`written` is what is on paper; what is practised is the new writing for the part `use` of the cases, and for the rest
what was practised before. Where nothing has changed since the start, both are the same.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from sim.catalogue import Lever, duty_classes, kinds, levers
from sim.world.practice_columns import PRACTICE
from sim.world.table import Table
from sim.world.world import World

DUTIES = 0


@lru_cache(maxsize=1)
def practised_rows() -> dict[str, slice]:
    """Return the rows of every practised lever, in catalogue order after the duty table's."""
    rows, first = {}, DUTIES + 1
    for row in levers().values():
        if row.practised:
            rows[row.id] = slice(first, first + _length(row))
            first = rows[row.id].stop
    return rows


@lru_cache(maxsize=1)
def kept_by_case() -> np.ndarray:
    """Return, per row, whether a part of the cases follows the new rule; else practice is a number between."""
    rows = [levers()[lever] for lever in practised_rows()]
    return np.array([True, *(row.by_case for row in rows for _ in range(_length(row)))])


@lru_cache(maxsize=1)
def row_names() -> tuple[str, ...]:
    """Return what each row is called: `duties`, a lever, or a lever and a value of its extra axis."""
    axes = {"kind": tuple(kinds()), "duty_class": tuple(duty_classes())}
    names = ["duties"]
    for lever in practised_rows():
        by = levers()[lever].by
        names += [f"{lever}:{one}" for one in axes[by]] if by else [lever]
    return tuple(names)


def _length(row: Lever) -> int:
    return {None: 1, "kind": len(kinds()), "duty_class": len(duty_classes())}[row.by]


def start_practice(world: World) -> None:
    """Let every rule in force before the first month be practised as written."""
    n_rows = len(kept_by_case())
    world.tables["practice"] = table = Table.make("practice", PRACTICE, n_rows, {"area": world.n_areas})
    for lever, rows in practised_rows().items():
        for column in ("written", "custom", "paper", "before", "value"):
            getattr(table, column)[rows] = _by_area(world, lever)


def announce_practice(world: World, lever: str, coming: tuple[np.ndarray, np.ndarray] | None) -> None:
    """Take down in how many months a rule changes, as far as announced, and to what; 0 months for no change.

    coming: months and values in the lever's full shape, each area's own; None where nothing is announced.
    """
    rows = practised_rows().get(lever)
    if rows is None:
        return
    table, values = world.practice, world.rules[lever]
    months, values = (np.zeros_like(values), values) if coming is None else coming
    table.coming[rows] = _spread(world, lever, values)
    table.months_ahead[rows] = _spread(world, lever, months) * (table.coming[rows] != table.written[rows])


def coming(world: World, lever: str) -> tuple[np.ndarray, np.ndarray]:
    """Return, per area, in how many months a rule changes as announced, 0 for none, and the sign of the change.

    Of a choice, later values of its list count as higher.
    """
    table, row = world.practice, practised_rows()[lever].start
    return table.months_ahead[row], np.sign(table.coming[row] - table.written[row])


def write_practice(world: World, lever: str) -> None:
    """Take down what a changed rule says now, and count its writing as changed where it has."""
    rows = practised_rows().get(lever)
    if rows is None:
        return
    written, now = world.practice.written[rows], _by_area(world, lever)
    world.practice.version[rows] += now != written
    written[...] = now


def _by_area(world: World, lever: str) -> np.ndarray:
    """Return a lever's value in force as (row, area)."""
    return _spread(world, lever, world.rules[lever])


def _spread(world: World, lever: str, values: np.ndarray) -> np.ndarray:
    """Return a lever's values as (row, area); one value for the place holds in every area."""
    if levers()[lever].domain == "place":
        values = np.repeat(np.reshape(values, (-1, 1)), world.n_areas, axis=1)
    return values.reshape(-1, world.n_areas)


def practised(world: World, lever: str) -> np.ndarray:
    """Return what is practised of a rule that is a number: by area, after the lever's extra axis if it has one."""
    return _of(world, "value", lever)


def practised_worth(world: World, lever: str, worth: ArrayLike) -> np.ndarray:
    """Return, as `practised` does, what a rule's listed values are worth in practice, mixed as they are practised.

    worth: one number for each listed value; a flag has two, off and on.
    """
    worth = np.asarray(worth, np.float64)
    if not levers()[lever].by_case:
        on = practised(world, lever)
        return (1 - on) * worth[0] + on * worth[1]
    use, written, before = (_of(world, name, lever) for name in ("use", "written", "before"))
    return use * worth[written.astype(np.int64)] + (1 - use) * worth[before.astype(np.int64)]


def practised_case(world: World, lever: str, area: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return the value of a rule that each case is handled by: as written where its luck lies below the use."""
    use, written, before = (_of(world, name, lever)[area] for name in ("use", "written", "before"))
    return np.where(luck < use, written, before)


def _of(world: World, column: str, lever: str) -> np.ndarray:
    rows = practised_rows()[lever]
    values = getattr(world.practice, column)[rows]
    view = values if levers()[lever].by else values[0]
    view.flags.writeable = False
    return view
