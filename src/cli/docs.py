"""`dueprocess docs`: bring the reference in docs/procedures.md up to date with the model."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from authoring.reference import NoPlace, put_reference
from cli import CannotRun

GUIDE: Final = Path(__file__).resolve().parents[2] / "docs/procedures.md"


@click.command(short_help="Rewrite the reference in docs/procedures.md.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=GUIDE)
def docs(file: Path) -> None:
    """Rewrite the reference of procedure files in FILE (docs/procedures.md, if none is named).

    Text outside the two markers does not change.
    """
    try:
        document = put_reference(file.read_text(encoding="utf-8"))
    except NoPlace as error:
        raise CannotRun(f"{file}: {error}") from error
    file.write_text(document, encoding="utf-8")
    click.echo(f"Wrote {file}.", err=True)
