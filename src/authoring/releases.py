"""Released versions: what a case stays on that was opened under it.

A release is a copy of the current file, `released/<slug>/<version>.yaml` beside it, that is never changed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from authoring.compile import clashes
from authoring.procedure_file import Mistake, ProcedureFileErrors, read
from domain.procedure import Procedure


class ReleaseRefused(Exception):
    """The file cannot be released as it is; `str()` is a sentence."""


def release(path: Path, procedure: Procedure) -> Path | None:
    """Keep the current file `path`, which holds `procedure`, as the released version of its number. The copy's path;
    None: it is released already, with the same content.

    ReleaseRefused: that version, or a later one, is released and says something else. ProcedureFileErrors: a
    released file has mistakes. OSError: it cannot be copied."""
    for problem in objections(path, procedure):
        raise ReleaseRefused(f"{problem.message[0].upper()}{problem.message[1:]}.")
    copy = _folder(path, procedure) / f"{procedure.version}.yaml"
    if copy.exists():
        return None
    copy.parent.mkdir(parents=True, exist_ok=True)
    with copy.open("xb") as out:
        out.write(path.read_bytes())
    return copy


def objections(path: Path, procedure: Procedure) -> Iterator[Mistake]:
    """Yield what stands in the current file `path` against what was released before.

    ProcedureFileErrors: a released file has mistakes."""
    for copy in sorted(_folder(path, procedure).glob("*.yaml")):
        for message in clashes(read(copy), procedure):
            yield Mistake(str(path), _version_line(path), message)


def with_mistakes(path: Path, procedure: Procedure) -> Iterator[Mistake]:
    """Do as `objections`, with the mistakes of released files among them."""
    try:
        yield from objections(path, procedure)
    except ProcedureFileErrors as errors:
        yield from errors.problems


def _folder(path: Path, procedure: Procedure) -> Path:
    return path.parent / "released" / procedure.slug


def _version_line(path: Path) -> int:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    found = (number for number, line in enumerate(lines, start=1) if re.match(r"version\s*:", line))
    return next(found, 1)
