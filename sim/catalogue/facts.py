"""The stylised facts and the contradictions of the source documents, as rows that can be run.

A fact says by which arms, outcomes and windows it is tested, which sign is claimed, and how far the model has it
written in: arithmetic; assumed (by a named parameter, whose range is widened through no effect); calibrated; emergent.
Only the last counts as evidence for the model.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.catalogue.evidence import Both
from sim.catalogue.loading import assumptions, measures
from sim.catalogue.rows import Bounds, Row

Sign = Literal[
    "up",
    "down",
    "not_up",
    "not_down",
    "above_zero",
    "climbs",
    "shrinks",
    "less_regained",
    "ordering",
    "joint",
]
Class = Literal["arithmetic", "assumed", "calibrated", "emergent"]
# Figures beside the measures: the mean of a world's column at the end; a group's rate against everybody's.
COLUMN, COMPOSITION = "column:", "composition:"


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Arm(_Plain):
    """One way the place is run. changes: as in a reform, from the first reported month; assume: other assumptions."""

    id: str
    en: str
    zh: str
    changes: tuple[dict[str, Any], ...] = ()
    assume: dict[str, float] = {}

    @property
    def text(self) -> dict[str, str]:
        """Both names."""
        return {"en": self.en, "zh": self.zh}


class Test(_Plain):
    """One claim about a difference: measure of `arm` less that of `against`, over a window.

    up, down: its sign. not_up, not_down: no rise, no fall worth acting on. above_zero: the arm's own value. climbs: the
    difference grows from `since` to the window. shrinks: it gets nearer to zero. less_regained: of what was lost by
    `since`, a smaller part has come back than in `other`. ordering: `measure` gains more, in units of worth, than
    `than`. joint: the arm does more good than the best of `others`, each against `against`.
    """

    __test__ = False  # a row, not a test of ours

    measure: str
    arm: str
    against: str = "base"
    sign: Sign
    window: str = "late"
    since: str = "early"
    other: str = ""
    others: tuple[str, ...] = ()
    than: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def arms(self) -> set[str]:
        """Every arm that the test compares."""
        return {self.arm, self.against, self.other, *self.others} - {""}

    @property
    def windows(self) -> set[str]:
        """The windows it looks at."""
        return (
            {self.window, self.since}
            if self.sign in ("climbs", "shrinks", "less_regained")
            else {self.window}
        )


class Fact(Row):
    """One stylised fact. issuers: also run with departments that do not react; widened: of `parameter`."""

    id: str = Field(pattern=r"^F\d+$")
    claim: Both
    cls: Class
    evidence: tuple[str, ...]
    parameter: str = ""
    widened: Bounds | None = None
    no_effect: float = 0.0
    issuers: bool = False
    tests: tuple[Test, ...]
    note: Both | None = None

    @model_validator(mode="after")
    def _assumed_names_its_parameter(self) -> Fact:
        if self.cls == "assumed":
            if self.parameter not in assumptions() or self.widened is None:
                raise ValueError(f"{self.id}: an assumed fact names its parameter and the widened range")
            low, high = assumptions()[self.parameter].range
            if not (
                self.widened[0] <= min(low, self.no_effect) and self.widened[1] >= max(high, self.no_effect)
            ):
                raise ValueError(f"{self.id}: {self.parameter} is not widened through no effect")
        return self


class Pair(_Plain):
    """Two scenarios of the library that stand for the two sides; without `other`, the place without the reform.

    turned: the tests' arm is `other`, which is what `scenario` is compared with.
    """

    scenario: str
    other: str = ""
    turned: bool = False

    @property
    def command(self) -> str:
        """What compares them."""
        return " ".join(filter(None, ("shequ compare", self.scenario, self.other, "--samples 64")))


class Contradiction(Row):
    """Two sides of the documents on one place. Side a holds where every test does; `observe` tells them apart.

    id: of eight; where the documents take three sides, `2b` sets the first against the third. pairs: scenarios of the
    library that put both sides on one place, each compared by one command.
    """

    id: str = Field(pattern=r"^[1-8]b?$")
    side_a: Both
    side_b: Both
    evidence_a: tuple[str, ...]
    evidence_b: tuple[str, ...]
    tests: tuple[Test, ...]
    pairs: tuple[Pair, ...] = ()
    observe: Both

    @property
    def command(self) -> str:
        """What tests both its rows, with the region of assumptions on either side."""
        return f"shequ validate --contradictions --only {self.id[0]}"


class Untested(Row):
    """A fact that no outcome or mechanism of this version can speak to, and why."""

    id: str = Field(pattern=r"^F\d+$")
    evidence: tuple[str, ...]
    why: Both


class Facts(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["facts"]
    scenario: str
    windows: dict[str, tuple[int, int]]
    arms: tuple[Arm, ...]
    facts: tuple[Fact, ...]
    contradictions: tuple[Contradiction, ...] = ()
    untested: tuple[Untested, ...] = ()

    @property
    def every_test(self) -> list[Test]:
        """All tests, of facts and of contradictions."""
        tests = (*(row.tests for row in self.facts), *(row.tests for row in self.contradictions))
        return [t for of_row in tests for t in of_row]

    @model_validator(mode="after")
    def _names_resolve(self) -> Facts:
        arms = {arm.id for arm in self.arms}
        for test in self.every_test:
            names = (test.measure, *test.than, *test.also)
            unknown = [m for m in names if m not in measures() and not m.startswith((COLUMN, COMPOSITION))]
            unknown += [arm for arm in test.arms if arm not in arms]
            unknown += [w for w in test.windows if w not in self.windows]
            if unknown:
                raise ValueError(f"facts: nothing is called {', '.join(unknown)}")
        for arm in self.arms:
            missing = [name for name in arm.assume if name not in assumptions()]
            if missing:
                raise ValueError(f"arm {arm.id}: no assumption is called {', '.join(missing)}")
        return self


def read_facts(plain: Any) -> Facts:
    """Return the checked file; raises ValueError with one line `path: what` a problem."""
    try:
        return Facts(**plain)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'facts'}: {e['msg']}" for e in error.errors()]
        raise ValueError("\n".join(lines)) from error
