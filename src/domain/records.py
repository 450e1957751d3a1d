"""Cases, events and effects as plain data (text, numbers, lists, maps) and back, and the chain of hashes.

A record carries the name of its class under `type`, and what its fields hold unless that is their default: most of
a case's fields are at it for as long as the case is kept. Names, fields and defaults are a promise: what was stored
once is read for ever. A field that was added later has a default; a field that is no longer known is passed over.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Reader = Callable[[Any], Any]

_AS_THEY_ARE = frozenset([str, bool, int, type(None), list, dict, bytes])
"""Kinds of values that stand in a record as they are."""

FIRST_LINK = "0" * 64
"""What the first event of a case is chained to."""


def to_record(value: Any) -> dict[str, Any]:
    """Return the record of a value with named fields. TypeError: something in it is of a kind that is not stored."""
    plain = _plain(value)
    return {"type": type(value).__name__, **plain}


def from_record(kinds: tuple[type, ...], record: dict[str, Any]) -> Any:
    """Return the instance of one of `kinds` that `record` was made of. ValueError: it is of none of them."""
    for kind in kinds:
        if kind.__name__ == record.get("type"):
            return _built(kind, record)
    raise ValueError(f"No record of the kind {record.get('type')!r} is known here.")


def chained(record: dict[str, Any], previous: str) -> str:
    """Return the SHA-256 (hex) of an event's record and the hash of the event before it."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def instant(at: datetime) -> str:
    """Return an instant as text that sorts by time: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple:
        return [_plain(entry) for entry in value]
    if kind is datetime:
        return instant(value)
    if kind is date:
        return value.isoformat()
    if is_dataclass(kind):
        told = ((name, getattr(value, name), default) for name, default in _defaults(kind))
        return {
            name: field if type(field) in _AS_THEY_ARE else _plain(field)
            for name, field, default in told
            if field != default
        }
    raise TypeError(f"A {kind.__name__} has no record.")


def _built(kind: type, record: dict[str, Any]) -> Any:
    as_they_are, readers, required = _shape(kind)
    if not record.keys() >= required:
        raise ValueError(f"A record of {kind.__name__} lacks {sorted(required - record.keys())}.")
    given = {name: record[name] for name in as_they_are if name in record}
    for name, read in readers:
        if name in record:
            plain = record[name]
            given[name] = None if plain is None else read(plain)
    return kind(**given)


def _reader(hint: Any) -> Reader | None:
    """Return what makes a value of its plain form, which is never None; None where it is its plain form already.
    Worked out once for each field: a case has hundreds of values and is read at every step."""
    origin = get_origin(hint)
    if origin is Literal:
        return None
    if origin in (Union, types.UnionType):
        (hint,) = (kind for kind in get_args(hint) if kind is not type(None))
        return _reader(hint)
    if origin is tuple:
        (member, _) = get_args(hint)
        read = _reader(member)
        if read is None:
            return tuple
        return lambda plain: tuple([read(entry) for entry in plain])
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    if is_dataclass(hint) and isinstance(hint, type):
        kind = hint
        return lambda plain: _built(kind, plain)
    return None


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    """Return each field's name and default; MISSING, which nothing equals, where it has none."""
    return tuple((field.name, field.default) for field in fields(kind))


@cache
def _shape(kind: type) -> tuple[tuple[str, ...], tuple[tuple[str, Reader], ...], frozenset[str]]:
    """Return the fields that stand in a record as they are, those that have to be read, and those that have to be
    there."""
    hints = get_type_hints(kind)
    read = [(field.name, _reader(hints[field.name])) for field in fields(kind)]
    required = (
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    )
    return (
        tuple(name for name, reader in read if reader is None),
        tuple((name, reader) for name, reader in read if reader is not None),
        frozenset(required),
    )
