"""What the effect of gate and stations hangs on, and where it is worth having: groups, then survivors, then boxes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sim.base.text import pick
from sim.catalogue import assumptions
from sim.experiment.discovery import discover
from sim.experiment.sensitivity import analyse, survivors
from sim.results.store import RunFolder
from sim.scenario.design import Design, load_design

MOST = 12  # inputs over which so many rows can hold a box


def report(study: Path, target: Path, _folder: RunFolder, run: Callable) -> str:
    """Run the two further designs; returns what survived and where the policy gains."""
    groups, second = load_design(study / "groups.yaml"), load_design(study / "survivors.yaml")
    kept = run(groups, "groups").folder
    smoke = kept.manifest()["n"] != groups.n
    groups = replace(groups, n=kept.manifest()["n"], pairs=kept.manifest()["seeds"])
    arm = groups.policies[0]
    found = [analyse(groups, kept, arm, measure) for measure in groups.primary]
    survived = survivors(groups, found)
    chosen = strongest(survived.names, survived.only) or second.only
    written = re.sub(r"only: \[.*\]", f"only: [{', '.join(chosen)}]", (study / "survivors.yaml").read_text("utf-8"))
    (target / "survivors.yaml").write_text(written, encoding="utf-8")
    again = replace(second, only=tuple(chosen))
    folder = run(again, "survivors").folder
    names = ", ".join(f"`{name}`" for name in survived.names)
    head = f"Survivors ({len(survived.names)} of {survived.all} mechanisms): {names}.\n\n"
    head += f"Second step over: {', '.join(chosen)}."
    return head if smoke else "\n\n".join([head, *(boxes(again, folder, arm, m) for m in second.primary)])


def strongest(groups: tuple[str, ...], only: tuple[str, ...]) -> list[str]:
    """Return the inputs of as many surviving mechanisms, the strongest first, as make no more than twelve."""
    chosen: list[str] = []
    for group in groups:
        mates = [name for name in only if assumptions()[name].mechanism == group]
        if len(chosen) + len(mates) <= MOST or not chosen:
            chosen += mates
    return chosen


def boxes(design: Design, folder: RunFolder, arm: str, measure: str) -> str:
    """Return the box of one outcome in a sentence."""
    one = discover(folder, arm, measure)
    title = f"{measure}, {arm}, {one.rows} rows of {len(design.only)} inputs: gains in {100 * one.base:.0f} % of rows"
    if not one.reproduces:
        return f"{title}; no box is said ({100 * one.holding:.0f} % of boxes held elsewhere)."
    limits = "; ".join(f"{pick(assumptions()[x.name].text, 'en')} {x.low:.3g} to {x.high:.3g}" for x in one.limits)
    return f"{title}, inside {100 * one.density:.0f} %; the box holds {100 * one.coverage:.0f} % of gains: {limits}."
