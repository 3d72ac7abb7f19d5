"""Commands that begin something: a place, a reform, a scenario, a mechanism."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.text import translate as _

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Declare the command in the language in force."""
    import typer

    @app.command(
        help=_(
            "Write a commented template of a place, reform or scenario that passes `check`, or the file of a mechanism "
            "with what registers it."
        )
    )
    def new(
        kind: str = typer.Argument(..., metavar="place|reform|scenario|mechanism", help=_("What to begin.")),
        name: str = typer.Argument(..., help=_("Its name; also the name of the file.")),
        folder: Path | None = typer.Option(
            None,
            "--folder",
            help=_("Where to write it; a mechanism goes into the program unless this is given."),
        ),
    ) -> None:
        from sim.scenario.templates import write_template

        if kind == "mechanism":
            _begin_mechanism(name, folder)
            return
        path = write_template(kind, name, folder or Path())
        print(_("{path} is written; next: shequ check {path}").format(path=path))


def _begin_mechanism(name: str, folder: Path | None) -> None:
    """Write a mechanism's file and print, ready to paste, everything else that it needs."""
    from sim.scenario.beginning import COMMANDS, steps, write_mechanism

    print(_("{path} is written. It runs once it is registered:").format(path=write_mechanism(name, folder)))
    for n, step in enumerate(steps(name), 1):
        where = (
            _("below the line `{line}`").format(line=step.after.strip()) if step.after else _("at the end")
        )
        print(f"\n{n}. {step.file}, {where}: {step.why.render()}\n\n{step.block.strip(chr(10))}")
    print("\n" + _("Then, from the top of the repository; the tests say what is still missing:") + "\n")
    print("\n".join(COMMANDS))
