"""`dueprocess release`: keeps a procedure as it is now, for the cases that are opened under it."""

from __future__ import annotations

from pathlib import Path

import click

from authoring.procedure_file import ProcedureFileErrors, read
from authoring.releases import ReleaseRefused
from authoring.releases import release as keep
from cli import CannotRun
from cli.procedures import PROCEDURES, current_files, with_shared
from domain.procedure import DATA_PROTECTION


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
    has to have another `version` first. Releasing the same twice does nothing. `data-protection` stands for the shared
    rules for data protection complaints: what every organisation that switches them on has by them is released with
    them.
    """
    known = current_files(folder)
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
        if org == DATA_PROTECTION:
            made = ", ".join(f"{one.slug} {one.version}" for one in with_shared(procedure, folder))
            click.echo(f"With it: {made or 'nobody switches it on'}.")
        elif procedure.data_protection == "on" and DATA_PROTECTION in known:
            rules = read(known[DATA_PROTECTION])
            kept = known[DATA_PROTECTION].parent / "released" / DATA_PROTECTION / f"{rules.version}.yaml"
            if not kept.is_file() and DATA_PROTECTION not in orgs:
                click.echo(f"Its data protection complaints need `dueprocess release {DATA_PROTECTION}` too.")
