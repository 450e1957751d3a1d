"""What the complainant says in another way than on their page counts as of the day on which it came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.acts.information import AddInformation, InformationAdded
from domain.acts.late_reply import AskLate, CaseReopened, LateReplyAsked
from domain.acts.questions import AnswerQuestions, AskQuestion, QuestionAnswered
from domain.acts.reopening import AskToReopen, ReopeningAsked
from domain.acts.reply import ComplainantDissatisfied, ComplainantSatisfied, Reply
from domain.acts.stages import ComplaintEscalated
from domain.acts.waking import Wake
from domain.calendars import LONDON
from domain.case import COMPLAINANT, Case
from domain.command import Command
from domain.deadlines import deadlines
from domain.errors import CaseClosed, ConflictOfInterest, Incomplete, NotAllowed, NotNow
from domain.procedure import Procedure
from domain.words import Writing
from tests.rules import refusal, situation
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    OPEN_TO_MORE,
    PROCEDURE,
    TUESDAY,
    WITH_MORE,
    after,
    case_of,
    does,
    looked_into,
    notices,
    outcome,
    with_stage,
)

OFFICE, MANAGER, BOARD, DEPUTY = "office-1", "manager-1", "board-1", "deputy"
MORNING = datetime(2026, 11, 17, 11, tzinfo=LONDON)
"""After the last day for a reply to an outcome of 2 November."""


def answered() -> Case:
    """The outcome was sent on Monday."""
    return after(case_of(looked_into()), outcome(MANAGER, "first"), at=MONDAY)


def silent(procedure: Procedure = WITH_MORE) -> Case:
    """Reminded, and closed because nobody replied by the end of 16 November."""
    case = answered()
    while case.is_open:
        at = situation(case, procedure, CALENDAR, now=MONDAY)
        case = after(case, Wake(), at=at.wakes[0].at, procedure=procedure)
    assert case.ended == "lapsed"
    return case


def entered(case: Case, answer: Any = "escalate", *, on: date | None = None, **more: Any) -> Reply:
    plain = Reply(
        by=OFFICE,
        stage=case.current.stage,
        answer=answer,
        reasons=Writing("reasons", {"reasons": "It is not settled."}),
        route="telephone",
        received_on=on,
    )
    return replace(plain, **more)


def wrong(
    case: Case, command: Command, now: datetime = TUESDAY, procedure: Procedure = PROCEDURE
) -> list[str]:
    with pytest.raises(Incomplete) as refused:
        does(case, command, now, procedure)
    return [problem.field for problem in refused.value.missing]


class TestAReply:
    def test_is_entered_for_everybody_by_those_who_handle_the_case(self) -> None:
        """Also for somebody who has a link of their own; nobody else enters it, and nobody who is involved."""
        case = answered()
        able = {
            person.id
            for person in PROCEDURE.people
            if refusal("enter-reply", case, by=person.id, stage="first", procedure=PROCEDURE) is None
        }
        assert able == {OFFICE, MANAGER}
        involved = replace(case, involved=(OFFICE,))
        found = refusal("enter-reply", involved, by=OFFICE, stage="first", procedure=PROCEDURE)
        assert isinstance(found, ConflictOfInterest)

    def test_counts_as_of_the_day_on_which_it_came(self) -> None:
        """The next stage is counted from that day, whenever it is entered."""
        now = MONDAY + timedelta(days=8)
        events = does(answered(), entered(answered(), on=date(2026, 11, 5)), now)
        escalated = events[0]
        assert isinstance(escalated, ComplaintEscalated)
        assert (escalated.route, escalated.at) == ("telephone", now)
        case = after(answered(), entered(answered(), on=date(2026, 11, 5)), at=now)
        respond = next(one for one in deadlines(case, PROCEDURE, CALENDAR) if one.rule.name == "respond")
        assert respond.due.due == date(2026, 12, 3)
        assert case.stages[0].replied_at == escalated.received_at

    def test_of_today_comes_now(self) -> None:
        """Nobody knows more of it than that it came just now."""
        (event, *_) = does(answered(), entered(answered(), "satisfied", on=TUESDAY.date()))
        assert isinstance(event, ComplainantSatisfied)
        assert event.received_at is None

    def test_on_the_day_of_the_outcome_comes_after_it(self) -> None:
        """What came on the day of the outcome did not come before it."""
        (event, *_) = does(answered(), entered(answered(), "satisfied", on=MONDAY.date()))
        assert isinstance(event, ComplainantSatisfied)
        assert event.received_at == MONDAY

    @pytest.mark.parametrize("day", [date(2026, 11, 4), date(2026, 11, 1)])
    def test_cannot_have_come_tomorrow_or_before_the_outcome(self, day: date) -> None:
        """Such a day is said to be wrong, and nothing happens."""
        assert wrong(answered(), entered(answered(), on=day)) == ["received"]

    def test_of_no_further_stage_is_dissatisfaction(self) -> None:
        """On the last stage it closes the case, as the complainant's own reply does."""
        case = replace(answered(), stages=(replace(answered().current, stage="third"),))
        events = does(case, entered(case, on=date(2026, 11, 2)))
        assert isinstance(events[0], ComplainantDissatisfied)
        assert events[0].received_at == MONDAY


class TestAReplyAfterSilence:
    def test_that_came_in_time_opens_the_case_again(self) -> None:
        """A call in the last hour, entered the next morning: the case goes on as if silence had not closed it."""
        case = silent()
        events = does(case, entered(case, on=date(2026, 11, 16)), MORNING, WITH_MORE)
        assert [type(event) for event in events[:2]] == [CaseReopened, ComplaintEscalated]
        again = after(case, entered(case, on=date(2026, 11, 16)), at=MORNING, procedure=WITH_MORE)
        assert (again.is_open, again.current.stage, again.keep_until) == (True, "second", None)
        assert (COMPLAINANT, "acknowledgement") in notices(case, events, WITH_MORE)

    def test_that_came_in_time_and_is_content_ends_it_as_that(self) -> None:
        """The case was settled, and did not lapse."""
        case = silent()
        command = entered(case, "satisfied", on=date(2026, 11, 16))
        again = after(case, command, at=MORNING, procedure=WITH_MORE)
        assert (again.is_open, again.ended) == (False, "satisfied")

    def test_that_came_in_time_takes_the_place_of_one_that_came_late(self) -> None:
        """Nobody has to decide on the late one any more, and nobody is late with it."""
        late = AskLate(by=COMPLAINANT, stage="first", reasons=Writing("late", {"reasons": "I was ill."}))
        case = after(silent(), late, at=MORNING, procedure=WITH_MORE)
        again = after(case, entered(case, on=date(2026, 11, 16)), at=MORNING, procedure=WITH_MORE)
        assert again.current.stage == "second"
        at = situation(again, WITH_MORE, CALENDAR, now=MORNING)
        assert at.decisions == ()

    def test_that_came_in_time_and_is_content_does_not_lose_what_was_asked_since(self) -> None:
        """Who was content on the telephone, and then asked for the next stage, gets a decision on that."""
        late = AskLate(by=COMPLAINANT, stage="first", reasons=Writing("late", {"reasons": "I was ill."}))
        case = after(silent(), late, at=MORNING, procedure=WITH_MORE)
        command = entered(case, "satisfied", on=date(2026, 11, 16))
        assert wrong(case, command, MORNING, WITH_MORE) == ["answer"]

    @pytest.mark.parametrize("on", [None, date(2026, 11, 17)])
    def test_that_came_later_is_for_a_person_to_decide(self, on: date | None) -> None:
        """One second after the end is late: whoever decides on late replies is asked, as by the complainant."""
        case = silent()
        events = does(case, entered(case, on=on), MORNING, WITH_MORE)
        (asked,) = events
        assert isinstance(asked, LateReplyAsked)
        assert notices(case, events, WITH_MORE) == {
            ("principal", "decision-request"),
            (DEPUTY, "decision-request"),
            (OFFICE, "done"),
        }

    def test_that_came_later_has_a_reason_and_a_purpose(self) -> None:
        """It says why; it is asked for once; that somebody is content changes nothing; and where there is no further
        stage, that is said."""
        case, now = silent(), MORNING
        assert wrong(case, entered(case, reasons=None), now, WITH_MORE) == ["reasons"]
        assert wrong(case, entered(case, "satisfied"), now, WITH_MORE) == ["answer"]
        asked = after(case, entered(case), at=now, procedure=WITH_MORE)
        assert wrong(asked, entered(asked), now, WITH_MORE) == ["answer"]
        last = with_stage(WITH_MORE, 0, next="")
        assert wrong(case, entered(case), now, last) == ["received"]

    def test_is_entered_by_those_in_charge(self) -> None:
        """The reviewer's part is over; and nothing is entered on a case that the complainant closed."""
        case = silent()
        for by in (OFFICE, DEPUTY):
            assert refusal("enter-reply", case, by=by, stage="first", procedure=WITH_MORE) is None
        found = refusal("enter-reply", case, by=MANAGER, stage="first", procedure=WITH_MORE)
        assert isinstance(found, NotAllowed)
        content = after(answered(), Reply(by=COMPLAINANT, stage="first", answer="satisfied"))
        found = refusal("enter-reply", content, by=OFFICE, stage="first", procedure=WITH_MORE)
        assert isinstance(found, CaseClosed)


class TestAnAnswerToAQuestion:
    def asked(self) -> Case:
        question = Writing("question", {"question": "Which day was it?"})
        return after(
            case_of(looked_into()), AskQuestion(by=MANAGER, stage="first", question=question), at=MONDAY
        )

    def test_is_entered_with_the_day_on_which_it_came(self) -> None:
        """The question is answered as of that day; the other people who handle the case are told."""
        case = self.asked()
        command = AnswerQuestions(
            by=OFFICE,
            stage="first",
            answers=Writing("answers", {"question": "Friday."}),
            route="letter",
            received_on=MONDAY.date(),
        )
        events = does(case, command)
        (event,) = events
        assert isinstance(event, QuestionAnswered)
        assert (event.route, event.received_at) == ("letter", MONDAY)
        assert after(case, command).current.questions[0].answered_at == MONDAY
        assert notices(case, events) == {(MANAGER, "case-news"), (OFFICE, "done")}

    def test_cannot_have_come_before_the_question(self) -> None:
        """Such a day is said to be wrong."""
        command = AnswerQuestions(
            by=OFFICE,
            stage="first",
            answers=Writing("answers", {"question": "Friday."}),
            route="letter",
            received_on=date(2026, 11, 1),
        )
        assert wrong(self.asked(), command) == ["received"]

    def test_is_nothing_where_nothing_was_asked(self) -> None:
        """Staff who enter it are told so."""
        found = refusal("enter-answer", case_of(looked_into()), by=OFFICE, stage="first", procedure=PROCEDURE)
        assert isinstance(found, NotNow)


def test_something_added_is_entered_and_decided_on_like_the_complainants_own() -> None:
    """It waits for the reviewer's decision as of the day on which it came."""
    case = case_of(looked_into())
    command = AddInformation(
        by=OFFICE,
        stage="first",
        information=Writing("more", {"information": "There is a photograph."}),
        route="in-person",
        received_on=MONDAY.date(),
    )
    events = does(case, command, procedure=OPEN_TO_MORE)
    (event,) = events
    assert isinstance(event, InformationAdded)
    added = after(case, command, procedure=OPEN_TO_MORE).current.undecided
    assert [(one.id, one.at) for one in added] == [("more", MONDAY)]
    assert notices(case, events, OPEN_TO_MORE) == {(MANAGER, "case-news"), (OFFICE, "done")}


def test_somebody_who_writes_is_heard_after_the_last_stage_too() -> None:
    """The wish to reopen an exhausted case is entered for who wrote it, and answered as their own would be."""
    case = replace(answered(), stages=(replace(answered().current, stage="third"),))
    case = after(case, Reply(by=COMPLAINANT, stage="third", answer="escalate"), at=MONDAY)
    assert case.ended == "exhausted"
    command = AskToReopen(
        by=OFFICE, stage="third", reasons=Writing("why", {"reasons": "There is more."}), route="letter"
    )
    events = does(case, command, procedure=WITH_MORE)
    (event,) = events
    assert isinstance(event, ReopeningAsked)
    assert notices(case, events, WITH_MORE) == {
        ("chair", "decision-request"),
        ("governor", "decision-request"),
        (OFFICE, "done"),
    }
    found = refusal("enter-reopen", case, by=BOARD, stage="third", procedure=WITH_MORE)
    assert isinstance(found, NotAllowed)
