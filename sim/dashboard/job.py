"""One comparison in a process of its own group, so that it can be stopped at once and never outlives the server.

The page starts the comparison that `shequ compare` would run of the what-if's file; pairs appear in the run folder as
they finish and are read from there. Stopping kills the whole group: a part that was not committed was never there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from sim.base.errors import ShequError
from sim.base.text import use_language
from sim.experiment import environment

WATCH_SECONDS = 0.2


@dataclass
class Job:
    """A running comparison: its folder, how many pairs were asked for, and its process."""

    folder: Path
    pairs: int
    process: subprocess.Popen

    @property
    def is_running(self) -> bool:
        """Whether the process is still there."""
        return self.process.poll() is None

    def done(self) -> int:
        """Return how many pairs are committed."""
        return len(list((self.folder / "pairs").glob("pair-*.parquet")))

    def stop(self) -> None:
        """End the process and everything it started, now."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def complaint(self) -> str:
        """Return what an ended process said when it failed, empty where it went well."""
        if self.is_running or self.process.returncode in (0, -signal.SIGKILL):
            return ""
        path = self.folder.with_suffix(".log")
        return path.read_text(encoding="utf-8").strip() if path.exists() else str(self.process.returncode)


def start(file: Path, folder: Path, pairs: int, lang: str) -> Job:
    """Start a comparison of a scenario file; a folder of the same what-if goes on where it stopped."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    words = [str(os.getpid()), str(file), str(folder), str(pairs), lang]
    command = [sys.executable, "-m", "sim.dashboard.job", *words]
    with folder.with_suffix(".log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)
    return Job(folder, pairs, process)


def main() -> None:
    """Run the comparison of a file and go when the server goes: server process, file, folder, pairs, language."""
    server, file, folder, pairs, lang = (
        int(sys.argv[1]),
        Path(sys.argv[2]),
        Path(sys.argv[3]),
        int(sys.argv[4]),
        sys.argv[5],
    )

    def watch() -> None:
        while os.getppid() == server:
            time.sleep(WATCH_SECONDS)
        os.killpg(0, signal.SIGKILL)

    os.nice(10)  # the page stays quick while pairs run
    threading.Thread(target=watch, daemon=True).start()
    use_language(lang)
    environment.prepare()
    from sim.experiment.compare import run_comparison
    from sim.experiment.loading import load_arms

    try:
        baseline, reform, _declared = load_arms(str(file))
        command = f"shequ compare what_if.yaml --pairs {pairs}"
        run_comparison(baseline, reform, folder, pairs=pairs, command=command)
    except ShequError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
