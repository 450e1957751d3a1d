"""A complaint that did not come by the form, and waits until it is there in writing."""

from __future__ import annotations

from datetime import date, datetime

from domain.act import Act, FilledIn, Scene, Shows, Traits, deciding, nobody, somebody, writing
from domain.acts.closure import close
from domain.acts.conflict import losing, told_of_named, with_named
from domain.addresses import is_same
from domain.answers import (
    facts_in,
    form_to_fill_in,
    hold_to_named,
    hold_to_past,
    hold_to_points,
    hold_to_received,
    hold_to_scope,
)
from domain.calendars import opening_of, to_london
from domain.case import COMPLAINANT, SYSTEM, Case, counted_from
from domain.chasing import form_rule
from domain.command import Events, StageCommand
from domain.deadlines import is_late
from domain.errors import AlreadyDone, FieldProblem, InvalidAnswers, NotAllowed, NotNow, NotYours, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.people import involved_by, names_people
from domain.procedure import Form
from domain.reaching import reach_of, reached_elsewhere, told_by
from domain.rights import answered, in_charge, open_at, works_on
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing


class WrittenFormAsked(StageEvent):
    """The case waits until the complainant has filled in the form; `reason` is content, empty where the procedure
    asks for it of itself."""

    reason: str = ""

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        asked = replace(
            case,
            form_asked_at=self.at,
            form_here_at=None,
            form_waived_at=None,
            form_reminded_at=None,
            form_reminders=0,
        )
        return asked.waiting("written-form", still=True, at=self.at)

    def tells(self, telling: Telling) -> Tells:
        asked = telling.complainant("written-form", content=self.reason)
        return (*asked, *(telling.done if self.reason else ()))


class WrittenFormReminded(StageEvent):
    """The form has not come; complainant and staff were reminded. `last`: the complainant is not reminded again."""

    last: bool

    def after(self, case: Case) -> Case:
        return replace(case, form_reminded_at=self.at, form_reminders=case.form_reminders + 1)

    def tells(self, telling: Telling) -> Tells:
        rule = form_rule(telling.case, telling.procedure)
        still = rule is not None and telling.case.form_reminders <= rule.reminders
        told = telling.complainant("written-form") if still else ()
        return (*told, *telling.news(*telling.handling, *telling.coordinators))


class WrittenFormReceived(StageEvent):
    """The complaint is now in writing. `answers` is the content that takes the place of what was written down
    before; `received_at` is when it came, where that was before it was entered."""

    answers: str
    aspects: int
    course: str
    incident_on: date | None
    known_on: date | None
    represented: bool
    received_at: datetime | None = None
    involved: tuple[str, ...] = ()
    """The persons whom it names, and who were not known to be involved."""
    names_people: bool = False
    has_email: bool = False
    """It gives an email address, which there may not have been before."""
    late: bool | None = None
    """Whether what it is about was too long ago; None: as it was known before."""
    lost: tuple[str, ...] = ()
    """Reviewers whom it names: they lose the case."""
    new_address: bool = False
    """From now on emails go to another address, of which nobody knows yet whose it is."""

    wrote = ("answers",)

    def after(self, case: Case) -> Case:
        own = self.by == COMPLAINANT and case.correspondent == "complainant"
        if self.late is not None:
            since = self.at if self.late and not case.late else case.late_since
            case = replace(case, late=self.late, late_since=since if self.late else None)
        came = self.received_at or self.at
        # The points that went on, or were left, were those of what was written before.
        here = with_named(case, self.involved, to_confirm=self.names_people, at=self.at)
        here = here.on_stage(aspects=()).waiting("written-form", still=False, at=came)
        if self.new_address:
            here = reached_elsewhere(here, self.answers, address="to-confirm")
        return replace(
            here.waiting("consent", still=self.represented and not case.consent, at=came),
            form_here_at=came,
            answers=self.answers,
            aspects=self.aspects,
            agreed="",
            corrections=(),
            course=self.course,
            incident_on=self.incident_on,
            known_on=self.known_on,
            represented=self.represented,
            by_letter=case.by_letter and self.by != COMPLAINANT and not self.has_email,
            # What the complainant writes about themselves is newer than what was corrected for them.
            reached_by="" if own else case.reached_by,
        )

    def tells(self, telling: Telling) -> Tells:
        turned_out_late = telling.case.late_since == self.at
        deciders = telling.deciders("lateness") if turned_out_late else ()
        asked = telling.confirming if self.names_people else ()
        concerned = (*telling.reviewers, *telling.coordinators)
        return (
            *telling.complainant("written-form"),
            *(telling.complainant("consent-request") if telling.case.lacks_consent else ()),
            *told_of_named(telling, self.involved, lost=self.lost, to_confirm=self.names_people),
            *telling.news_to_others(*(person for person in concerned if person not in asked)),
            *telling.tell("decision-request", *deciders),
            *telling.done,
        )


class WrittenFormWaived(StageEvent):
    """Whether the case goes on without the form, or ends; `reason` is content, and the complainant is told it."""

    goes_on: bool
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        waived = replace(case, form_waived_at=self.at)
        return waived.waiting("written-form", still=False, at=self.at)

    def tells(self, telling: Telling) -> Tells:
        news = telling.news_to_others(*telling.reviewers, *telling.coordinators) if self.goes_on else ()
        return (*telling.complainant("decision", content=self.reason), *news, *telling.done)


class AskForWrittenForm(StageCommand):
    """`reason.words["reason"]`: why; the complainant reads it."""

    reason: Writing

    def decide(self, at: Situation) -> Events:
        at.require(ASK_FOR_FORM, self.by, self.stage)
        self.reason.require(reason="Write why you need the complaint in writing.")
        return (WrittenFormAsked(at=at.now, by=self.by, stage=self.stage, reason=self.reason.id),)


class SendWrittenForm(StageCommand):
    """The form, filled in by the complainant or entered for them; `answers.words` as for `SubmitComplaint`."""

    answers: Writing
    aspects: int
    course: str = ""
    relationship: str = ""
    subject: str = ""
    complained_about: tuple[str, ...] = ()
    incident_on: date | None = None
    known_on: date | None = None
    represented: bool = False
    received_at: datetime | None = None
    mailed_to: str = ""
    """The address for emails until then, as far as whoever sends it knows; empty: there was none."""

    def decide(self, at: Situation) -> Events:
        """Return what happens. SentElsewhere: it is about something that the procedure does not cover. InvalidAnswers:
        a day in the future."""
        at.require(WRITE if self.by == COMPLAINANT else ENTER_FORM, self.by, self.stage)
        hold_to_scope(at.procedure, {"relationship": self.relationship, "subject": self.subject})
        days = {"incident_date": self.incident_on, "became_known_date": self.known_on}
        hold_to_past(days, now=at.now)
        hold_to_points(self.aspects)
        hold_to_named(self.answers.words, at.procedure.form(at.case.form))
        received_at = self.received_at or at.now
        hold_to_received(received_at, now=at.now)
        if to_london(received_at).date() < to_london(at.case.opened_at).date():
            sentence = "The date the form reached you cannot be before the date of the complaint."
            raise InvalidAnswers((FieldProblem("received", sentence),))
        found = involved_by(self.answers.words, self.complained_about, at.procedure)
        return (
            WrittenFormReceived(
                at=at.now,
                by=self.by,
                stage=self.stage,
                answers=self.answers.id,
                aspects=self.aspects,
                course=self.course,
                incident_on=self.incident_on,
                known_on=self.known_on,
                represented=self.represented,
                received_at=self.received_at,
                involved=tuple(person for person in found if person not in at.case.involved),
                lost=losing(at.case, found),
                names_people=names_people(self.answers.words, self.complained_about),
                has_email=self.answers.says("email"),
                new_address=self._gives_new_address(at.case),
                late=self._is_late(at),
            ),
        )

    def _gives_new_address(self, case: Case) -> bool:
        """Return whether emails go elsewhere from now on: what was corrected since the complaint came is newer than
        what staff enter."""
        own = self.by == COMPLAINANT and case.correspondent == "complainant"
        email = str(self.answers.words.get("email", ""))
        return bool(email) and (own or not case.reached_by) and not is_same(email, self.mailed_to)

    def _is_late(self, at: Situation) -> bool | None:
        """Return whether it was too long ago when the complaint was made, for which the form gives the day; None: that
        is decided, or the form says nothing of it."""
        counts_from = counted_from(self.incident_on, self.known_on)
        if at.case.lateness or counts_from is None:
            return None
        made = at.case.made
        return is_late(at.procedure, made.stage, counts_from, at.calendar, now=made.requested_at)


class WaiveWrittenForm(StageCommand):
    """`reason.words["reason"]`: the complainant reads it."""

    goes_on: bool
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens: the case goes on with what was written down, or it ends. Incomplete: no reason."""
        at.require(WAIVE_FORM, self.by, self.stage)
        self.reason.require(reason="Write the reason for your decision.")
        waived = WrittenFormWaived(
            at=at.now, by=self.by, stage=self.stage, goes_on=self.goes_on, reason=self.reason.id
        )
        return (waived,) if self.goes_on else (waived, *close(at.then(waived), "unwritten"))


def remind_of_form(at: Situation) -> Events:
    """Say that the form has not come. Whom it concerns follows from how often that was said."""
    rule = form_rule(at.case, at.procedure)
    last = rule is None or at.case.form_reminders + 1 >= rule.reminders
    return (WrittenFormReminded(at=at.now, by=SYSTEM, stage=at.case.current.stage, last=last),)


def _waits(case: Case, stage: str) -> Refused | None:
    if refusal := open_at(case, stage):
        return refusal
    if case.waits_for_form:
        return None
    if case.form_here_at is not None:
        return AlreadyDone("The form has reached us. Thank you.")
    return NotNow("This case is not waiting for a form.")


def _against_asking(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it where the procedure lets staff ask for it, at any time before the stage is answered."""
    case = at.case
    if refusal := open_at(case, stage):
        return refusal
    if form_rule(case, at.procedure) is None:
        return NotAllowed("This procedure does not ask for complaints in writing.")
    if refusal := works_on(case, by, at.procedure):
        return refusal
    if case.waits_for_form:
        return AlreadyDone("This case is already waiting for the form.")
    if case.form_here_at is not None or case.route == "web":
        return AlreadyDone("The complaint is already in writing.")
    return answered(case)


def _against_sending(at: Situation, by: str, stage: str) -> Refused | None:
    """Return the complainant, as long as the case waits."""
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can send this.")
    return _waits(at.case, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it to staff, for the complainant who gave it to them on paper or by email."""
    if by == COMPLAINANT:
        return NotYours("Only staff can enter this.")
    return _waits(at.case, stage) or works_on(at.case, by, at.procedure)


def _against_waiving(at: Situation, by: str, stage: str) -> Refused | None:
    """Let those who coordinate decide whether it goes on without: nobody is shut out because a form is hard to fill
    in."""
    if refusal := _waits(at.case, stage):
        return refusal
    return in_charge(at.case, by, at.procedure, (at.procedure.coordinator, at.procedure.escalates_to))


def _asked_to_take_it(asking: Asking) -> SendWrittenForm:
    form = form_to_fill_in(asking.at.case, asking.at.procedure, by=asking.by)
    answers = asking.answers(form)
    received_at = None
    if received := answers.pop("received", ""):
        day = date.fromisoformat(received)
        # Of a day that has passed nobody knows more; what comes today comes now.
        is_today = day == to_london(asking.at.now).date()
        received_at = None if is_today else opening_of(day)
    return SendWrittenForm(
        by=asking.by,
        stage=asking.stage,
        answers=asking.writing(**answers),
        mailed_to=reach_of(asking.at.case, asking.read(told_by(asking.at.case))).email,
        received_at=received_at,
        **facts_in(answers, form),
    )


def _asked_to_waive(asking: Asking) -> WaiveWrittenForm:
    sentence = "Choose whether the case goes on or is closed."
    decision = asking.choice("decision", ("go-on", "close"), sentence)
    return WaiveWrittenForm(
        by=asking.by, stage=asking.stage, goes_on=decision == "go-on", reason=asking.wrote("reason")
    )


def _questions(at: Situation, by: str) -> Form:
    return form_to_fill_in(at.case, at.procedure, by=by)


def _played(step: Step, at: Situation) -> FilledIn:
    """Fill in nothing: the answers of a form are read by whoever plays the scenario."""
    return {}


_FORM = Shows(
    reads=lambda at, by: (at.case.answers,),
    gives=lambda at, by, contents: {},
    questions=_questions,
)

ASK_FOR_FORM = Act(
    name="ask-form",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_asking,
    asked=lambda asking: AskForWrittenForm(by=asking.by, stage=asking.stage, reason=asking.wrote("reason")),
    choice="action",
    shows=None,
    scenes={"ask-form": writing("reason")},
)
WRITE = Act(
    name="write",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_sending,
    asked=_asked_to_take_it,
    choice="action",
    shows=_FORM,
    scenes={"write": Scene(needs=(), knows=("answers", "aspects"), fills=_played, by=None)},
)
ENTER_FORM = Act(
    name="written",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_entering,
    asked=_asked_to_take_it,
    choice="action",
    shows=_FORM,
    scenes={"written": Scene(needs=(), knows=("answers", "aspects", "received"), fills=_played, by=None)},
)
WAIVE_FORM = Act(
    name="without-form",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_waiving,
    asked=_asked_to_waive,
    choice="action",
    shows=None,
    scenes={"without-form": deciding()},
)
ACTS = (ASK_FOR_FORM, WRITE, ENTER_FORM, WAIVE_FORM)
