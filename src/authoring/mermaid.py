"""Draws a procedure as the text of a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from authoring.picture import CLOSED, NOT_SATISFIED, LadderStep, Picture

# Mermaid reads these in a label as something else; it has its own way to write them, and no other.
_ESCAPES: Final = str.maketrans(
    {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;"}
)


def as_mermaid(picture: Picture) -> str:
    """Return the flowchart, from the ways in at the top to the closure."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    names = {step.id: f"step{number}" for number, step in enumerate(picture.steps, start=1)}
    yield "flowchart TD"
    yield f"  accTitle: {_plain(picture.title)}"
    yield f"  accDescr: {_plain(' '.join(picture.sentences()))}"
    for number, entry in enumerate(picture.entries, start=1):
        yield f"  form{number}([{_label(entry.title, entry.limit)}]) --> {names[entry.step]}"
    for step in picture.steps:
        yield f"  {names[step.id]}[{_label(step.title, *map(str, step.rows))}]"
    for step in picture.steps:
        yield from _ways_out(step, names[step.id], names.get(step.next, ""))
    footnote = f"* {picture.footnote}" if picture.footnote else ""
    yield f"  closed([{_label(CLOSED, picture.kept, footnote)}])"


def _ways_out(step: LadderStep, name: str, following: str) -> Iterator[str]:
    not_satisfied = _label(NOT_SATISFIED)
    if following:
        yield f"  {name} -->|{not_satisfied}| {following}"
    if step.ending is not None:
        yield f"  {name} -->|{not_satisfied}| {name}end"
        yield f"  {name}end[{_label(step.ending.lead, *step.ending.lines)}] --> closed"
    yield f"  {name} -->|{_label(step.closing)}| closed"


def _label(*lines: str) -> str:
    return '"' + "<br/>".join(line.translate(_ESCAPES) for line in lines if line) + '"'


def _plain(text: str) -> str:
    """Return text for a line of its own, in which a semicolon or a brace would end it."""
    return text.replace(";", ",").replace("#", "").replace("{", "(").replace("}", ")")
