"""Build a world: people, ties, duties and the offices a place starts with."""

from __future__ import annotations

import numpy as np

from sim.draws import Draws, row_keys
from sim.scenario.place import Institution
from sim.scenario.resolved import ResolvedScenario
from sim.world.body_columns import ORGANISATIONS, STAFF
from sim.world.cases import CaseTable, ServiceState
from sim.world.columns import (
    ASSIGNED,
    ENDED,
    FILED,
    INSTITUTIONS,
    ISSUES,
    POOLS,
    STOCKS,
    STOPS,
)
from sim.world.duties import make_duties
from sim.world.offices import LEVEL_OF_KIND, NO_CATCHMENT, add_staff, open_office, refresh, spread
from sim.world.populate import populate
from sim.world.table import Column, Table
from sim.world.ties import make_ties
from sim.world.world import KIND, World


def build_world(scenario: ResolvedScenario, draws: Draws, extra_residents: int = 0) -> World:
    """Return the world of a scenario's place at the first month of its spin-up, before anything happened."""
    place, frame, assume = scenario.place, scenario.frame, scenario.assumptions
    tables = populate(place, frame, draws, assume, extra_residents)
    tables["areas"].law[:] = scenario.law_version
    n_departments = place.institutions["department"].count if "department" in place.institutions else 0
    tables |= make_duties(place, frame.n_areas, max(n_departments, 1), draws)
    tables |= _empty(institutions=INSTITUTIONS, staff=STAFF, pools=POOLS)
    ties, activity = make_ties(tables, draws, assume)
    tables |= _empty(assigned=ASSIGNED, filed=FILED, ended=ENDED, issues=ISSUES, organisations=ORGANISATIONS)
    world = World(
        month=scenario.run.first_month,
        first_month=scenario.run.first_month,
        frame=frame,
        draws=draws,
        assume=dict(assume),
        tables=tables,
        ties=ties,
        tie_activity=activity,
        serving=np.full((len(KIND), frame.n_areas), -1, np.int32),
        distance=np.zeros((len(KIND), tables["blocks"].n), np.float32),
        cases=CaseTable.empty(),
        service=ServiceState.empty(),
    )
    for kind, institution in place.institutions.items():
        _found(world, kind, institution)
        _organisations(world, institution)
    _share_pools(world, place.institutions)
    _orientation(world)
    _start_stocks(world)
    refresh(world)
    return world


def _empty(**columns: tuple[Column, ...]) -> dict[str, Table]:
    """Return tables of no rows."""
    return {name: Table.make(name, declared, 0, {"stop": STOPS}) for name, declared in columns.items()}


def _found(world: World, kind: str, institution: Institution) -> None:
    """Open every office of one kind and fill its posts."""
    catchments = list(_catchments(world, kind, institution))
    posts = spread(institution.staff_total(), np.ones(len(catchments)))
    layers = world.frame.layers
    layer = layers.index(institution.per) if institution.per in layers else _usual_layer(layers, kind)
    for ordinal, areas in enumerate(catchments):
        row = open_office(world, kind, areas, layer, serves=kind not in NO_CATCHMENT)
        add_staff(world, row, 0 if institution.shares_staff_with else int(posts[ordinal]))
        if kind == "department" and ordinal < world.departments.n:
            world.departments.institution[ordinal] = row


def _organisations(world: World, institution: Institution) -> None:
    """Enter the organisations a place counts, each form over the areas by adults; the mechanism ages them."""
    if not institution.counted:
        return
    world.areas.organisations_counted[:] = 1
    counts = (institution.latent, institution.filed, institution.registered)
    share = np.cumsum(world.areas.adults) / max(world.areas.adults.sum(), 1)
    luck = world.draws.uniforms("populate.organisations", 0, np.arange(len(counts), dtype=np.uint64))
    key = world.draws.key("populate.organisations", 0)
    for form, count in enumerate(counts):
        upto = np.floor(share * round(count) + luck[form]).astype(np.int64)
        area = np.repeat(np.arange(world.n_areas), np.diff(upto, prepend=0))
        ids = row_keys(key, np.arange(len(area)) * len(counts) + form)
        world.organisations.append(len(area), id=ids, area=area, form=form)


def _usual_layer(layers: tuple[str, ...], kind: str) -> int:
    level = LEVEL_OF_KIND[kind]
    return (
        layers.index(level) if level in layers else (0 if level in ("city", "district") else len(layers) - 1)
    )


def _catchments(world: World, kind: str, institution: Institution) -> list[np.ndarray]:
    """Return the areas each office of a kind serves: one unit of its layer, or an equal part of the place."""
    every = np.arange(world.n_areas)
    if institution.count == 0:
        return []
    if kind in NO_CATCHMENT:
        return [
            every[[k * world.n_areas // institution.count % world.n_areas]] for k in range(institution.count)
        ]
    if institution.per in world.frame.layers:
        above = world.frame.parent[institution.per]
        units = [every[above == unit] for unit in range(world.frame.n_units[institution.per])]
        luck = world.draws.uniforms("populate.coverage", KIND[kind], np.arange(len(units), dtype=np.uint64))
        return [
            areas for areas, u in zip(units, luck, strict=True) if len(areas) and u < institution.coverage
        ]
    return [part for part in np.array_split(every, institution.count) if len(part)]


def _share_pools(world: World, institutions: dict[str, Institution]) -> None:
    """Let kinds that share staff from the start use the pool of the kind that employs them."""
    table = world.institutions
    for kind, institution in institutions.items():
        if institution.shares_staff_with:
            for row in world.open_rows(kind):
                lender = world.serving_rows(institution.shares_staff_with)[table.seat[row]]
                table.pool[row] = table.pool[lender] if lender >= 0 else table.pool[row]


def _start_stocks(world: World) -> None:
    """Start every stock at its norm: near where it settles, so that a spin-up of some years suffices."""
    for stock in STOCKS:
        getattr(world.residents, stock)[:] = world.assume[f"stocks.norm_{stock}"]


def _orientation(world: World) -> None:
    """Start committees' orientation at the assumed value, spread by a keyed draw."""
    rows = world.open_rows("residents_committee")
    width = world.assume["orientation.spread"]
    luck = world.draws.uniforms("populate.orientation", 0, world.institutions.id[rows])
    start = world.assume["orientation.start"] + width * (luck - 0.5)
    world.institutions.orientation[rows] = np.clip(start, 0.0, 1.0)
