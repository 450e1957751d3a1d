"""YAML as plain values that know their lines.

Text is text: only `true` and `false` are truth values, only digits are numbers, and dates are written 2026-09-02.
Aliases and tags are not part of the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args, get_origin

import yaml

from authoring.objection import Location
from authoring.places import begins, is_record, keyed_at, spell_place, types_of

TEXT: Final = "tag:yaml.org,2002:str"
NULL: Final = "tag:yaml.org,2002:null"
TRUTH: Final = "tag:yaml.org,2002:bool"
NUMBER: Final = "tag:yaml.org,2002:int"


@dataclass(slots=True)
class Reading:
    """What is known about one file while it is read: its lines, its problems, and what they put in doubt."""

    root: Any
    """What the file as a whole is read as."""
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    """What is wrong: the line, from 1, and a phrase."""
    doubtful: set[Location] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def report_line(self, line: int, message: str) -> None:
        self.problems.append((line, message))

    def report(self, at: Location, message: str) -> None:
        self.report_line(self.line_of(at), message)

    def doubt(self, at: Location, message: str) -> None:
        """Report, and keep quiet about whatever else may follow from it."""
        self.report(at, message)
        self.doubtful.add(at)

    def line_of(self, at: Location) -> int:
        """Return the line of a place in the file, or of the nearest thing around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)

    def is_sound(self, at: Location, *needs: Location) -> bool:
        """Return whether nothing around `at`, and nothing around or inside any of `needs`, is in doubt."""
        if any(begins(at, doubt) for doubt in self.doubtful):
            return False
        return not any(
            begins(need, doubt) or begins(doubt, need) for need in needs for doubt in self.doubtful
        )

    def take(self, node: yaml.Node, at: Location, expected: Any) -> Any:
        """Return the node as plain values (dict, list, str, int, bool, None), its lines noted.

        `expected` is the type that belongs there; None: nothing does."""
        if id(node) in self.seen:
            self.doubt(at, f"{spell_place(at)}: aliases (`*name`) are not allowed here: write out the value")
            return None
        self.seen.add(id(node))
        match node:
            case yaml.MappingNode():
                return self._take_mapping(node, at, expected)
            case yaml.SequenceNode() if keyed_at(at, self.root):
                self.doubt(
                    at, f"{spell_place(at)} has to be a mapping with each entry under its own key, not a list"
                )
                return []
            case yaml.SequenceNode():
                item = get_args(expected)[0] if get_origin(expected) is tuple else None
                taken = []
                for index, child in enumerate(node.value):
                    self.lines[(*at, index)] = child.start_mark.line + 1
                    taken.append(self.take(child, (*at, index), item))
                return taken
            case _:
                return self._take_scalar(node, at)

    def _take_scalar(self, node: yaml.Node, at: Location) -> str | int | bool | None:
        text: str = node.value
        match node.tag:
            case _ if node.tag == NULL or not text.strip():
                self.doubt(at, f"{spell_place(at)} has no value")
                return None
            case tag if tag == TRUTH:
                return text == "true"
            case tag if tag == NUMBER:
                return int(text)
            case tag if tag == TEXT:
                return text
            case tag:
                self.doubt(at, f"{spell_place(at)}: tags such as `{tag}` are not allowed here")
                return text

    def _take_mapping(self, node: yaml.MappingNode, at: Location, expected: Any) -> Any:
        keyed = keyed_at(at, self.root)
        entry_type = get_args(expected)[0] if keyed and get_origin(expected) is tuple else None
        hints = types_of(expected) if is_record(expected) else {}
        values: dict[str, Any] = {}
        entries: list[Any] = []
        for key, line, value in self._pairs(node, at):
            if keyed is None:
                self.lines[(*at, key)] = line
                values[key] = self.take(value, (*at, key), hints.get(key))
            else:
                place = (*at, len(entries))
                self.lines[place] = line
                entries.append(self._take_entry(value, place, entry_type, key=key, keyed=keyed))
        return values if keyed is None else entries

    def _take_entry(
        self, node: yaml.Node, at: Location, expected: Any, *, key: str, keyed: tuple[str, str]
    ) -> Any:
        """Return one entry of a mapping from ids, with its id put where the types have it."""
        key_name, short = keyed
        self.lines[(*at, key_name)] = self.lines[at]
        if short:
            self.lines[(*at, short)] = self.lines[at]
            return {key_name: key, short: self.take(node, (*at, short), str)}
        value = self.take(node, at, expected)
        if not isinstance(value, dict):
            return value
        if key_name in value:
            self.report(
                (*at, key_name), f"unknown key `{key_name}`: `{key}` has its {key_name} before the colon"
            )
        self.lines[(*at, key_name)] = self.lines[at]
        return {**value, key_name: key}

    def _pairs(self, node: yaml.MappingNode, at: Location) -> Iterator[tuple[str, int, yaml.Node]]:
        """Yield each key once, with its line and value. Of equal keys the first one counts."""
        first: dict[str, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.report_line(line, "a key has to be a word")
            elif key_node.value in first:
                before = first[key_node.value]
                self.report_line(line, f"duplicate key `{key_node.value}`: it is already on line {before}")
            else:
                first[key_node.value] = line
                yield key_node.value, line, value


class _PlainLoader(yaml.SafeLoader):
    """YAML in which `on`, `yes`, `1.0` and `2026-09-02` are text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_PlainLoader.add_implicit_resolver(TRUTH, re.compile(r"^(?:true|false)$"), ["t", "f"])
_PlainLoader.add_implicit_resolver(NUMBER, re.compile(r"^(?:0|-?[1-9][0-9]*)$"), list("-0123456789"))
_PlainLoader.add_implicit_resolver(NULL, re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


def compose(path: Path, reading: Reading) -> yaml.Node | None:
    """Return the file's nodes; None, after a report, where it is no YAML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        reading.report_line(line, "this is not UTF-8: save the file with that encoding")
        return None
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        reading.report_line(
            mark.line + 1 if mark else 1,
            f"this is not YAML ({said}): check the indentation, and put text that contains a colon in quotes",
        )
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reading.report_line(
            line, f"this is not YAML: the character U+{ord(text[error.position]):04X} is not allowed"
        )
        return None
    if root is None:
        reading.report_line(1, "the file is empty")
    return root
