"""The log of functions that nobody waits for: Powertools' Logger, with the id of what is being done in each line."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from adapters.correlation import correlation


class Correlated(LambdaPowertoolsFormatter):
    """Puts the id of what is being done into each line; in a batch it is another for each record."""

    def serialize(self, log: Any) -> str:
        """Return a line of JSON."""
        return super().serialize({**log, "correlation_id": correlation()})


def background_logger() -> Logger:
    """Return the log of this function."""
    return Logger(logger_formatter=Correlated())
