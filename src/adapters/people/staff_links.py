"""The links with which staff reach their own page.

A link is made like those to cases: 256 bits, of which the table knows the SHA-256. It is bound to an organisation and
a person of its directory instead of a case, lasts for hours instead of weeks, and ends when the person leaves the
directory. Nobody has a password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from botocore.exceptions import ClientError

from adapters.cases.attributes import to_attributes
from adapters.cases.table import failed_conditions
from adapters.correlation import correlate
from adapters.people.links import BETWEEN_RENEWALS, hash_of
from adapters.post.outbox import INVITATION, Invite, forget_message, staff_item, staff_partition
from adapters.site import Site
from domain.procedure import Person
from domain.records import instant

VALID_FOR = timedelta(hours=12)
"""A working day. Whoever works longer asks for another one."""

StaffAction = Literal["enter", "open", "directory"]
"""What a staff link is for: enter a case for somebody, open a case of one's own, keep the directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLink:
    """What a secret allows. `hash` is the secret's SHA-256."""

    hash: str
    organisation: str
    person: str
    actions: tuple[StaffAction, ...]
    expires_at: datetime

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at


def ask_for_link(organisation: str, person: Person, *, site: Site) -> bool:
    """Have a link sent to the person's address in the directory; False: one was sent a moment ago."""
    now, store = site.clock.now(), site.store
    effect_id = f"{INVITATION}{site.identities.content_id()}"
    item = staff_item(effect_id, Invite(person=person.id, organisation=organisation), at=now)
    remember = {
        "Update": {
            "TableName": store.table,
            "Key": to_attributes({"PK": staff_partition(organisation), "SK": f"INVITED#{person.id}"}),
            "UpdateExpression": "SET invited_at = :now",
            "ConditionExpression": "attribute_not_exists(invited_at) OR invited_at < :before",
            "ExpressionAttributeValues": to_attributes(
                {":now": instant(now), ":before": instant(now - BETWEEN_RENEWALS)}
            ),
        }
    }
    try:
        store.client.transact_write_items(TransactItems=[remember, store.put_new(item)])
    except ClientError as error:
        if failed_conditions(error) is None:
            raise
        return False
    return True


def invitation(organisation: str, effect_id: str, *, site: Site) -> dict[str, Any] | None:
    """Return the effect that waits, as stored; None: it was delivered, or could not be for so long that nobody waits
    for it any more."""
    item = site.store.get(staff_partition(organisation), effect_id)
    if item is None:
        return None
    if site.clock.now() - datetime.fromisoformat(item["due_at"]) > VALID_FOR:
        forget_message(staff_partition(organisation), effect_id, site.store)
        return None
    correlate(item.get("correlation", ""))
    effect: dict[str, Any] = item["effect"]
    return effect


def mint_staff_link(organisation: str, person: str, *, site: Site) -> str:
    """Return a new secret. What can be done with it is asked of the directory each time."""
    secret = site.identities.secret()
    expires_at = site.clock.now() + VALID_FOR
    item = {
        "PK": f"STAFFLINK#{hash_of(secret)}",
        "SK": "LINK",
        "organisation": organisation,
        "person": person,
        "actions": list(get_args(StaffAction)),
        "expires_at": instant(expires_at),
        # DynamoDB itself removes it some days later: there is no case with which it could be destroyed.
        "expires": int((expires_at + timedelta(days=1)).timestamp()),
    }
    site.store.client.transact_write_items(TransactItems=[site.store.put_new(item)])
    return secret


def find_staff_link(secret: str, *, site: Site) -> StaffLink | None:
    """Return the link of a secret, expired or not; None: there is none, or none any more."""
    hashed = hash_of(secret)
    item = site.store.get(f"STAFFLINK#{hashed}", "LINK")
    if item is None:
        return None
    known: tuple[StaffAction, ...] = get_args(StaffAction)
    return StaffLink(
        hash=hashed,
        organisation=item["organisation"],
        person=item["person"],
        actions=tuple(action for action in item["actions"] if action in known),
        expires_at=datetime.fromisoformat(item["expires_at"]),
    )
