"""The one table: reading and writing items, whatever they hold.

Keys and items are listed in docs/architecture.md.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from adapters.cases.attributes import from_attributes, to_attributes
from domain.records import instant

AT_ONCE = 100
"""DynamoDB reads so many items in one call."""

READS = 8
"""How often what DynamoDB left out of an answer is asked for again. It leaves out what does not fit into one answer,
and what it has no capacity for: whoever waits for that longer than these tries is better told so."""

SHARDS = 4
"""Partitions of each index: enough for thousands of writes a second, few enough to ask them all."""

HELD = "held"
"""What tells an organisation's closed cases that are due for nothing from its open ones on the index `worklist`."""


DUE_AT_ONCE = 125
"""How much of what is due in a shard is asked for at once."""


class NotRead(Exception):
    """DynamoDB left something unread at every try. Nothing was written; the caller can try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of what an index holds. `after` is the key from which it goes on; None: this was the last part."""

    items: tuple[dict[str, Any], ...]
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    client: Any
    """A DynamoDB client (boto3's low-level one, or botocore's: they are the same)."""
    table: str

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """Return one item, read consistently."""
        answer = self.client.get_item(
            TableName=self.table, Key=to_attributes({"PK": pk, "SK": sk}), ConsistentRead=True
        )
        return from_attributes(answer["Item"]) if "Item" in answer else None

    def get_all(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the items of these keys, each read consistently; what does not exist is left out. NotRead: see
        there."""
        wanted = [(self.table, *key) for key in keys]
        return {(pk, sk): item for (_, pk, sk), item in self.get_from(wanted).items()}

    def get_from(self, wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Return the items of these tables and keys, as `get_all` does: those of several tables in one call."""
        left, found = list(wanted), {}
        while left:
            request: dict[str, Any] = {}
            for table, pk, sk in left[:AT_ONCE]:
                asked = request.setdefault(table, {"Keys": [], "ConsistentRead": True})
                asked["Keys"].append(to_attributes({"PK": pk, "SK": sk}))
            del left[:AT_ONCE]
            for _ in range(READS):
                answer = self.client.batch_get_item(RequestItems=request)
                for table, rows in answer["Responses"].items():
                    for raw in rows:
                        item = from_attributes(raw)
                        found[table, item["PK"], item["SK"]] = item
                request = answer.get("UnprocessedKeys")
                if not request:
                    break
            else:
                raise NotRead("The case cannot be opened at the moment. Try again.")
        return found

    def query(self, pk: str, sk_prefix: str = "", *, only: str = "") -> Iterable[dict[str, Any]]:
        """Return the items of a partition whose sort key begins with `sk_prefix`, in order, read consistently; of each
        no more than the attributes that `only` names (`PK, SK`), where it names any."""
        condition, values = "PK = :pk", {":pk": pk}
        if sk_prefix:
            condition, values = f"{condition} AND begins_with(SK, :sk)", values | {":sk": sk_prefix}
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_attributes(values),
            ConsistentRead=True,
            **({"ProjectionExpression": only} if only else {}),
        )
        for page in pages:
            yield from (from_attributes(raw) for raw in page["Items"])

    def due(self, occasion: str, until: datetime, *, limit: int) -> list[dict[str, Any]]:
        """Return at most so many of what `each_due` yields."""
        return list(islice(self.each_due(occasion, until, at_once=min(limit, DUE_AT_ONCE)), limit))

    def each_due(
        self, occasion: str, until: datetime, *, at_once: int = DUE_AT_ONCE
    ) -> Iterator[dict[str, Any]]:
        """Yield index entries of `wake`, `outbox`, `given-up` or `delete` that are due by `until`: of each shard in
        turn the oldest, so that what fails for ever in one holds up none of the others.
        The index can be behind: read the item itself before acting."""
        shards = [self._due_in(f"{occasion}#{shard}", until, at_once) for shard in range(SHARDS)]
        while shards:
            for shard in [*shards]:
                try:
                    yield next(shard)
                except StopIteration:
                    shards.remove(shard)

    def _due_in(self, shard: str, until: datetime, at_once: int) -> Iterator[dict[str, Any]]:
        after: Mapping[str, Any] | None = None
        while True:
            page = self.page(
                "due",
                "due_shard = :shard AND due_at <= :until",
                {":shard": shard, ":until": instant(until)},
                after=after,
                limit=at_once,
            )
            yield from page.items
            if page.after is None:
                return
            after = page.after

    def page(
        self,
        index: str,
        condition: str,
        values: Mapping[str, Any],
        *,
        after: Mapping[str, Any] | None,
        limit: int,
    ) -> Page:
        """Return at most this many entries of an index, in order, from the key `after` on. The index can be behind."""
        answer = self.client.query(
            TableName=self.table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_attributes(values),
            Limit=limit,
            **({"ExclusiveStartKey": to_attributes(after)} if after is not None else {}),
        )
        key = answer.get("LastEvaluatedKey")
        return Page(
            items=tuple(from_attributes(raw) for raw in answer["Items"]),
            after=from_attributes(key) if key else None,
        )

    def put_new(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return the transaction's action that writes an item that must not exist."""
        return {
            "Put": {
                "TableName": self.table,
                "Item": to_attributes(item),
                "ConditionExpression": "attribute_not_exists(PK)",
            }
        }

    def put_if_version(self, item: Mapping[str, Any], *, expected: int) -> dict[str, Any]:
        """Return the transaction's action that writes an item in the place of version `expected`; 0: of none."""
        if not expected:
            return self.put_new(item)
        return {
            "Put": {
                "TableName": self.table,
                "Item": to_attributes(item),
                # Another version, or no case any more: both mean that the decision was made on what was not true.
                "ConditionExpression": "version = :expected",
                "ExpressionAttributeValues": to_attributes({":expected": expected}),
            }
        }


def shard_of(ref: str) -> int:
    return zlib.crc32(ref.encode()) % SHARDS


def failed_conditions(error: ClientError, *, or_met: bool = True) -> set[int] | None:
    """Return the positions of a transaction's actions whose condition failed, `or_met` another transaction; None: it
    was refused for another reason."""
    response: Any = error.response
    if response["Error"]["Code"] != "TransactionCanceledException":
        return None
    reasons = [reason.get("Code", "None") for reason in response.get("CancellationReasons", ())]
    if set(reasons) - {"ConditionalCheckFailed", "TransactionConflict", "None"}:
        return None
    lost = {"ConditionalCheckFailed", "TransactionConflict"} if or_met else {"ConditionalCheckFailed"}
    return {position for position, code in enumerate(reasons) if code in lost}
