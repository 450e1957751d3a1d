"""A filled-in form becomes a case, once for each key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters import procedures
from adapters.cases.execute import TRIES, TooBusy, append
from adapters.cases.store import AlreadySubmitted, ReferenceTaken
from adapters.cases.stored import Submission
from adapters.people.directory import with_todays_people
from adapters.site import Site
from domain.acts.intake import SubmitComplaint
from domain.answers import facts_in
from domain.command import decide
from domain.notekinds import Contentment
from domain.procedure import Procedure, Route
from domain.promises import Promise, promise
from domain.records import from_record, to_record
from domain.situation import Outset
from domain.words import Writing


class KeyReused(Exception):
    """The key came before with another body. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What staff add who enter a case for somebody. `came` is when it came as they typed it, `received_at` the instant
    that it stands for, None: now. `done` is what was said and done when it was raised."""

    kind: str
    route: Route
    came: str
    received_at: datetime | None
    done: str
    content: Contentment
    settled: bool
    checked: str = ""
    """How they checked that the email address is the complainant's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a submission. `repeated`: the same submission had been answered before."""

    reference: str
    received_at: datetime
    stage: str
    late: bool
    deadlines: tuple[Promise, ...]
    uncounted: tuple[str, ...] = ()
    """The dates that cannot be counted yet, by name."""
    repeated: bool = False
    kind: str = "complaint"
    ended: str = ""
    waits_for_form: bool = False


def submit(
    organisation: str,
    form: str,
    answers: dict[str, Any],
    *,
    key: str,
    by: str,
    site: Site,
    entered: Entered | None = None,
) -> Receipt:
    """Open a case with validated `answers` (plain values; dates as ISO text). The same `key` and answers again get
    the first answer again, with `repeated`. `entered`: where staff do it for somebody.

    Refused, KeyReused, procedures.UnknownOrganisation: nothing was written."""
    procedure = with_todays_people(procedures.load(organisation), site=site)
    calendar = procedures.calendar_of(procedure)
    key_hash = _hash(f"{organisation}\n{key}")
    body: list[Any] = [form, answers]
    if entered is not None:
        # What came "today" came at another instant each time that it is sent, and is the same form.
        body.append(to_record(replace(entered, received_at=None)))
    digest = _hash(json.dumps(body, sort_keys=True, ensure_ascii=True))
    command = _command(procedure, form, answers, by=by, site=site, entered=entered)
    for _ in range(TRIES):
        ref = site.identities.reference(organisation)
        now = site.clock.now()
        outset = Outset(ref, procedure=procedure, calendar=calendar, now=now)
        events = decide(outset, command)
        at = outset.after(events)
        case = at.case
        receipt = Receipt(
            reference=ref,
            received_at=now,
            stage=case.current.stage,
            late=case.late,
            kind=case.kind,
            ended=case.ended,
            waits_for_form=case.waits_for_form,
            deadlines=tuple(promise(deadline, now=now) for deadline in at.deadlines if deadline.is_known),
            uncounted=at.uncounted,
        )
        submission = Submission(key=key_hash, digest=digest, receipt=to_record(receipt))
        try:
            append(None, outset, events, command, site=site, submission=submission)
        except AlreadySubmitted:
            first = site.store.submission(key_hash)
            if first is None:
                continue
            return _first_answer(first, digest)
        except ReferenceTaken:
            continue
        return receipt
    raise TooBusy("We could not save your complaint. Try again.")


def _command(
    procedure: Procedure,
    form: str,
    answers: dict[str, Any],
    *,
    by: str,
    site: Site,
    entered: Entered | None,
) -> SubmitComplaint:
    command = SubmitComplaint(
        organisation=procedure.slug,
        form=form,
        answers=Writing(site.identities.content_id(), answers),
        by=by,
        kind=str(answers.get("kind") or ""),
        **facts_in(answers, procedure.form(form)),
    )
    if entered is None:
        return command
    done = Writing(site.identities.content_id(), {"done": entered.done}) if entered.done else None
    return replace(
        command,
        kind=entered.kind,
        route=entered.route,
        received_at=entered.received_at,
        by_letter=not answers.get("email"),
        first_contact=done,
        content=entered.content,
        settled=entered.settled,
        checked=Writing(site.identities.content_id(), {"how": entered.checked}) if entered.checked else None,
    )


def _first_answer(first: Submission, digest: str) -> Receipt:
    if first.digest != digest:
        raise KeyReused("This key has already been used with different content.")
    receipt: Receipt = from_record((Receipt,), {**first.receipt, "repeated": True})
    return receipt


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
