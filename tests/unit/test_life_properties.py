"""What holds for every case, whatever people and clocks do: Hypothesis lets them do anything in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts.acknowledgement import Acknowledge
from domain.acts.actions import CompleteAction, completable
from domain.acts.approval import ApproveOutcome, ReturnOutcome
from domain.acts.aspects import AgreeAspects
from domain.acts.assignment import AssignReviewers
from domain.acts.bounces import RecordBounce
from domain.acts.closure import CaseEnded
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
from domain.acts.kind import ChangeKind
from domain.acts.late_reply import AskLate, CaseReopened, DecideLateReply
from domain.acts.lateness import DecideLateness
from domain.acts.lessons import RecordLessons
from domain.acts.letters import PostLetter, PrepareLetter
from domain.acts.linking import LinkCases, MarkDuplicate, UnlinkCases
from domain.acts.mediation import AnswerMediation, EndMediation, OfferMediation
from domain.acts.new_date import SendInterimResponse
from domain.acts.notes import AddNote
from domain.acts.outcome import RecordOutcome
from domain.acts.progress import ReportProgress
from domain.acts.questions import AnswerQuestions, AskQuestion
from domain.acts.reading import ConfirmRead
from domain.acts.recounting import Recount
from domain.acts.reopening import AskToReopen, ConfirmExhausted
from domain.acts.reply import Reply
from domain.acts.retention import AnnounceDeletion, BeginDeletion, DeletionBegun, LiftHold, PlaceHold
from domain.acts.scope import DeclineNotCovered
from domain.acts.sending_again import SendAgain
from domain.acts.skipping import SkipStage
from domain.acts.taking_up import TakeUp
from domain.acts.telling_involved import TellInvolved
from domain.acts.undertakings import ProposedAction
from domain.acts.waking import Wake
from domain.acts.whose_address import ConfirmAddress, SayWhoseAddress
from domain.acts.withdrawal import LookIntoAnyway, RecordLookedInto, Withdraw
from domain.acts.written_form import AskForWrittenForm, SendWrittenForm, WaiveWrittenForm
from domain.answers import recorded_in
from domain.calendars import BeyondHorizon
from domain.case import COMPLAINANT, Case, Finding, evolve, replay
from domain.command import Command
from domain.deadlines import Promised
from domain.effect import SetAlarm, Tell
from domain.errors import NotAllowed, NotNow, Refused
from domain.event import Event
from domain.ladder import LateInformation
from domain.people import responsible, turns
from domain.procedure import Procedure
from domain.records import from_record, to_record
from domain.words import Writing
from tests.rules import ACTIONS, available, consequences, decide, wakes
from tests.unit.invented import (
    BY_A_FRAMEWORK,
    CALENDAR,
    MONDAY,
    PROCEDURE,
    REF,
    TAKEN_DOWN,
    WITH_DISCRETION,
    WITH_MORE,
    outcome,
    submitted,
    with_pause,
    with_progress,
)

PERSONS = (*(person.id for person in PROCEDURE.people), COMPLAINANT, "nobody")

HAPPENED = date(2026, 9, 1)
"""Too long ago for any procedure here that sets a limit."""

persons = st.sampled_from(PERSONS)
stages = st.sampled_from(("first", "second", "third", "odd"))
wordings = st.sampled_from(("outcome-first", "outcome-second", "outcome-third"))
texts = st.sampled_from(("", " ", "Because."))


def _writing(name: str, key: str) -> st.SearchStrategy[Writing]:
    return texts.map(lambda text: Writing(name, {key: text}))


def promising(by: str, stage: str, due: date, role: str) -> RecordOutcome:
    """An outcome that promises one action."""
    plain = outcome(by, stage)
    words = {**plain.wording.words, "actions": {"action-1": "A fire door."}}
    action = ProposedAction(number=1, role=role, due=due)
    return replace(plain, actions=(action,), wording=Writing(plain.wording.id, words))


def _own_action(case: Case, person: str, procedure: Procedure) -> str:
    waiting = completable(case, person, procedure)
    return waiting[0].id if waiting else ""


commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        Acknowledge,
        by=persons,
        stage=stages,
        understood=st.none() | _writing("understood", "understood"),
    ),
    st.builds(AssignReviewers, by=persons, stage=stages, reviewers=st.lists(persons, max_size=3).map(tuple)),
    st.builds(
        AssignReviewers,
        by=st.just("office-1"),
        stage=stages,
        reviewers=st.sampled_from((("manager-1",), ("manager-2",), ("board-1", "board-2"))),
    ),
    st.builds(
        SendInterimResponse,
        by=persons,
        stage=stages,
        respond_by=st.dates(date(2026, 11, 1), date(2028, 1, 1)),
        message=_writing("interim", "message"),
    ),
    st.builds(ReportProgress, by=persons, stage=stages, message=_writing("progress", "message")),
    st.builds(outcome, persons, stages),
    st.builds(
        RecordOutcome,
        by=persons,
        stage=stages,
        findings=st.lists(
            st.builds(
                Finding,
                aspect=st.integers(-1, 4),
                conclusion=st.sampled_from(("upheld", "", "odd")),
                answered_with=st.integers(-1, 3),
            ),
            max_size=3,
        ).map(tuple),
        wording=st.just(Writing("w", {"reasons": ["a"], "response": "b"})),
    ),
    st.builds(
        ApproveOutcome,
        by=persons,
        stage=stages,
        wording=wordings,
    ),
    st.builds(
        ReturnOutcome,
        by=persons,
        stage=stages,
        wording=wordings,
        reason=_writing("return", "reason"),
    ),
    st.builds(Reply, by=persons, stage=stages, answer=st.sampled_from(("satisfied", "escalate"))),
    st.builds(
        Reply, by=st.just(COMPLAINANT), stage=stages, answer=st.sampled_from(("satisfied", "escalate"))
    ),
    st.builds(
        DecideLateness,
        by=persons,
        stage=stages,
        accepted=st.booleans(),
        reason=_writing("lateness", "reason"),
    ),
    st.builds(
        DeclareInvolvement,
        by=st.sampled_from(("office-1", "manager-1", "board-1", "nobody")),
        stage=stages,
        person=persons,
        reason=_writing("involved", "reason"),
    ),
    st.builds(
        ConfirmInvolvement,
        by=persons,
        stage=stages,
        persons=st.lists(persons, max_size=2).map(tuple),
        reason=_writing("confirmed", "reason"),
    ),
    st.builds(
        SeekExternalAssistance,
        by=persons,
        stage=stages,
        respond_by=st.dates(date(2026, 11, 1), date(2028, 1, 1)),
        details=st.just(Writing("external", {"whom": "Somebody", "why": "Because."})),
    ),
    st.builds(RecordExternalAnswer, by=persons, stage=stages, answer=_writing("answer", "answer")),
    st.builds(AskLate, by=st.just(COMPLAINANT), stage=stages, reasons=_writing("late", "reasons")),
    st.builds(
        DecideLateReply,
        by=persons,
        stage=stages,
        accepted=st.booleans(),
        reason=_writing("decided", "reason"),
    ),
    st.builds(AskToReopen, by=st.just(COMPLAINANT), stage=stages, reasons=_writing("reopen", "reasons")),
    st.builds(ConfirmExhausted, by=persons, stage=stages),
    st.builds(
        AddNote,
        by=persons,
        stage=stages,
        kind=st.sampled_from(
            ("call-reached", "call-not-reached", "meeting-arranged", "meeting-held", "note")
        ),
        note=_writing("note", "text"),
        companion=st.sampled_from(("", "nobody", "friend", "representative")),
    ),
    st.builds(AskQuestion, by=persons, stage=stages, question=_writing("question", "question")),
    st.builds(
        AnswerQuestions,
        by=st.sampled_from((COMPLAINANT, "nobody")),
        stage=stages,
        answers=st.sampled_from(("question", "another")).flatmap(lambda key: _writing("answers", key)),
    ),
    st.builds(
        RecordDisclosure,
        by=persons,
        stage=stages,
        what=st.sampled_from(("identity", "confidence")),
        disclosure=st.just(Writing("disclosure", {"to": "A tutor", "reason": "Because."})),
    ),
    st.builds(
        AddInformation,
        by=st.sampled_from((COMPLAINANT, "nobody")),
        stage=stages,
        information=_writing("information", "information"),
    ),
    st.builds(
        ConsiderInformation,
        by=persons,
        stage=stages,
        information=st.sampled_from(("information", "another")),
        accepted=st.booleans(),
        reason=_writing("considered", "reason"),
    ),
    st.just(Wake()),
    st.builds(RecordBounce, person=persons, notice=st.just("outcome")),
    st.builds(PlaceHold, by=persons, reason=_writing("hold", "reason")),
    st.builds(LiftHold, by=persons, hold=st.sampled_from(("hold", "other"))),
    st.builds(
        promising,
        persons,
        stages,
        st.dates(date(2026, 11, 1), date(2027, 11, 1)),
        st.sampled_from(("office", "board", "nobody", "")),
    ),
    st.builds(
        CompleteAction,
        by=persons,
        action=st.sampled_from(("first/action-1", "second/action-1", "odd")),
        note=st.none() | _writing("note", "note"),
    ),
    st.builds(RecordLessons, by=persons, lessons=_writing("lessons", "lessons")),
    st.builds(
        AgreeAspects,
        by=persons,
        stage=stages,
        aspects=st.lists(texts, max_size=3).map(lambda points: Writing("agreed", {"aspects": points})),
    ),
    st.builds(
        LogFirstContact,
        by=persons,
        stage=stages,
        log=_writing("log", "done"),
        content=st.sampled_from(("yes", "no", "not-asked")),
        settled=st.booleans(),
    ),
    st.builds(AskForWrittenForm, by=persons, stage=stages, reason=_writing("ask-form", "reason")),
    st.builds(
        SendWrittenForm,
        by=persons,
        stage=stages,
        answers=st.just(Writing("written", {"name": "Canary"})),
        aspects=st.integers(0, 3),
        incident_on=st.none() | st.dates(date(2026, 9, 1), date(2027, 1, 1)),
        represented=st.booleans(),
    ),
    st.builds(
        WaiveWrittenForm,
        by=persons,
        stage=stages,
        goes_on=st.booleans(),
        reason=_writing("waived", "reason"),
    ),
    st.builds(RecordConsent, by=persons, stage=stages, consent=_writing("consent", "consent")),
    st.builds(
        LimitContact,
        by=persons,
        stage=stages,
        limit=texts.map(lambda text: Writing("limit", {"limit": text, "reason": text})),
        review_on=st.dates(date(2026, 11, 1), date(2027, 6, 1)),
    ),
    st.builds(
        DecideLimit, by=persons, stage=stages, accepted=st.booleans(), reason=_writing("decided", "reason")
    ),
    st.builds(
        ReviewLimit,
        by=persons,
        stage=stages,
        review_on=st.none() | st.dates(date(2026, 11, 1), date(2027, 6, 1)),
        reason=_writing("reviewed", "reason"),
    ),
    st.builds(
        TellInvolved,
        by=persons,
        stage=stages,
        persons=st.lists(persons, max_size=2).map(tuple),
        message=_writing("message", "message"),
    ),
    st.builds(OfferMediation, by=persons, stage=stages, offer=_writing("offer", "offer")),
    st.builds(AnswerMediation, by=persons, stage=stages, accepted=st.booleans()),
    st.builds(AnswerMediation, by=st.just(COMPLAINANT), stage=stages, accepted=st.booleans()),
    st.builds(
        EndMediation,
        by=persons,
        stage=stages,
        held_on=st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 1)),
        note=_writing("note", "note"),
    ),
    st.builds(FollowUp, by=persons, note=_writing("followed", "note")),
    st.builds(
        AddDocument,
        by=persons,
        stage=stages,
        document=st.tuples(st.sampled_from(("file", "other")), texts).map(
            lambda one: Writing(one[0], {"name": one[1], "information": one[1]})
        ),
        media_type=st.sampled_from(("application/pdf", "audio/mpeg", "odd")),
        size=st.sampled_from((0, 1, 50_000_000)),
        sha256=st.just("0" * 64),
        shared=st.booleans(),
    ),
    st.builds(ExportCase, by=persons, reason=_writing("export", "reason")),
    st.builds(ConfirmRead, by=persons),
    st.builds(
        PrepareLetter,
        letter=st.sampled_from(("000002-0", "000003-0")),
        notice=st.sampled_from(("outcome", "closure")),
    ),
    st.builds(
        PostLetter,
        by=persons,
        letter=st.sampled_from(("000002-0", "000003-0", "odd")),
        on=st.dates(date(2026, 11, 1), date(2027, 1, 1)),
    ),
    st.builds(SkipStage, by=persons, stage=stages, reason=_writing("skipped", "reason")),
    st.builds(SendCompletion, by=persons, stage=stages, letter=_writing("completion", "letter")),
    st.just(AnnounceDeletion()),
    st.just(BeginDeletion()),
    st.builds(
        Recount,
        promised=st.lists(
            st.builds(
                Promised,
                deadline=st.sampled_from(
                    ("first/respond", "first/acknowledge", "third/reply", "odd/respond")
                ),
                due_at=st.datetimes(datetime(2026, 11, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
                    lambda due: due.replace(tzinfo=UTC)
                ),
            ),
            max_size=3,
        ).map(tuple),
    ),
)

pauses = st.sampled_from(
    (
        timedelta(0),
        timedelta(hours=5),
        timedelta(days=1),
        timedelta(days=6),
        timedelta(days=40),
        timedelta(days=2000),
    )
)

histories = st.lists(st.tuples(pauses, commands), max_size=25)

procedures = st.sampled_from(
    (
        PROCEDURE,
        # The same ladder, with everything that can go by itself going by itself.
        replace(
            PROCEDURE,
            stages=tuple(
                replace(
                    stage,
                    acknowledgement="automatic",
                    review=replace(stage.review, assigned_by=""),
                    late_information=LateInformation(about="Only what is new.", source="5"),
                )
                for stage in PROCEDURE.stages
            ),
        ),
        WITH_DISCRETION,
        WITH_MORE,
        with_progress(PROCEDURE),
        TAKEN_DOWN,
        with_pause(PROCEDURE),
        BY_A_FRAMEWORK,
    )
)


def begun(procedure: Procedure, *, about: str = "") -> tuple[Event, ...]:
    """A fresh complaint: by the form, or taken down for somebody where the procedure then asks for the form."""
    by = "office-1" if procedure is TAKEN_DOWN else COMPLAINANT
    roles = (about,) if about else ()
    return submitted(procedure=procedure, incident_on=HAPPENED, by=by, complained_about=roles)


def lived(
    history: list[tuple[timedelta, Command]], procedure: Procedure, *, about: str = ""
) -> list[tuple[Case, tuple[Event, ...], datetime]]:
    """Each decision that was taken: the case before it, its events, and when."""
    now = MONDAY
    events = begun(procedure, about=about)
    case = replay(REF, events)
    steps = []
    for pause, command in history:
        now += pause
        try:
            fresh = decide(case, command, ref=REF, procedure=procedure, calendar=CALENDAR, now=now)
            # A date that nobody knows yet stops the decision that it would follow from.
            consequences(case, fresh, ref=REF, procedure=procedure, calendar=CALENDAR)
        except (Refused, BeyondHorizon):
            continue
        steps.append((case, fresh, now))
        for event in fresh:
            case = evolve(case, event, ref=REF)
    return steps


@given(histories, procedures)
@settings(max_examples=150, deadline=None)
def test_decide_answers_every_command_in_every_state(
    history: list[tuple[timedelta, Command]], procedure: Procedure
) -> None:
    """Events or a named refusal: no other exception, and every event makes one version."""
    for case, fresh, _ in lived(history, procedure):
        after = case
        for event in fresh:
            after = evolve(after, event, ref=REF)
        assert case.version + len(fresh) == after.version


@given(histories, procedures)
@settings(max_examples=100, deadline=None)
def test_what_is_stored_is_what_was_decided(
    history: list[tuple[timedelta, Command]], procedure: Procedure
) -> None:
    """Cases, events and effects come back from their records as they went in, and a replay makes the same case."""
    steps = lived(history, procedure)
    events: list[Event] = list(begun(procedure))
    for case, fresh, _ in steps:
        assert case == replay(REF, events)
        assert case == from_record((Case,), to_record(case))
        events.extend(fresh)
        for event in fresh:
            assert event == from_record((type(event),), to_record(event))
        for one in consequences(case, fresh, ref=REF, procedure=procedure, calendar=CALENDAR):
            assert one.effect == from_record((Tell, SetAlarm), to_record(one.effect))


@given(histories, procedures)
@settings(max_examples=100, deadline=None)
def test_after_waking_nothing_is_due(history: list[tuple[timedelta, Command]], procedure: Procedure) -> None:
    """One wake does all that is due by then, and every date that still runs has an alarm ahead of it."""
    for case, _, now in lived(history, procedure):
        if case.erasing or now > datetime(2028, 6, 1, tzinfo=UTC):
            continue
        awake = case
        for event in decide(case, Wake(), ref=REF, procedure=procedure, calendar=CALENDAR, now=now):
            awake = evolve(awake, event, ref=REF)
        assert all(wake.at > now for wake in wakes(awake, procedure, CALENDAR))


@given(histories, procedures)
@settings(max_examples=200, deadline=None)
def test_an_open_case_always_has_a_next_wake(
    history: list[tuple[timedelta, Command]], procedure: Procedure
) -> None:
    """Whatever was done or left undone, something wakes it again, and within the longest limit that there is."""
    for case, fresh, now in lived(history, procedure):
        after = case
        for event in fresh:
            after = evolve(after, event, ref=REF)
        if not after.is_open or now > datetime(2028, 3, 1, tzinfo=UTC):
            continue
        waking = wakes(after, procedure, CALENDAR)
        assert waking
        assert waking[0].at < now + timedelta(days=366)


MOVES = frozenset(
    (
        "lateness",
        "acknowledge",
        "assign",
        "respond",
        "approve",
        "external-answer",
        "without-form",
        "consent",
        "confirm-involved",
    )
)
"""What moves a case on that waits for staff."""


@given(histories, procedures)
@settings(max_examples=200, deadline=None)
def test_in_an_open_case_somebody_can_act_who_has_been_asked(
    history: list[tuple[timedelta, Command]], procedure: Procedure
) -> None:
    """Whoever is involved or away: while it waits for staff, one of those whose turn it is can move it on; after an
    outcome the complainant can reply."""
    for case, fresh, _ in lived(history, procedure):
        after = case
        for event in fresh:
            after = evolve(after, event, ref=REF)
        if not after.is_open:
            continue
        if after.current.responded_at is not None:
            assert "reply" in available(after, by=COMPLAINANT, procedure=procedure)
            continue
        asked = {person for _, _, persons in turns(after, procedure) for person in persons}
        asked |= set(responsible(after, procedure))
        assert any(MOVES & set(available(after, by=person, procedure=procedure)) for person in asked)


@given(histories, procedures)
@settings(max_examples=100, deadline=None)
def test_a_case_ends_once_and_is_destroyed_only_after_its_time(
    history: list[tuple[timedelta, Command]], procedure: Procedure
) -> None:
    """No second closure without a reopening; no destruction of an open or held case, or less than five years and the
    notice after it."""
    steps = lived(history, procedure)
    endings = [event for _, fresh, _ in steps for event in fresh if isinstance(event, CaseEnded)]
    reopened = [event for _, fresh, _ in steps for event in fresh if isinstance(event, CaseReopened)]
    assert len(endings) <= 1 + len(reopened)
    for case, fresh, now in steps:
        if any(isinstance(event, DeletionBegun) for event in fresh):
            assert case.closed_at is not None
            assert not case.holds
            assert now >= case.closed_at + timedelta(days=5 * 365 + 14)


@given(histories, procedures, st.sampled_from(("office", "manager", "board", "privacy", "leadership")))
@settings(max_examples=200, deadline=None)
def test_nothing_reaches_who_is_involved(
    history: list[tuple[timedelta, Command]], procedure: Procedure, about: str
) -> None:
    """Whoever the complaint is about, or is marked later, is told nothing and can do nothing, whatever happens."""
    for case, fresh, _ in lived(history, procedure, about=about):
        after = case
        for event in fresh:
            after = evolve(after, event, ref=REF)
        for person in after.involved:
            if after.is_barred(person):
                assert not available(after, by=person, procedure=procedure)
        for one in consequences(case, fresh, ref=REF, procedure=procedure, calendar=CALENDAR):
            if isinstance(one.effect, Tell) and one.effect.what not in ("PersonInvolved", "InvolvedTold"):
                assert not after.is_barred(one.effect.person), one.effect


def attempts(case: Case, person: str, procedure: Procedure, now: datetime) -> dict[str, Command]:
    """Every act, as `person` would try it on the case's stage."""
    stage = case.current.stage
    wording = case.current.wording
    reason = Writing("new", {"reason": "Because.", "message": "Because."})
    return {
        "acknowledge": Acknowledge(by=person, stage=stage, understood=Writing("new", {"understood": "x"})),
        "assign": AssignReviewers(by=person, stage=stage, reviewers=()),
        "respond": outcome(person, stage),
        "interim": SendInterimResponse(by=person, stage=stage, respond_by=date(2028, 6, 30), message=reason),
        "progress": ReportProgress(by=person, stage=stage, message=reason),
        "approve": ApproveOutcome(by=person, stage=stage, wording=wording),
        "reply": Reply(by=person, stage=stage, answer="satisfied"),
        "note": AddNote(
            by=person,
            stage=stage,
            kind="meeting-held",
            note=Writing("new", {"text": "x"}),
            companion="friend",
        ),
        "ask": AskQuestion(by=person, stage=stage, question=Writing("new", {"question": "Why?"})),
        "consider": ConsiderInformation(
            by=person, stage=stage, information="information", accepted=True, reason=reason
        ),
        "disclose": RecordDisclosure(
            by=person, stage=stage, what="identity", disclosure=Writing("new", {"to": "x", "reason": "y"})
        ),
        "answer": AnswerQuestions(by=person, stage=stage, answers=Writing("new", {"question": "So."})),
        "add": AddInformation(by=person, stage=stage, information=Writing("new", {"information": "x"})),
        "hold": PlaceHold(by=person, reason=reason),
        "external": SeekExternalAssistance(
            by=person,
            stage=stage,
            respond_by=date(2028, 6, 30),
            details=Writing("external", {"whom": "Somebody", "why": "Because."}),
        ),
        "external-answer": RecordExternalAnswer(
            by=person, stage=stage, answer=Writing("answer", {"answer": "Yes."})
        ),
        "ask-late": AskLate(by=person, stage=stage, reasons=Writing("late", {"reasons": "Because."})),
        "late-reply": DecideLateReply(by=person, stage=stage, accepted=True, reason=reason),
        "reopen": AskToReopen(by=person, stage=stage, reasons=Writing("reopen", {"reasons": "Because."})),
        "exhausted": ConfirmExhausted(by=person, stage=stage),
        "involve": DeclareInvolvement(by=person, stage=stage, person=person, reason=reason),
        "confirm-involved": ConfirmInvolvement(by=person, stage=stage, persons=(), reason=reason),
        "lateness": DecideLateness(by=person, stage=stage, accepted=True, reason=reason),
        "lessons": RecordLessons(by=person, lessons=Writing("lessons", {"lessons": "Because."})),
        "aspects": AgreeAspects(by=person, stage=stage, aspects=Writing("agreed", {"aspects": ["One."]})),
        "complete": CompleteAction(by=person, action=_own_action(case, person, procedure)),
        "contact": LogFirstContact(
            by=person, stage=stage, log=Writing("log", {"done": "x"}), content="not-asked"
        ),
        "ask-form": AskForWrittenForm(by=person, stage=stage, reason=reason),
        "write": SendWrittenForm(by=person, stage=stage, answers=reason, aspects=1),
        "written": SendWrittenForm(by=person, stage=stage, answers=reason, aspects=1),
        "without-form": WaiveWrittenForm(by=person, stage=stage, goes_on=True, reason=reason),
        "consent": RecordConsent(by=person, stage=stage, consent=Writing("consent", {"consent": "x"})),
        "enter-reply": Reply(by=person, stage=stage, answer="escalate", reasons=reason),
        "enter-answer": AnswerQuestions(by=person, stage=stage, answers=Writing("new", {"question": "So."})),
        "enter-information": AddInformation(
            by=person, stage=stage, information=Writing("new", {"information": "x"})
        ),
        "enter-reopen": AskToReopen(
            by=person, stage=stage, reasons=Writing("reopen", {"reasons": "Because."})
        ),
        "withdraw": Withdraw(by=person, stage=stage),
        "enter-withdrawal": Withdraw(by=person, stage=stage),
        "look-into": LookIntoAnyway(by=person, stage=stage, what=Writing("look", {"look_into": "x"})),
        "looked-into": RecordLookedInto(by=person, stage=stage, note=Writing("note", {"note": "x"})),
        "decline": DeclineNotCovered(
            by=person, stage=stage, why=Writing("why", {"reason": "x", "goes_to": "y"})
        ),
        "link-case": LinkCases(by=person, stage=stage, other="EC-2345-6789", reason=reason),
        "unlink-case": UnlinkCases(by=person, stage=stage, other="EC-2345-6789", reason=reason),
        "duplicate": MarkDuplicate(by=person, stage=stage, of="EC-2345-6789", reason=reason),
        "correct": CorrectRecord(
            by=person,
            stage=stage,
            correction=Writing("corrected", {"remark": "x", "reason": "y"}),
            corrects=recorded_in(case),
        ),
        "change-kind": ChangeKind(by=person, stage=stage, kind="concern", reason=reason),
        "skip": SkipStage(by=person, stage=stage, reason=reason),
        "completion": SendCompletion(by=person, stage=stage, letter=Writing("letter", {"letter": "x"})),
        "offer-mediation": OfferMediation(by=person, stage=stage, offer=Writing("new", {"offer": "x"})),
        "answer-mediation": AnswerMediation(by=person, stage=stage, accepted=True),
        "enter-mediation": AnswerMediation(by=person, stage=stage, accepted=True),
        "mediation-held": EndMediation(
            by=person, stage=stage, held_on=None, note=Writing("new", {"note": "x"})
        ),
        "tell-involved": TellInvolved(
            by=person,
            stage=stage,
            persons=tuple(one for one in case.involved if one not in case.told_of_end),
            message=Writing("new", {"message": "x"}),
        ),
        "limit-contact": LimitContact(
            by=person,
            stage=stage,
            limit=Writing("new", {"limit": "x", "reason": "y"}),
            review_on=now.date() + timedelta(days=30),
        ),
        "decide-limit": DecideLimit(by=person, stage=stage, accepted=True, reason=reason),
        "review-limit": ReviewLimit(by=person, stage=stage, review_on=None, reason=reason),
        "take-up": TakeUp(by=person, stage=stage, reason=reason),
        "contact-details": CorrectContactDetails(
            by=person,
            stage=stage,
            whose="same",
            details=Writing("details", {"name": "x", "email": "x@x.example", "reason": "y"}),
            was=case.answers,
            mailed_to="",
        ),
        "whose-address": SayWhoseAddress(by=person, stage=stage, mine=False),
        "confirm-address": ConfirmAddress(by=person, stage=stage, how=Writing("how", {"how": "x"})),
        "send-again": SendAgain(by=person, stage=stage, message="000001-0", notice="receipt"),
        "follow-up": FollowUp(by=person, note=Writing("note", {"note": "x"})),
        "document": AddDocument(
            by=person,
            stage=stage,
            document=Writing("fresh", {"name": "A letter", "information": "What it shows."}),
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
        ),
        "export": ExportCase(by=person, reason=reason),
        "read": ConfirmRead(by=person),
        "posted": PostLetter(
            by=person,
            letter=next((one.id for one in case.letters if one.posted_on is None), ""),
            on=now.date(),
        ),
        "lift": LiftHold(by=person, hold=case.holds[0] if case.holds else ""),
    }


@given(histories, procedures)
@settings(max_examples=400, deadline=None)
def test_what_is_offered_is_what_is_allowed(
    history: list[tuple[timedelta, Command]], procedure: Procedure
) -> None:
    """A page offers an act exactly where the decision refuses neither the person nor the state."""
    steps = lived(history, procedure)
    if not steps:
        return
    case, _, now = steps[-1]
    for person in PERSONS:
        offered = available(case, by=person, procedure=procedure)
        tried = attempts(case, person, procedure, now)
        for action in ACTIONS:
            entered = (
                "written",
                "enter-reply",
                "enter-answer",
                "enter-information",
                "enter-reopen",
                "enter-withdrawal",
                "enter-mediation",
            )
            theirs = ("write", "reply", "answer", "add", "reopen", "withdraw", "answer-mediation")
            if action in (entered if person == COMPLAINANT else theirs):
                # The same command is another act for them: what staff enter, the complainant sends.
                continue
            is_refused = False
            try:
                decide(case, tried[action], ref=REF, procedure=procedure, calendar=CALENDAR, now=now)
            except NotAllowed:
                is_refused = True
            except NotNow:
                if action == "approve":
                    # Only whoever sends it is told what stands against an answer that goes out.
                    continue
                is_refused = True
            except (Refused, BeyondHorizon):
                # For what was asked, of which offering knows nothing.
                continue
            assert is_refused == (action not in offered), (action, person)
