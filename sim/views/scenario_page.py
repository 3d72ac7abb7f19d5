"""The page of a scenario of the library: what it is, its rules, its ground, and what the shipped runs of it gave.

Words come from the catalogue and the scenario's own files, numbers from the shipped outcomes and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sim.base import counts
from sim.base.calendar import format_month
from sim.base.text import Message, say
from sim.catalogue import measures, plural_unit
from sim.catalogue.evidence import evidence
from sim.results import expected
from sim.results.shipped import LEVELS, Outcomes
from sim.scenario import describe
from sim.scenario.page import Page
from sim.scenario.quantities import Quantity, spoken
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import twin_of
from sim.views.narrative import sentence
from sim.views.pages import level_columns, narrow_columns, narrow_row, primary_words
from sim.views.wording import drift_words, figure, limits, window_words

OUTCOMES = say("What the shipped runs gave")
FINDINGS = "clear", "seed_sensitive", "small"


def scenario_page(scenario: ResolvedScenario, outcomes: Outcomes | None) -> Page:
    """Return everything the library says of a scenario, save with what else it can be combined."""
    page = Page(scenario.title)
    page.add(say("What it is"), *_what_it_is(scenario))
    if scenario.timeline.is_empty:
        page.add(say("Timeline"), say("nothing changes: the place goes on under its own rules"))
    else:
        page.add(say("Timeline"), *describe.timeline_words(scenario.timeline))
    describe.add_rules(page, scenario)
    page.add(say("Institutional check"), *describe.institution_words(scenario))
    page.add(say("To note"), *describe.notices(scenario))
    _add_outcomes(page, scenario, outcomes)
    page.table(say("Counted in documents"), expected.columns(), expected.rows(scenario, outcomes), spare=(4,))
    _add_evidence(page, scenario)
    _add_assumed(page, scenario)
    return page


def _what_it_is(scenario: ResolvedScenario) -> Iterator[Any]:
    yield describe.place_words(scenario)
    documents = [(r.value["id"].value, r.get("title")) for r in scenario.recipe.reforms]
    for name, title in documents:
        yield say("reform `{name}`: {title}", name=name, title=title.plain() if title else "")
    recipe = scenario.recipe
    for node in (recipe.scenario, recipe.place, *recipe.reforms):
        note = node.get("note")
        if note is not None:
            yield say("note: {note}", note=spoken(str(note.value)))
    counted, every = describe.documented_share(scenario)
    yield say(
        "{counted} of its {all} numbers rest on a document, a law or a published figure; the rest are assumed",
        counted=counted, all=every,
    )  # fmt: skip
    yield say("read it back: `shequ check {name}`; look inside: `shequ explain {name}`", name=scenario.id)


def _add_outcomes(page: Page, scenario: ResolvedScenario, outcomes: Outcomes | None) -> None:
    about = outcomes.about(scenario.id) if outcomes else None
    if outcomes is None or about is None:
        page.add(OUTCOMES, say("no outcomes of it are shipped"))
        return
    fresh = outcomes.is_of(scenario.id, twin_of(scenario, outcomes.made["made"]["communities"]))
    assumed = describe.assumed_share(scenario)
    page.add(
        OUTCOMES,
        *limits({"assumed": assumed}),
        _how_made(scenario, outcomes, about),
        *([] if fresh else [STALE]),
        drift_words((name, change) for name, change in about["drift"]),
    )
    add = _add_levels if about["kind"] == LEVELS else _add_differences
    add(page, scenario, outcomes, about)


STALE = say(
    "The model or the scenario has changed since these runs; run `experiments/library/outcomes.py` again."
)


def _how_made(scenario: ResolvedScenario, outcomes: Outcomes, about: dict[str, Any]) -> Message:
    made, twin = outcomes.made["made"], about["twin"]
    said = {"command": about["command"], "version": made["model_version"]}
    head = (
        say("From `{command}`, model version {version}: {done}", **said, done=counts.replications(made["pairs"]))
        if about["kind"] == LEVELS
        else say("From `{command}`, model version {version}: {done} under the same luck", **said,
                 done=counts.pairs(made["pairs"]))
    )  # fmt: skip
    here, every = twin["units"]["community"], scenario.frame.n_areas
    if here == every:
        return say("{head}, of the whole place.", head=head)
    return say(
        "{head}, on a small twin with {n} of the place's {all} communities and {residents} residents. Each community "
        "is as large as there; offices above are fewer in proportion, so their waits are rough. For the whole place "
        "leave `--communities` out.",
        head=head,
        n=here,
        all=every,
        residents=f"{twin['residents']:,}",
    )


def _add_differences(page: Page, scenario: ResolvedScenario, outcomes: Outcomes, about: dict) -> None:
    verdicts = outcomes.verdicts(scenario.id)
    page.add(
        None,
        say(
            "Intervals are 95 % and simultaneous over the primary outcomes of a window; they cover chance in {pairs}, "
            "not the assumptions.",
            pairs=counts.pairs(outcomes.made["made"]["pairs"]),
        ),
    )
    for window in about["windows"]:
        mine = [v for v in verdicts if v.window == window]
        page.table(window_words(about, window), narrow_columns(), [narrow_row(v) for v in mine], spare=(3,))
        page.add(None, *[sentence(v) for v in mine if v.grade in FINDINGS])
    page.add(None, primary_words())


def _add_levels(page: Page, scenario: ResolvedScenario, outcomes: Outcomes, about: dict) -> None:
    for window in about["windows"]:
        rows = []
        for name in about["primary"]:
            row, values = measures()[name], outcomes.value(scenario.id, LEVELS, name, window)
            title = say("{name} ({unit})", name=row.text, unit=plural_unit(row.unit))
            mean, ends = values.mean(), (values.min(), values.max())
            rows.append([title, figure(mean), " – ".join(figure(x, mean) for x in ends)])
        page.table(window_words(about, window), level_columns(), rows)


def _add_evidence(page: Page, scenario: ResolvedScenario) -> None:
    rows = []
    for name in evidence_of(scenario):
        entry = evidence()[name]
        rows.append([name, {"en": entry.en, "zh": entry.zh}, describe.GRADES[entry.grade], entry.reliability])
    columns = [say("ledger"), say("what it says, in our words"), say("grade"), say("reliability")]
    page.table(say("Evidence"), columns, rows)


def evidence_of(scenario: ResolvedScenario) -> list[str]:
    """Return the ledger entries that its documents cite, in the order of the reforms, the scenario, the place."""
    recipe = scenario.recipe
    documents = [*recipe.reforms, recipe.scenario, recipe.place, recipe.profile]
    return list(dict.fromkeys(name for node in documents for name in _cited(node.plain())))


def _cited(written: Any) -> Iterator[str]:
    if isinstance(written, dict):
        for key, value in written.items():
            if key == "evidence":
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _cited(value)
    elif isinstance(written, list):
        for item in written:
            yield from _cited(item)


def _add_assumed(page: Page, scenario: ResolvedScenario) -> None:
    own = [q for q in scenario.quantities.values() if q.grade == "assumed"]
    columns = [say("number"), say("value"), say("range"), say("why this value")]
    page.table(say("What is assumed"), columns, [_assumed_row(q) for q in _reforms_first(own, scenario)])
    page.add(
        None,
        say(
            "Beside these stand the model's own assumptions (`shequ list assumptions`), here from the set `{name}`.",
            name=_set_of(scenario),
        ),
    )


def _reforms_first(own: Iterable[Quantity], scenario: ResolvedScenario) -> list[Quantity]:
    first = {scenario.id, *scenario.reforms}
    return sorted(own, key=lambda q: q.address.split(":")[0] not in first)


def _assumed_row(q: Quantity) -> list[Any]:
    value, low, high = describe.quantity_texts(q)
    ranged = f"[{low}, {high}]" if q.low is not None else "–"
    return [f"`{q.address}`", value, ranged, spoken(q.source) if q.source else "–"]


def _set_of(scenario: ResolvedScenario) -> str:
    node = scenario.recipe.assumptions
    return str(node.value["id"].value) if node is not None else "prior"


def index_page(scenarios: Iterable[ResolvedScenario]) -> Page:
    """Return the list of all pages."""
    page = Page(say("The scenarios of the library, one page each"))
    page.add(
        None,
        say(
            "Written by `shequ list scenarios --pages FOLDER` from the library and its shipped runs; never by hand."
        ),
        say("Counted: numbers that rest on a document, a law or a published figure, of all its numbers."),
        say("Outcomes are of small twins and a what-if: no page forecasts a named district."),
    )
    rows = [_index_row(one) for one in scenarios]
    columns = [
        say("scenario"),
        say("title"),
        say("place"),
        say("residents"),
        say("counted"),
        say("first change"),
        say("reforms"),
    ]
    page.table(None, columns, rows)
    return page


def _index_row(one: ResolvedScenario) -> list[Any]:
    first = one.timeline.first_change
    return [
        {"en": f"[`{one.id}`]({one.id}.md)", "zh": f"[`{one.id}`]({one.id}.zh.md)"},
        one.title,
        one.place.title,
        f"{one.place.residents:,}",
        "{} / {}".format(*describe.documented_share(one)),
        format_month(first) if first is not None else "–",
        ", ".join(f"`{name}`" for name in one.reforms) or "–",
    ]
