"""Commands that hold the model against what is known: calibrate, validate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.text import translate as _
from sim.cli import options

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Declare the commands in the language in force."""
    _register_calibrate(app)
    _register_validate(app)


def _register_calibrate(app: typer.Typer) -> None:
    import typer

    summary = _("Fit the assumptions to published figures on the reference community; long to compute.")

    @app.command(help=summary)
    def calibrate(
        samples: int = typer.Option(
            500, "--samples", help=_("Accepted samples wanted."), min=20, max=options.MOST
        ),
        trajectories: int = typer.Option(
            4, "--trajectories", help=_("Morris trajectories of the screen."), min=2
        ),
        wave: int = typer.Option(300, "--wave", help=_("Runs a wave."), min=20),
        waves: int = typer.Option(2, "--waves", help=_("Waves before the last."), min=1),
        most: int = typer.Option(1200, "--most", help=_("Most runs of the last stage."), min=20),
        copies: int = typer.Option(
            0, "--copies", help=_("Reference communities side by side; 0 for what the file says."), min=0
        ),
        seed: int = typer.Option(1, "--seed", help=_("Number of the first run's luck.")),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
        out: str = typer.Option(
            "runs/calibration", "--out", help=_("Folder; the same command goes on in it.")
        ),
        ship: bool = typer.Option(
            False, "--ship", help=_("Write the set into the library instead of into the folder.")
        ),
        show: bool = typer.Option(False, "--show", help=_("Only show the calibrated set of the library.")),
        recheck: bool = typer.Option(
            False, "--recheck", help=_("Run the library's samples again and keep those that still match.")
        ),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.base.errors import ShequError
        from sim.base.library import library_folder
        from sim.base.text import say
        from sim.cli.options import StageProgress
        from sim.cli.output import print_page
        from sim.experiment.calibrate import Effort
        from sim.experiment.calibrate import calibrate as carry_out
        from sim.experiment.calibrate_report import spoken_set, write_set

        folder = library_folder() / "assumptions"
        path = folder / "calibrated.yaml"
        target = folder if ship else Path(out)
        if recheck:
            from sim.experiment.calibrate_recheck import recheck as run_again

            with StageProgress() as progress:
                run_again(Path(out), target, cluster or workers or None, progress)
            path = target / path.name
        elif not show:
            effort = Effort(trajectories, wave, waves, samples, most, copies, seed)
            with StageProgress() as progress:
                found = carry_out(effort, Path(out), cluster or workers or None, progress)
            path, _samples = write_set(found, target)
        if not path.is_file():
            raise ShequError(say("the library holds no calibrated set yet: run `shequ calibrate --ship`"))
        print_page(spoken_set(path))
        print("\n" + str(path))


def _register_validate(app: typer.Typer) -> None:
    import typer

    summary = _("Test the documents' claims and contradictions on a small place under many assumptions.")

    @app.command(help=summary)
    def validate(
        samples: int = typer.Option(
            64, "--samples", help=_("Samples of the assumptions."), min=2, max=options.MOST
        ),
        assumptions: str = typer.Option(
            "prior", "--assumptions", help=_("Set of assumptions to sample from.")
        ),
        only: list[str] = typer.Option([], "--only", help=_("Only these facts (F5) or contradictions (4).")),
        contradictions: bool = typer.Option(
            False, "--contradictions", help=_("Show on which assumptions each side of a contradiction holds.")
        ),
        seed: int = typer.Option(1, "--seed", help=_("Number of the first sample's luck.")),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
        out: str = typer.Option("", "--out", help=_("Folder; the same command goes on in it.")),
        ship: bool = typer.Option(False, "--ship", help=_("Write the table into the library.")),
        fresh: bool = typer.Option(
            False, "--fresh", help=_("Run every sample, also those whose figures the library holds.")
        ),
        show: bool = typer.Option(False, "--show", help=_("Only show the tables of the library.")),
        write_docs: str = typer.Option(
            "", "--write-docs", help=_("Write the library's tables as a document.")
        ),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.base.library import library_folder
        from sim.cli.options import StageProgress
        from sim.cli.output import print_json, print_page
        from sim.experiment import validate_report as report
        from sim.experiment.validate import validate as carry_out
        from sim.experiment.validate_kept import FOLDER

        if write_docs:
            report.write_document(Path(write_docs))
            return
        tables = report.shipped() if show else []
        if not show:
            folder = Path(out or f"runs/facts-{assumptions}")
            with StageProgress() as progress:
                found = carry_out(
                    assumptions,
                    folder,
                    samples=samples,
                    seed=seed,
                    only=tuple(only),
                    fresh=fresh,
                    workers=cluster or workers or None,
                    progress=lambda done, total: progress(_("samples"), done, total),
                )
            tables = [report.record(found)]
            print(report.write_table(found, library_folder() / FOLDER if ship else folder))
        if as_json:
            print_json(tables)
            return
        print_page(report.validation_page(tables, contradictions=contradictions))
