"""Writes checked procedures and public holidays as Python, so that Lambda parses no YAML and needs no library.

The package `compiled` holds `CURRENT` (the version of each organisation's procedure that new cases start under),
`VERSIONS` (all that cases can still be on), `CALENDARS` (a fingerprint of the holidays and terms that are known),
`RULES` (one of the rules in the code), one module a version, and one a region with its public holidays. The same files
make the same package, byte for byte.

A version that was released is kept as `released/<slug>/<version>.yaml` beside the current files, one of the shared
rules for data protection complaints as `shared/released/data-protection/<version>.yaml`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import domain
from authoring.data_protection import beside, shared_file
from authoring.holidays import KNOWN_FROM, kept, known_holidays, known_until
from authoring.procedure_file import Mistake, ProcedureFileErrors, read
from authoring.svg import svg_of
from domain.procedure import Procedure

_NOTE = "Written from the procedure files. Make changes there."


def write(procedures_dir: Path, out_dir: Path, *, templates_dir: Path | None = None) -> None:
    """Write the package `compiled` into `out_dir`, in place of what is there.

    With `templates_dir`, each notice has to have its mail template there.
    ProcedureFileErrors: a file has mistakes, or a released version was changed; then nothing is written."""
    current, released = read_all(procedures_dir, templates_dir=templates_dir)
    every = {(procedure.slug, procedure.version): procedure for procedure in (*released, *current)}
    modules = {
        "__init__": _index(current, tuple(every)),
        **{_module_name(procedure): _procedure_module(procedure) for procedure in every.values()},
        **{_drawing_name(procedure): _drawing_module(procedure) for procedure in current},
        **{f"calendar_{_as_name(region)}": _calendar_module(region) for region in _regions(every.values())},
    }
    package = out_dir / "compiled"
    if package.exists():
        shutil.rmtree(package)
    package.mkdir(parents=True)
    for name, source in modules.items():
        (package / f"{name}.py").write_text(source, encoding="utf-8")


def read_all(
    procedures_dir: Path, *, templates_dir: Path | None = None
) -> tuple[tuple[Procedure, ...], tuple[Procedure, ...]]:
    """Return the current procedures and the released versions, each by slug and version.

    ProcedureFileErrors: everything that is wrong with any of the files, or that there are none."""
    problems: list[Mistake] = []
    found: dict[Path, Procedure] = {}
    for path in (*sorted(procedures_dir.glob("*.yaml")), *sorted(procedures_dir.glob("released/*/*.yaml"))):
        try:
            found[path] = read(path, templates_dir=templates_dir)
        except ProcedureFileErrors as errors:
            problems.extend(errors.problems)
    if not found and not problems:
        problems.append(Mistake(str(procedures_dir), 1, "there is no procedure file in this folder"))
    current = {
        procedure.slug: procedure for path, procedure in found.items() if path.parent == procedures_dir
    }
    released = {path: procedure for path, procedure in found.items() if path.parent != procedures_dir}
    for path, procedure in released.items():
        problems.extend(
            Mistake(str(path), 1, message) for message in clashes(procedure, current.get(procedure.slug))
        )
    shared, shared_problems = _shared(procedures_dir, templates_dir, (*current.values(), *released.values()))
    problems.extend(shared_problems)
    if problems:
        raise ProcedureFileErrors(problems)
    now = tuple(current.values())
    before = tuple(sorted(released.values(), key=lambda procedure: (procedure.slug, procedure.version)))
    beside_now = _beside(now, shared[:1])
    beside_before = (*_beside(now, shared[1:]), *_beside(before, shared))
    known = {(procedure.slug, procedure.version) for procedure in beside_now}
    return (
        (*now, *beside_now),
        (
            *before,
            *(procedure for procedure in beside_before if (procedure.slug, procedure.version) not in known),
        ),
    )


def _shared(
    procedures_dir: Path, templates_dir: Path | None, organisations: tuple[Procedure, ...]
) -> tuple[tuple[Procedure, ...], tuple[Mistake, ...]]:
    """Return the shared rules for data protection complaints, where somebody switches them on: the current ones first,
    then those that were released; and what is wrong with them."""
    if all(organisation.data_protection == "off" for organisation in organisations):
        return (), ()
    path = shared_file(procedures_dir)
    problems: list[Mistake] = []
    found: list[Procedure] = []
    for procedure in (path, *sorted(path.parent.glob(f"released/{path.stem}/*.yaml"))):
        try:
            found.append(read(procedure, templates_dir=templates_dir))
        except ProcedureFileErrors as errors:
            problems.extend(errors.problems)
        else:
            problems.extend(Mistake(str(procedure), 1, message) for message in clashes(found[-1], found[0]))
    return tuple(found), tuple(problems)


def _beside(organisations: tuple[Procedure, ...], shared: tuple[Procedure, ...]) -> tuple[Procedure, ...]:
    """Return what each that switches data protection complaints on has beside its own procedure, by each of the
    rules."""
    return tuple(
        beside(organisation, rules)
        for organisation in organisations
        if organisation.data_protection == "on"
        for rules in shared
    )


def clashes(released: Procedure, current: Procedure | None) -> Iterator[str]:
    """Yield what cannot be true of a current file beside a released version: each as a phrase."""
    if current is None:
        return
    if released.version > current.version:
        yield f"version {released.version} is released, but the current file has version {current.version}"
    if released.version == current.version and released != current:
        yield (
            f"version {released.version} is released, and the current file differs from it: give the current file"
            f" version {current.version + 1}"
        )


def _index(current: tuple[Procedure, ...], every: tuple[tuple[str, int], ...]) -> str:
    versions: dict[str, tuple[int, ...]] = {}
    for slug, version in sorted(every):
        versions[slug] = (*versions.get(slug, ()), version)
    newest = {
        procedure.slug: procedure.version
        for procedure in sorted(current, key=lambda procedure: procedure.slug)
    }
    return (
        f'"""The procedures that are served. {_NOTE}"""\n\nCURRENT = {newest!r}\nVERSIONS = {versions!r}\n'
        f"CALENDARS = {_fingerprint(current)!r}\nKNOWN_UNTIL = {_known_until(current)!r}\nRULES = {_rules()!r}\n"
    )


def _known_until(current: tuple[Procedure, ...]) -> str:
    """Return the first of the days, in ISO form, on which what is known of public holidays ends."""
    return min(known_until(region, kept()) for region in _regions(current)).isoformat()


def _fingerprint(current: tuple[Procedure, ...]) -> str:
    """Return a text that changes with every holiday, term and closure, so that open cases are then counted again."""
    known = {region: (known_holidays(region), known_until(region, kept())) for region in _regions(current)}
    years = {procedure.slug: procedure.school_year for procedure in current}
    return hashlib.sha256(repr((known, years)).encode()).hexdigest()


@cache
def _rules() -> str:
    """Return a text that changes with every rule in the code, so that what waits for whom is then asked again."""
    modules = sorted(Path(domain.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(module.read_bytes() for module in modules)).hexdigest()


def _procedure_module(procedure: Procedure) -> str:
    # One field a line, so that two versions can be compared; `repr` writes exactly what the types take.
    lines = [f"    {field.name}={getattr(procedure, field.name)!r},\n" for field in fields(procedure)]
    return (
        f'"""{procedure.slug}, version {procedure.version}. {_NOTE}"""\n\n'
        f"{_imports(procedure)}\nPROCEDURE = Procedure(\n{''.join(lines)})\n"
    )


def _drawing_name(procedure: Procedure) -> str:
    return _module_name(procedure).replace("procedure_", "drawing_", 1)


def _drawing_module(procedure: Procedure) -> str:
    """Return the drawing on the start page, which only a case that is not begun yet concerns: the current
    version's."""
    return f'"""How a complaint goes at {procedure.slug}. {_NOTE}"""\n\nSVG = {svg_of(procedure)!r}\n'


def _imports(value: object) -> str:
    names: dict[str, set[str]] = {}
    needs_dates = False
    for kind in _types_in(value):
        if kind is date:
            needs_dates = True
        else:
            names.setdefault(kind.__module__, set()).add(kind.__name__)
    lines = ["import datetime\n\n"] if needs_dates else []
    lines += [f"from {module} import {', '.join(sorted(names[module]))}\n" for module in sorted(names)]
    return "".join(lines)


def _types_in(value: Any) -> Iterator[type]:
    """Yield the types, other than the built-in ones, that appear in a value's `repr`."""
    if is_dataclass(value):
        yield type(value)
        for field in fields(value):
            yield from _types_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from _types_in(entry)
    elif isinstance(value, date):
        yield date


def _calendar_module(region: str) -> str:
    holidays = "".join(f"    ({day!r}, {name!r}),\n" for day, name in known_holidays(region))
    return (
        f'"""The public holidays of {region}. {_NOTE}"""\n\nimport datetime\n\n'
        f"HOLIDAYS = (\n{holidays})\nKNOWN_FROM = {KNOWN_FROM!r}\nKNOWN_UNTIL = {known_until(region, kept())!r}\n"
    )


def _regions(procedures: Iterable[Procedure]) -> list[str]:
    return sorted({procedure.region for procedure in procedures})


def _module_name(procedure: Procedure) -> str:
    return f"procedure_{_as_name(procedure.slug)}_v{procedure.version}"


def _as_name(text: str) -> str:
    return text.replace("-", "_").replace("/", "__")
