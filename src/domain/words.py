"""What people write: in one shape, whatever typed it; what has to be written; what was, as a case keeps
it; and names as a sentence lists them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from domain.errors import FieldProblem, Incomplete

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of a character that are none by themselves."""

_UNSEEN: Final = dict.fromkeys(
    (
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F, 0x2800, 0x3164),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *(0xFEFF, 0xFFA0, *range(0xFFF9, 0xFFFC)),
        *range(0xE0000, 0xE0080),
    )
)
"""Characters that take no room, or that turn the direction of those around them."""

_JOINERS: Final = "\u200c\u200d"
"""What keeps letters apart or joins them: unseen too, but Persian and the languages of India are not written without
it."""


def in_one_shape(text: str) -> str:
    """Return the text in Unicode's NFC, with `\n` for line ends and no space around it; nothing, where nothing of it
    can be seen."""
    for line_end in ("\r\n", "\r", "\v", "\f"):
        text = text.replace(line_end, "\n")
    text = unicodedata.normalize("NFC", text).strip()
    return text if text.isascii() or text.translate(_UNSEEN).strip(_JOINERS).strip() else ""


def in_one_line(text: str) -> str:
    """Return a name, a title, an address: the text in one shape, with one space wherever there was any, and without
    what nobody sees."""
    text = " ".join(in_one_shape(text).split())
    if text.isascii():
        return text
    text = text.translate(_UNSEEN)
    for joiner in _JOINERS:
        if joiner in text:
            text = _only_where_written(text, joiner)
    return " ".join(in_one_shape(text).split())


def _only_where_written(text: str, joiner: str) -> str:
    """Return the text with the joiner only where it follows a letter of a script that is written with it."""
    kept = (char for before, char in pairwise(f" {text}") if char != joiner or "\u0600" <= before < "\u1fff")
    return "".join(kept)


NAME_WANTED: Final = "Enter a name without a web address or an email address in it."

_TITLES: Final = frozenset(("dr", "mr", "mrs", "ms", "mx", "miss", "prof", "rev", "sir", "st", "jr", "sr"))


def holds_link(text: str) -> bool:
    """Return whether a reader's mail program would make a link of anything in the text, which is a name: an address of
    a page or for emails. What is known as a title can stand before a name without a space."""
    plain = unicodedata.normalize("NFKC", text).replace("\u3002", ".").casefold()
    if "@" in plain or "://" in plain or "www." in plain:
        return True
    dotted = re.findall(r"([^\W_][\w-]+)\.[^\W\d_]{2,}", plain)
    return any(label not in _TITLES for label in dotted)


def is_printable(text: str, *, but: str = "\n\t") -> bool:
    """Return whether nothing but printable characters is in the text, and those in `but`."""
    return set(_UNPRINTABLE.findall(text)) <= set(but)


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them: A, B and C."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


@dataclass(frozen=True, slots=True)
class Writing:
    """What a person wrote: named texts or lists of texts, under an id that is new in the case."""

    id: str
    words: Mapping[str, Any]

    def says(self, name: str) -> bool:
        """Return whether there are words under this name."""
        return bool(str(self.words.get(name, "")).strip())

    def missing(self, **sentences: str) -> list[FieldProblem]:
        """Return the names without words, each with the sentence that asks for them."""
        return [FieldProblem(name, ask) for name, ask in sentences.items() if not self.says(name)]

    def require(self, **sentences: str) -> None:
        """Refuse what lacks words. Incomplete: names each field, with the sentence that asks for it."""
        require(self.missing(**sentences))


def require(missing: list[FieldProblem]) -> None:
    """Refuse what lacks something. Incomplete: `missing` is not empty."""
    if missing:
        raise Incomplete(tuple(missing))


def says(writing: Writing | None, name: str) -> bool:
    """Return whether something was written at all, and has words under this name."""
    return writing is not None and writing.says(name)
