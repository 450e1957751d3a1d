"""`dueprocess release`: keeps a procedure as it is now, for the cases that are opened under it."""

from __future__ import annotations

from pathlib import Path

import click

from authoring.procedure_file import ProcedureFileErrors, read
from authoring.releases import ReleaseRefused
from authoring.releases import release as keep
from cli import CannotRun
from cli.procedures import PROCEDURES


@click.command(short_help="Keep a procedure's file as the released version of its number.")
@click.argument("orgs", metavar="ORG...", nargs=-1, required=True)
@click.option(
    "--procedures",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=PROCEDURES,
    show_default="the project's",
    help="The folder of procedure files.",
)
def release(orgs: tuple[str, ...], folder: Path) -> None:
    """Copy an organisation's current file to released/ORG/VERSION.yaml.

    Cases stay on the version under which they were opened, so a released version is never changed: a changed file
    has to have another `version` first. Releasing the same twice does nothing.
    """
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    for org in orgs:
        if org not in known:
            raise CannotRun(f"There is no organisation `{org}`; the known ones are {', '.join(known)}.")
        path = known[org]
        try:
            procedure = read(path)
            copy = keep(path, procedure)
        except ProcedureFileErrors as errors:
            raise CannotRun(
                f"`{org}` is not released, for there are mistakes to mend first: {errors.problems[0]}"
                f"{' (and others)' if errors.problems[1:] else ''}"
            ) from errors
        except ReleaseRefused as refusal:
            raise CannotRun(f"`{org}` is not released: {refusal}") from refusal
        version = f"Version {procedure.version} of {org}"
        click.echo(f"{version} is released already." if copy is None else f"{version} is released: {copy}")
