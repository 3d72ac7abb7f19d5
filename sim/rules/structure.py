"""Operations on layers and offices: what exists, and where."""

# ruff: noqa: RUF009 - `arg` only declares a field; its defaults are immutable
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, override

from sim.base import counts
from sim.base.text import Message, counted, say
from sim.rules.arguments import OperationError, arg
from sim.rules.operation import BACKLOG_WORDS, BACKLOGS, BUILDINGS, CLOSE, MERGE, OPEN, Operation
from sim.rules.words import chain, classes_text, figure, kind_text, layer_text, moves


@dataclass(frozen=True)
class RemoveLayer(Operation):
    """Close every office of a layer; the layer below reports to the layer above."""

    verb: ClassVar[str] = "remove_layer"
    unread: ClassVar[tuple[str, ...]] = ("buildings",)
    phase: ClassVar[int] = CLOSE
    layer: str = arg("layer")
    duties: dict[str, str] = arg("duty_map", default={})
    approvals: dict[str, str | None] = arg("duty_map", default={})
    staff: str = arg("kind", default="pool")
    backlog: str = arg("choice", default="new_owner", values=BACKLOGS)
    money: str = arg("choice", default="next_layer", values=("next_layer", "below", "treasury"))
    buildings: str = arg("choice", default="keep", values=BUILDINGS)

    @override
    def words(self) -> Message:
        head = say(
            "the {layer} layer is removed; staff go to {pool}",
            layer=layer_text(self.layer),
            pool=kind_text(self.staff),
        )
        purse = {
            "next_layer": say("its money goes to the layer above"),
            "below": say("its money goes to the layer below"),
            "treasury": say("its money returns to the treasury"),
        }[self.money]
        return chain(
            head, moves(self.duties), BACKLOG_WORDS[self.backlog], purse, _building_words(self.buildings)
        )


@dataclass(frozen=True)
class Merge(Operation):
    """Join offices of one layer into fewer; residents and areas stay where they are."""

    verb: ClassVar[str] = "merge"
    phase: ClassVar[int] = MERGE
    into: int = arg("count", unit="office", bounds=(1, 100000))
    layer: str = arg("layer", default="community")
    partition: str = arg("choice", default="contiguous", values=("contiguous", "listed"))
    balance: str = arg("choice", default="residents", values=("residents", "households", "communities"))
    within: str | None = arg("layer", default=None)
    groups: tuple[tuple[int, ...], ...] = arg("unit_groups", default=())
    staff: str = arg("choice", default="keep", values=("keep", "pool"))
    money: str = arg("choice", default="sum", values=("sum",))
    backlog: str = arg("choice", default="sum", values=("sum", "expire"))
    delegates: str = arg("choice", default="re_elect", values=("re_elect", "keep"))
    organisations: str = arg("choice", default="keep", values=("keep",))

    def __post_init__(self) -> None:
        if self.partition == "listed" and len(self.groups) != self.into:
            raise OperationError(
                say("`into` says {into}, groups listed are {n}", into=self.into, n=len(self.groups))
            )
        seen = [unit for group in self.groups for unit in group]
        if len(seen) != len(set(seen)):
            raise OperationError(say("one unit stands in two groups of the merger"))

    @override
    def words(self) -> Message:
        bound = self.within
        head = say("{layer} offices are merged into {into}", layer=layer_text(self.layer), into=self.into)
        how = (
            say("which join which is as listed")
            if self.groups
            else say("neighbours join, balanced by {what}", what=_balance(self.balance))
        )
        fence = (
            say("only within one {layer}", layer=layer_text(bound)) if bound else say("across all borders")
        )
        return chain(
            head,
            how,
            fence,
            _merge_staff(self.staff),
            _merge_backlog(self.backlog),
            _delegates(self.delegates),
        )


@dataclass(frozen=True)
class Split(Operation):
    """Divide each office of a layer into several; blocks are shared out among them."""

    verb: ClassVar[str] = "split"
    phase: ClassVar[int] = MERGE
    into: int = arg("count", unit="office each", bounds=(2, 50))
    layer: str = arg("layer", default="community")
    balance: str = arg("choice", default="residents", values=("residents", "households"))
    backlog: str = arg("choice", default="new_owner", values=BACKLOGS)

    @override
    def words(self) -> Message:
        head = say("each {layer} is split into {into}", layer=layer_text(self.layer), into=self.into)
        return chain(
            head,
            say("staff and money are divided, balanced by {what}", what=_balance(self.balance)),
            BACKLOG_WORDS[self.backlog],
        )


@dataclass(frozen=True)
class OpenOffice(Operation):
    """Open offices of a kind; without staff of their own they wait for a transfer."""

    verb: ClassVar[str] = "open_office"
    unread: ClassVar[tuple[str, ...]] = ("money", "one_window")
    phase: ClassVar[int] = OPEN
    undo: ClassVar[bool] = True
    kind: str = arg("kind")
    per: str | None = arg("layer", default=None)
    count: int | None = arg("count", default=None, unit="office", bounds=(1, 100000))
    level: str = arg("layer", default="community")
    assign: str = arg("choice", default="nearest", values=("nearest", "equal", "residents"))
    within: str | None = arg("layer", default=None)
    serves: str = arg("choice", default="all", values=("all", "unmanaged"))
    staff: float = arg("quantity", default=0.0, unit="post per office", bounds=(0, 500))
    staff_from: str | None = arg("kind", default=None)
    one_window: bool = arg("flag", default=False)
    open_hours: float | None = arg("quantity", default=None, unit="hour per day", bounds=(2, 16))
    money: str = arg("kind_or_layer", default="treasury")

    def __post_init__(self) -> None:
        if (self.per is None) == (self.count is None):
            raise OperationError(say("an opening says either `per` a layer or a `count` of offices"))

    @override
    def words(self) -> Message:
        return chain(self._how_many(), self._posts(), self._window(), self._hours())

    def _how_many(self) -> Message:
        if self.per:
            return say(
                "a {kind} opens in each {layer}", kind=kind_text(self.kind), layer=layer_text(self.per)
            )
        rule = {
            "nearest": say("each serves neighbouring communities, with about as many residents"),
            "equal": say("each serves the same number of communities"),
            "residents": say("each serves about as many residents"),
        }[self.assign]
        fence = say("only within one {layer}", layer=layer_text(self.within)) if self.within else None
        kind = kind_text(self.kind)
        head = counted("{count} office opens: {kind}", "{count} offices open: {kind}", count=self.count, kind=kind)
        return chain(head, rule, fence)

    def _posts(self) -> Message:
        if self.staff_from:
            return say("staffed from {kind}", kind=kind_text(self.staff_from))
        if self.staff:
            return counted(
                "{staff} newly hired post each", "{staff} newly hired posts each", staff=figure(self.staff)
            )
        return say("no posts of its own until staff are moved or hired")

    def _window(self) -> Message | None:
        return say("one window for all matters") if self.one_window else None

    def _hours(self) -> Message | None:
        return say("open {hours} a day", hours=counts.hours(figure(self.open_hours))) if self.open_hours else None

    @override
    def reversed(self) -> Operation:
        return CloseOffice(kind=self.kind)


@dataclass(frozen=True)
class CloseOffice(Operation):
    """Close the offices of a kind in the selected units."""

    verb: ClassVar[str] = "close_office"
    unread: ClassVar[tuple[str, ...]] = ("buildings",)
    phase: ClassVar[int] = CLOSE
    kind: str = arg("kind")
    duties: dict[str, str] = arg("duty_map", default={})
    staff: str = arg("kind", default="pool")
    backlog: str = arg("choice", default="new_owner", values=BACKLOGS)
    money: str = arg("choice", default="treasury", values=("next_layer", "below", "treasury"))
    buildings: str = arg("choice", default="keep", values=BUILDINGS)

    @override
    def words(self) -> Message:
        head = say("{kind} closes; staff go to {pool}", kind=kind_text(self.kind), pool=kind_text(self.staff))
        return chain(head, moves(self.duties), BACKLOG_WORDS[self.backlog], _building_words(self.buildings))


@dataclass(frozen=True)
class MoveOffice(Operation):
    """Move the seat of a kind's offices to another layer."""

    verb: ClassVar[str] = "move_office"
    phase: ClassVar[int] = OPEN
    kind: str = arg("kind")
    to: str = arg("layer")

    @override
    def words(self) -> Message:
        return say(
            "{kind} moves its seat to the {layer}", kind=kind_text(self.kind), layer=layer_text(self.to)
        )


@dataclass(frozen=True)
class CreateSmallUnits(Operation):
    """Set up bodies below the community: courtyards, buildings."""

    verb: ClassVar[str] = "create_small_units"
    # A branch acts through the rule `party.branches`; what sets a council apart from a group no document says.
    unread: ClassVar[tuple[str, ...]] = ("bodies",)
    phase: ClassVar[int] = OPEN
    unit: str = arg("choice", values=("courtyard", "building", "grid"))
    bodies: tuple[str, ...] = arg(
        "texts", default=("council",), values=("branch", "council", "self_management_group")
    )

    @override
    def words(self) -> Message:
        body = {
            "branch": {"en": "party branch", "zh": "党支部"},
            "council": {"en": "residents' council", "zh": "议事会"},
            "self_management_group": {"en": "self-management group", "zh": "自管小组"},
        }
        unit = {
            "courtyard": {"en": "courtyard", "zh": "院落"},
            "building": {"en": "building", "zh": "楼栋"},
            "grid": {"en": "grid", "zh": "网格"},
        }[self.unit]
        names = {
            code: ("、" if code == "zh" else ", ").join(body[b][code] for b in self.bodies)
            for code in ("en", "zh")
        }
        return say("each {unit} gets: {bodies}", unit=unit, bodies=names)


@dataclass(frozen=True)
class CreateZones(Operation):
    """Create functional zones across units and give them duties."""

    verb: ClassVar[str] = "create_zones"
    unread: ClassVar[tuple[str, ...]] = ("across",)
    phase: ClassVar[int] = OPEN
    count: int = arg("count", unit="zone", bounds=(1, 1000))
    duties: tuple[str, ...] = arg("classes")
    across: str = arg("layer", default="street")
    staff: float = arg("quantity", default=0.0, unit="post per zone", bounds=(0, 500))

    @override
    def words(self) -> Message:
        return counted(
            "{count} functional zone across {layer} borders takes over {what}",
            "{count} functional zones across {layer} borders take over {what}",
            count=self.count, layer=layer_text(self.across), what=classes_text(self.duties),
        )  # fmt: skip


def _building_words(buildings: str) -> Message:
    return say("buildings are kept") if buildings == "keep" else say("buildings are sold")


def _balance(what: str) -> dict[str, str]:
    return {
        "residents": {"en": "residents", "zh": "居民人数"},
        "households": {"en": "households", "zh": "户数"},
        "communities": {"en": "communities", "zh": "社区数"},
    }[what]


def _merge_staff(staff: str) -> Message:
    return (
        say("staff stay with the merged office")
        if staff == "keep"
        else say("staff go to {pool}", pool=kind_text("pool"))
    )


def _merge_backlog(backlog: str) -> Message:
    return (
        say("money and unfinished cases add up")
        if backlog == "sum"
        else say("money adds up, unfinished cases expire")
    )


def _delegates(delegates: str) -> Message:
    return say("delegates are chosen anew") if delegates == "re_elect" else say("delegates stay")
