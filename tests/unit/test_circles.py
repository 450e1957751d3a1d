"""The house has floors: no module of `src` imports itself by way of others.

Every import counts, inside a function and for types alone too: a circle that is hidden is a circle. What is looked up
by name while the program runs is no import.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

SRC: Final = Path(__file__).parents[2] / "src"

Imports = Mapping[str, frozenset[str]]
"""Of each module, those that it imports from."""


def imports_in(folder: Path) -> Imports:
    """What the modules below `folder` import of each other, wherever in a file they do."""
    modules = {module_name(path.relative_to(folder)): path for path in sorted(folder.rglob("*.py"))}
    return {
        name: frozenset(imported(ast.parse(path.read_text(encoding="utf-8")), modules)) - {name}
        for name, path in modules.items()
    }


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.Module, modules: Iterable[str]) -> Iterator[str]:
    """Which of `modules` a file imports, or imports something from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                # A package may be asked for one of its modules, or for what it says itself.
                named = (f"{node.module}.{alias.name}", str(node.module))
                yield from [one for one in named if one in modules][:1]


def circles_in(imports: Imports) -> list[list[str]]:
    """The groups of modules of which each can be reached from each, by name."""
    reached = {name: reached_from(name, imports) for name in imports}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in imports
        if name in reached[name]
    }
    return sorted(map(list, groups))


def reached_from(name: str, imports: Imports) -> set[str]:
    """All that a module imports, and what those import, and so on; itself only where that leads back."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        new = imports[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached


def shortest_way_round(circle: list[str], imports: Imports) -> str:
    """The way from the first module of a circle back to it, as a sentence says it."""
    first, unseen = circle[0], set(circle)
    ways = deque([[first]])
    while first in unseen:
        way = ways.popleft()
        following = sorted(imports[way[-1]] & unseen)
        ways += [[*way, one] for one in following]
        unseen -= set(following)
    return " imports ".join(next(way for way in ways if way[-1] == first))


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Whoever changes a module knows what it stands on."""
    imports = imports_in(SRC)
    circles = circles_in(imports)
    ways = [shortest_way_round(circle, imports) for circle in circles]
    assert [] == circles, f"In a circle: {'; '.join(ways)}."


@pytest.mark.parametrize(
    "line",
    [
        "from house import cellar",
        "from house.cellar import coal",
        "import house.cellar",
        "def fetch():\n    from house.cellar import coal",
        "if TYPE_CHECKING:\n    from house.cellar import Coal",
    ],
)
def test_every_import_counts(line: str, tmp_path: Path) -> None:
    """At the top, inside a function, for types alone: each closes a circle, which is named."""
    house = tmp_path / "house"
    house.mkdir()
    (house / "__init__.py").write_text("from house import attic\n", encoding="utf-8")
    (house / "attic.py").write_text(line, encoding="utf-8")
    (house / "cellar.py").write_text("from house.stairs import up\n", encoding="utf-8")
    (house / "stairs.py").write_text("from house.attic import window\n", encoding="utf-8")
    imports = imports_in(tmp_path)
    assert [["house.attic", "house.cellar", "house.stairs"]] == circles_in(imports)
    way = shortest_way_round(circles_in(imports)[0], imports)
    assert way == "house.attic imports house.cellar imports house.stairs imports house.attic"


def test_two_ways_to_one_module_are_no_circle() -> None:
    """Only who comes back to where they began has gone round."""
    imports = {
        "attic": frozenset({"stairs", "cellar"}),
        "stairs": frozenset({"cellar"}),
        "cellar": frozenset[str](),
    }
    assert [] == circles_in(imports)
