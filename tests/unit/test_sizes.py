"""Functions and files stay small enough to be read as a whole."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
FILES: Final = sorted(one for folder in ("src", "local", "bench") for one in (ROOT / folder).rglob("*.py"))

LONGEST_FUNCTION: Final = 60
"""Lines, from `def` to the last one."""

LONGEST_FILE: Final = 400
"""Lines."""


def too_long(path: str, text: str) -> Iterator[str]:
    """What is too long in a file: the file itself, and the functions in it."""
    if len(text.splitlines()) > LONGEST_FILE:
        yield path
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION:
                yield f"{path}: {node.name}"


def test_no_function_and_no_file_is_too_long() -> None:
    """No function has more than 60 lines and no file more than 400; what outgrows that is split by what it is about."""
    found = {
        one
        for path in FILES
        for one in too_long(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    }
    assert found == set(), sorted(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 1\n" * 400, []),
        ("x = 1\n" * 401, ["a.py"]),
        ("def f():\n" + "    x = 1\n" * 59, []),
        ("class A:\n    async def f(self):\n" + "        x = 1\n" * 60, ["a.py: f"]),
    ],
)
def test_lines_are_counted_from_def_to_end(text: str, found: list[str]) -> None:
    """The line with `def` counts, and so does the last one; methods and functions in functions are functions."""
    assert found == list(too_long("a.py", text))
