"""What the service loop is given for a month, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

DAY_TICKS = 43_200  # seconds of the longest opening, 12 hours: the working day on which waits are counted
WINDOW_TICKS = 3_600  # a file handed to another pool arrives at the next full hour at the earliest


@dataclass(frozen=True)
class Offices:
    """Queues, one row an office. pool: row of the staff pool that serves it, -1 for none (its cases wait).

    layer: index of its layer; a file for another layer leaves with the sender's batch. batch_days: the sender's
    batch leaves every so many days, 0 for at the next full hour. id: stable name, which sets the batch's phase.
    """

    pool: np.ndarray
    layer: np.ndarray
    batch_days: np.ndarray
    id: np.ndarray


@dataclass(frozen=True)
class Pools:
    """Staff pools. servers: people at work; open_ticks: seconds a day, from the day's first tick, up to DAY_TICKS.

    speed: time a piece of work takes against the standard, as a ratio. lanes: int (pool, rank), the lane in which a
    pool queues each rank, lane 0 first; None for the rank itself.
    """

    servers: np.ndarray
    open_ticks: np.ndarray
    speed: np.ndarray
    lanes: np.ndarray | None = None


@dataclass(frozen=True)
class ServiceTables:
    """Numbers that hold for all offices.

    share: hours of each element against the main one. cap: the longest a piece of work may take against its mean.
    wait_edges: ascending edges of the wait histogram in ticks; bin i holds edges[i-1] <= wait < edges[i].
    key: stream key of the hours, the same in every month. ranks: number of ranks.
    """

    key: np.uint64
    share: np.ndarray = field(default_factory=lambda: np.array([1.0, 0.15, 0.3, 0.0]))
    cap: float = 10.0
    wait_edges: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    ranks: int = 3


@dataclass(frozen=True)
class ServiceMonth:
    """What happened in one call, all int64.

    By (office, rank): joins, starts, completions, lapsed (visits), waiting at the end, busy (open ticks within
    these days), wait_ticks (summed over starts), waits (office, rank, bin; of starts).
    By pool: open (servers x opening), pool_busy, overrun (busy ticks of people who had left), free = open -
    (pool_busy - overrun), usable (part of free in gaps of an hour or more, gaps cut at both ends of the call).
    """

    joins: np.ndarray
    starts: np.ndarray
    completions: np.ndarray
    lapsed: np.ndarray
    waiting: np.ndarray
    busy: np.ndarray
    wait_ticks: np.ndarray
    waits: np.ndarray
    open: np.ndarray
    pool_busy: np.ndarray
    overrun: np.ndarray
    free: np.ndarray
    usable: np.ndarray
