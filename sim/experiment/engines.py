"""Who runs the cells of a plan: processes of this machine, or a cluster."""

from __future__ import annotations

from pathlib import Path

from sim.experiment.cluster import ClusterEngine
from sim.experiment.engine import Engine, LocalEngine

# Who runs the cells of a plan: so many processes of this machine (None: one a core), the Dask cluster whose scheduler
# has this address, or an engine.
Workers = int | str | Engine | None


def engine_for(workers: Workers, store: Path, cells: int, limit: float | None = None) -> Engine:
    """Return the engine of a plan of so many cells. store: the folder they are committed to; limit: seconds a cell.

    A plan of one cell runs in this process: nothing else could be lost with it, and a process takes seconds to start.
    """
    if isinstance(workers, str):
        return ClusterEngine(workers, store, limit)
    if workers is None or isinstance(workers, int):
        return LocalEngine(1 if cells == 1 else workers, limit)
    return workers
