"""The simulation's table behind botocore's own clients, in moto's place where many tests need only a table.

moto takes milliseconds for each call, most of them for writing answers that botocore then reads. Clients are made and
called as ever, up to the point where botocore would send; tests/simulation/test_dynamodb.py holds the table against
moto's. Tests of the adapters themselves stay on moto.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import botocore.handlers
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.simulation.dynamodb import OPERATIONS, Table, table_of_template

_tables: list[Table] = []


@contextmanager
def quick_table(properties: Mapping[str, Any], *, name: str) -> Iterator[Table]:
    """Every DynamoDB client made while tests run answers from this table meanwhile, until somebody deletes it."""
    _tables.append(table_of_template(properties, name=name))
    try:
        yield _tables[-1]
    finally:
        _tables.clear()


def _answer(model: Any, params: Mapping[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
    if not _tables or model.service_model.service_name != "dynamodb":
        return None
    operation = xform_name(model.name)
    if operation == "delete_table":
        # From here on it is moto that answers, which knows of no table.
        _tables.clear()
        return SimpleNamespace(status_code=200), {}
    if operation == "scan":
        items = list(_tables[-1].items())
        return SimpleNamespace(status_code=200), {"Items": items, "Count": len(items)}
    if operation not in OPERATIONS:
        return None
    request = json.loads(params["body"], object_hook=_with_bytes)
    request.pop("ClientRequestToken", None)  # botocore's own, for when it tries again
    try:
        answer = getattr(_tables[-1], operation)(**request)
    except ClientError as error:
        return SimpleNamespace(status_code=400), dict(error.response)
    return SimpleNamespace(status_code=200), answer


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    return {"B": b64decode(value["B"])} if value.keys() == {"B"} and isinstance(value["B"], str) else value


botocore.handlers.BUILTIN_HANDLERS.append(("before-call", _answer, botocore.handlers.REGISTER_LAST))
