"""What was parsed before is taken from the cache, and whatever is wrong with the cache costs time alone."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.base import kept as keeping
from sim.base.kept import kept
from sim.base.library import library_folder
from sim.catalogue.loading import DATA_FOLDER
from sim.catalogue.reading import read_yaml
from sim.scenario.nodes import read_documents
from sim.scenario.packing import library_documents

MADE = {"a": [1, 1.0, True, None, "中"], "b": {"c": "1"}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty cache of its own."""
    monkeypatch.setattr(keeping, "_read_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def reader(folder):
    """Reading of one file that counts how often it is parsed."""
    made = []

    def read(source: bytes = b"text", by: bytes = b"1", value: object = MADE) -> object:
        return kept(folder / "file.yaml", by, source, lambda: made.append(1) or value)

    read.made = made
    return read


def test_what_was_read_before_is_not_parsed_again(reader):
    """The second reading gives the same values, of the same types, without parsing; one entry is kept."""
    assert repr(reader()) == repr(reader()) == repr(MADE)
    assert len(reader.made) == 1


def test_other_content_or_another_parser_is_read_anew(reader, folder):
    """A file that changed, or a parser that did, is parsed, and takes the place of the entry before."""
    reader(), reader(b"other"), reader(b"other", by=b"2"), reader(b"other", by=b"2")
    assert len(reader.made) == 3
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [lambda raw: raw[:-3], lambda _: b"", lambda _: b"\xff\x00rubbish", lambda raw: raw.replace(b"true", b"null")],
    ids=["cut short", "empty", "rubbish", "another value"],
)  # fmt: skip
def test_a_damaged_entry_is_made_anew(reader, folder, damage):
    """An entry that is not whole is never believed; the next reading finds a good one."""
    reader()
    entry = next(folder.iterdir())
    entry.write_bytes(damage(entry.read_bytes()))
    assert reader() == MADE
    assert len(reader.made) == 2
    assert reader() == MADE
    assert len(reader.made) == 2


def test_a_cache_that_cannot_be_used_is_no_error(reader, folder, monkeypatch):
    """Where the entry's place is taken by a folder, and where no folder can be written, the file is parsed."""
    reader()
    entry = next(folder.iterdir())
    entry.unlink()
    entry.mkdir()
    assert reader() == MADE
    monkeypatch.setattr(keeping, "_read_folder", lambda: None)
    assert reader() == MADE
    assert len(reader.made) == 3
    assert list(folder.iterdir()) == [entry]


@pytest.mark.parametrize("value", [{1: "a"}, dt.date(2012, 1, 1), float("nan"), (1, 2)], ids=str)
def test_what_does_not_come_back_equal_is_not_kept(reader, folder, value):
    """A value that JSON would change is given as it was made, each time."""
    assert reader(value=value) is value
    assert reader(value=value) is value
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("folder")
def test_a_catalogue_from_the_cache_is_the_catalogue(monkeypatch):
    """The duties read from the cache are those parsed."""
    path = DATA_FOLDER / "duties.yaml"
    first = repr(read_yaml(path))
    monkeypatch.setattr("sim.catalogue.reading._parsed", None)
    assert repr(read_yaml(path)) == first
    monkeypatch.undo()
    monkeypatch.setattr(keeping, "_read_folder", lambda: None)
    assert repr(read_yaml(path)) == first


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "name",
    ["scenarios/tongling.yaml", "places/validation_place.yaml", "reforms/abolish_streets_tongling.yaml"],
)
def test_a_document_of_the_library_from_the_cache_knows_its_lines(monkeypatch, name):
    """Documents from the cache equal those parsed, in values, lines and columns."""
    path = library_folder() / name.removeprefix("scenarios/")
    first = library_documents(path, name)
    monkeypatch.setattr("sim.scenario.packing.parse", None)
    assert library_documents(path, name) == first == read_documents(path, name)
