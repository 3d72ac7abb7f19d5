"""The documents that describe a place and who lives there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, override

from sim.base.errors import nearest
from sim.base.text import say
from sim.catalogue import duty_classes, kinds, measures
from sim.scenario.arguments import NewLayer, kind_shape, layer_shape
from sim.scenario.nodes import Node
from sim.scenario.numbers import QUANTITY_KEYS, Evidence, Number
from sim.scenario.quantities import Reading
from sim.scenario.settings import Settings
from sim.scenario.shapes import (
    BAD,
    Choice,
    Flag,
    Identifier,
    Key,
    Known,
    ListOf,
    MapOf,
    Month,
    Record,
    Shape,
    Text,
    Title,
    wrong,
)

# What a figure over the whole place is divided by to stand beside a measure.
PER = ("1000_households", "community")
KINDS = ("place", "profile", "reform", "assumptions", "scenario", "design")


def head(*, required_title: bool = False) -> dict[str, Key]:
    """Return the keys every document has."""
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
        if node.is_map and not set(node.value) & set(QUANTITY_KEYS):
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
        lenient=True,
        keys=head()
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
        },
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
        lenient=True,
        keys={
            "owner": Key(kind_shape(), required=True),
            "approver": Key(kind_shape()),
            "before": Key(kind_shape(), about="who did it earlier: what practice falls back to"),
            "issuer": Key(kind_shape(), about="who sends assigned work of this class"),
        },
    )
    return Record(
        lenient=True,
        keys=head(required_title=True)
        | {
            "law_version": Key(Choice(("1989", "2026")), default="1989"),
            "layers": Key(
                ListOf(NewLayer(), least=1), required=True, about="top to bottom, ending with community"
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
        },
    )


def measure_shape() -> Known:
    """Return the shape of a measure's name."""
    return Known(tuple(measures()), say("a measure"))


@dataclass(frozen=True)
class _Counted(Text):
    """What a document counts: a measure, or something the model has no measure of; a misspelt measure is neither."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        name = super().read(node, path, reading)
        meant = nearest(str(name), measures(), 0.85) if name is not BAD and name not in measures() else None
        if meant is None:
            return name
        return wrong(node, path, reading, say("a measure"), say("did you mean `{name}`?", name=meant))


def expect_shape() -> Record:
    """Return the record of a figure a document counts, shown beside the model's value and never fitted."""
    return Record(
        {
            "measure": Key(_Counted(), required=True),
            "from": Key(Number(high=1e9)),
            "to": Key(Number(high=1e9)),
            "value": Key(Number(high=1e9)),
            "since": Key(Month()),
            "at": Key(Month()),
            "per": Key(Choice(PER)),
            "unit": Key(Title()),
            "what": Key(Title()),
            "means": Key(Title()),
            "put_in": Key(Flag(), default=False),
            "evidence": Key(Evidence(), default=()),
        }
    )
