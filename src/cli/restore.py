"""The command `restore`: bring chosen cases back as they were at a time.

What comes back, and what never does, is in `cli.recovery`. docs/repair.md tells people about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from cli import CannotRun
from cli.aws import refusals_in_words, resources_of

if TYPE_CHECKING:
    from adapters.cases.store import CaseStore
    from cli.recovery import Cabinet, Missing

NEEDED: Final = ("CasesTable", "DocumentsBucket", "KeysTable")
"""The resources of template.yaml that are read and written."""


@click.command()
@click.argument("refs", metavar="REF...", nargs=-1, required=True)
@click.option("--at", "when", required=True, help="Time in London just before the loss: 2026-12-21T16:45.")
@click.option("--stack", required=True, help="Name of the CloudFormation stack, as in samconfig.toml.")
@click.option("--region", help="AWS region. By default, that of your AWS configuration.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
@click.option("--dry-run", is_flag=True, help="Show what would come back, and change nothing in the table.")
@click.option("--yes", is_flag=True, help="Bring it back without asking.")
def restore(
    refs: tuple[str, ...],
    when: str,
    stack: str,
    region: str | None,
    endpoint_url: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Bring chosen cases back as they were at a time. A case that was destroyed never comes back.

    The whole table of that time is restored beside the present one, which takes from minutes to hours; what is missing
    of each case is copied; then the other table is deleted. If it was stopped, run it again with the same time.

    Exit codes: 0 each case is whole; 1 one is not, or was not touched; 2 AWS could not be reached.
    """
    from authoring.moments import NoMoment, read_moment

    try:
        moment, note = read_moment(when)
    except NoMoment as error:
        raise CannotRun(str(error)) from error
    if note:
        click.echo(f"{moment:%Y-%m-%d %H:%M}: {note}.")
    with refusals_in_words():
        import boto3

        from adapters.cases.store import CaseStore
        from cli.recovery import Cabinet

        session = boto3.Session(region_name=region)

        def client(service: str) -> Any:
            return session.client(service, endpoint_url=endpoint_url)

        found = resources_of(stack, NEEDED, stacks=client("cloudformation"))
        store = CaseStore(client=client("dynamodb"), table=found["CasesTable"], keys=found["KeysTable"])
        cabinet = Cabinet(client=client("s3"), bucket=found["DocumentsBucket"])
        at = moment.astimezone(UTC)
        if not restored(refs, at, store=store, cabinet=cabinet, dry_run=dry_run, yes=yes):
            raise click.exceptions.Exit(1)


def restored(
    refs: tuple[str, ...], at: datetime, *, store: CaseStore, cabinet: Cabinet, dry_run: bool, yes: bool
) -> bool:
    """Bring the cases back as they were `at` that time, unless this is a `dry_run` or the person says no. Return
    whether each of them is whole now."""
    from adapters.cases.store import CaseStore
    from cli.recovery import Destroyed, await_table, begin, require_not_destroyed

    wanted = []
    for ref in dict.fromkeys(refs):
        try:
            require_not_destroyed(ref, store)
            wanted.append(ref)
        except Destroyed as refusal:
            click.echo(f"{ref}: {refusal}", err=True)
    if not wanted:
        return False
    other = begin(store.table, at, client=store.client)
    click.echo(f"The table as it was is being restored as {other}. This can take an hour.")
    await_table(other, client=store.client)
    found = list(_looked_at(wanted, CaseStore(client=store.client, table=other), store, cabinet))
    lacking = [plan for plan in found if plan]
    for plan in found:
        for line in _told(plan):
            click.echo(line)
    if lacking and (dry_run or not (yes or click.confirm("Bring it back?"))):
        click.echo(
            f"Nothing was brought back. Delete the table {other} if you do not go on: it holds all cases."
        )
        return False
    done = _bring_back(lacking, store, cabinet)
    store.client.delete_table(TableName=other)
    click.echo(f"The table {other} is deleted.")
    return done == len(lacking) and len(found) == len(set(refs)) and not any(plan.lost for plan in found)


def _looked_at(refs: list[str], then: CaseStore, today: CaseStore, cabinet: Cabinet) -> Iterator[Missing]:
    from cli.recovery import NotBroughtBack, missing

    for ref in refs:
        try:
            yield missing(ref, then=then, today=today, cabinet=cabinet)
        except NotBroughtBack as refusal:
            click.echo(f"{ref}: {refusal}", err=True)


def _bring_back(lacking: list[Missing], store: CaseStore, cabinet: Cabinet) -> int:
    from cli.recovery import NotBroughtBack, bring_back

    done = 0
    for plan in lacking:
        try:
            bring_back(plan, today=store, cabinet=cabinet)
        except NotBroughtBack as refusal:
            click.echo(f"{plan.ref}: {refusal}", err=True)
        else:
            done += 1
            click.echo(f"{plan.ref}: brought back")
    return done


def _told(found: Missing) -> Iterator[str]:
    if not found and not found.lost:
        yield f"{found.ref}: nothing is missing"
        return
    counted = {
        "items missing": len(found.items) + len(found.effects) + (found.state is not None),
        "items changed that never change": len(found.damaged),
        "files deleted": len(found.documents),
        "files that cannot be brought back": len(found.lost),
    }
    yield f"{found.ref}: " + ", ".join(f"{count} {what}" for what, count in counted.items() if count)
