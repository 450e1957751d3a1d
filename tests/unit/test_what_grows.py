"""What can be done again and again makes no case larger than the table has room for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from domain.acts.copies import REMEMBERED, CaseExported
from domain.case import COMPLAINANT, Case, evolve
from domain.records import to_record
from tests.unit.invented import REF
from tests.unit.mail_samples import Life

LARGEST = 100_000
"""Bytes of the state of a case: a quarter of what an item can have."""


def exported(case: Case, number: int, *, by: str) -> Case:
    at = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=number)
    event = CaseExported(at=at, by=by, export=f"export-{by}-{number}", whole=by != COMPLAINANT)
    return evolve(case, event, ref=REF)


def test_copies_can_be_taken_for_ever() -> None:
    """From a complainant's link, 5,500 times: what the case remembers stays small, and nobody's newest is pushed
    out."""
    case = Life().submit().case
    assert case is not None
    case = exported(case, 0, by="office-1")
    for number in range(1, 5_500):
        case = exported(case, number, by=COMPLAINANT)
    assert case.version > 5_500
    assert len(json.dumps(to_record(case))) < LARGEST
    kept = [export.id for export in case.exports]
    assert kept[0] == "export-office-1-0"
    assert kept[1:] == [f"export-complainant-{number}" for number in range(5_500 - REMEMBERED, 5_500)]
