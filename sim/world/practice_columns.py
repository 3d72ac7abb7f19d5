"""The columns of practice: how each written rule is kept, one row a rule (practice.py), each with a number an area."""

from __future__ import annotations

from sim.world.table import Column

# One row a column, so that the state reads as a table.
# fmt: off

PRACTICE = (
    Column("version", "i4", "count", "how often the writing has changed", "status", "enact", 0, ("area",)),
    Column("written", "f8", "value", "the rule as written", "status", "enact", 0, ("area",)),
    Column("custom", "f8", "value", "the rule as it stood before any change", "trait", "enact", 0, ("area",)),
    Column("months_ahead", "i4", "month", "months until a change of it that is announced, 0 for none", "status", "enact", 0, ("area",)),
    Column("coming", "f8", "value", "the writing that is announced", "status", "enact", 0, ("area",)),
    Column("answered", "i4", "count", "version that practice has answered to", "status", "practise_rules", 0, ("area",)),
    Column("paper", "f8", "value", "the writing of that version", "status", "practise_rules", 0, ("area",)),
    Column("before", "f8", "value", "what was practised before the writing changed to what it is, or set out that way", "status", "practise_rules", 0, ("area",)),
    Column("use", "f8", "share", "rule in use: part of the cases handled as written", "status", "practise_rules", 1.0, ("area",)),
    Column("step", "f8", "share", "first step of a change that practice has still to take", "status", "practise_rules", 0, ("area",)),
    Column("on_the_way", "f8", "day", "days until the news of a change has come down", "status", "practise_rules", 0, ("area",)),
    Column("value", "f8", "value", "what is practised of a rule that is a number", "status", "practise_rules", 0, ("area",)),
)
