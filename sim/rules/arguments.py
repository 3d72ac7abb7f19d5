"""How an operation's argument is written in a file: one declaration for loader, schema and docs."""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field
from math import inf
from typing import Any

from sim.base.text import Message


class OperationError(ValueError):
    """An operation whose arguments cannot stand together; carries the sentence a user reads."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.render("en"))
        self.message = message


@dataclass(frozen=True)
class Arg:
    """The written form of one argument.

    shape: quantity | count | kind | kinds | classes | duty_map | layer | choice | flag | text | texts |
    share_map | unit_groups | stages | month | kind_or_layer | kind_shares.
    key: its name in a file where that is not the attribute's name (`from` is a Python word).
    """

    shape: str
    key: str
    unit: str = ""
    bounds: tuple[float, float] = (0.0, inf)
    values: tuple[str, ...] = ()
    required: bool = False


def arg(
    shape: str,
    *,
    default: Any = MISSING,
    key: str = "",
    unit: str = "",
    bounds: tuple[float, float] = (0.0, inf),
    values: tuple[str, ...] = (),
) -> Any:
    """Declare a dataclass field together with its written form."""
    spec = {"shape": shape, "key": key, "unit": unit, "bounds": bounds, "values": values}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=spec)
    return field(default=default, metadata=spec)


def written_form(declared: Field[Any]) -> Arg:
    """Return the written form of a declared field."""
    spec = dict(declared.metadata)
    key = spec.pop("key") or declared.name
    required = declared.default is MISSING and declared.default_factory is MISSING
    return Arg(key=key, required=required, **spec)
