"""Plain values as DynamoDB's attribute values, and back.

Text, whole numbers, truth values, bytes, None, lists and maps: what the application stores, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def to_attributes(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as DynamoDB takes it. TypeError: a value is of another kind."""
    return {name: _to_attribute(value) for name, value in item.items()}


def from_attributes(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An item as it went in. TypeError: somebody else stored a value of another kind."""
    return {name: _from_attribute(value) for name, value in raw.items()}


def _to_attribute(value: Any) -> dict[str, Any]:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case list() | tuple():
            return {"L": [_to_attribute(one) for one in value]}
        case Mapping():
            return {"M": {name: _to_attribute(one) for name, one in value.items()}}
        case _:
            raise TypeError(f"A {type(value).__name__} is not stored.")


def _from_attribute(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    if kind == "S" or kind == "BOOL" or kind == "B":
        return value
    if kind == "L":
        return [_from_attribute(one) for one in value]
    if kind == "M":
        return {name: _from_attribute(one) for name, one in value.items()}
    if kind == "N":
        return int(value)
    if kind == "NULL":
        return None
    raise TypeError(f"An attribute of the kind {kind} is not read here.")
