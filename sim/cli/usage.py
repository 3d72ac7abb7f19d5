"""What the library beneath says of a mistyped command line and in `--help`, in the language in force.

The library speaks English alone. Its sentences are known here by their form; one that is not is passed on as it is.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from sim.base.text import Message, language, say, translate

# sentence of the library: ours. What a group holds is filled in, a reason said in turn.
SENTENCES = {
    r"Usage: (?P<line>.*)": say("Usage: {line}"),
    r"Try '(?P<line>.*)' for help\.": say("`{line}` says more."),
    r"Error: (?P<why>.*)": say("Error: {why}"),
    r"No such command '(?P<name>.*)'\.": say("there is no command `{name}`"),
    r"No such option: (?P<name>\S+)": say("there is no option `{name}`"),
    r"No such option: (?P<name>\S+) \(Possible options: (?P<near>.*)\)": say(
        "there is no option `{name}`; the nearest: {near}"
    ),
    r"Missing (?:argument|option|parameter) '?(?P<name>.*?)'?\.": say("`{name}` is missing"),
    r"Option '(?P<name>.*)' requires an argument\.": say("`{name}` needs a value"),
    r"Option '(?P<name>.*)' does not take a value\.": say("`{name}` takes no value"),
    r"Got unexpected extra argument(?:\(s\)|s)? \((?P<name>.*)\)": say("more than the command takes: {name}"),
    r"Invalid value for '?(?P<name>[^:]*?)'?: (?P<why>.*)": say("`{name}`: {why}"),
    r"Input should be a valid integer.*": say("expected a whole number"),
    r"Input should be a valid number.*": say("expected a number"),
    r"Input should be greater than or equal to (?P<n>.*)": say("expected at least {n}"),
    r"Input should be less than or equal to (?P<n>.*)": say("expected at most {n}"),
}
HEADINGS = {
    r"^Usage: ": say("Usage: "),
    r"^Arguments:$": say("Arguments:"),
    r"^Options:$": say("Options:"),
    r"^Commands:$": say("Commands:"),
    r"Show this message and exit\.": say("Show this and leave."),
    r"\[required\]": say("[required]"),
    r"\[default: ?": say("[default: "),
}


def in_words(sentence: str) -> str:
    """Return a sentence of the library in the language in force."""
    for form, ours in SENTENCES.items():
        found = re.fullmatch(form, sentence)
        if found:
            filled = {k: in_words(v) if k == "why" else v for k, v in found.groupdict().items()}
            return Message(ours.msgid, filled).render()
    return sentence


def report_usage(error: Any) -> None:
    """Print on stderr what is wrong with a command line, and where help is."""
    said = error.format_message()
    if said.startswith("Usage: "):  # asked for nothing: the whole page of help
        print(help_in_words(said), file=sys.stderr)
        return
    if error.ctx is not None:
        command = error.ctx.command_path
        print(
            in_words(error.ctx.get_usage()),
            in_words(f"Try '{command} --help' for help."),
            sep="\n",
            file=sys.stderr,
        )
    print(in_words(f"Error: {said}"), file=sys.stderr)


def help_in_words(text: str) -> str:
    """Return a page of help with the library's own words in the language in force."""
    if language() == "en":
        return text
    for form, ours in HEADINGS.items():
        text = re.sub(form, translate(ours.msgid).replace("\\", r"\\"), text, flags=re.MULTILINE)
    return text


def new_app(**settings: Any) -> Any:
    """Return a Typer application whose help speaks the language in force, and so does that of its commands."""
    import typer
    from typer.core import TyperCommand, TyperGroup

    class Command(TyperCommand):
        def get_help(self, ctx: Any) -> str:
            return help_in_words(super().get_help(ctx))

    class Group(TyperGroup):
        def get_help(self, ctx: Any) -> str:
            return help_in_words(super().get_help(ctx))

    class Application(typer.Typer):
        def command(self, name: str | None = None, **more: Any) -> Any:
            return super().command(name, cls=Command, **more)

    # The library's help panels would load for a third of a second.
    return Application(cls=Group, no_args_is_help=True, rich_markup_mode=None, **settings)
