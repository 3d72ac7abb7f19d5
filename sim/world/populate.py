"""People and dwellings of a place: areas -> blocks -> households -> residents, each row under a stable name.

Every trait is one keyed draw by the stable name, so one household more somewhere changes nobody else.
Marginals come from the place's profile; the links between traits are the few that the submodels lean on
(the old and the owners have lived here longer; party members are older and better schooled).
"""

from __future__ import annotations

import numpy as np

from sim.catalogue import issue_kinds
from sim.draws import Draws, gamma_unit_mean
from sim.scenario.frame import PlaceFrame
from sim.scenario.place import PlaceSpec, Profile
from sim.world.columns import AREAS, BLOCKS, HOUSEHOLDS
from sim.world.geography import area_centres, block_positions
from sim.world.interests import interest_codes
from sim.world.resident_columns import RESIDENTS
from sim.world.table import Table

HOUSEHOLD_BITS, MEMBER_BITS = 24, 4
MAX_MEMBERS = 1 << MEMBER_BITS


def populate(
    place: PlaceSpec, frame: PlaceFrame, draws: Draws, assume: dict[str, float], extra: int = 0
) -> dict[str, Table]:
    """Return the tables areas, blocks, households and residents.

    extra: residents without ties, needs and vote, appended in a block of their own (the one-more-person test).
    """
    areas = _areas(place, frame, draws)
    blocks, households = _dwellings(place, frame, areas, draws, extra)
    blocks.courtyard[:] = _courtyards(place, blocks, assume, extra)
    residents = _residents(place.profile, households, blocks, draws, assume, extra)
    regular = residents.is_tied[households.first] == 1
    blocks.homes[:] = np.bincount(households.block[regular], minlength=blocks.n)
    areas.residents[:] = np.bincount(residents.area, minlength=areas.n)
    areas.adults[:] = np.bincount(residents.area, weights=residents.has_voice, minlength=areas.n)
    return {"areas": areas, "blocks": blocks, "households": households, "residents": residents}


def _areas(place: PlaceSpec, frame: PlaceFrame, draws: Draws) -> Table:
    areas = Table.make("areas", AREAS, frame.n_areas, {"issue_kind": len(issue_kinds())})
    x, y = area_centres(frame, place.density, draws)
    areas.put(x=x, y=y, households=frame.households_of_area, hops=len(frame.layers) - 1)
    return areas


def _dwellings(
    place: PlaceSpec, frame: PlaceFrame, areas: Table, draws: Draws, extra: int
) -> tuple[Table, Table]:
    in_area = frame.households_of_area.astype(np.int64)
    n_blocks = np.maximum(1, -(-in_area // place.block_households))
    area_of_block = np.repeat(np.arange(frame.n_areas), n_blocks)
    ordinal = _ordinals(n_blocks)
    households = Table.make("households", HOUSEHOLDS, int(in_area.sum()) + (1 if extra else 0))
    regular = slice(0, int(in_area.sum()))
    area_of_household = np.repeat(np.arange(frame.n_areas), in_area)
    place_in_area = _ordinals(in_area)
    first_block = np.concatenate([[0], np.cumsum(n_blocks)[:-1]])
    per_block = in_area / n_blocks
    households.id[regular] = (
        area_of_household.astype(np.uint64) << np.uint64(HOUSEHOLD_BITS)
    ) | place_in_area.astype(np.uint64)
    households.block[regular] = first_block[area_of_household] + (
        place_in_area / per_block[area_of_household]
    ).astype(np.int64)
    households.size[regular] = _household_sizes(place.household_size, households.id[regular], draws)
    blocks = Table.make("blocks", BLOCKS, int(n_blocks.sum()) + (1 if extra else 0))
    if extra:
        households.put(
            **{
                c: np.append(getattr(households, c)[regular], v)
                for c, v in _extra_household(frame, blocks.n, extra).items()
            }
        )
        area_of_block, ordinal = np.append(area_of_block, frame.n_areas - 1), np.append(ordinal, 1 << 20)
    radius = np.sqrt(np.maximum(frame.residents_of_area, 1) / place.density / np.pi)
    block_id = (area_of_block.astype(np.uint64) << np.uint64(HOUSEHOLD_BITS)) | ordinal.astype(np.uint64)
    x, y = block_positions(
        area_of_block, block_id, areas.x.astype(float), areas.y.astype(float), radius, draws
    )
    households.first[:] = np.concatenate([[0], np.cumsum(households.size)[:-1]])
    size = np.bincount(households.block, weights=households.size, minlength=blocks.n).astype(np.int64)
    blocks.put(area=area_of_block, x=x, y=y, size=size, first=np.concatenate([[0], np.cumsum(size)[:-1]]))
    return blocks, households


def _courtyards(place: PlaceSpec, blocks: Table, assume: dict[str, float], extra: int) -> np.ndarray:
    """Return each block's courtyard: runs of neighbouring blocks of one area, as many as the place says."""
    asked = place.courtyards_managed + place.courtyards_unmanaged
    regular = blocks.n - bool(extra)
    together = max(1, round(regular / asked if asked else assume["place.blocks_per_courtyard"]))
    within = _ordinals(np.bincount(blocks.area)) // together
    starts = np.append(True, (np.diff(blocks.area) != 0) | (np.diff(within) != 0))
    if extra:  # the extra residents live apart, so that nobody's courtyard changes
        starts[-1] = True
    return np.cumsum(starts) - 1


def _extra_household(frame: PlaceFrame, n_blocks: int, extra: int) -> dict[str, int]:
    return {
        "id": ((frame.n_areas - 1) << HOUSEHOLD_BITS) | ((1 << HOUSEHOLD_BITS) - 1),
        "block": n_blocks - 1,
        "size": extra,
    }


def _ordinals(counts: np.ndarray) -> np.ndarray:
    """Return 0, 1, .. counts[0]-1, 0, 1, .. counts[1]-1, and so on."""
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return np.arange(int(counts.sum())) - np.repeat(starts, counts)


def _household_sizes(mean: float, ids: np.ndarray, draws: Draws) -> np.ndarray:
    """Return sizes 1..6: one plus a binomial of five with the asked mean."""
    p = min(max((mean - 1.0) / 5.0, 0.0), 1.0)
    below = np.zeros(len(ids), np.int64)
    for member in range(5):
        below += draws.uniforms("populate.household_size", 0, ids, member) < p
    return 1 + below


def _residents(
    profile: Profile, households: Table, blocks: Table, draws: Draws, assume: dict, extra: int
) -> Table:
    table = Table.make("residents", RESIDENTS, int(households.size.sum()))
    household = np.repeat(np.arange(households.n), households.size)
    member = _ordinals(households.size)
    ids = (households.id[household] << np.uint64(MEMBER_BITS)) | member.astype(np.uint64)
    block = households.block[household]
    table.put(id=ids, household=household, block=block, area=blocks.area[block])
    _draw_people(table, profile, households.id[household], member, draws, assume)
    table.put(frailty=gamma_unit_mean(draws.uniforms("populate.frailty", 0, ids), assume["needs.dispersion"]))
    table.cooperator[:] = cooperator_types(ids, draws)
    if extra:
        last = slice(table.n - extra, table.n)
        table.is_tied[last], table.frailty[last] = 0, 0.0
    table.has_voice[:] = table.adult * table.is_tied
    table.interests[:] = interest_codes(table, households, draws, assume)
    return table


def cooperator_types(ids: np.ndarray, draws: Draws) -> np.ndarray:
    """Return each person's type by their name: 0 conditional, 1 free rider, 2 hump-shaped, 3 leader."""
    return np.searchsorted([0.50, 0.83, 0.97], draws.uniforms("populate.cooperator", 0, ids), side="right")


def _schooling(profile: Profile, age: np.ndarray, luck: np.ndarray, a_decade: float) -> np.ndarray:
    """Return the band of schooling, higher among the young; shares among adults are the profile's.

    a_decade: what ten years of age take off the share of the highest band and add to the lowest. The shift has a mean
    of zero over the adults of the profile and never empties a band, so that both shares stay.
    """
    shares = profile.education_shares
    mean_age = sum(share * (low + high) / 2 for low, high, share in profile.age_bands)
    most = min(shares[0], shares[-1])
    shift = np.clip(a_decade * (mean_age - np.maximum(age, 18.0)) / 10.0, -most, most)
    return np.searchsorted(np.cumsum(shares)[:-1], luck + shift, side="right")


def _draw_people(
    table: Table,
    profile: Profile,
    home: np.ndarray,
    member: np.ndarray,
    draws: Draws,
    assume: dict[str, float],
) -> None:
    """Draw age, tenure, origin, work, income, schooling, party and disability of everybody."""

    def own(decision: str) -> np.ndarray:
        return draws.uniforms(f"populate.{decision}", 0, table.id)

    def of_home(decision: str) -> np.ndarray:
        return draws.uniforms(f"populate.{decision}", 0, home)

    # The first member keeps house; the share of children is made up by the others.
    n_first = float((member == 0).sum())
    p_child = min(profile.children_share * table.n / max(table.n - n_first, 1.0), 1.0)
    adult = (member == 0) | (own("child") >= p_child)
    band = np.searchsorted(np.cumsum([b[2] for b in profile.age_bands])[:-1], own("age_band"), side="right")
    low, high = (np.array([b[k] for b in profile.age_bands], float)[band] for k in (0, 1))
    age = np.where(adult, low + own("age") * (high - low), own("age") * 18.0)
    party = adult & (own("party") < profile.party_share * np.clip(age / 45.0, 0.3, 1.6))
    working = adult & (age < 60)
    working_share = max(float(working.sum()) / max(float(adult.sum()), 1.0), 1e-9)
    table.put(
        adult=adult,
        age=age,
        owner=of_home("owner") < profile.owner_share,
        local=of_home("local") < profile.local_share,
        employed=working & (own("employed") < min(profile.employed_share / working_share, 1.0)),
        income=np.searchsorted(np.cumsum(profile.income_shares)[:-1], of_home("income"), side="right"),
        education=_schooling(profile, age, own("education"), assume["place.education_age"]),
        disability=own("disability") < profile.disability_share,
        party=party,
    )
