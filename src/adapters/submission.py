"""A filled-in form becomes a case, once for each key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from adapters import procedures
from adapters.desk import Desk
from adapters.execute import TRIES, TooBusy, after_events, append
from adapters.store import AlreadySubmitted, ReferenceTaken, Submission
from domain.commands import SubmitComplaint, Writing
from domain.deadlines import deadlines
from domain.decide import decide
from domain.promises import Promise, promise
from domain.records import from_record, to_record


class KeyReused(Exception):
    """The key came before with another body. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a submission. `repeated`: the same submission had been answered before."""

    reference: str
    received_at: datetime
    stage: str
    late: bool
    deadlines: tuple[Promise, ...]
    repeated: bool = False


def submit(
    organisation: str, form: str, answers: dict[str, Any], *, key: str, by: str, desk: Desk
) -> Receipt:
    """Open a case with validated `answers` (plain values; dates as ISO text). The same `key` and answers again get
    the first answer again, with `repeated`.

    Refused, CalendarError, KeyReused, procedures.UnknownOrganisation: nothing was written."""
    procedure = procedures.load(organisation)
    calendar = procedures.calendar_of(procedure)
    key_hash = _hash(f"{organisation}\n{key}")
    digest = _hash(json.dumps([form, answers], sort_keys=True, ensure_ascii=True))
    incident = answers.get("incident_date")
    known = answers.get("became_known_date")
    asked = procedure.form(form)
    # What was chosen is a fact; what was written in its own words stays with what people wrote.
    chosen = {
        one.id: str(answers[one.id])
        for one in (asked.fields if asked is not None else ())
        if one.type == "choice" and answers.get(one.id)
    }
    command = SubmitComplaint(
        organisation=organisation,
        form=form,
        answers=Writing(desk.identities.content_id(), answers),
        aspects=len(answers.get("aspects") or ()) or 1,
        course=chosen.get("course", ""),
        relationship=chosen.get("relationship", ""),
        subject=chosen.get("subject", ""),
        incident_on=date.fromisoformat(incident) if incident else None,
        known_on=date.fromisoformat(known) if known else None,
        by=by,
    )
    for _ in range(TRIES):
        ref = desk.identities.reference(organisation)
        now = desk.clock.now()
        events = decide(None, command, ref=ref, procedure=procedure, calendar=calendar, now=now)
        case = after_events(None, events, ref=ref)
        receipt = Receipt(
            reference=ref,
            received_at=now,
            stage=case.current.stage,
            late=case.late,
            deadlines=tuple(promise(one, now=now) for one in deadlines(case, procedure, calendar)),
        )
        submission = Submission(key=key_hash, digest=digest, receipt=to_record(receipt))
        try:
            append(
                None,
                events,
                command,
                ref=ref,
                procedure=procedure,
                calendar=calendar,
                desk=desk,
                submission=submission,
            )
        except AlreadySubmitted:
            first = desk.store.submission(key_hash)
            if first is None:
                continue
            return _first_answer(first, digest)
        except ReferenceTaken:
            continue
        return receipt
    raise TooBusy("Your complaint could not be stored at this moment. Please try again.")


def _first_answer(first: Submission, digest: str) -> Receipt:
    if first.digest != digest:
        raise KeyReused("This key was used before with another content.")
    receipt: Receipt = from_record((Receipt,), {**first.receipt, "repeated": True})
    return receipt


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
