"""Effects that no event asks for: those to staff, and the certificates of destructions.

They wait in the outbox like those that follow from events, but concern an organisation and no single case, or a case
that is gone. So nothing is kept of them: they are taken away once they are delivered, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from adapters.cases.attributes import to_attributes
from adapters.cases.store import CaseStore
from adapters.cases.stored import Undelivered
from adapters.cases.table import failed_conditions, shard_of
from adapters.correlation import correlation
from domain.records import instant, to_record

INVITATION: Final = "OUTBOX#INVITE#"
"""How the sort key of an invitation begins. One that could not be sent for half a day is not sent any more."""

DEPARTURE: Final = "LEFT#"
"""How the sort key of a departure begins: what the stream's filter in template.yaml passes over."""

CERTIFICATE: Final = "CERTIFICATE#"
"""How the sort key of a certificate goes on after `OUTBOX#`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """The effect that follows when a member of staff asked for the link to their own page."""

    person: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """The effect that follows when `person` was removed from the directory, or lost roles. `roles`: those that they had
    and have no more."""

    person: str
    organisation: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfDeparture:
    """The effect that follows for each person who is told: in these cases, by reference, somebody else has to do what
    `left` was to do, who has left or has lost these `roles`."""

    person: str
    left: str
    cases: tuple[str, ...]
    organisation: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certify:
    """The effect that follows from a destruction: tell `person`, with what the tombstone holds."""

    person: str
    organisation: str
    opened: str
    closed: str
    destroyed: str
    final_hash: str


class ToStaff(Protocol):
    """An effect that concerns an organisation's staff, and no single case."""

    @property
    def organisation(self) -> str: ...


def staff_item(effect_id: str, effect: ToStaff, *, at: datetime) -> dict[str, Any]:
    """Return what is stored of an effect that waits to be delivered and stands in no case."""
    return {
        "PK": staff_partition(effect.organisation),
        "SK": effect_id,
        "ref": effect.organisation,
        "effect": to_record(effect),
        "correlation": correlation(),
        "due_shard": f"outbox#{shard_of(effect.organisation)}",
        "due_at": instant(at),
    }


def staff_partition(organisation: str) -> str:
    """Return where in the table the effects to an organisation's staff stand."""
    return f"STAFF#{organisation}"


def organisation_of(partition: str) -> str | None:
    """Return the organisation whose effects stand in a partition of the table; None: it is not one of those."""
    name = partition.removeprefix(staff_partition(""))
    return None if name == partition else name


def forget_certificate(sent: Undelivered, store: CaseStore) -> None:
    """Take a certificate that was sent out of the outbox: of a destroyed case nothing stays but the tombstone.

    ValueError: it is no certificate. What else is in an outbox stays as long as the case does."""
    if not sent.id.startswith(f"OUTBOX#{CERTIFICATE}"):
        raise ValueError(f"{sent.id} of {sent.ref} is no certificate.")
    store.client.delete_item(TableName=store.table, Key=to_attributes(sent.key))


def forget_message(partition: str, effect_id: str, store: CaseStore) -> None:
    """Take a message that concerns staff and no single case out of the table, once it is sent or nobody needs it any
    more.

    ValueError: it is something else. What belongs to a case stays as long as the case does."""
    if partition.startswith("CASE#") or not effect_id.startswith("OUTBOX#"):
        raise ValueError(f"{effect_id} of {partition} is no message to staff.")
    store.client.delete_item(TableName=store.table, Key=to_attributes({"PK": partition, "SK": effect_id}))


def replace_departure(
    departure: Undelivered, messages: Iterable[Mapping[str, Any]], store: CaseStore
) -> None:
    """Put the messages that follow from somebody's departure in its place. Nothing where that was done already.

    ValueError: it is something else. What belongs to a case stays as long as the case does."""
    if departure.partition.startswith("CASE#") or not departure.id.startswith(DEPARTURE):
        raise ValueError(f"{departure.id} of {departure.partition} is no departure.")
    taken_away = {
        "TableName": store.table,
        "Key": to_attributes(departure.key),
        "ConditionExpression": "attribute_exists(PK)",
    }
    actions = [{"Delete": taken_away}, *(store.put_new(message) for message in messages)]
    try:
        store.client.transact_write_items(TransactItems=actions)
    except ClientError as error:
        if 0 not in (failed_conditions(error, or_met=False) or ()):
            raise
