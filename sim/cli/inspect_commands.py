"""Commands that look and do not run: list, check, explain, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.text import counted
from sim.base.text import translate as _
from sim.cli import options

if TYPE_CHECKING:
    import typer

    from sim.experiment.engines import Workers
    from sim.scenario.page import Page
    from sim.scenario.resolved import ResolvedScenario

BAD_INPUT = 2


def register(app: typer.Typer) -> None:
    """Declare the commands in the language in force."""
    _register_list(app)
    _register_check(app)
    _register_explain(app)
    _register_schema(app)


def _register_list(app: typer.Typer) -> None:
    import typer

    @app.command(
        "list", help=_("What there is: places, reforms, scenarios, levers, measures, duties, assumptions.")
    )
    def list_(
        what: str = typer.Argument("", help=_("One list by name; nothing for an overview.")),
        pages: str = typer.Option(
            "",
            "--pages",
            help=_("With scenarios: write a page of each, in both languages, into this folder."),
        ),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
    ) -> None:
        from sim.cli.output import print_json, print_page
        from sim.scenario.listing import listing

        if pages:
            _write_pages(what, Path(pages))
            return
        page = listing(what or None)
        print_json(page.plain()) if as_json else print_page(page)


def _write_pages(what: str, folder: Path) -> None:
    import typer

    if what not in ("", "scenarios"):
        raise typer.BadParameter(_("--pages writes the pages of scenarios"))
    from sim.views.library_pages import write_pages

    written = write_pages(folder)
    n = len(written)
    print(
        counted("{n} file is written to {folder}.", "{n} files are written to {folder}.", n=n, folder=folder)
    )


def _register_check(app: typer.Typer) -> None:
    import typer

    @app.command(
        help=_("Check files: every error at once, then timeline, defaults and institutions in words.")
    )
    def check(
        files: list[str] = typer.Argument(..., help=_("Files, or names from the library.")),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
        drift: bool = typer.Option(
            False, "--drift", help=_("Also run the place without reforms and say what still moves by itself.")
        ),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
    ) -> None:
        from sim.cli.output import print_json
        from sim.scenario.checking import check as check_source

        found = [check_source(source) for source in files]
        failed = _check_drift(files, found, cluster or workers or None) if drift else False
        if as_json:
            print_json([_checked_plain(item) for item in found])
        else:
            _print_checked(found)
        if any(item.errors for item in found):
            raise typer.Exit(BAD_INPUT)
        if failed:
            raise typer.Exit(1)


def _check_drift(files: list[str], found, workers: Workers) -> bool:  # noqa: ANN001 - as below
    """Add, to the page of each scenario without errors, what still moves when nobody reforms it; did a run fail?"""
    from sim.experiment import environment

    environment.prepare()
    from sim.base.text import say
    from sim.experiment.drift import baseline_drift
    from sim.scenario import load_scenario
    from sim.views.wording import drift_words

    failed = False
    for source, item in zip(files, found, strict=True):
        if not item.errors and item.pages:
            with options.Progress(_("replications")) as progress:
                drift = baseline_drift(load_scenario(source), workers=workers, progress=progress)
            said = [drift_words(drift.moving), *drift.failed, say("Run folder: {folder}", folder=drift.folder.path)]
            item.pages[-1].add(say("Steadiness of the baseline"), *said)
            failed |= bool(drift.failed)
    return failed


def _checked_plain(item) -> dict:  # noqa: ANN001 - its type lives in a room this module opens lazily
    return {
        "source": item.source,
        "ok": not item.errors,
        "problems": [
            {
                "file": p.place.file if p.place else None,
                "line": p.place.line if p.place else None,
                "column": p.place.column if p.place else None,
                "path": p.path,
                "severity": p.severity,
                "what": p.what.render(),
                "hint": p.hint.render() if p.hint else None,
            }
            for p in item.problems
        ],
        "pages": [page.plain() for page in item.pages],
    }


def _print_checked(found) -> None:  # noqa: ANN001 - as above
    import sys

    from sim.cli.output import print_page, report_problems

    errors = 0
    for item in found:
        for page in item.pages:
            print_page(page)
            print()
        errors += len(item.errors)
        report_problems(item.errors)
    if errors:
        print(_("Problems found: {n}.").format(n=errors), file=sys.stderr)


def _register_explain(app: typer.Typer) -> None:
    import typer

    @app.command(
        help=_("Rules by date, what each reform changes, who does what, where the numbers come from.")
    )
    def explain(
        scenario: str = typer.Argument("", help=_("A scenario by name or file, or a run folder with --why.")),
        schedule: bool = typer.Option(
            False, "--schedule", help=_("The program of a month, in its real order.")
        ),
        odd: bool = typer.Option(
            False, "--odd", help=_("The whole model described under the headings of ODD+D, Markdown.")
        ),
        effects: bool = typer.Option(
            False, "--effects", help=_("What each rule is assumed to do, what moves each stock, Markdown.")
        ),
        why: str = typer.Option("", "--why", help=_("Why an outcome of a run moved, cause by cause.")),
        group: str = typer.Option("", "--group", help=_("With --why: one group of people, as income=low.")),
        page_of: bool = typer.Option(
            False,
            "--page",
            help=_("The scenario's page: what it is, its evidence, what shipped runs of it gave."),
        ),
        as_json: bool = typer.Option(False, "--json", help=_("For machines.")),
    ) -> None:
        from sim.cli.output import print_json, print_page

        if odd or effects:
            print(_described(odd), end="")
            return
        if schedule:
            page = schedule_page()
            print_json(page.plain()) if as_json else print_page(page)
            return
        if why and scenario:
            from sim.results.store import RunFolder
            from sim.views.why import why_page

            page = why_page(RunFolder(Path(scenario)), why, group)
            print_json(page.plain()) if as_json else print_page(page)
            return
        if not scenario:
            raise typer.BadParameter(_("name a scenario, or ask for --schedule, --odd or --effects"))
        from sim.scenario.describe import explained_page
        from sim.scenario.load import load_scenario

        loaded = load_scenario(scenario)
        page = _whole_page(scenario, loaded) if page_of else explained_page(loaded)
        print_json(page.plain()) if as_json else print_page(page)


def _described(whole: bool) -> str:
    """Return what the model says about itself: all of it in the language in force, or the effects of rules in both."""
    from sim.base.text import language
    from sim.odd.effects import effects_document
    from sim.odd.protocol import odd_document

    return odd_document(language()) if whole else effects_document()


def _whole_page(source: str, scenario: ResolvedScenario) -> Page:
    """Return a scenario's page with what it can be combined with, as the files of the library have it."""
    from sim.results.shipped import read_outcomes
    from sim.views.combining import combining
    from sim.views.scenario_page import scenario_page

    page = scenario_page(scenario, read_outcomes())
    page.sections.append(combining(source, scenario))
    return page


def schedule_page() -> Page:
    """Return the program of a month as it is declared and run: in this order, and nothing else."""
    from sim.base.text import say
    from sim.scenario.page import Page
    from sim.schedule import SCHEDULE

    page = Page(say("The month, in its order"))
    steps = [
        say(
            "{step}  {name}: {question}",
            step=0,
            name="enact",
            question=say("Which rules and structures change?"),
        ),
        say("{step}  {name}: {question}", step=0, name="moves", question=say("Who moves out, and who moves in?")),
    ]
    for i, m in enumerate(SCHEDULE, 1):
        step = say("{step}  {name}: {question}", step=i, name=m.name, question=say(m.question))
        if m.levers:
            step = say("{step} (levers: {names})", step=step, names=", ".join(m.levers))
        steps.append(step)
    page.add(None, *steps)
    return page


def _register_schema(app: typer.Typer) -> None:
    @app.command(
        help=_("JSON schema of the scenario language, for editors that complete and check while typing.")
    )
    def schema() -> None:
        from sim.cli.output import print_json
        from sim.scenario.schema import json_schema

        print_json(json_schema())
