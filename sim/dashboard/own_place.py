"""A place of one's own from a short form: at most twelve questions, everything not answered as in a place like it.

The answers become a scenario file with a place and its population, which goes through the loader like any other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.base.errors import Place, ScenarioError
from sim.base.text import N_, Message, say
from sim.catalogue import levers
from sim.dashboard import shelf
from sim.dashboard.document import DEFAULT_RUN
from sim.scenario.documents import Documents
from sim.scenario.quantities import Reading
from sim.scenario.writing import as_yaml

PLACE, PROFILE, SCENARIO = "my_place", "my_people", "my_what_if"
ENTERED = N_("entered in the form")
OLD = ("65-74", "75-94")


@dataclass(frozen=True)
class Question:
    """One number to ask for, with its bounds and, where it lies in the documents, the way to it."""

    id: str
    text: Message
    unit: str
    low: float
    high: float
    path: tuple[str, ...]
    of: str = ""


QUESTIONS = (
    Question("residents", say("Residents"), "person", 500, 3_000_000, ("place", "residents", "count")),
    Question("communities", say("Communities"), "office", 1, 400, ("place", "units", "community", "count")),
    Question("streets", say("Streets"), "office", 1, 60, ("place", "units", "street", "count")),
    Question("household", say("Persons per household"), "person per household", 1.2, 5,
             ("profile", "household_size")),
    Question("old", say("Of the adults, aged 65 or more (share)"), "share", 0.02, 0.6, ("profile", "ages")),
    Question("renters", say("Living in a rented home (share)"), "share", 0.0, 0.95, ("profile", "owners")),
    Question("newcomers", say("Registered elsewhere (share)"), "share", 0.0, 0.95, ("profile", "locals")),
    Question("committee", say("Posts in a residents' committee"), "person", 1, 40,
             ("place", "institutions", "residents_committee", "staff"), "each"),
    Question("street_staff", say("Posts in all street offices together"), "person", 0, 5000,
             ("place", "institutions", "street_office", "staff"), "all"),
    Question("departments", say("Departments above them"), "office", 1, 60,
             ("place", "institutions", "department", "count")),
)  # fmt: skip
COUNTER, CHAIR = "counter", "chair"
COUNTERS = {
    "residents_committee": say("the residents' committee"),
    "street_office": say("the street office"),
}


@dataclass(frozen=True)
class Base:
    """The place and population that answers are put into."""

    place: dict[str, Any]
    profile: dict[str, Any]

    def usual(self, question: Question) -> float | None:
        """Return the number that holds where the question is left open; None where the place has nothing of it."""
        if question.id == "old":
            return round(sum(_number(self.profile["ages"][band]) for band in OLD), 3)
        found: Any = {"place": self.place, "profile": self.profile}
        for step in question.path:
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            return None
        value = _number(found)
        if question.id == "street_staff" and not (isinstance(found, dict) and found.get("of") == "all"):
            value *= self.usual(QUESTIONS[2]) or 1
        return round(1 - value, 3) if question.id in ("renters", "newcomers") else value


def base_of(name: str, source: str = "") -> Base:
    """Return a place of the library, or of an opened file, as what answers are put into."""
    documents = shelf.opened(source)[0] if source else Documents([], None, Reading())
    place = documents.find("place", name, Place(PLACE), "place")
    people = place.value["residents"].value["profile"].value if place is not None else ""
    profile = documents.find("profile", str(people), Place(PLACE), "profile")
    if place is None or profile is None:
        raise ScenarioError(documents.reading.problems)
    return Base(place.plain(), profile.plain())


def _number(found: Any) -> float:
    """Return a number as documents write it; one for each unit above is summed."""
    if isinstance(found, dict) and "value" not in found:
        return sum(_number(value) for value in found.values())
    return float(found["value"] if isinstance(found, dict) else found)


def file_of(base: Base, title: str, answers: Mapping[str, float], words: Mapping[str, str]) -> str:
    """Return the scenario file. answers: by question id; words: who does the counter work, who chairs."""
    place, profile = dict(base.place), dict(base.profile)
    place |= {"id": PLACE, "title": {"en": title, "zh": title}}
    profile |= {"id": PROFILE, "title": {"en": title, "zh": title}}
    place = {k: v for k, v in place.items() if k not in ("extends", "expect", "kind")}
    profile.pop("kind", None)
    documents: dict[str, Any] = {"place": place, "profile": profile}
    for question in QUESTIONS:
        if question.id in answers:
            _put(documents, question, answers[question.id])
    place, profile = documents["place"], documents["profile"]
    place["residents"] = {**place["residents"], "profile": PROFILE}
    _words(place, words)
    run = dict(DEFAULT_RUN)
    scenario = {"kind": "scenario", "id": SCENARIO, "title": place["title"], "place": PLACE,
                "assumptions": "prior", "run": run}  # fmt: skip
    return as_yaml([{"kind": "place", **place}, {"kind": "profile", **profile}, scenario])


def _put(documents: dict[str, Any], question: Question, value: float) -> None:
    if question.id == "old":
        documents["profile"]["ages"] = _ages(documents["profile"]["ages"], value)
        return
    value = 1 - value if question.id in ("renters", "newcomers") else value
    block = documents
    for step in question.path[:-1]:
        if step not in block:
            return
        block[step] = dict(block[step])
        block = block[step]
    whole = question.unit == "office"
    entered = {"value": round(value) if whole else value, "derived": ENTERED}
    if not whole and question.path[0] == "place":
        entered["unit"] = question.unit
    block[question.path[-1]] = entered | ({"of": question.of} if question.of else {})
    block.pop("ids", None)


def _ages(bands: dict[str, Any], old: float) -> dict[str, Any]:
    """Return the bands with another share of the old, the others in proportion; they sum to one."""
    now = sum(_number(bands[band]) for band in OLD)
    shares = {
        band: _number(share) * (old / now if band in OLD else (1 - old) / (1 - now))
        for band, share in bands.items()
    }
    rounded = {band: round(share, 4) for band, share in shares.items()}
    first = next(iter(rounded))
    rounded[first] = round(rounded[first] + 1 - sum(rounded.values()), 4)
    return {band: {"value": share, "derived": ENTERED} for band, share in rounded.items()}


def _words(place: dict[str, Any], words: Mapping[str, str]) -> None:
    counter, chair = words.get(COUNTER, ""), words.get(CHAIR, "")
    if counter in place["institutions"]:
        mine = {**place["duties"].get("transaction", {}), "owner": counter}
        if mine.get("approver") == counter:
            mine.pop("approver")
        place["duties"] = {**place["duties"], "transaction": mine}
    if chair in levers()["committee.chair_origin"].choice_ids:
        place["rules"] = {**(place.get("rules") or {}), "committee.chair_origin": chair}


def answered(answers: Mapping[str, float], question: Question, text: str) -> dict[str, float]:
    """Return the answers with one more, inside its bounds; what is no number leaves the question open."""
    others = {name: value for name, value in answers.items() if name != question.id}
    try:
        value = float(text)
    except ValueError:
        return others
    return (
        others | {question.id: min(max(value, question.low), question.high)}
        if math.isfinite(value)
        else others
    )
