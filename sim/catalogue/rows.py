"""The typed rows of every catalogue: what one line of a data file must say.

A row that breaks its own promises (a baseline outside its bounds, a choice without values) does not load.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Grade = Literal["seed", "law", "published", "derived", "assumed"]
Bounds = tuple[float, float]
NO_EVIDENCE: tuple[str, ...] = ()


class Row(BaseModel):
    """One catalogue entry with its name in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")
    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    @property
    def text(self) -> dict[str, str]:
        """Both names, as `base.text.pick` reads them."""
        return {"en": self.en, "zh": self.zh}


class Value(Row):
    """One listed value of a choice lever; its number is its place in the list."""


class Lever(Row):
    """What policy sets. A value exists per place, per area or per hop, with `by` adding a leading axis.

    practised: somebody has to keep to it, so practice follows the writing only as far as the rule in use says; a
    budget, a pay scale, a number of posts or a form of law simply holds. kept: `case` where a part of cases follows the
    new rule and the rest the old, as with every choice; else practice is a number between the two.
    read_by: mechanisms that act on it, or `enact` where offices and posts follow it.
    """

    domain: Literal["place", "area", "hop"]
    by: Literal["kind", "duty_class"] | None = None
    type: Literal["number", "share", "count", "yuan", "flag", "choice"]
    unit: str
    bounds: Bounds
    baseline: float | str | dict[str, float]
    values: tuple[Value, ...] = ()
    evidence: tuple[str, ...] = NO_EVIDENCE
    assumed: str | None = None
    practised: bool = False
    kept: Literal["case"] | None = None
    read_by: tuple[str, ...] = ()

    @property
    def choice_ids(self) -> tuple[str, ...]:
        """The ids of the listed values, in number order."""
        return tuple(value.id for value in self.values)

    @property
    def by_case(self) -> bool:
        """Whether practice between two rules means that a part of the cases follows the one and the rest the other."""
        return self.type == "choice" or self.kept == "case"

    def code(self, value: Any) -> float:
        """Return the number stored for a value as written: a choice's index, a flag's 0 or 1, a number."""
        if self.type == "choice":
            return float(self.choice_ids.index(str(value)))
        if self.type == "flag":
            return float(
                {"on": 1, "off": 0}.get(str(value), bool(value) if isinstance(value, bool) else value)
            )
        return float(value)

    def name(self, number: float) -> str:
        """Return how a stored number is written: the inverse of `code`."""
        if self.type == "choice":
            return self.choice_ids[round(number)]
        if self.type == "flag":
            return "on" if number >= 0.5 else "off"
        return f"{number:g}"

    @model_validator(mode="after")
    def _baseline_is_inside(self) -> Lever:
        if self.type == "choice" and (len(self.values) < 2 or str(self.baseline) not in self.choice_ids):
            raise ValueError(f"{self.id}: a choice needs listed values and a baseline among them")
        numbers = self.baseline.values() if isinstance(self.baseline, dict) else [self.baseline]
        if any(not self.bounds[0] <= self.code(n) <= self.bounds[1] for n in numbers):
            raise ValueError(f"{self.id}: baseline outside its bounds")
        if not self.evidence and not self.assumed:
            raise ValueError(f"{self.id}: says neither evidence nor assumed")
        if self.practised and self.domain == "hop":
            raise ValueError(f"{self.id}: practice is kept by area, and hops have none")
        return self


class Assumption(Row):
    """A number nobody measured here: behaviour, workload or institutions. Sampled over its range.

    values: where the assumption is a choice between forms, the forms in order; the number is then drawn from 0 to their
    count and stands for the form whose unit interval it lies in, so that every form is sampled alike.
    effect_of: the levers and structural operations (by verb) whose effect on one step the number says; none: the value
    at which there is no effect, which the range must reach.
    """

    value: float
    range: Bounds
    unit: str
    grade: Grade
    source: str
    mechanism: str
    evidence: tuple[str, ...] = NO_EVIDENCE
    values: tuple[Value, ...] = ()
    effect_of: tuple[str, ...] = ()
    none: float | None = None

    def choice(self, number: float) -> int:
        """Return the place of the listed form that a number stands for."""
        return min(int(number), len(self.values) - 1)

    @model_validator(mode="after")
    def _value_is_inside(self) -> Assumption:
        if not self.range[0] <= self.value <= self.range[1]:
            raise ValueError(f"{self.id}: value {self.value} outside its range {list(self.range)}")
        if self.values and self.range != (0, len(self.values)):
            raise ValueError(f"{self.id}: a choice of {len(self.values)} ranges from 0 to that")
        if self.none is not None and not self.range[0] <= self.none <= self.range[1]:
            raise ValueError(f"{self.id}: its range does not reach no effect, {self.none}")
        return self


class Measure(Row):
    """The definition of an outcome: how it is summed, shown and judged.

    worth: the smallest difference worth acting on, in the measure's unit.
    scale: the factor between the stored and the shown number (100 for a percentage).
    stock: the stock of residents it is the mean of; the causes of its changes are booked under that name.
    """

    unit: str
    kind: Literal["ratio", "mean", "sum", "quantile"]
    summary: Literal["mean", "sum", "end"]
    side: Literal["participation", "service_load", "other"]
    better: Literal["up", "down", "none"]
    worth: float = Field(gt=0)
    levels: tuple[str, ...] = ("place",)
    q: float | None = Field(default=None, gt=0, lt=1)
    scale: float = 1.0
    stock: str | None = None


class DutyClass(Row):
    """One kind of work. Volumes are items a year at the reference community of 2000 households.

    organ_share: the part that arrives once per receiving organ; the rest arrives per household.
    items: entries on the list of duties, so that a document's "62 items" can be turned into a share.
    """

    origin: Literal["assigned", "resident", "own"]
    hours: float = Field(gt=0)
    hours_cv: float = Field(ge=0)
    organ_share: float = Field(default=0.0, ge=0, le=1)
    organ_share_range: Bounds = (0.0, 0.0)
    inspected: bool = False
    per_committee_year: float = Field(ge=0)
    per_committee_year_range: Bounds
    items: int = Field(ge=1)
    level_shares: dict[str, float] = {}
    priority: int = Field(ge=0)
    topics: tuple[str, ...] = ()
    grade: Grade
    source: str
    evidence: tuple[str, ...] = NO_EVIDENCE

    @model_validator(mode="after")
    def _shares_sum(self) -> DutyClass:
        if self.level_shares and abs(sum(self.level_shares.values()) - 1.0) > 1e-9:
            raise ValueError(f"{self.id}: level_shares must sum to one")
        return self


class Kind(Row):
    """A kind of institution and the class that holds its decisions.

    performs: it may own duties; staffed: it has posts of its own; level: the layer it usually sits at.
    """

    cls: str
    level: str | None = None
    performs: bool
    staffed: bool


class IssueKind(Row):
    """A kind of public matter.

    share: of all matters that arise. cost_ratio: what mending one costs against the middle one. season: weights of the
    twelve months, January first, with a mean of one. touches: whom it means all of its severity to; others: what it
    means to everybody else there, 0-1. shows: how far a mended one shows from outside, 0-1.
    """

    share: float = Field(gt=0, le=1)
    cost_ratio: float = Field(gt=0)
    season: tuple[float, ...]
    touches: Literal["everybody", "owners", "renters", "old", "children", "cars"]
    others: float = Field(ge=0, le=1)
    shows: float = Field(ge=0, le=1)
    evidence: tuple[str, ...] = NO_EVIDENCE
    assumed: str | None = None

    @model_validator(mode="after")
    def _has_a_year(self) -> IssueKind:
        if len(self.season) != 12 or min(self.season) < 0 or abs(sum(self.season) / 12 - 1) > 1e-6:
            raise ValueError(f"{self.id}: a season is twelve weights, none below zero, with a mean of one")
        if not self.evidence and not self.assumed:
            raise ValueError(f"{self.id}: says neither evidence nor assumed")
        return self


class Direct(Row):
    """A lever or an operation that acts as written, with the reason why no assumption says how strongly."""


class Cause(Row):
    """Why a stock or a rate moved: a mechanism posts and books under it."""


class Group(Row):
    """A way of dividing residents for reporting: who gains and who loses.

    column: the resident column whose codes are the values; edges turn a number into a code. A crossing names two
    other groups in `of` instead and takes their values in pairs, the second running faster.
    """

    column: str = ""
    edges: tuple[float, ...] = ()
    of: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()

    @model_validator(mode="after")
    def _has_one_source(self) -> Group:
        if bool(self.column) == bool(self.of):
            raise ValueError(f"{self.id}: a column or a crossing, one of the two")
        if self.edges and len(self.values) != len(self.edges) + 1:
            raise ValueError(f"{self.id}: one value more than edges")
        return self
