"""A place as the world receives it: layers, people, institutions, duties, in plain numbers with their provenance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.base.text import say
from sim.catalogue import assumptions, duty_classes, kinds
from sim.scenario.frame import PlaceFrame, nested, share_out, spread_weights, unit_names
from sim.scenario.quantities import Quantity, Reading
from sim.scenario.settings import Setting
from sim.scenario.shapes import Entry, did_you_mean

NOBODY = Quantity(0.0, unit="person")


@dataclass(frozen=True)
class Institution:
    """The offices of one kind at the start. count: in all. of: whether staff is said for `all` or for `each`."""

    kind: str
    per: str | None
    count: int
    staff: Quantity = NOBODY
    of: str = "each"
    shares_staff_with: str | None = None
    coverage: float = 1.0
    one_window: bool = False
    registered: float = 0.0
    filed: float = 0.0
    latent: float = 0.0

    def staff_total(self) -> float:
        """Return the posts of all offices together."""
        return float(self.staff) if self.of == "all" else float(self.staff) * self.count

    def staff_each(self) -> float:
        """Return the posts of one office."""
        return self.staff_total() / self.count if self.count else 0.0


@dataclass(frozen=True)
class Duty:
    """Who does, who approves, who did it before and who issues the work of one class."""

    cls: str
    owner: str
    approver: str | None = None
    before: str | None = None
    issuer: str | None = None


@dataclass(frozen=True)
class Profile:
    """Who lives here. age_bands: (from, to, share of adults); the other shares are of adults."""

    id: str
    household_size: float
    children_share: float
    age_bands: tuple[tuple[int, int, float], ...]
    owner_share: float
    local_share: float
    employed_share: float
    party_share: float
    disability_share: float
    income_shares: tuple[float, float, float]
    education_shares: tuple[float, float, float]


@dataclass(frozen=True)
class PlaceSpec:
    """A place before anything is drawn."""

    id: str
    title: dict[str, str]
    layers: tuple[str, ...]
    law_version: int
    residents: int
    households: int
    profile: Profile
    institutions: dict[str, Institution]
    duties: dict[str, Duty]
    volumes: dict[str, float]
    rules: tuple[Setting, ...]
    courtyards_managed: float
    courtyards_unmanaged: float
    block_households: int
    density: float
    small: dict[str, float] = field(default_factory=dict)

    @property
    def household_size(self) -> float:
        """Return persons per household."""
        return self.profile.household_size


def read_profile(entry: Entry) -> Profile:
    """Return a profile from its document."""
    ages = entry["ages"]
    bands = tuple((*(int(x) for x in band.split("-")), float(ages[band])) for band in ages)
    shares = {
        name: float(entry[name])
        for name in ("children", "owners", "locals", "employed", "party_members", "disability")
    }
    return Profile(
        id=entry["id"],
        household_size=float(entry["household_size"]),
        children_share=shares["children"],
        age_bands=bands,  # type: ignore[arg-type]
        owner_share=shares["owners"],
        local_share=shares["locals"],
        employed_share=shares["employed"],
        party_share=shares["party_members"],
        disability_share=shares["disability"],
        income_shares=tuple(float(entry["income"][b]) for b in ("low", "middle", "high")),  # type: ignore[arg-type]
        education_shares=tuple(float(entry["education"][b]) for b in ("primary", "secondary", "tertiary")),  # type: ignore[arg-type]
    )


def is_whole(entry: Entry) -> bool:
    """Return whether every number of a profile could be read."""
    keys = ("household_size", "children", "owners", "locals", "employed", "party_members", "disability")
    shares = all(entry[name] is not None for name in keys)
    bands = [entry[name] for name in ("ages", "income", "education")]
    return shares and all(band is not None for band in bands) and len(bands[1]) == 3 and len(bands[2]) == 3


def read_frame(entry: Entry, profile: Profile, reading: Reading) -> PlaceFrame | None:
    """Return the frame of a place, or None after recording what is wrong with its layers and units."""
    layers, residents = entry["layers"], entry["residents"]
    if not layers or not entry["units"] or not residents or residents["count"] is None:
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
        what = say("{n} names for {total} units", n=len(ids), total=total)
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
    names = _ids(entry, upper[-1], sum(above[upper[-1]])) if upper else ()
    what = say("one number for each of: {names}", names=", ".join(names[:12]))
    reading.problem(unit.spot("count"), f"units.{layer}.count", what)
    return None


def _ids(entry: Entry, layer: str, n: int) -> tuple[str, ...]:
    unit = entry["units"].get(layer)
    ids = unit.get("ids") if unit else None
    return tuple(ids) if ids and len(ids) == n else unit_names(layer, n)


def read_place(entry: Entry, profile: Profile, frame: PlaceFrame, reading: Reading) -> PlaceSpec:
    """Return the place; problems of institutions and duties are recorded."""
    blocks, duty_blocks = entry["institutions"] or {}, entry["duties"] or {}
    institutions = {kind: _institution(kind, block, frame, reading) for kind, block in blocks.items()}
    duties = {name: _duty(name, block, institutions, reading) for name, block in duty_blocks.items()}
    for name in duty_classes():
        if name not in duties and "duties" in entry.node.value:
            what = say("who does `{name}` is not said", name=name)
            reading.problem(
                entry.spot("duties"), "duties", what, say("a line `{name}: {{owner: ...}}`", name=name)
            )
    volumes = {row.id: row.per_committee_year for row in duty_classes().values()}
    volumes |= {name: float(q) for name, q in (entry["volumes"] or {}).items()}
    yards = entry["courtyards"] or {}
    return PlaceSpec(
        id=entry["id"],
        title=entry["title"],
        layers=frame.layers,
        law_version=int(entry["law_version"]),
        residents=int(frame.residents_of_area.sum()),
        households=int(frame.households_of_area.sum()),
        profile=profile,
        institutions=institutions,
        duties=duties,
        volumes=volumes,
        rules=entry["rules"] or (),
        courtyards_managed=float(yards.get("managed") or 0.0),
        courtyards_unmanaged=float(yards.get("unmanaged") or 0.0),
        block_households=round(_or_assumed(entry["block_households"], "place.block_households")),
        density=_or_assumed(entry["density"], "place.density"),
    )


def _or_assumed(quantity: Quantity | None, assumption: str) -> float:
    return float(quantity) if quantity is not None else assumptions()[assumption].value


def _institution(kind: str, block: Entry, frame: PlaceFrame, reading: Reading) -> Institution:
    per, count, staff = block["per"], block["count"], block["staff"]
    if per is not None and per not in frame.n_units:
        reading.problem(
            block.spot("per"),
            f"{block.path}.per",
            say("`{name}` is not a layer of this place", name=per),
            did_you_mean(per, frame.layers),
        )
        per = None
    share = float(block["coverage"]) if block["coverage"] is not None else 1.0
    units = frame.n_units[per] if per else 1
    total = units * (int(count.value) if count is not None else 1)
    if (
        block.node.get("staff") is None
        and kinds()[kind].staffed
        and not block["shares_staff_with"]
        and kind != "social_organisation"
    ):
        reading.problem(block.node.place, f"{block.path}.staff", say("`{name}` is missing", name="staff"))
    counts = {
        name: float(block[name]) if block[name] is not None else 0.0
        for name in ("registered", "filed", "latent")
    }
    return Institution(
        kind, per, max(0, round(total * share)), staff or NOBODY, (staff.of if staff else "") or "each",
        block["shares_staff_with"], share, bool(block["one_window"]), **counts,
    )  # fmt: skip


def _duty(name: str, block: Entry, institutions: dict[str, Institution], reading: Reading) -> Duty:
    for role in ("owner", "approver", "before", "issuer"):
        kind = block[role]
        if kind is not None and kind not in institutions:
            what = say("this place has no {kind}", kind=kinds()[kind].text)
            reading.problem(block.spot(role), f"{block.path}.{role}", what, did_you_mean(kind, institutions))
    if block["owner"] is not None and not kinds()[block["owner"]].performs:
        reading.problem(
            block.spot("owner"),
            f"{block.path}.owner",
            say("a {kind} performs no duties", kind=kinds()[block["owner"]].text),
        )
    return Duty(name, block["owner"], block["approver"], block["before"], block["issuer"])
