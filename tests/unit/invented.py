"""An invented organisation, its procedure with what can be added to it, and a case in a line or two.

The tests of the domain and the samples of mails stand on it: its ladder has what the real ones have, and no real
procedure's wording moves a golden file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from domain.acts.acknowledgement import Acknowledge
from domain.acts.assignment import AssignReviewers
from domain.acts.intake import SubmitComplaint
from domain.acts.outcome import RecordOutcome
from domain.calendars import Calendar, Limit
from domain.case import COMPLAINANT, Case, Finding, evolve, replay
from domain.command import Command
from domain.effect import Tell
from domain.event import Event
from domain.ladder import (
    Approval,
    DeadlineRule,
    End,
    LateInformation,
    Pause,
    Remind,
    Review,
    Signposting,
    Skip,
    Stage,
    WaitingFor,
)
from domain.procedure import Choice, Contact, Field, Form, Person, Procedure, Role, Signpost, WrittenForm
from domain.provisions import (
    Completion,
    Conclusion,
    Disclosure,
    Exhausted,
    LateReply,
    Letters,
    Mediation,
    Records,
    Refusal,
    Remedy,
    Retention,
)
from domain.words import Writing
from tests.rules import consequences, decide

REF = "EC-7K3M-9QXT"

CALENDAR = Calendar(
    "england-and-wales",
    (
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 5, 25), "Spring bank holiday"),
        (date(2026, 8, 31), "Summer bank holiday"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 3, 26), "Good Friday"),
        (date(2027, 3, 29), "Easter Monday"),
    ),
    known_from=date(2026, 1, 1),
    known_until=date(2033, 12, 31),
)

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)

OWN = "The policy states no limit; this is the organisation's own target."


def _rule(
    name: Any, within: Limit, counted_from: Any, *, days_before: int | None = None, **more: Any
) -> DeadlineRule:
    remind = () if days_before is None else (Remind(working_days_before=days_before),)
    return DeadlineRule(name=name, within=(within,), counted_from=counted_from, remind=remind, **more)


def _reply(**source: str) -> DeadlineRule:
    return _rule("reply", Limit(10, "working-days"), "responded", days_before=3, **source)


SUBMIT = _rule("submit", Limit(1, "months"), "incident", source="2")
ACKNOWLEDGE = _rule("acknowledge", Limit(3, "working-days"), "requested", days_before=1, source="3")

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
        Role(id="manager", title="Head of Department"),
        Role(id="board", title="Member of the senior team"),
        Role(id="principal", title="Principal"),
        Role(id="leadership", title="Principal"),
        Role(id="governor", title="Governor"),
        Role(id="privacy", title="Data protection contact"),
    ),
    people=(
        Person(id="office-1", name="Complaints Officer", email="office@college.example", roles=("office",)),
        Person(id="manager-1", name="Head of Bakery", email="bakery@college.example", roles=("manager",)),
        Person(
            id="manager-2",
            name="Head of Joinery",
            email="joinery@college.example",
            roles=("manager", "board"),
        ),
        Person(id="board-1", name="Dean", email="dean@college.example", roles=("board",)),
        Person(id="board-2", name="Bursar", email="bursar@college.example", roles=("board",)),
        Person(
            id="principal",
            name="Principal",
            email="principal@college.example",
            roles=("principal", "leadership"),
        ),
        Person(id="deputy", name="Deputy Principal", email="deputy@college.example", roles=("leadership",)),
        Person(id="chair", name="Chair of Governors", email="chair@college.example", roles=("governor",)),
        Person(id="governor", name="Governor (staff)", email="governor@college.example", roles=("governor",)),
        Person(
            id="privacy-1", name="Data Protection Officer", email="dpo@college.example", roles=("privacy",)
        ),
    ),
    coordinator="office",
    escalates_to="leadership",
    forms=(
        Form(
            id="complaint",
            title="Make a complaint",
            kind="complaint",
            starts_at="first",
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
                Field(
                    id="complained_about",
                    label="Who is it about?",
                    type="roles",
                    choices=(Choice(id="manager", label="Head of Department"),),
                ),
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
            id="first",
            title="Stage 1: the department",
            about="The Head of Department looks into what happened and writes to you.",
            aspects="can-be-agreed",
            acknowledgement="person",
            review=Review(role="manager", assigned_by="office", source="3.1"),
            deadlines=(
                SUBMIT,
                ACKNOWLEDGE,
                _rule(
                    "respond",
                    Limit(10, "working-days"),
                    "acknowledged",
                    days_before=3,
                    source="3.2",
                    extension="with-new-date",
                    extension_source="3.3",
                ),
                _reply(source="4"),
            ),
            next="second",
        ),
        Stage(
            id="second",
            title="Stage 2: the senior team",
            about="Two members of the senior team review the first answer.",
            acknowledgement="automatic",
            review=Review(role="board", count=2, fresh=True, source="5"),
            approval=Approval(by="fellow-reviewers", source="5.1"),
            deadlines=(
                _rule("respond", Limit(4, "weeks"), "requested", days_before=5, own_target=OWN),
                _reply(source="4"),
            ),
            next="third",
        ),
        Stage(
            id="third",
            title="Stage 3: the governors",
            about="The Principal prepares the case, and two governors decide.",
            acknowledgement="automatic",
            review=Review(role="principal", source="6"),
            approval=Approval(by="role", role="governor", count=2, source="6.1"),
            deadlines=(
                _rule("respond", Limit(20, "working-days"), "requested", days_before=5, source="6"),
                _reply(own_target=OWN),
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
    retention=Retention(keep=Limit(5, "years"), notice=Limit(14, "days"), told="privacy", own_target=OWN),
    remedies=(
        Remedy(id="apology", label="An apology", wording="We apologise for what went wrong."),
        Remedy(id="repeat", label="A repeated lesson"),
    ),
    evidence="optional",
    informed=("leadership",),
    informed_source="7",
)


def with_stage(procedure: Procedure, number: int, **changed: Any) -> Procedure:
    """The same ladder, with one of its stages changed; the first is 0."""
    stages = list(procedure.stages)
    stages[number] = replace(stages[number], **changed)
    return replace(procedure, stages=tuple(stages))


def with_rule(procedure: Procedure, name: str, **changed: Any) -> Procedure:
    """The same ladder, with the deadlines of a name changed on each stage."""
    return replace(
        procedure,
        stages=tuple(
            replace(
                stage,
                deadlines=tuple(
                    replace(rule, **changed) if rule.name == name else rule for rule in stage.deadlines
                ),
            )
            for stage in procedure.stages
        ),
    )


WITH_DISCRETION = with_rule(PROCEDURE, "submit", discretion=Limit(4, "months"), discretion_role="leadership")
"""The same, where the Principal decides whether a late complaint is considered."""

OPEN_TO_MORE = replace(
    with_stage(
        PROCEDURE,
        0,
        late_information=LateInformation(about="We consider what is new.", source="3.4"),
    ),
    disclosure=Disclosure(about="Only where it cannot be avoided.", tells_complainant=True, source="8"),
)
"""The same, where the complainant can add what is new, and hears what was disclosed."""

WITH_MORE = replace(
    PROCEDURE,
    stages=tuple(replace(stage, external_assistance=True) for stage in PROCEDURE.stages),
    late_reply=LateReply(role="leadership", source="4"),
    exhausted=Exhausted(letter_from=("governor",), source="6"),
    records=Records(role="board", source="6"),
    letters=Letters(signed_by="board", by_post=("outcome",), source="7"),
)
"""The same, with help from outside, late replies, a letter when it is exhausted, and somebody who answers for records
and letters."""

TAKEN_DOWN = replace(
    PROCEDURE,
    forms=tuple(
        replace(
            form,
            entered_as=("concern", "suggestion", "compliment"),
            passed_to="board",
            written=WrittenForm(
                routes=("telephone",),
                remind_after=Limit(5, "working-days"),
                reminders=1,
                counts=("respond",),
                source="1",
            ),
        )
        for form in PROCEDURE.forms
    ),
)
"""What is told by telephone waits until it is there in writing."""


INFORMAL = Stage(
    id="informal",
    title="Informally",
    about="The complaints office talks to the people concerned.",
    acknowledgement="automatic",
    review=Review(role="office", own_target=OWN),
    deadlines=(
        _rule("respond", Limit(2, "weeks"), "received", days_before=3, own_target=OWN),
        _reply(source="4"),
    ),
    next="first",
)

WITH_CONCERNS = replace(
    WITH_DISCRETION,
    forms=(
        replace(TAKEN_DOWN.forms[0], entered_as=()),
        Form(
            id="concern",
            title="Tell us informally",
            kind="concern",
            starts_at="informal",
            introduction=("Tell us what would help.",),
            fields=tuple(
                field
                for field in PROCEDURE.forms[0].fields
                if field.id in ("name", "email", "incident_date", "account", "complained_about")
            ),
            privacy=("We keep it for five years.",),
        ),
        Form(
            id="idea",
            title="Make a suggestion",
            kind="suggestion",
            introduction=("Tell us what we could do better.",),
            fields=tuple(
                field for field in PROCEDURE.forms[0].fields if field.id in ("name", "email", "account")
            ),
            privacy=("We keep it for five years.",),
        ),
    ),
    stages=(INFORMAL, *WITH_DISCRETION.stages),
)
"""The same, where a concern is dealt with informally first, and a complaint needs its form."""


def with_progress(procedure: Procedure) -> Procedure:
    """The same ladder, where the complainant is told every two weeks how it is going."""
    rule = _rule("progress", Limit(2, "weeks"), "acknowledged", days_before=1, source="2")
    return replace(
        procedure,
        stages=tuple(replace(stage, deadlines=(*stage.deadlines, rule)) for stage in procedure.stages),
    )


WAITS: Final[tuple[WaitingFor, ...]] = ("answers", "consent", "written-form", "mediation")


def with_pause(procedure: Procedure) -> Procedure:
    """The same ladder, where the time for the answer stands still while the complainant is asked something, where
    going on takes reasons, and where one of several reviewers heads them."""
    pausing = with_rule(
        procedure, "respond", pause=Pause(waiting_for=WAITS, at_most=Limit(5, "working-days"), source="2")
    )
    return replace(
        pausing,
        mediation=Mediation(about="Somebody from outside leads it.", source="9"),
        similar_aspects="can-be-answered-together",
        stages=tuple(
            replace(
                stage,
                review=replace(stage.review, head="head") if stage.review.count > 1 else stage.review,
                reasons_to_go_on="required" if stage.next else "optional",
            )
            for stage in pausing.stages
        ),
        roles=(*procedure.roles, Role(id="head", title="the head of the board")),
        people=tuple(
            replace(person, roles=(*person.roles, "head")) if person.id == "board-2" else person
            for person in procedure.people
        ),
    )


_ON_THE_WAY = Signposting(signposts=("ombudsman",), told_with=("interim-response", "outcome"), source="5.5")
BY_A_FRAMEWORK = replace(
    with_stage(
        with_stage(PROCEDURE, 0, understanding="required", signposting=_ON_THE_WAY),
        1,
        can_be_skipped=Skip(role="principal", source="4.3"),
    ),
    refusal=Refusal(about="Never lightly.", signposts=("ombudsman",), source="4"),
    completion=Completion(
        title="Completion of Procedures letter",
        letter_from=("governor",),
        within=(Limit(28, "days"),),
        source="6.1",
    ),
)
"""It asks for more in an acknowledgement, and for a letter at the end."""


def submitted(
    *,
    at: datetime = MONDAY,
    aspects: int = 2,
    incident_on: date | None = None,
    procedure: Procedure = PROCEDURE,
    by: str = COMPLAINANT,
    complained_about: tuple[str, ...] = (),
    people_involved: str = "",
) -> tuple[Event, ...]:
    """The events of a fresh complaint. One that staff enter came by telephone from somebody for whom another acts."""
    called = by != COMPLAINANT
    named = {"people_involved": people_involved} if people_involved else {}
    command = SubmitComplaint(
        organisation=procedure.slug,
        form="complaint",
        answers=Writing("answers", {"name": "Canary", "telephone": "01632 960 001"} | named),
        aspects=aspects,
        complained_about=complained_about,
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


def looked_into(procedure: Procedure = PROCEDURE, *, by: str = COMPLAINANT) -> tuple[Event, ...]:
    """A complaint of Monday, confirmed at once, that the first manager looks into."""
    events = submitted(procedure=procedure, by=by)
    events = then(events, Acknowledge(by="office-1", stage="first"), at=MONDAY, procedure=procedure)
    assign = AssignReviewers(by="office-1", stage="first", reviewers=("manager-1",))
    return then(events, assign, at=MONDAY, procedure=procedure)


def told(before: tuple[Event, ...], after: tuple[Event, ...], procedure: Procedure = PROCEDURE) -> list[Tell]:
    """Who is told what with the events that came, in the order in which it is put down."""
    case = replay(REF, before) if before else None
    fresh = after[len(before) :]
    follows = consequences(case, fresh, ref=REF, procedure=procedure, calendar=CALENDAR)
    return [one.effect for one in follows if isinstance(one.effect, Tell)]


def does(
    case: Case, command: Command, at: datetime = TUESDAY, procedure: Procedure = PROCEDURE
) -> tuple[Event, ...]:
    """What a command leads to."""
    return decide(case, command, ref=REF, procedure=procedure, calendar=CALENDAR, now=at)


def after(case: Case, *commands: Command, at: datetime = TUESDAY, procedure: Procedure = PROCEDURE) -> Case:
    """The case when that is done."""
    for command in commands:
        for event in does(case, command, at, procedure):
            case = evolve(case, event, ref=REF)
    return case


def notices(case: Case, events: tuple[Event, ...], procedure: Procedure = PROCEDURE) -> set[tuple[str, str]]:
    """Who is told, and by which notice, when these events happen to a case."""
    found = consequences(case, events, ref=REF, procedure=procedure, calendar=CALENDAR)
    return {(one.effect.person, one.effect.notice) for one in found if isinstance(one.effect, Tell)}


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
