"""`dueprocess new`: start a procedure file by answering questions."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
import yaml

from authoring.asking import Taken
from authoring.ladder import draw
from authoring.new import interview
from authoring.procedure_file import ProcedureFileErrors, read
from authoring.rules import warnings
from authoring.where import procedures_folder
from authoring.write_up import write_up
from cli import CannotRun
from domain.procedure import Procedure

ROOT: Final = Path(__file__).resolve().parents[2]


@click.command(short_help="Start a procedure file by answering questions.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A YAML file with the answers, instead of questions. Answers that it leaves out get their defaults.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=procedures_folder,
    show_default="the project's",
    help="The folder for the new file.",
)
def new(answers: Path | None, folder: Path) -> None:
    """Start a procedure file by answering questions about the organisation and its policy.

    Rules without a section of the policy are marked as the organisation's own. An existing file is never changed.
    """
    source = _Terminal() if answers is None else _File(answers)
    given = interview(source, is_free=lambda slug: not (folder / f"{slug}.yaml").exists())
    if isinstance(source, _File):
        source.check_all_read()
    name = f"{given['slug']}.yaml"
    schema = os.path.relpath(ROOT / "schemas/procedure.schema.json", folder.resolve())
    text = write_up(given, modeline=f"# yaml-language-server: $schema={Path(schema).as_posix()}")
    procedure = _checked(text, name)
    try:
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CannotRun(f"{folder / name} already exists and will not be changed.") from error
    click.echo(draw(procedure))
    if better := [warning.message for warning in warnings(procedure)]:
        click.echo("\nWhat you may want to do better:\n" + "\n".join(f"- {one}" for one in better), err=True)
    click.echo(
        f"\nWrote {folder / name}. Text marked with a star is not from the policy. Check it, put it in your own"
        f" words, then run `dueprocess check {folder / name}`.",
        err=True,
    )


def _checked(text: str, name: str) -> Procedure:
    """Return the procedure that is about to be written. CannotRun: it would have mistakes."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / name
        draft.write_text(text, encoding="utf-8")
        try:
            return read(draft, templates_dir=ROOT / "templates")
        except ProcedureFileErrors as errors:
            said = "; ".join(problem.message for problem in errors.problems)
            raise CannotRun(f"The answers do not fit together, so nothing was written: {said}.") from errors


class _Terminal:
    """Asks a person, again until the answer fits."""

    def ask(
        self, at: str, question: str, taken_as: Callable[[str], Taken], *, default: str | None = None
    ) -> Taken:
        def taken(typed: str) -> Taken:
            try:
                return taken_as(typed)
            except ValueError as error:
                raise click.BadParameter(str(error)) from error

        found: Taken = click.prompt(
            question, default=default, show_default=bool(default), value_proc=taken, prompt_suffix=" "
        )
        return found

    def is_there(self, at: str, question: str, *, default: bool) -> bool:
        return click.confirm(question, default=default)


class _File:
    """Answers from a file, each at its place; CannotRun names the place of one that is missing or does not fit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CannotRun(f"{path} is not a YAML file.") from error
        self._texts: dict[str, str] = {}
        self._flatten(content or {}, "")
        self._left = set(self._texts)

    def ask(
        self, at: str, question: str, taken_as: Callable[[str], Taken], *, default: str | None = None
    ) -> Taken:
        self._left.discard(at)
        typed = self._texts.get(at, default)
        if typed is None:
            raise CannotRun(f"{self._path}: `{at}` is missing: {question}")
        try:
            return taken_as(typed)
        except ValueError as error:
            raise CannotRun(f"{self._path}: `{at}`: {error}") from error

    def is_there(self, at: str, question: str, *, default: bool) -> bool:
        return any(name.startswith(f"{at}.") for name in self._texts)

    def check_all_read(self) -> None:
        """Check that every answer has a question. CannotRun: one has none."""
        if self._left:
            unknown = ", ".join(f"`{name}`" for name in sorted(self._left))
            raise CannotRun(f"{self._path}: there is no question for {unknown}.")

    def _flatten(self, content: Any, at: str) -> None:
        match content:
            case dict():
                entries = list(content.items())
            case list():
                entries = list(enumerate(content))
            case _:
                self._texts[at] = str(content)
                return
        for name, value in entries:
            self._flatten(value, f"{at}.{name}" if at else str(name))
