"""`dueprocess who-may`: who can do what under a procedure, and when."""

from __future__ import annotations

import click

from authoring.who_may import as_markdown
from cli.procedures import find_procedure


@click.command(short_help="Show who can do what, and when.")
@click.argument("org")
def who_may(org: str) -> None:
    """Show every act in a table: which people and roles can do it, and how the case then stands.

    ORG is an organisation's slug, a released version of its procedure (ORG@1), or a procedure file. The table is worked
    out by playing cases, so it says what holds.
    """
    click.echo(as_markdown(find_procedure(org)), nl=False)
