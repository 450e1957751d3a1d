"""`dueprocess diff`: what changed between two procedures, in words."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from authoring.comparison import changes
from authoring.where import procedures_folder
from cli.procedures import find_procedure, with_shared
from domain.procedure import DATA_PROTECTION, Procedure


@click.command(short_help="Describe what changed between two procedures.")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--procedures",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=procedures_folder,
    show_default="the project's",
    help="The folder of procedure files.",
)
def diff(before: str, after: str, as_json: bool, folder: Path) -> None:
    """Describe how B differs from A.

    Each is a procedure file, an organisation's slug (ORG, for its current file), or a released version such as
    ORG@1. `data-protection` means the shared rules for data protection complaints, and
    `ORG/data-protection` means an organisation's procedure under them. Both can have a version too.
    """
    old, new = find_procedure(before, folder=folder), find_procedure(after, folder=folder)
    found = changes(old, new)
    if as_json:
        told = {
            "before": _as_json(old),
            "after": _as_json(new),
            "changes": [asdict(change) for change in found],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{_spell(old)} → {_spell(new)}")
    for change in found:
        click.echo(f"  - {change.text}")
    if not found:
        click.echo("  Nothing changed.")
    if found and new.slug == DATA_PROTECTION:
        click.echo(
            f"This changes the procedure for everyone who switches it on: {', '.join(_concerned(new, folder))}."
        )
    if found and (old.slug, old.version) == (new.slug, new.version):
        click.echo(
            f"Both have version {new.version}. Give the newer one a new version before you release it."
        )


def _concerned(shared: Procedure, folder: Path) -> list[str]:
    return [procedure.slug for procedure in with_shared(shared, folder)] or ["nobody"]


def _spell(procedure: Procedure) -> str:
    return f"{procedure.slug}, version {procedure.version}"


def _as_json(procedure: Procedure) -> dict[str, object]:
    return {"organisation": procedure.slug, "version": procedure.version}
