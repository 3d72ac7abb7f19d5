"""Residents and institutions are Mesa agents, and what we touch of Mesa still works: run on every Mesa version."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import mesa
import numpy as np
import pytest

from sim.agents.kinds import ResidentsCommittee
from sim.agents.population import EveryAgent
from sim.agents.resident import Resident
from sim.agents.resident_set import ResidentSet
from sim.base.errors import ContractError
from sim.model import CommunityModel, new_world
from tests.paired.worlds import small


@pytest.fixture(scope="module")
def scenario():
    """A twentieth of Tongling."""
    return small()


@pytest.fixture
def model(scenario):
    """A model before its first month."""
    return CommunityModel(new_world(scenario, 1), scenario.timeline)


def residents(model) -> ResidentSet:
    """The residents of a model, by type."""
    return model.agents_by_type[Resident]


def test_residents_and_institutions_are_agents_of_the_model(model):
    """`model.agents` counts and contains both, and each is a mesa.Agent that knows its model."""
    resident, committee = next(iter(residents(model))), next(iter(model.agents_by_type[ResidentsCommittee]))

    assert isinstance(resident, mesa.Agent)
    assert isinstance(committee, mesa.Agent)
    assert resident.model is committee.model is model
    assert isinstance(model.agents, EveryAgent)
    assert len(model.agents) == len(residents(model)) + len(model.offices)
    assert resident in model.agents
    assert committee in model.agents


def test_a_view_reads_its_row_and_equals_another_view_of_it(model):
    """Views carry no state: two of one row are equal, hash alike and read the columns."""
    world = model.world
    view, again = Resident(model, 5), Resident(model, 5)

    assert view == again
    assert len({view, again}) == 1
    assert view.age == world.residents.age[5]
    assert view.unique_id == world.residents.id[5]
    assert view.committee.row == world.blocks.community[world.residents.block[5]]


def test_an_undeclared_attribute_and_a_trait_cannot_be_set(model):
    """A typo on a view is refused with the nearest column; traits stay what they are; a status can be set."""
    view = Resident(model, 5)

    with pytest.raises(ContractError, match="efficacy"):
        view.eficacy = 1.0
    with pytest.raises(ContractError, match="trait"):
        view.age = 3
    view.grievance = 0.5
    assert model.world.residents.grievance[5] == 0.5


def test_select_agg_get_set_and_groupby_agree_with_the_columns(model):
    """The agent way of asking gives what the columns hold."""
    table, everyone = model.world.residents, residents(model)
    members = everyone.select(table.party == 1)

    assert len(members) == int(table.party.sum())
    assert everyone.select(lambda r: r.party == 1).rows.tolist() == members.rows.tolist()
    assert everyone.agg("age", np.mean) == table.age.mean()
    assert everyone.get("age") == table.age.tolist()
    assert everyone.groupby("party").count() == {0: len(everyone) - len(members), 1: len(members)}
    assert set(members.set("grievance", 0.25).get("grievance")) == {0.25}
    assert model.agents.select(agent_type=Resident).rows.tolist() == everyone.rows.tolist()
    assert len(model.agents.select(agent_type=ResidentsCommittee)) == 49


def test_do_map_sort_and_shuffle_work_over_residents(model):
    """Calls on views and reorderings keep to the rows."""
    few = residents(model).select(at_most=20)

    assert few.map(lambda r: r.row) == list(range(20))
    assert few.do(lambda r: setattr(r, "grievance", 0.75)).get("grievance") == [0.75] * 20
    assert sorted(few.shuffle().rows.tolist()) == list(range(20))
    ages = few.sort("age", ascending=True).get("age")
    assert ages == sorted(ages)


def test_the_data_collector_reads_the_model(model):
    """Mesa's own collector takes model reporters over columns and over institution agents."""
    collector = mesa.DataCollector(
        model_reporters={
            "trust": lambda m: float(m.world.residents.trust_committee.mean()),
            "committees": lambda m: len(m.agents_by_type[ResidentsCommittee]),
        }
    )
    collector.collect(model)
    model.step()
    collector.collect(model)

    assert collector.get_model_vars_dataframe()["committees"].tolist() == [49, 49]


def test_merging_closes_and_opens_institution_agents(model, scenario):
    """After the reform there are 18 committees and stations, and no street office."""
    while model.world.month <= scenario.timeline.first_change:
        model.step()
    kinds = {cls.__name__: len(agents) for cls, agents in model.agents_by_type.items()}

    assert (kinds["ResidentsCommittee"], kinds["ServiceStation"]) == (18, 18)
    assert kinds["GovernmentOffice"] == 1
    assert next(iter(model.agents_by_type[ResidentsCommittee])).rule("assembly.decides") == 1.0


def test_pickle_and_deepcopy_continue_alike(model):
    """A copied or pickled model steps to the same numbers as the original."""
    copied, pickled = copy.deepcopy(model), pickle.loads(pickle.dumps(model))
    for each in (model, copied, pickled):
        each.step()

    for each in (copied, pickled):
        assert np.array_equal(each.world.residents.trust_committee, model.world.residents.trust_committee)
        assert len(each.agents) == len(model.agents)


def test_two_models_at_once_do_not_touch_each_other(scenario):
    """A view of one model reads that model's world."""
    one, other = (CommunityModel(new_world(scenario, seed), scenario.timeline) for seed in (1, 2))
    Resident(one, 0).grievance = 0.9

    assert Resident(other, 0).grievance == 0.0
    assert Resident(one, 0) != Resident(other, 0)


def test_a_model_is_freed_when_nobody_holds_it(scenario):
    """No registry keeps a model alive after its last name is gone."""
    model = CommunityModel(new_world(scenario, 1), scenario.timeline)
    model.step()
    watch = weakref.ref(model.world)
    del model
    gc.collect()

    assert watch() is None
