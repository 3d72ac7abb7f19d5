"""The documents of the language: place, profile, reform, assumptions, scenario, design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, override

from sim.base.text import say
from sim.catalogue import assumptions, duty_classes, kinds, levers, measures
from sim.scenario.arguments import kind_shape, layer_shape
from sim.scenario.nodes import Node
from sim.scenario.numbers import Evidence, Number, quantity_schema
from sim.scenario.quantities import Reading
from sim.scenario.settings import Settings
from sim.scenario.shapes import (
    BAD,
    Choice,
    Count,
    Either,
    Flag,
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
    wrong,
)
from sim.scenario.written import Change, date_shape, selector_shape

KINDS = ("place", "profile", "reform", "assumptions", "scenario", "design")


def _head(*, required_title: bool = False) -> dict[str, Key]:
    return {
        "kind": Key(Choice(KINDS), required=True),
        "id": Key(Identifier(), required=True),
        "title": Key(Title(), required=required_title),
        "extends": Key(Identifier()),
        "note": Key(Text()),
    }


@dataclass(frozen=True)
class UnitCount(Shape):
    """How many units of a layer: one number, or one for each unit above."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        number = Number("unit", 1, 100_000, whole=True)
        if node.is_map and "value" not in node.value:
            return MapOf(number).read(node, path, reading)
        return number.read(node, path, reading)

    @override
    def json_schema(self) -> dict[str, Any]:
        return Number("unit", 1, 100_000, whole=True).json_schema()


@dataclass(frozen=True)
class Shares(Shape):
    """Shares that sum to one, such as income bands."""

    names: tuple[str, ...]

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        entry = MapOf(Number("share", 0, 1), self.names).read(node, path, reading)
        if entry is BAD:
            return BAD
        total = sum(float(v) for v in entry.values())
        if len(entry) == len(self.names) and abs(total - 1.0) > 0.002:
            return wrong(
                node, path, reading, say("shares that sum to one; they sum to {total}", total=f"{total:.3f}")
            )
        return entry

    @override
    def json_schema(self) -> dict[str, Any]:
        return MapOf(Number("share", 0, 1), self.names).json_schema()


AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-94")


@lru_cache(maxsize=1)
def profile_shape() -> Record:
    """Return the record of a population profile."""
    share = Number("share", 0, 1)
    return Record(
        _head()
        | {
            "household_size": Key(Number("person per household", 1, 8), required=True),
            "children": Key(share, required=True, about="share of residents under 18"),
            "ages": Key(Shares(AGE_BANDS), required=True, about="shares of adults by age"),
            "owners": Key(share, required=True),
            "locals": Key(share, required=True),
            "employed": Key(share, required=True, about="share of adults under 60"),
            "party_members": Key(share, required=True),
            "disability": Key(share, required=True),
            "income": Key(Shares(("low", "middle", "high")), required=True),
            "education": Key(Shares(("primary", "secondary", "tertiary")), required=True),
        }
    )


@lru_cache(maxsize=1)
def place_shape() -> Record:
    """Return the record of a place."""
    count = Number("organisation", 0, 1e6)
    institution = Record(
        {
            "per": Key(layer_shape(), about="one in each unit of this layer"),
            "count": Key(Number("office", 0, 100_000, whole=True)),
            "staff": Key(Number("person", 0, 1e5)),
            "shares_staff_with": Key(kind_shape()),
            "coverage": Key(Number("share", 0, 1), about="share of communities that have one"),
            "one_window": Key(Flag()),
            "registered": Key(count),
            "filed": Key(count),
            "latent": Key(count),
        }
    )
    unit = Record(
        {
            "count": Key(UnitCount()),
            "ids": Key(ListOf(Identifier(), least=1)),
            "within": Key(layer_shape()),
            "spread": Key(
                Number("coefficient of variation", 0, 2), about="how unequal the units are in residents"
            ),
            "evidence": Key(Evidence()),
            "assumed": Key(Text()),
            "note": Key(Text()),
        }
    )
    duty = Record(
        {
            "owner": Key(kind_shape(), required=True),
            "approver": Key(kind_shape()),
            "before": Key(kind_shape(), about="who did it earlier: what practice falls back to"),
            "issuer": Key(kind_shape(), about="who sends assigned work of this class"),
        }
    )
    return Record(
        _head(required_title=True)
        | {
            "law_version": Key(Choice(("1989", "2026")), default="1989"),
            "layers": Key(
                ListOf(layer_shape(), least=1), required=True, about="top to bottom, ending with community"
            ),
            "units": Key(MapOf(unit), required=True),
            "residents": Key(
                Record(
                    {
                        "count": Key(Number("person", 1, 5e7), required=True),
                        "profile": Key(Identifier(), required=True),
                    }
                ),
                required=True,
            ),
            "institutions": Key(
                MapOf(institution, tuple(kinds()), say("a kind of institution")), required=True
            ),
            "duties": Key(MapOf(duty, tuple(duty_classes()), say("a duty class")), required=True),
            "volumes": Key(
                MapOf(Number("item per year", 0, 1e5), tuple(duty_classes()), say("a duty class"))
            ),
            "rules": Key(Settings("set"), default=()),
            "courtyards": Key(
                Record(
                    {
                        "managed": Key(Number("courtyard", 0, 1e6)),
                        "unmanaged": Key(Number("courtyard", 0, 1e6)),
                    }
                )
            ),
            "block_households": Key(Number("household per block", 5, 200)),
            "density": Key(Number("person per km2", 10, 200_000)),
            "evidence": Key(Evidence(), default=()),
            "expect": Key(ListOf(expect_shape()), default=()),
        }
    )


def expect_shape() -> Record:
    """Return the record of a figure a document counts, shown beside the model's value and never fitted."""
    return Record(
        {
            "measure": Key(Text(), required=True),
            "from": Key(Number()),
            "to": Key(Number()),
            "value": Key(Number()),
            "at": Key(Month()),
            "evidence": Key(Evidence(), default=()),
        }
    )


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
        _head(required_title=True)
        | {
            "announced": Key(Month()),
            "from": Key(date_shape(), required=True, about="month of every clause without `at`"),
            "parameters": Key(MapOf(parameter), default={}),
            "groups": Key(MapOf(selector_shape()), default={}),
            "changes": Key(ListOf(Change(), least=1), required=True),
            "evidence": Key(Evidence(), default=()),
        }
    )


@lru_cache(maxsize=1)
def assumptions_shape() -> Record:
    """Return the record of a set of assumptions."""
    return Record(_head(required_title=True) | {"values": Key(AssumptionValues(), default={})})


@dataclass(frozen=True)
class AssumptionValues(Shape):
    """Values of assumptions, each inside the catalogue's own range."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        rows = assumptions()
        entry = MapOf(Number(low=float("-inf")), tuple(rows), say("an assumption")).read(node, path, reading)
        if entry is BAD:
            return BAD
        for name in list(entry):
            row, child = rows[name], node.value[name]
            Number(
                row.unit, *row.range, about=say("{what}: {source}", what=row.text, source=row.source)
            ).read(child.get("value") or child, f"{path}.{name}", reading)
        return entry

    @override
    def json_schema(self) -> dict[str, Any]:
        rows = assumptions().values()
        return {
            "type": "object",
            "properties": {r.id: Number(r.unit, *r.range).json_schema() for r in rows},
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class _Anything(Shape):
    """Any value, taken as it is."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        return node

    @override
    def json_schema(self) -> dict[str, Any]:
        return {}


def measure_shape() -> Known:
    """Return the shape of a measure's name."""
    return Known(tuple(measures()), say("a measure"))


def run_shape() -> Record:
    """Return the record of a run block."""
    window = ListOf(Count(0, 1200, "month"), least=2)
    return Record(
        {
            "start": Key(Month(), required=True, about="first reported month"),
            "spin_up": Key(
                Span(0, 600), default=36, about="months under the place's own rules, not reported"
            ),
            "months": Key(Span(1, 1200), default=60),
            "pairs": Key(Count(1, 100_000, "pair"), default=20),
            "primary": Key(ListOf(measure_shape(), least=1)),
            "windows": Key(Record({"early": Key(window), "late": Key(window)})),
            "record": Key(Choice(("headline", "standard", "full")), default="standard"),
        }
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
        _head(required_title=True)
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
        }
    )


@lru_cache(maxsize=1)
def design_shape() -> Record:
    """Return the record of a sweep design."""
    names = ListOf(Text(), least=1, lone=True)
    return Record(
        _head()
        | {
            "place": Key(Identifier(), required=True),
            "scenario": Key(Identifier()),
            "arms": Key(
                Record({"baseline": Key(_Anything()), "factors": Key(MapOf(ListOf(Text(), least=2)))}),
                required=True,
            ),
            "reforms": Key(MapOf(_Anything()), default={}),
            "levers": Key(
                MapOf(
                    Record({"range": Key(ListOf(Number(low=float("-inf")), least=2)), "values": Key(names)}),
                    tuple(levers()),
                )
            ),
            "assumptions": Key(
                Record({"set": Key(Identifier()), "samples": Key(Count(1, 10**6)), "only": Key(names)})
            ),
            "sampler": Key(
                Record(
                    {
                        "kind": Key(Choice(("sobol", "lhs", "factorial", "morris", "random")), required=True),
                        "n": Key(Count(1, 10**7)),
                        "seed": Key(Count(0, 2**63 - 1)),
                    }
                )
            ),
            "pairs": Key(Count(1, 100_000, "pair"), default=2),
            "run": Key(Record({**run_shape().keys, "start": Key(Month())})),
            "primary": Key(ListOf(measure_shape(), least=1)),
            "then": Key(ListOf(Choice(("sensitivity", "discover", "rank", "attribute", "break-even")))),
        }
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
