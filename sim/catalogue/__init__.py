"""Levers, assumptions, measures, duty classes, kinds and groups: data files with typed rows."""

from sim.catalogue.loading import (
    assumptions,
    causes,
    difference_unit,
    duty_classes,
    duty_index,
    groups,
    issue_kinds,
    kind_index,
    kinds,
    levers,
    measures,
    mechanism_names,
    unit_text,
)
from sim.catalogue.rows import Assumption, Cause, DutyClass, Group, IssueKind, Kind, Lever, Measure, Value

__all__ = [
    "Assumption",
    "Cause",
    "DutyClass",
    "Group",
    "IssueKind",
    "Kind",
    "Lever",
    "Measure",
    "Value",
    "assumptions",
    "causes",
    "difference_unit",
    "duty_classes",
    "duty_index",
    "groups",
    "issue_kinds",
    "kind_index",
    "kinds",
    "levers",
    "measures",
    "mechanism_names",
    "unit_text",
]
