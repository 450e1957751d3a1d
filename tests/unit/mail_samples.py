"""One list of mails: every notice in every variant, from cases that lived through the real decisions.

The golden files are made of it, and so is whatever wants to show a preview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import chain
from typing import Any, Final

from adapters.people.departures import Bereft
from adapters.post.correspondence import kept_of
from adapters.post.messages import (
    Message,
    compose,
    compose_certificate,
    compose_reviewer_left,
    compose_staff_link,
    needs,
    recipient_of,
)
from domain.acts.acknowledgement import Acknowledge
from domain.acts.actions import CompleteAction
from domain.acts.approval import ApproveOutcome, ReturnOutcome
from domain.acts.aspects import AgreeAspects
from domain.acts.assignment import AssignReviewers
from domain.acts.bounces import RecordBounce
from domain.acts.completion import SendCompletion
from domain.acts.conflict import ConfirmInvolvement, DeclareInvolvement
from domain.acts.consent import RecordConsent
from domain.acts.contact_details import CorrectContactDetails
from domain.acts.contact_limits import DecideLimit, LimitContact, ReviewLimit
from domain.acts.copies import ExportCase
from domain.acts.correction import CorrectRecord
from domain.acts.disclosure import RecordDisclosure
from domain.acts.documents import AddDocument
from domain.acts.external import RecordExternalAnswer, SeekExternalAssistance
from domain.acts.feedback import FollowUp
from domain.acts.first_contact import LogFirstContact
from domain.acts.information import AddInformation, ConsiderInformation
from domain.acts.intake import SubmitComplaint
from domain.acts.kind import ChangeKind
from domain.acts.late_reply import AskLate, DecideLateReply
from domain.acts.lateness import DecideLateness
from domain.acts.lessons import RecordLessons
from domain.acts.letters import PostLetter, PrepareLetter
from domain.acts.linking import HearOfLink, LinkCases, MarkDuplicate, UnlinkCases
from domain.acts.mediation import AnswerMediation, EndMediation, OfferMediation
from domain.acts.new_date import SendInterimResponse
from domain.acts.notes import AddNote
from domain.acts.outcome import RecordOutcome
from domain.acts.progress import ReportProgress
from domain.acts.questions import AnswerQuestions, AskQuestion
from domain.acts.recounting import Recount
from domain.acts.reopening import AskToReopen, ConfirmExhausted
from domain.acts.reply import Reply
from domain.acts.retention import AnnounceDeletion, LiftHold, PlaceHold
from domain.acts.scope import DeclineNotCovered
from domain.acts.sending_again import SendAgain
from domain.acts.skipping import SkipStage
from domain.acts.taking_up import TakeUp
from domain.acts.telling_involved import TellInvolved
from domain.acts.undertakings import ProposedAction
from domain.acts.waking import Wake
from domain.acts.whose_address import ConfirmAddress, SayWhoseAddress
from domain.acts.withdrawal import RecordLookedInto, Withdraw
from domain.acts.written_form import AskForWrittenForm, SendWrittenForm, WaiveWrittenForm
from domain.answers import recorded_in
from domain.calendars import Calendar, Limit
from domain.case import COMPLAINANT, Case, Finding, evolve
from domain.command import Command, writings
from domain.deadlines import Promised
from domain.effect import Tell
from domain.ladder import End
from domain.notices import AS_SENT
from domain.procedure import Person, Procedure
from domain.promises import Promise
from domain.provisions import Mediation, MissedDates
from domain.words import Writing
from tests.rules import consequences, decide, situation
from tests.unit.invented import (
    ACKNOWLEDGE,
    BY_A_FRAMEWORK,
    CALENDAR,
    OPEN_TO_MORE,
    PROCEDURE,
    REF,
    TAKEN_DOWN,
    WITH_CONCERNS,
    WITH_DISCRETION,
    WITH_MORE,
    with_pause,
    with_progress,
    with_rule,
    with_stage,
)

LINK: Final = "https://complaints.example/l/pJ0nZ1y0J4vQw3cXb7b1k8mTn2sRd5eUf6gHh9iLoAq"
HASH: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

ANSWERS: Final[dict[str, Any]] = {
    "name": "Marguerite Zachary-Quill",
    "email": "marguerite.zq@home.example",
    "telephone": "01632 960 777",
    "relationship": "learner",
    "course": "bakery",
    "incident_date": "2026-03-20",
    "account": "The oven in kitchen two caught fire twice.\nNobody told the afternoon class about <it> & us.",
    "aspects": [
        "Kitchen two was opened although the first fire had been reported.",
        "The tutor said I should “stop making such a song and dance”.",
    ],
    "outcome_sought": "A written apology and two lessons repeated.",
    "adjustments": "I read with a screen magnifier; large print on paper, please.",
}

PEOPLE: Final = "Head of Bakery, and the tutor on Fridays, whose name I never learnt"
"""Whom a complaint names that names anybody."""

CHOSEN: Final = ("relationship", "course", "incident_date")
"""Answers that nobody wrote in words of their own."""

INTERIM_MESSAGE: Final = (
    "The fire service sends its report next week.\nThe Head of Bakery answers when it is here."
)
PROMISES: Final = (
    "A second fire door is fitted in kitchen two.",
    "The reporting of fires is taught to all tutors.",
)

NONE_NAMED = with_stage(
    PROCEDURE,
    2,
    end=End(none_named="Our policy names nobody outside Example College to whom a complaint can be taken."),
)

CONFIRMED_BY_A_PERSON = with_stage(
    PROCEDURE,
    1,
    acknowledgement="person",
    deadlines=(replace(ACKNOWLEDGE, remind=()), *PROCEDURE.stages[1].deadlines),
)
"""Where nobody is told at once that it is dealt with, they are told that it goes on."""

HOURS = Limit(48, "working-hours")

IN_HOURS = with_stage(
    PROCEDURE,
    0,
    acknowledgement="automatic",
    deadlines=with_rule(
        PROCEDURE, "respond", within=(HOURS,), counted_from="received", remind=ACKNOWLEDGE.remind
    )
    .stages[0]
    .deadlines,
)


OWN_WORDS: Final = MissedDates(
    apology="We let you down. The governors see a list of every date that we miss.", source="9"
)
BEFORE: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When nothing has happened yet."""


def at(text: str) -> datetime:
    """An instant, written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def person(found: str) -> Person:
    """Somebody of the directory, by their id."""
    (one,) = (one for one in PROCEDURE.people if one.id == found)
    return one


@dataclass(slots=True)
class Life:
    """A case that goes through decisions, the mails that they led to, and what was written."""

    procedure: Procedure = PROCEDURE
    calendar: Calendar = CALENDAR
    case: Case | None = None
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    mails: list[tuple[Tell, Message]] = field(default_factory=list)
    """Those of the last step."""
    now: datetime = BEFORE
    written: int = 0
    known: bool = True
    """Whose the address for emails is, is known from the first mail on."""

    @property
    def stage(self) -> str:
        assert self.case is not None
        return self.case.current.stage

    @property
    def wording(self) -> str:
        assert self.case is not None
        return self.case.current.wording

    def write(self, **words: Any) -> Writing:
        self.written += 1
        return Writing(f"content-{self.written}", words)

    def do(self, when: str, command: Command) -> Life:
        """Decide and tell. Nothing that follows from the decision may be missing or left over."""
        self.now = at(when)
        before = self.case
        events = decide(
            before, command, ref=REF, procedure=self.procedure, calendar=self.calendar, now=self.now
        )
        for event in events:
            self.case = evolve(self.case, event, ref=REF)
        if self.known and self.case is not None and self.case.address == "to-confirm":
            self.case = replace(self.case, address="confirmed")
        self.contents |= {writing.id: dict(writing.words) for writing in writings(command)}
        follows = consequences(before, events, ref=REF, procedure=self.procedure, calendar=self.calendar)
        self.mails = [(one.effect, self.told(one.effect)) for one in follows if isinstance(one.effect, Tell)]
        return self

    def act(self, when: str, by: str, act: Callable[..., Command], **more: Any) -> Life:
        """Somebody does something on the stage that the case is on. What is given as a dictionary is written."""
        words = {name: self.write(**given) for name, given in more.items() if isinstance(given, dict)}
        return self.do(when, act(by=by, stage=self.stage, **more | words))

    def told(self, tell: Tell, *, link: str | None = LINK) -> Message:
        assert self.case is not None
        contents = {found: self.contents[found] for found in needs(tell, self.case)}
        return compose(
            tell,
            recipient_of(tell, self.case, self.procedure, contents),
            at=situation(self.case, self.procedure, self.calendar, now=self.now),
            contents=contents,
            link=link,
        )

    def mail(self, notice: str, to: str = "", about: str = "") -> Message:
        """The one mail of the last step with this notice, to this person and about this date where they are named."""
        (found,) = (
            mail
            for tell, mail in self.mails
            if tell.notice == notice and to in ("", tell.person) and about in tell.what
        )
        return found

    def shows(self, name: str, to: str = "", about: str = "") -> Sample:
        """The one mail of the last step whose notice is the first half of the name."""
        return Sample(name, self.mail(name.partition(".")[0], to, about), self)

    def shows_told(
        self, name: str, to: str, what: str, content: str = "", *, link: str | None = LINK
    ) -> Sample:
        """A mail that does not follow from the last step alone."""
        notice: Any = name.partition(".")[0]
        tell = Tell(person=to, notice=notice, stage=self.stage, what=what, content=content)
        return Sample(name, self.told(tell, link=link), self)

    # What the walks below have in common.

    def submit(self, when: str = "2026-03-30T15:40", **changed: Any) -> Life:
        answers = {**ANSWERS, **changed}
        return self.do(
            when,
            SubmitComplaint(
                organisation=self.procedure.slug,
                form="complaint",
                answers=self.write(**answers),
                aspects=len(answers["aspects"]),
                course=answers["course"],
                incident_on=date.fromisoformat(answers["incident_date"]),
                by=COMPLAINANT,
            ),
        )

    def acknowledge(self, when: str) -> Life:
        return self.act(when, "office-1", Acknowledge)

    def assign(self, when: str, *reviewers: str) -> Life:
        return self.act(when, "office-1", AssignReviewers, reviewers=reviewers)

    def record(self, when: str, by: str, *, actions: tuple[ProposedAction, ...] = ()) -> Life:
        return self.act(
            when,
            by,
            RecordOutcome,
            findings=(Finding(aspect=1, conclusion="upheld"), Finding(aspect=2, conclusion="no-decision")),
            wording={
                "reasons": [
                    "The logbook shows the first report on 13 March.\nThe kitchen stayed open by mistake.",
                    "Two accounts conflict, and nobody else stood near enough to hear.",
                ],
                "explanations": [
                    "",
                    "The tutor and the learner were alone in the corridor, so that nobody can confirm either.",
                ],
                "evidence": ["The logbook of kitchen two, pages 4 to 6.", ""],
                "actions": {f"action-{one.number}": PROMISES[one.number - 1] for one in actions},
                "remedies": {"apology": "", "repeat": "The lessons of 8 and 15 May."},
                "response": "We apologise. Both lessons are repeated in May, free of charge.",
            },
            remedies=("apology", "repeat"),
            actions=actions,
        )

    def approve(self, when: str, by: str) -> Life:
        return self.act(when, by, ApproveOutcome, wording=self.wording)

    def reply(self, when: str, answer: str) -> Life:
        reasons = {"reasons": "The lessons clash with my shifts at the hospital."}
        return self.act(when, COMPLAINANT, Reply, answer=answer, reasons=reasons)

    def wake(self, when: str) -> Life:
        return self.do(when, Wake())

    def recounted(self, when: str, deadline: str, was: str) -> Life:
        """A copy, in which one of the days had not been known to be a holiday when the date was first counted."""
        promised = Promised(deadline=deadline, due_at=at(was))
        return deepcopy(self).do(when, Recount(promised=(promised,)))


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail, its name (the notice and a variant) and the case that it comes from."""

    name: str
    mail: Message
    life: Life


def looked_into(procedure: Procedure = PROCEDURE, **answers: Any) -> Life:
    """The Head of Bakery looks into a complaint."""
    return (
        Life(procedure)
        .submit(**answers)
        .acknowledge("2026-04-01T10:15")
        .assign("2026-04-01T10:20", "manager-1")
    )


def answered(procedure: Procedure = PROCEDURE, **answers: Any) -> Life:
    return looked_into(procedure, **answers).record("2026-04-16T12:00", "manager-1")


def at_the_senior_team(procedure: Procedure = PROCEDURE, **answers: Any) -> Life:
    return answered(procedure, **answers).reply("2026-04-20T18:30", "escalate")


def to_the_end(procedure: Procedure = PROCEDURE, **answers: Any) -> Life:
    """A case that went through every stage, up to the last answer."""
    life = at_the_senior_team(procedure, **answers).assign("2026-04-21T09:00", "board-1", "board-2")
    life.record("2026-05-05T12:00", "board-1").approve("2026-05-06T12:00", "board-2")
    life.reply("2026-05-12T18:30", "escalate").record("2026-06-01T12:00", "principal")
    return life.approve("2026-06-02T09:00", "chair").approve("2026-06-03T09:00", "governor")


def raised_informally(**changed: Any) -> Life:
    """A concern that the office deals with."""
    life = Life(WITH_CONCERNS)
    answers = {**ANSWERS, **changed}
    return life.do(
        "2026-03-30T15:40",
        SubmitComplaint(
            organisation=WITH_CONCERNS.slug,
            form="concern",
            answers=life.write(**answers),
            aspects=len(answers["aspects"]),
            incident_on=date.fromisoformat(answers["incident_date"]),
            by=COMPLAINANT,
        ),
    )


def entered(kind: str, **changed: Any) -> Life:
    """What the office took down for somebody who called."""
    life = Life(TAKEN_DOWN)
    plain = SubmitComplaint(
        organisation=TAKEN_DOWN.slug,
        form="complaint",
        answers=life.write(**ANSWERS),
        aspects=2,
        incident_on=date(2026, 3, 20),
        by="office-1",
        kind=kind,
        route="telephone",
        first_contact=life.write(done="I switched the oven off, and wrote a notice for the door."),
        content="yes",
    )
    return life.do("2026-03-30T15:40", replace(plain, **changed))


@cache
def _all() -> tuple[Sample, ...]:
    return tuple(
        chain(
            _first_stage(),
            _progress(),
            _whole_ladder(),
            _names_people(),
            _nobody_left(),
            _dates_recounted(),
            _uncounted(),
            _late(),
            _involved(),
            _external(),
            _asked_again(),
            _hours(),
            _by_themselves(),
            _missed(),
            _closures(),
            _on_the_record(),
            _papers(),
            _put_right(),
            _whose_address(),
            _withdrawn(),
            _taken_up(),
            _not_covered(),
            _other_kind(),
            _corrected(),
            _by_a_framework(),
            _mediation(),
            _limited(),
            _told_of_end(),
            _linked(),
            _actions(),
            _taken_down(),
            _in_person(),
            _logged(),
            _of_no_case(),
            _retention(),
        )
    )


@cache
def samples() -> dict[str, Message]:
    """Every mail by `<notice>.<variant>`."""
    return {one.name: one.mail for one in _all()}


@cache
def everything_written() -> tuple[str, ...]:
    """Each text that anybody wrote in the samples' cases, and the complainant's names one by one."""
    contents = (
        words
        for sample in _all()
        for name, words in sample.life.contents.items()
        # A message that is sent again is what we wrote.
        if not name.startswith(AS_SENT)
    )
    values = (value for words in contents for name, value in words.items() if name not in CHOSEN)
    return tuple(dict.fromkeys(("Marguerite", "Zachary", "Quill", *chain.from_iterable(map(_texts, values)))))


def _texts(value: str | list[str] | dict[str, str]) -> list[str]:
    several = (
        [value] if isinstance(value, str) else list(value.values() if isinstance(value, dict) else value)
    )
    return [text for text in several if text]


def _first_stage() -> Iterator[Sample]:
    life = Life().submit()
    yield life.shows("receipt.plain")
    yield life.shows("new-case.first")
    yield life.shows("case-news.submitted", "principal")
    yield life.shows_told("receipt.without-link", COMPLAINANT, "ComplaintSubmitted", link=None)
    yield life.wake("2026-04-01T08:00").shows("reminder.acknowledge")
    life.acknowledge("2026-04-01T10:15")
    yield life.shows("acknowledgement.first")
    yield life.shows("done.acknowledged")
    life.assign("2026-04-01T10:20", "manager-1")
    yield life.shows("assignment.one")
    yield life.shows("done.assigned")
    recounted = life.recounted("2026-04-03T09:00", "first/respond", "2026-04-16T23:00")
    yield recounted.shows("dates-recounted.respond", COMPLAINANT)
    yield recounted.shows("dates-recounted.staff", "manager-1")
    yield life.wake("2026-04-14T08:00").shows("reminder.respond", about="/respond")
    message = {"message": INTERIM_MESSAGE}
    life.act(
        "2026-04-15T13:00", "manager-1", SendInterimResponse, respond_by=date(2026, 4, 30), message=message
    )
    yield life.shows("interim-response.plain")
    yield life.shows("done.interim")
    yield life.wake("2026-05-01T00:00").shows("breach.respond", "principal")
    life.record("2026-05-01T12:00", "manager-1")
    yield life.shows("outcome.next-stage")
    yield life.shows("case-news.outcome", "principal")
    yield life.shows("done.recorded-and-sent")
    yield life.wake("2026-05-13T08:00").shows("reply-reminder.next-stage")


def _progress() -> Iterator[Sample]:
    """The same stage at a college that reports every two weeks."""
    life = looked_into(with_progress(PROCEDURE))
    yield life.wake("2026-04-14T08:00").shows("reminder.progress", about="/progress")
    message = "We have asked the two people who were in the bakery.\nThe fire service has not answered yet."
    life.act("2026-04-14T13:00", "manager-1", ReportProgress, message={"message": message})
    yield life.shows("progress.plain")
    yield life.shows("done.progress")


def _whole_ladder() -> Iterator[Sample]:
    yield at_the_senior_team(CONFIRMED_BY_A_PERSON).shows("escalation.plain")
    life = at_the_senior_team()
    yield life.shows("acknowledgement.next-stage")
    yield life.shows("new-case.escalated")
    yield life.shows("case-news.escalated", "principal")
    yield life.assign("2026-04-21T09:00", "board-1", "board-2").shows("assignment.two", "board-1")
    life.record("2026-05-05T12:00", "board-1")
    yield life.shows("approval-request.fellow")
    yield life.shows("done.recorded")
    reason = {"reason": "Point 2 has to say whom the Dean asked."}
    life.act("2026-05-06T12:00", "board-2", ReturnOutcome, wording=life.wording, reason=reason)
    yield life.shows("outcome-returned.plain", "board-1")
    again = deepcopy(life).record("2026-05-08T09:00", "board-1")
    again.act("2026-05-08T10:00", "board-2", ReturnOutcome, wording=again.wording, reason=reason)
    yield again.shows("disagreement.twice", "principal")
    again.record("2026-05-08T11:00", "board-1")
    yield again.shows("approval-request.settled", "principal")
    yield life.shows("done.returned")
    life.record("2026-05-07T12:00", "board-1")
    yield life.wake("2026-05-11T08:00").shows("reminder.approval")
    life.approve("2026-05-12T12:00", "board-2")
    yield life.shows("outcome.own-target")
    yield life.shows("done.approved-and-sent")
    yield life.shows_told("done.sent", "board-2", "OutcomeSent")
    life.reply("2026-05-18T18:30", "escalate")
    yield life.shows("assignment.role-approves")
    yield life.record("2026-06-01T12:00", "principal").shows("approval-request.role", "chair")
    yield life.approve("2026-06-02T09:00", "chair").shows("done.approved")
    yield life.approve("2026-06-03T09:00", "governor").shows("outcome.signposts")
    yield life.wake("2026-06-12T08:00").shows("reply-reminder.last")
    life.reply("2026-06-14T19:00", "escalate")
    yield life.shows("closure.signposts")
    yield life.shows("case-news.exhausted", "office-1")


def _names_people() -> Iterator[Sample]:
    """It names people, and nobody says who is involved before somebody else is asked."""
    life = Life().submit(people_involved=PEOPLE)
    yield life.shows("new-case.names-people")
    yield life.wake("2026-04-01T08:00").shows("involvement.asked", "principal")
    confirmed = {"reason": "She was the head of the course."}
    life.act("2026-04-01T10:00", "deputy", ConfirmInvolvement, persons=("manager-1",), reason=confirmed)
    yield life.shows("done.confirmed", "deputy")


def _nobody_left() -> Iterator[Sample]:
    """One after the other everybody who could review is marked as involved."""
    life = Life().submit()
    able = ("manager-1", "manager-2", "principal", "deputy")
    for minute, person in enumerate(able):
        life.act(
            f"2026-04-01T10:{minute:02}",
            "office-1",
            DeclareInvolvement,
            person=person,
            reason={"reason": "So."},
        )
    yield life.shows("nobody-left.review", "office-1")


def _dates_recounted() -> Iterator[Sample]:
    moved = Life().submit().recounted("2026-03-31T09:00", "first/acknowledge", "2026-03-31T23:00")
    yield moved.shows("dates-recounted.acknowledge", COMPLAINANT)
    moved = answered().recounted("2026-04-20T09:00", "first/reply", "2026-04-28T23:00")
    yield moved.shows("dates-recounted.reply", COMPLAINANT)
    known = looked_into()
    known.do("2026-04-02T09:00", Recount(promised=(), uncounted=("first/respond",)))
    yield known.shows("dates-known.respond", COMPLAINANT)
    yield known.shows("dates-known.staff", "manager-1")


def _uncounted() -> Iterator[Sample]:
    """A complaint that comes when the holidays are known for one more day."""
    life = Life(calendar=replace(CALENDAR, known_until=date(2026, 3, 31))).submit()
    yield life.shows("receipt.uncounted")
    yield life.wake("2026-04-28T08:00").shows("dates-unknown.acknowledge", "office-1")


def _late() -> Iterator[Sample]:
    late = Life(WITH_DISCRETION).submit(incident_date="2026-02-02")
    yield late.shows("receipt.late")
    yield late.shows("new-case.late")
    yield late.wake("2026-04-02T23:00").shows("breach.acknowledge", "principal")
    yield late.acknowledge("2026-04-07T09:00").shows("acknowledgement.late")

    undecided = Life(WITH_DISCRETION).submit("2026-04-21T12:00")
    yield undecided.shows("decision-request.late", "principal")
    yield undecided.wake("2026-04-27T08:00").shows("reminder.lateness", "principal", "/lateness")
    yield undecided.wake("2026-04-28T23:00").shows("breach.lateness", "principal", "/lateness")
    reason = {"reason": "You were in hospital for most of that time."}
    for variant, accepted in (("accepted", True), ("declined", False)):
        decided = Life(WITH_DISCRETION).submit("2026-04-21T12:00")
        decided.act("2026-04-22T09:00", "principal", DecideLateness, accepted=accepted, reason=reason)
        yield decided.shows(f"decision.late-{variant}")
        yield decided.shows(f"case-news.late-{variant}", "office-1")
        if accepted:
            yield decided.shows("done.late-decided")

    silent = answered(WITH_MORE).wake("2026-04-27T08:00").wake("2026-05-01T08:00")
    reasons = {"reasons": "The letter lay with my neighbour for three weeks."}
    silent.act("2026-05-05T10:00", COMPLAINANT, AskLate, reasons=reasons)
    yield silent.shows("decision-request.late-reply", "principal")
    silent.act("2026-05-06T10:00", "principal", DecideLateReply, accepted=False, reason=reason)
    yield silent.shows("decision.late-reply")
    yield silent.shows("done.late-reply")


def _involved() -> Iterator[Sample]:
    life = looked_into()
    reason = {"reason": "She taught that class herself."}
    life.act("2026-04-02T09:00", "office-1", DeclareInvolvement, person="manager-1", reason=reason)
    yield life.shows("reassign.plain")
    yield life.shows("case-news.involved", "manager-1")
    yield life.shows("done.involved")


def _external() -> Iterator[Sample]:
    life = at_the_senior_team(WITH_MORE).assign("2026-04-21T09:00", "board-1", "board-2")
    asked = {
        "whom": "The county's fire safety adviser",
        "why": "Nobody here can judge whether the alarm was fit for that kitchen.",
    }
    life.act(
        "2026-04-22T09:00", "board-1", SeekExternalAssistance, respond_by=date(2026, 6, 30), details=asked
    )
    yield life.shows("external-assistance.plain")
    yield life.shows("case-news.external", "office-1")
    yield life.shows("done.external")
    answer = {"answer": "The alarm had been switched off."}
    life.act("2026-05-22T09:00", "board-1", RecordExternalAnswer, answer=answer)
    yield life.shows("case-news.external-answer", "office-1")
    yield life.shows("done.external-answer")


def _asked_again() -> Iterator[Sample]:
    life = to_the_end(WITH_MORE).reply("2026-06-08T19:00", "escalate")
    yield life.shows("closure.can-ask-to-reopen")
    reasons = {"reasons": "The letter lay with my neighbour for three weeks."}
    life.act("2026-07-01T10:00", COMPLAINANT, AskToReopen, reasons=reasons)
    yield life.shows("decision-request.reopening", "chair")
    life.act("2026-07-02T10:00", "chair", ConfirmExhausted)
    yield life.shows("decision.exhausted")
    yield life.shows("case-news.exhaustion-confirmed", "office-1")
    yield life.shows("done.exhaustion-confirmed")


def _hours() -> Iterator[Sample]:
    life = Life(IN_HOURS).submit()
    yield life.shows("acknowledgement.hours")
    yield life.shows("new-case.hours")
    yield life.wake("2026-03-31T08:00").shows("reminder.hours")


def _by_themselves() -> Iterator[Sample]:
    """A mail that did not arrive, and links that people ask for."""
    life = Life().submit().do("2026-03-30T15:45", RecordBounce(person=COMPLAINANT, notice="receipt"))
    yield life.shows("case-news.bounced")
    yield life.shows_told("fresh-link.complainant", COMPLAINANT, "fresh-link")
    yield life.shows_told("fresh-link.nothing-to-do", COMPLAINANT, "fresh-link", link=None)
    yield life.shows_told("fresh-link.staff", "office-1", "fresh-link")


def _missed() -> Iterator[Sample]:
    """What is told of a date that was missed, until it is met."""
    life = looked_into().wake("2026-04-14T08:00").wake("2026-04-17T23:00")
    yield life.wake("2026-04-20T08:00").shows("missed-date.respond")
    yield life.wake("2026-04-27T08:00").shows("breach-again.respond", "manager-1")
    both = Life(replace(PROCEDURE, missed_dates=OWN_WORDS)).submit().wake("2026-04-02T23:00")
    both.acknowledge("2026-04-03T06:00")
    yield both.shows_told("missed-date.met", COMPLAINANT, "BreachesAdmitted")
    yield both.shows_told("breach-again.met", "office-1", "BreachesChased", link=None)
    unseen = Life(replace(PROCEDURE, missed_dates=OWN_WORDS)).submit().wake("2026-04-02T23:00")
    yield unseen.wake("2026-04-07T08:00").shows("missed-date.own-words")


def _closures() -> Iterator[Sample]:
    life = answered().reply("2026-04-20T18:30", "satisfied")
    yield life.shows("closure.satisfied")
    yield life.shows("case-news.satisfied", "office-1")
    silent = answered().wake("2026-04-27T08:00").wake("2026-05-01T08:00")
    yield silent.shows("closure.lapsed")
    yield silent.shows("case-news.lapsed", "office-1")
    nobody = to_the_end(NONE_NAMED)
    yield nobody.shows("outcome.none-named")
    yield nobody.reply("2026-06-08T19:00", "escalate").shows("closure.none-named")


def _on_the_record() -> Iterator[Sample]:
    """A case in which everything is put on record that can be."""
    life = looked_into(OPEN_TO_MORE)
    meeting = {"when": "Thursday 9 April 2026, 2pm, room 4", "text": "We go through the logbook together."}
    life.act(
        "2026-04-02T09:00", "manager-1", AddNote, kind="meeting-arranged", note=meeting, companion="friend"
    )
    yield life.shows("meeting.arranged")
    yield life.shows("done.noted")
    called = {"text": "They asked for larger print."}
    life.act("2026-04-02T09:02", "office-1", AddNote, kind="call-reached", note=called)
    yield life.shows("case-news.noted")
    question = life.write(question="Which of the two ovens was it?\nAnd who was in the room?")
    life.act("2026-04-02T09:05", "manager-1", AskQuestion, question=question)
    yield life.shows("question.plain")
    yield life.shows("done.asked")
    answers = Writing("answers", {question.id: "The one beside the larder door."})
    life.act("2026-04-02T19:00", COMPLAINANT, AnswerQuestions, answers=answers)
    yield life.shows_told("question.answered", COMPLAINANT, "QuestionAsked", question.id, link=None)
    yield life.shows("case-news.answered")
    for variant, text, why in (
        ("accepted", "The log of 12 March has turned up.", "Nobody knew it before."),
        ("declined", "The parking is dear.", "It has no bearing on this."),
    ):
        added = life.write(information=text)
        life.act("2026-04-07T19:00", COMPLAINANT, AddInformation, information=added)
        if variant == "accepted":
            yield life.shows("case-news.added")
        life.act(
            "2026-04-08T09:00",
            "manager-1",
            ConsiderInformation,
            information=added.id,
            accepted=variant == "accepted",
            reason={"reason": why},
        )
        yield life.shows(f"information-considered.{variant}")
    yield life.shows("done.considered")
    passed_on = {"to": "The tutor on Fridays", "reason": "Nobody else can say what was answered."}
    life.act("2026-04-09T09:00", "manager-1", RecordDisclosure, what="identity", disclosure=passed_on)
    yield life.shows("disclosure.plain")
    yield life.shows("done.disclosed")


def _papers() -> Iterator[Sample]:
    life = looked_into()
    file = {"media_type": "audio/mpeg", "size": 4_000_000, "sha256": HASH}
    recording = {"name": "The recording of <our> meeting"}
    life.act("2026-04-02T09:00", "manager-1", AddDocument, document=recording, shared=True, **file)
    yield life.shows("document.shared")
    yield life.shows("done.document")
    oven = {"name": "The oven as it roared"}
    life.act("2026-04-02T10:00", COMPLAINANT, AddDocument, document=oven, **file)
    yield life.shows("case-news.document")
    reason = life.write(reason="The inspectors asked for it.")
    yield life.do("2026-04-02T11:00", ExportCase(by="manager-1", reason=reason)).shows("done.exported")
    life.do("2026-04-07T09:00", PrepareLetter(letter="000002-0", notice="outcome"))
    yield life.shows("letter.prepared")
    yield life.wake("2026-04-10T08:00").shows("letter.reminded")
    posted = PostLetter(by="manager-1", letter="000002-0", on=date(2026, 4, 10))
    yield life.do("2026-04-10T12:00", posted).shows("done.posted")
    failed = RecordBounce(person=COMPLAINANT, notice="document", letter="000007-0")
    yield life.do("2026-04-10T13:00", failed).shows("letter.undelivered")


def _whose_address() -> Iterator[Sample]:
    """Nobody knows yet whether the address is theirs that was typed into the form."""
    life = Life(known=False).submit()
    yield life.shows("receipt.unknown")
    life.acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "manager-1")
    life.record("2026-04-16T12:00", "manager-1")
    yield life.shows("outcome.unknown")
    disowned = deepcopy(life).act("2026-04-17T09:00", COMPLAINANT, SayWhoseAddress, mine=False)
    yield disowned.shows("case-news.disowned", "office-1")
    disowned.act(
        "2026-04-20T09:00", "office-1", ConfirmAddress, how={"how": "She called, and spelled it out."}
    )
    yield disowned.shows("contact-details.after-all")
    yield disowned.shows("done.address-confirmed")


def _put_right() -> Iterator[Sample]:
    reached = {
        "name": "Marguerite Zachary-Quill",
        "email": "mzq@work.example",
        "address": "4 Kiln Lane\nExampleton",
        "reason": "She called: the old address was closed.",
    }
    plain = {"whose": "same", "was": "content-1", "mailed_to": ANSWERS["email"]}
    life = answered().act("2026-04-17T09:00", "manager-1", CorrectContactDetails, details=reached, **plain)
    yield life.shows("contact-details.plain")
    yield life.shows("done.contact-details")
    first = answered()
    first.act("2026-04-17T09:00", "office-1", CorrectContactDetails, details=reached, **plain)
    yield first.shows("case-news.contact-details")
    by_letter = {**reached, "letters": "yes"}
    letters = answered().act(
        "2026-04-17T09:00", "manager-1", CorrectContactDetails, details=by_letter, **plain
    )
    yield letters.shows_told("contact-details.by-letter", COMPLAINANT, "ContactDetailsCorrected", link=None)
    other = {
        **reached,
        "name": "Ottoline Quill",
        "relation": "Her sister",
        "consent": "By telephone, on the 16th.",
    }
    for whose in ("representative", "successor"):
        life = answered()
        taking = {**plain, "whose": whose}
        life.act("2026-04-17T09:00", "manager-1", CorrectContactDetails, details=other, **taking)
        yield life.shows(f"contact-details.{whose}")
    life = answered()
    sent = kept_of(
        "OUTBOX#000006#0",
        Tell(person=COMPLAINANT, notice="outcome", stage="first", what="OutcomeSent"),
        life.mail("outcome"),
        at=life.now,
    )
    assert sent is not None
    life.contents[sent.id] = dict(sent.words)
    again = {"message": "000006-0", "notice": "outcome"}
    life.act("2026-04-20T09:00", "office-1", SendAgain, **again)
    yield life.shows("sent-again.outcome")
    yield life.shows("done.sent-again")
    yield life.shows("case-news.sent-again")


def _withdrawn() -> Iterator[Sample]:
    life = looked_into().act("2026-04-02T09:00", COMPLAINANT, Withdraw)
    yield life.shows("closure.withdrawn")
    yield life.shows("case-news.withdrawn", "manager-1")
    entered = looked_into()
    why = {"reason": "I have no strength left for it."}
    look = {"look_into": "Whether the oven is still in use."}
    told = {"route": "telephone", "received_on": date(2026, 4, 1)}
    entered.act("2026-04-02T09:00", "office-1", Withdraw, reason=why, look_into=look, **told)
    yield entered.shows("done.withdrawn")
    yield entered.shows("case-news.look-into", "deputy")
    entered.wake("2026-04-10T08:00")
    yield entered.shows("case-news.look-into-again", "deputy")
    note = {"note": "It was switched off on the same day."}
    entered.act("2026-04-13T09:00", "deputy", RecordLookedInto, note=note)
    yield entered.shows("case-news.looked-into", "office-1")


def _taken_up() -> Iterator[Sample]:
    why = {"reason": "You called us on the 8th: you had pressed the wrong button.\nThat can be mended."}
    life = answered().reply("2026-04-20T18:30", "satisfied")
    life.act("2026-05-11T09:00", "office-1", TakeUp, reason=why)
    yield life.shows("reopened.answered")
    yield life.shows("case-news.reopened", "manager-1")
    yield life.shows("done.reopened")
    life = looked_into().act("2026-04-02T09:00", COMPLAINANT, Withdraw)
    life.act("2026-05-11T09:00", "office-1", TakeUp, reason=why)
    yield life.shows("reopened.underway")
    life = Life().submit().act("2026-04-02T09:00", COMPLAINANT, Withdraw)
    life.act("2026-05-11T09:00", "office-1", TakeUp, reason=why)
    yield life.shows("reopened.unacknowledged")
    life = entered("complaint")
    no = {"reason": "It never came."}
    life.act("2026-04-20T09:00", "office-1", WaiveWrittenForm, goes_on=False, reason=no)
    life.act("2026-05-11T09:00", "office-1", TakeUp, reason=why)
    yield life.shows("reopened.unwritten")


MEDIATION: Final = "You and the tutor would talk it over with a mediator from outside.\nIt takes an hour."


def _mediation() -> Iterator[Sample]:
    life = looked_into(with_pause(PROCEDURE))
    life.act("2026-04-02T09:00", "manager-1", OfferMediation, offer={"offer": MEDIATION})
    yield life.shows("mediation.offered")
    yield life.shows("done.mediation-offered")
    life.act("2026-04-07T09:00", "office-1", AnswerMediation, accepted=True, route="telephone")
    yield life.shows("done.mediation-answered")
    yield life.shows("case-news.mediation-accepted", "manager-1")
    came = {"note": "The tutor apologised, and you agreed how questions are answered from now on."}
    life.act("2026-04-20T09:00", "manager-1", EndMediation, held_on=date(2026, 4, 17), note=came)
    yield life.shows("mediation.held")
    yield life.shows("case-news.mediation-held", "office-1")
    yield life.shows("done.mediation-held")
    life = looked_into(replace(PROCEDURE, mediation=Mediation(source="9")))
    life.act("2026-04-02T09:00", "manager-1", OfferMediation, offer={"offer": MEDIATION})
    yield life.shows("mediation.offered-plain")
    life.act("2026-04-07T09:00", COMPLAINANT, AnswerMediation, accepted=False)
    yield life.shows("case-news.mediation-declined", "manager-1")
    life = looked_into(replace(PROCEDURE, mediation=Mediation(source="9")))
    life.act("2026-04-02T09:00", "manager-1", OfferMediation, offer={"offer": MEDIATION})
    life.act("2026-04-07T09:00", COMPLAINANT, AnswerMediation, accepted=True)
    why = {"note": "The tutor has left the college and does not want to take part."}
    life.act("2026-04-20T09:00", "manager-1", EndMediation, held_on=None, note=why)
    yield life.shows("mediation.not-held")


def _limited() -> Iterator[Sample]:
    limit = {
        "limit": "We answer your emails once a week, and take no calls.\nYour own page stays as it is.",
        "reason": "You shouted at the office on three days last week, and were asked to stop.",
    }
    life = looked_into()
    until = date(2026, 6, 1)
    life.act("2026-04-02T09:00", "manager-1", LimitContact, limit=limit, review_on=until)
    yield life.shows("done.limit-proposed")
    yield life.shows("contact-limit-request.decide", "deputy")
    why = {"reason": "I have read the notes."}
    life.act("2026-04-02T15:00", "deputy", DecideLimit, accepted=True, reason=why)
    yield life.shows("contact-limit.limited")
    yield life.shows("case-news.limited", "manager-1")
    yield life.shows("done.limited")
    yield life.wake("2026-06-01T08:00").shows("contact-limit-request.review", "deputy")
    kept = {"reason": "The calls have not stopped."}
    life.act("2026-06-01T10:00", "deputy", ReviewLimit, review_on=date(2026, 7, 1), reason=kept)
    yield life.shows("contact-limit.kept")
    yield life.shows("done.limit-kept")
    lifted = {"reason": "You have called twice, and were friendly."}
    life.act("2026-06-10T10:00", "deputy", ReviewLimit, review_on=None, reason=lifted)
    yield life.shows("contact-limit.lifted")
    yield life.shows("case-news.limit-lifted", "manager-1")
    yield life.shows("done.limit-lifted")
    life = looked_into().act("2026-04-02T09:00", "manager-1", LimitContact, limit=limit, review_on=until)
    life.act("2026-04-02T15:00", "deputy", DecideLimit, accepted=False, reason=why)
    yield life.shows("case-news.not-limited", "manager-1")
    yield life.shows("done.not-limited")


def _told_of_end() -> Iterator[Sample]:
    reason = {"reason": "It is about what he said."}
    life = looked_into().act(
        "2026-04-02T09:00", "office-1", DeclareInvolvement, person="manager-2", reason=reason
    )
    life.act("2026-04-07T09:00", COMPLAINANT, Withdraw)
    message = {"message": "The complaint was withdrawn. Nothing was decided about you, and nothing follows."}
    life.act("2026-04-08T09:00", "office-1", TellInvolved, persons=("manager-2",), message=message)
    told = next(one for one in life.contents if "message" in life.contents[one])
    yield life.shows_told("told-of-end.plain", "manager-2", "InvolvedTold", told, link=None)
    yield life.shows("done.told-of-end")


def _not_covered() -> Iterator[Sample]:
    why = {
        "reason": "What a tutor says outside of lessons is for the staff code of conduct.",
        "goes_to": "Write to the Head of People: people@example-college.example.",
    }
    life = looked_into().act("2026-04-02T09:00", "manager-1", DeclineNotCovered, why=why, points=(2,))
    yield life.shows("not-covered.point")
    yield life.shows("case-news.declined", "office-1")
    yield life.shows("done.declined")
    life.act(
        "2026-04-16T12:00",
        "manager-1",
        RecordOutcome,
        findings=(Finding(aspect=1, conclusion="upheld"),),
        wording={"reasons": ["The oven was old."], "response": "We have repaired it."},
    )
    yield life.shows("outcome.declined")
    life = looked_into().act("2026-04-02T09:00", "manager-1", DeclineNotCovered, why=why)
    yield life.shows("not-covered.whole")
    yield life.shows("case-news.not-covered", "office-1")


def _other_kind() -> Iterator[Sample]:
    """What is raised informally on 30 March, about 20 March, becomes a complaint in time, or after the month."""
    for variant, when in (("", "2026-04-16T12:00"), ("-late", "2026-05-04T12:00")):
        life = raised_informally().act(
            "2026-04-02T09:00",
            "office-1",
            RecordOutcome,
            findings=(Finding(aspect=1, conclusion="upheld"), Finding(aspect=2, conclusion="upheld")),
            wording={"reasons": ["The oven was old.", "The same."], "response": "We have repaired it."},
        )
        if not variant:
            yield life.shows("outcome.informal")
        life.reply(when, "escalate")
        yield life.shows(f"escalation.complaint{variant}")
        if variant:
            yield life.shows("written-form.complaint")
            yield life.shows("decision-request.complaint", "principal")
    life = raised_informally(incident_date="2026-02-02")
    why = {"reason": "It is about a fire.\nThat is too serious to be dealt with informally."}
    life.act("2026-04-01T09:00", "office-1", ChangeKind, kind="complaint", reason=why)
    yield life.shows("kind-changed.complaint")
    yield life.shows("new-case.complaint", "office-1")
    yield life.shows("case-news.kind-changed", "principal")
    yield life.shows("done.kind-changed")
    life = raised_informally()
    life.act("2026-04-01T09:00", "office-1", ChangeKind, kind="suggestion", reason=why)
    yield life.shows("kind-changed.suggestion")
    life = Life(WITH_CONCERNS).submit()
    life.act("2026-04-01T09:00", "office-1", ChangeKind, kind="concern", reason=why)
    yield life.shows("kind-changed.concern")


def _corrected() -> Iterator[Sample]:
    why = {
        "answers": {"incident_date": "2026-02-20"},
        "changes": "When did it happen? Friday 20 February 2026 (before: Friday 20 March 2026)",
        "reason": "You told us on the telephone that it was a month earlier.",
    }
    for variant, procedure, more in (
        ("plain", PROCEDURE, {"remark": "The second fire was on the 21st."}),
        ("late", WITH_DISCRETION, {}),
    ):
        life = looked_into(procedure)
        assert life.case is not None
        correct = partial(
            CorrectRecord, corrects=recorded_in(life.case), course="bakery", incident_on=date(2026, 2, 20)
        )
        life.act("2026-04-02T09:00", "manager-1", correct, correction=why | more)
        yield life.shows(f"corrected.{variant}")
        if variant == "late":
            yield life.shows("case-news.corrected", "office-1")
            yield life.shows("decision-request.corrected", "principal")
            yield life.shows("done.corrected", "manager-1")


def _by_a_framework() -> Iterator[Sample]:
    life = Life(BY_A_FRAMEWORK).submit()
    understood = {
        "understood": "You say that kitchen two was opened after the first fire.\nYou ask for an apology."
    }
    life.act("2026-04-01T10:15", "office-1", Acknowledge, understood=understood)
    yield life.shows("acknowledgement.understood")
    life.assign("2026-04-01T10:20", "manager-1")
    why = {"reason": "The fire service is deciding on it.", "goes_to": ""}
    refused = deepcopy(life).act("2026-04-02T09:00", "manager-1", DeclineNotCovered, why=why)
    yield refused.shows("not-covered.refused")
    yield refused.shows("case-news.refused", "office-1")
    moved = {"respond_by": date(2026, 4, 30), "message": {"message": INTERIM_MESSAGE}}
    life.act("2026-04-15T13:00", "manager-1", SendInterimResponse, **moved)
    yield life.shows("interim-response.signposts")
    reason = {"reason": "The Dean and the Bursar were both in the kitchen."}
    life.act("2026-04-16T09:00", "principal", SkipStage, reason=reason)
    yield life.shows("decision.skipped")
    yield life.shows("case-news.skipped", "manager-1")
    yield life.shows("done.skipped")
    life.record("2026-04-17T12:00", "manager-1")
    yield life.shows("outcome.skipped")
    life.reply("2026-04-20T18:30", "escalate")
    life.record("2026-05-05T12:00", "principal")
    life.approve("2026-05-06T09:00", "chair").approve("2026-05-06T10:00", "governor")
    life.reply("2026-05-08T18:30", "escalate")
    yield life.shows("closure.letter-owed")
    yield life.shows("decision-request.completion", "chair")
    yield life.wake("2026-06-04T08:00").shows("reminder.completion", "chair")
    yield life.wake("2026-06-05T23:00").shows("breach.completion", "chair")
    yield life.wake("2026-06-08T08:00").shows("missed-date.completion")
    letter = {"letter": "You complained of two fires in kitchen two. Both points are upheld."}
    life.act("2026-06-09T09:00", "chair", SendCompletion, letter=letter)
    yield life.shows("completion.plain")
    yield life.shows("done.completion")
    yield life.shows("case-news.completion", "office-1")


def _linked() -> Iterator[Sample]:
    why = {"reason": "You sent the form again in the evening.\nWe look into it already."}
    other = "EC-4TMK-8WXY"
    life = looked_into().act("2026-04-02T09:00", "manager-1", MarkDuplicate, of=other, reason=why)
    yield life.shows("duplicate.plain")
    yield life.shows("case-news.duplicate", "office-1")
    yield life.shows("done.duplicate")
    life = looked_into().act("2026-04-02T09:00", "manager-1", LinkCases, other=other, reason=why)
    yield life.shows("case-news.linked", "office-1")
    yield life.shows("done.linked")
    life.act("2026-04-03T09:00", "manager-1", UnlinkCases, other=other, reason=why)
    yield life.shows("case-news.unlinked", "office-1")
    yield life.shows("done.unlinked")
    life = looked_into().do("2026-04-02T09:00", HearOfLink(other=other, how="goes-on-for", heard=4))
    yield life.shows("case-news.heard", "manager-1")


def _actions() -> Iterator[Sample]:
    actions = (
        ProposedAction(number=1, person="manager-2", due=date(2026, 4, 30)),
        ProposedAction(number=2, role="governor", due=date(2026, 6, 30)),
    )
    life = looked_into().record("2026-04-16T12:00", "manager-1", actions=actions)
    yield life.shows("outcome.actions")
    yield life.shows("action.promised", "manager-2")
    life.reply("2026-04-20T18:30", "satisfied")
    yield life.wake("2026-04-30T08:00").shows("action.today", "manager-2")
    yield life.wake("2026-04-30T23:00").shows("action-overdue.plain", "office-1")
    life.do("2026-05-04T09:00", CompleteAction(by="manager-2", action="first/action-1"))
    yield life.shows("done.action")
    yield life.shows("case-news.action")
    learned = life.write(lessons="A report of fire closes a kitchen at once.")
    yield life.do("2026-05-05T09:00", RecordLessons(by="manager-1", lessons=learned)).shows("done.lessons")
    talked = looked_into()
    agreed = [
        "Kitchen two stayed open after a fire.",
        "Nobody told the afternoon class.",
        "A remark was made.",
    ]
    talked.act("2026-04-02T09:00", "manager-1", AgreeAspects, aspects={"aspects": agreed})
    yield talked.shows("aspects-agreed.plain")
    yield talked.shows("done.aspects")


def _taken_down() -> Iterator[Sample]:
    """What was told by telephone, and has to be there in writing."""
    life = entered("complaint", represented=True)
    yield life.shows("consent-request.outcome")
    yield life.shows("written-form.asked")
    life.wake("2026-04-08T08:00")
    yield life.shows("written-form.reminded")
    yield life.shows("case-news.waits-for-form")
    reason = {"reason": "The hours matter, and I want to have them right."}
    for variant, goes_on in (("goes-on", True), ("closed", False)):
        decided = deepcopy(life)
        decided.act("2026-04-20T09:00", "principal", WaiveWrittenForm, goes_on=goes_on, reason=reason)
        yield decided.shows(f"decision.form-{variant}")
        yield decided.shows(f"case-news.form-{variant}", "office-1")
        if not goes_on:
            yield decided.shows("done.form-waived")
    sent: dict[str, Any] = {"answers": ANSWERS, "aspects": 2, "represented": True}
    on_paper = deepcopy(life).act("2026-04-09T09:00", "office-1", SendWrittenForm, **sent)
    yield on_paper.shows("done.form-entered")
    life.act("2026-04-09T09:00", COMPLAINANT, SendWrittenForm, **sent)
    yield life.shows("written-form.received")
    yield life.shows("case-news.form-received")
    life.acknowledge("2026-04-09T10:00").assign("2026-04-09T10:05", "manager-1")
    consent = {"consent": "She told me so at the counter, on Tuesday morning."}
    life.act("2026-04-09T10:10", "office-1", RecordConsent, consent=consent)
    yield life.shows("done.consent")
    yield life.shows("case-news.consent")


def _in_person() -> Iterator[Sample]:
    life = entered("complaint", route="in-person", first_contact=None)
    done = {"done": "I switched the oven off, and wrote a notice for the door."}
    life.act("2026-03-30T15:45", "office-1", LogFirstContact, log=done, content="no")
    yield life.shows("done.first-contact")
    reason = {"reason": "The hours matter, and I want to have them right."}
    life.act("2026-03-30T16:00", "office-1", AskForWrittenForm, reason=reason)
    yield life.shows("written-form.on-request")
    yield life.shows("done.form-asked")


def _logged() -> Iterator[Sample]:
    """What is no complaint."""
    settled = entered("concern", settled=True)
    yield settled.shows("closure.settled")
    yield settled.shows("case-news.settled", "principal")
    yield settled.shows("done.entered")
    for kind in ("suggestion", "compliment"):
        logged = entered(kind)
        yield logged.shows(f"thanks.{kind}")
        yield logged.shows(f"feedback.{kind}", "board-1")
    followed = entered("compliment")
    note = followed.write(note="Read out at the team's meeting in May.")
    yield followed.do("2026-05-05T09:00", FollowUp(by="board-1", note=note)).shows("done.followed-up")


def _of_no_case() -> Iterator[Sample]:
    """What staff get that is about no single case."""
    life, office = Life(), person("office-1")
    link = compose_staff_link(
        office, PROCEDURE, link=LINK.replace("/l/", "/s/"), until=at("2026-03-30T19:40")
    )
    yield Sample("staff-link.plain", link, life)
    answer = Promise(name="first/respond", due=date(2026, 4, 17), due_at=at("2026-04-17T23:00"))
    lost = Bereft(
        reference="EC-2B4D-6FHJ",
        stage="Stage 1: the department",
        due=answer,
        is_open=True,
        is_recorded=False,
    )
    late = Promise(name="panel/respond", due=date(2026, 3, 27), due_at=at("2026-03-28T00:00"), over=True)
    several = (
        replace(lost, reference="EC-8LMN-3PQR", stage="Stage 2: the panel", due=late, is_recorded=True),
        lost,
        replace(lost, reference="EC-5STV-7WXY", due=replace(answer, name="first/acknowledge")),
        replace(lost, reference="EC-9KMP-4RST", due=None),
    )
    page = "https://complaints.example/example-college/staff"
    without_role = (
        replace(lost, undone=("review-without-role",)),
        replace(lost, reference="EC-8LMN-3PQR", undone=("approve",), is_recorded=True),
        replace(lost, reference="EC-5STV-7WXY", undone=("decide", "nobody"), due=None),
        replace(lost, reference="EC-9KMP-4RST", undone=("confirm", "assign")),
    )
    afterwards = replace(lost, due=None, is_open=False)
    owed = (
        replace(afterwards, undone=("step",)),
        replace(afterwards, reference="EC-8LMN-3PQR", undone=("letter",)),
        replace(afterwards, reference="EC-5STV-7WXY", undone=("decide",)),
    )
    for variant, cases in (("one", (lost,)), ("several", several), ("roles", without_role), ("owed", owed)):
        mail = compose_reviewer_left(office, PROCEDURE, cases=cases, page=page)
        yield Sample(f"reviewer-left.{variant}", mail, life)


def _retention() -> Iterator[Sample]:
    life = to_the_end().reply("2026-06-08T19:00", "satisfied")
    yield life.do("2031-06-09T01:00", AnnounceDeletion()).shows("deletion-notice.plain")
    hold = life.write(reason="A claim has been announced by the insurers.")
    yield life.do("2031-06-10T09:00", PlaceHold(by="privacy-1", reason=hold)).shows("done.hold-placed")
    yield life.do("2032-12-01T09:00", LiftHold(by="privacy-1", hold=hold.id)).shows("done.hold-lifted")
    tombstone = {
        "reference": REF,
        "organisation": PROCEDURE.slug,
        "opened": "2026-03-30",
        "closed": "2026-06-08",
        "destroyed": "2032-12-17",
        "final_hash": HASH,
    }
    mail = compose_certificate(tombstone, person("privacy-1"), PROCEDURE)
    yield Sample("deletion-certificate.plain", mail, life)
