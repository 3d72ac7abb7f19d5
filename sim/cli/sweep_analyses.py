"""What can be found in a sweep: the commands, and the pages of what its design asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.text import translate as _
from sim.cli import options

if TYPE_CHECKING:
    import typer

    from sim.experiment.sweep import Swept
    from sim.results.store import RunFolder
    from sim.scenario.design import Design
    from sim.scenario.page import Page


def further_pages(swept: Swept, design: Design) -> list[Page]:
    """Return a page for each analysis that the design asks for, or for why there is none."""
    from sim.base.errors import ShequError
    from sim.scenario.page import Page

    kept, primary = swept.folder, swept.folder.manifest()["primary"]
    wanted = [(arm, measure) for arm in design.policies for measure in primary]
    made = {
        "rank": lambda: _ranked(kept, weights_of([], primary)),
        "discover": lambda: [_discovered(kept, wanted)],
        "sensitivity": lambda: [_sensitive(design, kept, wanted)],
    }
    pages: list[Page] = []
    for name in design.then:
        try:
            pages += made[name]()
        except ShequError as error:
            pages.append(Page(name))
            pages[-1].add(None, str(error))
    return pages


def _sensitive(design: Design, kept: RunFolder, wanted: list[tuple[str, str]]) -> Page:
    from sim.experiment.sensitivity import analyse, survivors
    from sim.views.sweep_figures import draw_sensitivity
    from sim.views.sweeps import sensitivity_page

    found = [analyse(design, kept, arm, measure) for arm, measure in wanted]
    page = sensitivity_page(found, survivors(design, found))
    return _with_figure(page, kept, "sensitivity.svg", draw_sensitivity(found))


def _discovered(kept: RunFolder, wanted: list[tuple[str, str]]) -> Page:
    from sim.experiment.discovery import discover
    from sim.views.sweep_figures import draw_discovery
    from sim.views.sweeps import discovery_page

    found = [discover(kept, arm, measure) for arm, measure in wanted]
    return _with_figure(discovery_page(found), kept, "discover.svg", draw_discovery(found))


def _ranked(kept: RunFolder, weights: dict[str, float]) -> list[Page]:
    """Return one ranking a place: policies are compared with those that one could choose instead."""
    from sim.experiment.ranking import rank
    from sim.views.sweep_figures import draw_ranking
    from sim.views.sweeps import named_places, ranking_page

    pages = []
    for place, title in (named_places(kept.manifest()) or {"": None}).items():
        found, name = rank(kept, weights, place=place), f"rank-{place}.svg" if place else "rank.svg"
        page = ranking_page(found, weights, title)
        pages.append(_with_figure(page, kept, name, draw_ranking(found, place=title)))
    return pages


def _with_figure(page: Page, kept: RunFolder, name: str, figure: str | None) -> Page:
    """Write a figure beside what it is of, and say where on its page; a folder that is only read loses the figure."""
    from sim.base.text import say

    if figure is None:
        return page
    path = kept.path / name
    try:
        path.write_text(figure, encoding="utf-8")
        page.add(None, say("figure: {path}", path=str(path)))
    except OSError as error:
        page.add(None, say("the figure was not kept: {why}", why=error.strerror or str(error)))
    return page


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
        _show([_sensitive(*_opened(design, folder, measure, arm))], as_json=as_json)


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
        _plan, kept, wanted = _opened(design, folder, measure, arm)
        _show([_discovered(kept, wanted)], as_json=as_json)


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
        from sim.results.store import RunFolder

        kept = RunFolder(Path(folder))
        _show(_ranked(kept, weights_of(weight, kept.manifest()["primary"])), as_json=as_json)


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


def _show(pages: list[Page], *, as_json: bool) -> None:
    from sim.cli.output import print_json, print_page

    if as_json:
        first, *more = [page.plain() for page in pages]
        print_json(first | {"then": more} if more else first)
        return
    for page in pages:
        print_page(page)
