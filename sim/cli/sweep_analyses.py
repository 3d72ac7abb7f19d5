"""What can be found in a sweep: the commands, and the pages of what its design asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.base.text import translate as _
from sim.cli import options

if TYPE_CHECKING:
    import typer

    from sim.experiment.sweep import Swept
    from sim.scenario.design import Design


def further_pages(swept: Swept, design: Design) -> list[Any]:
    """Return a page for each analysis that the design asks for, or for why there is none."""
    from sim.base.errors import ShequError
    from sim.scenario.page import Page
    from sim.views.sweeps import discovery_page, ranking_page, sensitivity_page

    kept, primary = swept.folder, swept.folder.manifest()["primary"]
    wanted = [(arm, measure) for arm in design.policies for measure in primary]

    def page(name: str) -> Any:
        if name == "rank":
            from sim.experiment.ranking import rank

            weights = weights_of([], primary)
            return ranking_page(rank(kept, weights), weights)
        if name == "discover":
            from sim.experiment.discovery import discover

            return discovery_page([discover(kept, a, m) for a, m in wanted])
        from sim.experiment.sensitivity import analyse

        return sensitivity_page([analyse(design, kept, a, m) for a, m in wanted])

    pages = []
    for name in design.then:
        try:
            pages.append(page(name))
        except ShequError as error:
            pages.append(Page(name))
            pages[-1].add(None, str(error))
    return pages


def register_analyses(app: typer.Typer) -> None:
    """Declare what can be found in a sweep under `analyse`."""
    _register_sensitivity(app)
    _register_discover(app)
    _register_rank(app)


def _register_sensitivity(app: typer.Typer) -> None:
    @app.command(
        help=_("Say what an effect hangs on: Morris, Sobol or given-data indices, a dummy beside them.")
    )
    def sensitivity(
        design: str = options.design_argument(),
        folder: str = options.folder_argument(),
        measure: list[str] = options.measures_option(),
        arm: list[str] = options.policies_option(),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment.sensitivity import analyse
        from sim.views.sweeps import sensitivity_page

        plan, kept, wanted = _opened(design, folder, measure, arm)
        _show(sensitivity_page([analyse(plan, kept, a, m) for a, m in wanted]), as_json=as_json)


def _register_discover(app: typer.Typer) -> None:
    @app.command(
        help=_("Say under which assumptions a policy gains what is worth acting on: boxes in words.")
    )
    def discover(
        design: str = options.design_argument(),
        folder: str = options.folder_argument(),
        measure: list[str] = options.measures_option(),
        arm: list[str] = options.policies_option(),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment.discovery import discover as find
        from sim.views.sweeps import discovery_page

        _plan, kept, wanted = _opened(design, folder, measure, arm)
        _show(discovery_page([find(kept, a, m) for a, m in wanted]), as_json=as_json)


def _register_rank(app: typer.Typer) -> None:
    import typer

    @app.command(help=_("Rank policies by regret over the samples, or say why they cannot be ranked."))
    def rank(
        folder: str = options.folder_argument(),
        weight: list[str] = typer.Option(
            [], "--weight", help=_("outcome=number; the primary ones at 1 if none is given.")
        ),
        as_json: bool = options.json_option(),
    ) -> None:
        from sim.experiment.ranking import rank as find
        from sim.results.store import RunFolder
        from sim.views.sweeps import ranking_page

        kept = RunFolder(Path(folder))
        weights = weights_of(weight, kept.manifest()["primary"])
        _show(ranking_page(find(kept, weights), weights), as_json=as_json)


def weights_of(written: list[str], primary: list[str]) -> dict[str, float]:
    """Return weights by outcome; raises ScenarioError where one cannot be read."""
    from sim.base.errors import Problem, ScenarioError
    from sim.base.text import say
    from sim.catalogue import measures
    from sim.scenario.shape import did_you_mean

    if not written:
        return dict.fromkeys((n for n in primary if measures()[n].better != "none"), 1.0)
    found = {}
    for text in written:
        name, _sep, number = text.partition("=")
        if name not in measures():
            hint = did_you_mean(name, measures())
            raise ScenarioError(
                [Problem(None, "--weight", say("no outcome is called `{name}`", name=name), hint)]
            )
        try:
            found[name] = float(number)
        except ValueError as error:
            raise ScenarioError(
                [Problem(None, "--weight", say("`{text}` is not name=number", text=text))]
            ) from error
    return found


def _opened(design: str, folder: str, measure: list[str], arm: list[str]):  # noqa: ANN202 - lazily opened rooms
    """Return the design, its folder and the pairs of policy and outcome asked for; raises ScenarioError."""
    from sim.base.errors import Problem, ScenarioError
    from sim.base.text import say
    from sim.results.store import RunFolder
    from sim.scenario.design import load_design
    from sim.scenario.shape import did_you_mean

    plan, kept = load_design(design), RunFolder(Path(folder))
    manifest = kept.manifest()
    for name in arm:
        if name not in plan.policies:
            hint = did_you_mean(name, plan.policies)
            raise ScenarioError(
                [Problem(None, "--policy", say("the design has no policy `{name}`", name=name), hint)]
            )
    return plan, kept, [(a, m) for a in (arm or plan.policies) for m in (measure or manifest["primary"])]


def _show(page, *, as_json: bool) -> None:  # noqa: ANN001 - as above
    from sim.cli.output import print_json, print_page

    print_json(page.plain()) if as_json else print_page(page)
