"""A study from its design to its finding: runs what its folder lacks, writes picture and tables, prints them.

python experiments/run_study.py experiments/robust_package [--out runs/robust_package] [--workers 2] [--smoke]

--smoke: a few rows and months in a temporary folder, to see that all of it works; nothing of the study is written.
A study may have `more.py` beside its design, with `report(study, folder, run)`: what else it wants run and printed.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from sim.experiment import environment

environment.prepare()

from sim import MODEL_VERSION  # noqa: E402 - threads are set first
from sim.cli.output import print_page  # noqa: E402
from sim.cli.sweep_analyses import further_pages  # noqa: E402
from sim.experiment.sweep import Swept, manifest_of, run_sweep  # noqa: E402
from sim.results.store import RunFolder  # noqa: E402
from sim.results.sweeps import LATE, summary  # noqa: E402
from sim.scenario.design import Design, load_design  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent))

from study_results import picture, table  # noqa: E402

SMOKE = {"n": 2, "samples": 2, "months": 12, "pairs": 1}


def runner(out: Path, workers: int, *, smoke: bool) -> Callable[[Design, str], Swept]:
    """Return what runs a design into a folder under `out` and prints what the design asks for."""

    def run(design: Design, name: str) -> Swept:
        design = replace(design, **SMOKE) if smoke else design
        manifest = manifest_of(design, " ".join(["python", *sys.argv]))
        folder = RunFolder(out / name if name else out)
        swept = run_sweep(design, folder, workers, manifest=manifest, progress=_told)
        print(file=sys.stderr)
        for page in further_pages(swept, design):
            print_page(page)
        return swept

    return run


def _told(done: int, total: int) -> None:
    print(f"\r{done} of {total} runs", end="", file=sys.stderr, flush=True)


def tables(folder: RunFolder, swept: Swept) -> str:
    """Return the main table in Markdown, under a line that says what made it."""
    manifest = folder.manifest()
    found = summary(folder).filter(pl.col("window") == LATE)
    found = found.with_columns((1 - pl.col("above_zero")).alias("below_zero"))
    head = f"Model version {MODEL_VERSION}, {swept.done} of {swept.runs} runs, {len(swept.failed)} failed.\n\n"
    return head + table(found, manifest["primary"])


def main() -> None:
    """Run a study; writes `picture.png` and `results.md` beside its design."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("study", type=Path)
    ask.add_argument("--out", type=Path)
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--smoke", action="store_true")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        out = Path(spare) / "run" if asked.smoke else asked.out or Path("runs") / asked.study.name
        target = Path(spare) if asked.smoke else asked.study
        run = runner(out, asked.workers, smoke=asked.smoke)
        swept = run(load_design(asked.study / "design.yaml"), "")
        found = summary(swept.folder).filter(pl.col("window") == LATE)
        picture(found, swept.folder.manifest()["primary"], target / "picture.png")
        text = "\n\n".join([tables(swept.folder, swept), *_more(asked.study, target, swept.folder, run)])
        (target / "results.md").write_text(f"{text}\n", encoding="utf-8")
        print(text)


def _more(study: Path, target: Path, folder: RunFolder, run: Callable) -> list[str]:
    """Return what the study's own `more.py` has to say, if there is one."""
    path = study / "more.py"
    if not path.exists():
        return []
    spec = importlib.util.spec_from_file_location("more", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [module.report(study, target, folder, run)]


if __name__ == "__main__":
    main()
