"""Bad input: everything wrong is said at once, with its line, and nothing runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.base.errors import ScenarioError
from sim.base.text import use_language
from sim.cli import run as run_command
from sim.scenario import load_scenario
from sim.scenario.checking import check
from sim.scenario.nodes import parse

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
TEN = FIXTURES / "errors" / "ten_errors.yaml"


def planted_lines() -> list[int]:
    """Return the lines that a numbered comment marks as wrong."""
    lines = TEN.read_text(encoding="utf-8").splitlines()
    return [i for i, line in enumerate(lines, 1) if "# " in line and line.rpartition("# ")[2][:1].isdigit()]


def test_ten_planted_errors_give_ten_messages_at_their_lines():
    """A file with ten planted errors gives exactly ten messages, each at the marked line."""
    found = check(str(TEN))
    assert len(planted_lines()) == 10
    assert sorted(p.place.line for p in found.errors) == planted_lines()
    assert all(p.place.column > 1 for p in found.errors)
    assert not any(page.plain("en")["title"] == "Ten errors" for page in found.pages)


def test_ten_planted_errors_run_nothing():
    """Loading the file with ten errors for a run raises and carries the errors."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(TEN)
    assert len(caught.value.problems) == 10


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_messages_exist_in_both_languages(lang):
    """Every message of the ten renders in both languages without a left-over placeholder."""
    use_language(lang)
    texts = [p.render(lang) for p in check(str(TEN)).errors]
    use_language("en")
    assert not any(
        "{" in text.split(": ", 2)[-1].splitlines()[0].replace("[{", "").replace("}]", "") for text in texts
    )
    if lang == "zh":
        assert all(any("\u4e00" <= c <= "\u9fff" for c in text) for text in texts)


def test_a_message_says_range_unit_and_nearest_name():
    """An out-of-range value names range and unit and what the lever is; a typo names the nearest name."""
    text = "\n".join(p.render("en") for p in check(str(TEN)).errors)
    assert "allowed" in text or "[0, 1] share" in text
    assert "did you mean `assembly.quorum`?" in text
    assert "did you mean `residents_committee`?" in text
    assert "read `1.4`" in text


def test_check_leaves_with_two_on_bad_input(capsys):
    """`shequ check` on a bad file ends with exit code 2 and prints file:line:column."""
    assert run_command(["check", str(TEN), "--lang", "en"]) == 2
    assert "ten_errors.yaml:8:12" in capsys.readouterr().err


REFUSED = {
    "a tab": "a:\n\t- 1\n",
    "deep nesting": "[" * 60 + "]" * 60,
    "a tag": "a: !!python/object:os.system x\n",
    "an alias to nothing": "a: *b\n",
    "a ring": "a: &a [*a]\n",
    "a list as key": "? [1]\n: 2\n",
    "an open quote": "a: 'x\n",
    "a control character": "a: \x07\n",
    "multiplying anchors": "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_hostile_yaml_is_refused_in_a_sentence(what):
    """YAML that cannot or must not be read is refused with a place, never with a traceback."""
    with pytest.raises(ScenarioError) as caught:
        parse(REFUSED[what], "file.yaml")
    assert caught.value.problems[0].place.line >= 1


def test_size_and_encoding_are_checked_before_reading(tmp_path):
    """A huge file, UTF-16 and a missing file are each refused in a sentence."""
    huge, utf16 = tmp_path / "huge.yaml", tmp_path / "utf16.yaml"
    huge.write_text("a: 1\n" * 200_000, encoding="utf-8")
    utf16.write_bytes("kind: scenario\n".encode("utf-16"))
    for path in (huge, utf16, tmp_path / "none.yaml"):
        assert len(check(str(path)).errors) == 1


SCENARIO = """
kind: scenario
id: small
title: small
place: reference_community
{more}
run: {{start: 2012-01, months: 24}}
"""


def errors_of(tmp_path: Path, more: str) -> list[str]:
    """Return the English messages of a small scenario with something added."""
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO.format(more=more), encoding="utf-8")
    return [p.render("en") for p in check(str(path)).errors]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("changes: [{set: {protected_share: 0.1}, at: 2011-12}]", "before the first reported month"),
        ("changes: [{set: {protected_share: 0.6}}]", "[0, 0.5] share"),
        ("changes: [{set: {protected_share: 0.1, unit: share}}]", "unknown lever `unit`"),
        ("changes: [{set: {protected_share: 10 %}}]", "expected a number"),
        ("changes: [{scale: {admission.rule: 2}}]", "needs a number"),
        ("changes: [{set: {admission.rule: refused}}]", "did you mean `refuse`?"),
        ("changes: [{set: {protected_share: 0.1}, until: 2011-01}]", "ends before it begins"),
        ("changes: [{set: {protected_share: {value: 0.1, unit: hours}}}]", "the unit `share`"),
        ("changes: [{set: {protected_share: {value: 0.3, range: [0.0, 0.2]}}}]", "must lie in its range"),
        (
            "changes: [{set: {protected_share: 0.1}, evidence: [tongling.merged]}]",
            "did you mean `tongling.merge`?",
        ),
        ("changes: [{hire: {to: residents_committee, count: -2}}]", "expected a number"),
        ("changes: [{merge: {into: 1}}]", "cannot be merged into"),
        ("changes: [{set: {protected_share: 0.1}, hire: {to: department, count: 1}}]", "one operation"),
        (
            "changes: [{set: {money.route: direct}, where: {kind: street, pick: 1, by: first}}]",
            "one value for the whole place",
        ),
        ("reforms: [abolish_street_tongling]", "did you mean `abolish_streets_tongling`?"),
        ("assumptions: {routing.misrouted_share: 0.9}", "[0.2, 0.4]"),
        ("law_version: 1999", "one of: 1989, 2026"),
        ("extends: small", "inherits from itself"),
    ],
)
def test_each_mistake_has_its_sentence(tmp_path, more, said):
    """Each kind of mistake is refused with the sentence that helps to mend it."""
    found = errors_of(tmp_path, more)
    assert any(said in text for text in found), found


def test_a_change_beyond_bounds_by_composition_is_an_error(tmp_path):
    """A lever pushed out of its bounds by composition is an error that names the month."""
    more = "changes: [{set: {protected_share: 0.4}}, {add: {protected_share: 0.2}, at: 2012-06}]"
    assert any("reaches 0.6 in 2012-06" in text for text in errors_of(tmp_path, more))
