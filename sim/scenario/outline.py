"""What is wrong with the documents of a file one by one, whether a run would use them or not.

A misspelt `kind` would otherwise hide a document from the scenario that needs it, and a slip in a document that
nothing uses yet would wait for the day it is used.
"""

from __future__ import annotations

from sim.base.errors import Problem, ScenarioError, nearest
from sim.base.text import say
from sim.scenario.assembling import Readings
from sim.scenario.documents import Documents, ledger_ids, with_parameters
from sim.scenario.nodes import Node
from sim.scenario.place_schema import KINDS
from sim.scenario.quantities import Reading
from sim.scenario.schema import SHAPE_OF
from sim.scenario.shapes import did_you_mean, shown


def outline_problems(documents: Documents) -> list[Problem]:
    """Return what is wrong with the outline of each document of a file."""
    found: list[Problem] = []
    for node in documents.own:
        kind = kind_of(node)
        if kind is None:
            found.append(no_kind(node))
            continue
        try:
            found += shape_problems(documents.afresh(), node, kind)
        except ScenarioError as error:
            found += error.problems
    return found


def shape_problems(documents: Documents, node: Node, kind: str) -> list[Problem]:
    """Return what is wrong with the outline of one document; raises where what it inherits is not there."""
    readings = Readings({}, ledger_ids(), Reading())
    whole = documents.inherited(node, kind)
    readings.read(
        SHAPE_OF[kind](), with_parameters(whole, {}, documents.reading) if kind == "reform" else whole
    )
    return [*documents.reading.problems, *readings.all.problems]


def kind_of(node: Node) -> str | None:
    """Return what a document says it is, None where that is no kind of document."""
    written = node.get("kind")
    kind = written.value if written is not None and isinstance(written.value, str) else None
    return kind if kind in SHAPE_OF else None


def no_kind(node: Node) -> Problem:
    """Return the problem of a document that does not say what it is, or says it under a misspelt key."""
    meant = nearest("kind", node.value) if node.is_map and "kind" not in node.value else None
    if meant is not None:
        what = say("unknown key `{name}`", name=meant)
        return Problem(node.keys[meant], meant, what, say("did you mean `{name}`?", name="kind"))
    written = node.get("kind")
    read = "null" if written is None else shown(written)
    what = say("`kind` says what a document is; read `{read}`", read=read)
    return Problem((written or node).place, "kind", what, did_you_mean(read, KINDS))
