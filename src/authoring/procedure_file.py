"""Reads a procedure file: strictly, and with every mistake at once.

`read` takes the YAML apart into nodes that know their lines, has pydantic hold the values against the types
of `domain.procedure`, and then puts the questions of `authoring.rules` to what came out. A part that is wrong
is reported and mended just enough for the rest to be checked too; nothing that was mended is ever returned.

In the file, what has an id is a mapping from ids to entries (roles, people, forms, fields, choices,
conclusions, stages, deadlines, signposts), in the order in which it is meant; a role is just its title, a
choice its label. Text is text: only `true` and `false` are truth values, only digits are numbers, and dates
are written 2026-09-02. Aliases and tags are not part of the format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from authoring.rules import Location, Objection, objections, template_objections
from domain.procedure import Procedure

TEXT: Final = "tag:yaml.org,2002:str"
NULL: Final = "tag:yaml.org,2002:null"
TRUTH: Final = "tag:yaml.org,2002:bool"
NUMBER: Final = "tag:yaml.org,2002:int"

KEYED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("Procedure", "roles"): ("id", "title"),
    ("Procedure", "people"): ("id", ""),
    ("Procedure", "forms"): ("id", ""),
    ("Procedure", "conclusions"): ("id", ""),
    ("Procedure", "remedies"): ("id", ""),
    ("Procedure", "stages"): ("id", ""),
    ("Procedure", "signposts"): ("id", ""),
    ("Procedure", "not_covered"): ("id", ""),
    ("Form", "fields"): ("id", ""),
    ("Field", "choices"): ("id", "label"),
    ("Stage", "deadlines"): ("name", ""),
    ("Step", "answers"): ("id", "text"),
    ("Register", "clauses"): ("id", ""),
}
"""Which tuples of the types are mappings in the file: what their keys become, and what an entry that is a
single text becomes (empty: an entry has keys of its own)."""


# A tuple of one procedure, for a dataclass itself takes no configuration from outside. It is fed with
# JSON, where pydantic's strictness takes lists for tuples and ISO text for dates, and nothing else besides.
@cache
def _shape(kind: Any) -> TypeAdapter[tuple[Any]]:
    return TypeAdapter(tuple[kind], config=ConfigDict(extra="forbid", strict=True))


_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: `line` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ProcedureFileErrors(Exception):
    """Everything that is wrong with a procedure file, by line."""

    def __init__(self, problems: Iterable[Mistake]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read(path: Path, *, templates_dir: Path | None = None) -> Procedure:
    """The procedure in a file. With `templates_dir`, every notice has to have its mail template there too.

    ProcedureFileErrors: the file has mistakes. OSError: it cannot be read."""
    slug, version = _named_by(path)

    def all_objections(procedure: Procedure) -> Iterator[Objection]:
        yield from objections(procedure, slug=slug, version=version)
        if templates_dir is not None:
            for message in template_objections(templates_dir):
                yield Objection((), message)

    procedure, _ = read_as(Procedure, path, what="procedure file", begins="slug", objections=all_objections)
    return procedure


def read_as(
    kind: type[_Kind],
    path: Path,
    *,
    what: str,
    begins: str,
    objections: Callable[[_Kind], Iterable[Objection]],
) -> tuple[_Kind, Callable[[Location], int]]:
    """A file of another kind, read as strictly: the dataclass that it holds, and where each place in it stands (the
    line of the nearest thing around it). `what` names such a file in messages, `begins` is its first key.

    ProcedureFileErrors: the file has mistakes. OSError: it cannot be read."""
    sheet = _Reading(str(path), root=kind)
    held: _Kind = _taken(path, sheet, what=what, begins=begins)
    for objection in objections(held):
        if sheet.is_sound(objection.at, *objection.needs):
            sheet.report(objection.at, objection.message)
    if sheet.problems:
        raise ProcedureFileErrors(sorted(set(sheet.problems)))
    return held, sheet.line_of


def _taken(path: Path, sheet: _Reading, *, what: str, begins: str) -> Any:
    """What the file holds, mended where it has mistakes, which the sheet then knows."""
    root = _compose(path, sheet)
    if root is None:
        raise ProcedureFileErrors(sheet.problems)
    data = sheet.take(root, (), sheet.root)
    if not isinstance(data, dict):
        sheet.report((), f"a {what} is a mapping: it begins with keys such as `{begins}:`")
        raise ProcedureFileErrors(sheet.problems)
    return _fit(data, sheet)


def _named_by(path: Path) -> tuple[str, int | None]:
    """The slug and, for a released version, the version that the file's place stands for."""
    if path.parent.parent.name == "released" and path.stem.isdecimal():
        return path.parent.name, int(path.stem)
    return path.stem, None


class _PlainLoader(yaml.SafeLoader):
    """YAML in which `on`, `yes`, `1.0` and `2026-09-02` are text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_PlainLoader.add_implicit_resolver(TRUTH, re.compile(r"^(?:true|false)$"), ["t", "f"])
_PlainLoader.add_implicit_resolver(NUMBER, re.compile(r"^(?:0|-?[1-9][0-9]*)$"), list("-0123456789"))
_PlainLoader.add_implicit_resolver(NULL, re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


def _compose(path: Path, sheet: _Reading) -> yaml.Node | None:
    """The file's nodes; None, after a report, where it is no YAML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        sheet.report_line(line, "this is not UTF-8: save the file with that encoding")
        return None
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        sheet.report_line(
            mark.line + 1 if mark else 1,
            f"this is not YAML ({said}): check the indentation, and put text that holds a colon in quotes",
        )
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        sheet.report_line(
            line, f"this is not YAML: the character U+{ord(text[error.position]):04X} is not allowed"
        )
        return None
    if root is None:
        sheet.report_line(1, "the file is empty")
    return root


@dataclass(slots=True)
class _Reading:
    """What is known about one file while it is read: its lines, its problems, and what they put in doubt."""

    file: str
    root: Any = Procedure
    """What the file as a whole is read as."""
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[Mistake] = field(default_factory=list)
    doubtful: set[Location] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def report_line(self, line: int, message: str) -> None:
        self.problems.append(Mistake(self.file, line, message))

    def report(self, at: Location, message: str) -> None:
        self.report_line(self.line_of(at), message)

    def doubt(self, at: Location, message: str) -> None:
        """Report, and keep quiet about whatever else may follow from it."""
        self.report(at, message)
        self.doubtful.add(at)

    def line_of(self, at: Location) -> int:
        """The line of a place in the file, or of the nearest thing around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)

    def is_sound(self, at: Location, *needs: Location) -> bool:
        """Whether nothing around `at`, and nothing around or inside any of `needs`, is in doubt."""
        if any(_begins(at, doubt) for doubt in self.doubtful):
            return False
        return not any(
            _begins(need, doubt) or _begins(doubt, need) for need in needs for doubt in self.doubtful
        )

    def take(self, node: yaml.Node, at: Location, expected: Any) -> Any:
        """The node as plain values (dict, list, str, int, bool, None), its lines noted.

        `expected` is the type that belongs there; None: nothing does."""
        if id(node) in self.seen:
            self.doubt(at, f"{_spell(at)}: aliases (`*name`) are not used here; write the value out")
            return None
        self.seen.add(id(node))
        match node:
            case yaml.MappingNode():
                return self._take_mapping(node, at, expected)
            case yaml.SequenceNode() if _keyed(at, self.root):
                self.doubt(
                    at, f"{_spell(at)} has to be a mapping with each entry under its own key, not a list"
                )
                return []
            case yaml.SequenceNode():
                item = get_args(expected)[0] if get_origin(expected) is tuple else None
                taken = []
                for index, one in enumerate(node.value):
                    self.lines[(*at, index)] = one.start_mark.line + 1
                    taken.append(self.take(one, (*at, index), item))
                return taken
            case _:
                return self._take_scalar(node, at)

    def _take_scalar(self, node: yaml.Node, at: Location) -> str | int | bool | None:
        text: str = node.value
        match node.tag:
            case _ if node.tag == NULL or not text.strip():
                self.doubt(at, f"{_spell(at)} has no value")
                return None
            case tag if tag == TRUTH:
                return text == "true"
            case tag if tag == NUMBER:
                return int(text)
            case tag if tag == TEXT:
                return text
            case tag:
                self.doubt(at, f"{_spell(at)}: tags such as `{tag}` are not used here")
                return text

    def _take_mapping(self, node: yaml.MappingNode, at: Location, expected: Any) -> Any:
        keyed = _keyed(at, self.root)
        entry_type = get_args(expected)[0] if keyed and get_origin(expected) is tuple else None
        hints = _types_of(expected) if _is_record(expected) else {}
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
        """One entry of a mapping from ids, with its id put where the types have it."""
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
        """Each key once, with its line and value. Of equal keys the first one counts."""
        first: dict[str, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.report_line(line, "a key has to be a word")
            elif key_node.value in first:
                before = first[key_node.value]
                self.report_line(
                    line, f"duplicate key `{key_node.value}`: it stands on line {before} already"
                )
            else:
                first[key_node.value] = line
                yield key_node.value, line, value


def _fit(data: dict[str, Any], sheet: _Reading) -> Any:
    """The data as what the file holds, mended where it does not fit the types; each misfit is reported."""
    while True:
        try:
            return _shape(sheet.root).validate_json(json.dumps([data]))[0]
        except ValidationError as misfits:
            found = misfits.errors(include_url=False)
            # A misspelt key comes first, so that the key that is missing for it is not reported too.
            found.sort(key=lambda misfit: misfit["type"] != "unexpected_keyword_argument")
            for misfit in found:
                at = misfit["loc"][1:]
                known = at in sheet.doubtful
                if misfit["type"] == "value_error":
                    # Parts that do not go together; where one of them was mended, that says nothing.
                    known = any(_begins(doubt, at) for doubt in sheet.doubtful)
                if not known:
                    sheet.doubt(at, _explain(misfit, at, sheet.root))
                if misfit["type"] == "unexpected_keyword_argument":
                    sheet.doubtful.update(_meant(at, sheet))
                _mend(data, at, misfit["type"], sheet.root)


def _meant(at: Location, sheet: _Reading) -> Iterator[Location]:
    """What an unknown key was meant to be, unless that is there as well."""
    for meant in _close_to(str(at[-1]), _known_keys(at[:-1], sheet.root)):
        if (*at[:-1], meant) not in sheet.lines:
            yield (*at[:-1], meant)


def _mend(data: dict[str, Any], at: Location, kind: str, root: Any) -> None:
    """Take out what does not fit, and put in something harmless where something has to be."""
    holder: Any = data
    for step in at[:-1]:
        holder = holder[step]
    last = at[-1]
    expected = _type_at(at, root)
    holder_type = _type_at(at[:-1], root)
    if kind == "unexpected_keyword_argument":
        del holder[last]
    elif _is_record(holder_type) and str(last) not in _required(holder_type):
        holder.pop(last, None)
    else:
        holder[last] = _blank(expected)


def _explain(misfit: ErrorDetails, at: Location, root: Any) -> str:
    """What pydantic found, in the words of somebody who writes procedure files."""
    given = misfit.get("input")
    name = _spell(at)
    match misfit["type"]:
        case "unexpected_keyword_argument":
            return _unknown(f"unknown key `{at[-1]}`", str(at[-1]), _known_keys(at[:-1], root))
        case "missing":
            return f"the key `{at[-1]}` is missing"
        case "literal_error":
            known = [str(one) for one in get_args(_type_at(at, root))]
            if _is_entry_key(at, root):
                return _unknown(f"unknown key `{given}`", str(given), known)
            return _unknown(f"{name}: unknown value `{_show(given)}`", str(given), known)
        case "string_type" if isinstance(given, int):
            return f'{name} has to be text: write "{_show(given)}", with the quotes'
        case "string_type":
            return f"{name} has to be text, not {_kind_of(given)}"
        case "int_type" | "int_parsing_size":
            return f"{name} has to be a whole number, not {_kind_of(given)}"
        case "bool_type":
            return f"{name} has to be true or false, not {_kind_of(given)}"
        case "tuple_type" if _keyed(at, root):
            return f"{name} has to be a mapping with each entry under its own key, not {_kind_of(given)}"
        case "tuple_type":
            return f"{name} has to be a list, not {_kind_of(given)}"
        case "dataclass_type":
            return f"{name} has to have keys of its own ({', '.join(_known_keys(at, root))}), not {_kind_of(given)}"
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return f"{name} has to be a day such as 2026-09-02, not {_kind_of(given)}"
        case "value_error":
            return f"{name}: {misfit['ctx']['error']}"
        case _:
            return f"{name}: {misfit['msg']}"


def _unknown(what: str, given: str, known: Iterable[str]) -> str:
    known = list(known)
    hint = "".join(f"; did you mean `{meant}`?" for meant in _close_to(given, known))
    return f"{what}; known here: {', '.join(known)}{hint}"


def _close_to(given: str, known: Iterable[str]) -> list[str]:
    """The known word that is most like the given one, if any is."""
    return get_close_matches(given, list(known), n=1)


def _spell(at: Location) -> str:
    """A place's own name: the last key on the way to it."""
    name = next((step for step in reversed(at) if isinstance(step, str)), "the file")
    return f"an entry of `{name}`" if at and isinstance(at[-1], int) else f"`{name}`"


def _show(given: object) -> str:
    match given:
        case bool():
            return "true" if given else "false"
        case _:
            return str(given)


def _kind_of(given: object) -> str:
    match given:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return f"`{_show(given)}`"


def _begins(at: Location, with_: Location) -> bool:
    return at[: len(with_)] == with_


def _keyed(at: Location, root: Any) -> tuple[str, str] | None:
    """How the mapping at this place is turned into a tuple; None: it is none of those."""
    if not at or not isinstance(at[-1], str):
        return None
    holder = _type_at(at[:-1], root)
    return KEYED.get((getattr(holder, "__name__", ""), at[-1]))


def _is_entry_key(at: Location, root: Any) -> bool:
    """Whether this is what stands before the colon of an entry."""
    keyed = _keyed(at[:-2], root) if len(at) > 2 else None
    return keyed is not None and keyed[0] == at[-1]


def _known_keys(at: Location, root: Any) -> list[str]:
    """The keys that an author can write at this place."""
    expected = _type_at(at, root)
    if not _is_record(expected):
        return []
    keyed = _keyed(at[:-1], root) if at and isinstance(at[-1], int) else None
    return [one.name for one in fields(expected) if keyed is None or one.name != keyed[0]]


def _type_at(at: Location, root: Any) -> Any:
    """The type that belongs at a place; None where nothing does."""
    expected: Any = root
    for step in at:
        if isinstance(step, int):
            expected = get_args(expected)[0] if get_origin(expected) is tuple else None
        else:
            expected = _types_of(expected).get(step) if _is_record(expected) else None
    return expected


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind)


@cache
def _types_of(kind: Any) -> Mapping[str, Any]:
    """The types of a dataclass's fields, without their `| None`."""
    hints = get_type_hints(kind)
    return {one.name: _without_none(hints[one.name]) for one in fields(kind)}


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return next(one for one in get_args(kind) if one is not NoneType)
    return kind


@cache
def _required(kind: Any) -> frozenset[str]:
    return frozenset(
        one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING
    )


def _blank(kind: Any) -> Any:
    """Something that fits the type and says nothing."""
    if _is_record(kind):
        return {name: _blank(_types_of(kind)[name]) for name in sorted(_required(kind))}
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return []
    return {str: "", int: 1, bool: False, date: "2000-01-01"}[kind]
