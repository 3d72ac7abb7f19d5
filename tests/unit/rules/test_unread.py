"""What an operation says and nothing acts on is owned up to: every argument is read by its handler or declared."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from sim.rules.operations import OPERATIONS, Fund, OpenOffice, Procedure, Stage, TransferDuties, TransferStaff

ROOT = Path(__file__).resolve().parents[3] / "sim"
HANDLING = [ROOT / "world" / name for name in ("reshape.py", "reassign.py", "arrange.py")]
# Funds stand in a list that `enact` goes through; their rows are not annotated there.
PAYING = ROOT / "enact.py", "_pay_funds"
# A name that only labels; arguments of one value; where the loader already turns the argument into others.
LABELS = {("fund", "id"), ("procedure", "id")}
ONE_VALUED = {("merge", "money"), ("merge", "organisations")}
LOADED = {("merge", "layer"), ("split", "layer"), ("merge", "partition"), ("transfer_duties", "items")}


def read_arguments() -> dict[str, set[str]]:
    """Return the attributes that handlers read of an operation, by class name."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in HANDLING:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for argument in function.args.args:
                    if argument.arg == "op" and argument.annotation is not None:
                        for name in ast.unparse(argument.annotation).split(" | "):
                            found[name] |= attributes(function)
    path, name = PAYING
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and function.name == name:
            found["Fund"] |= attributes(function)
    return found


def attributes(function: ast.FunctionDef) -> set[str]:
    """Return what a function reads of its `op`."""
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
    return {node.attr for node in nodes if isinstance(node.value, ast.Name) and node.value.id == "op"}


@pytest.mark.parametrize("verb", OPERATIONS)
def test_an_argument_that_no_handler_reads_is_declared_unread(verb: str) -> None:
    """Each argument is read where its operation is carried out, or stands in `unread`, and none of both."""
    operation = OPERATIONS[verb]
    read = read_arguments()[operation.__name__]
    known = {name for of, name in LABELS | ONE_VALUED | LOADED if of == verb}
    unread = set(operation.arguments()) - read - known
    assert unread == set(operation.unread)


def test_what_is_said_in_part_is_owned_up_to_in_part() -> None:
    """A step's body, a final no, items beside a smaller share: each is named, what acts beside it is not."""
    assert TransferStaff("street_office", "service_station").not_acted_on() == []
    steps = (Stage("decide", "assembly"), Stage("supervise", "residents", 0.8, may_return=False))
    assert Procedure("x", steps).not_acted_on() == ["procedure.stages.body", "procedure.stages.may_return"]
    never_no = (Stage("decide", "assembly", 0.8), Stage("supervise", "residents", may_return=False))
    assert Procedure("x", never_no).not_acted_on() == ["procedure.stages.body"]
    moved = TransferDuties("residents_committee", "service_station", items=62, share=0.5, items_told=True)
    assert moved.not_acted_on() == ["transfer_duties.items"]
    assert OpenOffice("service_station", count=3, within="street").not_acted_on() == []
    assert Fund("x", 1.0, payers={"city": 1.0}, unspent="returns").not_acted_on() == []
