"""An invented organisation for the tests of the domain: two stages, a person acknowledges, two approve the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.calendars import Calendar, Limit
from domain.case import Case, replay
from domain.commands import Command, RecordOutcome, SubmitComplaint, Writing
from domain.decide import decide
from domain.events import COMPLAINANT, Event, Finding
from domain.ladder import Approval, DeadlineRule, End, Pause, Remind, Review, Stage
from domain.procedure import (
    Conclusion,
    Contact,
    Exhausted,
    Field,
    Form,
    LateReply,
    Letters,
    Person,
    Procedure,
    Records,
    Retention,
    Role,
    Signpost,
    WrittenForm,
)

REF = "IO-2345-6789"

CALENDAR = Calendar(
    "england-and-wales",
    (
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 3, 26), "Good Friday"),
        (date(2027, 3, 29), "Easter Monday"),
    ),
    known_from=date(2026, 1, 1),
    known_until=date(2028, 12, 31),
)

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def _deadlines() -> tuple[DeadlineRule, ...]:
    return (
        DeadlineRule(
            name="acknowledge",
            within=(Limit(3, "working-days"),),
            counted_from="requested",
            remind=(Remind(working_days_before=1),),
            source="1",
        ),
        DeadlineRule(
            name="respond",
            within=(Limit(10, "working-days"),),
            counted_from="acknowledged",
            remind=(Remind(working_days_before=2),),
            source="2",
            extension="with-new-date",
            extension_source="2",
        ),
        DeadlineRule(
            name="reply",
            within=(Limit(10, "working-days"),),
            counted_from="responded",
            remind=(Remind(working_days_before=3),),
            source="3",
        ),
    )


PROCEDURE = Procedure(
    slug="invented-organisation",
    version=1,
    organisation="Invented Organisation",
    title="Complaints",
    document="An invented policy",
    region="england-and-wales",
    about=("About.",),
    contact=Contact(email="office@invented.example"),
    roles=(
        Role(id="office", title="the office"),
        Role(id="manager", title="a manager"),
        Role(id="board", title="a member of the board"),
        Role(id="privacy", title="the data protection contact"),
    ),
    people=(
        Person(id="office-1", name="Office", email="office@invented.example", roles=("office",)),
        Person(id="manager-1", name="First manager", email="m1@invented.example", roles=("manager",)),
        Person(
            id="manager-2", name="Second manager", email="m2@invented.example", roles=("manager", "board")
        ),
        Person(id="board-1", name="Board one", email="b1@invented.example", roles=("board",)),
        Person(id="board-2", name="Board two", email="b2@invented.example", roles=("board",)),
        Person(id="privacy-1", name="Privacy", email="p@invented.example", roles=("privacy",)),
    ),
    coordinator="office",
    escalates_to="board",
    forms=(
        Form(
            id="complaint",
            title="Complain",
            kind="complaint",
            starts_at="first",
            introduction=("Tell us.",),
            fields=(
                Field(id="name", label="Name", type="text", required=True),
                Field(id="email", label="Email", type="email", required=True),
                Field(id="account", label="What happened", type="long-text", required=True),
                Field(id="aspects", label="Main points", type="list"),
                Field(id="incident_date", label="When", type="date"),
            ),
            privacy=("We keep it for five years.",),
        ),
    ),
    conclusions=(
        Conclusion(id="upheld", label="Upheld"),
        Conclusion(id="not-upheld", label="Not upheld"),
    ),
    stages=(
        Stage(
            id="first",
            title="First stage",
            about="A manager looks into it.",
            aspects="can-be-agreed",
            acknowledgement="person",
            review=Review(role="manager", assigned_by="office", source="1"),
            deadlines=(
                DeadlineRule(
                    name="submit",
                    within=(Limit(1, "months"),),
                    counted_from="incident",
                    source="0",
                ),
                *_deadlines(),
            ),
            next="second",
            source="1",
        ),
        Stage(
            id="second",
            title="Second stage",
            about="Two members of the board look into it.",
            acknowledgement="automatic",
            review=Review(role="board", count=2, fresh=True, source="2"),
            approval=Approval(by="fellow-reviewers", source="2"),
            deadlines=_deadlines(),
            end=End(signposts=("ombudsman",), source="3"),
            source="2",
        ),
    ),
    signposts=(Signpost(id="ombudsman", name="Ombudsman", about="Independent.", source="3"),),
    retention=Retention(keep=Limit(5, "years"), notice=Limit(14, "days"), told="privacy", source="4"),
    informed=("board",),
)


WITH_DISCRETION = replace(
    PROCEDURE,
    stages=(
        replace(
            PROCEDURE.stages[0],
            deadlines=tuple(
                replace(rule, discretion=Limit(4, "months"), discretion_role="board")
                if rule.name == "submit"
                else rule
                for rule in PROCEDURE.stages[0].deadlines
            ),
        ),
        *PROCEDURE.stages[1:],
    ),
)
"""The same, where a member of the board decides whether a late complaint is considered."""


WITH_MORE = replace(
    PROCEDURE,
    stages=tuple(replace(stage, external_assistance=True) for stage in PROCEDURE.stages),
    late_reply=LateReply(role="board", source="3"),
    exhausted=Exhausted(letter_from=("board",), source="3"),
    records=Records(role="board", source="6"),
    letters=Letters(signed_by="board", by_post=("outcome",), source="7"),
)
"""The same, with help from outside, late replies, a letter when it is exhausted, and somebody who answers for records
and letters."""


def with_progress(procedure: Procedure) -> Procedure:
    """The same ladder, where the complainant is told every two weeks how it is going."""
    rule = DeadlineRule(
        name="progress",
        within=(Limit(2, "weeks"),),
        counted_from="acknowledged",
        remind=(Remind(working_days_before=1),),
        source="2",
    )
    return replace(
        procedure,
        stages=tuple(replace(stage, deadlines=(*stage.deadlines, rule)) for stage in procedure.stages),
    )


TAKEN_DOWN = replace(
    PROCEDURE,
    forms=tuple(
        replace(
            form,
            written=WrittenForm(
                routes=("telephone",),
                remind_after=Limit(5, "working-days"),
                reminders=2,
                counts=("acknowledge", "respond"),
                source="1",
            ),
        )
        for form in PROCEDURE.forms
    ),
)
"""What is told by telephone waits until it is there in writing."""


def submitted(
    *,
    at: datetime = MONDAY,
    aspects: int = 2,
    incident_on: date | None = None,
    procedure: Procedure = PROCEDURE,
    by: str = COMPLAINANT,
) -> tuple[Event, ...]:
    """The events of a fresh complaint. One that staff enter came by telephone from somebody for whom another acts."""
    called = by != COMPLAINANT
    command = SubmitComplaint(
        organisation=procedure.slug,
        form="complaint",
        answers=Writing("answers", {"name": "Canary", "telephone": "01632 960 001"}),
        aspects=aspects,
        incident_on=incident_on,
        by=by,
        route="telephone" if called else "web",
        by_letter=called,
        represented=called,
    )
    return decide(None, command, ref=REF, procedure=procedure, calendar=CALENDAR, now=at)


def then(
    events: tuple[Event, ...], command: Command, *, at: datetime, procedure: Procedure = PROCEDURE
) -> tuple[Event, ...]:
    """The events so far, and those of the command."""
    fresh = decide(replay(REF, events), command, ref=REF, procedure=procedure, calendar=CALENDAR, now=at)
    return (*events, *fresh)


def case_of(events: tuple[Event, ...]) -> Case:
    return replay(REF, events)


def outcome(
    by: str, stage: str, *, conclusions: tuple[str, ...] = ("upheld", "not-upheld"), reasons: str = "Because."
) -> RecordOutcome:
    """A complete outcome for a complaint with as many aspects as conclusions."""
    findings = tuple(
        Finding(aspect=number, conclusion=conclusion)
        for number, conclusion in enumerate(conclusions, start=1)
    )
    words = {"reasons": [reasons] * len(conclusions), "response": "We are sorry and will do this."}
    return RecordOutcome(by=by, stage=stage, findings=findings, wording=Writing(f"outcome-{stage}", words))


def with_pause(procedure: Procedure) -> Procedure:
    """The same ladder, where the time for the answer stands still while the complainant is asked something, where
    going on takes reasons, and where one of several reviewers heads them."""
    pause = Pause(waiting_for="answers", at_most=Limit(5, "working-days"), source="2")
    return replace(
        procedure,
        similar_aspects="can-be-answered-together",
        stages=tuple(
            replace(
                stage,
                deadlines=tuple(
                    replace(rule, pause=pause) if rule.name == "respond" else rule for rule in stage.deadlines
                ),
                review=replace(stage.review, head="head") if stage.review.count > 1 else stage.review,
                reasons_to_go_on="required" if stage.next else "optional",
            )
            for stage in procedure.stages
        ),
        roles=(*procedure.roles, Role(id="head", title="the head of the board")),
        people=tuple(
            replace(person, roles=(*person.roles, "head")) if person.id == "board-2" else person
            for person in procedure.people
        ),
    )
