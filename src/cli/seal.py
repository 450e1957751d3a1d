"""The command `seal`: seal what was stored before there were keys, and wrap keys by the newest secret.

What is done to a case is in `cli.resealing`. docs/deploy.md says when to run it.
"""

from __future__ import annotations

from typing import Any, Final

import click

from authoring.where import procedures_folder
from cli import CannotRun
from cli.aws import refusals_in_words, resources_of, sealed_cases

NEEDED: Final = ("CasesTable", "KeysTable")
"""The resources of template.yaml that are read and written."""


@click.command()
@click.option("--stack", required=True, help="Name of the CloudFormation stack, as in samconfig.toml.")
@click.option("--region", help="AWS region. By default, that of your AWS configuration.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
def seal(stack: str, region: str | None, endpoint_url: str | None) -> None:
    """Seal all that people wrote before each case had a key, and wrap all keys by the newest secret.

    Run it once after the first deployment that has keys, and after `dueprocess secret --new`. If it was stopped, run it
    again: what is done already is left as it is.

    Exit codes: 0 everything is sealed; 2 it could not be done.
    """
    with refusals_in_words():
        import boto3

        from cli.resealing import Moving, Resealed, reseal_all
        from domain.procedure import DATA_PROTECTION

        session = boto3.Session(region_name=region)

        def client(service: str) -> Any:
            return session.client(service, endpoint_url=endpoint_url)

        found = resources_of(stack, NEEDED, stacks=client("cloudformation"))
        store = sealed_cases(stack, found, client=client)
        files = procedures_folder().glob("*.yaml")
        slugs = [slug for file in sorted(files) for slug in (file.stem, f"{file.stem}/{DATA_PROTECTION}")]
        done = Resealed()
        try:
            for done in reseal_all(slugs, store):
                if done.cases % 100 == 0:
                    click.echo(f"{done.cases} cases ...", err=True)
        except Moving as error:
            raise CannotRun(str(error)) from error
    click.echo(
        f"{done.cases} cases: {done.contents} contents sealed, {done.keys} keys given, "
        f"{done.wrapped} keys wrapped anew."
    )
