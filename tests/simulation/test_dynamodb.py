"""The simulated DynamoDB, held against moto's by generated operations: the same answers and the same errors.

Codes are compared and not messages. Expressions that are written wrongly are left out of the comparison, for moto
breaks down at some of them and takes others; a test of their own says that they are refused here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from tests.simulation.deployment import table_properties
from tests.simulation.dynamodb import ITEM_OVERHEAD, OPERATIONS, Table, size_of, table_of_template
from tests.simulation.expressions import NotSimulated, condition, key_condition, update

NAME = "cases"

pks = st.sampled_from(("CASE#A", "CASE#B", "LINK#1"))
sks = st.sampled_from(("STATE", "EVENT#000001", "EVENT#000002", "OUTBOX#000001#0", "OUTBOX#é", "OUTBOX#z"))
keys = st.builds(lambda pk, sk: {"PK": {"S": pk}, "SK": {"S": sk}}, pks, sks)
texts = st.sampled_from(("", "a", "b", "é", "2026-01-01", "2026-01-02"))
shards = st.sampled_from(("wake#0", "outbox#0"))
instants = st.sampled_from(("2026-01-01", "2026-01-02", "2026-01-03", "é"))
values = st.one_of(
    st.builds(lambda text: {"S": text}, texts),
    st.builds(lambda number: {"N": str(number)}, st.integers(-3, 12)),
    st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
    st.just({"NULL": True}),
    st.builds(lambda octets: {"B": octets}, st.binary(min_size=1, max_size=3)),
    st.builds(lambda text: {"L": [{"S": text}, {"N": "1"}]}, texts),
    st.builds(lambda flag: {"M": {"erasing": {"BOOL": flag}}}, st.booleans()),
)


cases = st.one_of(
    st.builds(lambda flag: {"M": {"erasing": {"BOOL": flag}}}, st.booleans()), st.just({"M": {}})
)


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    item = dict(draw(keys))
    if draw(st.booleans()):
        item |= {"version": {"N": str(draw(st.integers(0, 3)))}}
    if draw(st.booleans()):
        item |= {"case": draw(cases)}
    if draw(st.booleans()):
        item |= {"due_shard": {"S": draw(shards)}, "due_at": {"S": draw(instants)}, "ref": {"S": "A"}}
    if draw(st.booleans()):
        item |= {"word": draw(values)}
    if draw(st.booleans()):
        # Of one kind only: where two kinds are compared moto breaks down.
        item |= {"renewed_at": {"S": draw(texts)}}
    return item


conditions = st.one_of(
    st.just({}),
    st.just({"ConditionExpression": "attribute_not_exists(PK)"}),
    st.just({"ConditionExpression": "attribute_exists(PK)"}),
    st.builds(
        lambda sign, number: {
            "ConditionExpression": f"version {sign} :expected",
            "ExpressionAttributeValues": {":expected": {"N": str(number)}},
        },
        st.sampled_from(("=", "<", "<=", ">", ">=")),
        st.integers(0, 3),
    ),
    st.just(
        {
            "ConditionExpression": "attribute_exists(#case) AND "
            "(attribute_not_exists(#case.erasing) OR #case.erasing = :no)",
            "ExpressionAttributeNames": {"#case": "case"},
            "ExpressionAttributeValues": {":no": {"BOOL": False}},
        }
    ),
    st.builds(
        lambda text: {
            "ConditionExpression": "attribute_exists(PK) AND (attribute_not_exists(renewed_at) "
            "OR renewed_at < :before)",
            "ExpressionAttributeValues": {":before": {"S": text}},
        },
        texts.filter(bool),
    ),
    st.builds(
        lambda value: {
            "ConditionExpression": "NOT word = :value AND NOT (version BETWEEN :low AND :high)",
            "ExpressionAttributeValues": {":value": value, ":low": {"N": "1"}, ":high": {"N": "2"}},
        },
        # To moto an attribute that is not there equals NULL.
        values.filter(lambda value: value != {"NULL": True}),
    ),
)

updates = st.one_of(
    st.builds(
        lambda text: {
            "UpdateExpression": "REMOVE due_shard, due_at SET delivered_at = :at, receipt = :receipt",
            "ExpressionAttributeValues": {":at": {"S": text}, ":receipt": {"S": "r"}},
        },
        texts,
    ),
    st.just({"UpdateExpression": "SET renewed_at = :now", "ExpressionAttributeValues": {":now": {"S": "n"}}}),
    st.just({"UpdateExpression": "REMOVE word"}),
    st.just(
        {
            "UpdateExpression": "SET version = if_not_exists(version, :zero) + :one",
            "ExpressionAttributeValues": {":zero": {"N": "0"}, ":one": {"N": "1"}},
        }
    ),
)


def _joined(update: dict[str, Any], condition: dict[str, Any]) -> dict[str, Any]:
    merged = {**update, **condition}
    values = {
        **update.get("ExpressionAttributeValues", {}),
        **condition.get("ExpressionAttributeValues", {}),
    }
    if values:
        merged["ExpressionAttributeValues"] = values
    return merged


puts = st.builds(lambda item, condition: {"TableName": NAME, "Item": item, **condition}, items(), conditions)
removals = st.builds(lambda key, condition: {"TableName": NAME, "Key": key, **condition}, keys, conditions)
changes = st.builds(
    lambda key, update, condition: {"TableName": NAME, "Key": key, **_joined(update, condition)},
    keys,
    updates,
    conditions,
)
checks = st.builds(
    lambda key, condition: {"TableName": NAME, "Key": key, **condition}, keys, conditions.filter(bool)
)
actions = st.one_of(
    st.builds(lambda one: {"Put": one}, puts),
    st.builds(lambda one: {"Put": one}, puts),
    st.builds(lambda one: {"Update": one}, changes),
    st.builds(lambda one: {"Delete": one}, removals),
    st.builds(lambda one: {"ConditionCheck": one}, checks),
)

operations = st.one_of(
    st.tuples(st.just("put_item"), puts),
    st.tuples(st.just("delete_item"), removals),
    st.tuples(st.just("update_item"), changes),
    st.tuples(
        st.just("update_item"),
        changes.map(lambda change: {**change, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ),
    st.tuples(
        st.just("transact_write_items"),
        st.lists(actions, min_size=1, max_size=4).map(lambda chosen: {"TransactItems": chosen}),
    ),
    st.tuples(
        st.just("get_item"),
        st.builds(
            lambda key, is_consistent: {"TableName": NAME, "Key": key, "ConsistentRead": is_consistent},
            keys,
            st.booleans(),
        ),
    ),
    st.tuples(
        st.just("batch_get_item"),
        st.lists(keys, min_size=1, max_size=4).map(
            lambda wanted: {"RequestItems": {NAME: {"Keys": wanted, "ConsistentRead": True}}}
        ),
    ),
    st.tuples(
        st.just("batch_write_item"),
        # moto lets a batch write the same item twice.
        st.one_of(
            st.lists(st.builds(lambda key: {"DeleteRequest": {"Key": key}}, keys), min_size=1, max_size=4),
            st.lists(
                st.builds(lambda item: {"PutRequest": {"Item": item}}, items()),
                min_size=1,
                max_size=4,
                unique_by=lambda request: (
                    request["PutRequest"]["Item"]["PK"]["S"],
                    request["PutRequest"]["Item"]["SK"]["S"],
                ),
            ),
        ).map(lambda requests: {"RequestItems": {NAME: requests}}),
    ),
    st.tuples(
        st.just("query"),
        st.builds(
            lambda pk, prefix, more: {
                "TableName": NAME,
                "KeyConditionExpression": "PK = :pk AND begins_with(SK, :sk)" if prefix else "PK = :pk",
                "ExpressionAttributeValues": {
                    ":pk": {"S": pk},
                    **({":sk": {"S": prefix}} if prefix else {}),
                },
                "ConsistentRead": True,
                **more,
            },
            pks,
            st.sampled_from(("", "EVENT#", "OUTBOX#", "X")),
            st.sampled_from(({}, {"ScanIndexForward": False}, {"Limit": 2})),
        ),
    ),
    st.tuples(
        st.just("query"),
        st.builds(
            lambda shard, sign, until, more: {
                "TableName": NAME,
                "IndexName": "due",
                "KeyConditionExpression": f"due_shard = :shard AND due_at {sign} :until",
                "ExpressionAttributeValues": {":shard": {"S": shard}, ":until": {"S": until}},
                **more,
            },
            shards,
            st.sampled_from(("=", "<", "<=", ">", ">=")),
            instants,
            st.sampled_from(({}, {"ScanIndexForward": False})),
        ),
    ),
)


@pytest.fixture(scope="module")
def real() -> Iterator[Any]:
    """moto's DynamoDB, with the template's table in it."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        properties = table_properties()
        taken = ("KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")
        client.create_table(TableName=NAME, **{name: properties[name] for name in taken})
        yield client


def _emptied(client: Any) -> None:
    for item in client.scan(TableName=NAME)["Items"]:
        client.delete_item(TableName=NAME, Key={"PK": item["PK"], "SK": item["SK"]})


def _answered(call: Any, operation: str, request: dict[str, Any]) -> Any:
    """What an operation answers, as far as both can be compared; an error by its code and reasons."""
    try:
        answer = call(**request)
    except ClientError as error:
        response: Any = error.response
        reasons = [reason.get("Code", "None") for reason in response.get("CancellationReasons", ())]
        return response["Error"]["Code"], reasons, response.get("Item")
    match operation:
        case "query":
            return answer["Items"], answer["Count"]
        case "get_item":
            return answer.get("Item")
        case "batch_get_item":
            return sorted(
                answer["Responses"].get(NAME, []), key=lambda item: (item["PK"]["S"], item["SK"]["S"])
            )
        case _:
            return "done"


@given(st.lists(operations, min_size=1, max_size=12))
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_simulated_table_answers_as_motos_does(
    real: Any, chosen: list[tuple[str, dict[str, Any]]]
) -> None:
    """Every operation the application uses, in any order: the same answers, the same errors, the same table."""
    _emptied(real)
    table = table_of_template(table_properties(), name=NAME)
    for operation, request in chosen:
        expected = _answered(getattr(real, operation), operation, request)
        assert expected == _answered(getattr(table, operation), operation, request), (operation, request)
    stored = sorted(real.scan(TableName=NAME)["Items"], key=lambda item: (item["PK"]["S"], item["SK"]["S"]))
    assert stored == sorted(table.items(), key=lambda item: (item["PK"]["S"], item["SK"]["S"]))


def _table() -> Table:
    return table_of_template(table_properties(), name=NAME)


def _item(pk: str, sk: str, **more: Any) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": sk}, **more}


def test_a_transaction_is_all_or_nothing_and_says_which_action_failed() -> None:
    """The reasons stand in the order of the actions, None for those that would have been carried out."""
    table = _table()
    table.put_item(TableName=NAME, Item=_item("a", "1"))
    absent = {"ConditionExpression": "attribute_not_exists(PK)"}
    with pytest.raises(ClientError) as raised:
        table.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": NAME, "Item": _item("a", "2"), **absent}},
                {"Put": {"TableName": NAME, "Item": _item("a", "1"), **absent}},
            ]
        )
    response: Any = raised.value.response
    assert ["None", "ConditionalCheckFailed"] == [one["Code"] for one in response["CancellationReasons"]]
    assert table.item("a", "2") is None


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        (
            "transact_write_items",
            {"TransactItems": [{"Put": {"TableName": NAME, "Item": _item("a", str(n))}} for n in range(101)]},
        ),
        ("put_item", {"TableName": NAME, "Item": _item("a", "1", text={"S": "x" * (400 * 1024)})}),
        (
            "transact_write_items",
            {
                "TransactItems": [
                    {"Put": {"TableName": NAME, "Item": _item("a", str(n), text={"S": "x" * (399 * 1024)})}}
                    for n in range(11)
                ]
            },
        ),
        ("put_item", {"TableName": NAME, "Item": _item("a", "1", due_shard={"S": ""}, due_at={"S": "x"})}),
        ("put_item", {"TableName": NAME, "Item": _item("", "1")}),
        (
            "query",
            {
                "TableName": NAME,
                "IndexName": "due",
                "KeyConditionExpression": "due_shard = :s",
                "ExpressionAttributeValues": {":s": {"S": "x"}},
                "ConsistentRead": True,
            },
        ),
    ],
    ids=[
        "101 actions",
        "item over 400 kB",
        "transaction over 4 MB",
        "empty index key",
        "empty key",
        "consistent index",
    ],
)
def test_limits_are_kept(operation: str, request_: dict[str, Any]) -> None:
    """DynamoDB's limits, which moto does not all know."""
    with pytest.raises(ClientError, match="ValidationException"):
        getattr(_table(), operation)(**request_)


def test_what_is_not_known_is_refused_loudly() -> None:
    """Another operation, parameter, function or clause is no answer: it stops the simulation."""
    table = _table()
    with pytest.raises(NotSimulated):
        table.put_item(TableName=NAME, Item=_item("a", "1"), ReturnValues="ALL_OLD")
    with pytest.raises(NotSimulated):
        condition("size(word) > :one")
    with pytest.raises(NotSimulated):
        update("ADD version :one")
    with pytest.raises(NotSimulated):
        key_condition("PK <> :pk")
    assert not hasattr(table, "scan")
    assert "scan" not in OPERATIONS


@pytest.mark.parametrize(
    "more",
    [
        {"ConditionExpression": "attribute_not_exists(PK"},
        {"ConditionExpression": "version = :nowhere"},
        {"ConditionExpression": "case = :x", "ExpressionAttributeValues": {":x": {"N": "1"}}},
        {"ConditionExpression": "attribute_exists(PK)", "ExpressionAttributeValues": {":x": {"N": "1"}}},
        {"ConditionExpression": "attribute_exists(PK)", "ExpressionAttributeValues": {}},
    ],
    ids=["open bracket", "undefined value", "reserved word", "unused value", "no values"],
)
def test_expressions_that_are_written_wrongly_are_refused(more: dict[str, Any]) -> None:
    """As DynamoDB refuses them: ValidationException."""
    with pytest.raises(ClientError, match="ValidationException"):
        _table().put_item(TableName=NAME, Item=_item("a", "1"), **more)


def test_pages_of_a_query_are_the_whole_of_it() -> None:
    """With a limit the pages together are what there is, also where an item goes between two of them."""
    table = _table()
    for number in random.Random(1).sample(range(20), 20):
        table.put_item(TableName=NAME, Item=_item("a", f"{number:02}"))
    asked: dict[str, Any] = {
        "TableName": NAME,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "a"}},
        "Limit": 7,
    }
    first = table.query(**asked)
    table.delete_item(TableName=NAME, Key=first["LastEvaluatedKey"])
    second = table.query(**asked, ExclusiveStartKey=first["LastEvaluatedKey"])
    third = table.query(**asked, ExclusiveStartKey=second["LastEvaluatedKey"])
    found = [item["SK"]["S"] for page in (first, second, third) for item in page["Items"]]
    assert [f"{number:02}" for number in range(20)] == found


def test_an_index_can_be_read_as_it_was() -> None:
    """A stale read shows the entries of some time ago, gone ones too, and misses younger ones."""
    table = _table()
    now = 0.0
    table.now, table.remember = lambda: now, 3600.0
    due = {"due_shard": {"S": "wake#0"}, "due_at": {"S": "2026"}}
    table.put_item(TableName=NAME, Item=_item("a", "old", **due))
    now = 100.0
    table.delete_item(TableName=NAME, Key=_item("a", "old"))
    table.put_item(TableName=NAME, Item=_item("a", "new", **due))
    now = 110.0
    asked: dict[str, Any] = {
        "TableName": NAME,
        "IndexName": "due",
        "KeyConditionExpression": "due_shard = :shard",
        "ExpressionAttributeValues": {":shard": {"S": "wake#0"}},
    }
    assert ["new"] == [item["SK"]["S"] for item in table.query(**asked)["Items"]]
    table.lag = lambda index: 60.0
    assert ["old"] == [item["SK"]["S"] for item in table.query(**asked)["Items"]]


def test_request_units_are_counted_as_dynamodb_charges_them() -> None:
    """A kilobyte a write unit and four a read unit; twice in a transaction; half where a read may be behind; once more
    for each index that changes."""
    table = _table()
    item = _item("a", "1", text={"S": "x" * 1500})
    table.put_item(TableName=NAME, Item=item)
    assert table.used["write"] == 2
    table.transact_write_items(TransactItems=[{"Put": {"TableName": NAME, "Item": item}}])
    assert table.used["write"] == 2 + 4
    table.get_item(TableName=NAME, Key=_item("a", "1"), ConsistentRead=True)
    table.get_item(TableName=NAME, Key=_item("a", "1"))
    table.get_item(TableName=NAME, Key=_item("a", "none"), ConsistentRead=True)
    assert table.used["read"] == 1 + 0.5 + 1
    table.put_item(TableName=NAME, Item=_item("b", "1", due_shard={"S": "s"}, due_at={"S": "1"}))
    assert table.used["write"] == 6 + 1 + 1
    table.put_item(TableName=NAME, Item=_item("b", "1", due_shard={"S": "s"}, due_at={"S": "2"}))
    assert table.used["write"] == 8 + 1 + 2


def test_what_is_stored_is_billed_by_the_time_for_which_it_is() -> None:
    """An item and each entry of it on an index, with what is added to them, until they are gone."""
    table, now = _table(), 0.0
    table.now = lambda: now
    item = _item("a", "1", due_shard={"S": "s"}, due_at={"S": "1"}, text={"S": "x" * 500})
    entry = _item("a", "1", due_shard={"S": "s"}, due_at={"S": "1"})
    table.put_item(TableName=NAME, Item=item)
    assert table.bytes == size_of(item) + size_of(entry) + 2 * ITEM_OVERHEAD
    now = 10.0
    table.put_item(TableName=NAME, Item=_item("a", "1"))
    assert table.byte_seconds == 10 * (size_of(item) + size_of(entry) + 2 * ITEM_OVERHEAD)
    assert table.bytes == size_of(_item("a", "1")) + ITEM_OVERHEAD
    table.delete_item(TableName=NAME, Key=_item("a", "1"))
    assert table.bytes == 0


@given(items())
def test_a_size_counts_names_and_values(item: dict[str, Any]) -> None:
    """Every attribute makes an item larger."""
    assert size_of({**item, "more": {"S": "é"}}) == size_of(item) + 4 + 2
