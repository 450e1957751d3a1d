"""`dueprocess build`: make the bundles that Lambda, or the local stack, runs."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Final

import click

from authoring.bundle import (
    LAMBDA_PYTHON,
    REPOSITORY,
    BundleError,
    build_lambda,
    build_local,
    find_python,
    is_python,
)
from authoring.procedure_file import ProcedureFileErrors
from cli import CannotRun

DEFAULT_OUT: Final = {False: REPOSITORY / "build/lambda", True: REPOSITORY / "build/local"}
"""Where a bundle goes, by whether it is the local stack's; template.yaml names the first."""


@click.command()
@click.option(
    "--local", is_flag=True, help="Build for the local stack: without dependencies, for this Python."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to build. An existing build is replaced.  [default: build/lambda, or build/local]",
)
@click.option(
    "--python",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The interpreter that compiles Lambda's bytecode.  [default: looked for]",
)
@click.option(
    "--no-bytecode", is_flag=True, help="Leave out the bytecode. Every cold start then compiles it again."
)
def build(local: bool, out: Path | None, python: Path | None, no_bytecode: bool) -> None:
    """Build the bundles that Lambda runs."""
    if local and (python or no_bytecode):
        raise click.UsageError(
            "--python and --no-bytecode are for the Lambda bundle and cannot be used with --local."
        )
    if python and no_bytecode:
        raise click.UsageError("--python and --no-bytecode cannot be used together.")
    out = (out or DEFAULT_OUT[local]).absolute()
    _check_replaceable(out)
    start = monotonic()
    try:
        if local:
            build_local(out)
        else:
            build_lambda(out, python=_interpreter(python, no_bytecode), progress=_tell)
    except ProcedureFileErrors as errors:
        raise CannotRun(
            f"A procedure file has mistakes. Run `dueprocess check` for details:\n{errors}"
        ) from errors
    except BundleError as error:
        raise CannotRun(str(error)) from error
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1_000_000
    click.echo(f"Built {_shown(out)}: {size:.1f} MB, {monotonic() - start:.1f} s")


def _interpreter(named: Path | None, no_bytecode: bool) -> Path | None:
    if no_bytecode:
        return None
    if named is None:
        return find_python()
    if not is_python(named):
        raise CannotRun(
            f"{named} is not Python {LAMBDA_PYTHON[0]}.{LAMBDA_PYTHON[1]}, the version that Lambda runs."
        )
    return named


def _check_replaceable(out: Path) -> None:
    """Check that what is there is a bundle or nothing."""
    if out.exists() and any(out.iterdir()) and not (out / "handlers").is_dir():
        raise CannotRun(
            f"{_shown(out)} contains something that is not a bundle. Empty it or choose another folder."
        )
    if out in (REPOSITORY, *REPOSITORY.parents) or out.is_relative_to(REPOSITORY / "src"):
        raise CannotRun(f"{_shown(out)} contains the sources. Choose another folder.")


def _tell(phrase: str) -> None:
    click.echo(f"{phrase} ...", err=True)


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
