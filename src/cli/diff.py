"""`dueprocess diff`: what changed between two procedures, in words."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from authoring.comparison import changes
from cli.procedures import find_procedure
from domain.procedure import Procedure


@click.command(short_help="Say in words what changed between two procedures.")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(before: str, after: str, as_json: bool) -> None:
    """Say in words what is different in B, held against A.

    Each is a procedure file, an organisation's slug (its file as it stands), or a released version such as
    leadership-east@1.
    """
    old, new = find_procedure(before), find_procedure(after)
    found = changes(old, new)
    if as_json:
        told = {"before": _as_json(old), "after": _as_json(new), "changes": [asdict(one) for one in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{_spell(old)} → {_spell(new)}")
    for one in found:
        click.echo(f"  - {one.text}")
    if not found:
        click.echo("  Nothing changed.")
    elif (old.slug, old.version) == (new.slug, new.version):
        click.echo(f"Both have version {new.version}. Before it is released, give the newer one another.")


def _spell(procedure: Procedure) -> str:
    return f"{procedure.slug}, version {procedure.version}"


def _as_json(procedure: Procedure) -> dict[str, object]:
    return {"organisation": procedure.slug, "version": procedure.version}
