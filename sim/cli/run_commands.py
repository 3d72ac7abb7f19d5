"""Commands that simulate: run, compare, report. Results on stdout, progress and diagnostics on stderr."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.text import translate as _

if TYPE_CHECKING:
    import typer

    from sim.results.verdicts import Comparison

RUNS = Path("runs")


def register(app: typer.Typer) -> None:
    """Declare the commands in the language in force."""
    _register_compare(app)
    _register_run(app)
    _register_report(app)


def _register_compare(app: typer.Typer) -> None:
    import typer

    @app.command(help=_("Compare a scenario with the same place without its reforms, or with another scenario, in pairs under the same luck."))
    def compare(
        scenario: str = typer.Argument(..., help=_("A scenario file, or a name from the library.")),
        other: str = typer.Argument("", help=_("Another scenario of the same place to compare with; nothing for the place without reforms.")),
        pairs: int = typer.Option(0, "--pairs", help=_("How many pairs; 0 for what the scenario says."), min=0),
        with_: list[str] = typer.Option([], "--with", help=_("Add a reform.")),
        without: list[str] = typer.Option([], "--without", help=_("Leave out a clause or a reform.")),
        only: list[str] = typer.Option([], "--only", help=_("Keep only these clauses or reforms.")),
        set_: list[str] = typer.Option([], "--set", help=_("Set a lever: lever=value@YYYY-MM.")),
        sample: list[str] = typer.Option([], "--assume", help=_("Give an assumption another value in both arms: name=value.")),
        seed: int = typer.Option(1, "--seed", help=_("Number of the first pair's luck.")),
        workers: int = typer.Option(0, "--workers", help=_("Processes; 0 for one per core."), min=0),
        record: str = typer.Option("standard", "--record", help=_("What to record: headline, standard or full.")),
        out: str = typer.Option("", "--out", help=_("Folder for the run; a run of the same name goes on where it stopped.")),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.experiment.compare import run_comparison
        from sim.experiment.loading import load_arms

        baseline, reform = load_arms(scenario, other, with_, without, only, set_, sample)
        name = reform.id if not other else f"{reform.id}-against-{baseline.id}"
        folder = Path(out) if out else RUNS / f"{name}-{reform.hash[:8]}-{seed}"
        command = " ".join(shlex.quote(word) for word in ["shequ", *sys.argv[1:]])
        with _Progress() as progress:
            found = run_comparison(
                baseline, reform, folder, pairs=pairs or reform.run.pairs, seed=seed, workers=workers or None, record=record,
                command=command, progress=progress,
            )
        _show(found, as_json=as_json)



def _register_run(app: typer.Typer) -> None:
    import typer

    @app.command(help=_("Run one scenario and print its outcomes; levels only, nothing is compared."))
    def run(
        scenario: str = typer.Argument(..., help=_("A scenario file, or a name from the library.")),
        replications: int = typer.Option(3, "--replications", help=_("How many replications."), min=1),
        seed: int = typer.Option(1, "--seed", help=_("Number of the first replication's luck.")),
        workers: int = typer.Option(0, "--workers", help=_("Processes; 0 for one per core."), min=0),
        record: str = typer.Option("standard", "--record", help=_("What to record: headline, standard or full.")),
        out: str = typer.Option("", "--out", help=_("Folder for the run; a run of the same name goes on where it stopped.")),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.cli.output import print_json, print_page
        from sim.experiment.replicate import run_replications
        from sim.scenario import load_scenario
        from sim.views.pages import levels_page

        found = load_scenario(scenario).runnable()
        folder = Path(out) if out else RUNS / f"{found.id}-levels-{found.hash[:8]}-{seed}"
        command = " ".join(shlex.quote(word) for word in ["shequ", *sys.argv[1:]])
        with _Progress() as progress:
            page = levels_page(run_replications(found, folder, replications, seed, workers or None, record, command, progress))
        print_json(page.plain()) if as_json else print_page(page)



def _register_report(app: typer.Typer) -> None:
    import typer

    @app.command(help=_("Write the report of a run folder again, in the language asked for."))
    def report(folder: str = typer.Argument(..., help=_("A run folder."))) -> None:
        from sim.results.store import RunFolder
        from sim.results.verdicts import read_comparison
        from sim.views.report import write_report

        print(write_report(read_comparison(RunFolder(Path(folder)))))



class _Progress:
    """A line on stderr with the pairs done and the time left; silent where stderr is no terminal, save at the end."""

    def __enter__(self) -> _Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task(_("pairs under the same luck"), total=None)
        self.bar.start()
        return self

    def __call__(self, done: int, total: int, seconds: float) -> None:
        del seconds
        self.bar.update(self.task, completed=done, total=total)

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        self.bar.stop()
        if kind is KeyboardInterrupt:
            print(_("Stopped. What was finished is kept; the same command goes on from there."), file=sys.stderr)


def _show(found: Comparison, *, as_json: bool) -> None:
    from sim.cli.output import print_json, print_page
    from sim.views.pages import verdict_page
    from sim.views.report import write_report

    path, page = write_report(found), verdict_page(found)
    if as_json:
        print_json(page.plain() | {"report": str(path), "folder": str(found.folder.path)})
        return
    print_page(page)
    print("\n" + _("Report: {path}").format(path=path))
    for failure in found.failed:
        print(failure, file=sys.stderr)
