"""The command `shequ`: thin and lazy. The language is chosen first, then the commands are declared in it.

Every command module has one function `register(app)`; it imports what a command needs inside the command, so
that `shequ --help` loads nothing of the simulator.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

BAD_INPUT, INTERRUPTED = 2, 130


def main() -> None:
    """Run the command line and leave with its exit code; Ctrl-C is heard from the first import on."""
    try:
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def run(arguments: Sequence[str]) -> int:
    """Return the exit code of one command: 0 fine, 1 a condition failed, 2 bad input, 130 interrupted."""
    import typer

    from sim.base.errors import RunError, ShequError
    from sim.base.text import say
    from sim.cli.extras import needs_extra
    from sim.cli.language import choose_language
    from sim.cli.output import report_error
    from sim.cli.usage import report_usage

    mistyped: type[Exception] = typer.BadParameter.__mro__[1]  # what every complaint about a command line is
    rest = choose_language(arguments)
    try:
        code = build_app()(args=rest, prog_name="shequ", standalone_mode=False)
        sys.stdout.flush()
    except mistyped as error:
        report_usage(error)
        return BAD_INPUT
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except ModuleNotFoundError as error:
        lacking = needs_extra(error)
        if lacking is None:
            raise
        report_error(lacking)
        return lacking.exit_code
    except ShequError as error:
        report_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:  # where the answer goes is full or gone; what stores results says so itself
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - else Python would try once more as it leaves
        report_error(RunError(say("cannot read or write: {why}", why=str(error))))
        return 1
    return code if isinstance(code, int) else 0


def build_app():  # noqa: ANN201 - naming typer's type would import it for every user of this module
    """Return the Typer application with every command registered in the language in force."""
    import typer

    from sim.base.text import translate as _
    from sim.cli import (
        analyse_commands,
        compare_commands,
        dashboard_commands,
        inspect_commands,
        new_commands,
        run_commands,
        sweep_commands,
        validate_commands,
    )
    from sim.cli.usage import new_app

    app = new_app(
        name="shequ",
        help=_("A what-if laboratory for community self-governance reform."),
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    def print_version(asked: bool) -> None:
        if asked:
            from sim import MODEL_VERSION, __version__

            print(_("shequ {version} (model {model})").format(version=__version__, model=MODEL_VERSION))
            raise typer.Exit

    @app.callback()
    def options(
        lang: str = typer.Option("", "--lang", metavar="zh|en", help=_("Language of everything printed.")),
        version: bool = typer.Option(
            False, "--version", help=_("Print the version and leave."), callback=print_version, is_eager=True
        ),
    ) -> None:
        del lang, version  # acted on before any command; declared for --help

    inspect_commands.register(app)
    new_commands.register(app)
    compare_commands.register(app)
    run_commands.register(app)
    sweep_commands.register(app)
    dashboard_commands.register(app)
    analyse_commands.register(app)
    validate_commands.register(app)
    return app
