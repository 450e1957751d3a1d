"""The links that people act with.

A link's secret is made when a notice is sent and is stored nowhere: the table knows its SHA-256. It is the case's
reference and 256 random bits, so that link and case are found in one read. A link is an item of its case, so that it
goes with it. What a link allows is bound to a case, a person, a stage and actions; whether it is allowed *now* is for
the domain to say whenever the link is used, so that an assignment or a decision ends every link that it was for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from adapters.cases.attributes import to_attributes
from adapters.cases.stored import Stored, outbox_items, stored_from
from adapters.cases.table import failed_conditions
from adapters.identities import is_reference, is_secret
from adapters.people.directory import note_read, stale
from adapters.site import Site
from domain.case import Case
from domain.effect import Tell
from domain.records import instant
from domain.registry import bound_to, is_bound_to, names

VALID_FOR = timedelta(days=60)
"""Longer than any reply is waited for. An expired link is recognised as long as the case exists, so that whoever
comes later, even years after the closure, can have a fresh one sent."""

BETWEEN_RENEWALS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a secret allows. `key` is its item's; `sent_to` says to which address it went, as `Case.link_goes_to`
    tells them apart. Former links name all that they are for."""

    key: tuple[str, str]
    ref: str
    person: str
    stage: str
    sent_for: str
    sent_to: str
    expires_at: datetime
    named: tuple[str, ...] = ()

    def allows(self, act: str) -> bool:
        """Return whether the link is for this act, should it be possible."""
        return act in self.named if self.named else is_bound_to(act, self.person)

    @property
    def acts(self) -> tuple[str, ...]:
        """What the link is for: first what it was sent for, so that the page can say why that is over, then whatever
        people like its person do."""
        named = self.named or (self.sent_for, *bound_to(self.person))
        return tuple(act for act in dict.fromkeys(named) if act in names())

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    def went_elsewhere(self, case: Case) -> bool:
        """Return whether it went to an address that has been corrected since: whoever reads what arrives there is not
        the complainant."""
        return self.sent_to != case.link_goes_to(self.person)


class CaseGone(Exception):
    """The case does not exist, or is being destroyed: nobody can be sent a link to it."""


def mint(*, ref: str, person: str, stage: str, sent_for: str, sent_to: str, site: Site) -> str:
    """Return a new secret. CaseGone: there is nothing that it could be for."""
    secret = f"{ref}.{site.identities.secret()}"
    pk, sk = _key(ref, hash_of(secret))
    link = {
        "PK": pk,
        "SK": sk,
        "person": person,
        "stage": stage,
        "sent_for": sent_for,
        "expires_at": instant(site.clock.now() + VALID_FOR),
        **({"sent_to": sent_to} if sent_to else {}),
    }
    store = site.store
    try:
        store.client.transact_write_items(TransactItems=[store.require_case(ref), store.put_new(link)])
    except ClientError as error:
        if failed_conditions(error) == {0} and store.look(ref) is None:
            raise CaseGone from error
        raise
    return secret


def find(secret: str, site: Site) -> tuple[Link, Stored | None] | None:
    """Return the link of a secret, expired or not, with its case; None: there is none, or none any more. One
    consistent read; none at all where the secret cannot be one.

    store.NotRead: the table is too busy."""
    ref, _, drawn = secret.partition(".")
    if not is_reference(ref) or not is_secret(drawn):
        return None
    hashed = hash_of(secret)
    directories = stale(ref, site=site)
    # Links used to be items by themselves, and the case knew no more than their names. Those are found as before.
    keys = (f"LINK#{hashed}", "LINK"), _key(ref, hashed)
    found, of_case = site.store.get_with_key(ref, [*keys, (f"CASE#{ref}", "STATE"), *directories])
    note_read(directories, found, site=site)
    key = next((key for key in keys if key in found), None)
    if key is None:
        return None
    item = found[key]
    link = Link(
        key=key,
        ref=ref,
        person=item["person"],
        stage=item["stage"],
        sent_for=item.get("sent_for", ""),
        sent_to=item.get("sent_to", ""),
        expires_at=datetime.fromisoformat(item["expires_at"]),
        named=tuple(item.get("actions", ())),
    )
    return link, stored_from(found.get((f"CASE#{ref}", "STATE")), of_case)


def _key(ref: str, hashed: str) -> tuple[str, str]:
    return f"CASE#{ref}", f"LINK#{hashed}"


def fingerprint(secret: str, act: str, words: Mapping[str, Any]) -> str:
    """Return sixteen hexadecimal digits that are the same whenever `act` is done with the same words from the same
    link. They tell nothing of the words to whoever does not have the secret, which is stored nowhere."""
    said = json.dumps([act, words], sort_keys=True, ensure_ascii=True)
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:16]


def renew(link: Link, site: Site) -> bool:
    """Have a fresh link sent to the address that is registered for the link's person; False: one was sent a moment
    ago, or the case is gone. Whoever holds the old link learns nothing by it."""
    now = site.clock.now()
    fresh = Tell(person=link.person, notice="fresh-link", stage=link.stage, what="fresh-link")
    (item,) = outbox_items(link.ref, [(f"FRESH#{site.identities.content_id()}", fresh)], at=now)
    store = site.store
    remember = {
        "Update": {
            "TableName": store.table,
            "Key": to_attributes({"PK": link.key[0], "SK": link.key[1]}),
            "UpdateExpression": "SET renewed_at = :now",
            "ConditionExpression": "attribute_exists(PK) AND "
            "(attribute_not_exists(renewed_at) OR renewed_at < :before)",
            "ExpressionAttributeValues": {
                ":now": {"S": instant(now)},
                ":before": {"S": instant(now - BETWEEN_RENEWALS)},
            },
        }
    }
    try:
        store.client.transact_write_items(
            TransactItems=[store.require_case(link.ref), remember, store.put_new(item)]
        )
    except ClientError as error:
        if failed_conditions(error) is None:
            raise
        return False
    return True


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
