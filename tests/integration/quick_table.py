"""The simulation's table behind botocore's own clients, in moto's place where many tests need only a table.

moto takes milliseconds for each call, most of them for writing answers that botocore then reads. Clients are made and
called as ever, up to the point where botocore would send; tests/simulation/test_dynamodb.py holds the table against
moto's. Tests of the adapters themselves stay on moto.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import botocore.handlers
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.simulation.dynamodb import EXCEPTIONS, OPERATIONS, Table, table_of_template
from tests.simulation.dynamodb import answer as account_answers
from tests.simulation.versions import Versions

_tables: dict[str, Table] = {}
"""By name; the first is that of the cases."""
_restored: dict[str, Table] = {}
_versions: list[Versions] = []


@contextmanager
def quick_tables(described: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Every DynamoDB client made while tests run answers from these tables meanwhile, until somebody deletes one. The
    first is that of the cases."""
    for name, properties in described.items():
        _tables[name] = table_of_template(properties, name=name)
    try:
        yield
    finally:
        _tables.clear()
        _restored.clear()
        _versions.clear()


def keep_versions(now: Callable[[], float]) -> None:
    """Have the table remember what it holds when, by the seconds that `now` says: it can be restored from here on."""
    _cases().now = now
    _versions.append(Versions(_cases()))


def restored() -> list[str]:
    """The names of the tables that were restored and not deleted."""
    return [*_restored]


def _answer(model: Any, params: Mapping[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
    if not _tables or model.service_model.service_name != "dynamodb":
        return None
    operation = xform_name(model.name)
    named = json.loads(params["body"]).get("TableName", "")
    if operation == "delete_table" and named in _restored:
        del _restored[named]
        return SimpleNamespace(status_code=200), {}
    if operation == "delete_table":
        # From here on it is moto that answers, which knows of no table.
        _tables.clear()
        return SimpleNamespace(status_code=200), {}
    if operation == "scan":
        items = list(_tables[named].items())
        return SimpleNamespace(status_code=200), {"Items": items, "Count": len(items)}
    if operation not in (*OPERATIONS, "describe_table", "restore_table_to_point_in_time"):
        return None
    request = json.loads(params["body"], object_hook=_with_bytes)
    request.pop("ClientRequestToken", None)  # botocore's own, for when it tries again
    try:
        match operation:
            case "describe_table":
                answer = _described(named)
            case "restore_table_to_point_in_time":
                answer = _restore(request)
            case _:
                answer = account_answers({**_tables, **_restored}, operation, request)
    except ClientError as error:
        return SimpleNamespace(status_code=400), dict(error.response)
    return SimpleNamespace(status_code=200), answer


def _cases() -> Table:
    return next(iter(_tables.values()))


def _described(name: str) -> dict[str, Any]:
    if name not in (*_tables, *_restored):
        raise EXCEPTIONS.error("ResourceNotFoundException", "Requested resource not found", "DescribeTable")
    return {"Table": {"TableName": name, "TableStatus": "ACTIVE"}}


def _restore(request: Mapping[str, Any]) -> dict[str, Any]:
    assert request["SourceTableName"] == _cases().name
    name = request["TargetTableName"]
    assert name not in _restored
    _restored[name] = _versions[-1].at(request["RestoreDateTime"], name=name)
    return {"TableDescription": {"TableName": name, "TableStatus": "CREATING"}}


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    return {"B": b64decode(value["B"])} if value.keys() == {"B"} and isinstance(value["B"], str) else value


botocore.handlers.BUILTIN_HANDLERS.append(("before-call", _answer, botocore.handlers.REGISTER_LAST))
