"""How the parts of a mail are set: lines of the plain text, the HTML without gaps, single-line headers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final

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
    return _with_single_gaps(lines) + "\n"


def _with_single_gaps(lines: list[str]) -> str:
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()


def in_plain_text(html: str) -> str:
    """Return what our own HTML says, as the text part of a mail says it: headings in capitals, entries with a mark."""
    reader = _PlainText()
    reader.feed(html)
    reader.close()
    return _with_single_gaps("".join(reader.said).splitlines())


_BLOCKS: Final = frozenset(("p", "h2", "h3", "h4", "ul", "ol", "dl", "div", "table", "tr"))
_LINES: Final = frozenset(("li", "dt", "dd", "br"))


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._in_heading = False
        self._numbers: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._break("\n\n")
        elif tag in _LINES:
            self._break("\n")
        self._in_heading = self._in_heading or tag == "h2"
        if tag in ("ul", "ol"):
            self._numbers.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._mark()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._numbers.pop()
        if tag in _BLOCKS:
            self._in_heading = self._in_heading and tag != "h2"
            self._break("\n\n")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words:
            if data and self.said and not self.said[-1].endswith(("\n", " ")):
                self.said.append(" ")
            return
        begins = " " if data[0].isspace() and self.said and not self.said[-1].endswith(("\n", " ")) else ""
        ends = " " if data[-1].isspace() else ""
        self.said.append(begins + (words.upper() if self._in_heading else words) + ends)

    def _mark(self) -> None:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            self.said.append("- ")
        else:
            self._numbers[-1] = number + 1
            self.said.append(f"{number + 1}. ")

    def _break(self, lines: str) -> None:
        if self.said:
            self.said[-1] = self.said[-1].rstrip(" ")
            self.said.append(lines)


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
