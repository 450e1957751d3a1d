"""`dueprocess due`: work out a deadline and show how it was counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import click

from authoring.holidays import calendar_for
from authoring.ladder import ORIGINS, spell_limits
from authoring.moments import NoMoment, read_moment
from cli import CannotRun
from cli.procedures import find_procedure
from domain.calendars import CalendarError, Due, Limit, end_of, spell_day
from domain.counting import count
from domain.ladder import Origin
from domain.procedure import Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What is counted: a stage's deadline, or the end of the time for which a closed case is kept."""

    name: str
    within: tuple[Limit, ...]
    counted_from: Origin
    source: str
    own_target: str
    discretion: Limit | None = None
    discretion_of: str = ""
    """Who may take a complaint up to that long after."""


@click.command(short_help="Work out a deadline and show how it was counted.")
@click.argument("org")
@click.argument("deadline", metavar="STAGE/DEADLINE")
@click.argument("when")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def due(org: str, deadline: str, when: str, as_json: bool) -> None:
    """Work out when a deadline ends and show how it was counted.

    ORG is an organisation's slug or a procedure file. Add /data-protection to the slug for the procedure for data
    protection complaints. STAGE/DEADLINE is, for example, stage-1/respond. Use retention/delete for the end of the
    time for which a closed case is kept. WHEN is the date, or the date and time in London, from which the deadline
    counts: 2026-12-21 or 2026-12-21T16:45.
    """
    procedure = find_procedure(org)
    rule = _rule(procedure, deadline)
    start, note = _start(when)
    found = _counted(procedure, rule.within, start, when)
    if as_json:
        click.echo(json.dumps(_as_json(rule, found), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_as_text(procedure, rule, found, start, note)))
        if rule.discretion is not None:
            latest = _counted(procedure, (rule.discretion,), start, when)
            click.echo(
                _row("discretion", f"to {spell_day(latest.due)}, if so decided by: {rule.discretion_of}")
            )


def _rule(procedure: Procedure, name: str) -> _Rule:
    known = {rule.name: rule for rule in _rules(procedure)}
    if name not in known:
        raise CannotRun(
            f"{procedure.organisation} has no deadline `{name}`. Choose one of: {', '.join(known)}."
        )
    return known[name]


def _rules(procedure: Procedure) -> Iterator[_Rule]:
    for stage in procedure.stages:
        for rule in stage.deadlines:
            yield _Rule(
                name=f"{stage.id}/{rule.name}",
                within=rule.within,
                counted_from=rule.counted_from,
                source=rule.source,
                own_target=rule.own_target,
                discretion=rule.discretion,
                discretion_of=procedure.role(rule.discretion_role).title if rule.discretion_role else "",
            )
    retention = procedure.retention
    yield _Rule(
        name="retention/delete",
        within=(retention.keep,),
        counted_from="closed",
        source=retention.source,
        own_target=retention.own_target,
    )


def _start(when: str) -> tuple[datetime, str]:
    """Return the moment that `when` means in London and a note on how it was read. CannotRun: it is not a moment."""
    try:
        return read_moment(when)
    except NoMoment as error:
        raise CannotRun(str(error)) from error


def _counted(procedure: Procedure, within: tuple[Limit, ...], start: datetime, when: str) -> Due:
    year = procedure.school_year
    try:
        calendar = calendar_for(procedure.region, terms=year.terms, closures=year.closures)
        return count(within, start, calendar=calendar)
    except CalendarError as error:
        raise CannotRun(str(error)) from error
    except (ValueError, OverflowError) as error:
        raise CannotRun(f"`{when}` is too far away: the deadline would be beyond all calendars.") from error


def _as_json(rule: _Rule, found: Due) -> dict[str, object]:
    basis = {"source": rule.source} if rule.source else {"own_target": rule.own_target}
    return {
        "name": rule.name,
        "due": found.due.isoformat(),
        "due_at": found.due_at.isoformat(),
        "counted_from": rule.counted_from,
        "counted": found.counted,
        "steps": [{"day": step.day.isoformat(), "reason": step.reason} for step in found.steps],
        **basis,
    }


def _as_text(procedure: Procedure, rule: _Rule, found: Due, start: datetime, note: str) -> Iterator[str]:
    limits = spell_limits(rule.within)
    basis = f"{procedure.document}, {rule.source}" if rule.source else rule.own_target
    yield f"{procedure.organisation}, {rule.name}: {limits} from {ORIGINS[rule.counted_from]}"
    yield ""
    yield _row("counted from", f"{_spell(start)}{f' ({note})' if note else ''}")
    yield _row("due", spell_day(found.due))
    yield _row("last moment", f"{_last_moment(found)}; too late from {found.due_at.isoformat()}")
    yield _row("counted", found.counted)
    for number, step in enumerate(found.steps):
        yield _row("skipped" if number == 0 else "", f"{spell_day(step.day)}: {step.reason}")
    yield _row("source" if rule.source else "own target", basis)


def _last_moment(found: Due) -> str:
    if found.due_at == end_of(found.due):
        return f"the end of {spell_day(found.due)}"
    return f"just before {_spell(found.due_at)}"


def _spell(moment: datetime) -> str:
    return f"{moment:%H:%M} on {spell_day(moment.date())}"


def _row(name: str, text: str) -> str:
    return f"  {name:<14}{text}"
