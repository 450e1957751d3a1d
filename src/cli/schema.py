"""`dueprocess schema`: write the JSON Schema that helps editors with procedure files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from authoring.schema import schema_text

SCHEMA: Final = Path(__file__).resolve().parents[2] / "schemas/procedure.schema.json"


@click.command(short_help="Write the schema of procedure files for editors.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=SCHEMA,
    show_default="schemas/procedure.schema.json",
    help="The file to write. An existing file is replaced.",
)
def schema(out: Path) -> None:
    """Write the JSON Schema of procedure files, so that an editor offers and explains their keys."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(schema_text(), encoding="utf-8")
    click.echo(f"Wrote {out}.", err=True)
