"""The root of the command line: which commands there are, and how their errors are told.

Exit codes: 0 it was done; 1 it was done and found something wrong (`check`); 2 it could not be done, and
one sentence on standard error says why; 130 it was interrupted. A traceback is a fault in Dueprocess.
"""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from cli import CannotRun
from domain.calendars import CalendarError
from domain.errors import Refused

COMMANDS: Final = {
    "new": "Start a procedure file by answering questions.",
    "check": "Check procedure files and draw their ladders.",
    "trace": "Show what keeps and what proves each clause of a policy.",
    "draw": "Draw a procedure: its stages, deadlines and ends.",
    "due": "Work out a deadline and show how it was counted.",
    "simulate": "Play the whole life of a case, with every email and date.",
    "who-may": "Show who can do what, and when.",
    "diff": "Describe what changed between two procedures.",
    "release": "Release a procedure file under its version number.",
    "schema": "Write the schema of procedure files for editors.",
    "docs": "Rewrite the reference in docs/procedures.md.",
    "holidays": "Show what a new list of public holidays changes, and keep it.",
    "build": "Build the bundles that Lambda runs.",
    "gradual": "Write the template for a deployment that goes out step by step.",
    "cases": "List the open cases of a deployment, or show one.",
    "doctor": "Ask AWS whether a deployment is ready to serve.",
    "adopt": "Begin a new stack with the table and bucket that a deleted one left.",
    "secret": "See that a deployment has the secret that opens the keys of cases.",
    "seal": "Seal what was stored before there were keys.",
    "rebuild": "Make again what staff's own pages list.",
    "replay": "Put back what a deployment gave up on.",
    "export": "Hand over everything of one organisation.",
    "restore": "Bring chosen cases back as they were at a time.",
    "up": "Start the local stack and serve the application.",
}
"""Each command's name and what it does, so that `--help` has to import none of them."""

NAMED_ERRORS: Final = (Refused, CalendarError, OSError)
"""Errors whose text is a sentence for the person at the terminal, with all that derive from them."""

INTERRUPTED: Final = 130
"""The exit code of a command ended by Ctrl-C, as shells count it: 128 and the signal's number."""


class Commands(click.Group):
    """A group that imports a command when it is run, so that one that is broken breaks no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None if there is none of that name; `CannotRun` if it is broken."""
        if cmd_name not in COMMANDS:
            return None
        try:
            name = cmd_name.replace("-", "_")
            command = getattr(import_module(f"cli.{name}"), name)
        except (ImportError, AttributeError) as error:
            message = f"The command `{cmd_name}` cannot be loaded: {error}."
            raise CannotRun(message) from error
        if not isinstance(command, click.Command):
            raise CannotRun(f"The command `{cmd_name}` cannot be loaded: it is not a click command.")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands for `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; this is the one place where a named error becomes a sentence."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            raise  # click ends quietly when the reader of a pipe has gone
        except NAMED_ERRORS as error:
            raise CannotRun(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    match error:
        case OSError(strerror=str(reason), filename=str(name)):
            return f"{name}: {reason}."
        case _:
            return str(error)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    click.echo(f"dueprocess {project['project']['version']}")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def app() -> None:
    """Run an organisation's complaints procedure from one YAML file."""


if __name__ == "__main__":
    app(prog_name="dueprocess")
