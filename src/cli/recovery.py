"""Cases as they were at a moment, brought back into the table that is in use.

Each case goes through the list of destructions first: a tombstone, a certificate that waits, or an erasure that has
begun, in the table of today or in that of then, and it stays destroyed; so it does where its key is gone. Every write
asks for that again.

What is there and has changed since is left as it is: only what is missing comes back, and facts and words that are
not what they were. So nothing that happened since that moment is lost, and doing it twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from adapters.cases.attributes import to_attributes
from adapters.cases.drafts import BEGINNING as DRAFT
from adapters.cases.store import CaseStore
from adapters.cases.stored import Stored, stored_from
from adapters.cases.table import failed_conditions
from adapters.post.outbox import CERTIFICATE
from domain.notices import AS_SENT
from domain.records import FIRST_LINK, chained

AT_ONCE: Final = 99
"""Items in a transaction, beside the one that asks whether the case may come back."""

LARGEST: Final = 3_000_000
"""Bytes in a transaction, by a generous estimate: DynamoDB takes 4 MB."""

KEPT: Final = ("CONTENT#", "EVENT#", "LINK#", "OUTBOX#")
"""What a case holds beside its state. For whom it is listed is made from it again (`adapters.figures.waiting`)."""

Item = dict[str, Any]


class NotBroughtBack(Exception):
    """Nothing more of the case was written; `str()` is a sentence that says why."""


class Destroyed(NotBroughtBack):
    """The case has been destroyed, or is being destroyed. It stays so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What has to be written so that a case is whole again."""

    ref: str
    stands: Stored | None
    """The case as it is today; None: nothing is left of it, or not its state."""
    state: Item | None
    """That of then, where it has to be put back."""
    items: tuple[Item, ...] = ()
    damaged: tuple[Item, ...] = ()
    """What takes the place of something else."""
    effects: tuple[Item, ...] = ()
    """What was delivered, or waits to be: last, because a delivery needs the case."""
    documents: tuple[str, ...] = ()
    """Ids of files that were deleted, of which the bucket has an older version."""
    lost: tuple[str, ...] = ()
    """Ids of files of which it has none."""

    def __bool__(self) -> bool:
        return bool(self.state or self.items or self.damaged or self.effects or self.documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabinet:
    """The bucket with the files of cases. `client`: boto3's for S3."""

    client: Any
    bucket: str

    def version_of(self, ref: str, document: str) -> tuple[bool, str]:
        """Return whether the file is there, and the id of its newest version; empty: there is none."""
        key = f"cases/{ref}/{document}"
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=key)
        for page in pages:
            for version in page.get("Versions", ()):
                if version["Key"] == key:
                    return version["IsLatest"], version["VersionId"]
        return False, ""

    def put_back(self, ref: str, document: str) -> str:
        """Put the newest version on top of what marks the file as deleted; return the id of the new version, empty
        where the older one has gone meanwhile."""
        key = f"cases/{ref}/{document}"
        _, version = self.version_of(ref, document)
        source = {"Bucket": self.bucket, "Key": key, "VersionId": version}
        try:
            answer = self.client.copy_object(Bucket=self.bucket, Key=key, CopySource=source)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchVersion", "NoSuchKey"):
                return ""
            raise
        return str(answer["VersionId"])

    def take_away(self, ref: str, document: str, version: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=f"cases/{ref}/{document}", VersionId=version)


def require_not_destroyed(ref: str, store: CaseStore) -> None:
    """Destroyed: this table says so."""
    state = store.get(f"CASE#{ref}", "STATE")
    if state is not None and "tombstone" in state:
        raise Destroyed(f"It was destroyed on {state['tombstone']['destroyed']}, and stays so.")
    stored = stored_from(state)
    if stored is not None and stored.case.erasing:
        raise Destroyed("It is being destroyed, and stays so.")
    if any(True for _ in store.query(f"CASE#{ref}", f"OUTBOX#{CERTIFICATE}", only="PK, SK")):
        raise Destroyed("There is a certificate of its destruction. It stays destroyed.")


def missing(ref: str, *, then: CaseStore, today: CaseStore, cabinet: Cabinet) -> Missing:
    """Return what has to be written so that the case is whole as it was `then`, with all that happened since.

    Destroyed, NotBroughtBack: see there."""
    require_not_destroyed(ref, today)
    require_not_destroyed(ref, then)
    was = {item["SK"]: item for item in then.query(f"CASE#{ref}")}
    stored = stored_from(was.get("STATE"))
    if stored is None:
        raise NotBroughtBack("There was no such case at that time.")
    _require_whole(stored, was.values())
    _, key = today.get_with_key(ref, ())
    if stored.has_key and key is None:
        raise Destroyed("Its key is not there: it was destroyed, or the key was lost (docs/repair.md).")
    found = {item["SK"]: item for item in today.query(f"CASE#{ref}")}
    stands = stored_from(found.get("STATE"))
    version = stored.case.version
    if stands is None and any(sk.startswith("EVENT#") and sk not in was for sk in found):
        raise NotBroughtBack("Events that came later are still there. Choose a time just before it was lost.")
    items = [item for sk, item in was.items() if sk.startswith(KEPT) and sk not in found]
    if stored.submission and today.get(f"SUBMISSION#{stored.submission}", "SUBMISSION") is None:
        items += _alone(f"SUBMISSION#{stored.submission}", "SUBMISSION", then)
    for sk, item in was.items():
        if sk.startswith("LINK#") and "person" not in item and today.get(sk, "LINK") is None:
            # Of a former link the case knows no more than where it is.
            items += _alone(sk, "LINK", then)
    versions = {document.id: cabinet.version_of(ref, document.id) for document in stored.case.documents}
    gone = {document: newest for document, (is_there, newest) in versions.items() if not is_there}
    return Missing(
        ref=ref,
        stands=stands,
        # A case that was given its key since keeps it.
        state={**was["STATE"], **({"has_key": True} if key is not None else {})}
        if stands is None or stands.case.version < version
        else None,
        items=tuple(item for item in items if not item["SK"].startswith("OUTBOX#")),
        damaged=tuple(
            item for sk, item in was.items() if _never_changes(sk) and sk in found and found[sk] != item
        ),
        effects=tuple(item for item in items if item["SK"].startswith("OUTBOX#")),
        documents=tuple(document for document, newest in gone.items() if newest),
        lost=tuple(document for document, newest in gone.items() if not newest),
    )


def bring_back(found: Missing, *, today: CaseStore, cabinet: Cabinet) -> None:
    """Write what is missing. Broken off anywhere, it can be done again from the beginning.

    Destroyed: somebody destroyed the case meanwhile. NotBroughtBack: somebody changed it."""
    copied = {document: cabinet.put_back(found.ref, document) for document in found.documents}
    try:
        require_not_destroyed(found.ref, today)
    except Destroyed:
        # The erasure may have been through with the files before these came.
        for document, version in copied.items():
            if version:
                cabinet.take_away(found.ref, document, version)
        raise
    if not all(copied.values()):
        raise NotBroughtBack("A file of it has gone for good meanwhile. Run this again.")
    unchanged = _require_state(found, today)
    # An event that comes has the case listed for those whom it waits for, so the last one comes with the state.
    last = [item for item in found.items if item["SK"].startswith("EVENT#")][-1:] if found.state else []
    others = [today.put_new(item) for item in found.items if item not in last]
    for actions in _batches([*others, *(_put(item, today) for item in found.damaged)]):
        _write([unchanged, *actions], found.ref, today)
    if found.state is not None:
        stands = 0 if found.stands is None else found.stands.case.version
        state = today.put_if_version(found.state, expected=stands)
        _write([state, *map(today.put_new, last)], found.ref, today)
    for actions in _batches([today.put_new(item) for item in found.effects]):
        _write([today.require_case(found.ref), *actions], found.ref, today)


def begin(table: str, at: datetime, *, client: Any) -> str:
    """Have DynamoDB restore the whole table as it was into another one, unless it is there already; return the other
    one's name. It has no indexes, which take long and are not asked."""
    name = f"{table[:200]}-{at:%Y%m%d-%H%M%S}"
    try:
        client.describe_table(TableName=name)
    except client.exceptions.ResourceNotFoundException:
        client.restore_table_to_point_in_time(
            SourceTableName=table,
            TargetTableName=name,
            RestoreDateTime=at,
            BillingModeOverride="PAY_PER_REQUEST",
            GlobalSecondaryIndexOverride=[],
        )
    return name


def await_table(name: str, *, client: Any) -> None:
    """Wait until a restored table can be read, for four hours at most."""
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 20, "MaxAttempts": 720})


def _require_whole(stored: Stored, items: Iterable[Item]) -> None:
    events = [item for item in items if item["SK"].startswith("EVENT#")]
    head = FIRST_LINK
    for event in events:
        head = chained(event["fact"], head)
    if head != stored.head or len(events) != stored.case.version:
        raise NotBroughtBack("It was not whole at that time either. Choose an earlier one.")


def _never_changes(sk: str) -> bool:
    if sk.startswith("CONTENT#"):
        return not sk.startswith((f"CONTENT#{DRAFT}", f"CONTENT#{AS_SENT}"))
    return sk.startswith("EVENT#")


def _alone(pk: str, sk: str, then: CaseStore) -> list[Item]:
    item = then.get(pk, sk)
    return [] if item is None else [item]


def _require_state(found: Missing, store: CaseStore) -> dict[str, Any]:
    """Return the transaction's action that fails where the case has come, gone or begun to be destroyed."""
    if found.stands is not None:
        return store.require_case(found.ref)
    key = to_attributes({"PK": f"CASE#{found.ref}", "SK": "STATE"})
    return {
        "ConditionCheck": {
            "TableName": store.table,
            "Key": key,
            "ConditionExpression": "attribute_not_exists(PK)",
        }
    }


def _put(item: Item, store: CaseStore) -> dict[str, Any]:
    return {"Put": {"TableName": store.table, "Item": to_attributes(item)}}


def _batches(actions: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    size = 0
    for action in actions:
        more = len(repr(action))
        if batch and (len(batch) == AT_ONCE or size + more > LARGEST):
            yield batch
            batch, size = [], 0
        batch.append(action)
        size += more
    if batch:
        yield batch


def _write(actions: list[Mapping[str, Any]], ref: str, store: CaseStore) -> None:
    try:
        store.client.transact_write_items(TransactItems=actions)
    except ClientError as error:
        if failed_conditions(error) is None:
            raise
        require_not_destroyed(ref, store)
        raise NotBroughtBack("Somebody changed it meanwhile. Run this again.") from error
