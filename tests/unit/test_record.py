"""What is put on record while a case is worked on: notes, questions, what was passed on, what was added."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.acts.disclosure import RecordDisclosure
from domain.acts.information import AddInformation, ConsiderInformation
from domain.acts.notes import AddNote, NoteAdded
from domain.acts.questions import MOST_QUESTIONS, AnswerQuestions, AskQuestion
from domain.acts.reply import Reply
from domain.case import COMPLAINANT
from domain.errors import AlreadyDone, Incomplete, NotAllowed, NotNow, NotYours, UnknownChoice
from domain.event import Event
from domain.notekinds import NoteKind
from domain.procedure import Procedure
from domain.provisions import Disclosure
from domain.words import Writing
from tests.unit import invented
from tests.unit.invented import MONDAY, OPEN_TO_MORE, PROCEDURE, case_of, outcome, then

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def looked_into() -> tuple[Event, ...]:
    """The first manager looks into a complaint."""
    return invented.looked_into()


def note(kind: NoteKind = "note", by: str = "manager-1", **words: str) -> AddNote:
    return AddNote(by=by, stage="first", kind=kind, note=Writing("n", words))


def ask(name: str = "q", text: str = "Why?") -> AskQuestion:
    return AskQuestion(by="manager-1", stage="first", question=Writing(name, {"question": text}))


def answer(**words: str) -> AnswerQuestions:
    return AnswerQuestions(by=COMPLAINANT, stage="first", answers=Writing("a", words))


def add(name: str = "i", text: str = "And this.") -> AddInformation:
    return AddInformation(by=COMPLAINANT, stage="first", information=Writing(name, {"information": text}))


def consider(name: str = "i", *, accepted: bool = True, reason: str = "It is new.") -> ConsiderInformation:
    return ConsiderInformation(
        by="manager-1",
        stage="first",
        information=name,
        accepted=accepted,
        reason=Writing("r", {"reason": reason}),
    )


def told(before: tuple[Event, ...], after: tuple[Event, ...], procedure: Procedure) -> list[tuple[str, str]]:
    return [(one.person, one.notice) for one in invented.told(before, after, procedure)]


class TestNotes:
    def test_tell_apart_whether_a_call_reached_the_complainant(self, looked_into: tuple[Event, ...]) -> None:
        """An attempt that reached nobody is no conversation; one that did is."""
        events = then(looked_into, note("call-not-reached"), at=LATER)
        assert not case_of(events).current.spoke
        events = then(events, note("call-reached", text="We agreed on two points."), at=LATER)
        assert case_of(events).current.spoke
        assert ("call-not-reached", "call-reached") == case_of(events).current.noted

    def test_of_others_are_no_conversation_with_a_reviewer(self, looked_into: tuple[Event, ...]) -> None:
        """That the office reached the complainant does not mean that whoever reviews has spoken with them."""
        events = then(looked_into, note("call-reached", by="office-1", text="They called."), at=LATER)
        assert not case_of(events).current.spoke

    def test_of_an_offer_ask_the_complainant(self, looked_into: tuple[Event, ...]) -> None:
        """A meeting is offered as a question, which they answer from their page; they get one message."""
        words = {"text": "Would you like to meet?", "question": "Would you like to meet?"}
        offered = then(looked_into, note("meeting-offered", **words), at=LATER)
        assert [(COMPLAINANT, "question"), ("manager-1", "done")] == told(looked_into, offered, PROCEDURE)
        assert ["n"] == [question.id for question in case_of(offered).current.unanswered]

    def test_offer_no_more_than_can_be_asked(self, looked_into: tuple[Event, ...]) -> None:
        """An offer is a question, and the number of those is bounded."""
        events = looked_into
        for number in range(MOST_QUESTIONS):
            events = then(events, ask(f"q{number}"), at=LATER)
        with pytest.raises(Incomplete) as refused:
            then(events, note("meeting-offered", text="x", question="x"), at=LATER)
        assert ["kind"] == [problem.field for problem in refused.value.missing]

    def test_hold_nothing_of_what_was_said(self, looked_into: tuple[Event, ...]) -> None:
        """The event has the kind and the id of the content, and no word."""
        *_, event = then(looked_into, note("call-reached", text="A canary was heard."), at=LATER)
        assert isinstance(event, NoteAdded)
        assert "canary" not in repr(event)

    @pytest.mark.parametrize(
        ("kind", "words", "field"),
        [
            ("note", {}, "text"),
            ("call-reached", {"text": " "}, "text"),
            ("meeting-arranged", {"text": "To talk."}, "when"),
            ("meeting-held", {"text": "We talked."}, "companion"),
        ],
    )
    def test_name_what_is_missing(
        self, looked_into: tuple[Event, ...], kind: NoteKind, words: dict[str, str], field: str
    ) -> None:
        """Each kind of note asks for what it is of no use without."""
        with pytest.raises(Incomplete) as refused:
            then(looked_into, note(kind, **words), at=LATER)
        assert [field] == [problem.field for problem in refused.value.missing]

    def test_are_for_those_who_work_on_the_case(self, looked_into: tuple[Event, ...]) -> None:
        """The coordinator notes a call too; nobody else does."""
        then(looked_into, note(by="office-1", text="They called."), at=LATER)
        for other in ("manager-2", "board-1", COMPLAINANT, "nobody"):
            with pytest.raises(NotYours):
                then(looked_into, note(by=other, text="x"), at=LATER)

    def test_of_an_arranged_meeting_tell_the_complainant(self, looked_into: tuple[Event, ...]) -> None:
        """Whoever is to come to a meeting learns of it; other notes are for the case."""
        arranged = then(looked_into, note("meeting-arranged", text="To talk.", when="Friday"), at=LATER)
        assert [(COMPLAINANT, "meeting"), ("manager-1", "done")] == told(looked_into, arranged, PROCEDURE)
        noted = then(looked_into, note(text="x"), at=LATER)
        assert [("manager-1", "done")] == told(looked_into, noted, PROCEDURE)

    def test_of_somebody_else_are_news_to_the_reviewer(self, looked_into: tuple[Event, ...]) -> None:
        """A call that the coordinator took is passed on by noting it."""
        noted = then(looked_into, note(by="office-1", text="They called."), at=LATER)
        assert [("office-1", "done"), ("manager-1", "case-news")] == told(looked_into, noted, PROCEDURE)


class TestQuestions:
    def test_are_answered_one_by_one(self, looked_into: tuple[Event, ...]) -> None:
        """Several can be open; what is left without an answer stays open."""
        events = then(then(looked_into, ask("q1"), at=LATER), ask("q2"), at=LATER)
        events = then(events, answer(q2="So.", q1=" "), at=LATER)
        assert ["q1"] == [question.id for question in case_of(events).current.unanswered]

    def test_tell_both_sides(self, looked_into: tuple[Event, ...]) -> None:
        """The complainant gets the question, the reviewer word of the answer."""
        asked = then(looked_into, ask(), at=LATER)
        assert (COMPLAINANT, "question") in told(looked_into, asked, PROCEDURE)
        answered = then(asked, answer(q="So."), at=LATER)
        assert [("manager-1", "case-news")] == told(asked, answered, PROCEDURE)

    def test_are_not_answered_twice_nor_for_nothing(self, looked_into: tuple[Event, ...]) -> None:
        """A second answer, none at all and one to a question that was not asked are each refused by name."""
        events = then(then(looked_into, ask("q1"), at=LATER), ask("q2"), at=LATER)
        for attempt, refusal in ((answer(), Incomplete), (answer(q3="So."), UnknownChoice)):
            with pytest.raises(refusal):
                then(events, attempt, at=LATER)
        events = then(events, answer(q1="So."), at=LATER)
        with pytest.raises(AlreadyDone):
            then(events, answer(q1="Otherwise."), at=LATER)

    def test_lapse_with_the_outcome(self, looked_into: tuple[Event, ...]) -> None:
        """What is open when the stage is answered can be answered no more, on this stage or the next."""
        events = then(looked_into, ask(), at=LATER)
        events = then(events, outcome("manager-1", "first"), at=LATER)
        with pytest.raises(NotNow):
            then(events, answer(q="So."), at=LATER)
        events = then(events, Reply(by=COMPLAINANT, stage="first", answer="escalate"), at=LATER)
        assert case_of(events).current.unanswered == ()


class TestDisclosure:
    @pytest.mark.parametrize(("tells", "notices"), [(True, {"disclosure", "done"}), (False, {"done"})])
    def test_tells_the_complainant_where_the_procedure_says_so(
        self, looked_into: tuple[Event, ...], tells: bool, notices: set[str]
    ) -> None:
        """It is recorded in each case, and told where the procedure asks for it."""
        procedure = replace(PROCEDURE, disclosure=Disclosure(about="x", tells_complainant=tells, source="8"))
        words = Writing("d", {"to": "The tutor", "reason": "Nobody else knows."})
        command = RecordDisclosure(by="manager-1", stage="first", what="identity", disclosure=words)
        after = then(looked_into, command, at=LATER, procedure=procedure)
        assert notices == {notice for _, notice in told(looked_into, after, procedure)}

    def test_needs_to_whom_and_why(self, looked_into: tuple[Event, ...]) -> None:
        """Nothing is passed on without a reason on record."""
        words = Writing("d", {"to": "", "reason": " "})
        with pytest.raises(Incomplete) as refused:
            then(
                looked_into,
                RecordDisclosure(by="manager-1", stage="first", what="confidence", disclosure=words),
                at=LATER,
            )
        assert ["to", "reason"] == [problem.field for problem in refused.value.missing]


class TestLateInformation:
    def test_is_taken_where_the_procedure_provides_for_it(self, looked_into: tuple[Event, ...]) -> None:
        """Another procedure refuses it, and says why."""
        then(looked_into, add(), at=LATER, procedure=OPEN_TO_MORE)
        with pytest.raises(NotAllowed):
            then(looked_into, add(), at=LATER)

    def test_is_decided_on_once_with_a_reason(self, looked_into: tuple[Event, ...]) -> None:
        """Accepted or declined, never without a reason, and told."""
        added = then(looked_into, add(), at=LATER, procedure=OPEN_TO_MORE)
        with pytest.raises(Incomplete):
            then(added, consider(reason=" "), at=LATER)
        decided = then(added, consider(accepted=False), at=LATER)
        assert (COMPLAINANT, "information-considered") in told(added, decided, OPEN_TO_MORE)
        with pytest.raises(AlreadyDone):
            then(decided, consider(), at=LATER)

    def test_is_decided_on_before_the_outcome(self, looked_into: tuple[Event, ...]) -> None:
        """No outcome while something waits; none can be added once the outcome is out."""
        added = then(looked_into, add(), at=LATER, procedure=OPEN_TO_MORE)
        with pytest.raises(Incomplete):
            then(added, outcome("manager-1", "first"), at=LATER, procedure=OPEN_TO_MORE)
        sent = then(
            then(added, consider(), at=LATER), outcome("manager-1", "first"), at=LATER, procedure=OPEN_TO_MORE
        )
        with pytest.raises(AlreadyDone):
            then(sent, add("i2"), at=LATER, procedure=OPEN_TO_MORE)
