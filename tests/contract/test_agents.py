"""Residents and institutions are Mesa agents, and what we touch of Mesa still works: run on every Mesa version.

Most tests use a place of five communities made by hand, with no mechanism in it; the last few the real model.
"""

from __future__ import annotations

import copy
import gc
import pickle
import tracemalloc
import weakref

import mesa
import numpy as np
import pytest
from mesa.agentset import AbstractAgentSet, AgentSet

from sim.agents.every_agent import EveryAgent
from sim.agents.institution import Institution
from sim.agents.kinds import BY_INDEX, BY_NAME, ResidentsCommittee
from sim.agents.population import register, sync
from sim.agents.resident import Resident
from sim.agents.resident_set import ResidentSet
from sim.base.errors import ContractError
from sim.catalogue import assumptions, kinds
from sim.model import CommunityModel, new_world
from sim.world.body_columns import STAFF
from sim.world.cases import CaseTable, ServiceState
from sim.world.columns import AREAS, BLOCKS, INSTITUTIONS, POOLS, RESIDENTS, TIES
from sim.world.offices import add_staff, close_office, open_office
from sim.world.table import Table
from sim.world.world import KIND, World
from tests.paired.worlds import small

pytestmark = pytest.mark.mesa

AREA_COUNT, PEOPLE, MONTH = 5, 200, 2010 * 12


def place(people: int = PEOPLE) -> World:
    """Return a world of five areas, one block each, with a district, a street and a committee an area."""
    made = {"residents": (RESIDENTS, people), "blocks": (BLOCKS, AREA_COUNT), "areas": (AREAS, AREA_COUNT)}
    empty = {"institutions": INSTITUTIONS, "staff": STAFF, "pools": POOLS}
    tables = {name: Table.make(name, columns, n, {"issue_kind": 8}) for name, (columns, n) in made.items()}
    tables |= {name: Table.make(name, columns, 0) for name, columns in empty.items()}
    row = np.arange(people)
    area = row * AREA_COUNT // people
    tables["residents"].put(id=row + 1000, age=row % 90, party=row % 7 == 0, area=area, block=area)
    tables["blocks"].put(area=np.arange(AREA_COUNT))
    ties = np.full((people, TIES), people, np.uint32)
    ties[:, 0] = (row + 1) % people
    world = World(
        MONTH, None, None, {name: row.value for name, row in assumptions().items()}, tables, ties,
        np.zeros((people, TIES), np.uint8), np.full((len(KIND), AREA_COUNT), -1, np.int32),
        np.zeros((len(KIND), AREA_COUNT), np.float32),
        CaseTable.empty(8), ServiceState.empty(),
    )  # fmt: skip
    found(world)
    return world


def found(world: World) -> None:
    """Open the offices of the place and put two rules in force."""
    everywhere = np.arange(AREA_COUNT)
    top = open_office(world, "district_office", everywhere, 0)
    street = open_office(world, "street_office", everywhere, 1)
    committees = [open_office(world, "residents_committee", everywhere[[a]], 2) for a in everywhere]
    world.institutions.parent[street], world.institutions.parent[committees] = top, street
    world.blocks.community[:] = committees
    add_staff(world, committees[1], 4)
    world.rules = {
        "assessment.weight": np.arange(AREA_COUNT) / 10,
        "pay.scale": np.arange(len(KIND) * AREA_COUNT, dtype=float).reshape(len(KIND), AREA_COUNT),
    }


class Community(mesa.Model):
    """A model without mechanisms over the place made by hand."""

    def __init__(self, people: int = PEOPLE):
        super().__init__(rng=0)
        self.world = place(people)
        register(self, self.world)

    def step(self) -> None:
        """Bring agents in line with offices, as the real month does."""
        sync(self)


@pytest.fixture
def model() -> Community:
    """The place made by hand, as a model."""
    return Community()


def residents(model) -> ResidentSet:
    """The residents of a model, by type."""
    return model.agents_by_type[Resident]


def committees(model) -> list[ResidentsCommittee]:
    """The committees of a model, in order of founding."""
    return model.agents_by_type[ResidentsCommittee].to_list()


# ---- what we lean on in Mesa ----


def test_mesa_keeps_agents_where_we_put_ours():
    """The two private names and the protocol of Mesa's sets that `population` relies on are still there."""
    plain = mesa.Model(rng=0)

    assert plain.agents is plain._all_agents
    assert plain.agents_by_type is plain._agents_by_type == {}
    assert isinstance(plain.agents, AbstractAgentSet)
    assert issubclass(AgentSet, AbstractAgentSet)
    assert AbstractAgentSet.__abstractmethods__ <= set(dir(ResidentSet)) & set(dir(EveryAgent))
    assert not ResidentSet.__abstractmethods__
    assert not EveryAgent.__abstractmethods__


def test_every_public_operation_of_mesas_set_is_ours_too(model):
    """Whatever can be asked of Mesa's own set of agents can be asked of residents, indexing excepted."""
    public = {name for name in dir(AgentSet) if not name.startswith("_")} - {"count", "index"}

    assert public <= set(dir(residents(model)))
    assert public <= set(dir(model.agents))


# ---- one agent ----


def test_residents_and_institutions_are_agents_of_the_model(model):
    """`model.agents` counts and contains both, and each is a mesa.Agent that knows its model."""
    resident, committee = next(iter(residents(model))), committees(model)[0]

    assert isinstance(resident, mesa.Agent)
    assert isinstance(committee, mesa.Agent)
    assert resident.model is committee.model is model
    assert len(model.agents) == PEOPLE + 7 == len(list(model.agents))
    assert resident in model.agents
    assert committee in model.agents
    assert Resident(model, PEOPLE) not in model.agents
    assert Resident in model.agent_types


def test_a_view_reads_its_row_and_equals_another_view_of_it(model):
    """Views carry no state: two of one row are equal, hash alike and read the columns."""
    view, again = Resident(model, 5), Resident(model, 5)

    assert view == again
    assert view != Resident(model, 6)
    assert len({view, again}) == 1
    assert [getattr(view, c.name) for c in RESIDENTS] == [
        getattr(model.world.residents, c.name)[5].item() for c in RESIDENTS
    ]
    assert view.unique_id == 1005
    assert view.committee is committees(model)[0]
    assert view.neighbours == [Resident(model, 6)]


def test_a_name_that_is_no_column_is_refused_with_the_nearest(model):
    """A typo is refused for reading and for writing, on a resident and on an office, and `hasattr` still works."""
    for agent in (Resident(model, 5), committees(model)[0]):
        typo, right = (
            ("eficacy", "efficacy") if isinstance(agent, Resident) else ("orientaton", "orientation")
        )
        with pytest.raises(ContractError, match=right):
            setattr(agent, typo, 1.0)
        with pytest.raises(ContractError, match=right):
            getattr(agent, typo)
        assert not hasattr(agent, typo)


def test_only_a_status_can_be_set_by_hand(model):
    """A trait and a stock are refused; a status set on an agent is set in its column."""
    view, committee = Resident(model, 5), committees(model)[1]

    for name in ("age", "trust_committee"):
        with pytest.raises(ContractError, match="cannot be set"):
            setattr(view, name, 1)
    view.grievance, committee.orientation = 0.5, 0.25
    assert model.world.residents.grievance[5] == 0.5
    assert model.world.institutions.orientation[committee.row] == 0.25


def test_residents_never_leave(model):
    """A resident cannot be removed, neither alone nor from the set of all."""
    with pytest.raises(ContractError, match="cannot be removed"):
        Resident(model, 0).remove()
    with pytest.raises(ContractError, match="stays whole"):
        residents(model).discard(Resident(model, 0))
    with pytest.raises(ContractError, match="stays whole"):
        residents(model).select(at_most=3, inplace=True)
    assert len(residents(model)) == PEOPLE


def test_an_institution_shows_its_row_staff_areas_and_rules(model):
    """What an office is asked for comes from the world's tables, at its seat and for its kind."""
    committee = committees(model)[1]
    above = committee.above

    assert (committee.kind, above.kind, above.above.above) == ("residents_committee", "street_office", None)
    assert committee.unique_id == model.world.institutions.id[committee.row]
    assert committee.staff.tolist() == [0, 1, 2, 3]
    assert (committee.serves.tolist(), above.serves.tolist()) == ([1], [0, 1, 2, 3, 4])
    assert committee.rule("assessment.weight") == 0.1
    assert committee.rule("pay.scale") == KIND["residents_committee"] * AREA_COUNT + 1
    with pytest.raises(ContractError, match=r"pay\.scale"):
        committee.rule("pay.scales")


def test_every_kind_of_the_catalogue_has_its_class():
    """Each catalogue row names a class of institution, and each class is named by a row."""
    assert [cls.__name__ for cls in BY_INDEX] == [row.cls for row in kinds().values()]
    assert set(BY_INDEX) == set(BY_NAME.values())
    assert all(issubclass(cls, Institution) for cls in BY_INDEX)


# ---- sets of agents ----


def test_select_takes_masks_functions_types_and_limits(model):
    """The agent way of selecting gives the rows that the columns give."""
    everyone, party = residents(model), model.world.residents.party == 1
    members = everyone.select(party)

    assert members.rows.tolist() == np.flatnonzero(party).tolist()
    assert everyone.select(lambda r: r.party == 1) == members
    assert members.select(members.column("age") > 60).rows.tolist() == [
        r for r in members.rows if r % 90 > 60
    ]
    assert everyone.select(at_most=0.1).rows.tolist() == list(range(PEOPLE // 10))
    assert len(everyone.select(lambda r: r.age > 200)) == 0
    assert len(everyone.select(agent_type=Institution)) == 0
    assert model.agents.select(agent_type=Resident) == everyone
    assert len(model.agents.select(agent_type=ResidentsCommittee)) == AREA_COUNT
    assert len(model.agents.select(agent_type=mesa.Agent)) == PEOPLE + 7
    assert [type(a).__name__ for a in model.agents.select(at_most=8)][-2:] == [
        "ResidentsCommittee",
        "Resident",
    ]


def test_get_agg_and_set_work_on_columns(model):
    """Values are read and set without a view, and a name that is no column is read through views."""
    everyone, table = residents(model), model.world.residents

    assert everyone.get("age") == table.age.tolist()
    assert everyone.get(["age", "row"])[3] == [3.0, 3]
    assert everyone.get("shoe_size", handle_missing="default", default_value=41)[:2] == [41, 41]
    with pytest.raises(AttributeError, match="shoe_size"):
        everyone.get("shoe_size")
    assert everyone.agg("age", [min, max, np.mean]) == [0, 89, table.age.mean()]
    few = everyone.select(at_most=3).set("grievance", np.array([0.25, 0.5, 0.75]))
    assert few.get("grievance") == [0.25, 0.5, 0.75]
    assert table.grievance[3:].sum() == 0
    with pytest.raises(ContractError, match="trait"):
        everyone.set("age", 3)
    assert len(model.agents.get("unique_id")) == PEOPLE + 7 == len(set(model.agents.get("unique_id")))


def test_groupby_gives_sets_of_rows(model):
    """Groups by a column, by a function and over all agents are sets that go on working."""
    everyone = residents(model)
    by_area = everyone.groupby("area")

    assert by_area.count() == dict.fromkeys(range(AREA_COUNT), PEOPLE // AREA_COUNT)
    assert by_area.agg("row", min) == {0: 0, 1: 40, 2: 80, 3: 120, 4: 160}
    assert by_area.groups[2].agg("row", min) == 80
    assert everyone.groupby(lambda r: (r.area, r.party)).count()[4, 1] == 6
    assert everyone.select(at_most=0).groupby("area").count() == {}
    both = model.agents.groupby(lambda a: a.area if isinstance(a, Resident) else a.seat)
    assert both.count()[4] == PEOPLE // AREA_COUNT + 1


def test_do_map_sort_shuffle_and_algebra_keep_to_rows(model):
    """Calls on views and reorderings return rows, equals in the order they had, and sets combine."""
    everyone = residents(model)
    few = everyone.select(at_most=20)

    assert few.map(lambda r: r.row) == list(range(20))
    assert few.do(lambda r: setattr(r, "grievance", 0.75)).get("grievance") == [0.75] * 20
    assert few.map("__hash__") == [hash(view) for view in few]
    assert few.shuffle() == few != everyone
    assert few.shuffle().rows.tolist() != few.rows.tolist()
    assert everyone.sort("party", ascending=True).rows.tolist() == sorted(
        range(PEOPLE), key=lambda r: r % 7 == 0
    )
    assert everyone.sort("age").rows.tolist() == everyone.sort(lambda r: r.age).rows.tolist()
    assert (everyone - few) | few == everyone
    assert (everyone & few).rows.tolist() == few.rows.tolist()
    touched = []
    model.agents.shuffle_do(lambda agent: touched.append(agent.unique_id))
    assert len(set(touched)) == PEOPLE + 7
    with pytest.raises(ContractError, match="apart"):
        model.agents.sort("unique_id")


def test_the_data_collector_takes_reporters_of_every_kind(model):
    """Mesa's own collector reads the model, every agent, and one type of agent."""
    collector = mesa.DataCollector(
        model_reporters={
            "age": lambda m: float(residents(m).agg("age", np.mean)),
            "n": lambda m: len(m.agents),
        },
        agent_reporters={"id": "unique_id"},
        agenttype_reporters={Resident: {"age": "age"}, ResidentsCommittee: {"seat": "seat"}},
    )
    collector.collect(model)
    model.run_for(1)
    collector.collect(model)

    assert collector.get_model_vars_dataframe()["n"].tolist() == [PEOPLE + 7] * 2
    assert len(collector.get_agent_vars_dataframe()) == 2 * (PEOPLE + 7)
    assert collector.get_agenttype_vars_dataframe(Resident)["age"].iloc[:3].tolist() == [0, 1, 2]
    assert collector.get_agenttype_vars_dataframe(ResidentsCommittee)["seat"].iloc[:5].tolist() == [
        0,
        1,
        2,
        3,
        4,
    ]


# ---- whole models ----


def test_offices_opened_and_closed_become_and_cease_to_be_agents(model):
    """After a month two communities are one: two committees gone, one come with a name of its own."""
    world, gone = model.world, committees(model)[:2]
    for committee in gone:
        close_office(world, committee.row)
    row = open_office(world, "residents_committee", np.array([0, 1]), 2)
    model.step()

    assert len(committees(model)) == AREA_COUNT - 1
    assert model.offices[row] in model.agents
    assert not any(committee in model.agents for committee in gone)
    assert len({c.unique_id for c in [*gone, *committees(model)]}) == AREA_COUNT + 1


def pickled(thing: object) -> object:
    """Return a thing after a way through bytes."""
    return pickle.loads(pickle.dumps(thing))


@pytest.mark.parametrize("twin_of", [copy.deepcopy, pickled])
def test_a_copied_model_is_independent_and_whole(model, twin_of):
    """Agents of the copy belong to the copy and write to its world alone."""
    view = residents(model).to_list()[3]
    twin_view, twin = twin_of((view, model))
    twin_view.grievance = 0.5

    assert twin_view.model is twin is not model
    assert view.grievance == 0.0
    assert len(twin.agents) == len(model.agents)
    assert all(agent.model is twin for agent in twin.agents)
    assert committees(twin)[2].rule("assessment.weight") == 0.2


def test_two_models_at_once_do_not_touch_each_other():
    """A view of one model reads that model's world."""
    one, other = Community(), Community()
    Resident(one, 0).grievance = 0.5

    assert Resident(other, 0).grievance == 0.0
    assert Resident(one, 0) != Resident(other, 0)
    assert Resident(one, 0) not in residents(other)


def test_a_hundred_thousand_residents_cost_no_objects():
    """Registering residents takes no memory beyond their columns, and looking at one makes one view."""
    world = place(100_000)
    plain = mesa.Model(rng=0)
    plain.world = world
    tracemalloc.start()
    register(plain, world)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(residents(plain)) == 100_000
    assert held < 100_000  # less than a byte each, institutions included


def test_a_model_is_freed_when_nobody_holds_it():
    """No registry keeps a model or its world alive after its last name is gone."""
    model = Community()
    model.step()
    watch = [weakref.ref(model), weakref.ref(model.world)]
    del model
    gc.collect()

    assert [ref() for ref in watch] == [None, None]


# ---- the real model ----


@pytest.fixture(scope="module")
def scenario():
    """A twentieth of Tongling."""
    return small()


def test_merging_closes_and_opens_institution_agents(scenario):
    """After the reform there are 18 committees and stations, and no street office."""
    model = CommunityModel(new_world(scenario, 1), scenario.timeline)
    while model.world.month <= scenario.timeline.first_change:
        model.step()
    count = {cls.__name__: len(agents) for cls, agents in model.agents_by_type.items()}

    assert (count["ResidentsCommittee"], count["ServiceStation"], count["GovernmentOffice"]) == (18, 18, 1)
    assert all(residents(model).select(at_most=50).map(lambda r: r.committee is not None))
    assert committees(model)[0].rule("assembly.decides") == 1.0


def test_pickle_and_deepcopy_continue_alike(scenario):
    """A copied or pickled model steps to the same numbers as the original, and is freed afterwards."""
    model = CommunityModel(new_world(scenario, 1), scenario.timeline)
    models = [model, copy.deepcopy(model), pickled(model)]
    for each in models:
        each.step()

    for each in models[1:]:
        assert np.array_equal(each.world.residents.trust_committee, model.world.residents.trust_committee)
        assert len(each.agents) == len(model.agents)
    watch = [weakref.ref(each.world) for each in models]
    del model, models, each
    gc.collect()
    assert [ref() for ref in watch] == [None] * 3
