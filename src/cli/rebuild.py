"""The command `rebuild`: make the lists of what waits for whom again from the cases that there are."""

from __future__ import annotations

import click

from cli import CannotRun
from cli.aws import refusals_in_words, resources_of


@click.command()
@click.option("--stack", required=True, help="Name of the CloudFormation stack, as in samconfig.toml.")
@click.option("--region", help="AWS region. By default, that of your AWS configuration.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
def rebuild(stack: str, region: str | None, endpoint_url: str | None) -> None:
    """Make again what staff's own pages list.

    The lists follow what happens in cases by themselves. Use this after you have restored a table, or where a case is
    missing from somebody's page. You can run this twice without harm.
    """
    with refusals_in_words():
        import boto3
        from botocore.config import Config

        from cli.given_up import NotPutBack, sweeps_done

        session = boto3.Session(region_name=region)
        stacks = session.client("cloudformation", endpoint_url=endpoint_url)
        # A sweep takes up to 240 seconds, and asking twice would run two.
        config = Config(read_timeout=300, retries={"max_attempts": 0})
        functions = session.client("lambda", endpoint_url=endpoint_url, config=config)
        sweep = resources_of(stack, ["SweepFunction"], stacks=stacks)["SweepFunction"]
        try:
            sweeps_done(sweep, functions, lists_anew=True)
        except NotPutBack as error:
            raise CannotRun(str(error)) from error
    click.echo("The lists have been made again.")
