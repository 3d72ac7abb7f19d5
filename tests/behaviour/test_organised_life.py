"""What organisations, purchases, party branches, channels, elections and small units do, held against paired worlds."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import levers
from sim.mechanisms.standing import MOST, chance_behind
from sim.model import advance, new_world
from sim.rules.operations import CreateSmallUnits, Procedure, Relation, Stage
from sim.scenario import load_scenario
from tests.behaviour.paired_effects import SEEDS, differences, effects, lived, rule, six_communities


def said(lever: str, value: str):
    """Return a choice lever set to a listed value."""
    return rule(lever, levers()[lever].code(value))


def assumed(**values: float):
    """Return what gives assumptions other values at the start; two underscores stand for a dot."""

    def change(world) -> None:
        world.assume |= {name.replace("__", "."): value for name, value in values.items()}

    return change


BOUGHT = (rule("purchase.catalogue", 1.0), rule("purchase.budget", 3e6))


def test_filing_brings_latent_groups_out():
    """Where groups may file there are more organisations and fewer latent groups, under every seed."""
    assert (effects("organisations.alive", rule("registration.filing", 1.0)) > 0).all()
    assert (effects("organisations.latent", rule("registration.filing", 1.0)) < 0).all()


def test_an_incubator_that_does_nothing_changes_nothing():
    """An incubation factor of one leaves every count of organisations as it was; two does not."""
    none, some = (
        effects(
            "organisations.registered",
            rule("incubation", 1.0),
            both=assumed(organisations__incubation=factor),
        )
        for factor in (1.0, 4.0)
    )
    assert (none == 0).all()
    assert (some >= 0).all()
    assert some.sum() > 0


def test_organisations_reach_the_number_that_births_and_ends_leave_standing():
    """A place begins with as many organisations as it keeps: a year later there are about as many as at the start."""

    def alive(world):
        return float(world.organisations.n)

    counts = np.array([lived(seed, measure=alive, scenario=six_communities()) for seed in SEEDS])
    assert counts[:, -3:].mean() == pytest.approx(counts[:, :3].mean(), rel=0.25)


def test_bought_hours_relieve_the_desk_and_cost_what_was_paid():
    """Purchases lower the pressure on committees and cost no more than the budget of the place."""
    assert (effects("committee.pressure", *BOUGHT) < 0).all()

    def paid(world):
        areas = world.areas
        assert (areas.purchase_paid <= areas.purchase_sent).all()
        return float(areas.purchase_paid.sum())

    for seed in SEEDS:
        assert 0 < lived(seed, *BOUGHT, measure=paid).max() <= 3e6 / 12


def test_purchases_without_a_catalogue_buy_nothing():
    """A budget alone, without a catalogue, changes nothing at all."""
    assert (effects("purchase.spent", rule("purchase.budget", 3e6)) == 0).all()


def test_asking_organisations_first_leaves_them_more_dependent():
    """Where organisations are asked first, more of their income is public money than where firms take part."""
    first = said("purchase.first", "social_organisation")
    open_to_all = effects("organisations.dependence", *BOUGHT, rule("registration.filing", 1.0))
    asked_first = effects("organisations.dependence", *BOUGHT, rule("registration.filing", 1.0), first)
    assert (asked_first >= open_to_all).all()
    assert asked_first.sum() > open_to_all.sum()


@pytest.mark.parametrize(
    ("measure", "sign"), [("participation.activity", 1), ("participation.deliberate", 1)]
)
def test_branches_near_by_bring_people_along(measure, sign):
    """Branches in buildings, open to members who live here, raise taking part, under every seed."""
    near = (said("party.branches", "building"), rule("party.open_membership", 1.0))
    assert (sign * effects(measure, *near, both=assumed(party__reach=0.1)) > 0).all()


def test_channels_tell_the_top_what_layers_lose():
    """With every channel open, project money fits need better where hops keep little of the truth."""
    channels = [
        rule(f"channels.{name}", 1.0) for name in ("mailbox", "hotline", "online", "forum", "delegates")
    ]
    poor = assumed(picture__fidelity=0.75, picture__noise=0.3, leaders__show=0.0)
    assert effects("need.fit", *channels, both=poor).mean() > 0


def test_work_that_may_not_be_assessed_waits_behind_residents():
    """Without assessments residents' cases wait less, and committees turn to residents."""
    banned = said("assessment.allowed_from", "none")
    assert (effects("committee.orientation", banned) > 0).all()


def test_cleared_ledgers_are_work_not_issued():
    """Fewer ledgers and nameplates leave less assigned work; with no share of ledgers in it, as much as before."""
    cleared = (rule("ledgers.kept", 0.1), rule("nameplates", 1.0))
    assert (effects("assigned.issued", *cleared) < 0).all()
    nothing = assumed(tasks__ledger_share=0.0, tasks__plate_share=0.0)
    assert (effects("assigned.issued", *cleared, both=nothing) == 0).all()


def test_campaigns_move_work_in_time_and_not_in_sum():
    """Bursts of campaigns leave the year's volume of assigned work as it was, to a few in a hundred."""
    calm, bursts = (assumed(departments__campaign=size) for size in (0.0, 3.0))
    change = differences("assigned.issued", calm, bursts)
    level = np.array(
        [
            lived(s, measure=lambda w: w.areas.issued.sum() / w.areas.households.sum() * 1e3).mean()
            for s in SEEDS
        ]
    )
    assert abs(change.mean()) < 0.06 * level.mean()


def test_small_units_bring_people_to_meetings_where_numbers_keep_them_away():
    """Meeting in courtyards raises attendance where anonymity matters, and does nothing where it does not."""
    units = CreateSmallUnits("courtyard")
    matters, not_at_all = (
        assumed(deliberate__size=size, activity__size=size, volunteer__size=size) for size in (-0.35, 0.0)
    )
    assert (effects("participation.deliberate", units, both=matters) > 0).all()
    assert (effects("participation.deliberate", units, both=not_at_all) == 0).all()


def test_a_contract_turns_committees_to_residents():
    """A street that stands by contract to committees turns them to residents as far as assumed, and no further."""
    contract = Relation("street_office", "residents_committee", "contract")
    assert (effects("committee.orientation", contract) > 0).all()
    assert (effects("committee.orientation", contract, both=assumed(orientation__contract=0.0)) == 0).all()


def test_a_long_procedure_lets_fewer_proposals_through():
    """Steps that half of all proposals pass leave fewer of them."""
    steps = Procedure("steps", (Stage("talk", "residents_committee", 0.3, 60.0),))
    assert (effects("proposals.made", steps) < 0).all()


def test_an_election_with_a_choice_leaves_a_mandate():
    """An election by all voters with a choice leaves committees a mandate."""
    by_all = (rule("election.term_months", 6.0), said("election.form", "all_voters"))
    choice = assumed(ballots__first_election=8.0, election__contested=0.8, vote__base=0.0)

    def mandate(world):
        return float(world.institutions.mandate.sum())

    for seed in SEEDS[:2]:
        assert lived(seed, *by_all, at_start=choice, measure=mandate).max() > 0


def test_organisations_a_place_counts_are_there_and_their_forms_last():
    """Jinjiang begins with the 211 registered and 200 latent its sources count, and keeps about that unreformed."""
    scenario = load_scenario("jinjiang")
    people = next(a for a in scenario.quantities if a.endswith("residents.count"))
    world = new_world(scenario.with_sample({people: 20_000}), 7)
    assert np.bincount(world.organisations.form, minlength=3).tolist() == [200, 0, 211]
    world = advance(world, scenario.baseline().timeline, world.month + 24, None)
    kept = np.bincount(world.organisations.form, minlength=3) / [200, np.inf, 211]
    assert (abs(kept[[0, 2]] - 1) < 0.35).all()


def test_the_chance_behind_a_share_leaves_that_share():
    """Groups that come out with the monthly chance found show, over a simulated history, the share it came from."""
    alive = 0.97 ** np.arange(240)
    chance = chance_behind(0.4, alive)
    luck = np.random.default_rng(3)
    ages = luck.choice(240, 40_000, p=alive / alive.sum())
    out = luck.geometric(chance, len(ages)) <= ages
    assert abs(out.mean() - 0.4) < 4 * np.sqrt(0.4 * 0.6 / len(ages))
    assert chance_behind(0.0, alive) == 0.0
    assert chance_behind(1.0, alive) == MOST
