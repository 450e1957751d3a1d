"""What a procedure has to fulfil beyond its shape, so that a case can run through it to the end.

Nothing here knows files or lines: an objection names the place in the procedure, and what it rests on, so
that the reader of the file can find the line and leave out what only follows from another mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from authoring.holidays import REGIONS
from authoring.objection import Objection, one_source
from authoring.rules.dead_ends import check_dead_ends, dead_ends_of_pairs
from authoring.rules.deadlines import check_decisions
from authoring.rules.fairness import unfair
from authoring.rules.forms import check_form, check_not_covered
from authoring.rules.ladder import check_ends, check_ladder
from authoring.rules.organisation import (
    check_consent,
    check_contact_limits,
    check_data_protection,
    check_directory,
    check_ids,
    check_missed_dates,
    check_redress,
    check_reopen,
    check_retention,
    check_roles,
    check_school_year,
    check_similar_aspects,
    check_urgent,
)
from authoring.rules.stages import check_stage
from domain.procedure import Procedure

_STATED: Final[Mapping[str, str]] = {
    "missed_dates": "how often missed dates are told again",
    "late_reply": "who decides on a late reply",
    "exhausted": "who answers when the procedure is exhausted",
    "reopen": "who can open a closed case again",
    "completion": "the letter after the closure",
    "refusal": "that a complaint can be refused",
    "disclosure": "when something may be passed on",
    "urgent": "what people in danger read first",
    "mediation": "that mediation can be offered",
    "contact_limits": "who limits contact that is abusive",
    "about_staff": "who reviews a complaint about somebody in the directory",
    "last_resort": "who stands in when nobody else is left",
    "directory": "who keeps the directory",
    "records": "who answers for the records",
    "letters": "what holds for letters on paper",
}
"""The parts of a procedure that can be left out and otherwise say where they come from, and what each is."""


def objections(procedure: Procedure, *, slug: str, version: int | None) -> Iterator[Objection]:
    """Yield everything that stands against this procedure. `slug` and, for a released one, `version` are what the
    place of its file says."""
    found = list(_each_by_itself(procedure, slug, version))
    yield from found
    if not found and version is None:
        # Who can act is asked of the rules of a case, which need a procedure without mistakes. What has been released
        # stays as it is.
        yield from check_dead_ends(procedure)


def _each_by_itself(procedure: Procedure, slug: str, version: int | None) -> Iterator[Objection]:
    yield from _check_heading(procedure, slug, version)
    yield from check_ids(procedure)
    yield from check_directory(procedure)
    yield from check_roles(procedure)
    for number, form in enumerate(procedure.forms):
        yield from check_form(procedure, form, ("forms", number), is_released=version is not None)
    yield from check_not_covered(procedure)
    yield from check_ladder(procedure)
    for number, stage in enumerate(procedure.stages):
        yield from check_stage(procedure, stage, ("stages", number))
    yield from check_ends(procedure)
    yield from check_redress(procedure)
    yield from check_similar_aspects(procedure)
    yield from check_consent(procedure)
    yield from check_retention(procedure.retention)
    yield from check_missed_dates(procedure.chase)
    yield from check_reopen(procedure.reopen)
    yield from check_urgent(procedure.urgent)
    yield from check_contact_limits(procedure.contact_limits)
    yield from check_decisions(procedure)
    for name, what in _STATED.items():
        part = getattr(procedure, name)
        if part is not None:
            yield from one_source(part, (name,), what)
    yield from check_school_year(procedure)
    yield from check_data_protection(procedure)


def warnings(procedure: Procedure) -> Iterator[Objection]:
    """Yield what a procedure without mistakes may want to do better."""
    yield from dead_ends_of_pairs(procedure)
    yield from unfair(procedure)


def _check_heading(procedure: Procedure, slug: str, version: int | None) -> Iterator[Objection]:
    if procedure.slug != slug:
        yield Objection(
            ("slug",), f"`slug` has to be `{slug}`, as the file is called, not `{procedure.slug}`"
        )
    if version is not None and procedure.version != version:
        yield Objection(("version",), f"`version` has to be {version}, as the file is called")
    if procedure.version < 1:
        yield Objection(("version",), "`version` counts from 1")
    if procedure.region not in REGIONS:
        yield Objection(("region",), f"unknown region `{procedure.region}`; known here: {', '.join(REGIONS)}")
    for name in ("people", "forms", "conclusions", "stages"):
        if not getattr(procedure, name):
            yield Objection((name,), f"`{name}` has no entry; there has to be at least one")
