"""Makes what Lambda runs: the application, the procedures as Python, the templates as Python, and bytecode.

Two kinds of bundle. The one for Lambda holds its dependencies too, for Lambda's processor and Python. The one for
the local stack holds only the application, for this interpreter, whose environment has the dependencies.

Bytecode is marked `unchecked-hash`: archives for Lambda lose the files' dates, and bytecode that is checked against
them would be made again at every cold start. The same sources make the same bundle, byte for byte, on any machine
with the same Python, and nothing in it tells where it was built.

    BundleError
    ├── NoSuchPython        there is no interpreter whose bytecode Lambda's would take
    └── ToolFailed          a tool that the build calls failed; says what it said
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader

from adapters.rendering import COMPILED as COMPILED_TEMPLATES
from adapters.rendering import environment
from authoring import compile as procedures
from authoring.sbom import bill_of_materials
from authoring.where import SHIPPED, procedures_folder

REPOSITORY: Final = Path(__file__).parents[2]

LAMBDA_PYTHON: Final = (3, 13)
"""The minor version of `Runtime` in template.yaml: bytecode is good for one minor version only."""

LAMBDA_PLATFORM: Final = "aarch64-manylinux2014"
LAMBDA_FOLDER: Final = "/var/task"
"""Where Lambda unpacks a bundle: what tracebacks show."""

PACKAGES: Final = ("domain", "adapters", "handlers")

BILL: Final = "sbom.json"
"""What a bundle for Lambda holds of others, beside their licences."""

SERVICES: Final = ("dynamodb", "s3", "sesv2", "ssm", "stepfunctions")
"""What the application calls. botocore describes four hundred services, and its descriptions are most of a bundle."""

ENDPOINTS: Final = ("dynamodb", "s3", "email", "ssm", "states", "sts")
"""The same by the names of their endpoints; STS is asked for credentials where the environment has none."""

_LICENCE: Final = re.compile(r"(?i)^(licen[cs]e|copying|notice|authors)")
_USELESS: Final = ("*.pyi", "py.typed", "*.dist-info", "__pycache__", "examples-1.json*")


class BundleError(Exception):
    """A bundle cannot be made; `str()` is a sentence."""


class NoSuchPython(BundleError):
    pass


class ToolFailed(BundleError):
    pass


def build_local(out: Path) -> None:
    """Make `out` the local stack's bundle; nothing is done where no source has changed since it was made. Whoever else
    is making it is waited for.

    BundleError, authoring.procedure_file.ProcedureFileErrors: `out` is as it was before."""
    made_from = f"{sys.implementation.cache_tag} {_fingerprint()}"
    note = out / ".made-from"
    with _alone(out):
        if note.is_file() and note.read_text(encoding="utf-8") == made_from:
            return
        with _replaced(out) as folder:
            write_application(folder)
            write_bytecode(folder, python=Path(sys.executable), shown_in="")
            (folder / note.name).write_text(made_from, encoding="utf-8")


def build_lambda(out: Path, *, python: Path | None, progress: Callable[[str], None]) -> None:
    """Make `out` the bundle for Lambda. `python` makes its bytecode and has to be of Lambda's version; None: leave
    bytecode to each cold start. `progress` is told what is being done, as a phrase.

    BundleError, authoring.procedure_file.ProcedureFileErrors: `out` is as it was before."""
    with _replaced(out) as folder:
        progress("Installing dependencies for Lambda")
        _install(folder)
        bill = bill_of_materials(folder, REPOSITORY / "pyproject.toml")
        trim(folder)
        (folder / BILL).write_text(bill, encoding="utf-8")
        progress("Compiling procedures and templates")
        write_application(folder)
        if python is not None:
            progress("Compiling bytecode")
            write_bytecode(folder, python=python, shown_in=LAMBDA_FOLDER)


def build_here(out: Path) -> None:
    """Make `out` what `build_lambda` makes, but for this machine and this interpreter, with the dependencies of its
    environment: what can be measured and tested without Lambda.

    BundleError, authoring.procedure_file.ProcedureFileErrors: `out` is as it was before."""
    with _replaced(out) as folder:
        copy_installed(folder, locked(REPOSITORY / "requirements/runtime.txt"))
        trim(folder)
        write_application(folder)
        write_bytecode(folder, python=Path(sys.executable), shown_in=LAMBDA_FOLDER)


def write_application(folder: Path) -> None:
    """Write the application's packages, the procedures (`compiled`) and the templates into `folder`."""
    for package in PACKAGES:
        source = REPOSITORY / "src" / package
        for file in sorted(source.rglob("*.py")):
            target = folder / package / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    templates = REPOSITORY / "templates"
    procedures.write(procedures_folder(), folder, templates_dir=templates)
    compiled = folder / COMPILED_TEMPLATES
    environment(FileSystemLoader(templates)).compile_templates(compiled, zip=None, ignore_errors=False)
    (compiled / "__init__.py").touch()


def write_bytecode(folder: Path, *, python: Path, shown_in: str) -> None:
    """Compile everything in `folder` with `python`; tracebacks will show the files in the folder `shown_in`.

    ToolFailed: something is no Python of that version."""
    command = [str(python), "-sSP", "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(folder), *(["-p", shown_in] if shown_in else []), str(folder)]
    # Sets would be written in an order that differs from run to run.
    _run(command, environ={**os.environ, "PYTHONHASHSEED": "0"})


def find_python(wanted: tuple[int, int] = LAMBDA_PYTHON) -> Path:
    """Return an interpreter of exactly this minor version: this one, one on the PATH, or one that pyenv or uv
    installed.

    NoSuchPython: there is none."""
    name = "python{}.{}".format(*wanted)
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    candidates = [
        Path(sys.executable),
        *(Path(folder) / name for folder in os.environ.get("PATH", "").split(os.pathsep) if folder),
        *sorted(pyenv.glob(f"versions/*/bin/{name}"), reverse=True),
        *sorted((home / ".local/share/uv/python").glob(f"*/bin/{name}"), reverse=True),
    ]
    for candidate in candidates:
        if is_python(candidate, wanted):
            return candidate
    raise NoSuchPython(
        f"Lambda needs bytecode from Python {wanted[0]}.{wanted[1]}, which is not on this machine. Install it, name it "
        "with --python, or build with --no-bytecode, which makes starts slower."
    )


def is_python(path: Path, wanted: tuple[int, int] = LAMBDA_PYTHON) -> bool:
    """Return whether `path` is a working interpreter of the minor version: a version manager's may only pretend to
    be."""
    if not path.is_file():
        return False
    question = "import sys; print(*sys.version_info[:2], sys.implementation.name)"
    try:
        said = subprocess.run(  # noqa: S603 - a file that looks like an interpreter
            [path, "-I", "-c", question], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and said.stdout.split() == [*map(str, wanted), "cpython"]


def locked(lock: Path) -> tuple[str, ...]:
    """Return the names of the distributions in a lock, but for those that its markers leave to other systems."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)==[^;]*(;.*win32)?", line) for line in lines]
    return tuple(match[1] for match in found if match and not match[2])


def copy_installed(folder: Path, distributions: Iterable[str]) -> None:
    """Copy distributions out of this interpreter's environment into `folder`.

    BundleError: one is not installed there."""
    for name in distributions:
        try:
            files = metadata.distribution(name).files or ()
        except metadata.PackageNotFoundError as error:
            raise BundleError(
                f"{name} is not installed in this environment: `make build` installs it."
            ) from error
        for file in files:
            if ".." not in file.parts and file.suffix != ".pyc":
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), target)


def trim(folder: Path) -> None:
    """Take out of installed dependencies what no function needs, but for their licences, which `licences` keeps."""
    for info in folder.glob("*.dist-info"):
        for file in sorted(info.rglob("*")):
            if file.is_file() and (_LICENCE.match(file.name) or "licenses" in file.relative_to(info).parts):
                kept = folder / "licences" / info.name.removesuffix(".dist-info") / file.name
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, kept)
    services = [service for service in (folder / "botocore/data").glob("*") if service.is_dir()]
    for useless in (
        folder / "bin",
        folder / "boto3/data",
        folder / "boto3/examples",
        *(service for service in services if service.name not in SERVICES),
        *(path for pattern in _USELESS for path in folder.rglob(pattern)),
    ):
        if useless.is_dir():
            shutil.rmtree(useless)
        else:
            useless.unlink(missing_ok=True)
    _trim_descriptions(folder / "botocore/data")


def _trim_descriptions(data: Path) -> None:
    """Trim what botocore reads at every start: services without their documentation, unpacked, and the endpoints of
    those that are called. Nothing that a call is made of is left out."""
    for packed in data.rglob("service-2.json.gz"):
        service = json.loads(gzip.decompress(packed.read_bytes()))
        packed.unlink()
        _write_anew(packed.with_suffix(""), _compact(_without_documentation(service)))
    endpoints = data / "endpoints.json"
    if endpoints.exists():
        described = json.loads(endpoints.read_text(encoding="utf-8"))
        for partition in described["partitions"]:
            found = partition["services"]
            partition["services"] = {name: service for name, service in found.items() if name in ENDPOINTS}
        _write_anew(endpoints, _compact(described))


def _write_anew(path: Path, text: str) -> None:
    """Put a new file in the place of what may be a hard link: uv links what it installs to its cache, so that the
    same file is in every environment on the machine."""
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def _without_documentation(described: Any) -> Any:
    if isinstance(described, list):
        return [_without_documentation(part) for part in described]
    if isinstance(described, dict):
        # A shape or a member can be called documentation too; those are no texts.
        return {
            name: _without_documentation(part)
            for name, part in described.items()
            if not (name == "documentation" and isinstance(part, str))
        }
    return described


def _compact(described: Any) -> str:
    return json.dumps(described, separators=(",", ":"))


def _install(folder: Path) -> None:
    lock = str(REPOSITORY / "requirements/runtime.txt")
    version = "{}.{}".format(*LAMBDA_PYTHON)
    processor, _, system = LAMBDA_PLATFORM.partition("-")
    common = f"install --quiet --only-binary :all: --require-hashes --python-version {version}".split()
    common += ["--target", str(folder), "--requirement", lock]
    try:
        _run([sys.executable, "-m", "uv", "pip", *common, "--python-platform", LAMBDA_PLATFORM])
    except ToolFailed:
        # pip reaches package indexes that only it is configured for, as in the Makefile.
        shutil.rmtree(folder)
        folder.mkdir()
        _run([sys.executable, "-m", "pip", *common, "--platform", f"{system}_{processor}", "--no-compile"])
    (folder / ".lock").unlink(missing_ok=True)


def _run(command: list[str], *, environ: dict[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603 - one of the commands above
        command, capture_output=True, text=True, env=environ, check=False
    )
    if done.returncode:
        tool = command[3] if command[2] == "-m" else command[2]
        said = (done.stderr or done.stdout).strip().splitlines()
        raise ToolFailed(f"{tool} failed: {' '.join(said[-3:]) or done.returncode}")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep everybody else who asks from making `out`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with (out.parent / f".{out.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _replaced(out: Path) -> Iterator[Path]:
    """Return a folder that takes the place of `out` when all went well, so that no build is ever seen half done."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as workshop:
        made = Path(workshop) / "new"
        made.mkdir()
        yield made
        if out.exists():
            out.rename(Path(workshop) / "old")
        made.rename(out)


def _fingerprint() -> str:
    """Return what the local bundle is made from, by path, size and date."""
    parts = [f"src/{package}" for package in (*PACKAGES, "authoring")]
    parts += ["templates", "requirements/dev.txt"]
    seen = hashlib.sha256()
    for path in (*(REPOSITORY / part for part in parts), SHIPPED, procedures_folder()):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                status = file.stat()
                seen.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
