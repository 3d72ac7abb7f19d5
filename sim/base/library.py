"""Where the scenario library is: places, reforms, scenarios, assumptions and the evidence ledger.

In a clone the library is the top-level folder `scenarios/`, because people edit it there; a wheel carries
the same files inside the package as `sim/_scenarios`. Only this file knows both. The clone comes first: an
editable install must read what stands in the working tree.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.base.errors import ShequError
from sim.base.text import say

PACKAGE = Path(__file__).resolve().parent.parent
IN_CLONE = PACKAGE.parent / "scenarios"
IN_WHEEL = PACKAGE / "_scenarios"


@lru_cache(maxsize=1)
def library_folder() -> Path:
    """Return the folder of the shipped library, in a clone or in an installed wheel."""
    if (PACKAGE.parent / "pyproject.toml").is_file() and IN_CLONE.is_dir():
        return IN_CLONE
    if IN_WHEEL.is_dir():
        return IN_WHEEL
    raise ShequError(
        say(
            "The scenario library is missing: neither {clone} nor {wheel} exists.",
            clone=IN_CLONE,
            wheel=IN_WHEEL,
        )
    )
