"""The command `doctor`: ask AWS whether a deployment is ready to serve.

What is asked, and what is said of the answers, is in `cli.readiness`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from cli.aws import refusals_in_words


@click.command()
@click.option("--stack", required=True, help="Name of the CloudFormation stack, as in samconfig.toml.")
@click.option("--region", help="AWS region. By default, that of your AWS configuration.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
def doctor(stack: str, region: str | None, endpoint_url: str | None) -> None:
    """Ask AWS whether a deployment is ready to serve, and say what to do.

    It only reads. Exit codes: 0 nothing is to be done; 1 something is; 2 AWS could not be reached.
    """
    with refusals_in_words():
        import boto3

        from cli.readiness import observations, read

        session = boto3.Session(region_name=region)

        def client(service: str) -> Any:
            return session.client(service, endpoint_url=endpoint_url)

        found = list(observations(read(stack, client), now=datetime.now(UTC)))
    for observation in found:
        click.echo(f"  {'to do' if observation.to_do else 'ok':<7}{observation.about}")
        if observation.to_do:
            click.echo(f"         {observation.to_do}")
    to_do = sum(1 for observation in found if observation.to_do)
    if to_do:
        click.echo(f"{to_do} of {len(found)} to do. docs/deploy.md says more.")
        raise click.exceptions.Exit(1)
    click.echo(f"{stack} is ready to serve.")
