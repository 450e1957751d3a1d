"""`Frozen` behaves as the frozen dataclass of the same fields does."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest

from domain.frozen import Frozen


class Base(Frozen):
    name: str


class Visit(Base):
    days: tuple[date, ...] = ()
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class DataBase:
    name: str


@dataclass(frozen=True, kw_only=True)
class DataVisit(DataBase):
    days: tuple[date, ...] = ()
    note: str | None = None


GIVEN: dict[str, Any] = {"name": "Hall", "days": (date(2026, 3, 2),)}


def test_it_describes_the_same_fields_as_the_dataclass_does() -> None:
    def described(kind: type) -> list[tuple[str, object, object, bool]]:
        return [(one.name, one.type, one.default, one.init) for one in fields(kind)]

    assert described(Visit) == described(DataVisit)
    assert described(Base) == described(DataBase)
    assert is_dataclass(Visit)


def test_it_reads_as_the_dataclass_does() -> None:
    assert repr(Visit(**GIVEN)) == repr(DataVisit(**GIVEN)).replace("DataVisit", "Visit")


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Visit(**GIVEN) == Visit(**GIVEN)
    assert hash(Visit(**GIVEN)) == hash(Visit(**GIVEN))
    assert Visit(**GIVEN) != Visit(name="Hall")
    assert deepcopy(Visit(**GIVEN)) == Visit(**GIVEN)


def test_values_of_another_class_are_not_equal() -> None:
    class Other(Base):
        pass

    assert Base(name="Hall") != Other(name="Hall")


def test_replace_makes_a_new_value_and_leaves_the_old_one() -> None:
    before = Visit(**GIVEN)
    after = replace(before, note="noted")
    assert (before.note, after.note, after.days) == (None, "noted", before.days)


@pytest.mark.parametrize("given", [{}, {"name": "Hall", "colour": "red"}, {"days": ()}])
def test_missing_and_unknown_fields_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Visit"):
        Visit(**given)


def test_it_never_changes() -> None:
    visit = Visit(**GIVEN)
    with pytest.raises(FrozenInstanceError):
        visit.name = "Court"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del visit.name
