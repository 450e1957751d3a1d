"""What is logged of an error is its kinds and places, everywhere that Lambda runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src"


def with_its_text(source: str) -> Iterator[int]:
    """The lines on which a log gets an error with its text and its traceback."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "exception")
            or any(one.arg == "exc_info" for one in node.keywords)
        ):
            yield node.lineno


def test_no_log_gets_the_text_of_an_error() -> None:
    """It can hold an address, or what somebody wrote; `handlers.failures.without_words` is what a log gets."""
    files = [
        file for package in ("domain", "adapters", "handlers") for file in (SOURCES / package).rglob("*.py")
    ]
    assert len(files) > 50
    found = [
        f"{file.name}:{line}" for file in files for line in with_its_text(file.read_text(encoding="utf-8"))
    ]
    assert not found


def test_a_logged_exception_is_noticed() -> None:
    """Both ways in which a logger is given an error are found."""
    source = 'logger.exception("It failed.")\nlogger.error("It failed.", exc_info=True)\nlogger.info("It went well.")'
    assert list(with_its_text(source)) == [1, 2]
