"""Immutable values with named fields: what events, commands and a procedure's parts are made of.

They are what `@dataclass(frozen=True, kw_only=True)` makes, and `dataclasses.fields`, `replace` and `is_dataclass`
take them for it. But a dataclass has its methods written and compiled at each import, about a millisecond for each
class, and every function imports more than a hundred of these classes at each cold start. Here all share the same
methods; see docs/decisions/0016-frozen-values.md.
"""

from __future__ import annotations

from copy import copy
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields
from inspect import get_annotations
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform


@dataclass(kw_only=True)
class _Sample:
    field: Any


_FIELD = fields(_Sample)[0]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Frozen:
    """Has the fields that its class and the classes above name; they are given by name. A value that stands behind
    a field's name is its default, shared by all, so it has to be immutable itself.

    TypeError: a field was not given, or one was that there is not. FrozenInstanceError: it was to be changed."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]] = {}
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        described, defaults = dict(cls.__dataclass_fields__), dict(cls._defaults)
        for name, kind in get_annotations(cls).items():
            if str(kind).startswith("ClassVar"):
                continue
            field = copy(_FIELD)
            field.name, field.type, field.default = name, kind, cls.__dict__.get(name, MISSING)
            described[name] = field
            if field.default is not MISSING:
                defaults[name] = field.default
        cls.__dataclass_fields__, cls._defaults = described, defaults

    def __init__(self, **given: Any) -> None:
        values = self._defaults | given
        if values.keys() != self.__dataclass_fields__.keys():
            self._complain(given)
        self.__dict__.update(values)

    def _complain(self, given: dict[str, Any]) -> None:
        known = self.__dataclass_fields__.keys()
        lacking = [name for name in known if name not in given and name not in self._defaults]
        strange = [name for name in given if name not in known]
        raise TypeError(f"{type(self).__name__} lacks {lacking} and does not know {strange}.")

    def __setattr__(self, name: str, value: Any) -> None:
        raise FrozenInstanceError(f"{type(self).__name__} never changes.")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"{type(self).__name__} never changes.")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__[name] for name in self.__dataclass_fields__))

    def replaced(self, changes: dict[str, Any]) -> Self:
        """Return the same but for these fields. TypeError: there is no such field."""
        if not changes.keys() <= self.__dataclass_fields__.keys():
            self._complain(self.__dict__ | changes)
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.__dict__.update(changes)
        return new

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__dataclass_fields__)
        return f"{type(self).__qualname__}({values})"


Value = TypeVar("Value", bound=Frozen)


def replace(value: Value, /, **changes: Any) -> Value:
    """Do as `dataclasses.replace` does, which reads what a class describes of itself each time: a case changes
    at every step.

    TypeError: there is no such field."""
    return value.replaced(changes)
