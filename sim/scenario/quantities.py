"""A number together with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.base.errors import Place, Problem
from sim.base.text import Message

GRADE_OF_PREFIX = {"law": "law", "published": "published"}


@dataclass(frozen=True)
class Quantity:
    """A value with its range, unit and provenance.

    grade: seed, law, published, derived or assumed; empty where the file says nothing.
    address: the name it is sampled and reported by, `document:path`.
    """

    value: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    grade: str = ""
    evidence: tuple[str, ...] = ()
    said: str = ""
    source: str = ""
    of: str = ""
    per: str = ""
    address: str = ""

    def __float__(self) -> float:
        return float(self.value)


def grade_of(evidence: tuple[str, ...], *, derived: bool, assumed: bool) -> str:
    """Return the weakest of what a quantity says about itself."""
    if assumed:
        return "assumed"
    if derived:
        return "derived"
    if not evidence:
        return ""
    return GRADE_OF_PREFIX.get(evidence[0].split(".")[0], "seed")


def spoken(reason: str) -> Message:
    """Return a reason as written in a file, in the reader's language where the shipped library has it in both."""
    return Message(reason.replace("{", "{{").replace("}", "}}"))


@dataclass
class Reading:
    """What is collected while one document is read: problems, quantities, and the values samples put in.

    overrides: sampled value by address. known_evidence: ids of the ledger, or None where there is none to check.
    """

    document: str = ""
    problems: list[Problem] = field(default_factory=list)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    overrides: dict[str, float] = field(default_factory=dict)
    known_evidence: frozenset[str] | None = None

    def problem(
        self, place: Place, path: str, what: Message, hint: Message | None = None, severity: str = "error"
    ) -> None:
        """Record one problem."""
        self.problems.append(Problem(place, path, what, hint, severity))

    def record(self, path: str, quantity: Quantity) -> Quantity:
        """Register a quantity by its address and return it with its sampled value, if any."""
        address = f"{self.document}:{path}"
        value = self.overrides.get(address, quantity.value)
        named = Quantity(**{**quantity.__dict__, "value": value, "address": address})
        self.quantities[address] = named
        return named
