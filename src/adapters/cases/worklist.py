"""An organisation's cases in which something is still to be done, from the indexes that list them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from adapters.cases.attributes import from_attributes, to_attributes
from adapters.cases.table import SHARDS
from adapters.people.directory import beginnings
from domain.procedure import organisation_in

if TYPE_CHECKING:
    from adapters.site import Site
    from domain.case import Case

BATCH: Final = 100


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


def every_closed_case_awake(organisation: str, *, site: Site) -> Iterator[Case]:
    """Yield an organisation's closed cases in which somebody still has something to do, each read consistently. The
    index can be behind."""
    for shard in range(SHARDS):
        after = None
        while True:
            values = {":shard": f"wake#{shard}"}
            page = site.store.page("due", "due_shard = :shard", values, after=after, limit=BATCH)
            refs = [str(item["ref"]) for item in page.items]
            theirs = [ref for ref in refs if ref.partition("-")[0] in beginnings(organisation)]
            for case in (stored.case for stored in site.store.load_all(theirs)):
                if not case.is_open and organisation_in(case.organisation) == organisation:
                    yield case
            if (after := page.after) is None:
                break
