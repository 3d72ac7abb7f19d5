"""Previews in processes of their own: the same figures, ended at once when not wanted, started again after a death."""

from __future__ import annotations

import time

import numpy as np
import pytest

from sim.base.errors import RunError
from sim.experiment.preview import Kept, Previews, Shelf, Stopped, small_twin
from sim.experiment.preview_workers import PreviewWorkers
from sim.model import new_world
from sim.scenario import load_scenario

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workers():
    """Two processes that look three months ahead."""
    made = PreviewWorkers(months=3, seeds=(1, 2))
    yield made
    made.end()


@pytest.fixture(scope="module")
def twin():
    """A small place with a reform."""
    return small_twin(load_scenario("validation_streets"), 3)


def test_a_look_by_processes_is_the_look_of_one_process(workers, twin):
    """Which process looks under which seed changes no figure, and worlds kept in a folder change none either."""
    once = workers.look(twin)

    assert once == workers.look(twin) == Previews(3, 3, (1, 2)).look(load_scenario("validation_streets"))


def test_a_look_that_is_not_wanted_ends(workers, twin):
    """It ends in a moment, and the next one is answered with its own figures."""
    usual = workers.look(twin)
    asked = iter([True, True])
    began = time.monotonic()
    with pytest.raises(Stopped):
        workers.look(twin, lambda: next(asked, False))

    assert time.monotonic() - began < 5
    assert workers.look(twin) == usual


def test_a_dead_process_is_said_and_replaced(workers, twin):
    """A look whose process dies fails in a sentence; the one after it is answered."""
    usual = workers.look(twin)
    workers.workers[0].process.kill()
    workers.workers[0].process.join()
    assert workers.look(twin) == usual

    process, asked = workers.workers[1].process, iter([True])

    def wanted() -> bool:
        if next(asked, None) is None:
            process.kill()
        return True

    with pytest.raises(RunError):
        workers.look(twin, wanted)
    assert workers.look(twin) == usual


def test_worlds_kept_in_a_folder_are_found_again_and_bounded(tmp_path, monkeypatch):
    """Another process of the same code finds a world; a damaged file is none; the oldest go."""
    monkeypatch.setattr("sim.experiment.preview.MOST_KEPT", 3)
    place = load_scenario("validation_streets")
    world = new_world(place, 1)
    first = Shelf(tmp_path)
    for k in range(5):
        first.keep((k,), Kept(world, {"x": float(k)}), place)
    found = Shelf(tmp_path).find((4,), place)

    assert len(list(tmp_path.iterdir())) == 2 * 3
    assert found.baseline == {"x": 4.0}
    assert all(np.array_equal(at, world.residents.arrays[c]) for c, at in found.world.residents.arrays.items())
    assert Shelf(tmp_path).find((0,), place) is None
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:9])
    assert Shelf(tmp_path).find((4,), place) is None


def test_a_reform_that_needs_more_room_gets_a_larger_twin():
    """Where five communities cannot hold a reform's posts, the twin has more, and still far fewer than the place."""
    scenario = load_scenario("zhuhai")

    assert 5 < small_twin(scenario).frame.n_areas < scenario.frame.n_areas / 5
