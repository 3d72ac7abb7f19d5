"""The address of the page: what is written is read back, and what a stranger writes into it is said and left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.dashboard import address
from sim.dashboard.whatif import WhatIf

FULL = WhatIf(
    "tongling",
    "tongguanshan_2010",
    ("abolish_streets_tongling",),
    (("abolish_streets_tongling", "into", "20"),),
    (("transparency", "0.7"),),
    "2011-01",
    (("wear.recovery", 0.1),),
    40,
    48,
)


def test_an_address_brings_back_the_what_if_it_was_written_from():
    """Every part of a what-if, the page and the language survive the way through an address."""
    known = WhatIf(**{**FULL.__dict__, "assumptions": ()})
    read = address.read(address.written(known, "why", "zh"))
    assert read == (known, "why", "zh", [])


@pytest.mark.parametrize(
    "row",
    ["place=atlantis", "reforms=magic", "set=nolever=1", "assume=nothing=1", "pairs=-3", "pairs=9999", "since=2010-13",
     "lang=xx", "page=nowhere", "from=file-0000000000000000", "with=magic.into:3"],
)  # fmt: skip
def test_what_is_not_known_is_named(row):
    """An unknown or impossible value is named in a note, whatever it is of."""
    known = {"from": "tongling", "place": "tongguanshan_2010"} | dict([row.split("=", 1)])
    found = address.read("&".join(f"{key}={value}" for key, value in known.items()))
    assert len(found[3]) >= 1
    assert row.partition("=")[0] in found[3][0].render("en")


@pytest.mark.parametrize(
    "query", ["x=" + "y" * 9000, "&" * 600, "%%%", "place=%00%ff", "set==", "with=:::", "run=../../etc"]
)
def test_no_address_raises(query):
    """Nothing that can stand in an address raises."""
    address.read(query)
    address.runs(query)


def test_a_run_in_the_address_is_a_name_and_never_a_path():
    """Only names of our own run folders are taken, three pins at most, each once."""
    good = [f"file-{k:016x}-20-0123abcd" for k in range(5)]
    assert address.runs(f"run={good[0]}&pins={','.join([*good, good[0]])}") == (good[0], tuple(good[:3]))
    assert address.runs("run=../../etc/passwd&pins=/home/someone,file-x") == ("", ())


def test_a_lever_in_an_address_without_a_scenario_moves_the_one_opened():
    """Levers and months of a bare address fall on what the dashboard opened; the rest of it stays."""
    opened = WhatIf(source="tongling", place="tongguanshan_2010", reforms=("abolish_streets",))
    moved = address.moved("?lang=en&set=transparency=0.5&months=24", opened)
    assert moved == (replace(opened, levers=(("transparency", "0.5"),), months=24), [])
    assert address.moved("?lang=en", opened) == (opened, [])


@pytest.mark.parametrize(
    "row",
    [
        "set=nolever=1",
        "assume=nothing=1",
        "pairs=-3",
        "months=x",
        "since=2010-13",
        "reforms=magic",
        "with=a.b:3",
    ],
)
def test_what_a_bare_address_holds_and_is_not_known_is_named(row):
    """Where no scenario is named, what cannot be read is named in a note too, and the rest of the address holds."""
    opened = WhatIf(source="tongling", place="tongguanshan_2010")
    found, notes = address.moved(f"?{row}&set=transparency=0.5", opened)

    assert found == replace(opened, levers=(("transparency", "0.5"),))
    assert [row in note.render("en") for note in notes] == [True]
