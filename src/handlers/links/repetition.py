"""What a second click would do again although the domain could not tell it from a second wish."""

from __future__ import annotations

from typing import get_args

from domain.acting import Action
from domain.case import Case
from domain.commands import AddInformation, AddNote, AskQuestion, Command, RecordDisclosure
from domain.errors import AlreadyDone
from domain.events import Event
from domain.records import from_record
from handlers.links.form import Filled, day
from handlers.wiring import desk


def refuse_repetition(action: Action, form: Filled, case: Case) -> None:
    """AlreadyDone: what was filled in is what the case holds already."""
    if action == "aspects" and case.agreed:
        from handlers.links.reviewer import points

        agreed = desk().store.contents(case.ref, (case.agreed,))[case.agreed]
        if points(form) == agreed.get("aspects"):
            raise AlreadyDone("These points are agreed already.")
    if action == "lessons" and case.lessons:
        learned = desk().store.contents(case.ref, case.lessons)
        if form.text("lessons") in [words.get("lessons") for words in learned.values()]:
            raise AlreadyDone("This is recorded already.")
    if action == "hold" and case.holds:
        said = desk().store.contents(case.ref, case.holds)
        if form.text("reason") in [words.get("reason") for words in said.values()]:
            raise AlreadyDone("The case is held for this reason already.")
    if action == "progress" and case.current.progress:
        said = desk().store.contents(case.ref, (case.current.progress,))
        if form.text("message") in [words.get("message") for words in said.values()]:
            raise AlreadyDone("The complainant has been told this already.")
    given = case.current.respond_by
    if action == "interim" and given is not None and day(form, "respond_by") == given:
        raise AlreadyDone("The complainant has been given this date already.")


def refuse_said_twice(command: Command, case: Case) -> None:
    """AlreadyDone: a note, a question, a disclosure or an addition would be one more of the same words."""
    match command:
        case AddNote(note=writing):
            kind = "NoteAdded"
        case AskQuestion(question=writing):
            kind = "QuestionAsked"
        case RecordDisclosure(disclosure=writing):
            kind = "InformationDisclosed"
        case AddInformation(information=writing):
            kind = "InformationAdded"
        case _:
            return
    # That somebody could not be reached is noted without words, and may well be true again.
    if not writing.words or not any(writing.words.values()):
        return
    from handlers.links.history import content_ids

    same = [
        one["fact"]
        for one in desk().store.events(case.ref)
        if (one["fact"]["type"], one["fact"]["by"]) == (kind, command.by)
    ]
    facts = [from_record(get_args(Event), one) for one in same]
    said = desk().store.contents(case.ref, content_ids(case, facts)).values()
    if dict(writing.words) in said:
        raise AlreadyDone("This is on record in the same words already.")
