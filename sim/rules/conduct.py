"""Operations on work, people, money and relations: who does what, and with what."""

# ruff: noqa: RUF009 - `arg` only declares a field; its defaults are immutable
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, override

from sim.base import counts
from sim.base.text import Message, counted, say
from sim.rules.arguments import OperationError, arg
from sim.rules.operation import DUTIES, MONEY, OTHER, SPLIT_WORDS, SPLITS, STAFF, Operation
from sim.rules.words import chain, classes_text, figure, kind_text, kinds_text, layer_text, listed, share


@dataclass(frozen=True)
class TransferDuties(Operation):
    """Move duty classes, or a share of them, from one kind to another."""

    verb: ClassVar[str] = "transfer_duties"
    unread: ClassVar[tuple[str, ...]] = ("resources",)
    phase: ClassVar[int] = DUTIES
    undo: ClassVar[bool] = True
    from_kind: str = arg("kind", key="from")
    to_kind: str = arg("kind", key="to")
    classes: tuple[str, ...] = arg("classes", default=(), key="in")
    items: int | None = arg("count", default=None, unit="item", bounds=(1, 5000))
    share: float = arg("quantity", default=1.0, unit="share", bounds=(0, 1))
    role: str = arg("choice", default="performer", values=("performer", "approver", "both"))
    resources: str = arg("choice", default="none", values=("none", "staff", "money", "both"))
    only_held: bool = False  # classes were named by origin: those the giver has at that date
    items_told: bool = False  # a share stands beside the number of items, and the share is what acts

    def __post_init__(self) -> None:
        if self.from_kind == self.to_kind:
            raise OperationError(say("duties move from {kind} to itself", kind=kind_text(self.from_kind)))

    @override
    def not_acted_on(self) -> list[str]:
        """Return those of every operation, and a number of items beside a share that says otherwise.

        How heavy an item is no document says, so that the two cannot both hold of items that are equal.
        """
        return super().not_acted_on() + ["transfer_duties.items"] * self.items_told

    @override
    def words(self) -> Message:
        names = {"from_": kind_text(self.from_kind), "to": kind_text(self.to_kind)}
        what = classes_text(self.classes)
        if self.role == "approver":
            return say("approval of {what} moves from {from_} to {to}", what=what, **names)
        head = say("{what} move from {from_} to {to}", what=what, **names)
        part = say("{share} of the work", share=share(self.share)) if self.share < 1 else None
        count = counted("{n} item on the list", "{n} items on the list", n=self.items) if self.items else None
        return chain(head, count, part, _resource_words(self.resources))

    @override
    def reversed(self) -> Operation:
        return TransferDuties(self.to_kind, self.from_kind, self.classes, self.items, self.share, self.role)


@dataclass(frozen=True)
class TransferStaff(Operation):
    """Move people between kinds; the pool holds those whose office closed."""

    verb: ClassVar[str] = "transfer_staff"
    phase: ClassVar[int] = STAFF
    from_kind: str = arg("kind", key="from")
    to_kind: str = arg("kind", key="to")
    count: float | None = arg("quantity", default=None, unit="person", bounds=(0, 1e6))
    split: str = arg("choice", default="residents", values=SPLITS)
    keep: tuple[str, ...] = arg("texts", default=("status", "rank", "pay"), values=("status", "rank", "pay"))
    promoted: int = arg("count", default=0, unit="person", bounds=(0, 100000))

    @override
    def words(self) -> Message:
        names = {"from_": kind_text(self.from_kind), "to": kind_text(self.to_kind)}
        head = (
            say("all staff move from {from_} to {to}", **names)
            if self.count is None
            else say("{n} staff move from {from_} to {to}", n=figure(self.count), **names)
        )
        promoted = (
            say("nobody is promoted") if not self.promoted else say("{n} are promoted", n=self.promoted)
        )
        return chain(head, SPLIT_WORDS[self.split], _keep_words(self.keep), promoted)


@dataclass(frozen=True)
class Hire(Operation):
    """Add posts and fill them from outside."""

    verb: ClassVar[str] = "hire"
    phase: ClassVar[int] = STAFF
    undo: ClassVar[bool] = True
    kind: str = arg("kind", key="to")
    count: float = arg("quantity", unit="person", bounds=(0, 1e6))
    split: str = arg("choice", default="residents", values=SPLITS)
    pay_scale: float = arg("quantity", default=1.0, unit="ratio", bounds=(0.3, 5))

    @override
    def words(self) -> Message:
        head = counted(
"{n} person is hired for {kind}",
"{n} people are hired for {kind}",
n=figure(self.count), kind=kind_text(self.kind),
)
        return chain(head, SPLIT_WORDS[self.split])

    @override
    def reversed(self) -> Operation:
        return Release(self.kind, self.count)


@dataclass(frozen=True)
class Release(Operation):
    """Let posts and the people on them go."""

    verb: ClassVar[str] = "release"
    phase: ClassVar[int] = STAFF
    kind: str = arg("kind", key="from")
    count: float | None = arg("quantity", default=None, unit="person", bounds=(0, 1e6))
    share: float | None = arg("quantity", default=None, unit="share", bounds=(0, 1))

    def __post_init__(self) -> None:
        if (self.count is None) == (self.share is None):
            raise OperationError(say("a release says either a `count` or a `share`"))

    @override
    def words(self) -> Message:
        if self.count is not None:
            return counted("{n} post is given up at {kind}", "{n} posts are given up at {kind}",
                           n=figure(self.count), kind=kind_text(self.kind))  # fmt: skip
        return say(
            "{share} of posts are given up at {kind}", share=share(self.share or 0), kind=kind_text(self.kind)
        )


@dataclass(frozen=True)
class SharePosts(Operation):
    """Let bodies share posts: one pool of people serves the queues of all of them."""

    verb: ClassVar[str] = "share_posts"
    phase: ClassVar[int] = STAFF
    undo: ClassVar[bool] = True
    between: tuple[str, ...] = arg("kinds")
    chi: float = arg("quantity", unit="share", bounds=(0, 1))
    office: str = arg("choice", default="separate", values=("separate", "joint"))

    def __post_init__(self) -> None:
        if len(set(self.between)) < 2:
            raise OperationError(say("posts are shared between at least two kinds"))

    @override
    def words(self) -> Message:
        head = say(
            "{share} of posts are cross-held between {kinds}",
            share=share(self.chi),
            kinds=kinds_text(self.between),
        )
        return chain(head, say("in one office") if self.office == "joint" else None)

    @override
    def reversed(self) -> Operation:
        return SharePosts(self.between, 0.0)


@dataclass(frozen=True)
class Relation(Operation):
    """Set how two kinds stand to one another."""

    verb: ClassVar[str] = "relation"
    phase: ClassVar[int] = OTHER
    undo: ClassVar[bool] = True
    from_kind: str = arg("kind_or_layer", key="from")
    to_kind: str = arg("kind", key="to")
    form: str = arg("choice", values=("contract", "pledge", "supervises", "guides", "command", "none"))

    @override
    def words(self) -> Message:
        names = {"from_": kind_text(self.from_kind), "to": kind_text(self.to_kind)}
        return {
            "contract": say("{from_} and {to} stand by contract", **names),
            "pledge": say("{to} signs a yearly pledge to {from_}", **names),
            "supervises": say("{from_} supervises {to}", **names),
            "guides": say("{from_} guides {to}", **names),
            "command": say("{from_} commands {to}", **names),
            "none": say("{from_} and {to} have no standing relation", **names),
        }[self.form]

    @override
    def reversed(self) -> Operation:
        return Relation(self.from_kind, self.to_kind, "none")


@dataclass(frozen=True)
class Stage:
    """One step of a procedure: who acts, what share passes, how long it takes, whether it may send back."""

    stage: str
    body: str
    passes: float = 1.0
    days: float = 5.0
    may_return: bool = True


@dataclass(frozen=True)
class Procedure(Operation):
    """Set the chain of steps a residents' proposal goes through."""

    verb: ClassVar[str] = "procedure"
    phase: ClassVar[int] = OTHER
    id: str = arg("text")
    stages: tuple[Stage, ...] = arg("stages")

    @override
    def not_acted_on(self) -> list[str]:
        """Return that days and passes of the steps act, whose step it is does not: its pace and rigour are said there.

        A proposal stopped at a step may be raised again; that a step's no is final is not acted on where it says no.
        """
        final = any(not stage.may_return and stage.passes < 1 for stage in self.stages)
        return [*super().not_acted_on(), "procedure.stages.body", *["procedure.stages.may_return"] * final]

    @override
    def words(self) -> Message:
        days = sum(stage.days for stage in self.stages)
        steps = kinds_text(stage.body for stage in self.stages)
        return counted(
            "proposals pass {n} step ({steps}), {days} in all",
            "proposals pass {n} steps ({steps}), {days} in all",
            n=len(self.stages),
            steps=steps,
            days=counts.working_days(figure(days)),
        )


@dataclass(frozen=True)
class Fund(Operation):
    """Set money aside for a purpose, from payers, to receivers, until a date."""

    verb: ClassVar[str] = "fund"
    phase: ClassVar[int] = MONEY
    undo: ClassVar[bool] = True
    id: str = arg("text")
    amount: float = arg("quantity", unit="yuan", bounds=(0, 1e12))
    per: str = arg(
        "choice", default="total", values=("total", "year", "month", "community_year", "household_year")
    )
    to: str = arg("kind_or_layer", default="residents_committee")
    payers: dict[str, float] = arg("share_map", default={})
    split: str = arg("choice", default="residents", values=SPLITS)
    only_for: tuple[str, ...] = arg("texts", default=())
    unspent: str = arg("choice", default="keeps", values=("keeps", "returns"))
    until: int | None = arg("month", default=None)

    @override
    def words(self) -> Message:
        amount = {
            "total": say("{yuan} yuan in all", yuan=figure(self.amount)),
            "year": say("{yuan} yuan a year", yuan=figure(self.amount)),
            "month": say("{yuan} yuan a month", yuan=figure(self.amount)),
            "community_year": say("{yuan} yuan a community and year", yuan=figure(self.amount)),
            "household_year": say("{yuan} yuan a household and year", yuan=figure(self.amount)),
        }[self.per]
        head = say("fund `{id}` pays {amount} to {to}", id=self.id, amount=amount, to=kind_text(self.to))
        left = say("what is left stays") if self.unspent == "keeps" else say("what is left returns")
        return chain(head, self._payer_words(), SPLIT_WORDS[self.split], left)

    def _payer_words(self) -> Message:
        payers = [
            {"en": f"{layer_text(p)['en']} {share(s)}", "zh": f"{layer_text(p)['zh']} {share(s)}"}
            for p, s in (self.payers or {"district": 1.0}).items()
        ]
        return say("paid by {payers}", payers=listed(payers))

    @override
    def reversed(self) -> Operation:
        return Fund(id=self.id, amount=0.0, per=self.per, to=self.to)


def _resource_words(resources: str) -> Message:
    return {
        "none": say("neither staff nor money come with it"),
        "staff": say("staff come with it"),
        "money": say("money comes with it"),
        "both": say("staff and money come with it"),
    }[resources]


def _keep_words(keep: tuple[str, ...]) -> Message:
    kept = {
        "status": {"en": "status", "zh": "身份"},
        "rank": {"en": "rank", "zh": "级别"},
        "pay": {"en": "pay", "zh": "待遇"},
    }
    if not keep:
        return say("status, rank and pay are not kept")
    return say("they keep {what}", what=listed(kept[k] for k in keep))
