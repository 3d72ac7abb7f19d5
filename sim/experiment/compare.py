"""Compare a reform with the same place without it, pair by pair under the same luck."""

from __future__ import annotations

from pathlib import Path

from sim.base.errors import Problem, ScenarioError
from sim.base.text import say
from sim.experiment import environment
from sim.experiment.pairs import ArmsCell, run_arms_cell
from sim.experiment.plan import Plan, Progress, carry_out, folder_for
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.results.verdicts import Comparison, read_comparison
from sim.scenario.resolved import ResolvedScenario


def run_comparison(
    baseline: ResolvedScenario,
    reform: ResolvedScenario,
    out: Path | None = None,
    *,
    pairs: int,
    seed: int = 1,
    workers: int | None = None,
    record: str = "standard",
    command: str = "",
    progress: Progress | None = None,
) -> Comparison:
    """Run the pairs that the folder lacks, commit each as it finishes, and return the verdicts.

    out: None takes a folder of its own under runs/. Raises ShequError where no pair succeeded.
    """
    environment.prepare()
    reform.runnable()
    what = {"kind": "comparison", "seed": seed, "pairs": pairs, "record": record, "command": command}
    manifest = provenance(baseline, reform, **what, source=environment.source_hash())
    name = reform.id if baseline.id == reform.id else f"{reform.id}-against-{baseline.id}"
    folder = RunFolder(out) if out else folder_for(f"{name}-{reform.hash[:8]}-{seed}", manifest)
    arms = {"baseline": baseline, "reform": reform}
    cells = [
        ArmsCell(k, seed + k, arms, _level(k, record), str(folder.path), keep_tables=k == 0)
        for k in range(pairs)
    ]
    plan = Plan(manifest, arms, cells, run_arms_cell)
    failed = carry_out(plan, folder, workers, progress)
    return read_comparison(folder, failed)


def _level(pair: int, record: str) -> str:
    """Return what to record of a pair: the first is kept in full, so that it can be asked why."""
    return "full" if pair == 0 and record == "standard" else record


def like_for_like(one: ResolvedScenario, other: ResolvedScenario) -> list[Problem]:
    """Return what two scenarios differ in beside their reforms: anything here makes a comparison unfair."""
    pairs = [
        ("place", one.place.id, other.place.id),
        ("law_version", one.law_version, other.law_version),
        ("run.start", one.run.start, other.run.start),
        ("run.months", one.run.months, other.run.months),
        ("run.spin_up", one.run.spin_up, other.run.spin_up),
    ]
    names = sorted(set(one.assumptions) | set(other.assumptions))
    pairs += [(f"assumptions.{n}", one.assumptions.get(n), other.assumptions.get(n)) for n in names]
    of_place = one.place.id + ":"
    shared = sorted(n for n in set(one.quantities) & set(other.quantities) if n.startswith(of_place))
    pairs += [(n, one.quantities[n].value, other.quantities[n].value) for n in shared]
    return [Problem(None, what, say("{a} against {b}", a=str(a), b=str(b))) for what, a, b in pairs if a != b]


def refuse_unlike(one: ResolvedScenario, other: ResolvedScenario) -> None:
    """Raise ScenarioError listing every undeclared difference between two scenarios to be compared."""
    problems = like_for_like(one, other)
    if problems:
        head = Problem(
            None, "", say("the two scenarios differ in more than their reforms; compare like with like")
        )
        raise ScenarioError([head, *problems])
