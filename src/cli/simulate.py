"""`dueprocess simulate`: play the whole life of a case, in under a second."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from authoring import scenario as scenarios
from authoring.holidays import calendar_for
from authoring.moments import NoMoment, read_moment
from authoring.procedure_file import ProcedureFileErrors
from authoring.scenario import Script
from authoring.simulation import Life
from cli import CannotRun
from cli.procedures import find_procedure
from domain.procedure import Procedure


@click.command(short_help="Play the whole life of a case, with every email and date.")
@click.argument("org")
@click.option(
    "--scenario",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Who does what and when. Without it, everything in a complaint is done at the last minute.",
)
@click.option(
    "--start",
    metavar="WHEN",
    help="Without a scenario: when someone complains (2026-12-15T18:40).  [default: now]",
)
@click.option(
    "--until",
    type=click.Choice(["closed", "destroyed"]),
    default="closed",
    show_default=True,
    help="How long time continues after the last act.",
)
@click.option("--mails", is_flag=True, help="Print each email in full.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--history",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the events as they would be stored, and the resulting case, to a new file.",
)
@click.pass_context
def simulate(
    context: click.Context,
    org: str,
    file: Path | None,
    start: str | None,
    until: Literal["closed", "destroyed"],
    mails: bool,
    as_json: bool,
    history: Path | None,
) -> None:
    """Play a case from the complaint to its end, with each event, each email, and each date and how it was counted.

    ORG is an organisation's slug, a released version of its procedure (ORG@1), or a procedure file. A scenario is a
    YAML file; scenarios/README.md says how to write one. Mistakes in it are printed as file:line: message, with exit
    code 1. Nothing is stored and no emails are sent.
    """
    if file is not None and start is not None:
        raise CannotRun("Leave out --start: the scenario says when it starts.")
    if history is not None and history.exists():
        raise CannotRun(f"{history} already exists and will not be replaced. Choose another name.")
    procedure = find_procedure(org)
    try:
        script = scenarios.read(file, procedure=procedure) if file else scenarios.by_default(_start(start))
        life = _played(script, procedure, until)
    except ProcedureFileErrors as problems:
        click.echo(str(problems))
        context.exit(1)
    if as_json:
        click.echo(json.dumps(life.plain(mails=mails), ensure_ascii=False, indent=2))
    else:
        click.echo(life.timeline(mails=mails), nl=False)
    if history is not None:
        with history.open("x", encoding="utf-8") as out:
            out.write(json.dumps(life.history(), ensure_ascii=False, indent=1) + "\n")


def _played(script: Script, procedure: Procedure, until: Literal["closed", "destroyed"]) -> Life:
    year = procedure.school_year
    calendar = calendar_for(procedure.region, terms=year.terms, closures=year.closures)
    return scenarios.play(script, procedure=procedure, calendar=calendar, until=until)


def _start(when: str | None) -> datetime:
    if when is None:
        return datetime.now(UTC).replace(second=0, microsecond=0)
    try:
        return read_moment(when)[0]
    except NoMoment as error:
        raise CannotRun(str(error)) from error
