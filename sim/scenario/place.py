"""A place as the world receives it: layers, people, institutions, duties, in plain numbers with their provenance."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.base.text import say
from sim.catalogue import assumptions, duty_classes, kinds
from sim.scenario.frame import PlaceFrame
from sim.scenario.quantities import Quantity, Reading
from sim.scenario.settings import Setting
from sim.scenario.shapes import Entry, did_you_mean

NOBODY = Quantity(0.0, unit="person")


@dataclass(frozen=True)
class Institution:
    """The offices of one kind at the start. count: in all. of: whether staff is said for `all` or for `each`.

    counted: whether the place says how many organisations there are; where not, the model's births and ends do.
    """

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
    counted: bool = False

    def staff_total(self) -> float:
        """Return the posts of all offices together."""
        return float(self.staff) if self.of == "all" else float(self.staff) * self.count


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
    counted = any(block[name] is not None for name in counts)
    return Institution(
        kind, per, max(0, round(total * share)), staff or NOBODY, (staff.of if staff else "") or "each",
        block["shares_staff_with"], share, bool(block["one_window"]), **counts, counted=counted,
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
