"""How the parts of a mail are set: lines of the plain text, the HTML without gaps, single-line headers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 78
"""Characters in a line of the text part; addresses of pages are never broken."""


def one_line(text: str) -> str:
    """Return it for a header: line breaks, as all other gaps, become single spaces."""
    return " ".join(text.split())


def tidy(html: str) -> str:
    """Return it without the empty lines that a template leaves."""
    return "\n".join(line for line in html.splitlines() if line.strip()) + "\n"


def wrapped(text: str) -> str:
    """Return lines of at most `WIDTH` characters, the entries of lists indented, and never more than one empty
    line."""
    lines: list[str] = []
    for line in text.splitlines():
        lines.extend(_wrapped_line(line.rstrip()))
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip() + "\n"


def _wrapped_line(line: str) -> Iterable[str]:
    if len(line) <= WIDTH:
        return (line,)
    mark, _, rest = line.partition(" ")
    is_entry = bool(rest) and (mark == "-" or (mark[:-1].isdigit() and mark.endswith(".")))
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=" " * (len(mark) + 1) if is_entry else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
