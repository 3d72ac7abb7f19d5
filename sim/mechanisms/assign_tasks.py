"""What do departments send down, and whom do they ask?

Claim: departments issue work item by item; part of it falls on every receiving organ whatever its size (reports,
ledgers, inspections), part on every household (surveys, checks, certificates). So merging two communities halves
the first part and moves the second unchanged. Each street layer adds tasks of its own (tongling.mirroring).
    organ part:      year volume x organ_share          once per organ that performs the item
    population part: year volume x (1 - organ_share)    per 2000 households, drawn area by area
        x (1 - ledgers cleared x their part) x (1 - nameplates taken down x their part)
    both x intensity (department x area) x trend x (1 + extra x street layers) / (1 + extra)
        x (1 + hurry x nearness of an announced gate - slacken x nearness of fewer assessments, for assessed work)
    a department has campaigns: months in which it issues more, and less in the others, so that the year's sum stays
Where practice follows the writing (probability u) the owner in the duty table is asked; else the department asks
whom it has learned to ask (the Department's choice).
Left out: what a campaign is about; the wording of tasks; that work which was hurried is not there later.
"""

from __future__ import annotations

import numpy as np

from sim.agents.kinds import Department
from sim.base.calendar import MONTHS_PER_YEAR
from sim.catalogue import duty_classes, duty_index, levers
from sim.draws import poisson, row_keys
from sim.mechanisms.announcement import looking_ahead
from sim.mechanisms.assessment import ASSESSED
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.columns import CANDIDATES
from sim.world.practice import DUTIES
from sim.world.world import KIND, REFERENCE_HOUSEHOLDS

CANDIDATE_KINDS = np.array([KIND[k] for k in CANDIDATES])
ASSIGNED_CLASSES = tuple(name for name, row in duty_classes().items() if row.origin == "assigned")
GATED = (0, 1, 1)  # whether each admission rule makes a community body a dear one to ask


def run(c: Context) -> None:
    """Fill the inbox of assigned work with this month's tasks and say whom each was asked of."""
    items, areas = c.items, c.areas
    assigned = np.flatnonzero(items.origin == 0)
    per_month = items.per_year[assigned] / MONTHS_PER_YEAR * c.departments.trend[items.department[assigned]]
    scale = c.departments.intensity[items.department[assigned]] * _layers(c)
    scale = scale * _campaigns(c)[items.department[assigned]][:, None] * _ahead(c, assigned)
    people = (
        per_month[:, None]
        * (1 - _organ_share(c, assigned))[:, None]
        * areas.households
        / REFERENCE_HOUSEHOLDS
    )
    organs = per_month[:, None] * _organ_share(c, assigned)[:, None] * _is_seat(c, assigned) * _paper(c)
    ids = assigned[:, None].astype(np.uint64) * np.uint64(1 << 20) + np.arange(areas.n, dtype=np.uint64)
    counts = [
        poisson(c.uniforms(f"assign_tasks.{part}", ids.ravel()), (rate * scale).ravel())
        for part, rate in (("people", people), ("organs", organs))
    ]
    _fill(c, assigned, counts)
    areas.issued[:] = np.bincount(c.assigned.area, minlength=areas.n)
    _ask(c)


def _organ_share(c: Context, assigned: np.ndarray) -> np.ndarray:
    """Return each item's organ share, moved for all classes alike and then for its own class."""
    own = np.zeros(len(duty_classes()))
    for name in ASSIGNED_CLASSES:
        own[duty_index(name)] = c.assume(f"tasks.organ_share.{name}")
    listed, shift = c.items.organ_share[assigned], c.assume("tasks.organ_share_shift")
    return np.clip(listed + shift + own[c.items.duty_class[assigned]], 0, 1)


def _layers(c: Context) -> np.ndarray:
    """Return, per area, the volume against that of the reference place, which has one street layer."""
    extra, between = float(c.rule("layer.extra_tasks")), np.maximum(c.areas.hops - 1, 0)
    return (1 + extra * between) / (1 + extra)


def _paper(c: Context) -> np.ndarray:
    """Return, per area, what is left of the organ part once ledgers and nameplates are cleared."""
    ledgers = 1 - c.assume("tasks.ledger_share") * (1 - c.practised("ledgers.kept"))
    usual = levers()["nameplates"].baseline
    return ledgers * (1 + c.assume("tasks.plate_share") * (c.practised("nameplates") / usual - 1))


def _ahead(c: Context, assigned: np.ndarray) -> np.ndarray:
    """Return (item, area): the volume before an announced rule is in force, against the usual; 1 where none is."""
    gate = np.maximum(looking_ahead(c, "admission.rule"), 0)
    fewer = np.maximum(looking_ahead(c, "assessment.allowed_from"), -looking_ahead(c, "assessment.cap"))
    assessed = c.items.priority[assigned] == ASSESSED
    slack = c.assume("announcement.slacken") * np.outer(assessed, np.maximum(fewer, 0))
    return np.maximum(1 + c.assume("announcement.hurry") * gate[None, :] - slack, 0)


def _campaigns(c: Context) -> np.ndarray:
    """Return, per department, this month's volume against its mean: more in a month of campaign."""
    share, more = c.assume("departments.campaign_share"), c.assume("departments.campaign")
    on = c.uniforms("assign_tasks.campaign", c.departments.institution) < share
    return (1 + more * on) / (1 + more * share)


def _is_seat(c: Context, assigned: np.ndarray) -> np.ndarray:
    """Return (item, area): 1 where the organ that performs the item in practice has its seat, else 0."""
    offices, n_areas, use = c.institutions, c.areas.n, c.practice.use[DUTIES]
    everywhere = np.arange(n_areas)
    share = np.zeros((len(assigned), n_areas))
    for kinds, weight in ((c.items.owner, use), (c.items.before, 1 - use)):
        kind = kinds[assigned].astype(np.int64)
        rows = np.where(kind >= 0, c.array("serving")[kind, everywhere], -1)
        share += ((rows >= 0) & (offices.seat[rows] == everywhere)) * weight
    return share


def _fill(c: Context, assigned: np.ndarray, counts: list[np.ndarray]) -> None:
    n_areas = c.areas.n
    cells = [np.repeat(np.arange(len(part)), part) for part in counts]
    c.replace("assigned", sum(len(cell) for cell in cells))
    inbox, start = c.assigned, 0
    for part, cell in enumerate(cells):
        rows = slice(start, start + len(cell))
        ordinal = np.arange(len(cell)) - np.repeat(np.cumsum(counts[part]) - counts[part], counts[part])
        inbox.item[rows], inbox.area[rows] = assigned[cell // n_areas], cell % n_areas
        name = (inbox.item[rows].astype(np.uint64) << np.uint64(40)) | (
            inbox.area[rows].astype(np.uint64) << np.uint64(16)
        )
        inbox.key[rows] = row_keys(
            c.key("assign_tasks.case"), name | (np.uint64(part) << np.uint64(15)) | ordinal.astype(np.uint64)
        )
        start += len(cell)
    inbox.department[:] = c.items.department[inbox.item]


def _ask(c: Context) -> None:
    inbox, items = c.assigned, c.items
    written = items.owner[inbox.item, inbox.area].astype(np.int64)
    before = items.before[inbox.item, inbox.area].astype(np.int64)
    as_written = c.uniforms("assign_tasks.as_written", inbox.key) < c.practice.use[DUTIES][inbox.area]
    learned = Department.choose_performers(
        belief=c.departments.belief[inbox.department, inbox.area],
        price=_prices(c)[inbox.area],
        before=CANDIDATE_KINDS[None, :] == before[:, None],
        available=_available(c)[inbox.area],
        luck=c.uniforms("assign_tasks.whom", inbox.key),
        keenness=c.assume("departments.keenness"),
        habit=c.assume("departments.habit"),
    )
    candidate_of_kind = np.full(len(KIND), 0)
    candidate_of_kind[CANDIDATE_KINDS] = np.arange(len(CANDIDATE_KINDS))
    inbox.asked[:] = np.where(as_written, candidate_of_kind[written], learned)
    # Practice knows four candidates; the writing may name any kind (a zone, a centre), who is then booked as the
    # department's own doing.
    kind = np.where(as_written & (written >= 0), written, CANDIDATE_KINDS[inbox.asked])
    row = c.performers(inbox.item, kind, inbox.area)
    own = c.performers(inbox.item, np.full(len(row), KIND["department"]), inbox.area)
    inbox.asked[row < 0] = 0
    inbox.asked_row[:] = np.where(row >= 0, row, own)
    c.departments.asked[:] = 0
    np.add.at(c.departments.asked, (inbox.department, inbox.area, inbox.asked), 1)


def _available(c: Context) -> np.ndarray:
    """Return (area, candidate): whether such an office serves the area; a department always is there."""
    serving = c.array("serving")[CANDIDATE_KINDS].T
    return np.where(CANDIDATE_KINDS[None, :] == KIND["department"], True, serving >= 0)


def _prices(c: Context) -> np.ndarray:
    """Return (area, candidate): what rules and own effort put on asking each candidate, in units of belief."""
    price = np.zeros((c.areas.n, len(CANDIDATES)))
    price[:, 0] = c.assume("departments.own_effort")
    gated = c.practised_worth("admission.rule", GATED)
    price[:, 2:] = (gated * c.assume("departments.gate_price"))[:, None]
    return price


MECHANISM = Mechanism(
    name="assign_tasks",
    question="What do departments send down, and whom do they ask?",
    run=run,
    reads=(
        "serving",
        *columns_of("items", "origin", "per_year", "department", "duty_class", "priority"),
        *columns_of("items", "organ_share", "owner", "before"),
        *columns_of("areas", "households", "hops"),
        "practice.use",
        *columns_of("institutions", "seat"),
        *columns_of("departments", "institution", "trend", "intensity", "belief"),
    ),
    writes=(
        *columns_of("assigned", "key", "item", "area", "department", "asked", "asked_row"),
        "areas.issued",
        "departments.asked",
    ),
    levers=("layer.extra_tasks", "admission.rule", "ledgers.kept", "nameplates"),
    foresees=("admission.rule", "assessment.allowed_from", "assessment.cap"),
    assumptions=(
        "tasks.organ_share_shift",
        *(f"tasks.organ_share.{name}" for name in ASSIGNED_CLASSES),
        "tasks.ledger_share",
        "tasks.plate_share",
        "departments.campaign",
        "departments.campaign_share",
        "departments.keenness",
        "departments.habit",
        "departments.own_effort",
        "departments.gate_price",
        "announcement.window",
        "announcement.hurry",
        "announcement.slacken",
    ),
    decisions=(
        "assign_tasks.people",
        "assign_tasks.campaign",
        "assign_tasks.organs",
        "assign_tasks.case",
        "assign_tasks.as_written",
        "assign_tasks.whom",
    ),
)
