"""The command that simulates one scenario: levels, nothing compared. Results on stdout, diagnostics on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.text import translate as _
from sim.cli import options

if TYPE_CHECKING:
    import typer

    from sim.experiment.replicate import Levels


def register(app: typer.Typer) -> None:
    """Declare the command in the language in force."""
    import typer

    @app.command(help=_("Run one scenario and print its outcomes; levels only, nothing is compared."))
    def run(
        scenario: str = options.scenario_argument(),
        replications: int = typer.Option(
            3, "--replications", "--pairs", help=_("How many replications."), min=1, max=options.MOST
        ),
        months: int = typer.Option(0, "--months", help=_("Only the first months; 0 for all."), min=0),
        communities: int = options.communities_option(),
        assumptions: str = options.assumptions_option(),
        without_mechanism: list[str] = options.mechanisms_option(),
        seed: int = options.seed_option(),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
        record: str = options.record_option(),
        out: str = options.out_option(),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.experiment.loading import load_one
        from sim.experiment.replicate import run_replications

        with options.Progress(_("replications")) as progress:
            found = run_replications(
                load_one(scenario, assumptions, communities).without_mechanisms(without_mechanism),
                Path(out) if out else None,
                replications=replications,
                seed=seed,
                months=months,
                workers=cluster or workers or None,
                record=options.recording(record),
                command=options.command_line(),
                progress=progress,
            )
        _show_levels(found, as_json=as_json)
        if found.failed:
            raise typer.Exit(1)


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
