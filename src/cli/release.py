"""`dueprocess release`: keeps a procedure as it is now, for the cases that are opened under it."""

from __future__ import annotations

from pathlib import Path

import click

from authoring.procedure_file import ProcedureFileErrors, read
from authoring.releases import ReleaseRefused
from authoring.releases import release as keep
from authoring.where import procedures_folder
from cli import CannotRun
from cli.procedures import current_files, with_shared
from domain.procedure import DATA_PROTECTION


@click.command(short_help="Release a procedure file under its version number.")
@click.argument("orgs", metavar="ORG...", nargs=-1, required=True)
@click.option(
    "--procedures",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=procedures_folder,
    show_default="the project's",
    help="The folder of procedure files.",
)
def release(orgs: tuple[str, ...], folder: Path) -> None:
    """Copy an organisation's current file to released/ORG/VERSION.yaml.

    Cases stay on the version under which they were opened, so a released version is never changed: give a changed
    file a new `version` first. Releasing the same version twice does nothing. `data-protection` means the shared rules
    for data protection complaints. Releasing them also releases the procedure under them of every organisation that
    switches them on.
    """
    known = current_files(folder)
    for org in orgs:
        if org not in known:
            raise CannotRun(f"There is no organisation `{org}`. Choose one of: {', '.join(known)}.")
        path = known[org]
        try:
            procedure = read(path)
            copy = keep(path, procedure)
        except ProcedureFileErrors as errors:
            raise CannotRun(
                f"`{org}` was not released. Correct the mistakes first: {errors.problems[0]}"
                f"{' (and others)' if errors.problems[1:] else ''}"
            ) from errors
        except ReleaseRefused as refusal:
            raise CannotRun(f"`{org}` was not released: {refusal}") from refusal
        version = f"Version {procedure.version} of {org}"
        click.echo(
            f"{version} has already been released."
            if copy is None
            else f"{version} has been released: {copy}"
        )
        if org == DATA_PROTECTION:
            made = ", ".join(
                f"{version.slug} {version.version}" for version in with_shared(procedure, folder)
            )
            click.echo(f"Released with it: {made or 'none, because no procedure switches it on'}.")
        elif procedure.data_protection == "on" and DATA_PROTECTION in known:
            rules = read(known[DATA_PROTECTION])
            kept = known[DATA_PROTECTION].parent / "released" / DATA_PROTECTION / f"{rules.version}.yaml"
            if not kept.is_file() and DATA_PROTECTION not in orgs:
                click.echo(
                    f"Run `dueprocess release {DATA_PROTECTION}` too, for its data protection complaints."
                )
