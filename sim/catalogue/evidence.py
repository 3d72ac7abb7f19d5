"""The evidence ledger's typed rows: what a number or a claim of the model rests on.

The ledger is one file of the scenario library, `evidence.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.base.errors import ContractError
from sim.base.library import library_folder
from sim.catalogue.reading import read_yaml
from sim.catalogue.rows import Row

LONGEST_LOCATOR = 12  # characters: enough to find a place, too few to be a text
Both = dict[Literal["en", "zh"], str]
ClaimKind = Literal[
    "principle", "structure", "procedure", "plan", "function-assignment", "finance", "staffing",
    "problem", "mechanism-claim", "outcome",
]  # fmt: skip


class Figure(BaseModel):
    """One number of an entry.

    written: as the source writes it where that is not plain digits. qualifier: the source's own hedge.
    derived: arithmetic of ours that yields the value; such a figure does not stand in the source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: float
    unit: Both
    qualifier: Literal["about", "nearly", "more than", "at least"] | None = None
    written: str | None = None
    derived: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _unit_has_both_languages(self) -> Figure:
        if set(self.unit) != {"en", "zh"} or not all(self.unit.values()):
            raise ValueError("a unit has a name in both languages")
        return self


# Why an entry is cited by nothing, in words; `missing` says what the model has not.
UNUSED: dict[str, Both] = {
    "background": {"en": "background: nothing in it to model or to check", "zh": "背景：没有可建模或核对的内容"},
    "aim": {"en": "an aim or a principle without a step", "zh": "目标或原则，没有具体步骤"},
    "same": {"en": "a cited entry says as much", "zh": "已引用的条目说过同样的内容"},
    "no_number": {"en": "a claim or an outcome without a figure to check", "zh": "没有可核对数字的说法或结果"},
    "other_place": {"en": "a figure of a place that is not shipped", "zh": "所述地方未收录"},
    "other_scale": {"en": "measured on a scale that nothing here has", "zh": "所用量表在此没有对应"},
    "missing": {"en": "needs what the model has not: {what}", "zh": "模型中没有：{what}"},
}


class Unused(BaseModel):
    """Why nothing cites an entry. en, zh: what is missing, where that is why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: Literal["background", "aim", "same", "no_number", "other_place", "other_scale", "missing"]
    en: str = ""
    zh: str = ""

    @property
    def text(self) -> dict[str, str]:
        """The reason in both languages."""
        words = UNUSED[self.why]
        return {"en": words["en"].format(what=self.en), "zh": words["zh"].format(what=self.zh)}

    @model_validator(mode="after")
    def _says_what_is_missing(self) -> Unused:
        if (self.why == "missing") != bool(self.en and self.zh):
            raise ValueError("what the model has not is named in both languages, and only there")
        return self


class Evidence(Row):
    """One entry: our paraphrase in both languages and where to look it up.

    seed, locator: file of the source document and a few of its characters. source: citation of a law or a publication.
    of: the entries our arithmetic starts from. unused: why nothing cites it. reliability: A, B or C as the ledger's
    head explains.
    """

    id: str = Field(pattern=r"^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$")
    grade: Literal["seed", "law", "published", "derived"]
    reliability: Literal["A", "B", "C"]
    system: str
    kind: ClaimKind
    year: str | None = None
    seed: str | None = None
    locator: str | None = Field(default=None, min_length=3, max_length=LONGEST_LOCATOR)
    source: str | None = None
    of: tuple[str, ...] = ()
    unused: Unused | None = None
    numbers: dict[str, Figure] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_be_looked_up(self) -> Evidence:
        missing = {
            "seed": not (self.seed and self.locator),
            "law": not self.source,
            "published": not self.source,
            "derived": not self.of,
        }[self.grade]
        if missing:
            raise ValueError(f"{self.id}: an entry of grade {self.grade} must say where to look it up")
        return self


def evidence() -> dict[str, Evidence]:
    """Return every entry of the shipped evidence ledger by id."""
    return ledger(library_folder() / "evidence.yaml")


@lru_cache(maxsize=4)
def ledger(path: Path) -> dict[str, Evidence]:
    """Return the entries of a ledger file by id, in file order."""
    rows = _by_id(read_yaml(path) or [], path.name)
    _check_origins(rows.values(), rows)
    return rows


def _by_id(entries: Iterable[dict[str, Any]], name: str) -> dict[str, Evidence]:
    rows: dict[str, Evidence] = {}
    for entry in entries:
        row = Evidence(**entry)
        if row.id in rows:
            raise ContractError(f"{name}: {row.id} stands twice")
        rows[row.id] = row
    return rows


def _check_origins(entries: Iterable[Evidence], known: dict[str, Evidence]) -> None:
    """Refuse arithmetic on entries that do not exist."""
    for entry in entries:
        lost = [origin for origin in entry.of if origin not in known]
        if lost:
            raise ContractError(f"{entry.id}: starts from {', '.join(lost)}, which the ledger does not hold")
