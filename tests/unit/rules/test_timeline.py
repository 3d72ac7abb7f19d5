"""Rule values by month, and structural operations in their order."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import kind_index, levers
from sim.rules.changes import RuleChange
from sim.rules.operations import (
    CloseOffice,
    Fund,
    Hire,
    Merge,
    OpenOffice,
    RemoveLayer,
    TransferDuties,
    TransferStaff,
)
from sim.rules.timeline import DatedOperation, Timeline

AREAS = 4


def timeline(*changes: RuleChange, operations: tuple[DatedOperation, ...] = ()) -> Timeline:
    """Return a timeline over four areas."""
    return Timeline(AREAS, 2, changes=changes, operations=operations)


def at(change: RuleChange, month: int) -> float:
    """Return the first value of a change's lever in a month."""
    return float(np.ravel(timeline(change).rule_values(change.lever, month))[0])


def test_every_lever_has_its_full_shape():
    """Each lever's value comes in the shape of its domain, the extra axis first."""
    shapes = {"place": (), "area": (AREAS,), "hop": (2,)}
    for row in levers().values():
        values = timeline().rule_values(row.id, 100)
        assert values.shape[1 if row.by else 0 :] == shapes[row.domain]
        assert values.dtype == np.float64


def test_a_set_holds_from_its_month_until_its_end():
    """A set value holds from its month on and the earlier value returns at `until`."""
    change = RuleChange("set", "protected_share", 0.3, 100, until=110)
    assert [at(change, m) for m in (99, 100, 109, 110)] == [0.0, 0.3, 0.3, 0.0]


def test_a_ramp_reaches_its_value_after_its_months():
    """A set over four months moves by quarters and arrives in the fourth month."""
    change = RuleChange("set", "protected_share", 0.4, 100, over=4)
    assert [round(at(change, m), 9) for m in (99, 100, 101, 103, 120)] == [0.0, 0.1, 0.2, 0.4, 0.4]


def test_growth_compounds_by_the_year():
    """A growth of 41.5 percent a year multiplies the base by 1.415 after twelve months."""
    base = RuleChange("set", "purchase.budget", 1000.0, 100)
    growth = RuleChange("grow", "purchase.budget", 0.415, 100)
    values = timeline(base, growth).rule_values("purchase.budget", 112)
    assert values == pytest.approx(1415.0)


def test_scale_and_add_compose_in_the_order_of_their_dates():
    """A later addition is not scaled, an earlier one is."""
    scale, add = (
        RuleChange("scale", "service.open_hours", 1.5, 101),
        RuleChange("add", "service.open_hours", 1.0, 102),
    )
    assert timeline(scale, add).rule_values("service.open_hours", 102)[0] == 13.0
    early = RuleChange("add", "service.open_hours", 1.0, 100)
    assert timeline(scale, early).rule_values("service.open_hours", 102)[0] == 13.5


def test_a_selector_touches_its_areas_and_row_only():
    """A change for some areas and one kind leaves every other number alone."""
    change = RuleChange("scale", "pay.scale", 2.0, 100, np.array([1, 3]), (kind_index("service_station"),))
    values = timeline(change).rule_values("pay.scale", 100)
    assert values[kind_index("service_station")].tolist() == [1.0, 2.0, 1.0, 2.0]
    assert values.sum() == values.size + 2


def test_changed_levers_are_told_in_the_month_they_change():
    """A lever is told as changed when it begins, while it ramps and when it ends, and not between."""
    change = RuleChange("set", "protected_share", 0.4, 100, over=2, until=105)
    moved = [m for m in range(98, 108) if timeline(change).changed_levers(m)]
    assert moved == [100, 101, 105]


def test_operations_of_a_month_come_in_the_fixed_order():
    """Whatever their order in the file, a month's operations close, merge, open, move duties, staff and money."""
    written = [
        Fund("f", 1.0), Hire("department", 1.0), TransferDuties("department", "street_office", ("economy",)),
        OpenOffice("service_station", per="community"), Merge(2), CloseOffice("service_station"),
    ]  # fmt: skip
    dated = tuple(DatedOperation(100, op) for op in written)
    order = [d.op.verb for d in timeline(operations=dated).structural(100)]
    assert order == ["close_office", "merge", "open_office", "transfer_duties", "hire", "fund"]


def test_an_empty_timeline_equals_the_places_own_rules():
    """Without changes every lever keeps its baseline in every month and nothing is announced."""
    empty = timeline()
    assert empty.is_empty
    assert empty.announced is None
    assert empty.first_change is None
    assert empty.months() == []
    assert all(not empty.changed_levers(m) for m in range(90, 120))


def test_a_reform_is_felt_at_its_announcement_only_where_somebody_foresees_its_lever():
    """Before its date a change is felt from its own announcement on, if its lever is acted on beforehand."""
    told = RuleChange("set", "admission.rule", 1.0, 100, reform="gate")
    other = RuleChange("set", "protected_share", 0.4, 98, reform="hours")
    both = Timeline(AREAS, 2, changes=(told, other), announced=80, announcements={"gate": 90, "hours": 80})
    assert both.first_felt({"admission.rule"}) == 90
    assert both.first_felt({"protected_share"}) == 80
    assert both.first_felt({"money.route"}) == both.first_felt(()) == 98
    assert Timeline(AREAS, 2, changes=(told,)).first_felt({"admission.rule"}) == 100
    assert timeline().first_felt({"admission.rule"}) is None


def test_a_place_lever_with_a_choice_is_a_scalar_array():
    """A place-wide choice is one number, the index of its listed value."""
    change = RuleChange("set", "money.route", levers()["money.route"].code("direct"), 100)
    assert timeline(change).rule_values("money.route", 100).shape == ()
    assert at(change, 100) == 1.0


def test_operations_refuse_what_cannot_stand():
    """Operations check themselves when they are made."""
    for wrong in (
        lambda: OpenOffice("service_station"),
        lambda: OpenOffice("service_station", per="community", count=3),
        lambda: TransferDuties("department", "department", ("economy",)),
        lambda: Merge(3, partition="listed", groups=((0,), (1,))),
        lambda: Merge(2, partition="listed", groups=((0,), (0,))),
    ):
        with pytest.raises(ValueError, match=r".+"):
            wrong()


def test_what_can_be_taken_back_reverses_itself():
    """An opening, a transfer of duties and a hire name the operation that restores the earlier state."""
    assert OpenOffice("service_station", per="community").reversed() == CloseOffice("service_station")
    assert TransferDuties("department", "street_office", ("economy",)).reversed().to_kind == "department"
    assert Hire("department", 3.0).reversed().count == 3.0
    for final in (RemoveLayer("street"), Merge(2), TransferStaff("street_office", "department")):
        with pytest.raises(ValueError, match="until"):
            final.reversed()
