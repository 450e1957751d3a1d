"""Text that people write, in one shape, whatever typed it."""

from __future__ import annotations

import unicodedata


def in_one_shape(text: str) -> str:
    """The text in Unicode's NFC, with `\\n` for line ends and no space around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def in_one_line(text: str) -> str:
    """The text in one shape, with one space wherever there was any: a name, a title."""
    return " ".join(in_one_shape(text).split())


def is_printable(text: str, *, but: str = "\n\t") -> bool:
    """Whether nothing but printable characters is in the text, and those in `but`."""
    # Cc: control characters; Cs: halves of a character that are none by themselves.
    return not any(unicodedata.category(char) in ("Cc", "Cs") and char not in but for char in text)
