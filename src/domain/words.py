"""What people write: in one shape, whatever typed it; what has to be written; and what was, as a case keeps it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import FieldProblem, Incomplete

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of a character that are none by themselves."""


def in_one_shape(text: str) -> str:
    """Return the text in Unicode's NFC, with `\n` for line ends and no space around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def in_one_line(text: str) -> str:
    """Return the text in one shape, with one space wherever there was any: a name, a title."""
    return " ".join(in_one_shape(text).split())


def is_printable(text: str, *, but: str = "\n\t") -> bool:
    """Return whether nothing but printable characters is in the text, and those in `but`."""
    return set(_UNPRINTABLE.findall(text)) <= set(but)


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
