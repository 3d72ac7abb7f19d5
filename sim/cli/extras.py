"""A command that needs a library of an extra says which extra, not that a module is missing."""

from __future__ import annotations

from sim.base.errors import ShequError
from sim.base.text import say

# extra -> the modules it brings that the package imports, each inside the function that needs it
MODULES = {
    "analysis": ("SALib", "ema_workbench"),
    "cluster": ("dask", "distributed"),
    "dashboard": ("ipyvue", "ipyvuetify", "reacton", "solara", "starlette", "uvicorn", "websockets"),
}


def needs_extra(error: ModuleNotFoundError) -> ShequError | None:
    """Return what to say of a module that is missing because its extra is; None where no extra brings it."""
    lacking = (error.name or "").split(".")[0]
    for extra, modules in MODULES.items():
        if lacking in modules:
            return ShequError(
                say("this command needs the extra `{extra}`: pip install 'shequ[{extra}]'", extra=extra)
            )
    return None
