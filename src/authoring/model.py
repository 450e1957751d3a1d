"""The model of procedure files, key by key: what the reference and the schema for editors are made of.

Keys, their types and what is required come from the dataclasses of `domain.procedure`; what a key means is the
docstring under its field, or else that of the type that it holds.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final, get_args, get_origin, get_type_hints

from authoring.places import KEYED, is_record, without_none
from domain.procedure import Procedure

EVERYWHERE: Final[Mapping[str, str]] = {
    "source": "Where in the policy this stands: the section.",
    "own_target": "Says, in place of `source`, that the policy is silent and this is the organisation's own.",
    "discretion_role": "The role that decides about a late complaint.",
    "role": "The role that decides.",
    "roles": "Ids of roles.",
    "label": "What people read.",
    "tells_complainant": "Whether the complainant is told of it.",
}
"""What keys mean that stand in many places with the same meaning."""

_ERRORS: Final = re.compile(r"\b[A-Z]\w*Error: [^.]*\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key that an author can write. `holds` is the type of its value, or of each entry of it."""

    name: str
    meaning: str
    holds: Any
    form: str
    """`one` value, a `list` of them, `entries` by id, or `texts` by id."""
    names: Any
    """For entries and texts: the type of what stands before the colon."""
    required: bool
    default: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What belongs together under one heading: a dataclass of the model, without what stands before the colon."""

    type: type
    meaning: str
    keys: tuple[Key, ...]

    @property
    def name(self) -> str:
        return self.type.__name__


def records() -> tuple[Record, ...]:
    """Return every kind of mapping in a procedure file, the file itself first, each before what it holds."""
    found: dict[type, Record] = {}
    waiting: list[tuple[type, str]] = [(Procedure, "")]
    while waiting:
        kind, before_colon = waiting.pop(0)
        if kind in found:
            continue
        found[kind] = _record(kind, before_colon)
        for key in found[kind].keys:
            if is_dataclass(key.holds) and isinstance(key.holds, type) and key.form != "texts":
                waiting.append((key.holds, KEYED.get((kind.__name__, key.name), ("", ""))[0]))
    return tuple(found.values())


def _record(kind: type, before_colon: str) -> Record:
    hints = get_type_hints(kind)
    return Record(
        type=kind,
        meaning=_about(kind),
        keys=tuple(
            _key(kind, field.name, hints[field.name], default=_default(field))
            for field in fields(kind)
            if field.name != before_colon
        ),
    )


def _key(kind: type, name: str, hint: Any, *, default: object) -> Key:
    hint = without_none(hint)
    listed = get_origin(hint) is tuple
    holds = get_args(hint)[0] if listed else hint
    keyed = KEYED.get((kind.__name__, name))
    names = None
    form = "list" if listed else "one"
    if keyed is not None:
        form = "texts" if keyed[1] else "entries"
        names = get_type_hints(holds)[keyed[0]]
    return Key(
        name=name,
        meaning=_meaning(kind, name, holds),
        holds=holds,
        form=form,
        names=names,
        required=default is MISSING,
        default=None if default is MISSING else default,
    )


def _about(kind: type) -> str:
    """Return a class's docstring, without what only programs read: the errors, and the signature that stands in for a
    text."""
    text = _plain(kind.__doc__)
    return "" if text.startswith(f"{kind.__name__}(") else _ERRORS.sub("", text).strip()


def _default(field: Any) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _meaning(kind: type, name: str, holds: Any) -> str:
    """Return what a key means, in the words nearest to it; empty: nobody has said it."""
    said = _docstrings(kind.__module__).get((kind.__name__, name), "")
    if said:
        return said
    if f"`{name}`" in _about(kind):
        return _about(kind)
    if name in EVERYWHERE:
        return EVERYWHERE[name]
    if name.endswith("_source"):
        return f"Where in the policy the `{name.removesuffix('_source')}` stands."
    return _about(holds) if is_record(holds) else ""


@cache
def _docstrings(module: str) -> Mapping[tuple[str, str], str]:
    """Return the texts under the fields of a module's classes, by class and field; under a field whose type has a name
    of its own, that type's too."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    aliases = {
        target.id: text
        for statement, text in _documented(tree.body)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    found: dict[tuple[str, str], str] = {}
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                alias = aliases.get(ast.unparse(statement.annotation), "")
                if alias:
                    found[node.name, statement.target.id] = alias
        for statement, text in _documented(node.body):
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                place = (node.name, statement.target.id)
                found[place] = f"{text} {found[place]}" if place in found else text
    return found


def _documented(body: list[ast.stmt]) -> list[tuple[ast.stmt, str]]:
    """Return statements that have a text under them, with that text."""
    pairs = pairwise(body)
    return [
        (statement, _plain(following.value.value))
        for statement, following in pairs
        if isinstance(following, ast.Expr)
        and isinstance(following.value, ast.Constant)
        and isinstance(following.value.value, str)
    ]


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
