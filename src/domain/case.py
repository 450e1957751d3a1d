"""A case, and how events make it.

`evolve` is total over events and never refuses: what is stored has happened. It reads no procedure and no
clock, so that the same events make the same case for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, Protocol, Self

from domain.breaches import Awaited, Breach, DateMoved, Reminded, Wait
from domain.exchanges import Addition, ContactLimit, DeclinedPoints, MediationRecord, Question
from domain.frozen import Frozen, replace
from domain.linked import CaseLink
from domain.notekinds import AddressState, Correspondent, NoteKind
from domain.papers import DocumentRecord, ExportRecord, FailedNotice, LetterRecord
from domain.planned import ActionRecord, PlannedAction

COMPLAINANT = "complainant"
SYSTEM = "system"
"""Who acts, beside the people of the directory, who act under their ids."""


class Finding(Frozen):
    """The conclusion on one aspect (numbered from 1)."""

    aspect: int
    conclusion: str
    answered_with: int = 0
    """The aspect whose conclusion and reasons stand for this one too; 0: it has its own."""


class StageRecord(Frozen):
    """What happened on one stage. A case visits a stage once."""

    stage: str
    requested_at: datetime
    aspects: tuple[int, ...] = ()
    """Those that the complainant took to this stage; empty: all of the case's."""
    acknowledged_at: datetime | None = None
    understood: str = ""
    """The content that sets out how the complaint is understood; empty: the procedure does not ask for it."""
    reviewers: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    """The recorded outcome; empty while there is none, and again after it was returned."""
    wording: str = ""
    remedies: tuple[str, ...] = ()
    """Those that the recorded outcome names."""
    actions: tuple[PlannedAction, ...] = ()
    """Those that the recorded outcome promises."""
    agreed: str = ""
    """The content with the agreed points that the recorded outcome answers; empty: those of the form."""
    recorded_by: str = ""
    approved_by: tuple[str, ...] = ()
    returned: int = 0
    """How often an outcome was returned."""
    respond_by: date | None = None
    """The last day that an interim response gave, in place of the procedure's."""
    interim: str = ""
    """The content with the newest interim response's message."""
    interims: int = 0
    """How many there were."""
    progress: str = ""
    """The content with the newest progress report's message."""
    progress_at: datetime | None = None
    """When the complainant was last told how it is going, by a progress report or an interim response."""
    first_response_at: datetime | None = None
    """When they were first told on this stage what has been done or is planned."""
    responded_at: datetime | None = None
    replied_at: datetime | None = None
    external: Literal["", "open", "answered"] = ""
    """Where help from outside stands that the reviewers asked for."""
    external_details: str = ""
    noted: tuple[NoteKind, ...] = ()
    """What the notes are about, oldest first."""
    reviewers_noted: tuple[NoteKind, ...] = ()
    """The same of the reviewers' own notes: what others noted is no conversation with them."""
    questions: tuple[Question, ...] = ()
    additions: tuple[Addition, ...] = ()
    taken_up_at: datetime | None = None
    """When the case was opened again on this stage, the last time."""

    @property
    def awaits_approval(self) -> bool:
        return bool(self.findings) and self.responded_at is None

    @property
    def spoke(self) -> bool:
        """Whether a reviewer spoke with the complainant."""
        return not {"meeting-held", "call-reached"}.isdisjoint(self.reviewers_noted)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that the complainant can still answer; with the outcome they lapse."""
        if self.responded_at is not None:
            return ()
        return tuple(question for question in self.questions if not question.answer)

    @property
    def undecided(self) -> tuple[Addition, ...]:
        return tuple(addition for addition in self.additions if addition.accepted is None)


class Case(Frozen):
    """One complaint or concern. `version` is the number of its events. All instants are UTC."""

    ref: str
    version: int
    organisation: str
    procedure_version: int
    form: str
    kind: str
    course: str
    opened_at: datetime
    incident_on: date | None
    late: bool
    answers: str
    aspects: int
    stages: tuple[StageRecord, ...]
    reminded: tuple[Reminded, ...] = ()
    breaches: tuple[Breach, ...] = ()
    unreachable: tuple[str, ...] = ()
    """Persons whom a notice did not reach, and who have not been reached since."""
    failed: tuple[FailedNotice, ...] = ()
    """Everything that did not arrive, oldest first."""
    closed_at: datetime | None = None
    ended: str = ""
    keep_until: date | None = None
    holds: tuple[str, ...] = ()
    destroy_at: datetime | None = None
    erasing: bool = False
    known_on: date | None = None
    lateness: Literal["", "accepted", "declined"] = ""
    """What was decided about a complaint that came late; empty while nothing is."""
    lateness_reason: str = ""
    involved: tuple[str, ...] = ()
    """Persons who are involved in the matter, and so neither review nor decide."""
    presumed: tuple[str, ...] = ()
    """Those of them whom the complaint itself names, as long as nobody has confirmed it."""
    involvement: Literal["", "to-confirm", "confirmed"] = ""
    """Whether the complaint names people, and somebody who is not involved has said who is."""
    involvement_asked_at: datetime | None = None
    """When somebody was last asked to say it."""
    involvement_reminders: int = 0
    late_reply: Literal["", "asked", "accepted", "declined"] = ""
    """What became of a request for the next stage after the silence that closed the case."""
    late_reply_reasons: str = ""
    """The content with the complainant's reasons."""
    late_reply_reason: str = ""
    """The content with the reason for the decision."""
    reopening: Literal["", "asked", "answered"] = ""
    """What became of an attempt to reopen an exhausted case."""
    reopening_reasons: str = ""
    exhaustion_confirmed_by: str = ""
    moved: tuple[DateMoved, ...] = ()
    """Every date that was counted anew when holidays or terms changed, oldest first."""
    lateness_decided_at: datetime | None = None
    late_reply_at: datetime | None = None
    """When the next stage was asked for after the silence, the last time."""
    late_reply_decided_at: datetime | None = None
    reopening_at: datetime | None = None
    reopening_answered_at: datetime | None = None
    actions: tuple[ActionRecord, ...] = ()
    """What was promised with the outcomes that were sent."""
    lessons: tuple[str, ...] = ()
    """The contents with what was learned."""
    agreed: str = ""
    """The content with the main points as they were agreed; empty: they are as the complainant wrote them."""
    route: str = "web"
    """How it came."""
    by_letter: bool = False
    represented: bool = False
    """Somebody acts for the complainant."""
    consent: str = ""
    """The content that says how the complainant consented to that; empty: it is not on record."""
    contact: str = ""
    """Whether the complainant was content with what was done at once; empty: nothing is logged about it."""
    form_asked_at: datetime | None = None
    """When the case began to wait for the complaint in writing."""
    form_reminded_at: datetime | None = None
    form_reminders: int = 0
    form_here_at: datetime | None = None
    form_waived_at: datetime | None = None
    """When it was decided that it goes on without."""
    followed_up: str = ""
    """The content that says what came of a suggestion or a compliment."""
    documents: tuple[DocumentRecord, ...] = ()
    exports: tuple[ExportRecord, ...] = ()
    letters: tuple[LetterRecord, ...] = ()
    chased: int = 0
    """How often staff were told again of what was missed since the newest breach, and when last."""
    chased_at: datetime | None = None
    awaited_at: datetime | None = None
    """When staff were last told that a date cannot be counted yet."""
    reached_by: str = ""
    """The content that says how the complainant is reached now; empty: it is as the form says."""
    address_of_links: str = ""
    """The content with the address that the complainant's links go to, where it was corrected: those that went to
    another one have ended."""
    address_since: int = 0
    """The number of the event that corrected the address last."""
    correspondent: Correspondent = "complainant"
    declined: tuple[DeclinedPoints, ...] = ()
    look_into: str = ""
    """The content that says what has to be looked into although the complaint was withdrawn."""
    look_into_at: datetime | None = None
    """When that was recorded."""
    look_into_chased: int = 0
    """How often people were told again that it has to be looked into, and when last."""
    look_into_chased_at: datetime | None = None
    looked_into: str = ""
    """The content that says what came of it."""
    links: tuple[CaseLink, ...] = ()
    corrections: tuple[str, ...] = ()
    """The contents with what was corrected since the form was filled in, oldest first."""
    made_on: str = ""
    """The stage on which it became the complaint that it is now; empty: it came in as what it is."""
    late_since: datetime | None = None
    """When it turned out to be late, where that was not when it came in."""
    late_is_decided: bool = False
    """Somebody decides on it where it came late, also where the procedure names nobody for that."""
    relationship: str = ""
    """What the complainant said they are, of the form's choices; empty: they did not say, or nobody asked."""
    skipped: tuple[str, ...] = ()
    """Stages to which the case does not go on."""
    owes_letter: bool = False
    """Whether a letter is still to be sent that is owed after the closure."""
    completion: str = ""
    """The content with that letter, and when it was sent."""
    completion_sent_at: datetime | None = None
    mediations: tuple[MediationRecord, ...] = ()
    """Each offer of mediation, oldest first."""
    contact_limit: ContactLimit | None = None
    """How contact with the complainant is limited, or is proposed to be; None: it is not."""
    address: AddressState = ""
    told_of_end: tuple[str, ...] = ()
    """Persons who were involved in the matter and have been told that it has ended."""
    waits: tuple[Wait, ...] = ()
    """When the complainant was awaited for more than answers to questions, oldest first."""

    @property
    def waits_for_form(self) -> bool:
        """Whether the complaint is still to be put in writing."""
        return (
            self.is_open
            and self.form_asked_at is not None
            and self.form_here_at is None
            and self.form_waived_at is None
        )

    @property
    def lacks_consent(self) -> bool:
        """Whether somebody acts for the complainant, whose consent to it is not on record."""
        return self.represented and not self.consent

    @property
    def waits_for_mediation(self) -> bool:
        """Whether a mediation is still to be held that the complainant has accepted."""
        return (
            bool(self.mediations) and bool(self.mediations[-1].accepted) and not self.mediations[-1].ended_at
        )

    @property
    def current(self) -> StageRecord:
        """The stage that the case is on, or was on when it closed."""
        return self.stages[-1]

    @property
    def made(self) -> StageRecord:
        """The stage on which it was made as what it is now: the first, or where a concern became a complaint."""
        return next((record for record in self.stages if record.stage == self.made_on), self.stages[0])

    @property
    def points(self) -> tuple[int, ...]:
        """The numbers of the aspects that the current stage answers."""
        return self.current.aspects or tuple(range(1, self.aspects + 1))

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_to_be_looked_into(self) -> bool:
        """Whether something has still to be looked into although the complaint was withdrawn."""
        return self.ended == "withdrawn" and bool(self.look_into) and not self.looked_into

    @property
    def is_asked(self) -> bool:
        """Whether a request from the complainant is waiting for a decision although the case is closed."""
        return "asked" in (self.late_reply, self.reopening)

    @property
    def counts_from(self) -> date | None:
        """The day from which the time to hand in a complaint counts."""
        return counted_from(self.incident_on, self.known_on)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it is still to be said who is involved. Until then nobody has the case for a general right: to hear
        of every case, to keep records, to hold."""
        return self.involvement == "to-confirm"

    def link_goes_to(self, person: str) -> str:
        """Return what a link for `person` has to have been sent to in order to work: the id of the correction that the
        newest address came with. Empty: the address has never been corrected, or it is a member of staff."""
        return self.address_of_links if person == COMPLAINANT else ""

    def is_barred(self, person: str) -> bool:
        """Return whether `person` is involved in the matter, and was not assigned in spite of it."""
        return person in self.involved and person not in self.current.reviewers

    def without(self, persons: Iterable[str]) -> Self:
        """Return the same without what these persons had to do on the current stage, as long as it is not answered. An
        outcome that a reviewer recorded goes with the reviewer."""
        gone, current = frozenset(persons), self.current
        if current.responded_at is not None:
            return self
        remaining = tuple(person for person in current.reviewers if person not in gone)
        approved = tuple(person for person in current.approved_by if person not in gone)
        if remaining == current.reviewers:
            return self.on_stage(approved_by=approved)
        return self.on_stage(reviewers=remaining, findings=(), wording="", recorded_by="", approved_by=())

    def involved_before(self, stage: str) -> frozenset[str]:
        """Return everybody who reviewed, recorded or approved on a stage other than `stage`."""
        return frozenset(
            person
            for record in self.stages
            if record.stage != stage
            for person in (*record.reviewers, record.recorded_by, *record.approved_by)
            if person
        )

    def waiting(self, what: Awaited, *, still: bool, at: datetime) -> Self:
        """Return the same, in which the complainant is awaited for `what` from `at` on, or no longer."""
        running = tuple(wait for wait in self.waits if wait.what == what and wait.until is None)
        if still == bool(running):
            return self
        if still:
            return replace(self, waits=(*self.waits, Wait(what=what, since=at)))
        waits = tuple(replace(wait, until=at) if wait in running else wait for wait in self.waits)
        return replace(self, waits=waits)

    def on_stage(self, **happened: Any) -> Self:
        """Return the same but for these fields of the current stage's record."""
        return replace(self, stages=(*self.stages[:-1], replace(self.current, **happened)))

    def with_first_response(self, at: datetime) -> Self:
        return self.on_stage(first_response_at=self.current.first_response_at or at)

    def with_action(self, action: str, **happened: Any) -> Self:
        """Return the same but for these fields of a promised action."""
        actions = tuple(replace(known, **happened) if known.id == action else known for known in self.actions)
        return replace(self, actions=actions)

    def with_letter(self, letter: str, **happened: Any) -> Self:
        """Return the same but for these fields of a letter."""
        letters = tuple(replace(known, **happened) if known.id == letter else known for known in self.letters)
        return replace(self, letters=letters)


def counted_from(incident_on: date | None, known_on: date | None) -> date | None:
    """Return the day from which the time to hand in a complaint counts: the incident, or its becoming known."""
    return max((day for day in (incident_on, known_on) if day is not None), default=None)


class Happens(Protocol):
    """What makes a case, or another case of one: an event."""

    @property
    def by(self) -> str: ...
    def opened(self, ref: str, /) -> Case:
        """Return the case that begins with it. ValueError: none does."""

    def after(self, case: Case, /) -> Case:
        """Return the case as it is then. ValueError: it cannot happen to a case that there is."""


def replay(ref: str, events: Iterable[Happens]) -> Case:
    """Return the case that these events make. ValueError: there are none, or the first does not open a case."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event, ref=ref)
    if case is None:
        raise ValueError("A case begins with an event.")
    return case


def evolve(case: Case | None, event: Happens, *, ref: str) -> Case:
    """Return the case after `event`. ValueError: the event cannot stand first, or a second time."""
    if case is None:
        return event.opened(ref)
    after = event.after(case)
    is_theirs = event.by == COMPLAINANT and after.address_since == case.address_since
    if is_theirs and after.address == "to-confirm":
        # They have acted from a link that went there: no other would have let them.
        after = replace(after, address="confirmed")
    return replace(after, version=case.version + 1)
