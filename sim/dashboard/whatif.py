"""What a user has chosen, as one frozen value: the only thing the address, the undo list and a share file hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

Moved = tuple[tuple[str, str], ...]  # lever address -> value as a file writes it
Parameters = tuple[tuple[str, str, str], ...]  # reform, parameter, value as written
Values = tuple[tuple[str, float], ...]  # assumption -> value

PAIR_CHOICES = (5, 10, 20, 40, 80)
MOST_MONTHS = 240


@dataclass(frozen=True)
class WhatIf:
    """One what-if.

    source: the scenario it starts from, a library id or `file-<hash>` of an uploaded file; empty for a place alone.
    place: id of the place. levers: address `lever` or `lever:row` to a value as written. levers_from: YYYY-MM,
    empty for the month of the first change. pairs, months: 0 for what the scenario says.
    """

    source: str = ""
    place: str = ""
    reforms: tuple[str, ...] = ()
    parameters: Parameters = ()
    levers: Moved = ()
    levers_from: str = ""
    assumptions: Values = ()
    pairs: int = 0
    months: int = 0

    def with_lever(self, address: str, value: str | None) -> Self:
        """Return the what-if with one lever moved, or back where it was."""
        kept = {k: v for k, v in self.levers if k != address}
        if value is not None:
            kept[address] = value
        return replace(self, levers=tuple(sorted(kept.items())))

    def with_assumption(self, name: str, value: float | None) -> Self:
        """Return the what-if with another value of an assumption, or the usual one."""
        kept = {k: v for k, v in self.assumptions if k != name}
        if value is not None:
            kept[name] = value
        return replace(self, assumptions=tuple(sorted(kept.items())))

    def with_reforms(self, names: tuple[str, ...]) -> Self:
        """Return the what-if with these reforms; parameters of reforms that left go with them."""
        return replace(self, reforms=names, parameters=tuple(p for p in self.parameters if p[0] in names))

    def with_parameter(self, reform: str, name: str, value: str | None) -> Self:
        """Return the what-if with a parameter of a reform filled in, or left as the reform says."""
        kept = {(r, p): v for r, p, v in self.parameters if (r, p) != (reform, name)}
        if value is not None:
            kept[reform, name] = value
        return replace(self, parameters=tuple((r, p, v) for (r, p), v in sorted(kept.items())))
