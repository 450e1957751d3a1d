"""What failed, without its words: the text of an error can hold an address, or what somebody wrote.

SES names the address when it refuses a mail, and an error of our own may quote what it could not read. So a log gets
the kinds of an error and the places in the code, and a function ends with a sentence of its own: Lambda logs the text
of what it ends with, and Step Functions keeps it in the history of an execution.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


class Failed(Exception):
    """What a function ends with, in a sentence of ours. What failed, and where, is in its log."""


def without_words(error: BaseException) -> dict[str, Any]:
    """Return what a log can say of `error` and of what caused it, as lists of texts: its `kinds`, like `ClientError
    MessageRejected`, and the `places` in the code, like `…/delivery.py:212 in _send`. Its text is not in it."""
    kinds, places = [], []
    cause: BaseException | None = error
    while cause is not None:
        # Where nothing answered, botocore's error has a response that is None.
        code = (getattr(cause, "response", None) or {}).get("Error", {}).get("Code", "")
        kinds.append(f"{type(cause).__name__} {code}".rstrip())
        trace = cause.__traceback__
        while trace is not None:
            place = trace.tb_frame.f_code
            places.append(f"{place.co_filename}:{trace.tb_lineno} in {place.co_name}")
            trace = trace.tb_next
        cause = cause.__cause__
    return {"kinds": kinds, "places": places}


def ends_without_words(
    logger: Logger,
) -> Callable[[Callable[Arguments, Returned]], Callable[Arguments, Returned]]:
    """Have a handler that fails unforeseen log of what kind that is and where, and end with `Failed`."""

    def guarded(handler: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
        @wraps(handler)
        def handle(*given: Arguments.args, **named: Arguments.kwargs) -> Returned:
            try:
                return handler(*given, **named)
            except Failed:
                raise
            except Exception as error:  # noqa: BLE001 - a traceback in the log would hold its words
                logger.error("The function failed.", **without_words(error))
                raise Failed("The function failed; its log says of what kind, and where.") from None

        return handle

    return guarded
