"""An organisation's open cases, from the index that lists them by their next date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from adapters.cases.attributes import from_attributes, to_attributes
from adapters.cases.table import SHARDS

if TYPE_CHECKING:
    from adapters.site import Site
    from domain.case import Case

MOST_CASES = 100
"""How many cases a list of what waits goes through for each shard of the index."""


def open_cases(slug: str, *, site: Site) -> list[str]:
    """Return references of a procedure's open cases, those whose next date is nearest first. The index can be
    behind."""
    found: list[dict[str, Any]] = []
    for shard in range(SHARDS):
        answer = site.store.client.query(
            TableName=site.store.table,
            IndexName="worklist",
            KeyConditionExpression="worklist_shard = :shard",
            ExpressionAttributeValues=to_attributes({":shard": f"{slug}#{shard}"}),
            Limit=MOST_CASES,
        )
        found.extend(from_attributes(raw) for raw in answer["Items"])
    return [str(item["ref"]) for item in sorted(found, key=lambda item: str(item["next_due"]))]


def asleep(slug: str, *, site: Site) -> Iterator[str]:
    """Yield references of a procedure's open cases that nothing wakes any more: rules by which that could be so stored
    them. The index can be behind."""
    for shard in range(SHARDS):
        pages = site.store.client.get_paginator("query").paginate(
            TableName=site.store.table,
            IndexName="worklist",
            KeyConditionExpression="worklist_shard = :shard AND next_due = :none",
            ExpressionAttributeValues=to_attributes({":shard": f"{slug}#{shard}", ":none": "none"}),
        )
        for page in pages:
            yield from (str(from_attributes(raw)["ref"]) for raw in page["Items"])


def every_open_case(slug: str, *, site: Site) -> Iterator[Case]:
    """Yield all of a procedure's open cases, each read consistently. The index can be behind."""
    for shard in range(SHARDS):
        pages = site.store.client.get_paginator("query").paginate(
            TableName=site.store.table,
            IndexName="worklist",
            KeyConditionExpression="worklist_shard = :shard",
            ExpressionAttributeValues=to_attributes({":shard": f"{slug}#{shard}"}),
        )
        for page in pages:
            refs = [str(from_attributes(raw)["ref"]) for raw in page["Items"]]
            yield from (stored.case for stored in site.store.load_all(refs))
