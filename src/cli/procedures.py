"""Procedures as people name them at the terminal: an organisation, a version of its procedure, or a file."""

from __future__ import annotations

from pathlib import Path

from authoring.data_protection import SHARED_VERSIONS, beside, read_beside, shared_file
from authoring.procedure_file import ProcedureFileErrors, read
from authoring.where import procedures_folder
from cli import CannotRun
from domain.procedure import DATA_PROTECTION, Procedure


def find_procedure(name: str, *, folder: Path | None = None) -> Procedure:
    """Return the procedure of `ORG` or `ORG/data-protection` (as it stands), `ORG@VERSION` or
    `ORG/data-protection@VERSION` (as released), the shared rules (`data-protection`, `data-protection@VERSION`), or
    that of a file.

    CannotRun: there is none, or its file has mistakes. OSError: it cannot be read."""
    folder = folder or procedures_folder()
    whole, _, version = name.partition("@")
    organisation, slash, what = whole.partition("/")
    if slash and what == DATA_PROTECTION and (folder / f"{organisation}.yaml").is_file():
        return _beside(organisation, version, folder)
    return _read(_path(name, folder))


def current_files(folder: Path) -> dict[str, Path]:
    """Return the files that can be released, by slug: the organisations', and the shared rules where they stand beside
    them."""
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    shared = folder / "shared" / f"{DATA_PROTECTION}.yaml"
    return known | ({DATA_PROTECTION: shared} if shared.is_file() else {})


def with_shared(shared: Procedure, folder: Path) -> tuple[Procedure, ...]:
    """Return what each organisation that switches data protection complaints on has by these shared rules.

    ProcedureFileErrors: an organisation's file has mistakes."""
    organisations = (read(path) for path in sorted(folder.glob("*.yaml")))
    return tuple(
        beside(organisation, shared) for organisation in organisations if organisation.data_protection == "on"
    )


def _beside(organisation: str, version: str, folder: Path) -> Procedure:
    """Return the organisation's procedure for data protection complaints: as it stands, or of a version, whose number
    says which of the two files it was made of."""
    if not version:
        path = folder / f"{organisation}.yaml"
        try:
            found = read_beside(path)
        except ProcedureFileErrors as errors:
            raise _mistakes(path, errors) from errors
        if found is None:
            raise CannotRun(f"{path} does not switch it on. Add the line `data_protection: on`.")
        return found
    if not version.isdecimal() or int(version) <= SHARED_VERSIONS:
        raise CannotRun(f"There is no version `{version}` of `{organisation}/{DATA_PROTECTION}`.")
    own, shared = divmod(int(version), SHARED_VERSIONS)
    return beside(
        _of_version(organisation, folder / f"{organisation}.yaml", own),
        _of_version(DATA_PROTECTION, shared_file(folder), shared),
    )


def _of_version(slug: str, path: Path, version: int) -> Procedure:
    """Return the released version of a file, or the file itself where it has that number."""
    released = path.parent / "released" / slug / f"{version}.yaml"
    found = _read(released if released.is_file() else path)
    if found.version != version:
        raise CannotRun(f"There is no version {version} of `{slug}`: {path} has version {found.version}.")
    return found


def _read(path: Path) -> Procedure:
    try:
        return read(path)
    except ProcedureFileErrors as errors:
        raise _mistakes(path, errors) from errors


def _mistakes(path: Path, errors: ProcedureFileErrors) -> CannotRun:
    number = len(errors.problems)
    mistakes = "one mistake" if number == 1 else f"{number} mistakes"
    return CannotRun(f"{path} has {mistakes}; run `dueprocess check {path}` to list them.")


def _path(name: str, folder: Path) -> Path:
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    known[DATA_PROTECTION] = shared_file(folder)
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    org, at, version = name.partition("@")
    if org not in known:
        raise CannotRun(f"There is no organisation `{org}`. Choose one of: {', '.join(known)}.")
    released = {path.stem: path for path in known[org].parent.glob(f"released/{org}/*.yaml")}
    if at and version in released:
        return released[version]
    kept = ", ".join(sorted(released, key=int)) if released else "none"
    raise CannotRun(f"There is no released version `{version}` of `{org}`. Released versions: {kept}.")
