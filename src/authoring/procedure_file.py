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

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from authoring.misfits import fit
from authoring.nodes import Reading, compose
from authoring.objection import Location, Objection
from authoring.rules import objections, warnings
from authoring.rules.templates import template_objections
from domain.procedure import Procedure

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
    """Return the procedure in a file. With `templates_dir`, every notice has to have its mail template there too.

    ProcedureFileErrors: the file has mistakes. OSError: it cannot be read."""
    slug, version = _named_by(path)

    def all_objections(procedure: Procedure) -> Iterator[Objection]:
        yield from objections(procedure, slug=slug, version=version)
        if templates_dir is not None:
            for message in template_objections(templates_dir):
                yield Objection((), message)

    procedure, _ = read_as(Procedure, path, what="procedure file", begins="slug", objections=all_objections)
    return asking_for_roles(procedure)


def warnings_in(path: Path) -> tuple[Mistake, ...]:
    """Return what a file without mistakes may want to do better, by line.

    ProcedureFileErrors, OSError: as `read`."""
    procedure, line_of = read_as(
        Procedure, path, what="procedure file", begins="slug", objections=lambda held: ()
    )
    return tuple(
        sorted(
            Mistake(str(path), line_of(warning.at), f"warning: {warning.message}")
            for warning in warnings(procedure)
        )
    )


def asking_for_roles(procedure: Procedure) -> Procedure:
    """Return the procedure with the roles that somebody has as the answers to its questions about roles."""
    held = procedure.roles_held
    forms = tuple(
        replace(
            form,
            fields=tuple(
                replace(field, choices=held) if field.type == "roles" else field for field in form.fields
            ),
        )
        for form in procedure.forms
    )
    return replace(procedure, forms=forms)


def read_as(
    kind: type[_Kind],
    path: Path,
    *,
    what: str,
    begins: str,
    objections: Callable[[_Kind], Iterable[Objection]],
) -> tuple[_Kind, Callable[[Location], int]]:
    """Return a file of another kind, read as strictly: the dataclass that it holds, and where each place in it stands
    (the line of the nearest thing around it). `what` names such a file in messages, `begins` is its first key.

    ProcedureFileErrors: the file has mistakes. OSError: it cannot be read."""
    reading = Reading(root=kind)
    held: _Kind = _taken(path, reading, what=what, begins=begins)
    for objection in objections(held):
        if reading.is_sound(objection.at, *objection.needs):
            reading.report(objection.at, objection.message)
    if reading.problems:
        raise _errors(path, sorted(set(reading.problems)))
    return held, reading.line_of


def _taken(path: Path, reading: Reading, *, what: str, begins: str) -> Any:
    """Return what the file holds, mended where it has mistakes, which `reading` then knows."""
    root = compose(path, reading)
    if root is None:
        raise _errors(path, reading.problems)
    data = reading.take(root, (), reading.root)
    if not isinstance(data, dict):
        reading.report((), f"a {what} is a mapping: it begins with keys such as `{begins}:`")
        raise _errors(path, reading.problems)
    return fit(data, reading)


def _errors(path: Path, problems: Iterable[tuple[int, str]]) -> ProcedureFileErrors:
    return ProcedureFileErrors(Mistake(str(path), line, message) for line, message in problems)


def _named_by(path: Path) -> tuple[str, int | None]:
    """Return the slug and, for a released version, the version that the file's place stands for."""
    if path.parent.parent.name == "released" and path.stem.isdecimal():
        return path.parent.name, int(path.stem)
    return path.stem, None
