"""What sweeps cost, and what a million runs would need: writes docs/scaling.md.

python experiments/benchmarks/sweeps.py [--small]

--small: a tenth of everything, to see that it works.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from sim.experiment import environment

environment.prepare()

from sim.experiment.chunks import Chunk, Ran, run_chunk  # noqa: E402 - threads are set first
from sim.experiment.cluster import ClusterEngine  # noqa: E402
from sim.experiment.engine import LocalEngine, Outcome  # noqa: E402
from sim.experiment.sampling import rows_of  # noqa: E402
from sim.experiment.sweep import (  # noqa: E402
    MOST_PARTS,
    estimate,
    manifest_of,
    run_sweep,
    runs_of,
)
from sim.results.store import RunFolder  # noqa: E402
from sim.results.sweeps import keep_plan, outcomes, parts_of, summary  # noqa: E402
from sim.scenario.design import Design, cut, load_design  # noqa: E402

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "scaling.md"
STUDY = HERE.parent / "cross_held_posts" / "design.yaml"
SMALL = "--small" in sys.argv
RUNS, IN_PART, SLEEPS, LONG = (1_000, 50, 8, 2_000) if SMALL else (10_000, 50, 60, 20_000)
MILLION = 10**6
LEVELS = ("headline", "standard", "full")


def sleeping(_chunk: Chunk) -> Ran:
    """A run of one second that uses no processor: what is left of the time is the engine's."""
    time.sleep(1.0)
    return Ran((), 1.0)


def overhead(design: Design, folder: Path) -> tuple[float, float]:
    """Return the engine's part of the time of runs of one second on two processes, and its processor time a run.

    Processes that have started; where others use the machine, the first is their doing as much as the engine's.
    """
    chunks = [
        Chunk(k, (run,), design.arms, design.months, design.primary, design.record, str(folder))
        for k, run in zip(range(SLEEPS), _repeated(design), strict=False)
    ]
    ends = [(time.monotonic(), time.process_time()) for _ in LocalEngine(2).run(sleeping, chunks)]
    (began, used), (ended, used_up), n = ends[1], ends[-1], len(ends) - 2
    return (ended - began) / (n / 2) - 1.0, (used_up - used) / n


def on_a_cluster(folder: Path) -> tuple[float, float]:
    """Return the same for a Dask cluster of two workers on this machine: runs that sleep for a second."""
    from distributed import LocalCluster

    cells = [1.0 + 1e-9 * k for k in range(SLEEPS)]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        engine = ClusterEngine(cluster.scheduler_address, folder / "cluster")
        ends = [(time.monotonic(), time.process_time()) for _ in engine.run(time.sleep, cells)]
    (began, used), (ended, used_up), n = ends[1], ends[-1], len(ends) - 2
    return (ended - began) / (n / 2) - 1.0, (used_up - used) / n


def _repeated(design: Design) -> Iterator:
    while True:
        yield from runs_of(design)


class Nothing:
    """An engine that does nothing at once, so that only the driver is left; it notes the driver's memory."""

    workers = 2

    def __init__(self) -> None:
        self.memory: list[float] = []

    def run(self, _task: object, cells: list[Chunk]) -> Iterator[Outcome]:
        """Yield an outcome for each cell."""
        for k, cell in enumerate(cells):
            if k % max(1, len(cells) // 10) == 0:
                self.memory.append(resident())
            yield Outcome(cell, Ran((), 0.2))


def resident() -> float:
    """Return the memory of this process now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1e6


def memory(design: Design, folder: Path) -> tuple[float, float, float]:
    """Return the driver's memory after the first tenth and at the end of a long sweep, and kilobytes a row."""
    rows = max(LONG // 10, 1)
    tracemalloc.start()
    kept = rows_of(replace(design, n=200, samples=200))
    each = tracemalloc.get_traced_memory()[0] / len(kept) / 1e3
    tracemalloc.stop()
    del kept
    engine, long = Nothing(), replace(design, n=rows, samples=rows, pairs=10)
    run_sweep(long, RunFolder(folder), engine, manifest=manifest_of(long))
    return engine.memory[2], engine.memory[-1], each


@dataclass(frozen=True)
class Store:
    """A large store: seconds to write and to read, its size. cells: rows of outcomes."""

    cells: int
    parts: int
    written: float
    grouped: float
    summed: float
    megabytes: float


def store(design: Design, folder: Path) -> Store:
    """Write many runs like a real one through the real writer, and read them back."""
    kept = RunFolder(folder)
    kept.begin({"pairs": RUNS})
    run_chunk(replace(_one(design), folder=str(folder)))
    first = pl.read_parquet(parts_of(kept)[0])
    parts_of(kept)[0].unlink()
    started = time.monotonic()
    for part in range(RUNS // IN_PART):
        frames = [
            first.with_columns(
                pl.lit(f"{part:06d}-{k:013d}").alias("key"), pl.lit(part, pl.Int64).alias("pair"),
                (pl.col("value") * (1 + 1e-3 * k)).alias("value"),
            )
            for k in range(IN_PART)
        ]  # fmt: skip
        kept.commit("pairs", part, pl.concat(frames))
    written = time.monotonic() - started
    keys = [f"{part:06d}-{k:013d}" for part in range(RUNS // IN_PART) for k in range(IN_PART)]
    plan = pl.DataFrame({"key": keys, "row": range(RUNS)})
    keep_plan(kept, plan, plan.select("row"))
    size = sum(path.stat().st_size for path in parts_of(kept)) / 1e6
    by = ("arm", "measure", "window")
    grouped = _seconds(lambda: outcomes(kept).group_by(by).agg(pl.col("value").mean()).collect())
    return Store(
        len(first) * RUNS, len(parts_of(kept)), written, grouped, _seconds(lambda: summary(kept)), size
    )


def whole_tables(design: Design, level: str, folder: Path) -> float:
    """Return the megabytes of every table of the first run's arms."""
    from sim.model import run_arms

    arms = {name: cut(arm, design.months, design.primary) for name, arm in design.arms.items()}
    for name, tables in run_arms(arms, design.seed, level).items():
        tables.write(folder / level / name)
    return sum(path.stat().st_size for path in (folder / level).rglob("*") if path.is_file()) / 1e6


def _one(design: Design) -> Chunk:
    return Chunk(0, tuple(runs_of(design)[:1]), design.arms, design.months, design.primary, design.record, "")


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = time.monotonic()
        work()
        times.append(time.monotonic() - started)
    return sorted(times)[1]


TEXT = """\
# How far sweeps go

Made by `python experiments/benchmarks/sweeps.py` on {day}: {cores} cores, Python {python}, polars
{polars}{busy}. A run is all arms of a design at one row under one seed. Nothing here is asserted in a test.

| measured | |
|---|---|
| one run of {study} ({arms} arms, 36 + {months} months, 10 000 residents), processor | {seconds:.1f} s |
| runs an hour and core | {rate:.0f} |
| store a run, level headline | {headline:.1f} kB |
| store a run, level standard | {standard:.1f} kB |
| store a run, level full | {full:.1f} kB |
| whole tables of a run, levels headline, standard, full | {tables} MB |
| the engine's part of a run of one second, two processes, clock | {overhead:.1%} |
| the engine's part of a run of one second, processor of the driver | {driver:.1%} |
| on a Dask cluster of two workers here: clock, processor of driver and scheduler | {there:.1%}, {dask:.1%} |
| {runs:,} runs in {parts} parts of {in_part} written ({cells:,} outcomes, {megabytes:.0f} MB) | {written:.1f} s |
| read back: mean by policy, outcome and window | {grouped:.2f} s |
| read back: paired effects, seeds averaged, median and 90 % of rows | {summed:.2f} s |
| driver's memory after the first tenth and at the end of {long:,} runs | {early:.0f} and {late:.0f} MB |
| of it for each row of all {inputs} assumptions | {each:.0f} kB |

**Levels.** A sweep keeps a value an outcome, arm and window, and the months of the place (`series/`). From standard on
there are more outcomes, and quarters of areas and groups; at full also posts, and all of these by month. Causes, and
offices by class, are in the whole tables of a run, which `run` and `compare` keep of the first alone.

**Chunks.** The first runs are committed one by one and timed; then a part holds about five seconds of work, at
most 200 runs, and more of it where there would be over twenty thousand parts. A worker writes its part itself
and returns a few words, so the driver's work does not grow with
what is recorded.

**A million runs** of this design need {million_hours:,.0f} core-hours ({million_days:.1f} hours on 200 cores),
{million_size:.0f} GB at level headline in {million_parts:,} parts, and {million_memory:.1f} GB of memory in the
driver where every run has a row of its own; with five seeds a row a fifth of that. Read back,
{million_read:.0f} s for a mean by policy and outcome at the rate above. Where rows are many, name the
assumptions that matter (`only:`): a row then holds these alone.

**On a cluster.** `dask scheduler` on one machine, `dask worker tcp://HOST:8786 --nworkers N --nthreads 1` on
each other, with the same code and versions and the store on a disk that all see; then `shequ sweep design.yaml
--cluster tcp://HOST:8786 --out STORE`; so do `run`, `compare`, `validate`,
`calibrate` and the analyses that run worlds.
Each worker does its runs in one further process, so that one that kills or
hangs costs itself alone: size a worker by the memory of one run (about {worker:.0f} MB here).
Workers that differ in code or versions, or do not see the store, are refused by name, also when they join
later. The scheduler has no lock on its door: keep it inside, or use TLS.

**Not measured.** More than one machine, a shared disk (NFS), power loss.
"""


def main() -> None:
    """Measure everything and write the page."""
    design = load_design(STUDY)
    with tempfile.TemporaryDirectory() as place:
        found, again = Path(place), replace(design, record="standard")
        before = time.process_time()
        small = estimate(design, found / "headline")
        seconds = (time.process_time() - before) / 2
        before = time.process_time()
        run_chunk(replace(_one(design), folder=_folder(found / "timed")))
        seconds = min(seconds, time.process_time() - before)
        large = estimate(again, found / "standard")
        full = estimate(replace(design, record="full"), found / "full")
        tables = [whole_tables(design, level, found / "tables") for level in LEVELS]
        worker = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        held = store(design, found / "store")
        early, late, each = memory(design, found / "memory")
        part, driver = overhead(design, found)
        there, dask = on_a_cluster(found)
    hours = seconds * MILLION / 3600
    text = TEXT.format(
        day=datetime.now(UTC).date().isoformat(), cores=os.cpu_count(), python=platform.python_version(),
        polars=pl.__version__, busy=f", load {os.getloadavg()[0]:.0f}", study=design.id, arms=len(design.arms),
        months=design.months, seconds=seconds, rate=3600 / seconds, headline=small.size / 1e3,
        standard=large.size / 1e3, full=full.size / 1e3, tables=", ".join(f"{t:.1f}" for t in tables),
        overhead=part, driver=driver, there=there, dask=dask, runs=RUNS, parts=held.parts, in_part=IN_PART,
        cells=held.cells, megabytes=held.megabytes, written=held.written, grouped=held.grouped, summed=held.summed,
        long=LONG, early=early, late=late, each=each, inputs=len(rows_of(replace(design, n=1, samples=1))[0].values),
        million_hours=hours, million_days=hours / 200, million_size=held.megabytes / RUNS * MILLION / 1e3,
        million_parts=round(MILLION / max(MILLION / MOST_PARTS, min(200, 5 / seconds))),
        million_memory=each * MILLION / 1e6,
        million_read=held.grouped / RUNS * MILLION, worker=worker,
    )  # fmt: skip
    print(text)
    if not SMALL:
        PAGE.write_text(text, encoding="utf-8")


def _folder(path: Path) -> str:
    RunFolder(path).begin({"pairs": 0})
    return str(path)


if __name__ == "__main__":
    main()
