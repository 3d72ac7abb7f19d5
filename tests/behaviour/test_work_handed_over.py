"""Organisations under contract take work off the community's desks as far as they have hours; the rest stays."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import levers
from sim.rules.operations import TransferDuties
from sim.world.cases import DONE
from sim.world.world import KIND, World
from tests.behaviour import paired_effects
from tests.behaviour.paired_effects import SEEDS, differences, effects, lived, rule

BOUGHT = (
    rule("purchase.catalogue", 1.0),
    rule("purchase.budget", 3e6),
    rule("registration.filing", 1.0),
    rule("purchase.first", levers()["purchase.first"].code("social_organisation")),
)
ORGANISATION = KIND["social_organisation"]


def assumed(**values: float):
    """Return what gives assumptions other values at the start; two underscores stand for a dot."""
    return lambda world: world.assume.update({n.replace("__", "."): v for n, v in values.items()})


@pytest.fixture(autouse=True)
def two_seeds(monkeypatch):
    """Two pairs tell what holds under every seed."""
    monkeypatch.setattr(paired_effects, "SEEDS", SEEDS[:2])


def counts(world: World) -> np.ndarray:
    """Return pieces on the catalogue, taken, come to the organisations' desk, and the hours of these."""
    areas, kind = world.areas, world.institutions.kind
    at = [np.where(t.hired >= 0, kind[t.hired], -1) == ORGANISATION for t in (world.assigned, world.filed)]
    scale = world.assume["tasks.hours_scale"]
    hours = (world.items.hours[world.assigned.item[at[0]]] * scale).sum()
    hours += world.items.hours[world.filed.item[at[1]]].sum()
    return np.array([areas.bought_work.sum(), areas.handed_over.sum(), at[0].sum() + at[1].sum(), hours])


def test_organisations_take_work_within_their_hours_and_the_rest_stays():
    """What is taken is what comes to their desk, is not all there is, and needs no more hours than were in hand."""
    taken = 0
    hours = np.zeros(1)

    def watched(world):
        nonlocal hours
        found, before = counts(world), hours
        hours = world.institutions.own_hours.sum()
        return np.append(found, before)

    for seed in SEEDS[:2]:
        hours = 0.0
        months = lived(seed, *BOUGHT, measure=watched)
        bought, took, came, wanted, in_hand = months.T
        assert (took == came).all()
        assert (took <= bought).all()
        assert (wanted <= in_hand + 1e-6).all()
        assert took.sum() < bought.sum()
        taken += took.sum()
    assert taken > 0


def test_work_is_conserved_when_it_is_handed_over():
    """As many cases come in with contracts as without, and every one is done, open or lapsed."""

    def came(world):
        ledger, still = world.ledger, int((world.cases.state < DONE).sum())
        filed = sum(ledger.get(f"cases_{o}", 0) for o in ("assigned", "resident", "own"))
        assert filed == ledger["cases_done"] + ledger["cases_lapsed"] + still
        return float(world.assigned.n)

    whole, part = (lived(1, *BOUGHT, at_start=assumed(purchase__listed=x), measure=came) for x in (0.0, 0.6))
    assert whole[0] == part[0]


def test_what_organisations_do_relieves_committees():
    """Where work is handed over committees are less pressed than where organisations only have it on paper."""
    none, some = (assumed(purchase__listed=x, purchase__own_desk=1.0) for x in (0.0, 0.6))
    assert (differences("committee.pressure", none, some, *BOUGHT) < 0).all()
    assert (differences("organisations.cases", none, some, *BOUGHT) > 0).all()


def test_nothing_is_handed_over_without_a_catalogue_or_hours():
    """Without a catalogue, without money, and where they keep no hours, organisations do no case."""
    assert (effects("organisations.cases", *BOUGHT[1:]) == 0).all()
    assert (effects("organisations.cases", BOUGHT[0], *BOUGHT[2:]) == 0).all()
    assert (effects("organisations.cases", *BOUGHT, both=assumed(purchase__own_desk=0.0)) == 0).all()


def test_members_who_give_time_do_more_of_it():
    """Volunteers of the organisations themselves take more work off desks than contracts alone."""
    alone, helped = (assumed(purchase__members_give=x) for x in (0.0, 2.0))
    assert (differences("organisations.cases", alone, helped, *BOUGHT) > 0).all()


def test_poor_organisations_do_work_badly():
    """What is done badly grows with the share assumed, and there is none at nothing."""
    well, badly = (assumed(purchase__badly=x) for x in (0.0, 0.3))
    assert (differences("organisations.done_well", well, badly, *BOUGHT) < 0).all()


def test_work_written_to_organisations_without_hours_stays_where_it_was():
    """Duties given to organisations that have no contract are done by who had them; with hours they take some."""
    written = TransferDuties("residents_committee", "social_organisation", ("request",))

    def at_desk(world):
        ended, kind = world.ended, world.institutions.kind
        return np.array(
            [(kind[ended.office] == k).sum() for k in (ORGANISATION, KIND["residents_committee"])]
        )

    unpaid = lived(1, BOUGHT[0], written, measure=at_desk)[2:].sum(axis=0)
    paid = lived(1, *BOUGHT, written, measure=at_desk)[2:].sum(axis=0)
    assert unpaid[0] == 0 < unpaid[1]
    assert paid[0] > 0
