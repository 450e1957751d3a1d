"""The command `export`: hand over everything of one organisation.

What is written, and in which form, is in `cli.handover`. docs/deploy.md tells people about it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from authoring.where import procedures_folder
from cli import CannotRun
from cli.aws import refusals_in_words, resources_of, sealed_cases

NEEDED: Final = ("CasesTable", "DocumentsBucket", "KeysTable")
"""The resources of template.yaml that are read."""


@click.command()
@click.argument("organisation", metavar="ORG")
@click.option("--stack", required=True, help="Name of the CloudFormation stack, as in samconfig.toml.")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to: a new or an empty one, or one where an export was broken off.",
)
@click.option("--region", help="AWS region. By default, that of your AWS configuration.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
def export(organisation: str, stack: str, folder: Path, region: str | None, endpoint_url: str | None) -> None:
    """Write everything of the organisation ORG to files: its cases with all that was written and attached, its
    directory and its procedures.

    The files hold personal data. It only reads from AWS; if it was stopped, run it again.

    Exit codes: 0 everything is there; 1 a document is lost; 2 it could not be done.
    """
    with refusals_in_words():
        import boto3

        from cli.handover import HASHES, Export, write

        session = boto3.Session(region_name=region)

        def client(service: str) -> Any:
            return session.client(service, endpoint_url=endpoint_url)

        found = resources_of(stack, NEEDED, stacks=client("cloudformation"))
        procedures = procedures_folder()
        if not (procedures / f"{organisation}.yaml").is_file():
            raise CannotRun(f"There is no procedure {organisation} in {procedures}.")
        written = write(
            Export(
                organisation=organisation,
                folder=folder,
                store=sealed_cases(stack, found, client=client),
                s3=client("s3"),
                bucket=found["DocumentsBucket"],
                procedures=procedures,
            ),
            now=datetime.now(UTC),
        )
    click.echo(f"{written.cases} cases and {written.documents} documents are in {folder}.")
    click.echo(f"SHA-256 of {HASHES}, which has those of all files: {written.sha256}")
    for path in written.lost:
        click.echo(f"lost: {path}", err=True)
    if written.lost:
        raise click.exceptions.Exit(1)
