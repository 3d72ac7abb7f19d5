"""A small twin of a scenario: fewer whole communities, with offices, staff, money and reforms in proportion.

Communities keep their size, so that what a committee carries stays what it was; whatever a document counts over the
whole place (posts of offices above, offices that a merger leaves, people moved or hired, a budget) is cut to the same
share. Units that a place calls by name are all kept, each with its part of what lies below it, so that a pilot district
and the rest are both there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.scenario.nodes import node_of
from sim.scenario.resolved import ResolvedScenario, resolve

NAME = "twin"
# What operations and selectors count over the whole place.
COUNTED = {
    "merge": ("into",),
    "open_office": ("count",),
    "transfer_staff": ("count", "promoted"),
    "hire": ("count",),
    "release": ("count",),
    "create_zones": ("count",),
    "fund": ("amount",),
}
WHOLE = {("merge", "into"), ("open_office", "count"), ("create_zones", "count")}
BUDGET = "purchase.budget"  # the one lever in yuan for the whole place


def twin_of(scenario: ResolvedScenario, communities: int) -> ResolvedScenario:
    """Return the scenario at a place of so many communities; itself where it has no more; raises ScenarioError."""
    if scenario.frame.n_areas <= communities:
        return scenario
    recipe = scenario.recipe
    units = units_of(scenario, communities)
    share = units["community"] / scenario.frame.n_areas
    place = _place(recipe.place.plain(), scenario, units, share)
    of_layer = {layer: n / scenario.frame.n_units[layer] for layer, n in units.items()}
    reforms = tuple(node_of(_picks(_cut_down(r.plain(), share), of_layer), NAME) for r in recipe.reforms)
    own = {k: v for k, v in recipe.scenario.plain().items() if k != "expect"}
    own = _picks(_cut_down(own, share), of_layer)
    made = replace(recipe, place=node_of(place, NAME), reforms=reforms, scenario=node_of(own, NAME), replication=None)
    return resolve(made)


def is_twin(scenario: ResolvedScenario) -> bool:
    """Return whether a scenario is a twin that was cut from its place."""
    return scenario.recipe.place.place.file == NAME


def units_of(scenario: ResolvedScenario, communities: int) -> dict[str, int]:
    """Return how many units of each layer the twin has: at least one, never more than of the layer below.

    Named units are all there; a layer that is counted for each of them has at least one in each.
    """
    blocks, n_areas = scenario.recipe.place.plain()["units"], scenario.frame.n_areas
    share = communities / n_areas
    found = {}
    for layer, n in scenario.frame.n_units.items():
        block = blocks.get(layer, {})
        if "ids" in block:
            found[layer] = n
        elif _counted_in_each(block):
            found[layer] = sum(_number(c) for c in _fewer_in_each(block["count"], share).values())
        else:
            found[layer] = communities if layer == "community" else max(1, round(n * share))
    return found


def _counted_in_each(block: dict[str, Any]) -> bool:
    count = block.get("count")
    return isinstance(count, dict) and "value" not in count


def _fewer_in_each(counts: dict[str, Any], share: float) -> dict[str, Any]:
    return {unit: scaled(count, share, whole=True) for unit, count in counts.items()}


def _number(count: Any) -> int:
    return int(count["value"] if isinstance(count, dict) else count)


def _place(
    plain: dict[str, Any], scenario: ResolvedScenario, units: dict[str, int], share: float
) -> dict[str, Any]:
    """Return the place's document cut down."""
    before = scenario.frame.n_units
    cut = {layer: _unit(plain["units"].get(layer, {}), n, share) for layer, n in units.items()}
    people = {**plain["residents"], "count": scaled(plain["residents"]["count"], share)}
    offices = {
        kind: _office(block or {}, share, units, before) for kind, block in plain["institutions"].items()
    }
    yards = {name: scaled(value, share) for name, value in (plain.get("courtyards") or {}).items()}
    rules = _settings(plain.get("rules") or {}, share)
    whole = {**plain, "units": {k: v for k, v in cut.items() if k in plain["units"]}, "residents": people}
    whole |= {"institutions": offices, "courtyards": yards, "rules": rules}
    return {k: v for k, v in whole.items() if v != {} and k != "expect"}


def _unit(block: dict[str, Any], n: int, share: float) -> dict[str, Any]:
    if "ids" in block:
        return block
    kept = {k: v for k, v in block.items() if k in ("within", "spread")}
    if _counted_in_each(block):
        return kept | {"count": _fewer_in_each(block["count"], share)}
    return kept | {"count": {"value": n, "range": [n, n], "assumed": NAME}}


def _office(
    block: dict[str, Any], share: float, units: dict[str, int], before: dict[str, int]
) -> dict[str, Any]:
    """Return the offices of a kind: those of a layer that stays as it was have fewer staff each."""
    per = block.get("per")
    offices = units[per] / before[per] if per in units else 1.0
    cut = dict(block)
    if "staff" in cut:
        of_all = isinstance(cut["staff"], dict) and cut["staff"].get("of") == "all"
        cut["staff"] = scaled(cut["staff"], share if of_all else share / offices)
    return cut | {k: scaled(cut[k], share) for k in ("registered", "filed", "latent") if k in cut}


def _settings(block: dict[str, Any], share: float) -> dict[str, Any]:
    return {k: scaled(v, share) if k == BUDGET else v for k, v in block.items()}


def _cut_down(document: dict[str, Any], share: float) -> dict[str, Any]:
    """Return a document whose changes have everything counted over the place cut down."""
    return document | {"changes": [_change(change, share) for change in document.get("changes") or ()]}


def _picks(written: Any, of_layer: dict[str, float]) -> Any:
    """Return what is written with units picked in proportion: seven of sixteen streets are one of two."""
    if isinstance(written, list):
        return [_picks(each, of_layer) for each in written]
    if not isinstance(written, dict):
        return written
    inside = {key: _picks(value, of_layer) for key, value in written.items()}
    if "pick" in inside and inside.get("kind") in of_layer:
        inside["pick"] = scaled(inside["pick"], of_layer[inside["kind"]], whole=True)
    return inside


def _change(change: dict[str, Any], share: float) -> dict[str, Any]:
    cut = dict(change)
    for verb, names in COUNTED.items():
        if isinstance(cut.get(verb), dict):
            block = cut[verb]
            cut[verb] = {k: _cut(verb, k, v, share) if k in names else v for k, v in block.items()}
    if isinstance(cut.get("set"), dict):
        cut["set"] = _settings(cut["set"], share)
    return cut


def _cut(verb: str, name: str, value: Any, share: float) -> Any:
    if verb == "fund" and isinstance(value, dict) and value.get("per"):
        return value
    return scaled(value, share, whole=(verb, name) in WHOLE)


def scaled(value: Any, share: float, *, whole: bool = False) -> Any:
    """Return a number, or a quantity with its range, times share; a whole one never below one."""
    if isinstance(value, dict):
        numbers = {k: scaled(value[k], share, whole=whole) for k in ("value", "default") if k in value}
        if "range" in value:
            numbers["range"] = [scaled(end, share, whole=whole) for end in value["range"]]
        return {**value, **numbers}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return max(1, round(value * share)) if whole else value * share
