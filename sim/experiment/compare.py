"""Compare a reform with the same place without it, pair by pair under the same luck."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sim.base.errors import Problem, ScenarioError, ShequError
from sim.base.text import say
from sim.experiment import environment
from sim.experiment.engine import LocalEngine
from sim.experiment.pairs import PairCell, run_pair_cell
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.results.verdicts import Comparison, read_comparison
from sim.scenario.resolved import ResolvedScenario

Progress = Callable[[int, int, float], None]


def run_comparison(
    baseline: ResolvedScenario,
    reform: ResolvedScenario,
    out: Path,
    *,
    pairs: int,
    seed: int = 1,
    workers: int | None = None,
    record: str = "standard",
    command: str = "",
    progress: Progress | None = None,
) -> Comparison:
    """Run the pairs that the folder lacks, commit each as it finishes, and return the verdicts.

    Raises ShequError where no pair succeeded. A KeyboardInterrupt passes through; what was committed stays.
    """
    environment.prepare()
    reform.runnable()
    folder = RunFolder(out)
    fresh = provenance(
        baseline,
        reform,
        seed=seed,
        pairs=pairs,
        record=record,
        command=command,
        source=environment.source_hash(),
    )
    resume_or_begin(folder, fresh)
    done = set(folder.pairs_done())
    cells = [
        PairCell(k, seed + k, baseline, reform, record, str(out), keep_tables=k == 0)
        for k in range(pairs)
        if k not in done
    ]
    started, failed = time.monotonic(), []
    for outcome in LocalEngine(workers).run(run_pair_cell, cells):
        if not outcome.ok:
            failed.append(f"pair {outcome.cell.pair}: {outcome.error}")
        done.add(outcome.cell.pair)
        if progress is not None:
            progress(len(done), pairs, time.monotonic() - started)
    if not folder.pairs_done():
        raise ShequError(say("no pair could be run: {why}", why=failed[0] if failed else "-"))
    folder.write_json(
        "manifest.json", fresh | {"seconds": round(time.monotonic() - started, 2), "failed": failed}
    )
    return read_comparison(folder, tuple(failed))


def resume_or_begin(folder: RunFolder, fresh: dict) -> None:
    """Start a new folder, or go on with one of the same run; refuses one of another."""
    if not (folder.path / "manifest.json").exists():
        folder.begin(fresh)
        return
    stored = folder.manifest()
    same = ("hashes", "seed", "record", "source", "model_version")
    other = [name for name in same if stored.get(name) != fresh[name]]
    if other:
        raise ShequError(
            say(
                "{folder} holds another run (other {what}); give a new folder by --out",
                folder=str(folder.path),
                what=", ".join(other),
            )
        )
    folder.begin(fresh)


def like_for_like(one: ResolvedScenario, other: ResolvedScenario) -> list[Problem]:
    """Return what two scenarios differ in beside their reforms: anything here makes a comparison unfair."""
    found = []
    for what, a, b in (
        ("place", one.place.id, other.place.id),
        ("law_version", one.law_version, other.law_version),
        ("run.start", one.run.start, other.run.start),
        ("run.months", one.run.months, other.run.months),
        ("run.spin_up", one.run.spin_up, other.run.spin_up),
    ):
        if a != b:
            found.append(Problem(None, what, say("{a} against {b}", a=str(a), b=str(b))))
    for name in sorted(set(one.assumptions) | set(other.assumptions)):
        a, b = one.assumptions.get(name), other.assumptions.get(name)
        if a != b:
            found.append(Problem(None, f"assumptions.{name}", say("{a} against {b}", a=str(a), b=str(b))))
    of_place = one.place.id + ":"
    for name in sorted(n for n in set(one.quantities) & set(other.quantities) if n.startswith(of_place)):
        if one.quantities[name].value != other.quantities[name].value:
            values = {"a": str(one.quantities[name].value), "b": str(other.quantities[name].value)}
            found.append(Problem(None, name, say("{a} against {b}", **values)))
    return found


def refuse_unlike(one: ResolvedScenario, other: ResolvedScenario) -> None:
    """Raise ScenarioError listing every undeclared difference between two scenarios to be compared."""
    problems = like_for_like(one, other)
    if problems:
        head = Problem(
            None, "", say("the two scenarios differ in more than their reforms; compare like with like")
        )
        raise ScenarioError([head, *problems])
