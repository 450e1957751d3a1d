"""`dueprocess check`: list every mistake in procedure files with its line, or draw the ladder as text."""

from __future__ import annotations

import os
from pathlib import Path

import click

from authoring.data_protection import read_beside, shared_file
from authoring.ladder import draw
from authoring.procedure_file import ProcedureFileErrors, read, warnings_in
from authoring.releases import with_mistakes
from authoring.rules.dead_ends import check_dead_ends
from authoring.where import procedures_folder
from cli import CannotRun

ROOT = Path(__file__).resolve().parents[2]


@click.command(short_help="Check procedure files and draw their ladders.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "templates",
    show_default="the project's",
    help="The folder of templates. Every notice must have its email there.",
)
@click.option("--strict", is_flag=True, help="Count what is only warned of as a mistake.")
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], templates: Path, *, strict: bool) -> None:
    """Check procedure FILES (all in the folder of procedures, if none are named).

    Prints each mistake as file:line: message and ends with exit code 1. Draws the ladder of a file that has no
    mistakes, and warns of what could be better. A file that differs from the released version with the same number
    counts as a mistake.
    """
    folder = _near(procedures_folder())
    chosen = files or tuple(sorted(folder.glob("*.yaml")))
    if not chosen:
        raise CannotRun(f"There is no procedure file in {folder}.")
    mistakes, wrong = 0, 0
    for number, path in enumerate(chosen):
        try:
            procedure = read(path, templates_dir=_near(templates))
        except ProcedureFileErrors as errors:
            mistakes += len(errors.problems)
            wrong += 1
            click.echo(str(errors))
            continue
        if against := list(with_mistakes(path, procedure)):
            mistakes += len(against)
            wrong += 1
            click.echo("\n".join(map(str, against)))
        else:
            click.echo(("\n\n" if number else "") + draw(procedure))
            for warning in (warned := warnings_in(path)):
                click.echo(str(warning))
            mistakes += len(warned) if strict else 0
            if procedure.data_protection == "on":
                mistakes += _check_beside(path)
    if mistakes:
        click.echo(f"{_number(mistakes, 'mistake')} in {wrong} of {_number(len(chosen), 'file')}.", err=True)
        context.exit(1)


def _check_beside(path: Path) -> int:
    """Draw the procedure for data protection complaints that goes with this file. Return the number of mistakes in
    the shared rules."""
    try:
        procedure = read_beside(path)
        rules = shared_file(path.parent)
        against = list(with_mistakes(rules, read(rules)))
    except ProcedureFileErrors as errors:
        click.echo(str(errors))
        return len(errors.problems)
    if against:
        click.echo("\n".join(map(str, against)))
        return len(against)
    if procedure is None:
        return 0
    click.echo("\n\n" + draw(procedure))
    # Whoever stands in is the organisation's own to name.
    dead_ends = list(check_dead_ends(procedure))
    for dead_end in dead_ends:
        click.echo(f"{path}: data protection complaints: {dead_end.message}")
    return len(dead_ends)


def _near(path: Path) -> Path:
    """Write the path as someone in the current folder would."""
    return Path(os.path.relpath(path)) if path.is_relative_to(Path.cwd()) else path


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
