"""The command `cases`: which cases a deployment has open, and what has happened to one.

Nothing that anybody wrote is read: a person who keeps a deployment running has no part in its cases.
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

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


@click.command()
@click.argument("ref", required=False)
@click.option("--stack", required=True, help="Name of the CloudFormation stack, as in samconfig.toml.")
@click.option("--region", help="AWS region. By default, that of your AWS configuration.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
def cases(ref: str | None, stack: str, region: str | None, endpoint_url: str | None) -> None:
    """List the open cases of a deployment, or show what has happened to the case REF.

    Dates, stages and who did what, by their ids. Nothing that anybody wrote is read.
    """
    with refusals_in_words():
        import boto3

        from adapters.cases.store import CaseStore

        session = boto3.Session(region_name=region)
        stacks = session.client("cloudformation", endpoint_url=endpoint_url)
        table = resources_of(stack, ["CasesTable"], stacks=stacks)["CasesTable"]
        store = CaseStore(client=session.client("dynamodb", endpoint_url=endpoint_url), table=table)
        for line in told(store) if ref is None else told_of(ref, store):
            click.echo(line)


def told(store: CaseStore) -> Iterator[str]:
    """Yield a line for each open case, that which is looked at next first."""
    entries = store.due("wake", FOREVER, limit=100_000)
    found = {stored.case.ref: stored.case for stored in store.load_all(entry["ref"] for entry in entries)}
    if not found:
        yield "No case is open."
        return
    for entry in sorted(entries, key=lambda entry: str(entry["due_at"])):
        if (case := found.get(entry["ref"])) is not None:
            missed = "  missed a date" if case.breaches else ""
            yield f"{case.ref:<16}{case.organisation}  {case.current.stage}  next {_spelled(entry['due_at'])}{missed}"


def told_of(ref: str, store: CaseStore) -> Iterator[str]:
    """Yield what a case is and what has happened to it, and what waits to be delivered.

    CannotRun: there is no such case, or it was destroyed."""
    stored = store.load(ref)
    if stored is None:
        raise CannotRun(f"There is no case {ref} here, or it has been destroyed.")
    case = stored.case
    yield f"{ref}: {case.kind}, {case.organisation} version {case.procedure_version}, stage {case.current.stage}"
    yield "open" if case.is_open else f"closed {_at(case.closed_at)}"
    for promised in stored.promised:
        yield f"  due {_at(promised.due_at)}  {promised.deadline}"
    yield "What has happened:"
    for row in store.events(ref):
        fact = row["fact"]
        yield f"  {_spelled(fact['at'])}  {fact['type']}  {fact['by']}"
    waiting = [effect for effect in store.query(f"CASE#{ref}", "OUTBOX#") if "due_shard" in effect]
    if waiting:
        yield "What waits to be delivered:"
    for effect in waiting:
        tried = f"  tried {effect['tries']} times" if effect.get("tries") else ""
        yield f"  {_effect(effect['effect'])}{tried}"


def _effect(effect: Any) -> str:
    if "notice" in effect:
        return f"{effect['notice']} to {effect['person']}"
    return f"{effect['type']} {effect.get('deadline', effect.get('person', ''))}"


def _spelled(instant: str) -> str:
    return _at(datetime.fromisoformat(instant))


def _at(moment: datetime | None) -> str:
    from domain.calendars import to_london

    return "" if moment is None else f"{to_london(moment):%Y-%m-%d %H:%M}"
