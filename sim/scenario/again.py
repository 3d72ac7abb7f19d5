"""A scenario made again from what a run folder keeps of it: the documents as they were, not as the library is now."""

from __future__ import annotations

import json
from typing import Any

from sim.base.errors import ShequError
from sim.base.text import say
from sim.scenario.nodes import Node, parse
from sim.scenario.recipe import Recipe
from sim.scenario.resolved import ResolvedScenario, resolve


def kept_content(scenario: ResolvedScenario) -> dict[str, Any]:
    """Return everything a scenario was resolved from and to: documents, choices asked for, every number in force."""
    recipe = scenario.recipe
    documents = {name: getattr(recipe, name).plain() for name in ("scenario", "place", "profile")}
    return documents | {
        "hash": scenario.hash,
        "assumption_set": recipe.assumptions.plain() if recipe.assumptions else None,
        "reforms": [node.plain() for node in recipe.reforms],
        "bare": scenario.hash != recipe.hash(),  # the place alone, without the reforms that stand here
        "asked": {
            "only": recipe.only,
            "without": recipe.without,
            "settings": recipe.settings,
            "values": recipe.values,
            "switched_off": recipe.switched_off,
        },
        "assumptions": scenario.assumptions,
        "quantities": {address: quantity.value for address, quantity in scenario.quantities.items()},
    }


def made_again(content: dict[str, Any], name: str) -> ResolvedScenario:
    """Return the scenario that was kept; raises ShequError where this version reads the documents otherwise.

    name: the file it was kept in, for messages. Documents are read as text, so a stranger's file is no more than that.
    """
    try:
        asked = content["asked"]
        recipe = Recipe(
            scenario=_node(content["scenario"], name),
            place=_node(content["place"], name),
            profile=_node(content["profile"], name),
            assumptions=_node(content["assumption_set"], name) if content["assumption_set"] else None,
            reforms=tuple(_node(reform, name) for reform in content["reforms"]),
            only=tuple(asked["only"]),
            without=tuple(asked["without"]),
            settings=tuple((lever, value, month) for lever, value, month in asked["settings"]),
            values=dict(asked["values"]),
            switched_off=tuple(asked["switched_off"]),
        )
        made = resolve(recipe)
        made = made.baseline() if content["bare"] else made
    except (KeyError, TypeError, IndexError) as error:
        raise ShequError(say("{file} does not hold a scenario as kept by this version", file=name)) from error
    if made.hash != content["hash"] or made.assumptions != content["assumptions"]:
        raise ShequError(
            say("{file}: this version reads these documents otherwise than the one that ran them", file=name)
        )
    return made


def _node(content: Any, name: str) -> Node:
    return parse(json.dumps(content, ensure_ascii=False), name).documents[0]
