"""`dueprocess holidays`: what a newer list of public holidays would change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from authoring.holidays import REGIONS, Published, kept, kept_in, known_until, published_in, with_published
from domain.calendars import spell_day


@click.command(short_help="Show what a new list of public holidays changes, and keep it.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keep", is_flag=True, help="Keep the list beside the procedures, for the next build.")
def holidays(file: Path, keep: bool) -> None:
    """Show what a newer list of public holidays would change.

    FILE is the list that GOV.UK publishes at https://www.gov.uk/bank-holidays.json, as you downloaded it. Nothing is
    fetched. With --keep it takes the place of the list that is kept in holidays.json, in the folder of
    procedures.
    """
    text = file.read_text(encoding="utf-8")
    published = published_in(text)
    for region in REGIONS:
        for line in _changes(region, kept(), published):
            click.echo(line)
    if keep:
        path = kept_in()
        path.write_text(text, encoding="utf-8")
        click.echo(f"Kept in {path}.")
    click.echo(
        "After the next deployment, dates of open cases that these days touch are worked out again, and the people"
        " concerned are told."
    )


def _changes(region: str, before: Published, after: Published) -> list[str]:
    """Return what would be different in a region, line by line."""
    was, now = (dict(with_published(region, published)) for published in (before, after))
    known, until = known_until(region, before), known_until(region, after)
    lines = [
        f"{region}: known to {spell_day(until)}" + ("" if until == known else f", not {spell_day(known)}")
    ]
    for day in sorted({*was, *now}):
        if day > min(known, until) or was.get(day) == now.get(day):
            continue
        lines.append(f"  {spell_day(day)}: {_change(day, was, now)}")
    if until < known:
        lines.append("  This list ends earlier than the one that is known.")
    return lines


def _change(day: date, was: dict[date, str], now: dict[date, str]) -> str:
    if day not in was:
        return f"{now[day]} is new"
    return f"{was[day]} is no longer listed" if day not in now else f"{was[day]} is now called {now[day]}"
