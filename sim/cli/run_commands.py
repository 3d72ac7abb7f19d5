"""Commands that simulate: run, compare, report. Results on stdout, progress and diagnostics on stderr."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sim.base.text import translate as _

if TYPE_CHECKING:
    import typer

    from sim.experiment.replicate import Levels
    from sim.results.verdicts import Comparison

# Options that say where and how, not what: left out of the command that makes a result again.
ABOUT_HERE = ("--out", "--workers", "--lang")


def register(app: typer.Typer) -> None:
    """Declare the commands in the language in force."""
    _register_compare(app)
    _register_run(app)
    _register_report(app)


def _register_compare(app: typer.Typer) -> None:
    import typer

    summary = _(
        "Compare a scenario with the same place without its reforms, or with another scenario, in pairs under the "
        "same luck."
    )

    @app.command(help=summary)
    def compare(
        scenario: str = typer.Argument(..., help=_("A scenario file, or a name from the library.")),
        other: str = typer.Argument("", help=_("Another scenario of the same place to compare with.")),
        pairs: int = typer.Option(
            0, "--pairs", help=_("How many pairs; 0 for what the scenario says."), min=0
        ),
        with_: list[str] = typer.Option([], "--with", help=_("Add a reform.")),
        without: list[str] = typer.Option([], "--without", help=_("Leave out a clause or a reform.")),
        only: list[str] = typer.Option([], "--only", help=_("Keep only these clauses or reforms.")),
        set_: list[str] = typer.Option([], "--set", help=_("Set a lever: lever=value@YYYY-MM.")),
        assume: list[str] = typer.Option(
            [], "--assume", help=_("Give an assumption another value in both arms: name=value.")
        ),
        assumptions: str = typer.Option(
            "",
            "--assumptions",
            help=_("Another set of assumptions than the scenario names, such as calibrated."),
        ),
        seed: int = typer.Option(1, "--seed", help=_("Number of the first pair's luck.")),
        workers: int = typer.Option(0, "--workers", help=_("Processes; 0 for one per core."), min=0),
        record: str = typer.Option(
            "standard", "--record", help=_("What to record: headline, standard or full.")
        ),
        out: str = typer.Option(
            "", "--out", help=_("Folder for the run; a run of the same name goes on where it stopped.")
        ),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.experiment.compare import run_comparison
        from sim.experiment.loading import load_arms

        baseline, reform = load_arms(scenario, other, with_, without, only, set_, assume, assumptions)
        with Progress(_("pairs under the same luck")) as progress:
            found = run_comparison(
                baseline,
                reform,
                Path(out) if out else None,
                pairs=pairs or reform.run.pairs,
                seed=seed,
                workers=workers or None,
                record=_recording(record),
                command=command_line(),
                progress=progress,
            )
        _show(found, as_json=as_json)
        if found.failed:
            raise typer.Exit(1)


def _register_run(app: typer.Typer) -> None:
    import typer

    @app.command(help=_("Run one scenario and print its outcomes; levels only, nothing is compared."))
    def run(
        scenario: str = typer.Argument(..., help=_("A scenario file, or a name from the library.")),
        replications: int = typer.Option(
            3, "--replications", "--pairs", help=_("How many replications."), min=1
        ),
        months: int = typer.Option(0, "--months", help=_("Only the first months; 0 for all."), min=0),
        assumptions: str = typer.Option(
            "",
            "--assumptions",
            help=_("Another set of assumptions than the scenario names, such as calibrated."),
        ),
        seed: int = typer.Option(1, "--seed", help=_("Number of the first replication's luck.")),
        workers: int = typer.Option(0, "--workers", help=_("Processes; 0 for one per core."), min=0),
        record: str = typer.Option(
            "standard", "--record", help=_("What to record: headline, standard or full.")
        ),
        out: str = typer.Option(
            "", "--out", help=_("Folder for the run; a run of the same name goes on where it stopped.")
        ),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.experiment.replicate import run_replications
        from sim.scenario import load_scenario

        with Progress(_("replications")) as progress:
            found = run_replications(
                load_scenario(scenario, assumptions=assumptions),
                Path(out) if out else None,
                replications=replications,
                seed=seed,
                months=months,
                workers=workers or None,
                record=_recording(record),
                command=command_line(),
                progress=progress,
            )
        _show_levels(found, as_json=as_json)
        if found.failed:
            raise typer.Exit(1)


def _register_report(app: typer.Typer) -> None:
    import typer

    @app.command(help=_("Write the report of a run folder again, in the language asked for."))
    def report(folder: str = typer.Argument(..., help=_("A run folder."))) -> None:
        from sim.results.store import RunFolder
        from sim.results.verdicts import read_comparison
        from sim.views.report import write_report

        print(write_report(read_comparison(RunFolder(Path(folder)))))


class Progress:
    """A line on stderr with what is done and the time left; where stderr is no terminal, a line at each tenth."""

    def __init__(self, what: str):
        self.what = what

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed
        from rich.progress import TimeRemainingColumn as Remaining

        console = Console(stderr=True)
        self.plain = not console.is_terminal
        left = TextColumn(_("time left"))
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Elapsed(),
            left,
            Remaining(),
        )
        self.bar = Progress(*columns, console=console, transient=True, disable=self.plain)
        self.task = self.bar.add_task(self.what, total=None)
        self.bar.start()
        return self

    def __call__(self, done: int, total: int) -> None:
        """Say how much is done."""
        self.bar.update(self.task, completed=done, total=total)
        if self.plain and (done == total or done * 10 // total > (done - 1) * 10 // total):
            print(f"{done}/{total}", file=sys.stderr)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.bar.stop()
        if kind is KeyboardInterrupt:
            print(
                _("Stopped. What was finished is kept; the same command goes on from there."), file=sys.stderr
            )


class StageProgress:
    """Progress of an experiment in stages: a bar a stage, one after the other."""

    def __init__(self) -> None:
        self.name, self.bar = "", None

    def __enter__(self) -> Self:
        return self

    def __call__(self, name: str, done: int, total: int) -> None:
        """Say how far a stage is."""
        if name != self.name:
            self._end(None, None, None)
            self.name, self.bar = name, Progress(name).__enter__()
        self.bar(done, total)

    def _end(self, *leaving: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(*leaving)

    def __exit__(self, *leaving: object) -> None:
        self._end(*leaving)


def _recording(level: str) -> str:
    """Return the level of recording; raises ScenarioError where there is none of this name."""
    from sim.base.errors import Problem, ScenarioError
    from sim.base.text import say

    levels = ("headline", "standard", "full")
    if level not in levels:
        what = say("`{level}` is none of {levels}", level=level, levels=", ".join(levels))
        raise ScenarioError([Problem(None, "--record", what)])
    return level


def command_line() -> str:
    """Return the command that makes this result again: what was asked, without where and how fast."""
    words, kept = iter(sys.argv[1:]), ["shequ"]
    for word in words:
        if word in ABOUT_HERE:
            next(words, None)
        elif word != "--json" and not word.startswith(tuple(f"{option}=" for option in ABOUT_HERE)):
            kept.append(shlex.quote(word))
    return " ".join(kept)


def _show(found: Comparison, *, as_json: bool) -> None:
    from sim.cli.output import print_json, print_page
    from sim.views.pages import verdict_page, verdict_records
    from sim.views.report import write_report

    path, page = write_report(found), verdict_page(found)
    if as_json:
        where = {"report": str(path), "folder": str(found.folder.path)}
        print_json({"verdicts": verdict_records(found)} | page.plain() | where)
        return
    print_page(page)
    print("\n" + _("Report: {path}").format(path=path))


def _show_levels(found: Levels, *, as_json: bool) -> None:
    from sim.cli.output import print_json, print_page
    from sim.views.pages import levels_page

    page = levels_page(found.folder.manifest(), found.rows, found.failed)
    if as_json:
        levels = {window: [list(row) for row in rows] for window, rows in found.rows.items()}
        print_json({"levels": levels} | page.plain() | {"folder": str(found.folder.path)})
        return
    print_page(page)
    print("\n" + _("Run folder: {folder}").format(folder=found.folder.path))
