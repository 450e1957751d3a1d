"""The one pair of functions through which what a person wrote, or is, goes into storage and comes out of it.

Today the words are stored as JSON, and the table's own encryption protects them. A key for each case, destroyed
with the case so that backups become unreadable with it, is a change to these two functions alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def seal(ref: str, words: Mapping[str, Any]) -> bytes:
    """What is stored of `words`, which belong to the case `ref`."""
    return json.dumps([ref, words], ensure_ascii=False, separators=(",", ":")).encode()


def open_sealed(ref: str, stored: bytes) -> dict[str, Any]:
    """What was sealed for the case `ref`. ValueError: it belongs to another case."""
    owner, words = json.loads(stored)
    if owner != ref:
        raise ValueError("This content belongs to another case.")
    opened: dict[str, Any] = words
    return opened
