"""The command `replay`: put back what a deployment gave up on.

What that is, and what becomes of each kind, is in `cli.given_up`; docs/repair.md tells people about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from cli.aws import refusals_in_words, resources_of

if TYPE_CHECKING:
    from cli.given_up import Deployment, GivenUp

NEEDED: Final = (
    "CasesTable",
    "AlarmMachine",
    "RetentionMachine",
    "SweepFunction",
    "MailEventsFunction",
    "UndeliveredEffectsQueue",
    "FailedInvocationsQueue",
    "MissedSchedulesQueue",
    "UndeliveredMailEventsQueue",
)
"""The resources of template.yaml that are asked or told something."""

SHOWN: Final = 10
"""How many of a kind are listed one by one."""


@click.command()
@click.option("--stack", required=True, help="Name of the CloudFormation stack, as in samconfig.toml.")
@click.option("--region", help="AWS region. By default, that of your AWS configuration.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
@click.option("--dry-run", is_flag=True, help="List what was given up without changing anything.")
@click.option("--yes", is_flag=True, help="Put it back without asking.")
def replay(stack: str, region: str | None, endpoint_url: str | None, dry_run: bool, yes: bool) -> None:
    """Put back what a deployment gave up on.

    Emails and alarms that could not be delivered for a day, messages in the dead-letter queues, and alarms and
    retention runs that failed: each is tried again. You can run this twice without harm.

    Exit codes: 0 nothing is left to put back; 1 something still is; 2 AWS could not be reached.
    """
    with refusals_in_words():
        deployment = _deployment(stack, region=region, endpoint_url=endpoint_url)
        if not put_back(deployment, stack=stack, dry_run=dry_run, yes=yes):
            raise click.exceptions.Exit(1)


def put_back(deployment: Deployment, *, stack: str, dry_run: bool, yes: bool) -> bool:
    """List what was given up, and put it back unless this is a `dry_run` or the person says no. Return whether nothing
    is left to put back."""
    from cli.given_up import find, release

    found = find(deployment)
    if not found:
        click.echo(f"Nothing has been given up in {stack}.")
        return True
    settled: set[str] = set()
    try:
        for line in _told(found, stack):
            click.echo(line)
        if dry_run:
            return False
        if not (yes or click.confirm("Put it back?")):
            click.echo("Nothing was put back.")
            return False
        return _do(found, deployment, settled)
    finally:
        for message in found.messages:
            if message.receipt not in settled:
                release(message, deployment)


def _do(found: GivenUp, deployment: Deployment, settled: set[str]) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    from cli.given_up import NotPutBack, settle, steps

    done = failed = 0
    for step in steps(found, deployment):
        try:
            step.do()
            for message in step.messages:
                settle(message, deployment)
                settled.add(message.receipt)
        except (NotPutBack, BotoCoreError, ClientError) as error:
            failed += 1
            click.echo(f"  failed  {step.what.rpartition(':')[0]}: {error}", err=True)
        else:
            done += 1
            click.echo(f"  done    {step.what}")
    click.echo(f"{done} done, {failed} failed." if failed else f"{done} done. Nothing is left to put back.")
    return not failed


def _told(found: GivenUp, stack: str) -> Iterator[str]:
    from cli.given_up import QUEUES, about

    yield f"Given up in {stack}:"
    yield from _listed(
        "Emails and alarms that no sweep could deliver within a day",
        [
            f"{effect.ref} {effect.id} {effect.effect.get('notice') or effect.effect.get('deadline', '')}"
            for effect in found.effects
        ],
    )
    counted = Counter(message.queue for message in found.messages)
    for queue, kind in QUEUES.items():
        if counted[queue]:
            yield from _listed(
                f"{kind} ({queue})", [about(message) for message in found.messages if message.queue == queue]
            )
    yield from _listed("Alarms that failed", [arn.rpartition(":")[2] for arn in found.alarms])
    yield from _listed("Retention runs that failed", [found.retention] if found.retention else [])


def _listed(heading: str, entries: list[str]) -> Iterator[str]:
    if entries:
        yield f"  {heading}: {len(entries)}"
        yield from (f"    {entry}" for entry in entries[:SHOWN])
        if len(entries) > SHOWN:
            yield f"    and {len(entries) - SHOWN} more"


def _deployment(stack: str, *, region: str | None, endpoint_url: str | None) -> Deployment:
    import boto3
    from botocore.config import Config

    from cli.given_up import Deployment

    session = boto3.Session(region_name=region)

    def client(service: str, **config: Any) -> Any:
        return session.client(service, endpoint_url=endpoint_url, config=Config(**config))

    return Deployment(
        resources=resources_of(stack, NEEDED, stacks=client("cloudformation")),
        dynamodb=client("dynamodb"),
        # A sweep takes up to 240 seconds, and asking twice would run two.
        functions=client("lambda", read_timeout=300, retries={"max_attempts": 0}),
        queues=client("sqs"),
        machines=client("stepfunctions"),
    )
