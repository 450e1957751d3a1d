"""`dueprocess draw`: a procedure as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from authoring.mermaid import as_mermaid
from authoring.picture import picture_of
from authoring.svg import as_svg
from cli.procedures import find_procedure

FORMATS = {"svg": as_svg, "mermaid": as_mermaid}


@click.command(short_help="Draw a procedure: its stages, deadlines and ends.")
@click.argument("org")
@click.option(
    "--format",
    "kind",
    type=click.Choice(tuple(FORMATS)),
    help="SVG, or the text of a Mermaid flowchart.  [default: svg; mermaid for a file .mmd]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write. An existing file is replaced.  [default: standard output]",
)
def draw(org: str, kind: str | None, out: Path | None) -> None:
    """Draw a procedure: its stages, who decides, by when, and where it ends.

    ORG is an organisation's slug, or a procedure file. The SVG is the one on the organisation's start page.
    """
    if kind is None:
        kind = "mermaid" if out is not None and out.suffix == ".mmd" else "svg"
    picture = picture_of(find_procedure(org))
    drawing = FORMATS[kind](picture)
    if out is None:
        click.echo(drawing, nl=False)
    else:
        out.write_text(drawing, encoding="utf-8")
        click.echo(f"Drew {out}.", err=True)
