"""Run a reform in parts: every coalition of its clauses that can stand alone is an arm of the same pair."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from sim.base.errors import Problem, ScenarioError
from sim.base.text import say
from sim.experiment import environment
from sim.experiment.engines import Workers
from sim.experiment.pairs import ArmsCell, run_arms_cell
from sim.experiment.plan import Plan, Progress, carry_out, folder_for
from sim.results.attribution import NOTHING, PLUS, Attribution, Coalition, read_attribution
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.scenario.resolved import ResolvedScenario

MOST_PARTS = 4


def parts_of(scenario: ResolvedScenario, by: str, named: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the parts of a reform: those named, else its reforms where there are several, else its clauses.

    Raises ScenarioError where there is nothing to divide, or too much: coalitions double with every part.
    """
    clauses = [c for own in scenario.clauses.values() for c in own]
    known = {"reform": list(scenario.clauses), "clause": clauses}
    kind = by or ("reform" if len(scenario.clauses) > 1 else "clause")
    parts = tuple(named) or tuple(known[kind])
    if len(parts) < 2:
        what = say("there is only one part here; telling parts apart takes two")
        raise ScenarioError([Problem(None, "", what)])
    if len(parts) > MOST_PARTS:
        what = say("{n} parts make {runs} arms a pair", n=len(parts), runs=2 ** len(parts))
        hint = say("name at most {most} with --part: {known}", most=MOST_PARTS, known=", ".join(parts))
        raise ScenarioError([Problem(None, "--part", what, hint)])
    return parts


def coalitions(
    scenario: ResolvedScenario, parts: tuple[str, ...]
) -> tuple[dict[Coalition, ResolvedScenario], dict[Coalition, str]]:
    """Return the scenario under every coalition that can stand alone, and why each of the others cannot.

    Parts that are not named stay in force in all of them, so that what is divided is what the named parts add.
    """
    feasible, refused = {}, {}
    for size in range(len(parts) + 1):
        for chosen in combinations(parts, size):
            left_out = tuple(p for p in parts if p not in chosen)
            try:
                feasible[frozenset(chosen)] = scenario.without(left_out) if left_out else scenario
            except ScenarioError as error:
                refused[frozenset(chosen)] = str(error)
    return feasible, refused


def name_of(coalition: Coalition, parts: tuple[str, ...]) -> str:
    """Return the name of a coalition's arm: its parts in order."""
    return PLUS.join(p for p in parts if p in coalition) or NOTHING


def run_attribution(
    scenario: ResolvedScenario,
    parts: tuple[str, ...],
    out: Path | None = None,
    *,
    pairs: int,
    seed: int = 1,
    workers: Workers = None,
    command: str = "",
    progress: Progress | None = None,
) -> tuple[RunFolder, list[Attribution], tuple[str, ...]]:
    """Run every feasible coalition in every pair that the folder lacks; returns what each part did, by outcome."""
    environment.prepare()
    arms, refused = coalitions(scenario, parts)
    nothing = arms.get(frozenset())
    if nothing is None:
        why = refused[frozenset()].splitlines()[0]
        wrong = say("without these parts the rest of the reform cannot stand: {why}", why=why)
        raise ScenarioError([Problem(None, "--part", wrong, say("name with --part what needs them, too"))])
    what = {"kind": "attribution", "seed": seed, "pairs": pairs, "record": "headline", "command": command}
    titles = {str(node.value["id"].value): node.value["title"].plain() for node in scenario.recipe.reforms}
    kept = {"parts": list(parts), "titles": titles, "refused": [name_of(c, parts) for c in refused]}
    manifest = provenance(nothing, scenario, **what, **kept, source=environment.source_hash())
    name = f"{scenario.id}-parts-{scenario.hash[:8]}-{'-'.join(parts)}-{seed}"
    folder = folder_for(name, manifest, out)
    named = {name_of(c, parts): arm for c, arm in arms.items()}
    plan = Plan(manifest, named, cells_of(named, manifest, folder.address), run_arms_cell)
    failed = carry_out(plan, folder, workers, progress)
    return folder, read_attribution(folder), failed


def cells_of(arms: dict[str, ResolvedScenario], manifest: dict, folder: str) -> list[ArmsCell]:
    """Return the pairs of an attribution, each with all its coalitions."""
    seed, record = manifest["seed"], manifest["record"]
    return [ArmsCell(k, seed + k, arms, record, folder) for k in range(manifest["pairs"])]
