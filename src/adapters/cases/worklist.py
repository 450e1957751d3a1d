"""An organisation's open cases, from the index that lists them by their next date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adapters.cases.attributes import from_attributes, to_attributes
from adapters.cases.table import SHARDS

if TYPE_CHECKING:
    from adapters.site import Site
    from domain.case import Case


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
