"""What the four participation modes share: the columns they look at, their assumptions, and how they are called."""

from __future__ import annotations

import numpy as np

from sim.draws import std_normals
from sim.mechanisms.arithmetic import logarithms
from sim.mechanisms.contract import Context, columns_of
from sim.mechanisms.participation_causes import CAUSES, parts
from sim.mechanisms.participation_kernel import Deciding, Mode, remember, take_part
from sim.world.world import KIND

F = np.float32
REFERENCE_ADULTS = 3000.0
FEW = 8  # where less than an eighth is invited, picking them out is quicker than going through everybody
COMMITTEE = KIND["residents_committee"]
LOOKS_AT = (
    "distance",
    *columns_of(
        "residents", "id", "age", "party", "employed", "education", "cooperator", "has_voice", "efficacy",
        "trust_committee", "belonging", "awareness", "grievance", "is_contacted", "is_recruited", "is_called", "stake",
    ),
    "blocks.community",
    *columns_of("institutions", "id", "adults"),
)  # fmt: skip
SHARED = ("participation.rule", "participation.pull", "influence.match")
VOTE = "vote"


def assumptions_of(mode: str) -> tuple[str, ...]:
    """Return the names of all assumptions the form uses for one mode."""
    units = () if mode == VOTE else ("small_units.reach",)
    return (*(f"{mode}.{name}" for name in (*Mode._fields, "size", "shock")), *SHARED, *units)


def looks_at(mode: str) -> tuple[str, ...]:
    """Return the columns the form looks at for one mode."""
    return LOOKS_AT if mode == VOTE else (*LOOKS_AT, "areas.small_units", "blocks.area")


def decisions_of(mechanism: str) -> tuple[str, ...]:
    """Return the draws of one mode: luck of the month, the person's threshold, the community's common shock."""
    return tuple(f"{mechanism}.{name}" for name in ("luck", "threshold", "shock"))


def coefficients(c: Context, mode: str) -> Mode:
    """Return one mode's coefficients as the kernel takes them."""
    return Mode(*(F(c.assume(f"{mode}.{name}")) for name in Mode._fields))


def decide(
    c: Context, mechanism: str, mode: str, invited: np.ndarray, took: np.ndarray,
    offset: np.ndarray | float = 0.0, push: np.ndarray | None = None, worth: float = 1.0,
    pushed_by: str = "asked",
) -> None:  # fmt: skip
    """Let everybody invited decide; offset is what is the same for all of a community, one number an office.

    push: a person's own, one number a resident, and the cause it is booked under; worth: as in `Deciding`.
    """
    people, blocks = c.residents, c.blocks
    whole = offset + _size(c, mode) + _shock(c, mechanism, mode)
    deciding = Deciding(
        c.variant("participation.rule"),
        F(c.assume("participation.pull")),
        F(c.assume("influence.match")),
        F(worth),
    )
    asked = people.is_recruited | people.is_called
    columns = (
        people.id, people.age, people.party, people.employed, people.education, people.cooperator, people.efficacy,
        people.trust_committee, people.belonging, people.awareness, people.grievance, people.is_contacted,
        asked, c.spread(whole.astype(F)[blocks.community]), people.stake,
        c.spread(c.array("distance")[COMMITTEE]), invited.astype(np.uint8), getattr(people, f"peers_{mode}"),
        np.zeros(people.n, F) if push is None else push, getattr(people, f"habit_{mode}"),
    )  # fmt: skip
    how = (
        c.key(f"{mechanism}.luck"), c.lasting_key(f"{mechanism}.threshold"), deciding, coefficients(c, mode)
    )  # fmt: skip
    if np.count_nonzero(invited) * FEW > people.n:
        take_part(*columns, *how, took)
    else:
        rows = np.flatnonzero(invited)
        few = took[rows]
        theirs = [*(column[rows] for column in columns), *how, few]
        take_part(*theirs)
        took[rows] = few
    if c.keeps_accounts:
        _book(c, mechanism, mode, columns, deciding, took, pushed_by)


def _book(
    c: Context,
    mechanism: str,
    mode: str,
    columns: tuple,
    deciding: Deciding,
    took: np.ndarray,
    pushed_by: str,
) -> None:
    """Book what each cause contributed to who took part, of those invited."""
    own = c.lasting_uniforms(f"{mechanism}.threshold", c.residents.id)
    found = parts(columns, own, deciding, coefficients(c, mode), took.astype(float), pushed_by)
    for cause, values in found.items():
        c.book(f"participation.{mode}", cause, values)


def books_of(mode: str) -> tuple[tuple[str, str], ...]:
    """Return the accounts one mode keeps: who took part, by every cause."""
    return tuple((f"participation.{mode}", cause) for cause in CAUSES)


def keep_record(c: Context, mode: str, invited: np.ndarray, took: np.ndarray) -> None:
    """Move habit and the twelve months' record of one mode."""
    people = c.residents
    habit, history = getattr(people, f"habit_{mode}"), getattr(people, f"{mode}_history")
    remember(invited.astype(np.uint8), took, F(c.assume(f"{mode}.habit_rate")), habit, history)


def _size(c: Context, mode: str) -> np.ndarray:
    """Return the one channel through which the size of a community enters: what it is to be one of many."""
    whole = logarithms(np.maximum(c.institutions.adults, 1) / REFERENCE_ADULTS)
    if mode == VOTE:  # a ballot is the community's
        return c.assume("vote.size") * whole
    units = np.bincount(c.blocks.community, weights=_units_a_block(c), minlength=c.institutions.n)
    small = c.assume("small_units.reach") * logarithms(np.maximum(units, 1))
    return c.assume(f"{mode}.size") * (whole - small)


def _units_a_block(c: Context) -> np.ndarray:
    """Return each block's part of the small units of its area: they sum to the units of a community."""
    blocks = np.maximum(np.bincount(c.blocks.area, minlength=c.areas.n), 1)
    return (c.areas.small_units / blocks)[c.blocks.area]


def _shock(c: Context, mechanism: str, mode: str) -> np.ndarray:
    """Return what moves a whole community together this month, as weather or a rumour does."""
    return c.assume(f"{mode}.shock") * std_normals(c.uniforms(f"{mechanism}.shock", c.institutions.id))
