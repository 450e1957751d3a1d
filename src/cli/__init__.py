"""The command `dueprocess`: one module a command, each loaded only when it is asked for.

A module `cli.<name>` holds a click command called `<name>`; `cli.main` lists it. What a command cannot do
it says by raising a named error, which `cli.main` prints as one sentence.
"""

from __future__ import annotations

import click


class CannotRun(click.ClickException):
    """What was asked for cannot be done, said in one sentence; ends the command with exit code 2."""

    exit_code = 2
