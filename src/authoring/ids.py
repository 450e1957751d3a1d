"""Ids: lower-case words joined by hyphens."""

from __future__ import annotations

import re
from typing import Final

PATTERN: Final = "[a-z0-9]+(-[a-z0-9]+)*"


def is_id(name: str) -> bool:
    return re.fullmatch(PATTERN, name) is not None


def as_id(name: str) -> str:
    """A name as an id; empty where it has neither letters nor digits of ASCII."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("’", "")))
