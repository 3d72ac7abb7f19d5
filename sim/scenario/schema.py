"""The documents of the language: place, profile, reform, assumptions, scenario, design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, override

from sim.base.text import say
from sim.catalogue import assumptions, levers
from sim.scenario.nodes import Node
from sim.scenario.numbers import Evidence, Number, quantity_schema
from sim.scenario.place_schema import expect_shape, head, measure_shape, place_shape, profile_shape
from sim.scenario.quantities import Reading, spoken
from sim.scenario.shapes import (
    BAD,
    Choice,
    Count,
    Either,
    Entry,
    Identifier,
    Key,
    Known,
    ListOf,
    MapOf,
    Month,
    Record,
    Shape,
    Span,
    Text,
    Title,
    join,
    unknown,
    wrong,
)
from sim.scenario.written import Change, date_shape, selector_shape


@lru_cache(maxsize=1)
def reform_shape() -> Record:
    """Return the record of a reform."""
    parameter = Record(
        {
            "default": Key(_Anything()),
            "unit": Key(Text()),
            "range": Key(ListOf(_Anything())),
            "evidence": Key(Evidence()),
            "assumed": Key(Text()),
            "about": Key(Title()),
        }
    )
    return Record(
        lenient=True,
        keys=head(required_title=True)
        | {
            "announced": Key(Month()),
            "from": Key(date_shape(), required=True, about="month of every clause without `at`"),
            "parameters": Key(MapOf(parameter), default={}),
            "groups": Key(MapOf(selector_shape()), default={}),
            "changes": Key(ListOf(Change(), least=1), required=True),
            "evidence": Key(Evidence(), default=()),
        },
    )


@lru_cache(maxsize=1)
def assumptions_shape() -> Record:
    """Return the record of a set of assumptions."""
    return Record(
        lenient=True,
        keys=head(required_title=True)
        | {
            "values": Key(AssumptionValues(), default={}),
            "samples": Key(
                Text(), about="Parquet file beside it: one accepted sample of all assumptions a row"
            ),
            "calibration": Key(_Anything(), about="how the values were found, written by `shequ calibrate`"),
        },
    )


@dataclass(frozen=True)
class AssumptionValues(Shape):
    """Values of assumptions, each inside the catalogue's own range."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        rows = assumptions()
        if not node.is_map:
            return wrong(node, path, reading, say("a list of `name: value` lines"))
        found: dict[str, Any] = {}
        for name, child in node.value.items():
            row = rows.get(name)
            if row is None:
                unknown(name, node.keys[name], path, reading, rows)
                continue
            about = say("{what}: {source}", what=row.text, source=spoken(row.source))
            value = Number(row.unit, *row.range, about=about).read(child, join(path, name), reading)
            if value is not BAD:
                found[name] = value
        return Entry(found, node, path)

    @override
    def json_schema(self) -> dict[str, Any]:
        rows = assumptions().values()
        return {
            "type": "object",
            "properties": {r.id: Number(r.unit, *r.range).json_schema() for r in rows},
            "additionalProperties": False,
        }


SAMPLERS = ("sobol", "saltelli", "lhs", "grid", "morris", "random")


@dataclass(frozen=True)
class _Anything(Shape):
    """Any value, taken as it is."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        return node

    @override
    def json_schema(self) -> dict[str, Any]:
        return {}


def run_shape() -> Record:
    """Return the record of a run block."""
    window = ListOf(Count(0, 1200, "month"), least=2, most=2)
    return Record(
        lenient=True,
        keys={
            "start": Key(Month(), required=True, about="first reported month"),
            "spin_up": Key(
                Span(0, 600), default=36, about="months under the place's own rules, not reported"
            ),
            "months": Key(Span(1, 1200), default=60),
            "pairs": Key(Count(1, 100_000, "pair"), default=20),
            "primary": Key(ListOf(measure_shape(), least=1, once=True)),
            "windows": Key(Record({"early": Key(window), "late": Key(window)})),
            "record": Key(Choice(("headline", "standard", "full")), default="standard"),
        },
    )


def _reform_use_shape() -> Shape:
    block = Record(
        {
            "reform": Key(Identifier(), required=True),
            "with": Key(MapOf(_Anything())),
            "only": Key(ListOf(Identifier(), lone=True)),
            "without": Key(ListOf(Identifier(), lone=True)),
        }
    )
    return Either(Identifier(), block)


@lru_cache(maxsize=1)
def scenario_shape() -> Record:
    """Return the record of a scenario."""
    resolve = Record(
        {
            "lever": Key(Known(tuple(levers()), say("a lever"))),
            "clauses": Key(ListOf(Identifier(), least=2)),
            "winner": Key(Identifier(), required=True, about="the reform, or reform.clause, that prevails"),
        }
    )
    return Record(
        lenient=True,
        keys=head(required_title=True)
        | {
            "place": Key(Identifier(), required=True),
            "reforms": Key(ListOf(_reform_use_shape()), default=()),
            "with": Key(MapOf(MapOf(_Anything())), default={}, about="parameters by reform"),
            "assumptions": Key(Either(Identifier(), AssumptionValues()), default="prior"),
            "law_version": Key(Choice(("1989", "2026"))),
            "groups": Key(MapOf(selector_shape()), default={}),
            "changes": Key(ListOf(Change()), default=()),
            "resolve": Key(ListOf(resolve), default=()),
            "expect": Key(ListOf(expect_shape()), default=()),
            "run": Key(run_shape(), required=True),
        },
    )


@lru_cache(maxsize=1)
def design_shape() -> Record:
    """Return the record of a sweep design."""
    names = ListOf(Identifier(), least=1, lone=True)
    level = Record(
        {
            "with": Key(names),
            "without": Key(names),
            "only": Key(names),
            "set": Key(MapOf(_Anything(), tuple(levers()))),
            "place": Key(Identifier(), about="another place than the scenario's; it is compared with itself alone"),
        }
    )
    number = Number(low=float("-inf"))
    return Record(
        lenient=True,
        keys=head()
        | {
            "scenario": Key(Identifier(), required=True, about="the scenario whose place and run are swept"),
            "factors": Key(
                MapOf(ListOf(Identifier(), least=2)),
                default={},
                about="factors of policy with their levels; every combination is an arm",
            ),
            "levels": Key(
                MapOf(level),
                default={},
                about="what a level adds to the place; a level not named here adds nothing",
            ),
            "levers": Key(
                MapOf(
                    Record({"range": Key(ListOf(number, least=2)), "values": Key(ListOf(number, least=1))}),
                    tuple(levers()),
                ),
                default={},
                about="levers set in every arm but the baseline, over a range or at listed values",
            ),
            "assumptions": Key(
                Record({"set": Key(Identifier()), "samples": Key(Count(1, 10**6)), "only": Key(names)})
            ),
            "sampler": Key(
                Record(
                    {
                        "kind": Key(Choice(SAMPLERS), required=True),
                        "n": Key(Count(1, 10**7)),
                        "seed": Key(Count(0, 2**31 - 1)),
                    }
                )
            ),
            "pairs": Key(Count(1, 100_000, "pair"), default=2),
            "months": Key(Count(1, 600)),
            "record": Key(Choice(("headline", "standard", "full")), default="headline"),
            "primary": Key(ListOf(measure_shape(), least=1, once=True)),
            "then": Key(ListOf(Choice(("sensitivity", "discover", "rank"))), default=()),
        },
    )


SHAPE_OF: dict[str, Callable[[], Record]] = {
    "place": place_shape,
    "profile": profile_shape,
    "reform": reform_shape,
    "assumptions": assumptions_shape,
    "scenario": scenario_shape,
    "design": design_shape,
}


def json_schema() -> dict[str, Any]:
    """Return one JSON schema for every kind of document, for editors."""
    options = []
    for kind, shape in SHAPE_OF.items():
        schema = shape().json_schema()
        schema["properties"]["kind"] = {"const": kind}
        options.append(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "shequ",
        "oneOf": options,
        "$defs": {"quantity": quantity_schema(), "change": Change().full_schema()},
    }
