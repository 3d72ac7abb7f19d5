"""Run again what a folder holds, from its own documents and seeds, and compare every cell."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sim import MODEL_VERSION
from sim.base.errors import ShequError
from sim.base.text import Message, say
from sim.experiment import environment
from sim.experiment.attribute import cells_of as attribution_cells
from sim.experiment.compare import cells_of as comparison_cells
from sim.experiment.engines import Workers
from sim.experiment.loading import arms_of
from sim.experiment.pairs import run_arms_cell
from sim.experiment.plan import Plan, Progress, carry_out
from sim.experiment.replicate import cells_of as replication_cells
from sim.experiment.replicate import run_cell
from sim.results.same import Difference, first_difference
from sim.results.store import RunFolder

KINDS = {
    "comparison": (comparison_cells, run_arms_cell),
    "attribution": (attribution_cells, run_arms_cell),
    "levels": (replication_cells, run_cell),
}


@dataclass(frozen=True)
class Reproduction:
    """What came of running again. made_by: how the code that made the run differs from this one; pairs: compared."""

    made_by: tuple[Message, ...]
    pairs: tuple[int, ...]
    difference: Difference | None


def reproduce(
    folder: RunFolder, *, pairs: int = 0, workers: Workers = None, progress: Progress | None = None
) -> Reproduction:
    """Run the finished pairs of a folder again (the first few, if asked) in a temporary one and compare every cell.

    Raises ShequError where the folder holds nothing that can be run again, or other documents than it says.
    """
    environment.prepare()
    manifest = folder.manifest()
    if manifest.get("kind") not in KINDS:
        raise ShequError(say("{folder} holds nothing that can be run again", folder=str(folder.path)))
    arms = arms_of(folder)
    done = [pair for pair in folder.pairs_done() if pair < manifest["pairs"]]
    wanted = done[:pairs] if pairs else done
    make, task = KINDS[manifest["kind"]]
    with tempfile.TemporaryDirectory() as temporary:
        fresh = RunFolder(Path(temporary) / "run")
        cells = [c for c in make(arms, manifest, fresh.address) if c.pair in wanted]
        carry_out(Plan(manifest, arms, cells, task), fresh, workers, progress)
        found = first_difference(folder, fresh, wanted)
    return Reproduction(tuple(made_otherwise(manifest)), tuple(wanted), found)


def made_otherwise(manifest: dict) -> list[Message]:
    """Return what differs between the code that made a run and this one: where to look first if a cell differs."""
    found = []
    if manifest.get("model_version") != MODEL_VERSION:
        found.append(
            say(
                "made by model version {old}; this is {new}",
                old=manifest.get("model_version"),
                new=MODEL_VERSION,
            )
        )
    if manifest.get("source") != environment.source_hash():
        found.append(say("made by other code than this"))
    return found
