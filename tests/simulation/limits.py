"""What Lambda and the gateway let through of an answer."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.simulation.expressions import NotSimulated

LARGEST_ANSWER: Final = 6 * 1024 * 1024
"""Bytes of an answer as Lambda hands it on, which is JSON."""

LARGEST_HEAD: Final = 10_240
"""Bytes of the names and values of all headers."""


def hold(answer: Any) -> None:
    """NotSimulated: the answer of a function is larger than Lambda hands on, or its headers than the gateway does."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return
    # A character can take six bytes; what is far from the limit is not written out to be measured.
    if len(answer["body"]) * 6 > LARGEST_ANSWER:
        size = len(json.dumps(answer, ensure_ascii=False).encode())
        if size > LARGEST_ANSWER:
            raise NotSimulated(f"an answer of {size} bytes")
    head = sum(len(name) + len(value.encode()) for name, value in answer["headers"].items())
    if head > LARGEST_HEAD:
        raise NotSimulated(f"{head} bytes of headers")
