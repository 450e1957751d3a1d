"""The one path that deletes what a case holds.

It begins with the domain's guard, deletes the key of the case, and goes on, wherever it broke off, until nothing is
left but a tombstone: reference, organisation, dates, final hash. Nothing else in the code base deletes case data.
(`adapters.post.outbox` takes away messages that belong to no case.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adapters import procedures
from adapters.cases.execute import execute
from adapters.cases.keys import KEY, LostRace
from adapters.cases.store import CaseStore
from adapters.cases.stored import Stored, outbox_items
from adapters.figures.waiting import HEAD
from adapters.people.directory import with_todays_people
from adapters.post.outbox import CERTIFICATE, Certify
from adapters.site import Site
from domain.acts.retention import BeginDeletion
from domain.people import certified
from domain.records import instant

BATCH = 25
"""DynamoDB deletes so many items in one call."""


class Unfinished(Exception):
    """Something could not be deleted yet. The case stays on the list, and the next run goes on."""


def destroy(ref: str, *, site: Site, s3: Any) -> None:
    """Erase the case. Nothing to do where it has been erased already.

    DeletionRefused: something stands against it. Unfinished: call again."""
    if _is_buried(ref, site.store):
        return
    execute(ref, BeginDeletion(), site=site)
    stored = site.store.look(ref)
    if stored is None:
        return
    # First the key: from here on nothing that the case held can be read, wherever a copy of it lies.
    _delete_items(site.store, [(f"CASE#{ref}", KEY)], table=site.store.keys)
    if site.settings.documents_bucket:
        _delete_documents(ref, site.settings.documents_bucket, s3)
    # What goes by it comes no more once it is gone.
    _delete_items(site.store, [(f"CASE#{ref}", HEAD)])
    _delete_items(site.store, _keys_of(stored, site.store))
    try:
        _bury(stored, site)
    except LostRace:
        # Another run may have come to the end first.
        if not _is_buried(ref, site.store):
            raise


def _is_buried(ref: str, store: CaseStore) -> bool:
    return "tombstone" in (store.get(f"CASE#{ref}", "STATE") or ())


def _keys_of(stored: Stored, store: CaseStore) -> Iterator[tuple[str, str]]:
    """Yield everything but the state, which goes last: as long as it is there, the erasure is found and finished.
    Where another run has come to the end meanwhile, its certificates are there, and still have to go out."""
    for item in store.query(f"CASE#{stored.case.ref}", only="PK, SK, person"):
        if item["SK"] == "STATE" or item["SK"].startswith(f"OUTBOX#{CERTIFICATE}"):
            continue
        if item["SK"].startswith("LINK#") and "person" not in item:
            # Of a former link the case knows no more than where it is.
            yield item["SK"], "LINK"
        yield item["PK"], item["SK"]
    if stored.submission:
        yield f"SUBMISSION#{stored.submission}", "SUBMISSION"


def _delete_items(store: CaseStore, keys: Iterable[tuple[str, str]], *, table: str = "") -> None:
    requests = [{"DeleteRequest": {"Key": {"PK": {"S": pk}, "SK": {"S": sk}}}} for pk, sk in keys]
    for start in range(0, len(requests), BATCH):
        waiting: Any = {table or store.table: requests[start : start + BATCH]}
        for _ in range(5):
            waiting = store.client.batch_write_item(RequestItems=waiting).get("UnprocessedItems")
            if not waiting:
                break
        else:
            raise Unfinished("DynamoDB is too busy to delete all items.")


def _delete_documents(ref: str, bucket: str, s3: Any) -> None:
    """Delete every version of every object of the case, and what marks one as deleted; nothing is left afterwards."""
    from adapters.files.documents import PREFIXES

    for prefix in PREFIXES:
        for objects in _versions(f"{prefix}/{ref}/", bucket, s3):
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
            if answer.get("Errors"):
                raise Unfinished("S3 could not delete all documents.")
    if any(True for prefix in PREFIXES for _ in _versions(f"{prefix}/{ref}/", bucket, s3)):
        raise Unfinished("Documents are left, or came while the others were deleted.")


def _versions(prefix: str, bucket: str, s3: Any) -> Iterator[list[dict[str, str]]]:
    """Yield the versions below a prefix, in batches that S3 deletes at once."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        if found:
            yield [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in found]


def _bury(stored: Stored, site: Site) -> None:
    case, store = stored.case, site.store
    now = site.clock.now()
    tombstone = {
        "reference": case.ref,
        "organisation": case.organisation,
        "opened": case.opened_at.date().isoformat(),
        "closed": case.closed_at.date().isoformat() if case.closed_at else "",
        "destroyed": now.date().isoformat(),
        "final_hash": stored.head,
    }
    procedure = with_todays_people(procedures.load(case.organisation), site=site)
    certificates = [
        Certify(
            person=person.id,
            organisation=case.organisation,
            opened=tombstone["opened"],
            closed=tombstone["closed"],
            destroyed=tombstone["destroyed"],
            final_hash=stored.head,
        )
        for person in certified(case, procedure)
    ]
    store.replace_by_tombstone(
        stored,
        {"PK": f"CASE#{case.ref}", "SK": "STATE", "tombstone": tombstone, "destroyed_at": instant(now)},
        outbox_items(
            case.ref,
            ((f"{CERTIFICATE}{number}", certificate) for number, certificate in enumerate(certificates)),
            at=now,
        ),
    )
