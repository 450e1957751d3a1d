"""What something is turns out to be something else: with the form and the time limit of what it is now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.acts.assignment import AssignReviewers
from domain.acts.intake import SubmitComplaint
from domain.acts.kind import ChangeKind, KindChanged, choices_of
from domain.acts.late_reply import AskLate, DecideLateReply
from domain.acts.outcome import RecordOutcome
from domain.acts.reply import Reply
from domain.acts.retention import due_for_deletion_at
from domain.acts.scope import DeclineNotCovered
from domain.acts.waking import Wake
from domain.acts.written_form import AskForWrittenForm, SendWrittenForm, WaiveWrittenForm, WrittenFormAsked
from domain.case import COMPLAINANT, Case, Finding, evolve
from domain.chasing import form_reminder_at
from domain.command import Command
from domain.effect import Tell
from domain.errors import CaseClosed, Incomplete, NotAllowed, NotNow, NotYours, UnknownChoice
from domain.event import Event
from domain.ladder import Origin
from domain.procedure import Procedure
from domain.words import Writing
from tests.rules import available, consequences, decide, situation
from tests.unit.invented import CALENDAR, MONDAY, PROCEDURE, REF, WITH_CONCERNS, case_of, submitted

OFFICE, MANAGER, BOARD = "office-1", "manager-1", "board-1"
LATER = MONDAY + timedelta(days=10)
WHY = Writing("why", {"reason": "It is too serious for that."})


class Life:
    """One case of the college that takes concerns."""

    def __init__(
        self, form: str = "concern", procedure: Procedure = WITH_CONCERNS, *, aspects: int = 1, **more: Any
    ) -> None:
        self.procedure, self.now, self.told = procedure, MONDAY, list[Tell]()
        self.case: Case | None = None
        self.events: list[Event] = []
        self.do(
            SubmitComplaint(
                organisation=procedure.slug,
                form=form,
                answers=Writing(
                    "answers", {"name": "A learner", "email": "a@home.example", "account": "It."}
                ),
                aspects=aspects,
                by=COMPLAINANT,
                **more,
            )
        )

    @property
    def present(self) -> Case:
        assert self.case is not None
        return self.case

    def is_late(self) -> bool:
        return self.present.late

    def waits_for_form(self) -> bool:
        return self.present.waits_for_form

    def do(self, command: Command, *, at: datetime | None = None) -> tuple[Event, ...]:
        self.now = at or self.now
        rules = {"ref": REF, "procedure": self.procedure, "calendar": CALENDAR}
        events = decide(self.case, command, now=self.now, **rules)  # type: ignore[arg-type]
        found = consequences(self.case, events, **rules)  # type: ignore[arg-type]
        self.told = [one.effect for one in found if isinstance(one.effect, Tell)]
        for event in events:
            self.case = evolve(self.case, event, ref=REF)
        self.events += events
        return events

    def answered(self) -> Life:
        words = Writing("outcome", {"reasons": ["Because."], "response": "We are sorry.", "evidence": [""]})
        self.do(
            RecordOutcome(
                by=OFFICE,
                stage="informal",
                findings=(Finding(aspect=1, conclusion="upheld"),),
                wording=words,
                remedies=(),
            )
        )
        return self

    def goes_on(self, *, at: datetime = LATER) -> tuple[Event, ...]:
        return self.do(Reply(by=COMPLAINANT, stage="informal", answer="escalate"), at=at)

    def changed(self, kind: str, *, stage: str = "informal", by: str = OFFICE) -> tuple[Event, ...]:
        return self.do(ChangeKind(by=by, stage=stage, kind=kind, reason=WHY))

    def hears(self, person: str) -> set[str]:
        return {tell.notice for tell in self.told if tell.person == person}


def written(**more: Any) -> SendWrittenForm:
    answers = Writing("form", {"name": "A learner", "email": "a@home.example", "account": "It."})
    return SendWrittenForm(by=COMPLAINANT, stage="first", answers=answers, aspects=2, **more)


def counting_answers_from(origin: Origin) -> Procedure:
    """The college with concerns, where the time for the answer to a complaint counts from something else."""
    first = WITH_CONCERNS.stage("first")
    rules = tuple(
        replace(rule, counted_from=origin) if rule.name == "respond" else rule for rule in first.deadlines
    )
    changed = replace(first, deadlines=rules)
    stages = tuple(changed if stage is first else stage for stage in WITH_CONCERNS.stages)
    return replace(WITH_CONCERNS, stages=stages)


def test_who_is_not_satisfied_with_an_informal_answer_makes_a_complaint() -> None:
    """It is a complaint from then on, its form is asked for, and the time for the answer counts from the form."""
    life = Life().answered()
    events = life.goes_on()
    changed = next(event for event in events if isinstance(event, KindChanged))
    assert (changed.kind, changed.form, changed.reason) == ("complaint", "complaint", "")
    assert any(isinstance(event, WrittenFormAsked) for event in events)
    assert (life.present.kind, life.present.current.stage) == ("complaint", "first")
    assert life.waits_for_form()
    assert life.hears(COMPLAINANT) == {"escalation", "written-form"}
    at = situation(life.present, life.procedure, CALENDAR, now=LATER)
    assert {one.rule.name for one in at.deadlines} == {"acknowledge"}
    life.do(written(), at=LATER + timedelta(days=1))
    assert not life.waits_for_form()
    assert life.present.points == (1, 2)


def test_a_form_that_arrived_before_the_next_stage_was_asked_for_counts_from_its_arrival() -> None:
    """Posted as soon as the informal answer was there, and entered after the complainant had asked to go on."""
    life = Life(procedure=counting_answers_from("requested")).answered()
    life.goes_on()
    arrived = LATER - timedelta(days=4)
    life.do(replace(written(received_at=arrived), by=OFFICE), at=LATER + timedelta(days=1))
    at = situation(life.present, life.procedure, CALENDAR, now=life.now)
    answer = next(one for one in at.deadlines if one.rule.name == "respond")
    assert answer.origin == arrived


def test_a_limit_that_has_passed_is_seen_when_the_concern_becomes_a_complaint() -> None:
    """Within the month it was a concern; the complaint comes after it, and the role with discretion decides."""
    life = Life(incident_on=date(2026, 10, 5)).answered()
    assert not life.is_late()
    life.goes_on()
    assert life.is_late()
    assert life.hears("principal") >= {"decision-request"}
    (decision,) = situation(life.present, life.procedure, CALENDAR, now=LATER).decisions
    assert decision.name == "first/lateness"
    assert decision.origin == LATER
    assert "lateness" in available(life.present, by="principal", procedure=life.procedure)


def test_a_complaint_that_is_made_in_time_is_not_late() -> None:
    """What became a complaint within the limit of what happened is in time."""
    life = Life(incident_on=date(2026, 10, 25)).answered()
    life.goes_on()
    assert not life.is_late()


@pytest.mark.parametrize(("happened", "late"), [(date(2026, 10, 11), True), (date(2026, 10, 12), False)])
def test_a_day_that_the_form_gives_is_checked_by_when_the_complaint_was_made(
    happened: date, late: bool
) -> None:
    """Nobody goes round the limit by leaving the day out at first; how long they take over the form does not count."""
    life = Life().answered()
    life.goes_on()
    assert not life.is_late()
    life.do(written(incident_on=happened), at=LATER + timedelta(days=30))
    assert life.is_late() is late
    assert ("decision-request" in life.hears("principal")) is late


def test_who_is_told_by_telephone_of_what_was_long_ago_is_late_when_the_form_says_so() -> None:
    """The same for a complaint that came without its form: the day was not asked for then."""
    life = Life(form="complaint")
    case = replace(life.present, route="telephone", form_asked_at=MONDAY)
    life.case = replace(case, stages=(replace(case.current, stage="first"),))
    life.do(written(incident_on=date(2026, 9, 1)))
    assert life.is_late()


def test_silence_and_a_late_reply_lead_to_the_same() -> None:
    """What is accepted after the silence is checked like what came in time, by the day on which it was asked for."""
    life = Life(incident_on=date(2026, 10, 5)).answered()
    for day in (1, 20):
        life.do(Wake(), at=datetime(2026, 12, day, 12, tzinfo=UTC))
    assert life.present.ended == "lapsed"
    reasons = Writing("late", {"reasons": "I was ill."})
    life.do(AskLate(by=COMPLAINANT, stage="informal", reasons=reasons))
    life.do(
        DecideLateReply(
            by="principal", stage="informal", accepted=True, reason=Writing("yes", {"reason": "x"})
        )
    )
    assert (life.present.kind, life.present.late, life.present.waits_for_form) == ("complaint", True, True)


def test_a_procedure_that_does_not_say_how_still_asks_for_the_form() -> None:
    """The form is asked for and reminded of, and no time for the answer runs before it is there."""
    forms = (replace(WITH_CONCERNS.forms[0], written=None), *WITH_CONCERNS.forms[1:])
    life = Life(procedure=replace(WITH_CONCERNS, forms=forms)).answered()
    life.goes_on()
    assert life.waits_for_form()
    assert form_reminder_at(life.present, life.procedure, CALENDAR) is not None
    assert not situation(life.present, life.procedure, CALENDAR, now=LATER).deadlines


def test_staff_make_a_complaint_of_a_concern_that_is_one() -> None:
    """It goes to the stage of complaints with its form; the complainant is told why, and those whose move it is."""
    life = Life(incident_on=date(2026, 9, 1))
    life.changed("complaint")
    assert [record.stage for record in life.present.stages] == ["informal", "first"]
    assert (life.present.kind, life.present.late, life.present.waits_for_form) == ("complaint", True, True)
    assert life.hears(COMPLAINANT) == {"kind-changed", "written-form"}
    assert "new-case" in life.hears(OFFICE)
    assert "decision-request" in life.hears("principal")


def test_a_complaint_that_is_a_concern_is_dealt_with_informally() -> None:
    """It begins there as though it had come so, and can become a complaint again."""
    life = Life(form="complaint", incident_on=date(2026, 9, 1))
    assert life.is_late()
    life.changed("concern", stage="first")
    assert [record.stage for record in life.present.stages] == ["informal"]
    assert (life.present.kind, life.present.late) == ("concern", False)
    assert life.present.current.reviewers == (OFFICE,)
    life.answered()
    life.goes_on()
    assert [record.stage for record in life.present.stages] == ["informal", "first"]
    assert life.is_late()


def test_what_is_a_suggestion_is_passed_on_and_closed() -> None:
    """The complainant hears it once, and it is kept like every case; it can be made a complaint as long as closed
    cases can be opened."""
    life = Life()
    life.changed("suggestion")
    assert (life.present.kind, life.present.ended) == ("suggestion", "logged")
    assert life.hears(COMPLAINANT) == {"kind-changed"}
    assert "feedback" in life.hears(OFFICE)
    assert due_for_deletion_at(life.present) is not None
    life.now = LATER
    life.changed("complaint")
    assert (life.present.is_open, life.present.current.stage) == (True, "first")
    assert life.waits_for_form()
    life.changed("suggestion", stage="first")
    with pytest.raises(CaseClosed):
        life.do(AssignReviewers(by=OFFICE, stage="first", reviewers=(MANAGER,)))
    life.now = LATER + timedelta(days=200)
    with pytest.raises(NotNow):
        life.changed("complaint", stage="first")


def test_nothing_formal_is_lost() -> None:
    """What has been answered, or has gone on to another stage, is not made less than it is."""
    life = Life().answered()
    with pytest.raises(Exception, match="already been sent"):
        life.changed("suggestion")
    life.goes_on()
    assert dict(choices_of(situation(life.present, life.procedure, CALENDAR, now=LATER))) == {}
    with pytest.raises(NotAllowed):
        life.changed("concern", stage="first")


def test_it_is_for_those_who_look_after_the_case_with_a_reason() -> None:
    """Not for the complainant nor for somebody else; and only what the procedure takes."""
    life = Life()
    for by in (COMPLAINANT, BOARD):
        with pytest.raises(NotYours):
            life.changed("complaint", by=by)
    with pytest.raises(Incomplete):
        life.do(ChangeKind(by=OFFICE, stage="informal", kind="complaint", reason=Writing("why", {})))
    with pytest.raises(UnknownChoice):
        life.changed("compliment")


def test_where_all_is_one_form_nothing_is_asked_again() -> None:
    """A procedure without concerns offers nothing to change."""
    at = situation(case_of(submitted()), PROCEDURE, CALENDAR, now=MONDAY)
    assert dict(choices_of(at)) == {}


def test_a_point_that_was_declined_does_not_come_back_with_another_kind() -> None:
    """What becomes a complaint, and goes on without its form, is what was left of the concern."""
    life = Life(aspects=2)
    why = Writing("why", {"reason": "It is about parking.", "goes_to": "Write to the town council."})
    life.do(DeclineNotCovered(by=OFFICE, stage="informal", why=why, points=(2,)))
    life.changed("complaint")
    life.do(WaiveWrittenForm(by=OFFICE, stage=life.present.current.stage, goes_on=True, reason=WHY))
    assert life.present.points == (1,)


def test_a_concern_does_not_wait_for_the_form_of_a_complaint() -> None:
    """What was told by telephone as a complaint, and turns out to be a concern, is dealt with as it was told."""
    life = Life("complaint")
    life.case = replace(life.present, route="telephone")
    life.do(AskForWrittenForm(by=OFFICE, stage="first", reason=WHY))
    assert life.waits_for_form()
    life.changed("concern", stage="first")
    assert not life.waits_for_form()
    assert not any(wait.until is None for wait in life.present.waits)


def test_what_was_only_logged_waits_for_consent_once_it_is_a_complaint() -> None:
    """Nobody was awaited while it was closed."""
    life = Life("idea", represented=True)
    life.changed("complaint", stage=life.present.current.stage)
    assert life.present.lacks_consent
    assert "consent" in [wait.what for wait in life.present.waits if wait.until is None]
