"""The rules of a case's life: what follows from what, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.acts.acknowledgement import Acknowledge
from domain.acts.approval import ApproveOutcome, ReturnOutcome
from domain.acts.assignment import AssignReviewers, ReviewerAssigned
from domain.acts.bounces import RecordBounce
from domain.acts.closure import CaseEnded
from domain.acts.letters import PostLetter
from domain.acts.new_date import SendInterimResponse
from domain.acts.reply import Reply
from domain.acts.retention import AnnounceDeletion, BeginDeletion, LiftHold, PlaceHold
from domain.acts.waking import Wake
from domain.breaches import Breach
from domain.calendars import Limit
from domain.case import COMPLAINANT, SYSTEM, Case, replay
from domain.deadlines import deadlines
from domain.effect import SetAlarm
from domain.errors import (
    AlreadyDone,
    CaseClosed,
    ConflictOfInterest,
    DeletionRefused,
    Incomplete,
    InvalidAnswers,
    NotAllowed,
    NotNow,
    NotYours,
    Refused,
    StagePassed,
    UnknownCase,
    UnknownChoice,
)
from domain.event import Event
from domain.words import Writing
from tests.rules import consequences, decide, wakes
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    REF,
    case_of,
    outcome,
    submitted,
    then,
    told,
    with_rule,
)

DAY = timedelta(days=1)


def names(events: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in events]


def acknowledged() -> tuple[Event, ...]:
    events = then(
        submitted(), AssignReviewers(by="office-1", stage="first", reviewers=("manager-1",)), at=MONDAY
    )
    return then(events, Acknowledge(by="manager-1", stage="first"), at=MONDAY + DAY)


def responded() -> tuple[Event, ...]:
    return then(acknowledged(), outcome("manager-1", "first"), at=MONDAY + 2 * DAY)


def at_second() -> tuple[Event, ...]:
    events = then(responded(), Reply(by=COMPLAINANT, stage="first", answer="escalate"), at=MONDAY + 3 * DAY)
    assign = AssignReviewers(by="office-1", stage="second", reviewers=("board-1", "board-2"))
    return then(events, assign, at=MONDAY + 3 * DAY)


def at_third() -> tuple[Event, ...]:
    events = then(at_second(), outcome("board-1", "second"), at=MONDAY + 4 * DAY)
    approve = ApproveOutcome(by="board-2", stage="second", wording="outcome-second")
    events = then(events, approve, at=MONDAY + 4 * DAY)
    return then(events, Reply(by=COMPLAINANT, stage="second", answer="escalate"), at=MONDAY + 5 * DAY)


def closed() -> tuple[Event, ...]:
    return then(responded(), Reply(by=COMPLAINANT, stage="first", answer="satisfied"), at=MONDAY + 3 * DAY)


def due(events: tuple[Event, ...], name: str) -> date:
    found = {one.name: one.due.due for one in deadlines(case_of(events), PROCEDURE, CALENDAR)}
    return found[name]


class TestIntake:
    def test_a_complaint_opens_a_case_at_the_forms_stage(self) -> None:
        """A submitted complaint waits for a person where the procedure has a person acknowledge it."""
        events = submitted()
        assert ["ComplaintSubmitted"] == names(events)
        case = case_of(events)
        assert ("first", False, 2) == (case.current.stage, case.late, case.aspects)

    def test_a_late_complaint_is_taken_and_marked(self) -> None:
        """One month and a day after the incident a complaint is late, and taken all the same."""
        on_last_day = submitted(at=datetime(2026, 11, 2, 23, 59, tzinfo=UTC), incident_on=date(2026, 10, 2))
        day_after = submitted(at=datetime(2026, 11, 3, 0, 0, tzinfo=UTC), incident_on=date(2026, 10, 2))
        assert (False, True) == (case_of(on_last_day).late, case_of(day_after).late)

    def test_what_happened_before_the_calendar_begins_is_late(self) -> None:
        """An incident of a time whose holidays nobody has written down is late, and no error."""
        procedure = with_rule(PROCEDURE, "submit", within=(Limit(10, "working-days"),))
        events = submitted(incident_on=CALENDAR.known_from - DAY, procedure=procedure)
        assert case_of(events).late

    def test_an_incident_in_the_future_is_refused_by_field(self) -> None:
        """What has not happened yet cannot be complained about; the refusal names the field."""
        with pytest.raises(InvalidAnswers) as refusal:
            submitted(incident_on=MONDAY.date() + DAY)
        assert ["incident_date"] == [problem.field for problem in refusal.value.problems]

    def test_the_next_stage_acknowledges_of_itself_where_the_procedure_says_so(self) -> None:
        """An automatic acknowledgement is an event of the same decision as the escalation."""
        assert ["ComplaintEscalated", "ComplaintAcknowledged", "ReviewerAssigned"] == names(at_second())[-3:]


class TestAssignment:
    def test_somebody_without_the_role_is_no_reviewer(self) -> None:
        """The directory says who can review a stage."""
        with pytest.raises(UnknownChoice):
            then(
                submitted(), AssignReviewers(by="office-1", stage="first", reviewers=("board-1",)), at=MONDAY
            )

    def test_who_reviewed_the_first_stage_cannot_review_a_fresh_second(self) -> None:
        """A fresh pair of eyes was not involved in an earlier stage, whatever else it is."""
        assign = AssignReviewers(by="office-1", stage="first", reviewers=("manager-2",))
        events = then(submitted(), assign, at=MONDAY)
        events = then(events, Acknowledge(by="manager-2", stage="first"), at=MONDAY)
        events = then(events, outcome("manager-2", "first"), at=MONDAY)
        events = then(events, Reply(by=COMPLAINANT, stage="first", answer="escalate"), at=MONDAY)
        assert ("board-1", "board-2") == case_of(events).current.reviewers, (
            "the two who are left need no choice"
        )
        with pytest.raises(ConflictOfInterest):
            then(
                events,
                AssignReviewers(by="office-1", stage="second", reviewers=("board-1", "manager-2")),
                at=MONDAY,
            )

    def test_a_panel_is_complete_or_not_assigned(self) -> None:
        """Two reviewers are two, not one and not the same one twice."""
        events = then(
            responded(), Reply(by=COMPLAINANT, stage="first", answer="escalate"), at=MONDAY + 3 * DAY
        )
        for reviewers in [("board-1",), ("board-1", "board-1"), ("board-1", "board-2", "manager-2")]:
            with pytest.raises(Incomplete):
                then(
                    events,
                    AssignReviewers(by="office-1", stage="second", reviewers=reviewers),
                    at=MONDAY + 3 * DAY,
                )

    def test_only_who_assigns_can_assign(self) -> None:
        """A reviewer does not pick the reviewers."""
        with pytest.raises(NotAllowed):
            then(
                submitted(),
                AssignReviewers(by="manager-1", stage="first", reviewers=("manager-1",)),
                at=MONDAY,
            )

    def test_a_reassignment_ends_what_the_former_reviewer_could_do(self) -> None:
        """Who was reviewer before and is not any more is refused, and an outcome not yet sent goes with them."""
        events = then(at_second(), outcome("board-1", "second"), at=MONDAY + 4 * DAY)
        assert case_of(events).current.awaits_approval
        assign = AssignReviewers(by="office-1", stage="second", reviewers=("manager-2", "board-2"))
        events = then(events, assign, at=MONDAY + 4 * DAY)
        assert not case_of(events).current.awaits_approval
        with pytest.raises(NotYours):
            then(events, outcome("board-1", "second"), at=MONDAY + 4 * DAY)


class TestAcknowledgement:
    def test_it_starts_the_time_for_the_response(self) -> None:
        """Ten working days from the acknowledgement on Tuesday 3 November end on Tuesday 17 November."""
        assert date(2026, 11, 17) == due(acknowledged(), "first/respond")

    def test_twice_is_refused(self) -> None:
        """The second of two clicks changes nothing."""
        with pytest.raises(AlreadyDone):
            then(acknowledged(), Acknowledge(by="manager-1", stage="first"), at=MONDAY + DAY)

    def test_a_stranger_cannot(self) -> None:
        """Somebody who neither reviews nor coordinates does not acknowledge."""
        with pytest.raises(NotAllowed):
            then(submitted(), Acknowledge(by="board-1", stage="first"), at=MONDAY)


class TestOutcome:
    def test_every_aspect_needs_a_conclusion_and_reasons(self) -> None:
        """A response that leaves a point open is refused and says which."""
        with pytest.raises(Incomplete) as refusal:
            then(acknowledged(), outcome("manager-1", "first", conclusions=("upheld",)), at=MONDAY + DAY)
        assert ["conclusion_2", "reasons_2"] == [one.field for one in refusal.value.missing]
        with pytest.raises(Incomplete):
            then(acknowledged(), outcome("manager-1", "first", reasons="  "), at=MONDAY + DAY)

    @pytest.mark.parametrize("conclusions", [("upheld", "odd"), ("upheld", "upheld", "upheld")])
    def test_what_the_procedure_does_not_know_is_refused(self, conclusions: tuple[str, ...]) -> None:
        """A conclusion or an aspect out of nowhere is a refusal, not a stored curiosity."""
        with pytest.raises(UnknownChoice):
            then(acknowledged(), outcome("manager-1", "first", conclusions=conclusions), at=MONDAY + DAY)

    def test_it_is_not_recorded_before_the_acknowledgement(self) -> None:
        """Where a person acknowledges, that comes first."""
        events = then(
            submitted(), AssignReviewers(by="office-1", stage="first", reviewers=("manager-1",)), at=MONDAY
        )
        with pytest.raises(NotNow):
            then(events, outcome("manager-1", "first"), at=MONDAY)

    def test_without_approval_it_is_sent_at_once(self) -> None:
        """A stage that needs no agreement tells the complainant in the same decision."""
        assert ["OutcomeRecorded", "OutcomeSent"] == names(responded())[-2:]

    def test_two_reviewers_both_agree(self) -> None:
        """What one of two reviewers recorded is sent when the other has approved it, and not before."""
        events = then(at_second(), outcome("board-1", "second"), at=MONDAY + 4 * DAY)
        assert "OutcomeRecorded" == names(events)[-1]
        approve = ApproveOutcome(by="board-2", stage="second", wording="outcome-second")
        assert ["OutcomeApproved", "OutcomeSent"] == names(then(events, approve, at=MONDAY + 5 * DAY))[-2:]

    def test_nobody_approves_their_own(self) -> None:
        """The one who recorded an outcome is not the one who agrees to it."""
        events = then(at_second(), outcome("board-1", "second"), at=MONDAY + 4 * DAY)
        with pytest.raises(NotYours):
            then(
                events,
                ApproveOutcome(by="board-1", stage="second", wording="outcome-second"),
                at=MONDAY + 5 * DAY,
            )

    def test_what_was_changed_since_is_not_approved(self) -> None:
        """An approval is of the wording that the approver read."""
        events = then(at_second(), outcome("board-1", "second"), at=MONDAY + 4 * DAY)
        with pytest.raises(StagePassed):
            then(events, ApproveOutcome(by="board-2", stage="second", wording="another"), at=MONDAY + 5 * DAY)

    def test_a_returned_outcome_is_recorded_anew(self) -> None:
        """A return needs a reason and gives the outcome back to the reviewers."""
        events = then(at_second(), outcome("board-1", "second"), at=MONDAY + 4 * DAY)
        silent = ReturnOutcome(
            by="board-2", stage="second", wording="outcome-second", reason=Writing("r", {"reason": " "})
        )
        with pytest.raises(Incomplete):
            then(events, silent, at=MONDAY + 5 * DAY)
        reason = Writing("r", {"reason": "Point 2 is not answered."})
        returned = ReturnOutcome(by="board-2", stage="second", wording="outcome-second", reason=reason)
        events = then(events, returned, at=MONDAY + 5 * DAY)
        assert not case_of(events).current.awaits_approval
        events = then(events, outcome("board-2", "second"), at=MONDAY + 5 * DAY)
        assert "board-2" == case_of(events).current.recorded_by

    def test_where_they_do_not_agree_somebody_above_settles_it(self) -> None:
        """The second return is told above; once the outcome is recorded again, one approval from there sends it."""
        events = then(at_second(), outcome("board-1", "second"), at=MONDAY + 4 * DAY)
        reason = Writing("r", {"reason": "Point 2 is not answered."})
        back = ReturnOutcome(by="board-2", stage="second", wording="outcome-second", reason=reason)
        events = then(events, back, at=MONDAY + 5 * DAY)
        again = then(events, outcome("board-1", "second"), at=MONDAY + 5 * DAY)
        settle = ApproveOutcome(by="principal", stage="second", wording="outcome-second")
        with pytest.raises(NotYours):
            then(again, settle, at=MONDAY + 6 * DAY)
        twice = then(again, back, at=MONDAY + 6 * DAY)
        heard = [(tell.notice, tell.person) for tell in told(again, twice)]
        assert ("disagreement", "principal") in heard
        again = then(twice, outcome("board-1", "second"), at=MONDAY + 7 * DAY)
        assert ("approval-request", "principal") in [
            (tell.notice, tell.person) for tell in told(twice, again)
        ]
        assert "OutcomeSent" in names(then(again, settle, at=MONDAY + 8 * DAY))

    def test_who_has_to_agree_can_still_do_so_after_two_returns(self) -> None:
        """The others' agreement sends it too, without anybody above."""
        events = at_second()
        reason = Writing("r", {"reason": "Point 2 is not answered."})
        back = ReturnOutcome(by="board-2", stage="second", wording="outcome-second", reason=reason)
        for day in (4, 5):
            events = then(events, outcome("board-1", "second"), at=MONDAY + day * DAY)
            events = then(events, back, at=MONDAY + day * DAY)
        events = then(events, outcome("board-1", "second"), at=MONDAY + 6 * DAY)
        agree = ApproveOutcome(by="board-2", stage="second", wording="outcome-second")
        assert "OutcomeSent" in names(then(events, agree, at=MONDAY + 7 * DAY))


class TestInterimResponse:
    def message(self, respond_by: date, text: str = "We are asking the trainer.") -> SendInterimResponse:
        words = Writing("interim", {"message": text})
        return SendInterimResponse(by="manager-1", stage="first", respond_by=respond_by, message=words)

    def test_it_moves_the_date_and_reminds_again(self) -> None:
        """The new date is the one enforced, with a reminder of its own."""
        events = then(acknowledged(), self.message(date(2026, 12, 1)), at=MONDAY + 2 * DAY)
        assert date(2026, 12, 1) == due(events, "first/respond")
        (wake,) = wakes(case_of(events), PROCEDURE, CALENDAR)
        assert ("first/respond", "remind", datetime(2026, 11, 26, 9, tzinfo=UTC)) == (
            wake.deadline,
            wake.occasion,
            wake.at,
        )

    def test_it_never_shortens(self) -> None:
        """A new date that is not later than the old one is refused."""
        with pytest.raises(Incomplete):
            then(acknowledged(), self.message(date(2026, 11, 17)), at=MONDAY + 2 * DAY)

    def test_it_says_why(self) -> None:
        """Without words there is no interim response."""
        with pytest.raises(Incomplete):
            then(acknowledged(), self.message(date(2026, 12, 1), " "), at=MONDAY + 2 * DAY)


class TestWaking:
    def test_a_reminder_goes_before_and_a_breach_is_recorded_after(self) -> None:
        """Reminded at nine on the last working day but one, breached at the first moment that is too late."""
        events = submitted()
        (remind,) = wakes(case_of(events), PROCEDURE, CALENDAR)
        assert datetime(2026, 11, 4, 9, tzinfo=UTC) == remind.at
        events = then(events, Wake(), at=remind.at)
        assert "DeadlineReminded" == names(events)[-1]
        missed = datetime(2026, 11, 6, 0, 0, tzinfo=UTC)
        assert names(events) == names(then(events, Wake(), at=missed - timedelta(seconds=1)))
        events = then(events, Wake(), at=missed)
        assert (Breach(deadline="first/acknowledge", due_at=missed, at=missed),) == case_of(events).breaches

    def test_firing_twice_is_firing_once(self) -> None:
        """A second alarm for the same moment writes nothing."""
        events = then(submitted(), Wake(), at=MONDAY + 10 * DAY)
        assert events == then(events, Wake(), at=MONDAY + 10 * DAY)

    def test_a_missed_reminder_is_not_sent_after_the_breach(self) -> None:
        """Where everything slept past the date, the breach is recorded, without a reminder of what is over."""
        events = then(submitted(), Wake(), at=MONDAY + 30 * DAY)
        assert ["ComplaintSubmitted", "DeadlineBreached"] == names(events)

    def test_silence_closes_the_case_after_a_reminder(self) -> None:
        """Ten working days after the outcome of Wednesday 4 November, on the morning after Wednesday 18 November."""
        events = then(responded(), Wake(), at=datetime(2026, 11, 13, 9, tzinfo=UTC))
        assert "DeadlineReminded" == names(events)[-1]
        events = then(events, Wake(), at=datetime(2026, 11, 19, 9, tzinfo=UTC))
        assert ["StageLapsed", "CaseEnded"] == names(events)[-2:]
        assert "lapsed" == case_of(events).ended

    def test_silence_never_closes_a_case_without_a_reminder(self) -> None:
        """When the clock stood still past the date, the complainant is reminded and has as long as ever after it."""
        late = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
        events = then(responded(), Wake(), at=late)
        assert "DeadlineReminded" == names(events)[-1]
        assert date(2026, 12, 10) == due(events, "first/reply")
        events = then(events, Wake(), at=datetime(2026, 12, 11, 9, tzinfo=UTC))
        assert "CaseEnded" == names(events)[-1]

    def test_a_breach_stays_on_the_case(self) -> None:
        """A response that comes late does not undo that it was late."""
        events = then(acknowledged(), Wake(), at=MONDAY + 40 * DAY)
        events = then(events, outcome("manager-1", "first"), at=MONDAY + 40 * DAY)
        assert ["first/respond"] == [breach.deadline for breach in case_of(events).breaches]


class TestReply:
    def test_satisfied_closes(self) -> None:
        """A satisfied complainant ends the case, which is kept for five years."""
        case = case_of(closed())
        assert ("satisfied", date(2031, 11, 5)) == (case.ended, case.keep_until)

    def test_escalating_on_the_last_stage_exhausts_the_procedure(self) -> None:
        """Where the ladder has no next rung the case ends, and says how."""
        events = then(at_third(), outcome("principal", "third"), at=MONDAY + 6 * DAY)
        for governor in ("chair", "governor"):
            approve = ApproveOutcome(by=governor, stage="third", wording="outcome-third")
            events = then(events, approve, at=MONDAY + 6 * DAY)
        events = then(events, Reply(by=COMPLAINANT, stage="third", answer="escalate"), at=MONDAY + 7 * DAY)
        assert ["ComplainantDissatisfied", "CaseEnded"] == names(events)[-2:]
        assert "exhausted" == case_of(events).ended

    def test_after_the_time_is_over_the_answer_is_refused(self) -> None:
        """A case that silence has closed says so to who comes late."""
        events = then(responded(), Wake(), at=datetime(2026, 11, 13, 9, tzinfo=UTC))
        events = then(events, Wake(), at=datetime(2026, 11, 19, 9, tzinfo=UTC))
        with pytest.raises(CaseClosed):
            then(events, Reply(by=COMPLAINANT, stage="first", answer="escalate"), at=MONDAY + 30 * DAY)

    def test_only_the_complainant_answers(self) -> None:
        """Nobody is satisfied on somebody else's behalf: who handles the case says how they were told, and nobody else
        does."""
        with pytest.raises(NotYours):
            then(responded(), Reply(by="board-1", stage="first", answer="satisfied"), at=MONDAY + 3 * DAY)
        with pytest.raises(Incomplete):
            then(responded(), Reply(by="manager-1", stage="first", answer="satisfied"), at=MONDAY + 3 * DAY)

    def test_an_answer_to_a_passed_stage_is_refused(self) -> None:
        """The link of the first outcome does not answer the second."""
        with pytest.raises(StagePassed):
            then(at_second(), Reply(by=COMPLAINANT, stage="first", answer="satisfied"), at=MONDAY + 4 * DAY)


class TestRetention:
    over = datetime(2031, 11, 6, 0, 0, tzinfo=UTC)
    """The first moment after five years."""

    def announced(self) -> tuple[Event, ...]:
        return then(closed(), AnnounceDeletion(), at=self.over)

    def test_it_is_announced_and_then_begun(self) -> None:
        """After five years the contact is told; after fourteen days' notice the guard lets the case go."""
        events = self.announced()
        destroy_at = case_of(events).destroy_at
        assert datetime(2031, 11, 21, 0, 0, tzinfo=UTC) == destroy_at
        with pytest.raises(DeletionRefused):
            then(events, BeginDeletion(), at=destroy_at - timedelta(seconds=1))
        assert case_of(then(events, BeginDeletion(), at=destroy_at)).erasing

    def test_the_guard_fails_closed(self) -> None:
        """Open, too early, unannounced, held: each alone is enough to refuse."""
        far = self.over + 1000 * DAY
        hold = PlaceHold(by="privacy-1", reason=Writing("hold", {"reason": "A solicitor's letter."}))
        for events, at in [
            (responded(), far),
            (closed(), self.over - timedelta(seconds=1)),
            (closed(), far),
            (then(self.announced(), hold, at=self.over), far),
            (then(closed(), hold, at=MONDAY + 9 * DAY), far),
        ]:
            with pytest.raises(DeletionRefused):
                then(events, BeginDeletion(), at=at)

    def test_after_a_hold_it_is_announced_anew(self) -> None:
        """Lifting a hold after the date begins with a new notice, not with the destruction."""
        hold = PlaceHold(by="privacy-1", reason=Writing("hold", {"reason": "A solicitor's letter."}))
        events = then(self.announced(), hold, at=self.over + DAY)
        with pytest.raises(DeletionRefused):
            then(events, AnnounceDeletion(), at=self.over + 100 * DAY)
        events = then(events, LiftHold(by="privacy-1", hold="hold"), at=self.over + 500 * DAY)
        with pytest.raises(DeletionRefused):
            then(events, BeginDeletion(), at=self.over + 500 * DAY)
        events = then(events, AnnounceDeletion(), at=self.over + 500 * DAY)
        assert case_of(then(events, BeginDeletion(), at=self.over + 515 * DAY)).erasing

    def test_who_may_hold(self) -> None:
        """Only the data protection contact holds a case, and only with a reason."""
        with pytest.raises(NotAllowed):
            then(
                closed(), PlaceHold(by="office-1", reason=Writing("h", {"reason": "x"})), at=MONDAY + 9 * DAY
            )
        with pytest.raises(Incomplete):
            then(
                closed(), PlaceHold(by="privacy-1", reason=Writing("h", {"reason": ""})), at=MONDAY + 9 * DAY
            )

    def test_once_begun_nothing_else_happens(self) -> None:
        """A case that is being erased refuses people and ignores alarms."""
        events = then(self.announced(), BeginDeletion(), at=self.over + 15 * DAY)
        with pytest.raises(Refused):
            then(
                events,
                PlaceHold(by="privacy-1", reason=Writing("h", {"reason": "x"})),
                at=self.over + 15 * DAY,
            )
        assert events == then(events, Wake(), at=self.over + 15 * DAY)
        assert events == then(events, BeginDeletion(), at=self.over + 15 * DAY)


class TestEffects:
    def told(self, before: tuple[Event, ...], after: tuple[Event, ...]) -> list[tuple[str, str]]:
        return [(one.notice, one.person) for one in told(before, after)]

    def alarms(self, before: tuple[Event, ...], after: tuple[Event, ...]) -> list[SetAlarm]:
        case: Case | None = replay(REF, before) if before else None
        found = consequences(case, after[len(before) :], ref=REF, procedure=PROCEDURE, calendar=CALENDAR)
        return [one.effect for one in found if isinstance(one.effect, SetAlarm)]

    def test_a_new_case_tells_the_complainant_the_coordinator_and_who_is_informed(self) -> None:
        """Everybody concerned hears of a new case once."""
        assert [
            ("receipt", "complainant"),
            ("new-case", "office-1"),
            ("case-news", "principal"),
            ("case-news", "deputy"),
        ] == self.told((), submitted())

    def test_who_is_informed_hears_of_an_outcome_and_of_an_end_only_without_one(self) -> None:
        """After the outcome the closure is told to those whose case it was and to who keeps it."""
        informed = {person.id for role in PROCEDURE.informed for person in PROCEDURE.holders(role)}
        heard = self.told(responded(), closed())
        assert [("closure", COMPLAINANT)] == [one for one in heard if one[0] != "case-news"]
        news = {person for notice, person in heard if notice == "case-news"}
        assert {"manager-1", "office-1"} <= news
        assert not news & informed
        ended = CaseEnded(
            at=MONDAY, by=SYSTEM, stage="first", how="unwritten", keep_until=(MONDAY + 600 * DAY).date()
        )
        heard = self.told(submitted(), (*submitted(), ended))
        assert informed <= {person for notice, person in heard if notice == "case-news"}

    def test_of_two_notices_that_say_the_same_one_goes(self) -> None:
        """Who has to deal with something is not told besides that it came or that the outcome was sent."""
        at, by = MONDAY, "office-1"
        heard = self.told(
            (),
            (*submitted(), ReviewerAssigned(at=at, by=by, stage="first", reviewers=("office-1", "deputy"))),
        )
        assert ["assignment", "done"] == [notice for notice, person in heard if person == "office-1"]
        assert ["assignment"] == [notice for notice, person in heard if person == "deputy"]
        assert ["case-news"] == [notice for notice, person in heard if person == "principal"]

    def test_an_alarm_is_set_once_for_each_new_date(self) -> None:
        """A new date sets an alarm; an event that moves none sets none."""
        assert ["first/acknowledge"] == [alarm.deadline for alarm in self.alarms((), submitted())]
        assigned = then(
            submitted(), AssignReviewers(by="office-1", stage="first", reviewers=("manager-1",)), at=MONDAY
        )
        assert [] == self.alarms(submitted(), assigned)
        done = then(assigned, Acknowledge(by="manager-1", stage="first"), at=MONDAY + DAY)
        assert ["first/respond"] == [alarm.deadline for alarm in self.alarms(assigned, done)]

    def test_a_breach_is_seen_by_those_who_missed_it_and_those_above(self) -> None:
        """A breach is told to the responsible and to the role to which it escalates."""
        before = then(acknowledged(), Wake(), at=datetime(2026, 11, 13, 9, tzinfo=UTC))
        after = then(before, Wake(), at=MONDAY + 30 * DAY)
        assert [
            ("breach", "manager-1"),
            ("breach", "principal"),
            ("breach", "deputy"),
        ] == self.told(before, after)

    def test_a_bounce_is_told_once(self) -> None:
        """The coordinator hears that somebody cannot be reached; the second bounce of the same says nothing new."""
        before = submitted()
        bounce = RecordBounce(person=COMPLAINANT, notice="receipt")
        after = then(before, bounce, at=MONDAY)
        assert [("case-news", "office-1")] == self.told(before, after)
        assert after == then(after, bounce, at=MONDAY)

    def test_a_failure_that_those_who_coordinate_do_not_get_is_told_above(self) -> None:
        """Nobody is told at the address that does not work that it does not."""
        before = submitted()
        coordinators = [person.id for person in PROCEDURE.holders(PROCEDURE.coordinator)]
        events = before
        for person in coordinators:
            events = then(events, RecordBounce(person=person, notice="new-case", letter=person), at=MONDAY)
        over = {person.id for person in PROCEDURE.holders(PROCEDURE.escalates_to)}
        assert over <= {person for _, person in self.told(events[:-1], events)}

    def test_what_the_complainant_did_not_get_becomes_a_letter(self) -> None:
        """Whoever handles the case has to get it to them in another way, whichever notice it was, and is told once."""
        before = responded()
        bounce = RecordBounce(person=COMPLAINANT, notice="outcome", letter="000009-0")
        after = then(before, bounce, at=MONDAY + 3 * DAY)
        assert ["NoticeBounced", "LetterPrepared"] == names(after)[len(before) :]
        assert [("letter", "manager-1")] == [one for one in self.told(before, after) if one[1] == "manager-1"]
        (letter,) = case_of(after).letters
        assert ("000009-0", "outcome") == (letter.id, letter.notice)

    def test_silence_is_no_answer_of_somebody_who_was_not_told(self) -> None:
        """As long as the letter that replaces the outcome's mail is not posted, nothing ends; the time for the reply
        counts from the day on which it was."""
        bounce = RecordBounce(person=COMPLAINANT, notice="outcome", letter="000009-0")
        events = then(responded(), bounce, at=MONDAY + 3 * DAY)
        for day in range(4, 60):
            events = then(events, Wake(), at=MONDAY + day * DAY)
        assert case_of(events).is_open
        assert not [name for name in names(events) if name in ("DeadlineReminded", "StageLapsed")]
        posted_on = (MONDAY + 60 * DAY).date()
        posted = PostLetter(by="manager-1", letter="000009-0", on=posted_on)
        events = then(events, posted, at=MONDAY + 60 * DAY)
        assert date(2027, 1, 15) == due(events, "first/reply")
        for day in range(61, 80):
            events = then(events, Wake(), at=MONDAY + day * DAY)
        assert "lapsed" == case_of(events).ended

    def test_a_reminder_that_failed_leaves_its_time_from_the_day_it_reached_them(self) -> None:
        """The complainant has as long after the letter as after any reminder."""
        events = then(responded(), Wake(), at=datetime(2026, 11, 13, 9, tzinfo=UTC))
        bounce = RecordBounce(person=COMPLAINANT, notice="reply-reminder", letter="000012-0")
        events = then(events, bounce, at=datetime(2026, 11, 13, 10, tzinfo=UTC))
        events = then(events, Wake(), at=datetime(2026, 11, 30, 9, tzinfo=UTC))
        assert case_of(events).is_open
        posted = PostLetter(by="manager-1", letter="000012-0", on=date(2026, 11, 30))
        events = then(events, posted, at=datetime(2026, 11, 30, 10, tzinfo=UTC))
        assert date(2026, 12, 3) == due(events, "first/reply")


def test_without_a_case_everything_but_a_submission_is_refused() -> None:
    """A command for a case that does not exist is a named refusal."""
    with pytest.raises(UnknownCase):
        decide(None, Wake(), ref=REF, procedure=PROCEDURE, calendar=CALENDAR, now=MONDAY)
