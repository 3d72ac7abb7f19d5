"""The command about many runs: sweep, and its status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.base import counts
from sim.base.text import say
from sim.base.text import translate as _
from sim.cli import options

if TYPE_CHECKING:
    import typer

    from sim.base.text import Message
    from sim.experiment.engines import Workers
    from sim.experiment.sweep import Estimate, Swept
    from sim.scenario.design import Design

STATUS = "status"
MOST_BY_MONTH = 20_000  # runs whose months are summarised at the end of a sweep; more take minutes


def register(app: typer.Typer) -> None:
    """Declare the command in the language in force."""
    import typer

    summary = _("Run a design: every policy at every row under several seeds; goes on where it stopped.")

    @app.command(help=summary)
    def sweep(
        design: str = typer.Argument(..., help=_("A design file; or the word status, and a folder.")),
        folder: str = typer.Argument("", help=_("With status: the folder of a sweep.")),
        dry_run: bool = typer.Option(
            False, "--dry-run", help=_("Say how much it is and what it takes; run nothing.")
        ),
        hours: float = typer.Option(
            0.0, "--hours", help=_("Stop after so many hours; 0 for never."), min=0.0
        ),
        limit: float = typer.Option(
            0.0, "--limit", help=_("Seconds a chunk of runs may take; 0 for any."), min=0.0
        ),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
        out: str = options.out_option(),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        if design == STATUS:
            _print_status(Path(folder), as_json=as_json)
            return
        from sim.scenario.design import load_design

        found = load_design(design)
        if dry_run:
            _print_estimate(found, workers, cluster, hours)
            return
        swept = _run(found, Path(out) if out else None, hours, limit, cluster or workers or None)
        _print_summary(swept, found, as_json=as_json)
        if swept.failed:
            raise typer.Exit(1)


def _run(design: Design, out: Path | None, hours: float, limit: float, workers: Workers) -> Swept:
    from sim.experiment.sweep import folder_of, manifest_of, run_sweep

    manifest = manifest_of(design, options.command_line())
    folder = folder_of(design, out, manifest)
    with options.Progress(_("runs")) as progress:
        return run_sweep(
            design, folder, workers, manifest=manifest, progress=progress, limit=limit or None, hours=hours or None
        )  # fmt: skip


def _print_estimate(design: Design, workers: int, cluster: str, hours: float) -> None:
    """Say what a sweep takes on the cores it is asked to run on, and how far it comes within its hours."""
    import os
    import tempfile

    from sim.cli.output import print_page
    from sim.experiment.cluster import cores_of
    from sim.experiment.sweep import estimate
    from sim.views.sweeps import estimate_page

    cores = cores_of(cluster) if cluster else workers or os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        found = estimate(design, Path(folder))
    page = estimate_page(design.title, found, cores, found.hours(cores))
    if hours:
        page.sections[0].lines.insert(-1, _within(found, cores, hours))
    print_page(page)


def _within(found: Estimate, cores: int, hours: float) -> Message:
    n, all_ = found.within(cores, hours), counts.runs(found.runs)
    return say("within {hours} about {n} of {runs}", hours=counts.hours(f"{hours:g}"), n=n, runs=all_)


def _print_summary(swept: Swept, design: Design, *, as_json: bool) -> None:
    from sim.cli.output import print_json, print_page
    from sim.cli.sweep_analyses import further_pages
    from sim.results.sweeps import months, summary
    from sim.views.sweeps import draw_summary, summary_page

    manifest, table = swept.folder.manifest(), summary(swept.folder)
    table.write_csv(swept.folder.path / "summary.csv")
    if swept.done <= MOST_BY_MONTH:
        months(swept.folder).write_csv(swept.folder.path / "months.csv")
    table.write_parquet(swept.folder.path / "summary.parquet")
    (swept.folder.path / "summary.svg").write_text(draw_summary(table, manifest), encoding="utf-8")
    page = summary_page(manifest, table, swept.done, swept.failed)
    further = further_pages(swept, design) if swept.done == swept.runs else []
    if as_json:
        print_json(page.plain() | {"folder": str(swept.folder.path), "then": [p.plain() for p in further]})
        return
    for one in (page, *further):
        print_page(one)
    print("\n" + _("Run folder: {folder}").format(folder=swept.folder.path))


def _print_status(path: Path, *, as_json: bool) -> None:
    from sim.cli.output import print_json
    from sim.results.store import RunFolder
    from sim.results.sweeps import keys_done, planned_runs

    folder = RunFolder(path)
    manifest = folder.manifest()
    there = keys_done(folder)
    done, all_ = len(there & set(planned_runs(folder)["key"])), manifest["pairs"]
    failed = sorted(p.stem for p in (path / "failures").glob("*.txt") if p.stem not in there)
    if as_json:
        print_json({"design": manifest.get("design"), "done": done, "all": all_, "failed": failed})
        return
    print(
        say("{design}: {done} of {all} done", design=manifest.get("design"), done=done, all=counts.runs(all_))
    )
    for key in failed:
        print((path / "failures" / f"{key}.txt").read_text(encoding="utf-8").strip())
