"""The command line with runs that go wrong: `python -m tests.sweep.driven KIND sweep design.yaml ...`.

KIND: poisoned (row 3 kills its process), hanging (row 3 never ends), starved (the disk is full).
Real processes, real folder, real exit codes.
"""

from __future__ import annotations

import sys

from tests.sweep.tiny import hanging, poisoned, starved

TASKS = {"poisoned": poisoned, "hanging": hanging, "starved": starved}


def main() -> None:
    """Put a task in the place of the real one and be the command line."""
    import sim.experiment.sweep as sweeping
    from sim.cli import run

    sweeping.run_chunk = TASKS[sys.argv[1]]
    sys.argv = ["shequ", *sys.argv[2:]]
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
