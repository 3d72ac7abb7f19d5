"""From the units a place writes to its frame: layers, how many units each holds, how many people each area."""

from __future__ import annotations

import numpy as np

from sim.base.errors import nearest
from sim.base.text import counted, say
from sim.scenario.frame import PlaceFrame, nested, share_out, spread_weights, unit_names
from sim.scenario.place import Profile
from sim.scenario.quantities import Reading
from sim.scenario.shapes import Entry, did_you_mean, unknown


def read_frame(entry: Entry, profile: Profile, reading: Reading) -> PlaceFrame | None:
    """Return the frame of a place, or None after recording what is wrong with its layers and units."""
    layers, residents = entry["layers"], entry["residents"]
    if not layers or not entry["units"] or not residents or residents["count"] is None:
        return None
    if len(set(layers)) < len(layers):
        reading.problem(entry.spot("layers"), "layers", say("a layer stands twice"))
        return None
    if layers[-1] != "community":
        reading.problem(entry.spot("layers"), "layers", say("the lowest layer must be `community`"))
        return None
    counts = _counts(entry, layers, reading)
    if counts is None:
        return None
    parent = nested(counts, layers)
    ids = {layer: _ids(entry, layer, sum(counts[layer])) for layer in layers}
    residents = round(float(entry["residents"]["count"]))
    households = max(sum(counts["community"]), round(residents / profile.household_size))
    spread = entry["units"]["community"].get("spread")
    weights = spread_weights(entry["id"], ids["community"], float(spread) if spread is not None else 0.0)
    homes = share_out(households - len(weights), weights) + 1
    people = share_out(residents, homes.astype(np.float64))
    return PlaceFrame(entry["id"], tuple(layers), ids, parent, homes, people)


def _counts(entry: Entry, layers: tuple[str, ...], reading: Reading) -> dict[str, tuple[int, ...]] | None:
    """Return how many units each unit of the layer above holds, layer by layer."""
    units = entry["units"]
    for name in units:
        if name not in layers:
            what = say("`{name}` is not a layer of this place", name=name)
            reading.problem(units.spot(name), f"units.{name}", what, did_you_mean(name, layers))
        else:
            _within_above(units[name], name, layers[: layers.index(name)], reading)
    counts: dict[str, tuple[int, ...]] = {}
    for layer in layers:
        unit = units.get(layer)
        if unit is None and layer != layers[0]:
            reading.problem(entry.spot("units"), "units", say("`{name}` is missing", name=layer))
            return None
        here = (1,) if unit is None else _layer_counts(entry, layer, counts, reading)
        if here is None:
            return None
        counts[layer] = here
    return counts


def _within_above(unit: Entry, name: str, above: tuple[str, ...], reading: Reading) -> None:
    """Units lie within a layer further up."""
    upper = unit["within"]
    if upper is not None and upper not in above:
        what = say("`{name}` is no layer above `{layer}`", name=upper, layer=name)
        reading.problem(unit.spot("within"), f"units.{name}.within", what, did_you_mean(upper, above))


def _layer_counts(
    entry: Entry, layer: str, above: dict[str, tuple[int, ...]], reading: Reading
) -> tuple[int, ...] | None:
    unit = entry["units"][layer]
    count, ids = unit.get("count"), unit.get("ids")
    n_above = sum(above[list(above)[-1]]) if above else 1
    if isinstance(count, Entry):
        return _counts_by_unit(entry, layer, above, reading)
    total = len(ids) if ids and count is None else (int(count.value) if count is not None else None)
    if total is None and unit.node.get("count") is None and unit.node.get("ids") is None:
        reading.problem(entry["units"].spot(layer), f"units.{layer}", say("say `count` or `ids`"))
    if total is None:
        return None
    if ids and len(ids) != total:
        what = counted("{n} name for {total} units", "{n} names for {total} units", n=len(ids), total=total)
        reading.problem(unit.spot("ids"), f"units.{layer}.ids", what)
        return None
    if total < n_above:
        what = say("fewer units ({total}) than units above ({above})", total=total, above=n_above)
        reading.problem(unit.spot("count"), f"units.{layer}", what)
        return None
    return tuple(int(x) for x in share_out(total, np.ones(n_above)))


def _counts_by_unit(
    entry: Entry, layer: str, above: dict[str, tuple[int, ...]], reading: Reading
) -> tuple[int, ...] | None:
    """Return counts written for each unit of a layer further up, shared evenly among what lies in it."""
    unit = entry["units"][layer]
    count = unit["count"]
    upper = tuple(above)
    parents = nested(above, upper) if upper else {}
    for name in reversed(upper):
        ids = _ids(entry, name, sum(above[name]))
        if set(ids) != set(count):
            continue
        inside = [int((parents[name] == i).sum()) for i in range(len(ids))]
        shared = [share_out(int(count[u].value), np.ones(n)) for u, n in zip(ids, inside, strict=True)]
        return tuple(int(x) for part in shared for x in part)
    layers = {name: _ids(entry, name, sum(above[name])) for name in upper}
    meant = max(layers.values(), key=lambda ids: len(set(ids) & set(count)), default=())
    names = meant if set(meant) & set(count) or not layers else layers[upper[-1]]
    for name in count:
        if name not in names and nearest(name, names):
            path = f"units.{layer}.count"
            unknown(name, count.spot(name), path, reading, names)
            return None
    what = say("one number for each of: {names}", names=", ".join(names[:12]))
    reading.problem(unit.spot("count"), f"units.{layer}.count", what)
    return None


def _ids(entry: Entry, layer: str, n: int) -> tuple[str, ...]:
    unit = entry["units"].get(layer)
    ids = unit.get("ids") if unit else None
    return tuple(ids) if ids and len(ids) == n else unit_names(layer, n)
