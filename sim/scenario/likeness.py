"""What two scenarios differ in beside their reforms: the place as written and resolved, its people, the assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.base.errors import Problem, ScenarioError
from sim.base.text import say
from sim.scenario.resolved import ResolvedScenario

MOST_SHOWN = 20
# Names and words of a place: they change nothing that is simulated.
WORDS_ALONE = ("id", "title", "note", "kind", "extends")
ABSENT = "–"


def unlike(one: ResolvedScenario, other: ResolvedScenario) -> list[tuple[str, str, str]]:
    """Return (path, value here, value there) of everything but the reforms in which two scenarios differ."""
    pairs = [
        ("law_version", one.law_version, other.law_version),
        *(
            (f"run.{name}", getattr(one.run, name), getattr(other.run, name))
            for name in ("start", "months", "spin_up")
        ),
    ]
    found = [(path, str(a), str(b)) for path, a, b in pairs if a != b]
    found += _differ(one.assumptions, other.assumptions, "assumptions")
    for part in ("place", "profile"):
        mine, theirs = (_without_words(getattr(s.recipe, part).plain()) for s in (one, other))
        found += _differ(mine, theirs, part)
    of_place = f"{one.place.id}:", f"{other.place.id}:"
    first, second = (
        {n.removeprefix(mine): q.value for n, q in s.quantities.items() if n.startswith(mine)}
        for s, mine in zip((one, other), of_place, strict=True)
    )
    named = {path.removeprefix("place.").removesuffix(".value") for path, _, _ in found}
    return found + [row for row in _differ(first, second, "") if row[0] not in named]


def refuse_unlike(one: ResolvedScenario, other: ResolvedScenario, declared: Sequence[str] = ()) -> list[str]:
    """Return the differences that were declared, in words; raises ScenarioError listing every one that was not.

    declared: paths, or beginnings of paths, in which the two are meant to differ.
    """
    rows = unlike(one, other)
    open_ = [row for row in rows if not any(row[0] == d or row[0].startswith(f"{d}.") for d in declared)]
    if open_:
        head = say("the two scenarios differ in more than their reforms; compare like with like")
        hint = say("where it is meant, declare it: --differ {path}", path=open_[0][0])
        told = [Problem(None, path, say("{a} against {b}", a=a, b=b)) for path, a, b in open_[:MOST_SHOWN]]
        if len(open_) > MOST_SHOWN:
            told.append(Problem(None, "", say("and {n} more", n=len(open_) - MOST_SHOWN)))
        raise ScenarioError([Problem(None, "", head, hint), *told])
    return [f"{path}: {a} / {b}" for path, a, b in rows]


def _without_words(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in WORDS_ALONE}


def _differ(one: Any, other: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield every leaf in which two trees differ, with its path."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _differ(one.get(key, ABSENT), other.get(key, ABSENT), f"{path}.{key}".lstrip("."))
    elif one != other:
        yield path, _short(one), _short(other)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
