"""What belongs at each place of a file, by the types that it is read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from authoring.objection import Location

KEYED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("Procedure", "roles"): ("id", "title"),
    ("Procedure", "people"): ("id", ""),
    ("Procedure", "forms"): ("id", ""),
    ("Procedure", "conclusions"): ("id", ""),
    ("Procedure", "remedies"): ("id", ""),
    ("Procedure", "stages"): ("id", ""),
    ("Procedure", "signposts"): ("id", ""),
    ("Procedure", "not_covered"): ("id", ""),
    ("Form", "fields"): ("id", ""),
    ("Field", "choices"): ("id", "label"),
    ("Stage", "deadlines"): ("name", ""),
    ("Step", "answers"): ("id", "text"),
    ("Step", "details"): ("id", "text"),
    ("Register", "clauses"): ("id", ""),
}
"""Which tuples of the types are mappings in the file: what their keys become, and what an entry that is a
single text becomes (empty: an entry has keys of its own)."""


def spell_place(at: Location) -> str:
    """Return a place's own name: the last key on the way to it."""
    name = next((step for step in reversed(at) if isinstance(step, str)), "the file")
    return f"an entry of `{name}`" if at and isinstance(at[-1], int) else f"`{name}`"


def begins(at: Location, with_: Location) -> bool:
    return at[: len(with_)] == with_


def keyed_at(at: Location, root: Any) -> tuple[str, str] | None:
    """Return how the mapping at this place is turned into a tuple; None: it is none of those."""
    if not at or not isinstance(at[-1], str):
        return None
    holder = type_at(at[:-1], root)
    return KEYED.get((getattr(holder, "__name__", ""), at[-1]))


def is_entry_key(at: Location, root: Any) -> bool:
    """Return whether this is what stands before the colon of an entry."""
    keyed = keyed_at(at[:-2], root) if len(at) > 2 else None
    return keyed is not None and keyed[0] == at[-1]


def known_keys(at: Location, root: Any) -> list[str]:
    """Return the keys that an author can write at this place."""
    expected = type_at(at, root)
    if not is_record(expected):
        return []
    keyed = keyed_at(at[:-1], root) if at and isinstance(at[-1], int) else None
    return [field.name for field in fields(expected) if keyed is None or field.name != keyed[0]]


def type_at(at: Location, root: Any) -> Any:
    """Return the type that belongs at a place; None where nothing does."""
    expected: Any = root
    for step in at:
        if isinstance(step, int):
            expected = get_args(expected)[0] if get_origin(expected) is tuple else None
        else:
            expected = types_of(expected).get(step) if is_record(expected) else None
    return expected


def is_record(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind)


@cache
def types_of(kind: Any) -> Mapping[str, Any]:
    """Return the types of a dataclass's fields, without their `| None`."""
    hints = get_type_hints(kind)
    return {field.name: without_none(hints[field.name]) for field in fields(kind)}


def without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return next(option for option in get_args(kind) if option is not NoneType)
    return kind


@cache
def required(kind: Any) -> frozenset[str]:
    return frozenset(
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    )


def blank(kind: Any) -> Any:
    """Return something that fits the type and says nothing."""
    if is_record(kind):
        return {name: blank(types_of(kind)[name]) for name in sorted(required(kind))}
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return []
    return {str: "", int: 1, bool: False, date: "2000-01-01"}[kind]
