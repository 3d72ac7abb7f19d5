"""The command that opens the dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.base.text import translate as _

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Declare the command in the language in force."""
    import typer

    @app.command(help=_("Open the dashboard in a browser: set up a what-if, run it, look at the answer."))
    def dashboard(
        file: str = typer.Argument("", help=_("A scenario file, or a name from the library, to begin with.")),
        host: str = typer.Option(
            "127.0.0.1", "--host", help=_("Address to listen on; other than this machine needs --token.")
        ),
        port: int = typer.Option(8765, "--port", help=_("Port to listen on."), min=1, max=65535),
        token: str = typer.Option(
            "", "--token", help=_("What a visitor must know; given once in the address.")
        ),
    ) -> None:
        from pathlib import Path
        from urllib.parse import quote

        from sim.base.errors import Problem, ScenarioError
        from sim.base.text import language, say
        from sim.dashboard.serve import LOOPBACK, serve
        from sim.scenario import load_scenario
        from sim.scenario.library import library_folder

        if host not in LOOPBACK and len(token) < 16:
            what = say("listening beyond this machine needs a token of at least 16 characters")
            raise ScenarioError([Problem(None, "--token", what)])
        opened = ""
        if file:
            load_scenario(file)
            opened = file if Path(file).is_file() else str(library_folder() / f"{file}.yaml")
        shown = f"http://{host}:{port}/" + (f"?token={quote(token)}" if token else "")
        print(_("The dashboard is at {address} (Ctrl-C ends it).").format(address=shown), flush=True)
        serve(host, port, token, opened, language())
