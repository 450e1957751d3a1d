"""A whole life of a case on the domain alone: no storage, no mail, no waiting.

The clock stands still while somebody acts and then jumps from one due instant to the next, as alarms that are
never late would have it. What comes out is a timeline for people: every event, every notice that goes out,
every date with how it was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, assert_never

from adapters.post.correspondence import kept_of, letter_id
from adapters.post.messages import Message, compose, needs, recipient_of
from domain.acts.retention import AnnounceDeletion, BeginDeletion, due_for_deletion_at
from domain.acts.waking import DeadlineBreached, DeadlineReminded, Wake
from domain.calendars import Calendar, spell_day, to_london
from domain.case import COMPLAINANT, SYSTEM, Case
from domain.command import Command, decide, writings
from domain.consequences import consequences
from domain.deadlines import Deadline
from domain.effect import Tell
from domain.errors import Refused
from domain.event import Event
from domain.form import SentMessage
from domain.notices import AS_SENT
from domain.occasions import MISSED
from domain.procedure import Procedure
from domain.records import FIRST_LINK, chained, instant, to_record
from domain.registry import available
from domain.situation import Outset, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event. `who` is the name of the person who acted."""

    event: Event
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice that goes out, and the case as it then is. `effect` is its place in the outbox."""

    effect: str
    at: datetime
    to: str
    tell: Tell
    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date that came about or moved."""

    at: datetime
    deadline: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Until when the closed case is kept."""

    at: datetime
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedDown:
    """Somebody tried to `act` and was refused, which changes nothing."""

    at: datetime
    who: str
    act: str
    refusal: Refused


Line = Happened | Told | Dated | Kept | TurnedDown


@dataclass(kw_only=True)
class Life:
    """One simulated case. Act with `act`; let time pass with `until`, `until_closed`, `until_destroyed`."""

    ref: str
    procedure: Procedure
    calendar: Calendar
    case: Case | None = None
    now: datetime | None = None
    """When something happened last."""
    events: list[Event] = field(default_factory=list)
    entries: list[Line] = field(default_factory=list)
    contents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """What people wrote, by its id."""
    _told_dates: dict[str, datetime] = field(default_factory=dict)

    def act(self, at: datetime, command: Command) -> Case:
        """Let time pass until `at`, then do it. Refused: as `decide`."""
        if self.case is not None:
            self.until(at)
        return self._do(at, command)

    def until(self, at: datetime) -> None:
        """Fire what becomes due up to `at`, each at its own instant."""
        while (due := self._due()) is not None and due[0] <= at:
            self._do(*due)

    def until_closed(self) -> None:
        """Let time pass until nothing is due any more. Where the case waits for somebody, it stays open."""
        while self.present.is_open and (due := self._due()) is not None and not self._is_left_alone():
            self._do(*due)

    def until_destroyed(self) -> None:
        """Let time pass to the end: announced when the case's time is over, destroyed when the notice is. Where it
        waits for somebody, or is held, it stays."""
        while (due := self._due()) is not None and not self._is_left_alone():
            self._do(*due)

    def turn_down(self, at: datetime, by: str, act: str, refusal: Refused) -> None:
        """Note that somebody was refused."""
        self.now = at
        self.entries.append(TurnedDown(at=at, who=self.name(by), act=act, refusal=refusal))

    @property
    def present(self) -> Case:
        """The case as it is now. ValueError: there is none yet."""
        if self.case is None:
            raise ValueError("Nothing has been submitted yet.")
        return self.case

    def name(self, person: str) -> str:
        if person in (COMPLAINANT, SYSTEM):
            return person
        found = self.procedure.person(person)
        return found.name if found is not None else person

    def situation(self, now: datetime | None, case: Case | None = None) -> Situation:
        """Return the case at a moment: as it is, or as it was. ValueError: nothing has been submitted yet."""
        if now is None:
            raise ValueError("Nothing has been submitted yet.")
        return Situation(case or self.present, procedure=self.procedure, calendar=self.calendar, now=now)

    def mail(self, told: Told) -> Message:
        """Return the mail of a notice, with a link that leads nowhere where the person has something to do."""
        at = self.situation(told.at, told.case)
        acts = available(at, by=told.tell.person)
        link = f"https://{self.procedure.slug}.example/l/..." if acts else None
        contents = {name: self.read_one(name) for name in needs(told.tell, told.case)}
        to = recipient_of(told.tell, told.case, self.procedure, contents)
        return compose(told.tell, to, at=at, contents=contents, link=link)

    def read(self, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """Return what people wrote, by id; ids that do not exist are left out."""
        return {name: self.contents[name] for name in ids if name in self.contents}

    def read_one(self, name: str) -> Mapping[str, Any]:
        """Return what was written, or a message to the complainant as it was sent. KeyError: there is none."""
        if not name.startswith(AS_SENT):
            return self.contents[name]
        told = next(told for told in self._to_complainant() if f"{AS_SENT}{letter_id(told.effect)}" == name)
        kept = kept_of(told.effect, told.tell, self.mail(told), at=told.at)
        if kept is None:
            raise KeyError(name)
        return kept.words

    def sent(self, notice: str) -> SentMessage | None:
        """Return the newest message to the complainant of this kind; None: there is none."""
        found = [told for told in self._to_complainant() if told.tell.notice == notice]
        return SentMessage(id=letter_id(found[-1].effect), notice=found[-1].tell.notice) if found else None

    def _to_complainant(self) -> Iterator[Told]:
        entries = (entry for entry in self.entries if isinstance(entry, Told))
        return (told for told in entries if told.tell.person == COMPLAINANT)

    def timeline(self, *, mails: bool = False) -> str:
        """Return all that happened so far, as one text; with `mails`, each mail in full."""
        lines: list[str] = []
        for entry in self.entries:
            lines.extend(_lines(entry))
            if mails and isinstance(entry, Told):
                lines.extend(_printed(self.mail(entry)))
        return "\n".join(lines) + "\n"

    def plain(self, *, mails: bool = False) -> dict[str, Any]:
        """Return the same for programs: plain values that JSON takes."""
        return {
            "organisation": self.procedure.slug,
            "version": self.procedure.version,
            "reference": self.ref,
            "open": self.present.is_open,
            "ended": self.present.ended,
            "destroyed": self.present.erasing,
            "timeline": [self._plain(entry, mails=mails) for entry in self.entries],
        }

    def history(self) -> dict[str, Any]:
        """Return the stored form of what happened: each event with its hash and the one before, and the case that they
        make."""
        records: list[dict[str, Any]] = []
        head = FIRST_LINK
        for event in self.events:
            fact = to_record(event)
            previous, head = head, chained(fact, head)
            records.append({"fact": fact, "previous": previous, "hash": head})
        return {
            "organisation": self.procedure.slug,
            "version": self.procedure.version,
            "reference": self.ref,
            "events": records,
            "case": to_record(self.present),
        }

    def _is_left_alone(self) -> bool:
        """Return whether nothing will happen any more but that people are told again, without end, of what was
        missed."""
        if self.now is None or not self.present.is_open:
            return False
        at = self.situation(self.now)
        first = next(iter(at.wakes), None)
        return (
            first is not None
            and first.deadline.endswith(f"/{MISSED}")
            and first.index > at.procedure.chase.times
        )

    def _due(self) -> tuple[datetime, Command] | None:
        """Return what happens next of itself, and when; None: nothing."""
        if self.now is None:
            return None
        at = self.situation(self.now)
        deletion = due_for_deletion_at(at.case)
        if at.wakes and (deletion is None or at.wakes[0].at < deletion):
            return at.wakes[0].at, Wake()
        if deletion is None or at.case.erasing:
            return None
        command = AnnounceDeletion() if at.case.destroy_at is None else BeginDeletion()
        # After a hold the day may have passed already.
        return max(deletion, self.now), command

    def _do(self, now: datetime, command: Command) -> Case:
        before = (
            Outset(self.ref, procedure=self.procedure, calendar=self.calendar, now=now)
            if self.case is None
            else self.situation(now)
        )
        events = decide(before, command)
        effects = consequences(before, events)
        self.now = now
        self.contents.update({writing.id: writing.words for writing in writings(command)})
        at: Outset | Situation = before
        for number, event in enumerate(events, start=len(self.events) + 1):
            at = at.then(event)
            self.case = at.case
            self.entries.append(Happened(event=event, who=self.name(event.by)))
            for place, follows in enumerate(effects):
                if follows.event == number and isinstance(follows.effect, Tell):
                    name, tell = f"{number:06}#{place}", follows.effect
                    told = Told(effect=name, at=event.at, to=self.name(tell.person), tell=tell, case=at.case)
                    self.entries.append(told)
        self.events.extend(events)
        if isinstance(at, Situation):
            self._dates(at)
        return self.present

    def _dates(self, at: Situation) -> None:
        for deadline in at.dates:
            if deadline.is_met or self._told_dates.get(deadline.name) == deadline.due.due_at:
                continue
            self._told_dates[deadline.name] = deadline.due.due_at
            self.entries.append(Dated(at=at.now, deadline=deadline))
        case = at.case
        if case.keep_until is None or case.closed_at is None:
            return
        if self._told_dates.get("kept") != case.closed_at:
            self._told_dates["kept"] = case.closed_at
            self.entries.append(Kept(at=at.now, until=case.keep_until))

    def _plain(self, entry: Line, *, mails: bool) -> dict[str, Any]:
        match entry:
            case Happened():
                return {"entry": "event", "who": entry.who, **to_record(entry.event)}
            case Told():
                plain = {"entry": "mail", "at": instant(entry.at), "to": entry.to, **to_record(entry.tell)}
                del plain["type"]
                if mails:
                    mail = self.mail(entry)
                    plain |= {"address": mail.to.email, "subject": mail.subject, "text": mail.text}
                return plain
            case Dated():
                return {"entry": "date", "at": instant(entry.at), **_plain_date(entry.deadline)}
            case Kept():
                return {"entry": "kept", "at": instant(entry.at), "until": entry.until.isoformat()}
            case TurnedDown():
                return {
                    "entry": "refusal",
                    "at": instant(entry.at),
                    "who": entry.who,
                    "act": entry.act,
                    "error": type(entry.refusal).__name__,
                    "message": str(entry.refusal),
                }
            case _:
                assert_never(entry)


def _plain_date(deadline: Deadline) -> dict[str, Any]:
    rule, due = deadline.rule, deadline.due
    return {
        "name": deadline.name,
        "due": due.due.isoformat(),
        "due_at": due.due_at.isoformat(),
        "counted": due.counted,
        "steps": [{"day": step.day.isoformat(), "reason": step.reason} for step in due.steps],
        **({"source": rule.source} if rule.source else {"own_target": rule.own_target}),
    }


def _lines(entry: Line) -> Iterator[str]:
    match entry:
        case Happened(event=event, who=who):
            yield f"{_moment(event.at)}  {who}: {_describe(event)}"
        case Told(to=to, tell=tell):
            yield f"    tells {to}: {tell.notice}"
        case Dated(deadline=deadline):
            origin = "" if deadline.rule.source else " (own target)"
            yield f"    due {deadline.name}: {spell_day(deadline.due.due)}{_time_of(deadline.due.due_at)}{origin}"
            yield f"        {deadline.due.counted}"
            for step in deadline.due.steps:
                yield f"        skips {spell_day(step.day)}: {step.reason}"
        case Kept(until=until):
            yield f"    kept until the end of {spell_day(until)}"
        case TurnedDown():
            yield f"{_moment(entry.at)}  {entry.who}: {entry.act} refused ({type(entry.refusal).__name__})"
            yield f"    {entry.refusal}"
        case _:
            assert_never(entry)


def _printed(mail: Message) -> Iterator[str]:
    """Yield a mail as it would be read, set off from the timeline."""
    head = f"To: {mail.to.name} <{mail.to.email}>\nSubject: {mail.subject}\n\n"
    for line in (head + mail.text.rstrip()).splitlines():
        yield f"      | {line}".rstrip()


def _describe(event: Event) -> str:
    name = type(event).__name__
    match event:
        case DeadlineReminded(deadline=deadline) | DeadlineBreached(deadline=deadline):
            return f"{name} {deadline}"
        case _:
            pass
    details = [
        str(getattr(event, name)) for name in ("stage", "to_stage", "how", "action") if hasattr(event, name)
    ]
    return " ".join((name, *details))


def _moment(at: datetime) -> str:
    local = to_london(at)
    return f"{spell_day(local.date())} {local:%H:%M}"


def _time_of(due_at: datetime) -> str:
    """Return the time of day at which a deadline ends that does not end with its day."""
    local = to_london(due_at)
    return "" if (local.hour, local.minute, local.second) == (0, 0, 0) else f" {local:%H:%M}"
