"""A what-if as a file: what the user chose is in it, the loader takes it, and undo brings back what was."""

from __future__ import annotations

import pytest

from sim.base.errors import ScenarioError
from sim.dashboard import checking, document, opening, own_place, shelf
from sim.dashboard.line import Line
from sim.dashboard.state import Tab
from sim.scenario import load_scenario

START = "tongling"


def test_a_scenario_as_it_stands_is_written_as_it_stands():
    """A what-if nothing was changed in resolves to the numbers of the library's own scenario."""
    whatif = document.start_from(START)
    checked = checking.check(whatif)
    assert document.is_as_shipped(whatif)
    assert checked.scenario.hash == load_scenario(START).hash


def test_moved_levers_and_assumptions_reach_the_scenario():
    """A moved lever prevails over the reform from its first month, an assumption holds in both arms."""
    whatif = document.start_from(START).with_lever("transparency", "0.7")
    scenario = checking.check(whatif.with_assumption("quits.base", 0.03)).scenario
    after = scenario.timeline.first_change
    assert scenario.timeline.rule_values("transparency", after).flat[0] == 0.7
    assert scenario.baseline().timeline.rule_values("transparency", after).flat[0] != 0.7
    assert scenario.assumptions["quits.base"] == scenario.baseline().assumptions["quits.base"] == 0.03


def test_a_place_alone_is_checked_and_cannot_run():
    """A place without a reform can be read; nothing is compared until something changes."""
    bare = document.start_from(START).with_reforms(())
    checked = checking.check(bare)
    assert checked.scenario is not None
    assert not checked.is_runnable


def test_a_problem_is_told_without_the_path_of_this_machine():
    """What is wrong with an opened file names its line and nothing of where it is kept."""
    text = "kind: scenario\nid: broken\nplace: atlantis\nrun: {start: 2012-01, months: 24}\n"
    tab = Tab()
    told = opening.opened(tab, text.encode(), "en")
    assert "atlantis" in told
    assert "line 3" in told
    assert "/" not in told.replace("y/n", "")
    assert tab.whatif.value.place == ""


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe\x00", b"", b"just words", b"{", b"a: &x [*x]", b"kind: scenario\n" * 2,
     b"- !!python/object:os.system x",
     b"x: " + b"y" * 3_000_000],
)  # fmt: skip
def test_whatever_a_stranger_drops_is_answered_in_a_sentence(raw):
    """Bad bytes, bad YAML and huge files give a message and leave the what-if alone."""
    tab = Tab()
    tab.begin(document.start_from(START))
    before = tab.whatif.value
    assert opening.opened(tab, raw, "en")
    assert tab.whatif.value == before


def test_undo_and_redo_walk_the_history():
    """Undo brings back what was, redo what came after; a new change forgets what was undone."""
    tab, first = Tab(), document.start_from(START)
    tab.begin(first)
    second, third = first.with_lever("transparency", "0.5"), first.with_lever("transparency", "0.9")
    tab.change(second)
    tab.undo()
    assert tab.whatif.value == first
    tab.redo()
    assert tab.whatif.value == second
    tab.undo()
    tab.change(third)
    tab.redo()
    assert tab.whatif.value == third


def test_answers_of_the_form_become_a_place():
    """A place from the form goes through the loader and has the numbers that were entered."""
    answers = {
        "residents": 52_000,
        "communities": 8,
        "streets": 2,
        "old": 0.3,
        "renters": 0.4,
        "committee": 7,
    }
    text = own_place.file_of(
        own_place.base_of("tongguanshan_2010"), "Ours", answers, {own_place.COUNTER: "street_office"}
    )
    place = load_scenario(shelf.path_of(shelf.keep(text))).place
    assert (place.residents, place.profile.owner_share) == (52_000, 0.6)
    assert float(place.institutions["residents_committee"].staff) == 7
    assert place.duties["transaction"].owner == "street_office"
    assert sum(share for low, _, share in place.profile.age_bands if low >= 65) == pytest.approx(
        0.3, abs=0.001
    )


def test_a_form_that_makes_no_place_is_refused_like_any_file():
    """More streets than communities is a problem of the loader, not a crash."""
    text = own_place.file_of(
        own_place.base_of("tongguanshan_2010"), "Ours", {"streets": 9, "communities": 4}, {}
    )
    with pytest.raises(ScenarioError):
        load_scenario(shelf.path_of(shelf.keep(text)))


def test_an_answer_is_kept_inside_its_bounds_and_words_leave_it_open():
    """Numbers are bounded; nothing, words and infinity leave a question open."""
    question = own_place.QUESTIONS[0]
    assert own_place.answered({}, question, "10") == {question.id: question.low}
    for text in ("", "many", "nan", "inf"):
        assert own_place.answered({question.id: 900.0}, question, text) == {}


def test_those_who_come_first_run_first():
    """One runs, the others know their place, who leaves lets the next one in, and a full line refuses."""
    line = Line(at_once=1, most=2)
    first, second, third = line.join(), line.join(), line.join()
    assert [line.place(ticket) for ticket in (first, second, third)] == [0, 1, 2]
    assert line.join() is None
    line.leave(first)
    assert [line.place(ticket) for ticket in (second, third)] == [0, 1]
