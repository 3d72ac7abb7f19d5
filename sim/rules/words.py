"""Small pieces of sentence shared by operations, rule changes and the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.base.text import Message, say
from sim.catalogue import duty_classes, kinds, plural

LAYER_NAMES = {
    "province": {"en": "province", "zh": "省"},
    "city": {"en": "city", "zh": "市"},
    "district": {"en": "district", "zh": "区"},
    "street": {"en": "street", "zh": "街道"},
    "community": {"en": "community", "zh": "社区"},
    "courtyard": {"en": "courtyard", "zh": "院落"},
    "block": {"en": "block", "zh": "楼栋"},
}
BODY_NAMES = {
    "deliberation_council": {"en": "deliberation council", "zh": "议事会"},
    "supervision_committee": {"en": "supervision committee", "zh": "监督委员会"},
    "residents": {"en": "residents", "zh": "居民"},
    "treasury": {"en": "the treasury", "zh": "财政"},
    "nobody": {"en": "nobody", "zh": "无人"},
}
POOL = {"en": "the pool of displaced staff", "zh": "待安置人员库"}


def listed(texts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return a list of bilingual names as one bilingual text."""
    rows = list(texts)
    return {"en": ", ".join(t["en"] for t in rows), "zh": "、".join(t["zh"] for t in rows)}


def kind_text(kind: str) -> dict[str, str]:
    """Return the name of a kind, of the pool, or the word itself where it is neither."""
    if kind == "pool":
        return POOL
    names = LAYER_NAMES | BODY_NAMES
    return kinds()[kind].text if kind in kinds() else names.get(kind, {"en": kind, "zh": kind})


def kinds_text(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of several kinds as one text."""
    return listed(kind_text(kind) for kind in ids)


def classes_text(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of several duty classes as one text."""
    return listed(duty_classes()[c].text for c in ids)


def layer_text(layer: str) -> dict[str, str]:
    """Return the name of a layer; a place may name its own."""
    return LAYER_NAMES.get(layer, {"en": layer, "zh": layer})


def units_text(layer: str, n: int) -> dict[str, str]:
    """Return how many units a layer has: `6 streets`, `街道6个`."""
    name = layer_text(layer)
    many = name["en"] if n == 1 else plural(name["en"])
    return {"en": f"{n} {many}", "zh": f"{name['zh']}{n}个"}


def figure(number: float) -> str:
    """Return a number as a reader expects it: no trailing zeros, thousands apart."""
    return f"{number:,.6g}" if abs(number) < 1e6 else f"{number:,.0f}"


def share(number: float) -> str:
    """Return a share as a percentage."""
    return f"{100 * number:.4g} %"


def chain(*parts: Message | None) -> Message:
    """Join messages into one sentence; None is left out."""
    said = [part for part in parts if part is not None]
    joined = said[0]
    for part in said[1:]:
        joined = say("{first}; {second}", first=joined, second=part)
    return joined


def moves(targets: Mapping[str, str | None]) -> Message | None:
    """Say which duty classes go to whom, one phrase a receiver."""
    by_receiver: dict[str, list[str]] = {}
    for duty_class, receiver in targets.items():
        by_receiver.setdefault(receiver or "", []).append(duty_class)
    phrases = [_one_move(receiver, classes) for receiver, classes in by_receiver.items()]
    return chain(*phrases) if phrases else None


def _one_move(receiver: str, classes: list[str]) -> Message:
    whom: Any = kind_text(receiver) if receiver else {"en": "nobody", "zh": "无人"}
    return say("{classes} to {receiver}", classes=classes_text(classes), receiver=whom)
