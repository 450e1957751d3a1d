"""Ids, which are lower-case words joined by hyphens, and what is said of a name that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

PATTERN: Final = "[a-z0-9]+(-[a-z0-9]+)*"


def is_id(name: str) -> bool:
    return re.fullmatch(PATTERN, name) is not None


def as_id(name: str) -> str:
    """Return a name as an id; empty where it has neither letters nor digits of ASCII."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("’", "")))


def unknown(what: str, given: str, known: Iterable[str]) -> str:
    """Return what is wrong with the name of a `what`: which are known, and which is meant."""
    names = list(known)
    return f"unknown {what} `{given}`; known here: {', '.join(names) or 'none'}{hint(given, names)}"


def hint(given: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that asks whether the closest of the known names is meant; empty: none is close."""
    meant = closest(given, known)
    return f"; did you mean `{meant}`?" if meant else ""


def closest(given: str, known: Iterable[str]) -> str:
    """Return the known name that is most like the given one; empty: none is."""
    return next(iter(get_close_matches(given, list(known), n=1)), "")
