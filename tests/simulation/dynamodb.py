"""DynamoDB in memory: one table, the operations that the application uses, and no kinder than the real one.

Every other operation, and every parameter that is not listed, is refused by `NotSimulated`. Errors are botocore's
own (`ClientError` with the codes and cancellation reasons that DynamoDB gives). tests/simulation/test_dynamodb.py
holds it against moto's by generated operations.

An index is a projection that can be read as it was some time ago: `Table.lag` says how long. What it costs in
request units is counted in `Table.used`. Whatever is written together is shown together to `Table.observers`,
which is where the stream and the invariants listen.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.expressions import (
    Condition,
    Filling,
    Invalid,
    Item,
    NotSimulated,
    condition,
    filling,
    key_condition,
    look_up,
    ordered,
    projection,
    sort_value,
    update,
)

LARGEST_ITEM = 400 * 1024
LARGEST_TRANSACTION = 4 * 1024 * 1024
LARGEST_PAGE = 1024 * 1024
LONGEST_KEY = {"PK": 2048, "SK": 1024}
MOST_ACTIONS = 100
MOST_KEYS = 100
MOST_WRITES = 25
ITEM_OVERHEAD = 100
"""The bytes that are billed for storing an item, or an index's entry, beside its own."""

Key = tuple[str, str]


class ExceptionsOf:
    """A client's `exceptions`: a class for each code, made when it is first asked for."""

    def __init__(self) -> None:
        self._known: dict[str, type[ClientError]] = {}

    def __getattr__(self, code: str) -> type[ClientError]:
        if code not in self._known:
            self._known[code] = type(code, (ClientError,), {})
        return self._known[code]

    def error(
        self,
        code: str,
        message: str,
        operation: str,
        *,
        status: int = 400,
        reasons: list[dict[str, str]] | None = None,
    ) -> ClientError:
        """An error as botocore raises it."""
        response: dict[str, Any] = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status, "RetryAttempts": 3},
        }
        if reasons is not None:
            response["CancellationReasons"] = reasons
        return getattr(self, code)(response, operation)


EXCEPTIONS = ExceptionsOf()


@dataclass(frozen=True, slots=True)
class Write:
    """One item before and after; None: it was not there, or is there no longer."""

    key: Key
    old: Item | None
    new: Item | None
    size: int = 0
    """Of the new item, in bytes."""


@dataclass(slots=True)
class Index:
    """A sparse projection by other keys."""

    name: str
    hash: str
    range: str
    projected: frozenset[str]
    entries: dict[str, dict[Key, Item]] = field(default_factory=dict)
    changes: int = 0
    journal: list[tuple[float, Key, Item | None, Item | None]] = field(default_factory=list)
    """What changed when: the entry before and after. Only as far back as `Table.remember` says."""

    def copied(self) -> Index:
        new = copy.copy(self)
        new.entries = {shard: dict(found) for shard, found in self.entries.items() if found}
        new.journal = [*self.journal]
        return new


@dataclass(slots=True)
class Table:
    """Rows by partition and sort key. Time is whatever `now` says, in seconds."""

    name: str
    indexes: dict[str, Index]
    now: Callable[[], float] = lambda: 0.0
    lag: Callable[[str], float] = lambda index: 0.0
    """How far behind an index is, in seconds, asked at each of its reads."""
    remember: float = 0.0
    partitions: dict[str, dict[str, Item]] = field(default_factory=dict)
    observers: list[Callable[[Sequence[Write]], None]] = field(default_factory=list)
    used: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    sizes: dict[Key, int] = field(default_factory=dict)
    bytes: int = 0
    """What is billed as stored: items and the entries of indexes, each with its overhead."""
    byte_seconds: float = 0.0
    """Bytes by the seconds for which they were stored, up to `stored_until`."""
    stored_until: float = 0.0

    def copied(self) -> Table:
        """The same rows in a table of its own, which nobody observes."""
        new = copy.copy(self)
        new.indexes = {name: index.copied() for name, index in self.indexes.items()}
        new.partitions = {pk: dict(rows) for pk, rows in self.partitions.items()}
        new.observers, new.used, new.sizes = [], self.used.copy(), dict(self.sizes)
        return new

    # Operations, by the name of the client's method.

    def get_item(
        self, *, TableName: str, Key: Any, ConsistentRead: bool = False, **more: Any
    ) -> dict[str, Any]:
        self._only(more, "ProjectionExpression", "ExpressionAttributeNames")
        key = self.key_in(TableName, Key, "GetItem")
        found = self._at(key)
        self._count_read(key, consistent=ConsistentRead)
        if found is None:
            return {}
        return {"Item": self._projected(found, more, "GetItem")}

    def batch_get_item(self, *, RequestItems: Any) -> dict[str, Any]:
        wanted = self._one_table(RequestItems, "BatchGetItem")
        more = {name: one for name, one in wanted.items() if name not in ("Keys", "ConsistentRead")}
        self._only(more, "ProjectionExpression", "ExpressionAttributeNames")
        keys = [self.key_in(self.name, key, "BatchGetItem") for key in wanted["Keys"]]
        if not 1 <= len(keys) <= MOST_KEYS:
            raise _invalid("BatchGetItem", "Too many items requested for the BatchGetItem call.")
        if len(set(keys)) < len(keys):
            raise _invalid("BatchGetItem", "Provided list of item keys contains duplicates")
        found = []
        for key in keys:
            item = self._at(key)
            self._count_read(key, consistent=wanted.get("ConsistentRead", False))
            if item is not None:
                found.append(self._projected(item, more, "BatchGetItem"))
        return {"Responses": {self.name: found}, "UnprocessedKeys": {}}

    def query(self, *, TableName: str, KeyConditionExpression: str, **more: Any) -> dict[str, Any]:
        self._only(
            more,
            "ExpressionAttributeValues",
            "ExpressionAttributeNames",
            "IndexName",
            "Limit",
            "ExclusiveStartKey",
            "ConsistentRead",
            "ScanIndexForward",
            "FilterExpression",
            "ProjectionExpression",
        )
        self._named(TableName, "Query")
        index = None
        if "IndexName" in more:
            index = self.indexes.get(more["IndexName"])
            if index is None:
                raise _invalid("Query", "The table does not have the specified index.")
            if more.get("ConsistentRead"):
                raise _invalid("Query", "Consistent reads are not supported on global secondary indexes")
        if more.get("Limit", 1) < 1:
            raise _invalid("Query", "Limit has to be at least 1.")
        try:
            wanted = key_condition(KeyConditionExpression)
            kept = condition(more["FilterExpression"]) if "FilterExpression" in more else None
            named = (
                projection(more["ProjectionExpression"])
                if "ProjectionExpression" in more
                else ((), frozenset[str]())
            )
            with_ = filling(
                more.get("ExpressionAttributeNames"),
                more.get("ExpressionAttributeValues"),
                wanted,
                kept,
                more_names=named[1],
            )
        except Invalid as wrong:
            raise _invalid("Query", str(wrong)) from wrong
        hash_name, range_name = (index.hash, index.range) if index else ("PK", "SK")
        if _named(wanted.partition, with_) != hash_name or (
            wanted.sort and _named(wanted.sort, with_) != range_name
        ):
            raise _invalid("Query", "Query condition missed key schema element")
        rows = self._rows(index, with_.values[wanted.partition_value], range_name)
        rows = [
            row
            for row in rows
            if _meets(row[0][range_name], wanted.operator, with_.values.get(wanted.sort_value))
        ]
        if not more.get("ScanIndexForward", True):
            rows.reverse()
        if "ExclusiveStartKey" in more:
            rows = _after(
                rows, more["ExclusiveStartKey"], range_name, forward=more.get("ScanIndexForward", True)
            )
        taken: list[Item] = []
        size, last = 0, None
        for item, key, bytes_ in rows:
            taken.append(item)
            size += bytes_
            if len(taken) == more.get("Limit") or size > LARGEST_PAGE:
                last = key
                break
        self._count_query(size, consistent=more.get("ConsistentRead", False))
        passed = [item for item in taken if kept is None or kept.test(item, with_)]
        answer: dict[str, Any] = {
            "Items": [self._projected(item, more, "Query") for item in passed],
            "Count": len(passed),
            "ScannedCount": len(taken),
        }
        if last is not None:
            answer["LastEvaluatedKey"] = _key_attributes(last, taken[-1], index)
        return answer

    def put_item(self, *, TableName: str, Item: Any, **more: Any) -> dict[str, Any]:
        self._only(more, "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues")
        write = self.prepared("PutItem", {"TableName": TableName, "Item": Item, **more}, "Put")
        self.commit([write], factor=1)
        return {}

    def update_item(self, *, TableName: str, Key: Any, UpdateExpression: str, **more: Any) -> dict[str, Any]:
        self._only(
            more,
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure",
        )
        given = {"TableName": TableName, "Key": Key, "UpdateExpression": UpdateExpression, **more}
        wanted = given.pop("ReturnValues", "NONE")
        shown = given.pop("ReturnValuesOnConditionCheckFailure", "NONE")
        try:
            write = self.prepared("UpdateItem", given, "Update")
        except ClientError as error:
            if shown == "ALL_OLD" and error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                there = self._at(self.key_in(TableName, Key, "UpdateItem"))
                if there is not None:
                    error.response.update({"Item": dict(there)})
            raise
        self.commit([write], factor=1)
        match wanted:
            case "NONE":
                return {}
            case "ALL_NEW":
                return {"Attributes": write.new}
            case "ALL_OLD":
                return {"Attributes": write.old} if write.old is not None else {}
            case _:
                raise NotSimulated(f"ReturnValues {wanted}")

    def delete_item(self, *, TableName: str, Key: Any, **more: Any) -> dict[str, Any]:
        self._only(more, "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues")
        self.commit(
            [self.prepared("DeleteItem", {"TableName": TableName, "Key": Key, **more}, "Delete")], factor=1
        )
        return {}

    def batch_write_item(self, *, RequestItems: Any) -> dict[str, Any]:
        requests = self._one_table(RequestItems, "BatchWriteItem")
        if not 1 <= len(requests) <= MOST_WRITES:
            raise _invalid("BatchWriteItem", "Too many items requested for the BatchWriteItem call")
        writes = []
        for request in requests:
            ((kind, one),) = request.items()
            if kind not in ("PutRequest", "DeleteRequest"):
                raise NotSimulated(f"{kind} in a batch")
            given = {"TableName": self.name, **one}
            writes.append(self.prepared("BatchWriteItem", given, kind.removesuffix("Request")))
        if len({write.key for write in writes}) < len(writes):
            raise _invalid("BatchWriteItem", "Provided list of item keys contains duplicates")
        # A batch is no transaction, but nobody looks between two of its items.
        self.commit(writes, factor=1)
        return {"UnprocessedItems": {}}

    def transact_write_items(self, *, TransactItems: Any) -> dict[str, Any]:
        return transact({self.name: self}, TransactItems)

    # What the tests look at.

    def items(self) -> Iterator[Item]:
        """Everything that is stored, by key."""
        for partition in self.partitions.values():
            yield from partition.values()

    def item(self, pk: str, sk: str) -> Item | None:
        return self.partitions.get(pk, {}).get(sk)

    # How it works.

    def prepared(self, operation: str, given: Mapping[str, Any], kind: str) -> Write:
        """What an action would write, its condition having been met. ClientError: it is not, or is no action."""
        item = given.get("Item")
        key = self.key_in(given["TableName"], given["Key"] if item is None else item, operation)
        try:
            old = self._at(key)
            if kind == "Delete" and len(given) == 2:
                # The table and a key, as in every batch: there is nothing to look into.
                return Write(key, old, None)
            required = condition(given["ConditionExpression"]) if "ConditionExpression" in given else None
            changes = update(given["UpdateExpression"]) if kind == "Update" else None
            with_ = filling(
                given.get("ExpressionAttributeNames"),
                given.get("ExpressionAttributeValues"),
                required,
                changes,
            )
            if not _holds(required, old, with_):
                raise EXCEPTIONS.error(
                    "ConditionalCheckFailedException", "The conditional request failed", operation
                )
            new: Item | None
            match kind:
                case "Put":
                    new = item
                case "Update":
                    new = _updated(old or given["Key"], changes, with_)
                case "Delete":
                    new = None
                case _:
                    new = old
            size = 0
            if new is not None and new is not old:
                size = self._check(new)
        except Invalid as wrong:
            raise _invalid(operation, str(wrong)) from wrong
        return Write(key, old, new, size)

    def commit(self, writes: Sequence[Write], *, factor: int) -> None:
        now = self.now()
        self.byte_seconds += self.bytes * (now - self.stored_until)
        self.stored_until = now
        changed = []
        for write in writes:
            key = write.key
            before = self.sizes.get(key, 0)
            if write.new is write.old:
                # A check, or the deletion of what is not there, costs what a write costs.
                self.used["write"] += factor * max(1, -(-before // 1024))
                continue
            pk, sk = key
            after = 0
            if write.new is None:
                del self.partitions[pk][sk]
                del self.sizes[key]
                if not self.partitions[pk]:
                    del self.partitions[pk]
            else:
                after = write.size
                self.partitions.setdefault(pk, {})[sk] = write.new
                self.sizes[key] = after
            self.bytes += _billed(after) - _billed(before)
            self.used["write"] += factor * max(1, -(-max(before, after) // 1024))
            for index in self.indexes.values():
                if (write.new is not None and index.hash in write.new) or (
                    write.old is not None and index.hash in write.old
                ):
                    self._project(index, write, now)
            changed.append(write)
        if changed:
            for observer in self.observers:
                observer(changed)

    def _project(self, index: Index, write: Write, now: float) -> None:
        old, new = _entry(index, write.old), _entry(index, write.new)
        if old == new:
            return
        index.changes += 1
        if old is not None:
            del index.entries[old[index.hash]["S"]][write.key]
        if new is not None:
            index.entries.setdefault(new[index.hash]["S"], {})[write.key] = new
        moved = (
            old is not None
            and new is not None
            and (old[index.hash], old[index.range]) != (new[index.hash], new[index.range])
        )
        self.used["write"] += 2 if moved else 1  # entries are below a kilobyte
        self.bytes += (_billed(size_of(new)) if new else 0) - (_billed(size_of(old)) if old else 0)
        if self.remember:
            index.journal.append((now, write.key, old, new))
            if len(index.journal) > 256 and index.journal[128][0] < now - self.remember:
                del index.journal[:128]

    def _rows(
        self, index: Index | None, partition: Mapping[str, str], range_name: str
    ) -> list[tuple[Item, Key, int]]:
        if "S" not in partition:
            raise _invalid("Query", "One or more parameter values were invalid: Condition parameter type")
        if index is None:
            pk = partition["S"]
            rows = self.partitions.get(pk, {})
            return [(rows[sk], (pk, sk), self.sizes[pk, sk]) for sk in sorted(rows, key=str.encode)]
        entries = index.entries.get(partition["S"], {})
        behind = self.lag(index.name)
        if behind:
            entries = dict(entries)
            for at, key, old, _ in reversed(index.journal):
                if at <= self.now() - behind:
                    break
                entries.pop(key, None)
                if old is not None and old[index.hash] == partition:
                    entries[key] = old
        found = sorted(entries.items(), key=lambda one: (sort_value(one[1][range_name]), one[0]))
        return [(entry, key, size_of(entry)) for key, entry in found]

    def _at(self, key: Key) -> Item | None:
        partition = self.partitions.get(key[0])
        return None if partition is None else partition.get(key[1])

    def _named(self, table: str, operation: str) -> None:
        if table != self.name:
            raise EXCEPTIONS.error("ResourceNotFoundException", "Requested resource not found", operation)

    def key_in(self, table: str, item: Item, operation: str) -> Key:
        self._named(table, operation)
        try:
            pk, sk = item["PK"]["S"], item["SK"]["S"]
        except KeyError as missing:
            raise _invalid(operation, "The provided key element does not match the schema") from missing
        if not pk or not sk:
            raise _invalid(
                operation, "The AttributeValue for a key attribute cannot contain an empty string value."
            )
        if any(len(item[name]["S"].encode()) > longest for name, longest in LONGEST_KEY.items()):
            raise _invalid(operation, "Size of a key attribute has exceeded the maximum size limit.")
        return pk, sk

    def _check(self, item: Item) -> int:
        """The item's size. Invalid: DynamoDB does not take it."""
        for index in self.indexes.values():
            for name in (index.hash, index.range):
                if name in item and not item[name].get("S"):
                    raise Invalid(f"Type mismatch for Index Key {name}, or it is empty.")
        size = size_of(item)
        if size > LARGEST_ITEM:
            raise Invalid("Item size has exceeded the maximum allowed size")
        return size

    def _one_table(self, requests: Mapping[str, Any], operation: str) -> Any:
        if len(requests) != 1:
            raise _invalid(operation, "The request has to be about one table here.")
        ((name, wanted),) = requests.items()
        self._named(name, operation)
        return wanted

    def _projected(self, item: Item, more: Mapping[str, Any], operation: str) -> Item:
        if "ProjectionExpression" not in more:
            # A client makes a new answer each time; what is nested is never changed by those who read it.
            return dict(item)
        names, _ = projection(more["ProjectionExpression"])
        known = more.get("ExpressionAttributeNames", {})
        wanted = [known[name] if name[0] == "#" else name for name in names]
        return {name: item[name] for name in wanted if name in item}

    def _count_read(self, key: Key, *, consistent: bool) -> None:
        self._count_query(self.sizes.get(key, 0), consistent=consistent)

    def _count_query(self, size: int, *, consistent: bool) -> None:
        self.used["read"] += max(1, -(-size // 4096)) * (1.0 if consistent else 0.5)

    @staticmethod
    def _only(given: Mapping[str, Any], *known: str) -> None:
        if unknown := set(given) - set(known):
            raise NotSimulated(f"the parameters {sorted(unknown)}")

    @classmethod
    def only_for(cls, kind: str, given: Mapping[str, Any]) -> None:
        shared = ("TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues")
        own = {"Put": ("Item",), "Update": ("Key", "UpdateExpression")}.get(kind, ("Key",))
        cls._only(given, *shared, *own)


def transact(tables: Mapping[str, Table], actions: Any) -> dict[str, Any]:
    """Write to one table or several, all or nothing."""
    operation = "TransactWriteItems"
    if not 1 <= len(actions) <= MOST_ACTIONS:
        raise _invalid(operation, "Member must have length less than or equal to 100 and at least 1")
    asked = []
    for action in actions:
        ((kind, given),) = action.items()
        if kind not in ("Put", "Update", "Delete", "ConditionCheck"):
            raise NotSimulated(f"{kind} in a transaction")
        table = _table_in(tables, given["TableName"], operation)
        table.only_for(kind, given)
        key = table.key_in(given["TableName"], given.get("Key", given.get("Item")), operation)
        asked.append((table, kind, given, key))
    if len({(table.name, key) for table, _, _, key in asked}) < len(asked):
        raise _invalid(operation, "Transaction request cannot include multiple operations on one item")
    writes: dict[str, list[Write]] = {}
    reasons: list[dict[str, str]] = []
    size = 0
    for table, kind, given, _ in asked:
        try:
            write = table.prepared(operation, given, kind)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            reasons.append({"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"})
            continue
        reasons.append({"Code": "None"})
        writes.setdefault(table.name, []).append(write)
        size += write.size
    if size > LARGEST_TRANSACTION:
        raise _invalid(operation, "Collection size of items in transaction exceeded 4 MB")
    if any(reason["Code"] != "None" for reason in reasons):
        codes = ", ".join(reason["Code"] for reason in reasons)
        for table, *_ in asked:
            table.used["write"] += 2
        raise EXCEPTIONS.error(
            "TransactionCanceledException",
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
            operation,
            reasons=reasons,
        )
    # Whoever looks at what was written finds all of it: the table that is followed comes last.
    for name in reversed([*tables]):
        if name in writes:
            tables[name].commit(writes[name], factor=2)
    return {}


def answer(tables: Mapping[str, Table], operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """What an account with these tables answers; the first of them is the one that is followed."""
    if operation == "transact_write_items":
        return transact(tables, request["TransactItems"])
    if operation not in ("batch_get_item", "batch_write_item"):
        table = _table_in(tables, request["TableName"], operation)
        answered: dict[str, Any] = getattr(table, operation)(**request)
        return answered
    asked = request["RequestItems"]
    if sum(len(one["Keys"]) if "Keys" in one else len(one) for one in asked.values()) > MOST_KEYS:
        raise _invalid(operation, "Too many items requested in one call.")
    parts = [
        getattr(_table_in(tables, name, operation), operation)(RequestItems={name: wanted})
        for name, wanted in asked.items()
    ]
    if operation == "batch_write_item":
        return {"UnprocessedItems": {}}
    found = {name: rows for part in parts for name, rows in part["Responses"].items()}
    return {"Responses": found, "UnprocessedKeys": {}}


def _table_in(tables: Mapping[str, Table], name: str, operation: str) -> Table:
    if name not in tables:
        raise EXCEPTIONS.error("ResourceNotFoundException", "Requested resource not found", operation)
    return tables[name]


OPERATIONS = (
    "get_item",
    "batch_get_item",
    "query",
    "put_item",
    "update_item",
    "delete_item",
    "batch_write_item",
    "transact_write_items",
)
"""What the application may call. Everything else is `NotSimulated`."""


def table_of_template(properties: Mapping[str, Any], *, name: str) -> Table:
    """The table that template.yaml describes."""
    indexes = {}
    for described in properties.get("GlobalSecondaryIndexes", ()):
        hash_key, range_key = (one["AttributeName"] for one in described["KeySchema"])
        projected = frozenset(described["Projection"]["NonKeyAttributes"]) | {"PK", "SK", hash_key, range_key}
        indexes[described["IndexName"]] = Index(described["IndexName"], hash_key, range_key, projected)
    return Table(name=name, indexes=indexes)


def size_of(item: Item) -> int:
    """An item's size as DynamoDB counts it, in bytes."""
    total = 0
    for name, attribute in item.items():
        total += len(name) if name.isascii() else len(name.encode())
        text = attribute.get("S")
        if text is not None and text.isascii():
            total += len(text)
        else:
            total += _size_of_value(attribute)
    return total


def _billed(size: int) -> int:
    """What is billed for storing an item of this size; nothing for none."""
    return size + ITEM_OVERHEAD if size else 0


def _size_of_value(attribute: Mapping[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    if kind == "S":
        return len(value) if value.isascii() else len(value.encode())
    if kind == "M":
        return 3 + size_of(value) + len(value)
    if kind == "L":
        return 3 + len(value) + sum(map(_size_of_value, value))
    if kind == "N":
        return len(value) // 2 + 2
    if kind == "B":
        return len(value)
    if kind in ("BOOL", "NULL"):
        return 1
    raise NotSimulated(f"an attribute of the kind {kind}")


def _holds(required: Condition | None, item: Item | None, with_: Filling) -> bool:
    return required is None or required.test(item or {}, with_)


def _updated(item: Item, changes: Any, with_: Filling) -> Item:
    new = dict(item)
    for path, value in changes.sets:
        if len(path) != 1:
            raise NotSimulated("an update below the top of an item")
        found = value(item, with_)
        if found is None:
            raise Invalid("The provided expression refers to an attribute that does not exist in the item")
        name = _named(path[0], with_)
        if name in ("PK", "SK"):
            raise Invalid(f"Cannot update attribute {name}. This attribute is part of the key")
        new[name] = found
    for path in changes.removes:
        if len(path) != 1:
            raise NotSimulated("an update below the top of an item")
        name = _named(path[0], with_)
        if name in ("PK", "SK"):
            raise Invalid(f"Cannot update attribute {name}. This attribute is part of the key")
        new.pop(name, None)
    return new


def _named(name: str, with_: Filling) -> str:
    return with_.names[name] if name[0] == "#" else name


def _meets(attribute: Mapping[str, Any], operator: str, value: Mapping[str, Any] | None) -> bool:
    if not operator or value is None:
        return True
    if "S" not in value:
        raise _invalid("Query", "One or more parameter values were invalid: Condition parameter type")
    if operator == "begins_with":
        return bool(attribute["S"].startswith(value["S"]))
    if operator == "=":
        return attribute == value
    return ordered(attribute, operator, value)


def _entry(index: Index, item: Item | None) -> Item | None:
    if item is None or index.hash not in item or index.range not in item:
        return None
    return {name: value for name, value in item.items() if name in index.projected}


def _after(
    rows: list[tuple[Item, Key, int]], start: Mapping[str, Any], range_name: str, *, forward: bool
) -> list[tuple[Item, Key, int]]:
    """The rows that come after the one whose key is `start`, which may be gone meanwhile."""
    from_ = (sort_value(start[range_name]), (start["PK"]["S"], start["SK"]["S"]))
    places = [((sort_value(item[range_name]), key), (item, key, size)) for item, key, size in rows]
    return [row for place, row in places if (place > from_ if forward else place < from_)]


def _key_attributes(key: Key, item: Item, index: Index | None) -> Item:
    pk, sk = key
    found: dict[str, Any] = {"PK": {"S": pk}, "SK": {"S": sk}}
    if index is not None:
        found |= {index.hash: item[index.hash], index.range: item[index.range]}
    return found


def _invalid(operation: str, message: str) -> ClientError:
    return EXCEPTIONS.error("ValidationException", message, operation)


def paginate(query: Callable[..., dict[str, Any]], request: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """A client's paginator over `query`: one call a page."""
    start: dict[str, Any] = {}
    while True:
        page = query(**request, **start)
        yield page
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


__all__ = [
    "EXCEPTIONS",
    "OPERATIONS",
    "Index",
    "Table",
    "Write",
    "answer",
    "look_up",
    "paginate",
    "size_of",
    "table_of_template",
]
