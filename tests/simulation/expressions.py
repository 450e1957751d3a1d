"""DynamoDB's expressions, as far as the application uses them. What is not known here is refused loudly.

    condition   := or
    or          := and {OR and};  and := not {AND not};  not := [NOT] (comparison | function | "(" or ")")
    comparison  := operand (= | < | <= | > | >=) operand | operand BETWEEN operand AND operand
    function    := attribute_exists(path) | attribute_not_exists(path) | begins_with(path, operand)
    update      := {SET path = value {, ...} | REMOVE path {, ...}}
    value       := operand [(+ | -) operand];  operand := path | :value | if_not_exists(path, operand)
    path        := name {. name};  name := identifier | #placeholder

Compiled once for each text; names and values are looked up when it is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Attribute = Mapping[str, Any]
Item = Mapping[str, Attribute]
Test = Callable[[Item, "Filling"], bool]
Operand = Callable[[Item, "Filling"], Attribute | None]
Path_ = tuple[str, ...]


class NotSimulated(BaseException):
    """The application asked for something that this AWS does not know. No handler catches it."""


class Invalid(Exception):
    """DynamoDB's ValidationException: the request cannot be carried out as it is written."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands for the `#names` and `:values` of an expression."""

    names: Mapping[str, str]
    values: Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class Condition:
    test: Test
    names: frozenset[str]
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Update:
    sets: tuple[tuple[Path_, Operand], ...]
    removes: tuple[Path_, ...]
    names: frozenset[str]
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """`PK = :pk`, and for the sort key one of `=`, `<`, `<=`, `>`, `>=`, `begins_with` (or nothing)."""

    partition: str
    partition_value: str
    sort: str
    operator: str
    sort_value: str
    names: frozenset[str]
    values: frozenset[str]


_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*|#[A-Za-z0-9_]+)|(?P<value>:[A-Za-z0-9_]+)|(?P<sign><=|>=|<>|[=<>(),.+\-\[\]]))"
)
_FUNCTIONS = ("attribute_exists", "attribute_not_exists", "begins_with")
_ORDERED = ("S", "N", "B")


@cache
def condition(text: str) -> Condition:
    """A condition, compiled. NotSimulated: it uses what is not known here. Invalid: it cannot be read."""
    parser = _Parser(text)
    test = parser.alternatives()
    parser.end()
    return Condition(test, frozenset(parser.names), frozenset(parser.values))


@cache
def update(text: str) -> Update:
    parser = _Parser(text)
    sets: list[tuple[Path_, Operand]] = []
    removes: list[Path_] = []
    seen: set[str] = set()
    while parser.token is not None:
        clause = parser.take().upper()
        if clause in seen:
            raise Invalid("A clause of an update expression stands once.")
        seen.add(clause)
        if clause == "SET":
            sets.append(parser.assignment())
            while parser.skip(","):
                sets.append(parser.assignment())
        elif clause == "REMOVE":
            removes.append(parser.path())
            while parser.skip(","):
                removes.append(parser.path())
        else:
            raise NotSimulated(f"update clause {clause} in {text!r}")
    return Update(tuple(sets), tuple(removes), frozenset(parser.names), frozenset(parser.values))


@cache
def key_condition(text: str) -> KeyCondition:
    parser = _Parser(text)
    (partition,) = parser.path()
    if parser.take() != "=":
        raise NotSimulated(f"key condition {text!r}")
    value = parser.value()
    sort = operator = sort_value = ""
    if parser.token is not None:
        if parser.take().upper() != "AND":
            raise NotSimulated(f"key condition {text!r}")
        if parser.token == "begins_with":
            parser.take()
            parser.expect("(")
            (sort,) = parser.path()
            parser.expect(",")
            operator, sort_value = "begins_with", parser.value()
            parser.expect(")")
        else:
            (sort,) = parser.path()
            operator = parser.take()
            if operator not in ("=", "<", "<=", ">", ">="):
                raise NotSimulated(f"key condition {text!r}")
            sort_value = parser.value()
    parser.end()
    return KeyCondition(
        partition, value, sort, operator, sort_value, frozenset(parser.names), frozenset(parser.values)
    )


@cache
def projection(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The top-level attributes that are asked for, and the placeholders among them."""
    parser = _Parser(text)
    found = [parser.path()]
    while parser.skip(","):
        found.append(parser.path())
    parser.end()
    if any(len(path) != 1 for path in found):
        raise NotSimulated(f"a nested path in a projection: {text!r}")
    return tuple(path[0] for path in found), frozenset(parser.names)


_NOTHING = Filling({}, {})


def filling(
    names: Mapping[str, str] | None,
    values: Mapping[str, Attribute] | None,
    *expressions: Condition | Update | KeyCondition | None,
    more_names: frozenset[str] = frozenset(),
) -> Filling:
    """What fills these expressions. Invalid: a placeholder is not given, or is given and not used."""
    if names is None and values is None and not more_names and not any(expressions):
        return _NOTHING
    used_names = more_names.union(*(one.names for one in expressions if one is not None))
    used_values = frozenset[str]().union(*(one.values for one in expressions if one is not None))
    for what, given, used in (("names", names, used_names), ("values", values, used_values)):
        if given is not None and not given:
            raise Invalid(f"Attribute {what} must not be empty.")
        if missing := used - set(given or ()):
            raise Invalid(f"{sorted(missing)} are used and not defined.")
        if unused := set(given or ()) - used:
            raise Invalid(f"{sorted(unused)} are defined and not used.")
    return Filling(names or {}, values or {})


def look_up(item: Item, path: Path_, names: Mapping[str, str]) -> Attribute | None:
    """What stands at a path; None: nothing."""
    found: Attribute | None = item.get(names[path[0]] if path[0][0] == "#" else path[0])
    for part in path[1:]:
        if found is None or "M" not in found:
            return None
        found = found["M"].get(names[part] if part[0] == "#" else part)
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()
        self.values: set[str] = set()
        self._tokens = self._read(text)
        self.token: str | None = next(self._tokens, None)
        if self.token is None:
            raise Invalid("The expression is empty.")

    @staticmethod
    def _read(text: str) -> Iterator[str]:
        at, end = 0, len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None:
                raise Invalid(f"Syntax error in {text!r} at {at}.")
            yield found.group().strip()
            at = found.end()

    def take(self) -> str:
        taken = self.token
        if taken is None:
            raise Invalid(f"{self.text!r} ends too soon.")
        self.token = next(self._tokens, None)
        return taken

    def skip(self, token: str) -> bool:
        if self.token is not None and self.token.upper() == token:
            self.take()
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.skip(token):
            raise Invalid(f"{self.text!r}: {token} is missing before {self.token!r}.")

    def end(self) -> None:
        if self.token is not None:
            raise Invalid(f"{self.text!r}: {self.token!r} is left over.")

    def name(self) -> str:
        taken = self.take()
        if taken[0] == "#":
            self.names.add(taken)
        elif not (taken[0].isalpha() or taken[0] == "_"):
            raise Invalid(f"{self.text!r}: {taken!r} is no name.")
        elif self.token == "(":
            raise NotSimulated(f"the function {taken}: {self.text!r}")
        elif taken.upper() in reserved_words():
            raise Invalid(f"{taken!r} is a reserved word.")
        return taken

    def path(self) -> Path_:
        parts = [self.name()]
        while self.token == ".":
            self.take()
            parts.append(self.name())
        if self.token == "[":
            raise NotSimulated(f"an index into a list: {self.text!r}")
        return tuple(parts)

    def value(self) -> str:
        taken = self.take()
        if taken[0] != ":":
            raise NotSimulated(f"{taken!r} in the place of a value: {self.text!r}")
        self.values.add(taken)
        return taken

    def operand(self) -> Operand:
        if self.token is not None and self.token[0] == ":":
            name = self.value()
            return lambda item, with_: with_.values[name]
        if self.token == "if_not_exists":
            self.take()
            self.expect("(")
            path = self.path()
            self.expect(",")
            otherwise = self.operand()
            self.expect(")")

            def first(item: Item, with_: Filling) -> Attribute | None:
                found = look_up(item, path, with_.names)
                return otherwise(item, with_) if found is None else found

            return first
        path = self.path()
        return lambda item, with_: look_up(item, path, with_.names)

    def assignment(self) -> tuple[Path_, Operand]:
        path = self.path()
        if self.take() != "=":
            raise Invalid(f"{self.text!r}: an assignment lacks its sign.")
        left = self.operand()
        if self.token not in ("+", "-"):
            return path, left
        sign = 1 if self.take() == "+" else -1
        right = self.operand()

        def added(item: Item, with_: Filling) -> Attribute | None:
            one, other = left(item, with_), right(item, with_)
            if one is None or other is None or "N" not in one or "N" not in other:
                raise Invalid("An operand has the wrong type or is missing.")
            return {"N": str(Decimal(one["N"]) + sign * Decimal(other["N"]))}

        return path, added

    def alternatives(self) -> Test:
        tests = [self.conjunction()]
        while self.skip("OR"):
            tests.append(self.conjunction())
        if len(tests) == 1:
            return tests[0]
        return lambda item, with_: any(test(item, with_) for test in tests)

    def conjunction(self) -> Test:
        tests = [self.negation()]
        while self.skip("AND"):
            tests.append(self.negation())
        if len(tests) == 1:
            return tests[0]
        return lambda item, with_: all(test(item, with_) for test in tests)

    def negation(self) -> Test:
        if self.skip("NOT"):
            inner = self.negation()
            return lambda item, with_: not inner(item, with_)
        if self.token == "(":
            self.take()
            test = self.alternatives()
            self.expect(")")
            return test
        if self.token in _FUNCTIONS:
            return self.function()
        return self.comparison()

    def function(self) -> Test:
        function = self.take()
        self.expect("(")
        path = self.path()
        if function == "begins_with":
            self.expect(",")
            prefix = self.operand()
            self.expect(")")

            def begins(item: Item, with_: Filling) -> bool:
                found, start = look_up(item, path, with_.names), prefix(item, with_)
                if start is None or "S" not in start:
                    raise Invalid("begins_with takes a text.")
                return found is not None and "S" in found and bool(found["S"].startswith(start["S"]))

            return begins
        self.expect(")")
        wanted = function == "attribute_exists"
        return lambda item, with_: (look_up(item, path, with_.names) is not None) == wanted

    def comparison(self) -> Test:
        left = self.operand()
        if self.skip("BETWEEN"):
            low = self.operand()
            self.expect("AND")
            high = self.operand()
            return lambda item, with_: (
                _compare(left(item, with_), ">=", low(item, with_))
                and _compare(left(item, with_), "<=", high(item, with_))
            )
        sign = self.take()
        if sign not in ("=", "<", "<=", ">", ">="):
            raise NotSimulated(f"the operator {sign}: {self.text!r}")
        right = self.operand()
        return lambda item, with_: _compare(left(item, with_), sign, right(item, with_))


def _compare(left: Attribute | None, sign: str, right: Attribute | None) -> bool:
    """What is missing, or of another kind, compares as false."""
    if left is None or right is None:
        return False
    if sign == "=":
        return bool(left == right) or (
            "N" in left and "N" in right and Decimal(left["N"]) == Decimal(right["N"])
        )
    kinds = (*left, *right)
    if kinds[0] not in _ORDERED or kinds[0] != kinds[1]:
        return False
    return ordered(left, sign, right)


def ordered(left: Attribute, sign: str, right: Attribute) -> bool:
    """How two attributes of the same ordered kind stand to each other. Texts compare by their UTF-8."""
    one, other = sort_value(left), sort_value(right)
    match sign:
        case "<":
            return bool(one < other)
        case "<=":
            return bool(one <= other)
        case ">":
            return bool(one > other)
        case _:
            return bool(one >= other)


def sort_value(attribute: Attribute) -> Any:
    if "N" in attribute:
        return Decimal(attribute["N"])
    return attribute["S"].encode() if "S" in attribute else attribute["B"]


@cache
def reserved_words() -> frozenset[str]:
    """DynamoDB's own list of words that no expression can use as a name, as moto carries it."""
    moto = find_spec("moto")
    if moto is None or moto.submodule_search_locations is None:
        raise NotSimulated("moto is not installed")
    words = Path(moto.submodule_search_locations[0]) / "dynamodb/parsing/reserved_keywords.txt"
    return frozenset(words.read_text(encoding="utf-8").split())
