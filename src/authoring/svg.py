"""Draws a procedure as SVG: one column from the ways in at the top to the closure, so that it can be read on a phone.

The drawing stands in pages whose security policy allows no style but the page's own, and no script. So it is
made of shapes and real text with presentation attributes, and nothing else. Nobody knows here which font will be
used: texts are measured by the widest of the usual ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from authoring.picture import CLOSED, NOT_SATISFIED, Detail, Ending, LadderStep, Picture, WayIn, picture_of
from domain.procedure import Procedure

WIDTH: Final = 340
"""Of the drawing, in its own units: a phone shows it nearly one to one."""

FONT: Final = "system-ui, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, Arial, sans-serif"

# As in templates/pages/style.css.
_INK, _SOFT, _PAPER, _TINT = "#16202b", "#4a5764", "#ffffff", "#f1f5f7"
_ACCENT, _DARK = "#0a4f8f", "#12324d"

_SIZE: Final = 15
_LINE: Final = 20
_PAD: Final = 12
_LEFT: Final = 2
_RAIL: Final = 26
"""The room on the right for the line that leads to the closure."""
_LANE: Final = 18
"""The room on the left for each line that passes over a step."""
_GAP: Final = 40
_ARROW: Final = 8

_WIDTHS: Final[Mapping[str, float]] = {
    letter: width
    for letters, width in (
        ("'IJijl", 0.3),
        (" ,./:;\\|’‘", 0.35),
        ("!()-[]t", 0.4),
        ("r", 0.45),
        ('"*_`–', 0.5),
        ("?csz“”", 0.55),
        ("FLPkvxy", 0.6),
        ("0123456789$ESTYabdeghnopqu{}", 0.65),
        ("ABCKRVXZ", 0.7),
        ("HNU", 0.75),
        ("&DGOQ", 0.8),
        ("#+<=>^w~×→", 0.85),
        ("M", 0.9),
        ("%", 0.95),
        ("@Wm—", 1.0),
    )
    for letter in letters
}
"""How wide each character is in DejaVu Sans, in ems, rounded up; none of the fonts above is wider."""
_OTHER_WIDTH: Final = 0.9
_BOLD_WIDER: Final = 1.15


def svg_of(procedure: Procedure) -> str:
    """Return the drawing of a procedure that has been checked."""
    return as_svg(picture_of(procedure))


def as_svg(picture: Picture) -> str:
    """Return the drawing as an SVG element, which is also an SVG file."""
    lanes = sum(1 for number, step in enumerate(picture.steps) if _skips(picture, number, step))
    sheet = _Drawing(left=_LEFT + lanes * _LANE, right=WIDTH - _RAIL)
    _draw(sheet, picture)
    description = escape(" ".join(picture.sentences()))
    height = sheet.y + _LEFT
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
                f' height="{height}" role="img" aria-labelledby="drawing-title drawing-description"'
                f' font-family="{FONT}" font-size="{_SIZE}">'
            ),
            f'<title id="drawing-title">{escape(picture.title)}</title>',
            f'<desc id="drawing-description">{description}</desc>',
            f'<rect width="{WIDTH}" height="{height}" fill="{_PAPER}"/>',
            *sheet.lines,
            *sheet.shapes,
            "</svg>\n",
        )
    )


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    bold: bool


@dataclass(slots=True)
class _Drawing:
    """What is drawn so far: `y` is how far down, lines lie under the other shapes."""

    left: int
    right: int
    y: int = _LEFT
    lines: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How wide a text in a box can be."""
        return self.right - self.left - 2 * _PAD

    @property
    def stem(self) -> int:
        """Where the way from step to step runs."""
        return self.left + 24

    @property
    def rail(self) -> int:
        return WIDTH - 8

    def box(
        self, top: int, bottom: int, *, fill: str, stroke: str, radius: int = 6, left: int | None = None
    ) -> None:
        x = self.left if left is None else left
        self.shapes.append(
            f'<rect x="{x}" y="{top}" width="{self.right - x}" height="{bottom - top}" rx="{radius}"'
            f' fill="{fill}" stroke="{stroke}" stroke-width="2"/>'
        )

    def write(self, lines: Sequence[Sequence[_Word]], x: int, y: int, *, fill: str = _INK) -> int:
        """Write lines of text beneath `y`; how far down they reach."""
        for line in lines:
            spans = "".join(
                f'<tspan font-weight="700">{escape(text)}</tspan>' if bold else escape(text)
                for text, bold in _runs(line)
            )
            self.shapes.append(f'<text x="{x}" y="{y + _SIZE}" fill="{fill}">{spans}</text>')
            y += _LINE
        return y

    def line(self, *points: tuple[int, int], arrow: str = "") -> None:
        """Draw a line through points; `arrow` is the direction in which its head looks: down, left or right."""
        path = " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(points))
        self.lines.append(f'<path d="{path}" fill="none" stroke="{_SOFT}" stroke-width="2"/>')
        if arrow:
            x, y = points[-1]
            half = _ARROW * 5 // 8
            corners = {
                "down": f"L{x - half} {y - _ARROW} L{x + half} {y - _ARROW}",
                "left": f"L{x + _ARROW} {y - half} L{x + _ARROW} {y + half}",
                "right": f"L{x - _ARROW} {y - half} L{x - _ARROW} {y + half}",
            }[arrow]
            self.lines.append(f'<path d="M{x} {y} {corners} Z" fill="{_SOFT}"/>')


def _draw(sheet: _Drawing, picture: Picture) -> None:
    waiting: dict[str, list[tuple[int, int]]] = {}
    exits: list[int] = []
    lane = 0
    from_above = False
    for number, step in enumerate(picture.steps):
        _entries(sheet, picture.leading_to(step), from_above=from_above)
        for x, y in waiting.pop(step.id, []):
            sheet.line((x, y), (x, sheet.y + _LINE), (sheet.left - 1, sheet.y + _LINE), arrow="right")
        exits.append(_step(sheet, step))
        if step.ending is not None:
            _way_on(sheet)
            exits.append(_ending(sheet, step.ending))
        from_above = bool(step.next) and not _skips(picture, number, step)
        if from_above:
            _way_on(sheet, further=any(picture.leading_to(picture.steps[number + 1])))
        elif step.next:
            lane += 1
            x = sheet.left - lane * _LANE + _LANE // 2
            bend = sheet.y + _LINE
            sheet.line((sheet.stem, sheet.y), (sheet.stem, bend), (x, bend))
            sheet.write([[_Word(NOT_SATISFIED, False)]], sheet.stem + 12, sheet.y + 6, fill=_SOFT)
            waiting.setdefault(step.next, []).append((x, bend))
            sheet.y += _GAP
        elif number + 1 < len(picture.steps):
            sheet.y += _GAP // 2
    _closure(sheet, picture, exits)


def _skips(picture: Picture, number: int, step: LadderStep) -> bool:
    """Return whether the way on passes over other steps."""
    return bool(step.next) and picture.steps[number + 1].id != step.next


def _way_on(sheet: _Drawing, *, further: bool = False) -> None:
    """Draw the way down for those who are not satisfied. `further`: ways in come before the next step."""
    sheet.write([[_Word(NOT_SATISFIED, False)]], sheet.stem + 12, sheet.y + 8, fill=_SOFT)
    if further:
        sheet.line((sheet.stem, sheet.y), (sheet.stem, sheet.y + _GAP))
    else:
        sheet.line((sheet.stem, sheet.y), (sheet.stem, sheet.y + _GAP - 1), arrow="down")
    sheet.y += _GAP


def _entries(sheet: _Drawing, entries: Sequence[WayIn], *, from_above: bool) -> None:
    """Draw the ways in to a step, beside the one that comes from above."""
    if not entries:
        return
    left = sheet.left + 48 if from_above else sheet.left
    top = sheet.y
    for number, entry in enumerate(entries):
        if number:
            sheet.write([[_Word("or", False)]], left + _PAD, sheet.y + 1, fill=_SOFT)
            sheet.y += _LINE + 4
        room = sheet.right - left - 2 * _PAD
        lines = [*_wrap([(entry.title, True)], room), *_wrap([(entry.limit, False)], room)]
        begin = sheet.y
        sheet.y = sheet.write(lines, left + _PAD, begin + 8) + 8
        sheet.box(begin, sheet.y, fill=_TINT, stroke=_ACCENT, radius=16, left=left)
        # Boxes lie under their texts.
        sheet.shapes.insert(len(sheet.shapes) - 1 - len(lines), sheet.shapes.pop())
    if from_above:
        sheet.line((sheet.stem, top), (sheet.stem, sheet.y + 23), arrow="down")
    middle = left + 24 if not from_above else (left + sheet.right) // 2
    sheet.line((middle, sheet.y), (middle, sheet.y + 23), arrow="down")
    sheet.y += 24


def _step(sheet: _Drawing, step: LadderStep) -> int:
    """Return a step; the height at which the way to the closure leaves it."""
    top = sheet.y
    title = _wrap([(step.title, True)], sheet.room)
    head = top + 8 + len(title) * _LINE + 8
    rows = [_row(row, sheet.room) for row in step.rows]
    closing = _wrap([(step.closing, False)], sheet.room)
    divide = head + 10 + sum(len(lines) * _LINE + 6 for lines in rows)
    bottom = divide + 8 + len(closing) * _LINE + 10
    sheet.box(top, bottom, fill=_PAPER, stroke=_ACCENT)
    sheet.shapes.append(
        f'<path d="M{sheet.left} {head} V{top + 6} Q{sheet.left} {top} {sheet.left + 6} {top} H{sheet.right - 6}'
        f' Q{sheet.right} {top} {sheet.right} {top + 6} V{head} Z" fill="{_ACCENT}"/>'
    )
    sheet.write(title, sheet.left + _PAD, top + 7, fill=_PAPER)
    y = head + 8
    for lines in rows:
        y = sheet.write(lines, sheet.left + _PAD, y) + 6
    sheet.shapes.append(
        f'<path d="M{sheet.left + _PAD} {divide} H{sheet.right}" stroke="{_SOFT}" stroke-dasharray="2 4"/>'
    )
    sheet.write(closing, sheet.left + _PAD, divide + 7, fill=_SOFT)
    sheet.y = bottom
    return divide + 8 + len(closing) * _LINE // 2


def _ending(sheet: _Drawing, ending: Ending) -> int:
    """Draw where people can turn. Return the height at which the way to the closure leaves it."""
    top = sheet.y
    lines = [*_wrap([(ending.lead, True)], sheet.room)]
    for line in ending.lines:
        lines += _wrap([(line, False)], sheet.room)
    bottom = top + 8 + len(lines) * _LINE + 10
    sheet.box(top, bottom, fill=_TINT, stroke=_SOFT)
    sheet.write(lines, sheet.left + _PAD, top + 8)
    sheet.y = bottom
    return (top + bottom) // 2


def _closure(sheet: _Drawing, picture: Picture, exits: Sequence[int]) -> None:
    """Draw the closure at the bottom, to which every way leads, and what the star means."""
    sheet.y += 24
    top = sheet.y
    lines = [*_wrap([(CLOSED, True)], sheet.room), *_wrap([(picture.kept, False)], sheet.room)]
    sheet.y = top + 8 + len(lines) * _LINE + 10
    sheet.box(top, sheet.y, fill=_DARK, stroke=_DARK, radius=16)
    sheet.write(lines, sheet.left + _PAD, top + 8, fill=_PAPER)
    middle = (top + sheet.y) // 2
    for y in exits:
        sheet.line((sheet.right, y), (sheet.rail, y))
    sheet.line((sheet.rail, min(exits)), (sheet.rail, middle), (sheet.right + 1, middle), arrow="left")
    if picture.footnote:
        notes = _wrap([(f"* {picture.footnote}", False)], WIDTH - 2 * _LEFT)
        sheet.y = sheet.write(notes, sheet.left, sheet.y + 10, fill=_SOFT) + 4


def _row(row: Detail, room: int) -> list[list[_Word]]:
    return _wrap([(row.lead, True), (row.text, False)], room)


def _wrap(parts: Sequence[tuple[str, bool]], room: int) -> list[list[_Word]]:
    """Return the words of texts, plain or bold, in lines that are no wider than `room`."""
    lines: list[list[_Word]] = []
    used = 0.0
    for word in _words(parts, room):
        width = _width(word)
        space = _WIDTHS[" "] * _SIZE
        if lines and used + space + width <= room:
            lines[-1].append(word)
            used += space + width
        else:
            lines.append([word])
            used = width
    return lines


def _words(parts: Sequence[tuple[str, bool]], room: int) -> Iterator[_Word]:
    """Yield the words, and those that are wider than a line in pieces."""
    for text, bold in parts:
        for part in text.split():
            piece = ""
            for letter in part:
                if piece and _width(_Word(piece + letter, bold)) > room:
                    yield _Word(piece, bold)
                    piece = ""
                piece += letter
            yield _Word(piece, bold)


def _width(word: _Word) -> float:
    width = sum(_WIDTHS.get(letter, _OTHER_WIDTH) for letter in word.text) * _SIZE
    return width * _BOLD_WIDER if word.bold else width


def _runs(line: Sequence[_Word]) -> Iterator[tuple[str, bool]]:
    """Yield a line's words joined as far as they look the same."""
    run: list[str] = []
    bold = line[0].bold
    for word in line:
        if word.bold != bold:
            yield " ".join(run) + " ", bold
            run, bold = [], word.bold
        run.append(word.text)
    yield " ".join(run), bold
