"""The log of functions that somebody waits for: the lines that Powertools' Logger writes, without importing it.

Nobody waits for the others, which use the library itself (`handlers.background`). A test holds that both write the
same.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

from adapters.correlation import correlate, correlation

_OF_EVERY_RECORD: Final = frozenset(
    {*logging.LogRecord("", 0, "", 0, "", (), None).__dict__, "message", "asctime", "taskName"}
)

_LAMBDAS_OWN: Final[dict[str, Any]] = {}
"""What Lambda says of the function and of this invocation of it."""


def begin(context: Any, *, correlation_id: str) -> None:
    """Have each line from now on say what Lambda says of this invocation, and under which id it stands."""
    correlate(correlation_id)
    if context is None:
        _LAMBDAS_OWN.clear()
        return
    _LAMBDAS_OWN.update(
        cold_start=not _LAMBDAS_OWN,
        function_name=context.function_name,
        function_memory_size=context.memory_limit_in_mb,
        function_arn=context.invoked_function_arn,
        function_request_id=context.aws_request_id,
    )


class PowertoolsShape(logging.Formatter):
    """Writes a line as Powertools' Logger does."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line of JSON."""
        at = time.localtime(record.created)
        line = {
            "level": record.levelname,
            "location": f"{record.funcName}:{record.lineno}",
            "message": record.getMessage(),
            "timestamp": f"{time.strftime('%Y-%m-%d %H:%M:%S', at)},{int(record.msecs):03}{time.strftime('%z', at)}",
            "service": os.environ.get("POWERTOOLS_SERVICE_NAME", "service_undefined"),
            **_LAMBDAS_OWN,
            **{name: value for name, value in record.__dict__.items() if name not in _OF_EVERY_RECORD},
            **dict(_ids()),
        }
        return json.dumps(line, default=str, separators=(",", ":"), ensure_ascii=False)


def _ids() -> Iterator[tuple[str, str]]:
    yield "correlation_id", correlation()
    if trace := os.environ.get("_X_AMZN_TRACE_ID"):
        yield "xray_trace_id", trace.partition(";")[0].removeprefix("Root=")


class _Output(logging.StreamHandler[Any]):
    """Writes to what standard output is now; Lambda's runtime puts another in its place after this is imported."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stdout


def _made() -> logging.Logger:
    made = logging.getLogger("dueprocess.waited-for")
    made.setLevel(logging.INFO)
    # The runtime's own handler at the root would write each line a second time, in a shape of its own.
    made.propagate = False
    output = _Output()
    output.setFormatter(PowertoolsShape())
    made.addHandler(output)
    return made


logger: Final = _made()
