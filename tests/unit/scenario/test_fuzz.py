"""Whatever bytes a file holds, checking it ends in messages, never in a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.checking import check

LIBRARY = Path(__file__).resolve().parents[3] / "scenarios"
FIXTURE = (Path(__file__).resolve().parents[2] / "fixtures" / "errors" / "ten_errors.yaml").read_text("utf-8")
WORDS = [
    "null", "-1", "1e400", ".inf", "[]", "{}", "[1, {a: b}]", "true", "2010-07", "''", "{value: x}",
    "{value: 1, range: [2, 1]}", "&a [*a]", "*a", "!!int x", "extends: x", "all", "? x", "- - -", "kind: design",
    "99999999999999999999", "\t", "é", "社区",
]  # fmt: skip
# Each example writes the same file anew, so one folder for all examples of a test is right.
SHARED_FOLDER = [HealthCheck.function_scoped_fixture]


@given(st.binary(max_size=300))
@settings(max_examples=60, suppress_health_check=SHARED_FOLDER)
def test_any_bytes_end_in_messages(tmp_path, raw):
    """Random bytes as a file are either read or refused."""
    path = tmp_path / "bytes.yaml"
    path.write_bytes(raw)
    check(str(path))


@given(st.text(alphabet=" -:{}[],&*!|>#'\"%@`\n0a.", max_size=200))
@settings(max_examples=80, suppress_health_check=SHARED_FOLDER)
def test_any_punctuation_ends_in_messages(tmp_path, text):
    """Random YAML punctuation as a file is either read or refused."""
    path = tmp_path / "text.yaml"
    path.write_text(text, encoding="utf-8")
    check(str(path))


@given(st.data())
@settings(max_examples=50, suppress_health_check=SHARED_FOLDER)
def test_damaged_documents_end_in_messages(tmp_path, data):
    """A real file with values replaced, lines dropped or doubled is either read or refused."""
    lines = FIXTURE.splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        i = data.draw(st.integers(0, len(lines) - 1))
        act = data.draw(st.sampled_from(["drop", "double", "value", "indent"]))
        if act == "value":
            lines[i] = re.sub(r": .*$", lambda _: ": " + data.draw(st.sampled_from(WORDS)), lines[i])
        elif act == "indent":
            lines[i] = " " + lines[i]
        else:
            lines[i : i + 1] = [] if act == "drop" else [lines[i], lines[i]]
        if not lines:
            return
    path = tmp_path / "damaged.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    check(str(path))


@given(st.data())
@settings(max_examples=25, suppress_health_check=SHARED_FOLDER)
def test_damaged_reforms_end_in_messages(tmp_path, data):
    """The Jinjiang and Zhuhai files with values replaced are either read or refused."""
    name = data.draw(st.sampled_from(["jinjiang", "zhuhai", "tongling"]))
    source = Path(__file__).resolve().parents[2] / "fixtures" / "language" / f"{name}.yaml"
    text = source.read_text("utf-8")
    spots = [m.span(1) for m in re.finditer(r": ([^\s{\[,}][^,}\n]*)", text)]
    for _ in range(data.draw(st.integers(1, 3))):
        a, b = data.draw(st.sampled_from(spots))
        text = text[:a] + data.draw(st.sampled_from(WORDS)) + text[b:]
        spots = [m.span(1) for m in re.finditer(r": ([^\s{\[,}][^,}\n]*)", text)]
    path = tmp_path / "damaged.yaml"
    path.write_text(text, encoding="utf-8")
    check(str(path))


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.yaml")), ids=lambda p: p.stem)
def test_every_truncation_of_a_library_file_ends_in_messages(tmp_path, path):
    """A library file cut off anywhere is either read or refused."""
    if path.name in ("evidence.yaml", "facts.yaml"):
        pytest.skip("not a document of the language")
    text = path.read_text("utf-8")
    for cut in range(0, len(text), max(1, len(text) // 12)):
        target = tmp_path / path.name
        target.write_text(text[:cut], encoding="utf-8")
        check(str(target))
