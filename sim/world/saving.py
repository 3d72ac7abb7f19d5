"""Save a world and continue it bit for bit. Arrays in one npz, the rest as JSON inside it: nothing executable.

The place itself (frame, catalogues) is not saved: a world is continued under the scenario it was made from, and
refuses another one.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from sim.base.errors import RunError
from sim.base.text import say
from sim.draws import Draws
from sim.rules.operations import Fund
from sim.scenario.resolved import ResolvedScenario
from sim.world.cases import CaseTable, ServiceState
from sim.world.columns import TABLES
from sim.world.table import Table
from sim.world.world import World

FORMAT = 1
ARRAYS = ("ties", "tie_activity", "serving", "distance")


def save_world(world: World, path: Path, scenario: ResolvedScenario) -> None:
    """Write a world to one file; a half-written file is never left under its name."""
    arrays = {name: getattr(world, name) for name in ARRAYS}
    arrays |= {f"table/{t}/{c}": table.arrays[c] for t, table in world.tables.items() for c in table}
    arrays |= {f"cases/{c}": getattr(world.cases, c) for c in world.cases.arrays}
    arrays |= {f"rule/{lever}": values for lever, values in world.rules.items()}
    arrays |= {f"fund/{i}": fund[1] for i, fund in enumerate(world.funds)}
    arrays["about"] = np.frombuffer(json.dumps(_about(world, scenario)).encode(), np.uint8)
    part = path.with_suffix(".part.npz")
    np.savez(part, **arrays)
    part.replace(path)


def load_world(path: Path, scenario: ResolvedScenario) -> World:
    """Return a saved world; raises RunError where it was made from another place or format."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    about = json.loads(arrays.pop("about").tobytes())
    place = scenario.baseline().hash
    if about["format"] != FORMAT or about["place"] != place:
        raise RunError(say("{file} was saved by another place, or another version", file=path.name))
    population, history = about["seeds"]
    cases = CaseTable(
        len(arrays["cases/key"]), {n.split("/", 1)[1]: a for n, a in arrays.items() if n.startswith("cases/")}
    )
    world = World(
        month=about["month"],
        first_month=about["first_month"],
        frame=scenario.frame,
        assume=about["assume"],
        draws=Draws(population, history, about["decisions"], about["resalt"]),
        tables=_tables(arrays, about["axes"]),
        cases=cases,
        service=ServiceState(about["day"]),
        rules={n.split("/", 1)[1]: a for n, a in arrays.items() if n.startswith("rule/")},
        events=about["events"],
        counters=about["counters"],
        ledger=about["ledger"],
        **{name: arrays[name] for name in ARRAYS},
    )
    world.funds = [
        (Fund(**_fund(f)), arrays[f"fund/{i}"], first, until)
        for i, (f, first, until) in enumerate(about["funds"])
    ]
    return world


def _about(world: World, scenario: ResolvedScenario) -> dict:
    draws = world.draws
    return {
        "format": FORMAT,
        "place": scenario.baseline().hash,
        "month": world.month,
        "first_month": world.first_month,
        "assume": world.assume,
        "seeds": [draws.population_seed, draws.history_seed],
        "decisions": sorted(draws.decisions),
        "resalt": draws.resalt,
        "axes": {name: table.axes for name, table in world.tables.items()},
        "day": world.service.day,
        "events": world.events,
        "counters": world.counters,
        "ledger": world.ledger,
        "funds": [(asdict(op), first, until) for op, _, first, until in world.funds],
    }


def _fund(stored: dict) -> dict:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}


def _tables(arrays: dict[str, np.ndarray], axes: dict[str, dict[str, int]]) -> dict[str, Table]:
    tables = {}
    for name, columns in TABLES.items():
        data = {c.name: arrays[f"table/{name}/{c.name}"] for c in columns}
        tables[name] = Table(
            name, {c.name: c for c in columns}, len(next(iter(data.values()))), data, axes[name]
        )
    return tables
