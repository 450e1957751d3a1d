"""One list of mails: every notice in every variant, from cases that lived through the real decisions.

The golden files are made of it, and so is whatever wants to show a preview. The organisation is invented, so that
no procedure's wording moves a golden file; its ladder has what the real ones have, all at once.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from adapters.people.departures import Bereft
from adapters.post.messages import (
    Message,
    compose,
    compose_certificate,
    compose_reviewer_left,
    compose_staff_link,
    needs,
    recipient_of,
)
from domain.calendars import Calendar, Limit
from domain.case import Case, evolve
from domain.commands import (
    Acknowledge,
    AddDocument,
    AddInformation,
    AddNote,
    AgreeAspects,
    AnnounceDeletion,
    AnswerQuestions,
    ApproveOutcome,
    AskForWrittenForm,
    AskLate,
    AskQuestion,
    AskToReopen,
    AssignReviewers,
    Command,
    CompleteAction,
    ConfirmExhausted,
    ConsiderInformation,
    DecideLateness,
    DecideLateReply,
    DeclareInvolvement,
    ExportCase,
    FollowUp,
    LiftHold,
    LogFirstContact,
    PlaceHold,
    PostLetter,
    PrepareLetter,
    Promised,
    ProposedAction,
    RecordBounce,
    RecordConsent,
    RecordDisclosure,
    RecordExternalAnswer,
    RecordLessons,
    RecordOutcome,
    Recount,
    Reply,
    ReportProgress,
    ReturnOutcome,
    SeekExternalAssistance,
    SendInterimResponse,
    SendWrittenForm,
    SubmitComplaint,
    WaiveWrittenForm,
    Wake,
    Writing,
    writings,
)
from domain.decide import decide
from domain.effects import Tell, consequences
from domain.events import COMPLAINANT, Finding
from domain.ladder import Approval, DeadlineRule, End, LateInformation, Remind, Review, Stage
from domain.procedure import (
    Choice,
    Conclusion,
    Contact,
    Disclosure,
    Exhausted,
    Field,
    Form,
    LateReply,
    Person,
    Procedure,
    Remedy,
    Retention,
    Role,
    Signpost,
    WrittenForm,
)
from domain.promises import Promise
from tests.unit.invented import with_progress

REF = "EC-7K3M-9QXT"
LINK = "https://complaints.example/l/pJ0nZ1y0J4vQw3cXb7b1k8mTn2sRd5eUf6gHh9iLoAq"

OWN = "The policy states no limit; this is the organisation's own target."

ANSWERS: dict[str, Any] = {
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
    "people_involved": "Tutor on Fridays, whose name I never learnt",
    "outcome_sought": "A written apology and two lessons repeated.",
    "adjustments": "I read with a screen magnifier; large print on paper, please.",
}

CALENDAR = Calendar(
    "england-and-wales",
    (
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 5, 25), "Spring bank holiday"),
        (date(2026, 8, 31), "Summer bank holiday"),
    ),
    known_from=date(2025, 1, 1),
    known_until=date(2033, 12, 31),
)


def working_days(count: int) -> tuple[Limit, ...]:
    return (Limit(count, "working-days"),)


PROCEDURE = Procedure(
    slug="example-college",
    version=1,
    organisation="Example College",
    title="Complaints about our courses",
    document="Complaints policy",
    region="england-and-wales",
    about=("Tell us if something went wrong.",),
    contact=Contact(
        email="complaints@example-college.example",
        telephone="01632 960 100",
        hours="Monday to Friday, 9am to 5pm",
        address="Example College, 1 Example Street, Exampleton EX1 1AA",
    ),
    roles=(
        Role(id="office", title="Complaints office"),
        Role(id="tutor", title="Head of Department"),
        Role(id="senior", title="Member of the senior team"),
        Role(id="principal", title="Principal"),
        Role(id="governor", title="Governor"),
        Role(id="keeper", title="Data protection contact"),
    ),
    people=(
        Person(id="office", name="Complaints Officer", email="office@college.example", roles=("office",)),
        Person(id="bakery", name="Head of Bakery", email="bakery@college.example", roles=("tutor",)),
        Person(id="joinery", name="Head of Joinery", email="joinery@college.example", roles=("tutor",)),
        Person(id="dean", name="Dean", email="dean@college.example", roles=("senior",)),
        Person(id="bursar", name="Bursar", email="bursar@college.example", roles=("senior",)),
        Person(id="registrar", name="Registrar", email="registrar@college.example", roles=("senior",)),
        Person(id="principal", name="Principal", email="principal@college.example", roles=("principal",)),
        Person(id="chair", name="Chair of Governors", email="chair@college.example", roles=("governor",)),
        Person(id="governor", name="Governor (staff)", email="governor@college.example", roles=("governor",)),
        Person(id="keeper", name="Data Protection Officer", email="dpo@college.example", roles=("keeper",)),
    ),
    coordinator="office",
    escalates_to="principal",
    forms=(
        Form(
            id="complaint",
            title="Make a complaint",
            kind="complaint",
            starts_at="department",
            introduction=("Tell us what happened.",),
            fields=(
                Field(id="name", label="What is your name?", type="text", required=True),
                Field(id="email", label="What is your email address?", type="email", required=True),
                Field(id="telephone", label="What is your telephone number?", type="telephone"),
                Field(
                    id="relationship",
                    label="Who are you?",
                    type="choice",
                    choices=(Choice(id="learner", label="A learner"),),
                ),
                Field(
                    id="course",
                    label="Which course is it about?",
                    type="choice",
                    choices=(Choice(id="bakery", label="Bakery"), Choice(id="joinery", label="Joinery")),
                ),
                Field(id="incident_date", label="When did it happen?", type="date"),
                Field(id="account", label="What happened?", type="long-text", required=True),
                Field(id="aspects", label="What are your main points?", type="list", required=True),
                Field(id="people_involved", label="Who was involved?", type="long-text"),
                Field(id="outcome_sought", label="What would you like to happen?", type="long-text"),
                Field(id="adjustments", label="What makes this easier for you?", type="long-text"),
            ),
            privacy=("We keep it for five years.",),
        ),
    ),
    conclusions=(
        Conclusion(id="upheld", label="Upheld"),
        Conclusion(id="not-upheld", label="Not upheld"),
        Conclusion(
            id="no-decision",
            label="No decision could be reached",
            needs_explanation="Say which accounts conflict.",
        ),
    ),
    stages=(
        Stage(
            id="department",
            title="Stage 1: the department",
            about="The Head of Department looks into what happened and writes to you.",
            acknowledgement="person",
            review=Review(role="tutor", assigned_by="office", source="3.1"),
            deadlines=(
                DeadlineRule(
                    name="submit",
                    within=(Limit(1, "months"),),
                    counted_from="incident",
                    discretion=Limit(4, "months"),
                    discretion_role="principal",
                    source="2",
                ),
                DeadlineRule(
                    name="acknowledge",
                    within=working_days(3),
                    counted_from="received",
                    remind=(Remind(working_days_before=1),),
                    source="3",
                ),
                DeadlineRule(
                    name="respond",
                    within=working_days(10),
                    counted_from="acknowledged",
                    remind=(Remind(working_days_before=3),),
                    source="3.2",
                    extension="with-new-date",
                    extension_source="3.3",
                ),
                DeadlineRule(
                    name="reply",
                    within=working_days(10),
                    counted_from="responded",
                    remind=(Remind(working_days_before=3),),
                    source="4",
                ),
            ),
            next="senior-team",
        ),
        Stage(
            id="senior-team",
            title="Stage 2: the senior team",
            about="Two members of the senior team review the first answer.",
            acknowledgement="automatic",
            review=Review(role="senior", count=2, fresh=True, source="5"),
            approval=Approval(by="fellow-reviewers", source="5.1"),
            deadlines=(
                DeadlineRule(
                    name="respond",
                    within=(Limit(4, "weeks"),),
                    counted_from="requested",
                    remind=(Remind(working_days_before=5),),
                    own_target=OWN,
                ),
                DeadlineRule(
                    name="reply",
                    within=working_days(10),
                    counted_from="responded",
                    remind=(Remind(working_days_before=3),),
                    source="4",
                ),
            ),
            next="governors",
        ),
        Stage(
            id="governors",
            title="Stage 3: the governors",
            about="The Principal prepares the case, and two governors decide.",
            acknowledgement="automatic",
            review=Review(role="principal", source="6"),
            approval=Approval(by="role", role="governor", count=2, source="6.1"),
            deadlines=(
                DeadlineRule(
                    name="respond",
                    within=working_days(20),
                    counted_from="requested",
                    remind=(Remind(working_days_before=5),),
                    source="6",
                ),
                DeadlineRule(
                    name="reply",
                    within=working_days(10),
                    counted_from="responded",
                    remind=(Remind(working_days_before=3),),
                    own_target=OWN,
                ),
            ),
            end=End(signposts=("ombudsman", "joiners-board")),
        ),
    ),
    signposts=(
        Signpost(
            id="ombudsman",
            name="Education Ombudsman",
            about="You can ask the Ombudsman to look at how we dealt with it.",
            address="https://ombudsman.example",
        ),
        Signpost(
            id="joiners-board",
            name="Board of Joiners",
            about="It looks at joinery courses.",
            address="Write to 9 Sample Street, Exampleton",
            only_for=("joinery",),
        ),
    ),
    retention=Retention(keep=Limit(5, "years"), notice=Limit(14, "days"), told="keeper", own_target=OWN),
    remedies=(
        Remedy(id="apology", label="An apology", wording="We apologise for what went wrong."),
        Remedy(id="repeat", label="A repeated lesson"),
    ),
    evidence="optional",
    informed=("principal",),
    informed_source="7",
)

NONE_NAMED = replace(
    PROCEDURE,
    stages=(
        *PROCEDURE.stages[:-1],
        replace(
            PROCEDURE.stages[-1],
            end=End(
                none_named="Our policy names nobody outside Example College to whom a complaint can be taken."
            ),
        ),
    ),
)

OPEN_TO_MORE = replace(
    PROCEDURE,
    stages=(
        replace(
            PROCEDURE.stages[0],
            late_information=LateInformation(about="We consider what is new.", source="3.4"),
        ),
        *PROCEDURE.stages[1:],
    ),
    disclosure=Disclosure(about="Only where it cannot be avoided.", tells_complainant=True, source="8"),
)

AGREEING = replace(
    PROCEDURE, stages=(replace(PROCEDURE.stages[0], aspects="can-be-agreed"), *PROCEDURE.stages[1:])
)

CONFIRMED_BY_A_PERSON = replace(
    PROCEDURE,
    stages=(
        PROCEDURE.stages[0],
        replace(
            PROCEDURE.stages[1],
            acknowledgement="person",
            deadlines=(
                DeadlineRule(
                    name="acknowledge", within=working_days(3), counted_from="requested", source="5"
                ),
                *PROCEDURE.stages[1].deadlines,
            ),
        ),
        *PROCEDURE.stages[2:],
    ),
)
"""Where nobody is told at once that it is dealt with, they are told that it goes on."""

IN_HOURS = replace(
    PROCEDURE,
    stages=(
        replace(
            PROCEDURE.stages[0],
            acknowledgement="automatic",
            deadlines=tuple(
                replace(
                    rule,
                    within=(Limit(48, "working-hours"),),
                    counted_from="received",
                    remind=(Remind(working_days_before=1),),
                )
                if rule.name == "respond"
                else rule
                for rule in PROCEDURE.stages[0].deadlines
            ),
        ),
        *PROCEDURE.stages[1:],
    ),
)


WITH_MORE = replace(
    PROCEDURE,
    stages=tuple(replace(stage, external_assistance=True) for stage in PROCEDURE.stages),
    late_reply=LateReply(role="principal", source="4"),
    exhausted=Exhausted(letter_from=("governor",), source="6"),
)


TAKEN_DOWN = replace(
    PROCEDURE,
    forms=(
        replace(
            PROCEDURE.forms[0],
            entered_as=("concern", "suggestion", "compliment"),
            passed_to="senior",
            written=WrittenForm(
                routes=("telephone",),
                remind_after=Limit(5, "working-days"),
                reminders=1,
                counts=("respond",),
                source="1",
            ),
        ),
    ),
)


def at(text: str) -> datetime:
    """An instant, written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NEVER = at("0001-01-01T00:00")


@dataclass(slots=True)
class Life:
    """A case that goes through decisions, the mails that they led to, and what was written."""

    procedure: Procedure = PROCEDURE
    case: Case | None = None
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    mails: list[tuple[Tell, Message]] = field(default_factory=list)
    """Those of the last step."""
    now: datetime = NEVER
    written: int = 0

    def write(self, **words: Any) -> Writing:
        self.written += 1
        return Writing(f"content-{self.written}", words)

    def do(self, command: Command, when: str) -> Life:
        """Decide and tell. Nothing that follows from the decision may be missing or left over."""
        self.now = at(when)
        before = self.case
        events = decide(before, command, ref=REF, procedure=self.procedure, calendar=CALENDAR, now=self.now)
        for event in events:
            self.case = evolve(self.case, event, ref=REF)
        self.contents |= {writing.id: dict(writing.words) for writing in writings(command)}
        follows = consequences(before, events, ref=REF, procedure=self.procedure, calendar=CALENDAR)
        self.mails = [(one.effect, self.told(one.effect)) for one in follows if isinstance(one.effect, Tell)]
        return self

    def told(self, tell: Tell, *, link: str | None = LINK) -> Message:
        assert self.case is not None
        wanted = needs(tell, self.case)
        return compose(
            tell,
            recipient_of(tell, self.procedure, self.contents[self.case.answers]),
            case=self.case,
            procedure=self.procedure,
            calendar=CALENDAR,
            contents={found: self.contents[found] for found in wanted},
            link=link,
            now=self.now,
        )

    def mail(self, notice: str, person: str, about: str = "") -> Message:
        """The one mail of the last step with this notice to this person, and about this date if one is named."""
        (found,) = (
            mail
            for tell, mail in self.mails
            if (tell.notice, tell.person) == (notice, person) and about in tell.what
        )
        return found

    # What the walks below have in common.

    def submit(self, when: str = "2026-03-30T15:40", **changed: Any) -> Life:
        answers = {**ANSWERS, **changed}
        return self.do(
            SubmitComplaint(
                organisation=self.procedure.slug,
                form="complaint",
                answers=self.write(**answers),
                aspects=len(answers["aspects"]),
                course=answers["course"],
                incident_on=date.fromisoformat(answers["incident_date"]),
                by=COMPLAINANT,
            ),
            when,
        )

    def acknowledge(self, when: str) -> Life:
        return self.do(Acknowledge(by="office", stage="department"), when)

    def assign(self, when: str, *reviewers: str) -> Life:
        assert self.case is not None
        stage = self.case.current.stage
        return self.do(AssignReviewers(by="office", stage=stage, reviewers=reviewers), when)

    def record(self, when: str, by: str, *conclusions: str, actions: tuple[ProposedAction, ...] = ()) -> Life:
        assert self.case is not None
        chosen = conclusions or ("upheld", "no-decision")
        return self.do(
            RecordOutcome(
                by=by,
                stage=self.case.current.stage,
                findings=tuple(
                    Finding(aspect=number, conclusion=one) for number, one in enumerate(chosen, start=1)
                ),
                wording=self.write(
                    reasons=[
                        "The logbook shows the first report on 13 March.\nThe kitchen stayed open by mistake.",
                        "Two accounts conflict, and nobody else stood near enough to hear.",
                    ],
                    explanations=[
                        "",
                        "The tutor and the learner were alone in the corridor, so that nobody can confirm either.",
                    ],
                    evidence=["The logbook of kitchen two, pages 4 to 6.", ""],
                    actions={f"action-{one.number}": PROMISES[one.number - 1] for one in actions},
                    remedies={"apology": "", "repeat": "The lessons of 8 and 15 May."},
                    response="We apologise. Both lessons are repeated in May, free of charge.",
                ),
                remedies=("apology", "repeat"),
                actions=actions,
            ),
            when,
        )

    def approve(self, when: str, by: str) -> Life:
        assert self.case is not None
        current = self.case.current
        return self.do(ApproveOutcome(by=by, stage=current.stage, wording=current.wording), when)

    def reply(self, when: str, answer: Any) -> Life:
        assert self.case is not None
        reasons = self.write(reasons="The lessons clash with my shifts at the hospital.")
        return self.do(
            Reply(by=COMPLAINANT, stage=self.case.current.stage, answer=answer, reasons=reasons), when
        )

    def wake(self, when: str) -> Life:
        return self.do(Wake(), when)


@cache
def samples() -> dict[str, Message]:
    """Every mail by `<notice>.<variant>`."""
    found: dict[str, Message] = {}
    _first_stage(found)
    _whole_ladder(found)
    _other_ways(found)
    _for_the_record(found)
    _actions(found)
    _coming_in(found)
    _papers(found)
    _retention(found)
    return found


@cache
def everything_written() -> tuple[str, ...]:
    """Each text that anybody wrote in the samples' cases, and the complainant's names one by one."""
    life = to_the_end(PROCEDURE)
    life.do(PlaceHold(by="keeper", reason=life.write(reason=HOLD_REASON)), "2026-09-01T09:00")
    texts: list[str] = [
        PROGRESS_MESSAGE,
        "Marguerite",
        "Zachary",
        "Quill",
        INTERIM_MESSAGE,
        RETURN_REASON,
        LATE_REASON,
        INVOLVED_REASON,
        ASK_REASON,
        EXTERNAL_WHOM,
        EXTERNAL_WHY,
        DONE_AT_ONCE,
        WHY_IN_WRITING,
        CONSENTED,
        CAME_OF_IT,
    ]
    texts.extend(PROMISES)
    others = (_on_the_record(), _papers({}))
    for words in (*life.contents.values(), *(words for one in others for words in one.contents.values())):
        for name, value in words.items():
            if name in ("relationship", "course", "incident_date"):
                continue
            several = list(value.values()) if isinstance(value, dict) else value
            texts.extend(one for one in (several if isinstance(several, list) else [several]) if one)
    return tuple(texts)


PROGRESS_MESSAGE = (
    "We have asked the two people who were in the bakery.\nThe fire service has not answered yet."
)
PROMISES = ("A second fire door is fitted in kitchen two.", "The reporting of fires is taught to all tutors.")
INTERIM_MESSAGE = "The fire service sends its report next week.\nThe Head of Bakery answers when it is here."
RETURN_REASON = "Point 2 has to say whom the Dean asked."
ASK_REASON = "The letter lay with my neighbour for three weeks."
EXTERNAL_WHOM = "The county's fire safety adviser"
EXTERNAL_WHY = "Nobody here can judge whether the alarm was fit for that kitchen."
INVOLVED_REASON = "She taught that class herself."
LATE_REASON = "You were in hospital for most of that time."
DONE_AT_ONCE = "I switched the oven off, and wrote a notice for the door."
WHY_IN_WRITING = "The hours matter, and I want to have them right."
CONSENTED = "She told me so at the counter, on Tuesday morning."
CAME_OF_IT = "Read out at the team's meeting in May."
HOLD_REASON = "A claim has been announced by the insurers."


def _first_stage(found: dict[str, Message]) -> None:
    life = Life().submit()
    found["receipt.plain"] = life.mail("receipt", COMPLAINANT)
    found["new-case.first"] = life.mail("new-case", "office")
    found["case-news.submitted"] = life.mail("case-news", "principal")
    found["reminder.acknowledge"] = life.wake("2026-04-01T08:00").mail("reminder", "office")
    life.acknowledge("2026-04-01T10:15")
    found["acknowledgement.first"] = life.mail("acknowledgement", COMPLAINANT)
    found["done.acknowledged"] = life.mail("done", "office")
    life.assign("2026-04-01T10:20", "bakery")
    found["assignment.one"] = life.mail("assignment", "bakery")
    found["done.assigned"] = life.mail("done", "office")
    # As if one of the days had not been known to be a holiday when it was first counted.
    promised = Promised(deadline="department/respond", due_at=at("2026-04-16T23:00"))
    recounted = deepcopy(life).do(Recount(promised=(promised,)), "2026-04-03T09:00")
    found["dates-recounted.respond"] = recounted.mail("dates-recounted", COMPLAINANT)
    found["dates-recounted.staff"] = recounted.mail("dates-recounted", "bakery")
    found["reminder.respond"] = life.wake("2026-04-14T08:00").mail("reminder", "bakery", "/respond")
    life.do(
        SendInterimResponse(
            by="bakery",
            stage="department",
            respond_by=date(2026, 4, 30),
            message=life.write(message=INTERIM_MESSAGE),
        ),
        "2026-04-15T13:00",
    )
    found["interim-response.plain"] = life.mail("interim-response", COMPLAINANT)
    found["done.interim"] = life.mail("done", "bakery")
    _progress(found)
    life.wake("2026-05-01T00:00")
    found["breach.respond"] = life.mail("breach", "principal")
    life.record("2026-05-01T12:00", "bakery")
    found["outcome.next-stage"] = life.mail("outcome", COMPLAINANT)
    found["case-news.outcome"] = life.mail("case-news", "principal")
    found["done.recorded-and-sent"] = life.mail("done", "bakery")
    life.wake("2026-05-13T08:00")
    found["reply-reminder.next-stage"] = life.mail("reply-reminder", COMPLAINANT)


def _progress(found: dict[str, Message]) -> None:
    """The same stage at a college that reports every two weeks."""
    life = Life(procedure=with_progress(PROCEDURE)).submit().acknowledge("2026-04-01T10:15")
    life.assign("2026-04-01T10:20", "bakery")
    found["reminder.progress"] = life.wake("2026-04-14T08:00").mail("reminder", "bakery", "/progress")
    report = ReportProgress(by="bakery", stage="department", message=life.write(message=PROGRESS_MESSAGE))
    life.do(report, "2026-04-14T13:00")
    found["progress.plain"] = life.mail("progress", COMPLAINANT)
    found["done.progress"] = life.mail("done", "bakery")


def to_the_senior_team(procedure: Procedure) -> Life:
    life = Life(procedure=procedure).submit().acknowledge("2026-04-01T10:15")
    life.assign("2026-04-01T10:20", "bakery").record("2026-04-16T12:00", "bakery")
    return life.reply("2026-04-20T18:30", "escalate")


def to_the_end(procedure: Procedure) -> Life:
    """A case that went through every stage, up to the last answer."""
    life = to_the_senior_team(procedure).assign("2026-04-21T09:00", "dean", "bursar")
    life.record("2026-05-05T12:00", "dean").approve("2026-05-06T12:00", "bursar")
    life.reply("2026-05-12T18:30", "escalate")
    life.record("2026-06-01T12:00", "principal")
    return life.approve("2026-06-02T09:00", "chair").approve("2026-06-03T09:00", "governor")


def _whole_ladder(found: dict[str, Message]) -> None:
    life = to_the_senior_team(PROCEDURE)
    found["escalation.plain"] = to_the_senior_team(CONFIRMED_BY_A_PERSON).mail("escalation", COMPLAINANT)
    found["acknowledgement.next-stage"] = life.mail("acknowledgement", COMPLAINANT)
    found["new-case.escalated"] = life.mail("new-case", "office")
    found["case-news.escalated"] = life.mail("case-news", "principal")
    life.assign("2026-04-21T09:00", "dean", "bursar")
    found["assignment.two"] = life.mail("assignment", "dean")
    life.record("2026-05-05T12:00", "dean")
    found["approval-request.fellow"] = life.mail("approval-request", "bursar")
    found["done.recorded"] = life.mail("done", "dean")
    assert life.case is not None
    life.do(
        ReturnOutcome(
            by="bursar",
            stage="senior-team",
            wording=life.case.current.wording,
            reason=life.write(reason=RETURN_REASON),
        ),
        "2026-05-06T12:00",
    )
    found["outcome-returned.plain"] = life.mail("outcome-returned", "dean")
    found["done.returned"] = life.mail("done", "bursar")
    life.record("2026-05-07T12:00", "dean")
    life.wake("2026-05-11T08:00")
    found["reminder.approval"] = life.mail("reminder", "bursar")
    life.approve("2026-05-12T12:00", "bursar")
    found["outcome.own-target"] = life.mail("outcome", COMPLAINANT)
    found["done.approved-and-sent"] = life.mail("done", "bursar")
    found["done.sent"] = life.told(
        Tell(person="bursar", notice="done", stage="senior-team", what="OutcomeSent")
    )
    life.reply("2026-05-18T18:30", "escalate")
    found["assignment.role-approves"] = life.mail("assignment", "principal")
    life.record("2026-06-01T12:00", "principal")
    found["approval-request.role"] = life.mail("approval-request", "chair")
    found["done.approved"] = life.approve("2026-06-02T09:00", "chair").mail("done", "chair")
    life.approve("2026-06-03T09:00", "governor")
    found["outcome.signposts"] = life.mail("outcome", COMPLAINANT)
    life.wake("2026-06-12T08:00")
    found["reply-reminder.last"] = life.mail("reply-reminder", COMPLAINANT)
    life.reply("2026-06-14T19:00", "escalate")
    found["closure.signposts"] = life.mail("closure", COMPLAINANT)
    found["case-news.exhausted"] = life.mail("case-news", "office")


def _other_ways(found: dict[str, Message]) -> None:
    fresh_case = Life().submit()
    confirm_by = Promised(deadline="department/acknowledge", due_at=at("2026-03-31T23:00"))
    recounted = fresh_case.do(Recount(promised=(confirm_by,)), "2026-03-31T09:00")
    found["dates-recounted.acknowledge"] = recounted.mail("dates-recounted", COMPLAINANT)

    late = Life().submit(incident_date="2026-02-02")
    found["receipt.late"] = late.mail("receipt", COMPLAINANT)
    found["new-case.late"] = late.mail("new-case", "office")
    found["breach.acknowledge"] = late.wake("2026-04-02T23:00").mail("breach", "principal")
    found["acknowledgement.late"] = late.acknowledge("2026-04-07T09:00").mail("acknowledgement", COMPLAINANT)

    undecided = Life().submit("2026-04-21T12:00")
    found["decision-request.late"] = undecided.mail("decision-request", "principal")
    undecided.wake("2026-04-27T08:00")
    found["reminder.lateness"] = undecided.mail("reminder", "principal", "/lateness")
    undecided.wake("2026-04-28T23:00")
    found["breach.lateness"] = undecided.mail("breach", "principal", "/lateness")
    for variant, accepted in (("accepted", True), ("declined", False)):
        decided = Life().submit("2026-04-21T12:00")
        reason = decided.write(reason=LATE_REASON)
        decided.do(
            DecideLateness(by="principal", stage="department", accepted=accepted, reason=reason),
            "2026-04-22T09:00",
        )
        found[f"decision.late-{variant}"] = decided.mail("decision", COMPLAINANT)
        found[f"case-news.late-{variant}"] = decided.mail("case-news", "office")
        found[f"done.late-{variant}"] = decided.mail("done", "principal")

    moved = Life().submit().acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "bakery")
    moved.do(
        DeclareInvolvement(
            by="office", stage="department", person="bakery", reason=moved.write(reason=INVOLVED_REASON)
        ),
        "2026-04-02T09:00",
    )
    found["reassign.plain"] = moved.mail("reassign", "office")
    found["case-news.involved"] = moved.mail("case-news", "bakery")
    found["done.involved"] = moved.mail("done", "office")

    silent = Life(procedure=WITH_MORE).submit().acknowledge("2026-04-01T10:15")
    silent.assign("2026-04-01T10:20", "bakery").record("2026-04-16T12:00", "bakery")
    silent.wake("2026-04-27T08:00").wake("2026-04-30T23:00")
    found["closure.can-ask-late"] = silent.mail("closure", COMPLAINANT)
    silent.do(
        AskLate(by=COMPLAINANT, stage="department", reasons=silent.write(reasons=ASK_REASON)),
        "2026-05-05T10:00",
    )
    found["decision-request.late-reply"] = silent.mail("decision-request", "principal")
    silent.do(
        DecideLateReply(
            by="principal", stage="department", accepted=False, reason=silent.write(reason=LATE_REASON)
        ),
        "2026-05-06T10:00",
    )
    found["decision.late-reply"] = silent.mail("decision", COMPLAINANT)
    found["done.late-reply"] = silent.mail("done", "principal")

    helped = to_the_senior_team(WITH_MORE).assign("2026-04-21T09:00", "dean", "bursar")
    helped.do(
        SeekExternalAssistance(
            by="dean",
            stage="senior-team",
            respond_by=date(2026, 6, 30),
            details=helped.write(whom=EXTERNAL_WHOM, why=EXTERNAL_WHY),
        ),
        "2026-04-22T09:00",
    )
    found["external-assistance.plain"] = helped.mail("external-assistance", COMPLAINANT)
    found["case-news.external"] = helped.mail("case-news", "office")
    found["done.external"] = helped.mail("done", "dean")
    helped.do(
        RecordExternalAnswer(
            by="dean", stage="senior-team", answer=helped.write(answer="The alarm had been switched off.")
        ),
        "2026-05-22T09:00",
    )
    found["case-news.external-answer"] = helped.mail("case-news", "office")
    found["done.external-answer"] = helped.mail("done", "dean")

    over = to_the_end(WITH_MORE).reply("2026-06-08T19:00", "escalate")
    found["closure.can-ask-to-reopen"] = over.mail("closure", COMPLAINANT)
    over.do(
        AskToReopen(by=COMPLAINANT, stage="governors", reasons=over.write(reasons=ASK_REASON)),
        "2026-07-01T10:00",
    )
    found["decision-request.reopening"] = over.mail("decision-request", "chair")
    over.do(ConfirmExhausted(by="chair", stage="governors"), "2026-07-02T10:00")
    found["decision.exhausted"] = over.mail("decision", COMPLAINANT)
    found["case-news.exhaustion-confirmed"] = over.mail("case-news", "office")
    found["done.exhaustion-confirmed"] = over.mail("done", "chair")

    hours = Life(procedure=IN_HOURS).submit()
    found["acknowledgement.hours"] = hours.mail("acknowledgement", COMPLAINANT)
    found["new-case.hours"] = hours.mail("new-case", "office")
    found["reminder.hours"] = hours.wake("2026-03-31T08:00").mail("reminder", "office")

    bounced = Life().submit()
    bounced.do(RecordBounce(person=COMPLAINANT, notice="receipt"), "2026-03-30T15:45")
    found["case-news.bounced"] = bounced.mail("case-news", "office")
    for person in (COMPLAINANT, "office"):
        fresh = Tell(person=person, notice="fresh-link", stage="department", what="fresh-link")
        variant = "complainant" if person == COMPLAINANT else "staff"
        found[f"fresh-link.{variant}"] = bounced.told(fresh)
        if person == COMPLAINANT:
            found["fresh-link.nothing-to-do"] = bounced.told(fresh, link=None)
    found["receipt.without-link"] = (
        Life()
        .submit()
        .told(
            Tell(person=COMPLAINANT, notice="receipt", stage="department", what="ComplaintSubmitted"),
            link=None,
        )
    )

    answered = Life().submit().acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "bakery")
    answered.record("2026-04-16T12:00", "bakery")
    answered.reply("2026-04-20T18:30", "satisfied")
    found["closure.satisfied"] = answered.mail("closure", COMPLAINANT)
    found["case-news.satisfied"] = answered.mail("case-news", "office")

    silent = Life().submit().acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "bakery")
    answer_by = Promised(deadline="department/reply", due_at=at("2026-04-28T23:00"))
    silent.record("2026-04-16T12:00", "bakery")
    recounted = deepcopy(silent).do(Recount(promised=(answer_by,)), "2026-04-20T09:00")
    found["dates-recounted.reply"] = recounted.mail("dates-recounted", COMPLAINANT)
    silent.wake("2026-04-27T08:00").wake("2026-04-30T23:00")
    found["closure.lapsed"] = silent.mail("closure", COMPLAINANT)
    found["case-news.lapsed"] = silent.mail("case-news", "office")

    nobody = to_the_end(NONE_NAMED)
    found["outcome.none-named"] = nobody.mail("outcome", COMPLAINANT)
    found["closure.none-named"] = nobody.reply("2026-06-08T19:00", "escalate").mail("closure", COMPLAINANT)


def _on_the_record() -> Life:
    """A case in which everything is put on record that can be."""
    return _for_the_record({})


def _for_the_record(found: dict[str, Message]) -> Life:
    life = Life(procedure=OPEN_TO_MORE).submit().acknowledge("2026-04-01T10:15")
    life.assign("2026-04-01T10:20", "bakery")
    stage = "department"
    meeting = life.write(
        when="Thursday 9 April 2026, 2pm, room 4", text="We go through the logbook together."
    )
    life.do(
        AddNote(by="bakery", stage=stage, kind="meeting-arranged", note=meeting, companion="friend"),
        "2026-04-02T09:00",
    )
    found["meeting.arranged"] = life.mail("meeting", COMPLAINANT)
    found["done.noted"] = life.mail("done", "bakery")
    called = life.write(text="They asked for larger print.")
    life.do(AddNote(by="office", stage=stage, kind="call-reached", note=called), "2026-04-02T09:02")
    found["case-news.noted"] = life.mail("case-news", "bakery")
    question = life.write(question="Which of the two ovens was it?\nAnd who was in the room?")
    life.do(AskQuestion(by="bakery", stage=stage, question=question), "2026-04-02T09:05")
    found["question.plain"] = life.mail("question", COMPLAINANT)
    found["done.asked"] = life.mail("done", "bakery")
    asked = Tell(
        person=COMPLAINANT, notice="question", stage=stage, what="QuestionAsked", content=question.id
    )
    answers = Writing("answers", {question.id: "The one beside the larder door."})
    life.do(AnswerQuestions(by=COMPLAINANT, stage=stage, answers=answers), "2026-04-02T19:00")
    found["question.answered"] = life.told(asked, link=None)
    found["case-news.answered"] = life.mail("case-news", "bakery")
    for accepted, text in ((True, "The log of 12 March has turned up."), (False, "The parking is dear.")):
        added = life.write(information=text)
        life.do(AddInformation(by=COMPLAINANT, stage=stage, information=added), "2026-04-07T19:00")
        found["case-news.added"] = life.mail("case-news", "bakery")
        life.do(
            ConsiderInformation(
                by="bakery",
                stage=stage,
                information=added.id,
                accepted=accepted,
                reason=life.write(
                    reason="Nobody knew it before." if accepted else "It has no bearing on this."
                ),
            ),
            "2026-04-08T09:00",
        )
        variant = "accepted" if accepted else "declined"
        found[f"information-considered.{variant}"] = life.mail("information-considered", COMPLAINANT)
    found["done.considered"] = life.mail("done", "bakery")
    passed_on = life.write(to="The tutor on Fridays", reason="Nobody else can say what was answered.")
    life.do(
        RecordDisclosure(by="bakery", stage=stage, what="identity", disclosure=passed_on), "2026-04-09T09:00"
    )
    found["disclosure.plain"] = life.mail("disclosure", COMPLAINANT)
    found["done.disclosed"] = life.mail("done", "bakery")
    return life


def _papers(found: dict[str, Message]) -> Life:
    life = Life().submit().acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "bakery")
    stage = "department"

    def document(by: str, name: str, *, shared: bool = False) -> AddDocument:
        return AddDocument(
            by=by,
            stage=stage,
            document=life.write(name=name),
            media_type="audio/mpeg",
            size=4_000_000,
            sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            shared=shared,
        )

    life.do(document("bakery", "The recording of <our> meeting", shared=True), "2026-04-02T09:00")
    found["document.shared"] = life.mail("document", COMPLAINANT)
    found["done.document"] = life.mail("done", "bakery")
    life.do(document(COMPLAINANT, "The oven as it roared"), "2026-04-02T10:00")
    found["case-news.document"] = life.mail("case-news", "bakery")
    export = ExportCase(by="bakery", reason=life.write(reason="The inspectors asked for it."))
    found["done.exported"] = life.do(export, "2026-04-02T11:00").mail("done", "bakery")
    life.do(PrepareLetter(letter="000002-0", notice="outcome"), "2026-04-07T09:00")
    found["letter.prepared"] = life.mail("letter", "bakery")
    found["letter.reminded"] = life.wake("2026-04-10T08:00").mail("letter", "bakery")
    posted = PostLetter(by="bakery", letter="000002-0", on=date(2026, 4, 10))
    found["done.posted"] = life.do(posted, "2026-04-10T12:00").mail("done", "bakery")
    return life


def _actions(found: dict[str, Message]) -> None:
    life = Life().submit().acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "bakery")
    life.record(
        "2026-04-16T12:00",
        "bakery",
        actions=(
            ProposedAction(number=1, person="joinery", due=date(2026, 4, 30)),
            ProposedAction(number=2, role="senior", due=date(2026, 6, 30)),
        ),
    )
    found["outcome.actions"] = life.mail("outcome", COMPLAINANT)
    found["action.promised"] = life.mail("action", "joinery")
    life.reply("2026-04-20T18:30", "satisfied")
    found["action.today"] = life.wake("2026-04-30T08:00").mail("action", "joinery")
    found["action-overdue.plain"] = life.wake("2026-04-30T23:00").mail("action-overdue", "office")
    life.do(CompleteAction(by="joinery", action="department/action-1"), "2026-05-04T09:00")
    found["done.action"] = life.mail("done", "joinery")
    found["case-news.action"] = life.mail("case-news", "office")
    agreed = (
        "Kitchen two stayed open after a fire.",
        "Nobody told the afternoon class.",
        "A remark was made.",
    )
    talked = Life(procedure=AGREEING).submit().acknowledge("2026-04-01T10:15")
    talked.assign("2026-04-01T10:20", "bakery")
    points = talked.write(aspects=list(agreed))
    talked.do(AgreeAspects(by="bakery", stage="department", aspects=points), "2026-04-02T09:00")
    found["aspects-agreed.plain"] = talked.mail("aspects-agreed", COMPLAINANT)
    found["done.aspects"] = talked.mail("done", "bakery")
    learned = life.write(lessons="A report of fire closes a kitchen at once.")
    life.do(RecordLessons(by="bakery", lessons=learned), "2026-05-05T09:00")
    found["done.lessons"] = life.mail("done", "bakery")


def entered(kind: str, **changed: Any) -> Life:
    """What the office took down for somebody who called."""
    life = Life(procedure=TAKEN_DOWN)
    plain = SubmitComplaint(
        organisation=TAKEN_DOWN.slug,
        form="complaint",
        answers=life.write(**ANSWERS),
        aspects=2,
        incident_on=date(2026, 3, 20),
        by="office",
        kind=kind,
        route="telephone",
        first_contact=life.write(done=DONE_AT_ONCE),
        content="yes",
    )
    return life.do(replace(plain, **changed), "2026-03-30T15:40")


def _coming_in(found: dict[str, Message]) -> None:
    """What did not come by the form, and what is no complaint."""
    life = entered("complaint", represented=True)
    found["written-form.asked"] = life.mail("written-form", COMPLAINANT)
    life.wake("2026-04-08T08:00")
    found["written-form.reminded"] = life.mail("written-form", COMPLAINANT)
    found["case-news.waits-for-form"] = life.mail("case-news", "office")
    for variant, goes_on in (("goes-on", True), ("closed", False)):
        decided = deepcopy(life)
        reason = decided.write(reason=WHY_IN_WRITING)
        waive = WaiveWrittenForm(by="principal", stage="department", goes_on=goes_on, reason=reason)
        decided.do(waive, "2026-04-20T09:00")
        found[f"decision.form-{variant}"] = decided.mail("decision", COMPLAINANT)
        found[f"case-news.form-{variant}"] = decided.mail("case-news", "office")
        found["done.form-waived"] = decided.mail("done", "principal")
    sent = SendWrittenForm(
        by="office", stage="department", answers=life.write(**ANSWERS), aspects=2, represented=True
    )
    on_paper = deepcopy(life).do(sent, "2026-04-09T09:00")
    found["done.form-entered"] = on_paper.mail("done", "office")
    life.do(replace(sent, by=COMPLAINANT), "2026-04-09T09:00")
    found["written-form.received"] = life.mail("written-form", COMPLAINANT)
    found["case-news.form-received"] = life.mail("case-news", "office")
    life.acknowledge("2026-04-09T10:00").assign("2026-04-09T10:05", "bakery")
    consent = RecordConsent(by="office", stage="department", consent=life.write(consent=CONSENTED))
    life.do(consent, "2026-04-09T10:10")
    found["done.consent"] = life.mail("done", "office")
    found["case-news.consent"] = life.mail("case-news", "bakery")

    came_in_person = entered("complaint", route="in-person", first_contact=None)
    came_in_person.do(
        LogFirstContact(
            by="office", stage="department", log=came_in_person.write(done=DONE_AT_ONCE), content="no"
        ),
        "2026-03-30T15:45",
    )
    found["done.first-contact"] = came_in_person.mail("done", "office")
    asks = AskForWrittenForm(
        by="office", stage="department", reason=came_in_person.write(reason=WHY_IN_WRITING)
    )
    came_in_person.do(asks, "2026-03-30T16:00")
    found["written-form.on-request"] = came_in_person.mail("written-form", COMPLAINANT)
    found["done.form-asked"] = came_in_person.mail("done", "office")

    settled = entered("concern", settled=True)
    found["closure.settled"] = settled.mail("closure", COMPLAINANT)
    found["case-news.settled"] = settled.mail("case-news", "principal")
    found["done.entered"] = settled.mail("done", "office")
    logged = settled
    for kind in ("suggestion", "compliment"):
        logged = entered(kind)
        found[f"thanks.{kind}"] = logged.mail("thanks", COMPLAINANT)
        found[f"feedback.{kind}"] = logged.mail("feedback", "dean")
    logged.do(FollowUp(by="dean", note=logged.write(note=CAME_OF_IT)), "2026-05-05T09:00")
    found["done.followed-up"] = logged.mail("done", "dean")
    office = PROCEDURE.person("office")
    assert office is not None
    found["staff-link.plain"] = compose_staff_link(
        office, PROCEDURE, link=LINK.replace("/l/", "/s/"), until=at("2026-03-30T19:40")
    )
    answer = Promise(name="department/respond", due=date(2026, 4, 17), due_at=at("2026-04-17T23:00"))
    lost = Bereft(reference="EC-2B4D-6FHJ", stage="Stage 1: the department", due=answer, is_recorded=False)
    late = Promise(name="panel/respond", due=date(2026, 3, 27), due_at=at("2026-03-28T00:00"), over=True)
    page = "https://complaints.example/example-college/staff"
    several = (
        replace(lost, reference="EC-8LMN-3PQR", stage="Stage 2: the panel", due=late, is_recorded=True),
        lost,
        replace(lost, reference="EC-5STV-7WXY", due=replace(answer, name="department/acknowledge")),
        replace(lost, reference="EC-9KMP-4RST", due=None),
    )
    found["reviewer-left.one"] = compose_reviewer_left(office, PROCEDURE, cases=(lost,), page=page)
    found["reviewer-left.several"] = compose_reviewer_left(office, PROCEDURE, cases=several, page=page)


def _retention(found: dict[str, Message]) -> None:
    life = to_the_end(PROCEDURE).reply("2026-06-08T19:00", "satisfied")
    life.do(AnnounceDeletion(), "2031-06-09T01:00")
    found["deletion-notice.plain"] = life.mail("deletion-notice", "keeper")
    life.do(PlaceHold(by="keeper", reason=life.write(reason=HOLD_REASON)), "2031-06-10T09:00")
    found["done.hold-placed"] = life.mail("done", "keeper")
    assert life.case is not None
    life.do(LiftHold(by="keeper", hold=life.case.holds[0]), "2032-12-01T09:00")
    found["done.hold-lifted"] = life.mail("done", "keeper")
    keeper = PROCEDURE.person("keeper")
    assert keeper is not None
    found["deletion-certificate.plain"] = compose_certificate(
        {
            "reference": REF,
            "organisation": PROCEDURE.slug,
            "opened": "2026-03-30",
            "closed": "2026-06-08",
            "destroyed": "2032-12-17",
            "final_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        },
        keeper,
        PROCEDURE,
    )
