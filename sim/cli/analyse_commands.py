"""Commands that look into a reform: which part did it, where the sign turns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.text import translate as _
from sim.cli import options, sweep_analyses

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Declare the group `analyse` in the language in force."""
    from sim.cli.usage import new_app

    group = new_app(help=_("Look into a reform or a sweep."))
    _register_attribute(group)
    _register_break_even(group)
    sweep_analyses.register_analyses(group)
    app.add_typer(group, name="analyse")


def _register_attribute(app: typer.Typer) -> None:
    import typer

    summary = _("Say which part of a reform did it: Shapley values over the coalitions that stand alone.")

    @app.command(help=summary)
    def attribute(
        scenario: str = options.scenario_argument(
            _(
                "A scenario file, a name from the library, or the run folder of a comparison, whose report it joins."
            )
        ),
        part: list[str] = typer.Option(
            [], "--part", help=_("A clause or reform to tell apart; at most four.")
        ),
        by: str = typer.Option("", "--by", help=_("reform or clause, where no parts are named.")),
        pairs: int = typer.Option(10, "--pairs", help=_("How many pairs."), min=2, max=options.MOST),
        assumptions: str = options.assumptions_option(),
        seed: int = options.seed_option(),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
        out: str = options.out_option(),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.cli.output import print_json, print_page
        from sim.experiment.attribute import parts_of, run_attribution
        from sim.experiment.loading import reform_of
        from sim.results.store import RunFolder
        from sim.scenario import load_scenario
        from sim.views.kept import ATTRIBUTION, keep
        from sim.views.parts import attribution_page
        from sim.views.report import write_again

        compared = RunFolder(Path(scenario)) if Path(scenario).is_dir() else None
        reform = reform_of(compared) if compared else load_scenario(scenario, assumptions=assumptions)
        where = Path(out) if out else compared.path / ATTRIBUTION if compared else None
        parts = parts_of(reform, one_of(by, ("", "reform", "clause"), "--by"), tuple(part))
        with options.Progress(_("pairs under the same luck")) as progress:
            folder, found, failed = run_attribution(
                reform, parts, where, pairs=pairs, seed=compared.manifest()["seed"] if compared else seed,
                workers=cluster or workers or None, command=options.command_line(), progress=progress,
            )  # fmt: skip
        page = attribution_page(folder.manifest(), found, failed)
        if compared:
            keep(compared, ATTRIBUTION, lambda: attribution_page(folder.manifest(), found, failed))
            write_again(compared)
        if as_json:
            print_json(page.plain() | {"folder": str(folder.path)})
        else:
            print_page(page)
            print("\n" + _("Run folder: {folder}").format(folder=folder.path))
        if failed:
            raise typer.Exit(1)


def _register_break_even(app: typer.Typer) -> None:
    import typer

    @app.command(
        "break-even", help=_("Find the value of a number or lever at which a reform makes no difference.")
    )
    def break_even(
        scenario: str = options.scenario_argument(),
        name: str = typer.Argument(
            ..., help=_("An assumption, a number of the scenario by address, or a lever.")
        ),
        measure: str = typer.Option("", "--measure", help=_("The outcome; the first primary one otherwise.")),
        window: str = typer.Option("late", "--window", help=_("early or late.")),
        low: str = typer.Option("", "--from", help=_("Least value tried; else the end of its range.")),
        high: str = typer.Option("", "--to", help=_("Largest value tried; else the end of its range.")),
        pairs: int = typer.Option(10, "--pairs", help=_("Pairs at every value."), min=2, max=options.MOST),
        seed: int = options.seed_option(),
        workers: int = options.workers_option(),
        cluster: str = options.cluster_option(),
        out: str = options.out_option(),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment import environment

        environment.prepare()
        from sim.cli.output import print_json, print_page
        from sim.experiment.break_even import break_even as search
        from sim.experiment.break_even import reach
        from sim.experiment.loading import load_arms
        from sim.views.parts import break_even_page

        baseline, reform, _declared = load_arms(scenario)
        ends = reach(reform, name)
        between = number(low, ends[0], "--from"), number(high, ends[1], "--to")
        outcome = one_of(measure or reform.run.primary[0], reform.run.primary, "--measure")
        when = one_of(window, tuple(reform.run.windows), "--window")
        with options.Progress(_("pairs under the same luck")) as progress:
            found = search(
                (baseline, reform), name, outcome, when, between, Path(out) if out else None, pairs=pairs, seed=seed,
                workers=cluster or workers or None, progress=progress,
            )  # fmt: skip
        page = break_even_page(reform.title, found, pairs)
        print_json(page.plain()) if as_json else print_page(page)


def one_of(word: str, known: tuple[str, ...], option: str) -> str:
    """Return a word that must be one of those known; raises ScenarioError with the nearest."""
    from sim.base.errors import Problem, ScenarioError, nearest
    from sim.base.text import say

    if word in known:
        return word
    near = nearest(word, [one for one in known if one])
    what = say("`{level}` is none of {levels}", level=word, levels=", ".join(one for one in known if one))
    raise ScenarioError([Problem(None, option, what, say("nearest: {name}", name=near) if near else None)])


def number(text: str, otherwise: float, option: str) -> float:
    """Return a number as written, or the other value where nothing is; raises ScenarioError."""
    from sim.base.errors import Problem, ScenarioError
    from sim.base.text import say

    try:
        return float(text) if text else otherwise
    except ValueError as error:
        raise ScenarioError([Problem(None, option, say("`{text}` is not a number", text=text))]) from error
