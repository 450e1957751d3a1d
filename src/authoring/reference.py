"""The reference of procedure files as Markdown: one table for each kind of mapping, made from the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal, get_args, get_origin

from authoring.model import Key, Record, records
from authoring.places import is_record

BEGIN: Final = "<!-- Reference: made by `dueprocess docs` from the model; changes belong there. -->"
END: Final = "<!-- End of the reference -->"

_PLAIN: Final[Mapping[type, str]] = {
    str: "text",
    int: "whole number",
    bool: "`true` or `false`",
    date: "day, as 2026-09-02",
}


class NoPlace(Exception):
    """A document has no place for the reference; `str()` is a sentence."""


def put_reference(document: str) -> str:
    """Return the document with the present reference between its two markers.

    NoPlace: the markers do not stand there once each, one after the other."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise NoPlace(f"The document needs the line {BEGIN} once, and after it the line {END} once.")
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


def reference() -> str:
    """Return every key of a procedure file, by the mapping in which it stands."""
    every = records()
    places = _places(every)
    return "\n".join(line for record in every for line in _section(record, places))


def _places(every: tuple[Record, ...]) -> dict[str, list[str]]:
    """Return where in a file each kind of mapping stands."""
    known = {record.name: record for record in every}
    places: dict[str, list[str]] = {record.name: [] for record in every}

    def walk(record: Record, at: str) -> None:
        places[record.name].append(at)
        for key in record.keys:
            if not is_record(key.holds) or key.form == "texts":
                continue
            step = {"entries": f"{key.name}.<{_before_colon(key)}>", "list": f"{key.name}[]"}.get(
                key.form, key.name
            )
            walk(known[key.holds.__name__], f"{at}.{step}" if at else step)

    walk(every[0], "")
    return places


def _section(record: Record, places: Mapping[str, list[str]]) -> Iterator[str]:
    yield f"### {_heading(record.type)}"
    yield ""
    where = [f"`{place}`" for place in places[record.name] if place]
    if where:
        yield f"Stands at {', '.join(where)}. {record.meaning}"
    else:
        yield record.meaning
    yield ""
    yield "| key | takes | needed | meaning |"
    yield "| --- | --- | --- | --- |"
    for key in record.keys:
        yield f"| `{key.name}` | {_takes(key)} | {_needed(key)} | {_cell(key.meaning)} |"
    yield ""


def _heading(kind: type) -> str:
    """Return the name of a kind of mapping in words: DeadlineRule is a deadline rule."""
    name = kind.__name__
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return "The file" if name == "Procedure" else words.capitalize()


def _link(kind: type) -> str:
    heading = _heading(kind)
    return f"[{heading.lower()}](#{heading.lower().replace(' ', '-')})"


def _takes(key: Key) -> str:
    match key.form:
        case "list" if is_record(key.holds):
            return f"list, each: {_link(key.holds)}"
        case "list":
            return f"list, each: {_value(key.holds)}"
        case "texts":
            return "by id, each: text"
        case "entries":
            return f"by {_before_colon(key)}, each: {_link(key.holds)}"
        case _ if is_record(key.holds):
            return _link(key.holds)
        case _:
            return _value(key.holds)


def _before_colon(key: Key) -> str:
    return "name" if get_args(key.names) else "id"


def _value(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{name}`" for name in get_args(kind))
    return _PLAIN[kind]


def _needed(key: Key) -> str:
    if key.required:
        return "yes"
    match key.default:
        case bool():
            return f"no: `{str(key.default).lower()}`"
        case int() | str() if key.default != "":
            return f"no: `{key.default}`"
        case _:
            return "no"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
