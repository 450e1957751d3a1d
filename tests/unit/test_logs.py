"""What is logged of an error is its kinds and places, everywhere that Lambda runs."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from aws_lambda_powertools import Logger

from handlers.background import Correlated
from handlers.log import PowertoolsShape, begin, logger
from tests.integration.deployment import Context

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


def test_both_logs_write_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of a function that somebody waits for has the fields of Powertools' Logger, with the same values, but for
    where in the code it was written."""
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "both-logs")
    ours, theirs = StringIO(), StringIO()
    begin(Context(), correlation_id="one")
    begin(
        Context(), correlation_id="one"
    )  # the second is no cold start; the library's is one until it has begun
    library = Logger(logger_formatter=Correlated(), stream=theirs)
    library.inject_lambda_context(lambda *_: None)({}, Context())
    library.inject_lambda_context(lambda *_: library.info("Some ‘words’.", ref="LE-1", number=2))(
        {}, Context()
    )
    written = logging.StreamHandler(ours)
    written.setFormatter(PowertoolsShape())
    logger.addHandler(written)
    try:
        logger.info("Some ‘words’.", extra={"ref": "LE-1", "number": 2})
    finally:
        logger.removeHandler(written)
    own, other = json.loads(ours.getvalue()), json.loads(theirs.getvalue())
    assert own.keys() == other.keys()
    differ = {"location", "timestamp"}
    assert {**own, **dict.fromkeys(differ)} == {**other, **dict.fromkeys(differ)}
    written_at = [datetime.strptime(one["timestamp"], "%Y-%m-%d %H:%M:%S,%f%z") for one in (own, other)]
    assert abs(written_at[0] - written_at[1]) < timedelta(minutes=1)
    assert own["location"].partition(":")[0] == "test_both_logs_write_the_same"
