"""Something comes in, by the form or entered by staff for somebody."""

from __future__ import annotations

from datetime import date, datetime

from domain.acts.stages import stage_begins
from domain.answers import (
    REACHED_BY,
    REACHED_HOW,
    hold_to_before,
    hold_to_named,
    hold_to_past,
    hold_to_points,
    hold_to_received,
    hold_to_scope,
)
from domain.case import COMPLAINANT, Case, StageRecord, counted_from
from domain.command import Command, Events
from domain.deadlines import is_late
from domain.errors import AlreadyDone, FieldProblem, InvalidAnswers, UnknownChoice
from domain.event import Contents, Event, StageEvent, Telling, Tells
from domain.frozen import replace
from domain.notekinds import Contentment
from domain.people import involved_by, names_people, passed_to
from domain.procedure import LOGGED, Form, Kind, Route
from domain.situation import Outset, Situation
from domain.words import Writing, require, says


class ComplaintSubmitted(StageEvent):
    """The case began. `answers` is the content that holds the filled-in form; aspects are numbered from 1."""

    organisation: str
    procedure_version: int
    form: str
    kind: str
    answers: str
    aspects: int
    course: str
    incident_on: date | None
    late: bool
    """Handed in after the procedure's limit; taken all the same, and shown."""
    known_on: date | None = None
    """The day on which the complainant found out, where that was later than the incident."""
    route: Route = "web"
    """How it came; what staff entered for somebody came in another way than by the form."""
    received_at: datetime | None = None
    """When it came, where that was before it was entered."""
    by_letter: bool = False
    """There is no address for mails, so that every notice to the complainant has to go by letter."""
    represented: bool = False
    """Somebody acts for the complainant."""
    settled: bool = False
    """It was settled at once, when it was first raised."""
    involved: tuple[str, ...] = ()
    """The persons whom it names."""
    names_people: bool = False
    """Whether it says whom it is about, be it in words that nobody has read."""
    relationship: str = ""
    """What the complainant said they are, of the form's choices."""
    late_is_decided: bool = False
    """If it is late, or turns out to be, somebody decides on it, also where the procedure names nobody for that. What
    was stored before this had a default goes on by itself."""

    has_address: bool = False
    """It gives an email address, of which nobody knows yet whose it is. What was stored before this was asked goes on
    by itself."""

    wrote = ("answers", "account")

    def opened(self, ref: str) -> Case:
        came = self.received_at or self.at
        return Case(
            ref=ref,
            version=1,
            organisation=self.organisation,
            procedure_version=self.procedure_version,
            form=self.form,
            kind=self.kind,
            course=self.course,
            relationship=self.relationship,
            opened_at=came,
            incident_on=self.incident_on,
            late=self.late,
            known_on=self.known_on,
            answers=self.answers,
            aspects=self.aspects,
            stages=(StageRecord(stage=self.stage, requested_at=came),),
            route=self.route,
            by_letter=self.by_letter,
            represented=self.represented,
            late_is_decided=self.late_is_decided,
            address="to-confirm" if self.has_address else "",
            involved=self.involved,
            presumed=self.involved,
            involvement="to-confirm" if self.names_people else "",
            involvement_asked_at=self.at if self.names_people else None,
        ).waiting("consent", still=self.represented, at=came)

    def after(self, case: Case) -> Case:
        raise ValueError("A case can only be opened once.")

    def tells(self, telling: Telling) -> Tells:
        case, procedure = telling.case, telling.procedure
        if self.kind in LOGGED:
            # A compliment is a pleasure to all who are in charge; whoever it is passed on to deals with it.
            concerned = telling.only_they(passed_to(case, procedure))
            return (*telling.complainant("thanks"), *telling.tell("feedback", *concerned), *telling.done)
        if self.settled:
            return telling.done
        acknowledged_at_once = procedure.stage(self.stage).acknowledgement == "automatic"
        coordinators = telling.coordinators
        return (
            *(() if acknowledged_at_once else telling.complainant("receipt")),
            *telling.tell("new-case", *coordinators),
            *telling.tell(
                "involvement", *(telling.confirming if case.is_unconfirmed and not coordinators else ())
            ),
            *(tell for tell in telling.done if tell.person not in coordinators),
            *telling.news(*(person for person in telling.informed if person not in coordinators)),
            *telling.tell("decision-request", *telling.deciders("lateness")),
            *(telling.complainant("consent-request") if case.lacks_consent else ()),
        )

    def said(self, contents: Contents, case: Case) -> str:
        """Return what was taken down before the form came."""
        return "" if self.answers == case.answers else super().said(contents, case)


class SubmitComplaint(Command):
    organisation: str
    form: str
    answers: Writing
    aspects: int
    course: str = ""
    relationship: str = ""
    subject: str = ""
    complained_about: tuple[str, ...] = ()
    """Roles whose holders it is about."""
    incident_on: date | None = None
    known_on: date | None = None
    """When the complainant found out, where the form asks for it."""
    by: str
    kind: str = ""
    """Empty: what the form is for."""
    route: Route = "web"
    received_at: datetime | None = None
    """When it came, where somebody enters it later."""
    by_letter: bool = False
    represented: bool = False
    first_contact: Writing | None = None
    """`words`: `done`, what was said and done at once; from staff who enter it for somebody."""
    content: Contentment = "not-asked"
    settled: bool = False
    checked: Writing | None = None
    """`words["how"]`: how staff checked that the email address is the complainant's."""

    def decide(self, at: Situation) -> Events:
        raise AlreadyDone("We have already received this complaint.")

    def begin(self, outset: Outset) -> Events:
        """Return what happens. A late complaint is taken too: whether it is considered is for a person to say.

        UnknownChoice: no such form, or a kind that it does not take. SentElsewhere: the procedure does not cover it.
        InvalidAnswers: the incident or the receipt lies in the future, or there is nothing to conclude on. Incomplete:
        what was settled at once lacks what was done."""
        procedure, now = outset.procedure, outset.now
        form = procedure.form(self.form)
        if form is None:
            raise UnknownChoice("There is no such form.")
        kind = self._checked(form, outset)
        is_staged = kind not in LOGGED and not self.settled
        if is_staged and self.by != COMPLAINANT:
            self._hold_to_reachable()
        received_at = self.received_at or now
        counts_from = counted_from(self.incident_on, self.known_on)
        is_answered = kind not in LOGGED
        submitted = ComplaintSubmitted(
            at=now,
            by=self.by,
            organisation=procedure.slug,
            procedure_version=procedure.version,
            form=form.id,
            kind=kind,
            stage=form.starts_at or procedure.stages[0].id,
            answers=self.answers.id,
            aspects=self.aspects,
            course=self.course,
            relationship=self.relationship,
            incident_on=self.incident_on,
            late=is_staged
            and is_late(procedure, form.starts_at, counts_from, outset.calendar, now=received_at),
            known_on=self.known_on,
            route=self.route,
            received_at=self.received_at,
            by_letter=self.by_letter,
            represented=self.represented,
            settled=self.settled,
            late_is_decided=True,
            has_address=self.answers.says("email"),
            involved=involved_by(self.answers.words, self.complained_about, procedure) if is_answered else (),
            names_people=is_answered and names_people(self.answers.words, self.complained_about),
        )
        at = outset.then(submitted)
        entered = self._entered(at, form, is_staged=is_staged)
        at = at.after(entered)
        if is_staged:
            return (submitted, *entered, *stage_begins(at))
        # Only what does not go on closes with its arrival, and nobody who complains waits for this to be imported.
        from domain.acts.closure import close

        return (submitted, *entered, *close(at, "settled" if self.settled else "logged"))

    def _checked(self, form: Form, outset: Outset) -> Kind:
        """Return what it is, once it is known that it can be taken."""
        hold_to_scope(outset.procedure, {"relationship": self.relationship, "subject": self.subject})
        days = {"incident_date": self.incident_on, "became_known_date": self.known_on}
        received_at = self.received_at or outset.now
        hold_to_received(received_at, now=outset.now)
        hold_to_past(days, now=outset.now)
        hold_to_before(days, received_at)
        hold_to_points(self.aspects)
        hold_to_named(self.answers.words, form)
        kind = self._kind(form)
        if self.settled:
            self._hold_to_settled(kind)
        return kind

    def _kind(self, form: Form) -> Kind:
        """Return what it is. A concern that staff could not settle at once goes on as what the form is for, with what
        was written down already. UnknownChoice: the form does not take it."""
        named = self.kind or form.kind
        for kind in form.kinds:
            if kind == named:
                return kind
        if self.by != COMPLAINANT:
            for kind in form.entered_as:
                if kind == named:
                    return form.kind if kind == "concern" and not self.settled else kind
            if named == form.kind:
                return form.kind
        raise UnknownChoice("This form cannot be used for this.", field="kind")

    def _hold_to_reachable(self) -> None:
        """Refuse somebody whom nobody can reach: they cannot be answered."""
        if not any(self.answers.says(name) for name in REACHED_BY):
            sentence = f"Enter {REACHED_HOW}, so that we can send the outcome."
            raise InvalidAnswers((FieldProblem("email", sentence),))

    def _hold_to_settled(self, kind: Kind) -> None:
        from domain.acts.first_contact import against_settling

        missing = against_settling(kind, self.content)
        if kind == "concern" and not says(self.first_contact, "done"):
            missing.insert(0, FieldProblem("done", "Write what was said and done."))
        require(missing)

    def _entered(self, at: Situation, form: Form, *, is_staged: bool) -> Events:
        """Return what staff add who enter it for somebody: what was done at once, and that it is still to come in
        writing."""
        entered: list[Event] = []
        if self.first_contact is not None:
            from domain.acts.first_contact import FirstContactLogged

            entered.append(
                FirstContactLogged(
                    at=at.now,
                    by=self.by,
                    stage=at.case.current.stage,
                    log=self.first_contact.id,
                    content=self.content,
                    settled=self.settled,
                )
            )
        if self.checked is not None and at.case.address == "to-confirm":
            from domain.acts.whose_address import AddressConfirmed

            entered.append(
                AddressConfirmed(at=at.now, by=self.by, stage=at.case.current.stage, how=self.checked.id)
            )
        if is_staged and self.by != COMPLAINANT and waits_for_form(form, self.route):
            from domain.acts.written_form import WrittenFormAsked

            entered.append(WrittenFormAsked(at=at.now, by=self.by, stage=at.case.current.stage))
        return tuple(entered)


def waits_for_form(form: Form, route: Route) -> bool:
    """Return whether what comes in this way waits until the complainant has filled in the form."""
    return form.written is not None and route in form.written.routes


def as_entered(form: Form, route: Route) -> Form:
    """Return the form as staff fill it in for somebody: without the declaration, which only the complainant can make;
    without having to name an email address, for there are other ways to reach people; and, where the form itself is
    still to come, with nothing required but who it is and what it is about."""
    waits = waits_for_form(form, route)
    needed = ("name", "account", "kind") if waits else None
    fields = tuple(
        replace(
            field,
            required=field.required and field.id != "email" and (needed is None or field.id in needed),
        )
        for field in form.fields
        if field.type != "declaration" and field.id != "kind"
    )
    return replace(form, fields=fields)
