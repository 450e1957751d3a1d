"""Plain values as DynamoDB's attribute values, and back.

Text, whole numbers, truth values, bytes, None, lists and maps: what the application stores, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_AS_IT_IS = frozenset(["S", "BOOL", "B"])


def to_attributes(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item as DynamoDB takes it. TypeError: a value is of another kind."""
    return {
        name: {"S": value} if type(value) is str else _to_attribute(value) for name, value in item.items()
    }


def from_attributes(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item as it went in. TypeError: somebody else stored a value of another kind."""
    # Most of what is stored is text; a state has hundreds of values and is read at every step.
    return {name: typed["S"] if "S" in typed else _from_attribute(typed) for name, typed in raw.items()}


def _to_attribute(value: Any) -> dict[str, Any]:
    # Not by patterns: this is done hundreds of times in each transaction, and what is asked first is found fastest.
    kind = type(value)
    if kind is str:
        return {"S": value}
    if kind is bool:
        return {"BOOL": value}
    if value is None:
        return {"NULL": True}
    if kind is int:
        return {"N": str(value)}
    if kind is list or kind is tuple:
        return {"L": [_to_attribute(entry) for entry in value]}
    if isinstance(value, Mapping):
        return {"M": to_attributes(value)}
    if kind is bytes:
        return {"B": value}
    if isinstance(value, str):
        return {"S": str(value)}
    raise TypeError(f"A {kind.__name__} is not stored.")


def _from_attribute(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    if kind in _AS_IT_IS:
        return value
    if kind == "L":
        return [_from_attribute(entry) for entry in value]
    if kind == "M":
        return from_attributes(value)
    if kind == "N":
        return int(value)
    if kind == "NULL":
        return None
    raise TypeError(f"An attribute of the kind {kind} is not read here.")
