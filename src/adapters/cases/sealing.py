"""The one pair of functions through which what a person wrote, or is, goes into storage and comes out of it.

Today the words are stored as JSON, and the table's own encryption protects them. A key for each case, destroyed
with the case so that backups become unreadable with it, is a change to these two functions alone. What is longer
than a few lines is compressed, for it is kept for years.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

_COMPRESSED_FROM: Final = 500
"""In bytes. What is shorter hardly gets smaller."""
_JSON: Final = b"["


def seal(ref: str, words: Mapping[str, Any]) -> bytes:
    """Return what is stored of `words`, which belong to the case `ref`."""
    plain = json.dumps([ref, words], ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(plain, 9) if len(plain) >= _COMPRESSED_FROM else plain


def open_sealed(ref: str, stored: bytes) -> dict[str, Any]:
    """Return what was sealed for the case `ref`. ValueError: it belongs to another case."""
    owner, words = json.loads(stored if stored.startswith(_JSON) else zlib.decompress(stored))
    if owner != ref:
        raise ValueError("This content belongs to another case.")
    opened: dict[str, Any] = words
    return opened
