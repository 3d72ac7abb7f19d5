"""Options that several commands share, in the language in force; and what they share of saying how far they are."""

from __future__ import annotations

import shlex
import sys
import time
from datetime import timedelta
from typing import Any, Self

from sim.base.text import translate as _

# Options that say where and how, not what: left out of the command that makes a result again.
MOST, MOST_WORKERS = 100_000, 1024  # runs of one command, processes: more is a slip of the finger
ABOUT_HERE = ("--out", "--workers", "--cluster", "--lang")
BETWEEN_LINES, AT_LEAST_EVERY = 5.0, 60.0  # seconds between two lines about progress in a log


def option(default: Any, *names: str, help: str, **more: Any) -> Any:  # noqa: A002 - typer's word
    """Return a typer option; typer is imported only where commands are declared."""
    import typer

    return typer.Option(default, *names, help=help, **more)


def scenario_argument(help_text: str = "") -> Any:
    """Return the scenario that a command is about. help_text: where it may be something else too."""
    import typer

    return typer.Argument(..., help=help_text or _("A scenario file, or a name from the library."))


def folder_argument() -> Any:
    """Return the run folder that a command is about."""
    import typer

    return typer.Argument(..., help=_("A run folder."))


def design_argument() -> Any:
    """Return the design that a sweep was run from."""
    import typer

    return typer.Argument(..., help=_("The design file of the sweep."))


def measures_option() -> Any:
    """Return the outcomes an analysis is asked about."""
    return option([], "--measure", help=_("An outcome; the primary ones if none is named."))


def policies_option() -> Any:
    """Return the policies an analysis is asked about."""
    return option([], "--policy", help=_("A policy; all if none is named."))


def seed_option() -> Any:
    """Return the number of the first pair's luck."""
    return option(1, "--seed", help=_("Number of the first pair's luck."))


def workers_option() -> Any:
    """Return how many processes."""
    return option(0, "--workers", help=_("Processes; 0 for one per core."), min=0, max=MOST_WORKERS)


def cluster_option() -> Any:
    """Return the cluster that runs instead of this machine."""
    return option("", "--cluster", help=_("Address of a Dask scheduler, as tcp://127.0.0.1:8786."))


def out_option() -> Any:
    """Return the folder of a run."""
    return option("", "--out", help=_("Folder for the run; a run of the same name goes on where it stopped."))


def record_option() -> Any:
    """Return the level of recording."""
    return option("standard", "--record", help=_("What to record: headline, standard or full."))


def assumptions_option() -> Any:
    """Return another set of assumptions."""
    words = _("Another set of assumptions than the scenario names, such as calibrated.")
    return option("", "--assumptions", help=words)


def mechanisms_option() -> Any:
    """Return which mechanisms of the model do not run."""
    words = _("Switch a mechanism of the model off, in both arms: what does it do to the result?")
    return option([], "--without-mechanism", help=words)


def communities_option() -> Any:
    """Return how many communities of the place to run, the rest in proportion."""
    words = _("A small twin of the place: so many whole communities, all else in proportion; 0 for all.")
    return option(0, "--communities", help=words, min=0)


def json_option() -> Any:
    """Return whether a machine reads."""
    return option(False, "--json", help=_("For machines."))


class Progress:
    """A line on stderr with what is done and the time left; where stderr is no terminal, a line now and then.

    Into a log: at the beginning, at each tenth (at most one in five seconds), each minute, and at the end.
    """

    def __init__(self, what: str):
        self.what = what
        self.begun: tuple[int, float] | None = None
        self.said: tuple[int, float] = (0, 0.0)

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed
        from rich.progress import TimeRemainingColumn as Remaining

        console = Console(stderr=True)
        self.plain = not console.is_terminal
        left = TextColumn(_("time left"))
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Elapsed(),
            left,
            Remaining(),
        )
        self.bar = Progress(*columns, console=console, transient=True, disable=self.plain)
        self.task = self.bar.add_task(self.what, total=None)
        self.bar.start()
        return self

    def __call__(self, done: int, total: int) -> None:
        """Say how much is done."""
        self.bar.update(self.task, completed=done, total=total)
        if self.plain:
            self._tell(done, total, time.monotonic())

    def _tell(self, done: int, total: int, now: float) -> None:
        """Write a line where one is due."""
        first, self.begun = self.begun is None, self.begun or (done, now)
        waited = now - self.said[1]
        tenth = total > 0 and done * 10 // total > self.said[0] * 10 // total
        if not (first or done == total or waited >= AT_LEAST_EVERY or (tenth and waited >= BETWEEN_LINES)):
            return
        self.said = (done, now)
        fresh = done - self.begun[0]
        left = (now - self.begun[1]) / fresh * (total - done) if fresh else 0.0
        note = f", {_('time left')} {timedelta(seconds=round(left))}" if fresh and done < total else ""
        print(f"{done}/{total}{note}", file=sys.stderr)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.bar.stop()
        if kind is KeyboardInterrupt:
            print(
                _("Stopped. What was finished is kept; the same command goes on from there."), file=sys.stderr
            )


class StageProgress:
    """Progress of an experiment in stages: a bar a stage, one after the other."""

    def __init__(self) -> None:
        self.name = ""
        self.bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, name: str, done: int, total: int) -> None:
        """Say how far a stage is."""
        if name != self.name:
            self._end(None, None, None)
            self.name, self.bar = name, Progress(name).__enter__()
        if self.bar is not None:
            self.bar(done, total)

    def _end(self, *leaving: Any) -> None:
        if self.bar is not None:
            self.bar.__exit__(*leaving)

    def __exit__(self, *leaving: object) -> None:
        self._end(*leaving)


def recording(level: str) -> str:
    """Return the level of recording; raises ScenarioError where there is none of this name."""
    from sim.base.errors import Problem, ScenarioError
    from sim.base.text import say

    levels = ("headline", "standard", "full")
    if level not in levels:
        what = say("`{level}` is none of {levels}", level=level, levels=", ".join(levels))
        raise ScenarioError([Problem(None, "--record", what)])
    return level


def command_line() -> str:
    """Return the command that makes this result again: what was asked, without where and how fast."""
    words, kept = iter(sys.argv[1:]), ["shequ"]
    for word in words:
        if word in ABOUT_HERE:
            next(words, None)
        elif word != "--json" and not word.startswith(tuple(f"{option}=" for option in ABOUT_HERE)):
            kept.append(shlex.quote(word))
    return " ".join(kept)
