"""The case as those see it who work on it: what was written, what happened, and what each of them can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any, Final

from domain.acts.approval import OutcomeReturned, last_return
from domain.acts.correction import RecordCorrected
from domain.acts.information import addition_said
from domain.acts.questions import QuestionAsked
from domain.acts.stages import ComplaintEscalated
from domain.answers import answers_on_record, recorded_in
from domain.case import COMPLAINANT, SYSTEM, Case
from domain.event import Contents, Event, LaterFact
from domain.exchanges import Addition
from domain.outcomes import aspects_of, declined_in, outcome_shown
from domain.people import names_in
from domain.reaching import reach_of, told_by
from domain.registry import ROOM_OF_EVENT, event_in, room
from handlers.links.documents import documents_and_letters
from handlers.links.visit import Visit
from handlers.wiring import site

MOST_SHOWN: Final = 100
"""Entries of the history on one page."""

LARGEST_PART: Final = 1_500_000
"""Bytes of what was written in them, as a page has it: Lambda answers with six million at most."""

MOST_ADDED: Final = 20
"""Of what the complainant added, so much is shown above the history; all of it stands in there."""


def whole_case(visit: Visit) -> dict[str, Any]:
    """Return the case as those see it who work on it, with what the forms of their acts show."""
    events = events_of(visit.case)
    return _shown(visit, events, part=events, additions=_additions(visit.case))


def page_of_case(visit: Visit) -> dict[str, Any]:
    """Return the same as far as it fits on a page: of the history the last part before `visit.before`, of what was
    added the last."""
    events, additions = events_of(visit.case), _additions(visit.case)
    until = len(events) if visit.before is None else max(0, min(visit.before - 1, len(events)))
    part = events[max(0, until - MOST_SHOWN) : until]
    shown = _shown(visit, events, part=part, additions=additions[-MOST_ADDED:])
    history = _that_fit(shown["history"])
    first = until - len(history)
    return shown | {
        "history": history,
        "earlier": first + 1 if first > 0 else 0,
        "later": until < len(events),
        "not_shown": max(0, len(additions) - MOST_ADDED),
    }


def _shown(
    visit: Visit, events: Sequence[Event], *, part: Sequence[Event], additions: Sequence[Addition]
) -> dict[str, Any]:
    from adapters.cases.particulars import submission_of

    case, procedure = visit.case, visit.procedure
    told = [event for event in events if isinstance(event, OutcomeReturned | ComplaintEscalated)]
    written_down = [
        *recorded_in(case),
        *content_ids(case, (*part, *told)),
        *told_by(case),
        *declined_in(case),
        *needed(visit),
    ]
    for addition in additions:
        written_down += [addition.id, addition.reason]
    contents = site().store.contents(case.ref, written_down)
    answers = answers_on_record(case, contents)
    form = procedure.form(case.form)
    return {
        "late": submission_of(visit.at) if case.late else None,
        "dates": visit.promises(),
        "uncounted": visit.at.uncounted if case.is_open else (),
        "aspects": aspects_of(case, contents[case.agreed or case.answers]),
        "agreed": bool(case.agreed),
        "reach": reach_of(case, contents),
        "written": list(written(form.fields if form is not None else (), answers)),
        "adjustments": str(answers.get("adjustments", "")),
        "outcomes": [
            outcome_shown(record, visit.at, contents)
            for record in case.stages
            if record.responded_at is not None
        ],
        "pending": outcome_shown(case.current, visit.at, contents) if case.current.awaits_approval else None,
        "history": [entry(event, visit, contents) for event in part],
        "sought": _sought(events, answers, contents),
        "returned": last_return(case, events, contents),
        "added": added(additions, contents),
        "offers": offers(visit, contents),
        **documents_and_letters(visit),
    }


def needed(visit: Visit) -> Iterator[str]:
    """Yield the ids of the contents that the forms of what can be done take."""
    for act in visit.acts:
        if act.shows is not None:
            yield from act.shows.reads(visit.at, visit.person)


def offers(visit: Visit, contents: Contents) -> dict[str, Mapping[str, Any]]:
    """Return what the forms of what can be done show, by the act."""
    return {
        act.name: act.shows.gives(visit.at, visit.person, contents) if act.shows is not None else {}
        for act in visit.acts
    }


def events_of(case: Case) -> tuple[Event, ...]:
    """Return all that has happened to the case. While two versions are deployed side by side, or after one was taken
    back, some of it may be known to the newer one alone."""
    return tuple(_event_in(event["fact"]) for event in site().store.events(case.ref))


def told_by_complainant(case: Case) -> tuple[Event, ...]:
    """Return what the complainant did and told, the questions that they were asked, and what of it was corrected. What
    they told in another way than on a page was entered by somebody of staff."""
    return tuple(
        event
        for event in events_of(case)
        if (event.by == COMPLAINANT and not isinstance(event, LaterFact))
        or isinstance(event, QuestionAsked | RecordCorrected)
        or getattr(event, "route", "web") != "web"
    )


def _event_in(fact: Mapping[str, Any]) -> Event:
    if fact["type"] in ROOM_OF_EVENT:
        return event_in(fact)
    return LaterFact(at=datetime.fromisoformat(fact["at"]), by=fact["by"])


def content_ids(case: Case, events: Iterable[Event]) -> Iterator[str]:
    """Yield the contents with what people wrote, as far as it is shown in the case or its history."""
    yield case.answers
    yield case.agreed
    for record in case.stages:
        yield record.wording
        yield record.agreed
    for event in events:
        yield event.content_id()


def entry(event: Event, visit: Visit, contents: Contents) -> dict[str, Any]:
    """Return one entry of the history: the template of its room has the sentence. Without a room it is a newer
    version's."""
    who = "" if event.by in (COMPLAINANT, SYSTEM) else names_in(visit.procedure)[event.by]
    kind = type(event).__name__
    said = event.said(contents, visit.case)
    where = "" if isinstance(event, LaterFact) else room(kind)
    return {"fact": event, "kind": kind, "room": where, "who": who, "said": said}


def _that_fit(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last entries of a part of the history, as many as fit on a page; one at the least."""
    size = 0
    for number, shown in enumerate(reversed(history)):
        size += len(escape(shown["said"]).encode())
        if number and size > LARGEST_PART:
            return history[len(history) - number :]
    return history


def _additions(case: Case) -> list[Addition]:
    return [addition for record in case.stages for addition in record.additions]


def added(additions: Iterable[Addition], contents: Contents) -> list[dict[str, Any]]:
    """Return what the complainant added after the complaint was in, with what was decided on it."""
    return [
        {
            "at": addition.at,
            "information": addition_said(contents.get(addition.id, {})),
            "accepted": addition.accepted,
            "reason": str(contents.get(addition.reason, {}).get("reason", "")),
        }
        for addition in additions
    ]


def written(
    questions: Sequence[Any], answers: Mapping[str, Any], *, adjustments: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield what the complainant wrote, question by question. Unanswered ones are left out, and, unless `adjustments`
    are asked for, what was asked for to make it easier."""
    for question in questions:
        value = answers.get(question.id)
        if value is None or question.type == "declaration" or question.id == "kind":
            continue
        if question.id == "adjustments" and not adjustments:
            continue
        if question.type == "choice":
            value = next((choice.label for choice in question.choices if choice.id == value), value)
        if question.type == "roles":
            titles = {choice.id: choice.label for choice in question.choices}
            entries = [titles.get(role, role) for role in value]
            yield {"label": question.label, "value": entries, "type": question.type}
            continue
        if question.type == "date":
            value = date.fromisoformat(value)
        yield {"label": question.label, "value": value, "type": question.type}


def _sought(events: Sequence[Event], answers: Mapping[str, Any], contents: Contents) -> str:
    """Return which resolution the complainant seeks now: what the last escalation says, or else what was said before
    it."""
    for event in reversed(events):
        if isinstance(event, ComplaintEscalated) and contents.get(event.reasons, {}).get("sought"):
            return str(contents[event.reasons]["sought"])
    return str(answers.get("outcome_sought", ""))
