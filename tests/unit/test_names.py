"""A name stands for one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SRC: Final = Path(__file__).parents[2] / "src"

NAMED_BY_THE_API: Final = frozenset({"Choice", "Deadline", "Submission"})
"""In `handlers/shapes.py` a class is called what its schema is called in the API's document, for as long as
programs call it that."""


def names_of(tree: ast.Module) -> Iterator[str]:
    """The classes, type aliases and type variables that a module defines: what begins with one capital letter."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if name.lstrip("_")[:1].isupper() and not name.isupper():
                    yield name
            case _:
                continue


def test_no_class_or_type_is_defined_twice() -> None:
    """Whoever reads the name of a class or a type in `src` has to look in one place only."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(SRC.rglob("*.py")):
        for name in names_of(ast.parse(path.read_text(encoding="utf-8"))):
            places[name].append(str(path.relative_to(SRC)))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert {name: twice.get(name) for name in twice.keys() ^ NAMED_BY_THE_API} == {}, (
        "defined twice, or exempt without need"
    )
    assert all("handlers/shapes.py" in twice[name] for name in NAMED_BY_THE_API)
