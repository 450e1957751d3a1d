"""Procedures as people name them at the terminal: an organisation, a version of its procedure, or a file."""

from __future__ import annotations

from pathlib import Path

from authoring.data_protection import read_beside
from authoring.procedure_file import ProcedureFileErrors, read
from cli import CannotRun
from domain.procedure import DATA_PROTECTION, Procedure

PROCEDURES = Path(__file__).resolve().parents[2] / "procedures"


def find_procedure(name: str, *, folder: Path = PROCEDURES) -> Procedure:
    """The procedure of `ORG` or `ORG/data-protection` (as it stands), `ORG@VERSION` (as released) or of a file.

    CannotRun: there is none, or its file has mistakes. OSError: it cannot be read."""
    organisation, slash, what = name.partition("/")
    beside = bool(slash) and what == DATA_PROTECTION and (folder / f"{organisation}.yaml").is_file()
    path = _path(organisation if beside else name, folder)
    try:
        procedure = read_beside(path) if beside else read(path)
    except ProcedureFileErrors as errors:
        number = len(errors.problems)
        mistakes = "one mistake" if number == 1 else f"{number} mistakes"
        raise CannotRun(f"{path} has {mistakes}; `dueprocess check {path}` lists what is wrong.") from errors
    if procedure is None:
        raise CannotRun(f"{path} does not switch it on: the line for it is `data_protection: on`.")
    return procedure


def _path(name: str, folder: Path) -> Path:
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    org, at, version = name.partition("@")
    if org not in known:
        raise CannotRun(f"There is no organisation `{org}`; the known ones are {', '.join(known)}.")
    released = {one.stem: one for one in folder.glob(f"released/{org}/*.yaml")}
    if at and version in released:
        return released[version]
    kept = ", ".join(sorted(released, key=int)) if released else "none"
    raise CannotRun(f"There is no released version `{version}` of `{org}`; released: {kept}.")
