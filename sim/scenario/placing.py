"""From written changes to dated rows on a place: selectors become areas, dates months, clauses instalments."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.base.errors import Place
from sim.base.text import say
from sim.catalogue import duty_classes, levers
from sim.rules.arguments import Arg, OperationError
from sim.rules.changes import VERBS, RuleChange
from sim.rules.operations import OPERATIONS, Fund, Hire, Operation, Procedure, Stage, TransferDuties
from sim.rules.timeline import DatedOperation
from sim.scenario.arguments import LAYERS, BroadClasses
from sim.scenario.dating import Step, divided, month_of, spread, steps_of, until_of
from sim.scenario.frame import share_out
from sim.scenario.quantities import Quantity
from sim.scenario.selecting import Selectors, both
from sim.scenario.settings import Setting, axis_of, verb_problem
from sim.scenario.shapes import Entry, did_you_mean
from sim.scenario.written import WrittenChange


@dataclass(frozen=True)
class Placed:
    """A dated row with the spot in the file it came from."""

    row: RuleChange | DatedOperation
    place: Place
    path: str
    name: str

    def with_areas(self, areas: Any) -> Placed:
        """Return the same row for fewer areas."""
        return replace(self, row=replace(self.row, areas=areas))


@dataclass
class Placer:
    """Places the changes of one reform on the frame."""

    reform: str
    start: int
    selectors: Selectors
    placed: list[Placed] = field(default_factory=list)
    steps_by_clause: dict[str, list[Step]] = field(default_factory=dict)

    def place(self, change: WrittenChange) -> None:
        """Turn one change into rows."""
        beside, path = change.beside, change.path
        layer = self._layer(change)
        where = self.selectors.areas(beside["where"], beside.spot("where"), f"{path}.where")
        areas = self.selectors.meeting(where, beside["if"], layer)
        if areas is not None and not len(areas):
            self._nobody(change, where)
            return
        steps = self._steps(change, areas)
        if change.verb in VERBS:
            self._rules(change, steps)
        else:
            self._operations(change, steps)
        if change.id:
            self.steps_by_clause.setdefault(change.id, []).extend(steps)

    def _nobody(self, change: WrittenChange, where: Any) -> None:
        """Say that a change touches no community: an error of `where`, a fact where `if` is not met."""
        errors = [p for p in self.selectors.reading.problems if p.path.startswith(change.path)]
        if where is not None and not len(where):
            if not errors:
                self._say(change, say("no community is meant by `where`"), "where")
            return
        what = say("no community meets `if`: this change does nothing")
        self.selectors.reading.problem(change.beside.spot("if"), change.path, what, severity="notice")

    def _layer(self, change: WrittenChange) -> str:
        """Return the layer whose units an `if` tests: of the selector, of the opening, else the community."""
        where = change.beside["where"]
        layer = where["kind"] if isinstance(where, Entry) else None
        if layer is None and change.verb == "open_office":
            layer = change.what["per"]
        frame = self.selectors.frame
        return layer if layer in frame.n_units else frame.layers[-1]

    def _steps(self, change: WrittenChange, areas: Any) -> list[Step]:
        beside, path = change.beside, change.path
        after = beside["after"]
        if after is None:
            at = beside["at"]
            month = (
                self.start
                if at is None
                else month_of(at, self.selectors.reading, f"{path}.at", self.selectors)
            )
            return steps_of(beside, month, areas, path, self.selectors)
        if after not in self.steps_by_clause:
            known = list(self.steps_by_clause)
            what = say("no earlier clause is called `{name}`", name=after)
            self.selectors.reading.problem(
                beside.spot("after"), f"{path}.after", what, did_you_mean(after, known)
            )
            return []
        return [replace(s, areas=both(s.areas, areas)) for s in self.steps_by_clause[after]]

    # ---- rules -------------------------------------------------------------------------------------------------
    def _rules(self, change: WrittenChange, steps: list[Step]) -> None:
        for setting in change.what:
            row = levers()[setting.lever]
            problem = verb_problem(row, change.verb)
            if problem:
                self.selectors.reading.problem(setting.place, f"{change.path}.{change.verb}", problem)
                continue
            by_place = row.type in ("choice", "flag") and row.domain == "area"
            chosen = spread(steps, change.beside["over"], self.selectors) if by_place else steps
            if row.domain != "area" and any(step.areas is not None for step in steps):
                self._say(
                    change,
                    say("`{lever}` is one value for the whole place; `where` cannot divide it", lever=row.id),
                )
            for step in chosen:
                self._rule(change, setting, step, ramp=1 if by_place else change.beside["over"])

    def _rule(self, change: WrittenChange, setting: Setting, step: Step, ramp: int) -> None:
        row = levers()[setting.lever]
        verb = "set" if setting.key == "base" else change.verb
        index = self._index(setting, change)
        if index == ():
            return
        until = until_of(change.beside["until"], step.month, f"{change.path}.until", self.selectors)
        self._until_after(change, until, step.month)
        areas = step.areas if row.domain == "area" else None
        text = self.selectors.text(change.beside["where"], areas)
        rule = RuleChange(
            verb, setting.lever, setting.number, step.month, areas, index, until, ramp, self.reform,
            change.id, text, change.evidence,
        )  # fmt: skip
        self.placed.append(
            Placed(rule, setting.place, f"{change.path}.{change.verb}.{setting.lever}", change.id)
        )

    def _index(self, setting: Setting, change: WrittenChange) -> tuple[int, ...] | None:
        if setting.key in (None, "base"):
            return None
        axis = axis_of(levers()[setting.lever], self.selectors.frame.layers)
        if setting.key in axis:
            return (axis.index(str(setting.key)),)
        what = say("`{name}` passes nothing down in this place", name=setting.key)
        self.selectors.reading.problem(setting.place, change.path, what, did_you_mean(str(setting.key), axis))
        return ()

    # ---- structure ---------------------------------------------------------------------------------------------
    def _operations(self, change: WrittenChange, steps: list[Step]) -> None:
        for op in self._built(change):
            for part, step in divided(op, steps, change.beside["over"], self.selectors):
                self._operation(change, part, step)

    def _operation(self, change: WrittenChange, op: Operation, step: Step) -> None:
        until = until_of(change.beside["until"], step.month, f"{change.path}.until", self.selectors)
        self._until_after(change, until, step.month)
        if isinstance(op, Fund) and until is not None:
            op = replace(op, until=until)
        text = self.selectors.text(change.beside["where"], step.areas)
        dated = DatedOperation(
            step.month, op, step.areas, self.reform, change.id, text, step.part, change.evidence
        )  # fmt: skip
        self._add(change, dated)
        if until is not None and not isinstance(op, Fund):
            try:
                back = op.reversed()
            except OperationError as error:
                self._say(change, error.message, "until")
                return
            self._add(change, replace(dated, month=until, op=back, ends=True))

    def _add(self, change: WrittenChange, dated: DatedOperation) -> None:
        self.placed.append(Placed(dated, change.place, f"{change.path}.{change.verb}", change.id))

    def _built(self, change: WrittenChange) -> list[Operation]:
        """Return the operation with plain arguments; a hire for several kinds becomes one for each."""
        operation = OPERATIONS[change.verb]
        values: dict[str, Any] = {}
        for name, spec in operation.arguments().items():
            written = change.what.get(spec.key)
            if written is not None:
                values[name] = self._plain(spec, written, change)
            elif spec.required:
                return []
        self._check_layers(change, operation)
        try:
            if operation is Hire and isinstance(values["kind"], dict):
                return _hires(values)
            return [_with_classes(operation(**values))]
        except OperationError as error:
            self._say(change, error.message)
            return []

    def _plain(self, spec: Arg, written: Any, change: WrittenChange) -> Any:
        if isinstance(written, Quantity):
            return int(written.value) if spec.shape == "count" else float(written)
        if spec.shape == "stages":
            return tuple(_stage(entry) for entry in written)
        if spec.shape == "unit_groups":
            return tuple(tuple(self._areas_named(names, change)) for names in written)
        if isinstance(written, Entry):
            return {key: float(v) if isinstance(v, Quantity) else v for key, v in written.items()}
        return written

    def _areas_named(self, names: tuple[str, ...], change: WrittenChange) -> list[int]:
        ids = self.selectors.frame.area_ids
        for name in names:
            if name not in ids:
                self.selectors.reading.problem(
                    change.place,
                    f"{change.path}.groups",
                    say("no community is called `{name}`", name=name),
                    did_you_mean(name, ids),
                )
        return [ids.index(name) for name in names if name in ids]

    def _check_layers(self, change: WrittenChange, operation: type[Operation]) -> None:
        layers = self.selectors.frame.layers
        for spec in operation.arguments().values():
            written = change.what.get(spec.key)
            if spec.shape == "share_map" and written:
                self._check_payers(written, layers)
            if spec.shape == "layer" and written is not None and written not in layers:
                what = say("`{name}` is not a layer of this place", name=written)
                self.selectors.reading.problem(
                    change.what.spot(spec.key),
                    f"{change.path}.{change.verb}.{spec.key}",
                    what,
                    did_you_mean(written, layers),
                )

    def _check_payers(self, payers: Entry, layers: tuple[str, ...]) -> None:
        """Money comes from a layer of this place or from one above it."""
        known = tuple(dict.fromkeys((*layers, *LAYERS)))
        for name in payers:
            if name not in known:
                what = say("`{name}` is not a layer of government", name=name)
                self.selectors.reading.problem(
                    payers.spot(name), f"{payers.path}.{name}", what, did_you_mean(name, known)
                )

    def _until_after(self, change: WrittenChange, until: int | None, month: int) -> None:
        if until is not None and until <= month:
            self._say(change, say("ends before it begins"), "until")

    def _say(self, change: WrittenChange, what: Any, key: str | None = None) -> None:
        place = change.beside.spot(key) if key else change.place
        self.selectors.reading.problem(place, change.path, what)


def _hires(values: dict[str, Any]) -> list[Operation]:
    """Return one hire for each kind; whole people where the count is whole."""
    shares, count = values.pop("kind"), values.pop("count")
    weights = np.array(list(shares.values()), dtype=np.float64)
    if count == int(count) and weights.sum() > 0:
        numbers = [float(n) for n in share_out(int(count), weights)]
    else:
        numbers = [count * w for w in weights]
    return [Hire(kind=kind, count=n, **values) for kind, n in zip(shares, numbers, strict=True) if n > 0]


def _stage(entry: Entry) -> Stage:
    return Stage(
        entry["stage"],
        entry["body"],
        float(entry["pass"]) if entry["pass"] is not None else 1.0,
        float(entry["days"]) if entry["days"] is not None else 5.0,
        bool(entry["may_return"]),
    )


def _with_classes(op: Operation) -> Operation:
    """Give a transfer of duties its classes and its share of the work where the file leaves them open.

    A count of list items is turned into a share of the list of those classes: items are proportional to class.
    """
    if not isinstance(op, TransferDuties):
        return op
    assigned = BroadClasses(row.id for row in duty_classes().values() if row.origin == "assigned")
    classes = op.classes or assigned
    op = replace(op, only_held=isinstance(classes, BroadClasses))
    classes = tuple(classes)
    if op.items and op.share == 1.0:
        on_list = sum(duty_classes()[c].items for c in classes)
        return replace(op, classes=classes, share=min(1.0, op.items / on_list))
    return replace(op, classes=classes, items_told=bool(op.items))


def is_everywhere(areas: Any, n_areas: int) -> bool:
    """Return whether a selection means every area."""
    return areas is None or len(np.unique(areas)) == n_areas


__all__ = ["Placed", "Placer", "Procedure", "is_everywhere"]
