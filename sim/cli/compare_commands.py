"""Commands that compare: compare, freeze, reproduce, report. Results on stdout, diagnostics on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.base.text import translate as _
from sim.cli import options

if TYPE_CHECKING:
    import typer

    from sim.results.verdicts import Comparison


MOST_UNTIL = 100  # pairs with --until-width, where no number is given


def register(app: typer.Typer) -> None:
    """Declare the commands in the language in force."""
    _register_compare(app)
    _register_freeze(app)
    _register_reproduce(app)
    _register_trace(app)
    _register_report(app)


def _register_compare(app: typer.Typer) -> None:
    import typer

    summary = _(
        "Compare a scenario with the same place without its reforms, or with another scenario, in pairs under the "
        "same luck."
    )

    @app.command(help=summary)
    def compare(
        scenario: str = options.scenario_argument(),
        other: str = typer.Argument("", help=_("Another scenario of the same place to compare with.")),
        pairs: int = typer.Option(
            0, "--pairs", help=_("How many pairs; 0 for what the scenario says."), min=0, max=options.MOST
        ),
        with_: list[str] = typer.Option([], "--with", help=_("Add a reform.")),
        without: list[str] = typer.Option([], "--without", help=_("Leave out a clause or a reform.")),
        only: list[str] = typer.Option([], "--only", help=_("Keep only these clauses or reforms.")),
        set_: list[str] = typer.Option([], "--set", help=_("Set a lever: lever=value@YYYY-MM.")),
        assume: list[str] = typer.Option(
            [], "--assume", help=_("Give an assumption another value in both arms: name=value.")
        ),
        assumptions: str = options.assumptions_option(),
        without_mechanism: list[str] = options.mechanisms_option(),
        differ: list[str] = typer.Option(
            [], "--differ", help=_("In what two scenarios are meant to differ beside their reforms.")
        ),
        communities: int = options.communities_option(),
        frozen: str = typer.Option("", "--frozen", help=_("A file of `shequ freeze` to be held to.")),
        samples: int = typer.Option(
            0,
            "--samples",
            help=_("Samples of the assumptions, two seeds each, instead of pairs; 64 for bars."),
            min=0,
            max=options.MOST,
        ),
        until_width: bool = typer.Option(
            False,
            "--until-width",
            help=_(
                "In batches of ten pairs until every primary interval is as narrow as what is worth acting on."
            ),
        ),
        seed: int = options.seed_option(),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
        record: str = options.record_option(),
        out: str = options.out_option(),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.experiment.compare import run_comparison, run_until_narrow
        from sim.experiment.loading import load_arms

        baseline, reform, declared = load_arms(
            scenario, other, with_, without, only, set_, assume, assumptions, differ, communities
        )
        baseline, reform = (arm.without_mechanisms(without_mechanism) for arm in (baseline, reform))
        asked: dict[str, Any] = {
            "seed": seed,
            "workers": cluster or workers or None,
            "record": options.recording(record),
            "command": options.command_line(),
            "frozen": Path(frozen) if frozen else None,
            "declared": declared,
        }
        where, n = Path(out) if out else None, pairs or reform.run.pairs
        with options.Progress(_("pairs under the same luck")) as progress:
            asked["progress"] = progress
            if until_width:
                found = run_until_narrow(baseline, reform, where, most=pairs or MOST_UNTIL, **asked)
            else:
                found = run_comparison(baseline, reform, where, pairs=n, samples=samples, **asked)
        _show(found, as_json=as_json)
        if found.failed:
            raise typer.Exit(1)


def _register_freeze(app: typer.Typer) -> None:
    import typer

    summary = _("Fix scenario, outcomes, worths, thresholds and pairs in a file before anything is run.")

    @app.command(help=summary)
    def freeze(
        scenario: str = options.scenario_argument(),
        other: str = typer.Argument("", help=_("Another scenario of the same place to compare with.")),
        pairs: int = typer.Option(
            0, "--pairs", help=_("How many pairs; 0 for what the scenario says."), min=0, max=options.MOST
        ),
        seed: int = options.seed_option(),
        assumptions: str = options.assumptions_option(),
        out: str = typer.Option(
            "", "--out", help=_("The file to write; else it is named like the scenario.")
        ),
    ) -> None:
        from sim.experiment.loading import load_arms
        from sim.results.frozen import fixed
        from sim.results.frozen import freeze as write

        baseline, reform, _declared = load_arms(scenario, other, assumptions=assumptions)
        path = Path(out or f"{reform.id}.frozen.json")
        seal = write(fixed(baseline, reform, pairs=pairs or reform.run.pairs, seed=seed), path)
        print(_("Fixed in {path}, seal {seal}.").format(path=path, seal=seal))
        print(_("Run it with: shequ compare {scenario} --frozen {path}").format(scenario=scenario, path=path))


def _register_reproduce(app: typer.Typer) -> None:
    import typer

    @app.command(help=_("Run a folder again from its own documents and seeds and compare every cell."))
    def reproduce(
        folder: str = options.folder_argument(),
        pairs: int = typer.Option(0, "--pairs", help=_("Only the first pairs; 0 for all."), min=0),
        workers: int = options.workers_option(),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.cli.output import print_page
        from sim.experiment.reproduce import reproduce as run_again
        from sim.results.store import RunFolder
        from sim.views.again import reproduction_page

        with options.Progress(_("pairs run again")) as progress:
            found = run_again(
                RunFolder(Path(folder)), pairs=pairs, workers=workers or None, progress=progress
            )
        print_page(reproduction_page(folder, found.pairs, found.made_by, found.difference))
        if found.difference is not None:
            raise typer.Exit(1)


def _register_trace(app: typer.Typer) -> None:
    import typer

    @app.command(
        help=_("Tell what happened to up to three residents with and without the reform, month by month.")
    )
    def trace(
        folder: str = options.folder_argument(),
        pair: int = typer.Option(0, "--pair", help=_("Which pair of the folder."), min=0),
        resident: list[str] = typer.Option(
            [], "--resident", help=_("A resident's name as a trace shows it.")
        ),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.cli.output import print_json, print_page
        from sim.experiment.trace import trace as tell
        from sim.results.store import RunFolder
        from sim.views.kept import TRACE, keep
        from sim.views.report import write_again
        from sim.views.stories import story_page

        store = RunFolder(Path(folder))
        stories, title = tell(store, pair, resident), store.manifest()["title"]
        page = keep(store, TRACE, lambda: story_page(title, pair, stories))
        reports = write_again(store)
        print_json(page.plain()) if as_json else print_page(page)
        for path in reports if not as_json else ():
            print("\n" + _("Report: {path}").format(path=path))


def _register_report(app: typer.Typer) -> None:
    @app.command(help=_("Write the report of a run folder again, in the language asked for."))
    def report(folder: str = options.folder_argument()) -> None:
        from sim.results.store import RunFolder
        from sim.results.verdicts import read_comparison
        from sim.views.report import write_report

        run = RunFolder(Path(folder))
        with run.as_found():
            print(write_report(read_comparison(run)))


def _show(found: Comparison, *, as_json: bool) -> None:
    from sim.cli.output import print_json, print_page
    from sim.views.pages import verdict_page, verdict_records
    from sim.views.report import write_report

    path, page = write_report(found), verdict_page(found)
    if found.folder.manifest().get("samples"):
        from sim.experiment.sides import side_sections

        page.sections += side_sections(found.folder)
    if as_json:
        where = {"report": str(path), "folder": str(found.folder.path)}
        print_json({"verdicts": verdict_records(found)} | page.plain() | where)
        return
    print_page(page)
    print("\n" + _("Report: {path}").format(path=path))
