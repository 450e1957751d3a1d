"""Messages from notices: whom one is for, which template it is made of, and what the template is given.

Pure but for the templates: nothing is sent here and no store is read. What people wrote reaches only the mails to
the complainant; a mail to staff is composed without it, so that no template could show it. To an address of which
nobody knows yet whose it is goes what staff wrote, and nothing that came in by a form: whoever filled it in may have
named somebody else's (docs/decisions/0034-whose-address.md). Wording lives in
`templates/mail/<notice>/`, organisations' own words in their procedures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from adapters.cases.particulars import particulars_of, record_of
from adapters.post.typeset import in_plain_text, one_line, tidy, wrapped
from adapters.rendering import render
from domain.calendars import to_london
from domain.case import COMPLAINANT, Case
from domain.effect import Tell
from domain.exchanges import Addition
from domain.frozen import replace as changed
from domain.notices import BEFORE_CONSENT, WRITTEN_FOR_STAFF, Notice
from domain.outcomes import answers_of, aspects_of, declined_in, declined_of, promised_of, remedies_of
from domain.procedure import Person, Procedure
from domain.reaching import reach_of, says_less, told_by
from domain.rights import without_consent
from domain.situation import Situation

if TYPE_CHECKING:
    from adapters.people.departures import Bereft


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a message is for: `person` as in a notice. `name` is one line, `email` empty where there is none."""

    person: str
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person is told, in each shape that a channel takes. `organisation` is the procedure's slug, `ref` the
    case's reference, empty where it is about none; `subject` is one line."""

    to: Recipient
    notice: Notice
    organisation: str
    ref: str
    subject: str
    text: str
    html: str
    thread: str = ""
    """What mails about one case have in common, so that a mailbox can show them together: 32 hexadecimal digits that
    say nothing else. Empty where it is about none."""
    heading: str = ""
    letter: str = ""
    """For the complainant: the same on paper, without head, foot and link. Both are HTML."""
    says_less: bool = False
    """It leaves out what came in by a form: nobody knows yet whose the address is."""


class UnknownRecipient(LookupError):
    """Nobody in the procedure's directory has this id, so that there is no address."""


def needs(tell: Tell, case: Case) -> tuple[str, ...]:
    """Return the ids of the contents that `recipient_of` and `compose` need for this notice; none for mails to
    staff, but for those of `WRITTEN_FOR_STAFF`."""
    if tell.person != COMPLAINANT:
        return (tell.content,) if tell.notice in WRITTEN_FOR_STAFF else ()
    return tuple(content for content in (*told_by(case), *_said_in(tell, case)) if content)


def _said_in(tell: Tell, case: Case) -> tuple[str, ...]:
    match tell.notice:
        case "outcome":
            record = record_of(case, tell.stage)
            return record.wording, record.agreed, *declined_in(case)
        case "aspects-agreed":
            return (case.agreed,)
        case "interim-response":
            return (record_of(case, tell.stage).interim,)
        case "acknowledgement":
            return (record_of(case, tell.stage).understood,)
        case "decision":
            return (_reason(tell, case),)
        case "external-assistance":
            return (record_of(case, tell.stage).external_details,)
        case "progress":
            return (_progress(tell, case),)
        case "information-considered":
            return tell.content, _addition(tell, case).reason
        case "not-covered":
            return tell.content, case.agreed
        case _:
            return (tell.content,)


def recipient_of(
    tell: Tell, case: Case, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> Recipient:
    """Return whom a notice is for. `contents`: what `needs` named, by id.

    UnknownRecipient: the directory lacks the person."""
    if tell.person == COMPLAINANT:
        reach = reach_of(case, contents)
        return Recipient(person=COMPLAINANT, name=one_line(reach.name), email=reach.mails_to)
    person = procedure.person(tell.person)
    if person is None:
        raise UnknownRecipient(f"{procedure.slug} version {procedure.version} has no {tell.person}.")
    return _member(person)


def _member(person: Person) -> Recipient:
    return Recipient(person=person.id, name=one_line(person.name), email=person.email.strip())


def compose(
    tell: Tell,
    to: Recipient,
    *,
    at: Situation,
    contents: Mapping[str, Mapping[str, Any]],
    link: str | None,
) -> Message:
    """Return the message that `tell` asks for, to `to`. `contents`: what `needs` named, by id. `link`: the whole
    address that the person acts from, or None where there is nothing to act on.

    KeyError: a content is missing. CalendarError: a date cannot be counted."""
    case, procedure = at.case, at.procedure
    for_staff = tell.person != COMPLAINANT
    if not for_staff and tell.notice not in BEFORE_CONSENT and without_consent(case, procedure):
        tell = changed(tell, notice="consent-request")
    written = {} if for_staff and tell.notice not in WRITTEN_FOR_STAFF else contents
    context = {
        **particulars_of(tell, at),
        "link": link,
        "for_staff": for_staff,
        "whose_address": "",
        "says_less": False,
        "message": _message(tell, case, written),
        "agreed": _agreed(tell, case, written),
        **_outcome(tell, case, procedure, written),
        **_record(tell, case, written),
    }
    if not for_staff and says_less(case, mails_to=to.email):
        context |= _without_their_words(context, tell, case, mails_to=to.email)
        if link is not None:
            context["whose_address"] = f"{link}?act=whose-address"
    message = _written(tell.notice, context, to, procedure=procedure, ref=case.ref, thread=_thread_of(case))
    if for_staff:
        return message
    heading, letter = (_on_paper(tell.notice, context, part) for part in ("heading", "letter"))
    return replace(message, heading=one_line(heading), letter=tidy(letter), says_less=context["says_less"])


_REPEATS_THEM: Final = frozenset({"outcome", "not-covered", "information-considered", "sent-again"})
"""Notices that say again what the complainant wrote."""


def _without_their_words(
    context: Mapping[str, Any], tell: Tell, case: Case, *, mails_to: str
) -> dict[str, Any]:
    """Return the parts of a notice that would say what came in by a form, without that."""
    said = {name: words for name, words in context["said"].items() if name != "information"}
    is_agreed = bool(record_of(case, tell.stage).agreed)
    less: dict[str, Any] = {
        "says_less": True,
        "greeting": "",
        "said": said,
        # What was agreed is as staff have written it down.
        "aspects": [aspect if is_agreed else replace(aspect, words="") for aspect in context["aspects"]],
        "declined": [replace(point, words="") for point in context["declined"]],
    }
    if "points" in context and not case.agreed:
        points = next((one.points for one in case.declined if one.why == tell.content), ())
        less["points"] = [f"Point {point}" for point in points]
    is_again = tell.notice == "sent-again" and said["notice"] in _REPEATS_THEM
    if is_again and not said.get("says_less") and said.get("to_address") != mails_to:
        less["said"], less["as_it_was"] = {**said, "body": ""}, ""
    return less


def compose_certificate(tombstone: Mapping[str, Any], person: Person, procedure: Procedure) -> Message:
    """Return the proof of a destruction, for `person`. `tombstone`: `reference`, the days `opened`, `closed` and
    `destroyed` as ISO text, and `final_hash`."""
    context = {
        "reference": str(tombstone["reference"]),
        "organisation": procedure.organisation,
        "contact": procedure.contact,
        "stage": None,
        "link": None,
        "for_staff": True,
        "final_hash": str(tombstone["final_hash"]),
        **{name: date.fromisoformat(tombstone[name]) for name in ("opened", "closed", "destroyed")},
    }
    ref = str(tombstone["reference"])
    return _written("deletion-certificate", context, _member(person), procedure=procedure, ref=ref)


def compose_staff_link(person: Person, procedure: Procedure, *, link: str, until: datetime) -> Message:
    """Return the link to a person's own page, which works up to `until`."""
    context = {
        "reference": "",
        "organisation": procedure.organisation,
        "contact": procedure.contact,
        "stage": None,
        "link": link,
        "for_staff": True,
        "until": until,
    }
    return _written("staff-link", context, _member(person), procedure=procedure)


def compose_reviewer_left(
    person: Person, procedure: Procedure, *, cases: Sequence[Bereft], page: str
) -> Message:
    """Return which cases wait for somebody else than before. `page`: the address at which the person asks for the link
    to their own page."""
    context = {
        "reference": "",
        "organisation": procedure.organisation,
        "contact": procedure.contact,
        "stage": None,
        "link": None,
        "for_staff": True,
        "cases": cases,
        "only_reviewers": all(case.undone == ("review",) for case in cases),
        "page": page,
    }
    return _written("reviewer-left", context, _member(person), procedure=procedure)


def _outcome(
    tell: Tell, case: Case, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    if tell.notice != "outcome":
        return {"aspects": (), "declined": (), "response": "", "remedies": (), "actions": ()}
    record = record_of(case, tell.stage)
    return {
        "aspects": answers_of(case, record, procedure, contents),
        "declined": declined_of(case, record, contents),
        "response": str(contents[record.wording]["response"]),
        "remedies": remedies_of(record, procedure, contents),
        "actions": promised_of(record, case, procedure, contents),
    }


def _message(tell: Tell, case: Case, contents: Mapping[str, Mapping[str, Any]]) -> str:
    if tell.notice == "decision":
        return str(contents.get(_reason(tell, case), {}).get("reason", ""))
    if tell.notice == "external-assistance":
        details = contents.get(record_of(case, tell.stage).external_details, {})
        return "\n".join(str(details[name]) for name in ("whom", "why") if details.get(name))
    if tell.notice == "progress":
        return str(contents[_progress(tell, case)]["message"])
    if tell.notice == "acknowledgement":
        return str(contents.get(record_of(case, tell.stage).understood, {}).get("understood", ""))
    if tell.notice != "interim-response":
        return ""
    return str(contents[record_of(case, tell.stage).interim]["message"])


def _progress(tell: Tell, case: Case) -> str:
    """Return the content with a progress report; those that were stored before they named theirs mean the newest."""
    return tell.content or record_of(case, tell.stage).progress


def _agreed(tell: Tell, case: Case, contents: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    return aspects_of(case, contents[case.agreed]) if tell.notice == "aspects-agreed" else ()


def _record(tell: Tell, case: Case, contents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a notice tells of the record: the words that it is about, and what was decided on them."""
    said = (
        {name: str(words) for name, words in contents.get(tell.content, {}).items()} if tell.content else {}
    )
    if tell.notice == "question":
        record = record_of(case, tell.stage)
        is_open = case.is_open and record is case.current
        return {
            "said": said,
            "to_answer": is_open and tell.content in {question.id for question in record.unanswered},
        }
    if tell.notice == "sent-again":
        first_sent_at = datetime.fromisoformat(said["at"])
        return {
            "said": said,
            "first_sent_on": to_london(first_sent_at).date(),
            "as_it_was": in_plain_text(said["body"]),
        }
    if tell.notice == "not-covered":
        return {"said": said, "points": _declined(tell, case, contents)}
    if tell.notice != "information-considered":
        return {"said": said}
    addition = _addition(tell, case)
    reason = str(contents[addition.reason]["reason"])
    return {"said": {**said, "reason": reason}, "accepted": addition.accepted}


def _declined(tell: Tell, case: Case, contents: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the words of the points that are not covered; none where nothing is."""
    points = next((declined.points for declined in case.declined if declined.why == tell.content), ())
    aspects = aspects_of(case, contents[case.agreed or case.answers])
    return tuple(aspects[point - 1] for point in points if point <= len(aspects))


def _addition(tell: Tell, case: Case) -> Addition:
    return next(addition for addition in record_of(case, tell.stage).additions if addition.id == tell.content)


def _reason(tell: Tell, case: Case) -> str:
    """Return the content with the reason for a decision; empty where the letter itself says all."""
    if tell.content:
        return tell.content
    reasons = {"LatenessDecided": case.lateness_reason, "LateReplyDecided": case.late_reply_reason}
    return reasons.get(tell.what, "")


def _on_paper(notice: str, context: Mapping[str, Any], part: str) -> str:
    paper = {**context, "link": None, "as_letter": part, "subject": "", "greeting": ""}
    return render(f"mail/{notice}/body.html", **paper)


def _thread_of(case: Case) -> str:
    # Whoever knows the reference only cannot work it out, for the id is random.
    return sha256(f"thread {case.ref} {case.answers}".encode()).hexdigest()[:32]


def _written(
    notice: Notice,
    context: dict[str, Any],
    to: Recipient,
    *,
    procedure: Procedure,
    ref: str = "",
    thread: str = "",
) -> Message:
    context = {"greeting": to.name, **context}
    subject = one_line(render(f"mail/{notice}/subject.txt", **context))
    return Message(
        to=to,
        notice=notice,
        organisation=procedure.slug,
        ref=ref,
        thread=thread,
        subject=subject,
        text=wrapped(render(f"mail/{notice}/body.txt", **context)),
        html=tidy(render(f"mail/{notice}/body.html", subject=subject, **context)),
    )
