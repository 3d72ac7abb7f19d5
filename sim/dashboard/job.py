"""Long work in a process of its own group, so that it can be stopped at once and never outlives the server.

The page starts what `shequ compare`, `shequ analyse attribute` or `shequ trace` would do with the what-if's file; what
is finished appears in the run folder and is read from there. Stopping kills the whole group: a part that was not
committed was never there. Jobs of all users wait in one line (`line.py`).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.base.errors import ShequError
from sim.base.text import LANGUAGES, pick, say, use_language
from sim.dashboard.line import LINE, Line
from sim.experiment import environment

WATCH_SECONDS = 0.2
COMPARE, ATTRIBUTE, TRACE = "compare", "attribute", "trace"
STORIES = "stories.json"


@dataclass
class Job:
    """Work that waits, runs or is over: where it writes, how many pairs were asked for, and its process."""

    task: str
    file: Path
    folder: Path
    pairs: int
    lang: str
    line: Line = LINE
    process: subprocess.Popen | None = None
    ticket: object | None = field(default=None, repr=False)
    over: bool = False

    def __post_init__(self) -> None:
        self.ticket = self.line.join()
        self.lock = threading.Lock()

    @property
    def is_refused(self) -> bool:
        """Whether the line was full."""
        return self.ticket is None

    def place(self) -> int:
        """Return how many jobs are before this one, 0 once it runs."""
        return self.line.place(self.ticket) if self.process is None else 0

    @property
    def is_running(self) -> bool:
        """Whether it still waits or works; begins it when its turn has come."""
        with self.lock:
            if self.over or self.is_refused:
                return False
            if self.process is None:
                if self.line.place(self.ticket) == 0:
                    self.process = self._begin()
                return True
            if self.process.poll() is None:
                return True
            self.over = True
            self.line.leave(self.ticket)
            return False

    def _begin(self) -> subprocess.Popen:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        words = [str(os.getpid()), self.task, str(self.file), str(self.folder), str(self.pairs), self.lang]
        command = [sys.executable, "-m", "sim.dashboard.job", *words]
        with self.folder.with_suffix(".log").open("w", encoding="utf-8") as log:
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)

    def done(self) -> int:
        """Return how many pairs are committed."""
        return len(list((self.folder / "pairs").glob("pair-*.parquet")))

    def stop(self) -> None:
        """End the process and everything it started, now."""
        with self.lock:
            self.over = True
            self.line.leave(self.ticket)
            if self.process is not None and self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def complaint(self) -> str:
        """Return what ended work said when it failed, empty where it went well."""
        if self.is_refused:
            return pick(say("too many runs are waiting on this server; try again later"), self.lang)
        if self.process is None or self.process.poll() in (None, 0, -signal.SIGKILL):
            return ""
        path = self.folder.with_suffix(".log")
        text = path.read_text(encoding="utf-8").strip() if path.exists() else ""
        return text or str(self.process.returncode)


def main() -> None:
    """Do one task and go when the server goes: server process, task, file, folder, pairs, language."""
    server, (task, file, folder, pairs, lang) = int(sys.argv[1]), sys.argv[2:7]

    def watch() -> None:
        while os.getppid() == server:
            time.sleep(WATCH_SECONDS)
        os.killpg(0, signal.SIGKILL)

    os.nice(10)  # the page stays quick while pairs run
    threading.Thread(target=watch, daemon=True).start()
    use_language(lang)
    environment.prepare()
    work: dict[str, Any] = {COMPARE: _compare, ATTRIBUTE: _attribute, TRACE: _trace}
    try:
        work[task](file, Path(folder), int(pairs))
    except ShequError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


def _compare(file: str, folder: Path, pairs: int) -> None:
    from sim.experiment.compare import run_comparison
    from sim.experiment.loading import load_arms

    baseline, reform, _declared = load_arms(file)
    run_comparison(
        baseline, reform, folder, pairs=pairs, command=f"shequ compare what_if.yaml --pairs {pairs}"
    )


def _attribute(file: str, folder: Path, pairs: int) -> None:
    """Tell the parts apart; where there are more than can be told, the first ones."""
    from sim.experiment.attribute import MOST_PARTS, parts_of, run_attribution
    from sim.experiment.loading import load_arms

    reform = load_arms(file)[1]
    clauses = tuple(dict.fromkeys(c for own in reform.clauses.values() for c in own))
    parts = tuple(reform.clauses) if len(reform.clauses) > 1 else clauses
    chosen = parts[:MOST_PARTS]
    run_attribution(
        reform, parts_of(reform, "", chosen), folder, pairs=pairs, command="shequ analyse attribute"
    )


def _trace(_file: str, folder: Path, pair: int) -> None:
    """Tell the stories of one pair of a finished run, in both languages; folder: <run folder>/stories."""
    from sim.experiment.trace import trace
    from sim.results.store import RunFolder
    from sim.views.stories import story_page

    run = RunFolder(folder.parent)
    page = story_page(run.manifest()["title"], pair, trace(run, pair))
    told = {lang: page.plain(lang) for lang in LANGUAGES}
    part = folder.parent / f"{STORIES}.part"
    part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    part.replace(folder.parent / STORIES)


if __name__ == "__main__":
    main()
