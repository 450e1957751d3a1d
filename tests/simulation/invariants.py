"""What must be true whenever something is written, whenever everything is at rest, and in the end.

The watch knows what was asked and what the table was told, and keeps its own account. Where it can it states a rule
in words of its own and does not ask the application whether the application is right; it does ask `evolve` what an
event makes of a case and `consequences` what follows from it, which the unit tests hold to account.
"""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

from adapters import procedures
from adapters.attributes import from_attributes, to_attributes
from domain.acting import ACTIONS, available, refusal
from domain.calendars import Calendar, end_of
from domain.case import Case, evolve
from domain.deadlines import deadlines_of, wakes
from domain.directory import roles_needed
from domain.effects import SetAlarm, Tell, consequences
from domain.events import (
    COMPLAINANT,
    SYSTEM,
    CaseEnded,
    ComplaintSubmitted,
    DatesRecounted,
    DeadlineBreached,
    DeletionAnnounced,
    DeletionBegun,
    DocumentAdded,
    Event,
)
from domain.frozen import replace
from domain.life.feedback import passed_to
from domain.life.standing import not_to_be_sent
from domain.procedure import LOGGED, Person, Procedure
from domain.records import FIRST_LINK, chained, from_record, to_record
from tests.simulation.bucket import Version
from tests.simulation.clients import Mail
from tests.simulation.dynamodb import Write
from tests.simulation.expressions import Item
from tests.simulation.filling import CANARY
from tests.simulation.peek import file_rules, people_in, rules
from tests.simulation.people import Act, Town
from tests.simulation.staff import Entry
from tests.simulation.times import DAY, HOUR, MINUTE
from tests.simulation.world import SKEW, STREAM_TIME, SWEEP_EVERY, Invocation, Outcome, World

_SEEN = CANARY[1:].lower()
"""Of the canary, what is the same in capitals, small letters and addresses."""

_EVENTS = get_args(Event)

COMPLAINANTS = frozenset(
    [
        "ComplaintSubmitted",
        "ComplainantSatisfied",
        "ComplainantDissatisfied",
        "ComplaintEscalated",
        "LateReplyAsked",
        "ReopeningAsked",
        "QuestionAnswered",
        "InformationAdded",
        "DocumentAdded",
        "CaseExported",
        "WrittenFormAsked",
        "WrittenFormReceived",
    ]
)
SYSTEMS = frozenset(
    [
        "ComplaintAcknowledged",
        "ReviewerAssigned",
        "DeadlineReminded",
        "DeadlineBreached",
        "StageLapsed",
        "CaseEnded",
        "DeletionAnnounced",
        "DeletionBegun",
        "NoticeBounced",
        "DatesRecounted",
        "ActionReminded",
        "ActionOverdue",
        "LetterPrepared",
        "LetterReminded",
        "WrittenFormAsked",
        "WrittenFormReminded",
    ]
)
REVIEWERS = frozenset(
    [
        "OutcomeRecorded",
        "InterimResponseSent",
        "ProgressReported",
        "QuestionAsked",
        "InformationConsidered",
        "ExternalAssistanceSought",
        "ExternalAnswerRecorded",
        "AspectsAgreed",
    ]
)
"""What only those do whom the stage is assigned to at that moment."""
COORDINATORS = frozenset(["NoteAdded", "InformationDisclosed", "LetterPosted", "WrittenFormReceived"])
REPLIES = frozenset(["ComplainantSatisfied", "ComplainantDissatisfied", "ComplaintEscalated"])
"""What staff enter only for those who have no link of their own to answer with."""
KEEPERS = frozenset(["HoldPlaced", "HoldLifted"])
IN_SPITE_OF_INVOLVEMENT = frozenset(
    ["CaseExported", "ActionDone", "LessonsRecorded", "HoldPlaced", "HoldLifted"]
)
"""What nobody decides on the complaint by."""
NO_WORK = frozenset(["hold", "lift", "complete", "lessons", "export", "involve"])
"""Who can do no more than this has not got the complaint on their desk, nor what belongs to it."""
SWEEPS_OF_A_DAY = 288
INVITED_FOR = 12 * HOUR
"""How long somebody waits for the link to their own page."""
BEHIND = 11 * MINUTE
"""So old is what an index shows at the most."""
KEPT_BACK = frozenset(["note", "hold", "involve"])
"""What staff write in these is for those who handle the case."""

HEARS = "who coordinates a case hears that its reviewer has left"

Rules = tuple[Procedure, Calendar]
"""Of a case, with the people of a moment."""


@dataclass(frozen=True, slots=True)
class Violation:
    """What was not as it must be. It holds no more than ids."""

    rule: str
    ref: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.ref} {self.detail}".strip()


@dataclass(slots=True)
class Account:
    """What is known of a case: its events as they were written, and what they make of it."""

    ref: str
    case: Case | None = None
    version: int = 0
    head: str = FIRST_LINK
    tells: dict[str, Tell] = field(default_factory=dict)
    alarms: dict[str, SetAlarm] = field(default_factory=dict)
    announced_at: float = 0.0
    destroyed: bool = False
    destroyed_at: float = 0.0
    begun: bool = False
    states: list[tuple[Case, tuple[str, ...]]] = field(default_factory=list)
    """The case after each transaction, and who did what it stored."""
    looked_at: tuple[int, int] = (-1, 0)
    """What the case's partition had seen of writes when it was last found at rest, and of how many deployments."""
    writes: int = 0
    documents: dict[str, DocumentAdded] = field(default_factory=dict)
    written_at: dict[str, float] = field(default_factory=dict)
    """When each effect was put into the outbox, or put back."""
    stored_at: float = 0.0
    open_since: float = 0.0

    def copied(self) -> Account:
        new = copy.copy(self)
        new.tells, new.alarms, new.states = dict(self.tells), dict(self.alarms), [*self.states]
        new.documents, new.written_at = dict(self.documents), dict(self.written_at)
        return new


class Watch:
    """Follows a world and keeps what it finds wrong in `violations`."""

    def __init__(self, world: World, town: Town) -> None:
        self.world = world
        self.town = town
        self.violations: list[Violation] = []
        self.accounts: dict[str, Account] = {}
        self.commits: defaultdict[int, list[str]] = defaultdict(list)
        self.directories: dict[str, tuple[tuple[float, Item | None], ...]] = {}
        """Each organisation's directory from when on; None: it was the procedure file's."""
        self._looked_at = 0
        """How many functions had been invoked when everything was last at rest."""
        self._listen()

    def _listen(self) -> None:
        self.world.on_commit.append(self.follow)
        self.world.on_mail.append(self.read)
        self.world.on_outcome.append(self.hear)
        self.world.on_object.append(self.kept)
        self.world.on_saved.append(self.saved)

    def copied(self, world: World, town: Town) -> Watch:
        """What is known, in the copy of a world with its people."""
        new = copy.copy(self)
        new.world, new.town = world, town
        new.violations = [*self.violations]
        new.accounts = {ref: account.copied() for ref, account in self.accounts.items()}
        new.directories = dict(self.directories)
        new.commits = defaultdict(list, {number: [*by] for number, by in self.commits.items()})
        new._listen()
        return new

    def refs(self) -> list[str]:
        return list(self.accounts)

    def found(self, rule: str, ref: str = "", detail: str = "") -> None:
        self.violations.append(Violation(rule, ref, detail))

    def rules(self, case: Case) -> Rules:
        """The rules of a case, with the people of this moment."""
        return rules(case, self.world.table, self.world.utc())

    def rules_since(self, case: Case, began: float, ended: float | None = None) -> list[Rules]:
        """The rules of a case, with the people of each directory that there was between two instants, as clocks that
        are wrong tell the day: nobody asks for it again while they decide."""
        procedure, calendar = file_rules(case)
        if procedure.organisation_slug not in self.directories:
            return [(procedure, calendar)]
        found = self.people_since(procedure.organisation_slug, began, ended)
        return [(replace(procedure, people=people), calendar) for people in found]

    def people_since(
        self, organisation: str, began: float, ended: float | None = None
    ) -> list[tuple[Person, ...]]:
        """Everybody, as each directory that there was between two instants has them; the latest first."""
        history = self.directories.get(organisation, ((0.0, None),))
        until = self.world.now if ended is None else ended
        if self.world.is_warm:
            # docs/decisions/0018-directory.md says that a running function may be a minute behind.
            began -= MINUTE
        ends = [since for since, _ in history[1:]] + [float("inf")]
        there = [
            item for (since, item), end in zip(history, ends, strict=True) if since <= until and end >= began
        ]
        days = [datetime.fromtimestamp(moment, UTC) for moment in (until, began - SKEW, until + SKEW)]
        of_file = procedures.load(organisation).people
        found = (
            of_file if item is None else people_in(item, day) for item in reversed(there) for day in days
        )
        return list(dict.fromkeys(found))

    def decided_by(self, case: Case) -> list[Rules]:
        """The rules that what is being stored can have been decided by: those of when its function began, and since."""
        stack = self.world.stack
        return self.rules_since(case, stack[-1].started if stack else self.world.now)

    # At every step.

    def follow(self, writes: Sequence[Write]) -> None:
        if all(write.new is None for write in writes):
            for write in writes:
                if write.key[0].startswith("CASE#"):
                    self._is_gone(write)
                if write.key[1].startswith("OUTBOX#INVITE#"):
                    self._was_invited(write)
                if write.key[1].startswith(("LEFT#", "OUTBOX#LEFT#")):
                    self._left_behind(write, writes)
            return
        by_case: defaultdict[str, list[Write]] = defaultdict(list)
        for write in writes:
            pk, sk = write.key
            if sk.startswith("OUTBOX#") and pk.startswith("CASE#") and write.new is not None:
                self._moved(write)
            if sk.startswith("LEFT#") and write.new is None:
                self._left_behind(write, writes)
            if pk.startswith("DIRECTORY#") and sk == "DIRECTORY":
                self._is_kept_up(write, writes)
            if write.new is not None and not sk.startswith("CONTENT#") and _SEEN in repr(write.new).lower():
                self.found("no personal data outside the case's contents", pk, sk)
            if pk.startswith("CASE#"):
                by_case[pk[5:]].append(write)
        for ref, own in by_case.items():
            self._follow_case(ref, own)

    def _moved(self, write: Write) -> None:
        """An effect was put into the outbox, put off, given up, put back or delivered."""
        (pk, name), new, old = write.key, write.new, write.old
        account = self.accounts.setdefault(pk[5:], Account(pk[5:]))
        shard = new["due_shard"]["S"] if new is not None and "due_shard" in new else ""
        was = old["due_shard"]["S"] if old is not None and "due_shard" in old else ""
        if old is None or (was.startswith("given-up") and shard.startswith("outbox")):
            account.written_at[name] = self.world.now
        if shard.startswith("given-up") and not was.startswith("given-up"):
            tried_for = self.world.now - account.written_at.get(name, 0.0)
            if tried_for < 0.9 * DAY or int(new["tries"]["N"]) < SWEEPS_OF_A_DAY:  # type: ignore[index]
                self.found("nothing is given up before it was tried for a day", pk, name)

    def _is_gone(self, write: Write) -> None:
        """One item was deleted, as most are."""
        ref = write.key[0][5:]
        account = self.accounts.setdefault(ref, Account(ref))
        account.writes += 1
        if not account.begun and not account.destroyed:
            self.found("nothing is deleted before the guard was passed", ref, write.key[1])
        if write.key[1].startswith("OUTBOX#CERTIFICATE#") and account.case is not None:
            assert write.old is not None
            organisation = file_rules(account.case)[0].organisation_slug
            person = write.old["effect"]["M"]["person"]["S"]
            has_left = self._had_left(organisation, person, account.destroyed_at)
            if not self.world.sent[write.key] and not has_left:
                self.found("every certificate goes out", ref, person)

    def _follow_case(self, ref: str, writes: list[Write]) -> None:
        account = self.accounts.setdefault(ref, Account(ref))
        account.writes += 1
        events = [write for write in writes if write.key[1].startswith("EVENT#") and write.new is not None]
        state = next((write for write in writes if write.key[1] == "STATE"), None)
        if account.destroyed:
            back = [write.key[1] for write in writes if write.new is not None]
            # A certificate that could not be sent yet is put off.
            if [sk for sk in back if not sk.startswith("OUTBOX#CERTIFICATE#")] or any(
                write.old is None for write in writes
            ):
                self.found("nothing comes back of what was destroyed", ref, writes[0].key[1])
            return
        if any(write.new is None for write in writes) and not account.begun:
            self.found("nothing is deleted before the guard was passed", ref, writes[0].key[1])
        if state is not None and state.new is not None and "tombstone" in state.new:
            self._buried(account, writes, state.new)
            return
        if any(write.old is not None for write in events):
            self.found("an event is written once", ref)
        if state is not None and state.new is not None and not events and _says_the_same(state):
            self._is_found(account, state.new)
            return
        if (state is not None) != bool(events):
            self.found("state and events are written together", ref)
        if not events or state is None or state.new is None:
            return
        self._happened(account, sorted(events, key=lambda write: write.key[1]), state, writes)

    def _happened(self, account: Account, events: list[Write], stored: Write, writes: list[Write]) -> None:
        ref, before, state = account.ref, account.case, stored.new
        assert state is not None
        facts: list[Event] = []
        for write in events:
            assert write.new is not None
            row = from_attributes(write.new)
            account.version += 1
            if write.key[1] != f"EVENT#{account.version:06}":
                self.found("events have no gap", ref, write.key[1])
            if row["previous"] != account.head or row["hash"] != chained(row["fact"], account.head):
                self.found("the hashes of the events chain", ref, write.key[1])
            account.head = row["hash"]
            fact: Event = from_record(_EVENTS, row["fact"])
            self._judge(account, fact)
            facts.append(fact)
            if isinstance(fact, DocumentAdded):
                account.documents[fact.document] = fact
                self._is_kept(account, fact)
            account.case = evolve(account.case, fact, ref=ref)
        case = account.case
        assert case is not None
        if int(state["version"]["N"]) != account.version or state["head"]["S"] != account.head:
            self.found("one transition a version", ref, f"{state['version']['N']} for {account.version}")
        if state["case"] != to_attributes({"case": to_record(case)})["case"]:
            self.found("the state equals the replay of the events", ref)
        if before is not None and stored.old is not None:
            self._is_told_of_moves(account, before, facts, stored.old)
        if case.kind in LOGGED and (case.is_open or len(case.stages) > 1):
            self.found("what is logged goes through no stage", ref, case.kind)
        account.states.append((case, tuple(fact.by for fact in facts)))
        account.stored_at = self.world.now
        if before is None or not before.is_open:
            account.open_since = self.world.now
        if self.world.stack:
            self.commits[self.world.stack[-1].number] += [fact.by for fact in facts]
        self._follows(account, before, tuple(facts), writes)
        self._is_found(account, state)

    def _follows(
        self, account: Account, before: Case | None, facts: tuple[Event, ...], writes: list[Write]
    ) -> None:
        """What follows from the events stands in the outbox, written with them."""
        case = account.case
        assert case is not None
        found = {
            write.key[1]: from_attributes(write.new)["effect"]
            for write in writes
            if write.key[1].startswith("OUTBOX#") and write.new is not None
        }
        expected: list[tuple[str, SetAlarm | Tell]] = []
        for procedure, calendar in self.decided_by(case):
            expected = [
                (f"OUTBOX#{one.event:06}#{place}", one.effect)
                for place, one in enumerate(
                    consequences(before, facts, ref=account.ref, procedure=procedure, calendar=calendar)
                )
            ]
            if found == {name: to_record(effect) for name, effect in expected}:
                break
        else:
            self.found("what follows from events is written with them", account.ref)
        for name, effect in expected:
            if isinstance(effect, Tell):
                account.tells[name] = effect
            else:
                account.alarms[name] = effect
        for fact in facts:
            if isinstance(fact, DeadlineBreached):
                told = {
                    one.person
                    for one in account.tells.values()
                    if one.what == fact.deadline and one.notice == "breach"
                }
                if not told.issuperset(person.id for person in procedure.holders(procedure.escalates_to)):
                    self.found("a breach is told", account.ref, fact.deadline)

    def _is_told_of_moves(self, account: Account, before: Case, facts: Sequence[Event], state: Item) -> None:
        """Where a date is another one by the calendar of today than the case was stored with, that is put on record
        before anything else is, and told (as all that follows from events)."""
        told = {move.deadline for fact in facts if isinstance(fact, DatesRecounted) for move in fact.moves}
        for deadline in self._moved_dates(before, state, self.world.now + SKEW) - told:
            self.found("a date that has moved is told", account.ref, deadline)

    @staticmethod
    def _moved_dates(case: Case, state: Item, now: float) -> set[str]:
        """The deadlines whose dates are not those that the case was stored with, and not over either way."""
        procedure, calendar = file_rules(case)
        promised = {name: _at(one["S"]) for name, one in state.get("promised", {"M": {}})["M"].items()}
        running = deadlines_of(case, case.current, procedure, calendar) if case.is_open else ()
        return {
            one.name
            for one in running
            if one.met_at is None
            and promised.get(one.name, one.due.due_at) != one.due.due_at
            and max(promised[one.name], one.due.due_at).timestamp() > now
        }

    def _is_found(self, account: Account, state: Item) -> None:
        """What has to be looked at some time stands on the index."""
        case = account.case
        assert case is not None
        due_at = _at(state["due_at"]["S"]) if "due_at" in state else None
        waking = [wakes(case, *rules) for rules in self.decided_by(case)]
        if not any(not those or (due_at is not None and due_at <= those[0].at) for those in waking):
            self.found("the sweep finds what is due", account.ref)
        closed = case.closed_at is not None and not case.is_asked and not case.holds
        if (
            closed
            and not any(waking)
            and (due_at is None or not state["due_shard"]["S"].startswith("delete"))
        ):
            self.found("the retention run finds what is closed", account.ref)

    # The directory.

    def _is_kept_up(self, write: Write, writes: Sequence[Write]) -> None:
        """A directory is stored anew: one change a version, on record, by somebody who may; and nobody is lacking whom
        a rule needs."""
        organisation, item = write.key[0].removeprefix("DIRECTORY#"), write.new
        assert item is not None
        history = self.directories.get(organisation, ((0.0, None),))
        before, version = history[-1][1], int(item["version"]["N"])
        if version != 1 + (int(before["version"]["N"]) if before is not None else 0):
            self.found("one change of the directory a version", organisation, str(version))
        record = (write.key[0], f"CHANGE#{version:06}")
        changes = [one.new for one in writes if one.key == record and one.new is not None and one.old is None]
        if len(changes) != 1:
            self.found("a change of the directory is on record", organisation)
        procedure = procedures.load(organisation)
        people = procedure.people if before is None else people_in(before, self.world.utc())
        for change in changes:
            by = from_attributes(change)["change"]["by"]
            roles = {role for one in people if one.id == by for role in one.roles}
            is_followed = any(one.key[1].startswith("LEFT#") and one.old is None for one in writes)
            if is_followed != (from_attributes(change)["change"]["what"] == "person-removed"):
                self.found(HEARS, organisation, "nothing waits for it to be told")
            if procedure.directory is None or not roles & set(procedure.directory.kept_by):
                self.found(
                    "no act by somebody who may not", organisation, f"a change of the directory by {by}"
                )
        now_there = people_in(item, self.world.utc())
        for role, needed in roles_needed(procedure).items():
            had, has = (sum(role in one.roles for one in those) for those in (people, now_there))
            if has < min(needed, had):
                self.found("nobody is lacking whom a rule needs", organisation, role)
        self.directories[organisation] = (*history, (self.world.now, item))
        if self.world.stack:
            self.commits[self.world.stack[-1].number].append("directory")

    def _was_invited(self, write: Write) -> None:
        """An invitation is taken out of the outbox when it was sent, or where nobody needs it any more."""
        assert write.old is not None
        organisation, person = write.key[0].removeprefix("STAFF#"), write.old["effect"]["M"]["person"]["S"]
        asked_at = _at(write.old["due_at"]["S"]).timestamp()
        sent, is_late = self.world.sent[write.key], self.world.now + SKEW > asked_at + INVITED_FOR
        if not sent and not is_late and not self._had_left(organisation, person, asked_at):
            self.found("every invitation goes out", organisation, person)
        if sent > 1 + self.world.risks[write.key]:
            self.found("no invitation goes out twice without a reason", organisation, person)

    def _left_behind(self, write: Write, writes: Sequence[Write]) -> None:
        """What waited because somebody has left is taken out of the outbox: where messages take its place, they go to
        all who coordinate a case that has lost its reviewer; and a message, when it was sent or nobody needs it."""
        assert write.old is not None
        organisation, effect = write.key[0].removeprefix("STAFF#"), from_attributes(write.old)["effect"]
        began, gone = self.world.stack[-1].started, effect.get("left", effect["person"])
        if any(one.id == gone for people in self.people_since(organisation, began) for one in people):
            # Whoever is back has not left.
            return
        lost = [account for account in self.accounts.values() if self._has_lost(account, organisation, gone)]
        if "left" in effect:
            lost = [account for account in lost if account.ref in effect["cases"]]
            sent = self.world.sent[write.key]
            if lost and not sent and not self._had_left(organisation, effect["person"], began):
                self.found(HEARS, lost[0].ref, effect["person"])
            if sent > 1 + self.world.risks[write.key]:
                self.found("no notice goes out twice without a reason", organisation, write.key[1])
            return
        messages = [from_attributes(one.new)["effect"] for one in writes if one.new is not None]
        for account in lost:
            case = account.case
            told = {one["person"] for one in messages if account.ref in one["cases"]}
            if case is None or account.open_since > began - BEHIND:
                continue
            for procedure, _ in self.rules_since(case, began):
                over = procedure.holders(procedure.escalates_to)
                those = [
                    one for one in procedure.holders(procedure.coordinator) if one.id not in case.involved
                ]
                there = {one.id for one in those if not one.is_away}
                anybody = there or {one.id for one in (*those, *over) if one.id not in case.involved}
                if told >= there and (told or not anybody):
                    break
            else:
                self.found(HEARS, account.ref, f"{gone} has left")

    def _has_lost(self, account: Account, organisation: str, gone: str) -> bool:
        """Whether a case waits for somebody who has gone, and has since the running function began."""
        case = account.case
        return (
            case is not None
            and case.is_open
            and case.organisation.partition("/")[0] == organisation
            and gone in case.current.reviewers
            and case.current.responded_at is None
            and account.stored_at < self.world.stack[-1].started
        )

    def _had_left(self, organisation: str, person: str, since: float) -> bool:
        """Whether the person has not been in the directory, at some moment since."""
        found = self.people_since(organisation, since)
        return any(all(one.id != person for one in people) for people in found)

    def _has_address(self, mail: Mail, organisation: str) -> None:
        """What goes to staff goes to where the directory says that they are."""
        found = self.people_since(organisation, self.world.stack[-1].started)
        if not any((one.id, one.email) == (mail.person, mail.address) for people in found for one in people):
            self.found("a mail to staff goes where the directory says", mail.ref, mail.notice)

    def _judge(self, account: Account, fact: Event) -> None:
        """Whether this could be done, by this person, at this moment."""
        case, kind, ref = account.case, type(fact).__name__, account.ref
        # A function looks at the clock when it begins to decide, and may take its time to store it.
        began = self.world.stack[-1].started if self.world.stack else self.world.now
        if not began - SKEW - 1 <= fact.at.timestamp() <= self.world.now + SKEW + 1:
            self.found("an event says when it happened", ref, kind)
        if case is None:
            if not isinstance(fact, ComplaintSubmitted):
                self.found("a case begins with a complaint", ref, kind)
            elif fact.by != COMPLAINANT or self.world.stack[-1].function.name == "StaffFunction":
                there = self.people_since(fact.organisation.partition("/")[0], began)
                if not any(one.id == fact.by for people in there for one in people):
                    self.found("no act by somebody who may not", ref, f"{kind} by {fact.by}")
            return
        if case.erasing:
            self.found("nothing happens in a case that is being destroyed", ref, kind)
        if not any(self._may(case, fact, kind, procedure) for procedure, _ in self.decided_by(case)):
            self.found("no act by somebody who may not", ref, f"{kind} by {fact.by}")
        stage = getattr(fact, "stage", case.current.stage)
        if stage != case.current.stage and kind != "ComplaintEscalated":
            self.found("an act is about the stage that the case is on", ref, kind)
        if isinstance(fact, DeadlineBreached):
            self._judge_breach(account, fact)
        if isinstance(fact, DatesRecounted) and not any(one.bundle.days for one in self.world.deployments):
            self.found("a date that was given moves with a holiday only", ref)
        if isinstance(fact, CaseEnded) and not case.is_open:
            self.found("a case ends once", ref)
        if isinstance(fact, DeletionAnnounced):
            account.announced_at = fact.at.timestamp()
            if not self._is_over(case):
                self.found("nothing is announced before its time", ref)
        if isinstance(fact, DeletionBegun):
            account.begun = True
            if not self._is_over(case) or case.destroy_at is None:
                self.found("nothing is destroyed under a hold or before its time", ref)
            elif self.world.now + SKEW < max(case.destroy_at.timestamp(), account.announced_at + 13 * 86400):
                self.found("nothing is destroyed before those who may hold it had their notice", ref)

    def _judge_breach(self, account: Account, fact: DeadlineBreached) -> None:
        case = account.case
        assert case is not None
        if fact.due_at.timestamp() > self.world.now + SKEW + 1:
            self.found("no breach before its time", account.ref, fact.deadline)
        if any((one.deadline, one.due_at) == (fact.deadline, fact.due_at) for one in case.breaches):
            self.found("a breach is recorded once", account.ref, fact.deadline)

    def _is_over(self, case: Case) -> bool:
        """Whether the case may go: closed, its years over, not held, nothing asked, nobody outside waited for."""
        return (
            case.closed_at is not None
            and case.keep_until is not None
            and self.world.now + SKEW >= end_of(case.keep_until).timestamp()
            and case.keep_until >= (case.closed_at + _kept(file_rules(case)[0])).date()
            and not case.holds
            and not case.is_asked
            and not any(record.external == "open" for record in case.stages)
        )

    @staticmethod
    def _may(case: Case, fact: Event, kind: str, procedure: Procedure) -> bool:
        by = fact.by
        if by == SYSTEM:
            return kind in SYSTEMS
        if by == COMPLAINANT:
            return kind in COMPLAINANTS
        person = procedure.person(by)
        if person is None or kind in ("ComplaintSubmitted", "StageLapsed", "DeletionBegun"):
            return False
        reviewers = case.current.reviewers
        if by in case.involved and by not in reviewers and kind not in IN_SPITE_OF_INVOLVEMENT:
            return False
        if kind in REVIEWERS:
            return by in reviewers
        if kind in COORDINATORS or kind in REPLIES:
            handles = by in reviewers or procedure.coordinator in person.roles
            if kind == "LetterPosted":
                # Where nobody else can, those over them do.
                able = {one.id for one in procedure.holders(procedure.coordinator) if not one.is_away}
                able |= {one.id for one in procedure.people if one.id in reviewers}
                handles |= able <= set(case.involved) and procedure.escalates_to in person.roles
            return handles and (case.by_letter or kind not in REPLIES)
        if kind == "FollowedUp":
            roles = {procedure.coordinator, passed_to(case, procedure)}
            return case.kind in LOGGED and bool(roles & set(person.roles))
        if kind in KEEPERS:
            return procedure.retention.told in person.roles
        if kind in ("OutcomeApproved", "OutcomeReturned"):
            approval = procedure.stage(case.current.stage).approval
            if approval is None or by == case.current.recorded_by or by in case.current.approved_by:
                return False
            return by in reviewers if approval.by == "fellow-reviewers" else approval.role in person.roles
        if kind == "OutcomeSent":
            return bool(case.current.findings) and case.current.responded_at is None
        return True

    def _buried(self, account: Account, writes: list[Write], tombstone: Item) -> None:
        ref, world = account.ref, self.world
        account.destroyed, account.destroyed_at = True, world.now
        if not account.begun:
            self.found("a tombstone stands for what was destroyed", ref)
        partition = world.table.partitions.get(f"CASE#{ref}", {})
        if left := [sk for sk in partition if sk != "STATE" and not sk.startswith("OUTBOX#CERTIFICATE#")]:
            self.found("a destroyed case leaves nothing but its tombstone", ref, left[0].split("#")[0])
        if set(tombstone) != {"PK", "SK", "tombstone", "destroyed_at"}:
            self.found("a tombstone holds no more than it says", ref)
        if from_attributes(tombstone)["tombstone"]["final_hash"] != account.head:
            self.found("a tombstone has the hash of the last event", ref)
        for pk, rows in world.table.partitions.items():
            if pk != f"CASE#{ref}" and any(item.get("ref") == {"S": ref} for item in rows.values()):
                self.found("a destroyed case leaves nothing but its tombstone", ref, pk.split("#")[0])
        if any(f"/{ref}/" in key for key in world.bucket.versions):
            self.found("a destroyed case leaves nothing but its tombstone", ref, "documents")
        case = account.case
        if case is not None:
            wanted = [
                {person.id for person in procedure.holders(procedure.retention.told)}
                for procedure, _ in self.decided_by(case)
            ]
            given = {
                from_attributes(write.new)["effect"]["person"]
                for write in writes
                if write.key[1].startswith("OUTBOX#CERTIFICATE#") and write.new is not None
            }
            if given not in wanted:
                self.found("a destruction is certified to those who could have held it", ref)

    def read(self, mail: Mail) -> None:
        """Each mail as it goes out."""
        if _SEEN in mail.subject.lower():
            self.found("no personal data in subjects", mail.ref, mail.notice)
        if mail.person != COMPLAINANT and _SEEN in f"{mail.text}{mail.html}".lower():
            self.found("no personal data in mails to staff", mail.ref, mail.notice)
        account = self.accounts.get(mail.ref)
        if mail.notice in ("staff-link", "reviewer-left"):
            self._has_address(mail, mail.effect[0].removeprefix("STAFF#"))
            return
        if account is None:
            self.found("a mail is about a case", mail.ref, mail.notice)
            return
        if mail.person != COMPLAINANT and account.case is not None:
            self._has_address(mail, file_rules(account.case)[0].organisation_slug)
        began = self.world.stack[-1].started
        # What was on its way when the case went cannot be called back.
        if 0 < account.destroyed_at < began and mail.notice != "deletion-certificate":
            self.found("nobody is written to about what is destroyed", mail.ref, mail.notice)

    def hear(self, running: Invocation, outcome: Outcome) -> None:
        """What a person was told was done was done, what was refused was not, and who only reads changes nothing."""
        own = self.commits.pop(running.number, [])
        event = running.event
        if running.function.name == "SweepFunction":
            self._counts(running, outcome)
        route = event.get("routeKey", "") if isinstance(event, Mapping) else ""
        if route and outcome.error and not outcome.killed:
            self.found("whoever asks is answered", detail=route)
        done = {"POST /s/{secret}/directory": 200, "POST /s/{secret}/enter/{form}": 201}.get(route)
        if done is not None and not outcome.error:
            is_done = outcome.answer["statusCode"] == done
            if is_done and not own:
                self.found("what is said to be done is stored", detail=route)
            # A form that is sent again is answered with what it was answered before.
            if not is_done and outcome.answer["statusCode"] < 500 and own:
                self.found("what is refused is not stored", detail=route)
        if route.startswith("GET ") and own:
            self.found("who only reads changes nothing", detail=route)
        if outcome.error or "/l/{secret}" not in route:
            return
        status = outcome.answer["statusCode"]
        if route in ("POST /l/{secret}", "POST /l/{secret}/files/{file}"):
            typed = parse_qs(event.get("body", ""))
            if status == 200 and not own and "draft" not in typed:
                self.found("what is said to be done is stored", detail=running.function.name)
            if status in (403, 404, 409, 410, 422) and own:
                self.found("what is refused is not stored", detail=running.function.name)
            if status == 200 and "draft" in typed:
                self._is_drafted(event["pathParameters"]["secret"])
        if running.function.name == "FilesFunction":
            self._is_theirs(running, status, outcome.answer, route.rpartition("/")[2].strip("{}"))
        for words, (ref, author) in self.town.drafts.items():
            if (ref, author) != self.town.whose.get(event["pathParameters"]["secret"]) and words in (
                outcome.answer["body"]
            ):
                self.found("a draft is its author's", ref, route)

    def _counts(self, running: Invocation, outcome: Outcome) -> None:
        """Each sweep counts what is given up, and tells."""
        if running.faulted or outcome.killed:
            return
        entries = self.world.table.indexes["due"].entries
        given_up = sum(len(found) for shard, found in entries.items() if shard.startswith("given-up"))
        if not outcome.error and outcome.answer["given_up"] != given_up:
            self.found("what is given up is counted", detail=f"{outcome.answer['given_up']} of {given_up}")
        told = next((line for line in reversed(self.world.log) if '"GivenUp"' in line), "{}")
        if json.loads(told).get("GivenUp") != [given_up]:
            self.found("what is given up is told", detail=told[:200])

    # Files.

    def kept(self, version: Version) -> None:
        """Each object as it is stored."""
        world, (prefix, _, rest) = self.world, version.key.partition("/")
        ref = rest.partition("/")[0]
        account = self.accounts.get(ref)
        if _SEEN in version.key.lower():
            self.found("no personal data in the names of files", ref)
        event = world.stack[-1].event if world.stack else None
        secret = event["pathParameters"]["secret"] if isinstance(event, Mapping) else ""
        owner = self.town.whose[secret][0] if secret else ref
        if account is None or ref != owner:
            self.found("a file lies with its case", owner, prefix)
        elif account.destroyed and prefix == "cases":
            self.found("nothing comes back of what was destroyed", ref, version.key)

    def _is_kept(self, account: Account, fact: DocumentAdded) -> None:
        """A document is there, as it was when it was added."""
        found = self.world.bucket.get(f"cases/{account.ref}/{fact.document}")
        if found is None or (found.sha256, len(found.body or b"")) != (fact.sha256, fact.size):
            self.found("a document that was added is kept", account.ref, fact.document)
            return
        sent = self.town.files.get(found.sha256)
        if sent is None or (sent.ref, sent.person) != (account.ref, fact.by):
            self.found("a document is what somebody sent", account.ref, fact.document)

    def _is_theirs(self, running: Invocation, status: int, answer: Mapping[str, Any], what: str) -> None:
        """What somebody is led to is theirs to have, and what is theirs they are led to."""
        asked = running.event["pathParameters"]
        ref, person = self.town.whose[asked["secret"]]
        account, name, began = self.accounts[ref], asked.get(what, ""), running.started
        if running.faulted or account.case is None:
            return
        if what == "file" and status == 404 and self.world.bucket.get(f"uploads/{ref}/{name}") is not None:
            self.found("what has arrived is found", ref)
        if what == "letter" and status == 200 and not self._reads(account.case, person, began):
            self.found("nobody has what their link does not allow", ref, f"a letter for {person}")
        if what not in ("document", "export"):
            return
        case, document = account.case, account.documents.get(name)
        if status == 303:
            prefix, _, rest = urlsplit(answer["headers"]["Location"]).path.removeprefix("/").partition("/")
            if what == "document":
                allowed = document is not None and self._may_have(case, person, document, began)
                allowed = allowed and (prefix, rest) == ("cases", f"{ref}/{name}")
            else:
                allowed = any(one.id == name and one.by == person for one in case.exports)
                allowed = allowed and (prefix, rest) == ("exports", f"{ref}/{name}.zip")
            if not allowed:
                self.found("nobody has what their link does not allow", ref, f"{what} for {person}")
        elif (
            (what, status, person) == ("document", 404, COMPLAINANT)
            and document is not None
            and self._may_have(case, person, document, began)
        ):
            self.found("the complainant has what is theirs", ref)

    def _may_have(self, case: Case, person: str, document: DocumentAdded, began: float) -> bool:
        if person == COMPLAINANT:
            return document.by == COMPLAINANT or document.shared
        return self._reads(case, person, began)

    def _reads(self, case: Case, person: str, began: float) -> bool:
        """Whether the case is on the person's desk, or was when something began: the complainant's always is."""
        return person == COMPLAINANT or any(
            set(available(case, by=person, procedure=procedure)) - NO_WORK
            for procedure, _ in self.rules_since(case, began)
        )

    def saved(self, secret: str, version: Version) -> None:
        """A file as somebody's browser got it."""
        ref, person = self.town.whose[secret]
        account = self.accounts[ref]
        if version.key.startswith("cases/"):
            document = account.documents[version.key.rpartition("/")[2]]
            if (version.sha256, version.media_type) != (document.sha256, document.media_type):
                self.found("a document that was added is kept", ref, document.document)
            return
        case = account.case
        assert case is not None
        with zipfile.ZipFile(io.BytesIO(version.body or b"")) as archive:
            enclosed = [archive.read(one) for one in archive.namelist() if "/documents/" in one]
            words = "".join(archive.read(f"{ref}/case.{kind}").decode() for kind in ("html", "json"))
        sent = [self.town.files.get(sha256(content).hexdigest()) for content in enclosed]
        allowed = {
            document.sha256
            for document in account.documents.values()
            if person != COMPLAINANT or self._may_have(case, person, document, self.world.now)
        }
        if any(one is None or sha256(one.content).hexdigest() not in allowed for one in sent):
            self.found("a copy holds the documents that are theirs", ref, f"for {person}")
        if any(one in words for one in self.town.drafts):
            self.found("a draft is its author's", ref, "in a copy")
        if person == COMPLAINANT:
            kept_back = {
                str(text)
                for act in self.town.acts
                if act.ref == ref and act.action in KEPT_BACK and act.person != COMPLAINANT
                # That a meeting is arranged, and where, is sent to the complainant.
                if act.fields.get("kind") != "meeting-arranged"
                for text in (act.fields.get("text"), act.fields.get("reason"))
                if text
            }
            if any(text in words for text in kept_back):
                self.found("a complainant's copy holds nothing of staff's own", ref)

    def _is_drafted(self, secret: str) -> None:
        ref, _ = self.town.whose[secret]
        rows = self.world.table.partitions.get(f"CASE#{ref}", {})
        if not any(sk.startswith("CONTENT#draft-") for sk in rows):
            self.found("what is said to be done is stored", ref, "a draft")

    # At rest.

    def at_rest(self) -> None:
        """Faults have stopped and two sweeps have run: nothing is due, nothing waits, everybody was told."""
        world = self.world
        if self._looked_at != world.invocations:
            self._looked_at = world.invocations
            self._look_through_logs()
            self._accepted()
        index = world.table.indexes["due"].entries
        for shard, entries in index.items():
            patience = 0.0 if shard.startswith("wake") else STREAM_TIME + SWEEP_EVERY
            if shard.startswith(("delete", "given-up")):
                continue
            for key, entry in entries.items():
                if _at(entry["due_at"]["S"]).timestamp() + patience <= world.now - SWEEP_EVERY:
                    self.found("everything comes to rest within two sweeps", key[0][5:], key[1])
        for account in self.accounts.values():
            seen = account.writes, len(world.deployments)
            if not account.destroyed and account.case is not None and account.looked_at != seen:
                account.looked_at = seen
                self._is_at_rest(account, account.case)

    def _is_at_rest(self, account: Account, case: Case) -> None:
        world, ref = self.world, account.ref
        rows = world.table.partitions.get(f"CASE#{ref}", {})
        stored = [from_attributes(row)["fact"] for sk, row in sorted(rows.items()) if sk.startswith("EVENT#")]
        if not account.begun and len(stored) != account.version:
            self.found("events have no gap", ref)
        replayed: Case | None = None
        for fact in stored:
            replayed = evolve(replayed, from_record(_EVENTS, fact), ref=ref)
        if not account.begun and replayed != case:
            self.found("the state equals the replay of the events", ref)
        procedure, calendar = self.rules(case)
        if any(one.at.timestamp() <= world.now - SWEEP_EVERY for one in wakes(case, procedure, calendar)):
            self.found("what is due has happened", ref)
        if not account.begun:
            self._is_found(account, rows["STATE"])
        for name in self._moved_dates(case, rows["STATE"], world.now + SKEW):
            self.found("open cases are counted again", ref, name)
        for record in case.stages if not account.begun else ():
            for deadline in deadlines_of(case, record, procedure, calendar):
                self._obliged(account, case, record.stage, deadline)
        if not account.begun:
            self._told(account, rows)
            for document in account.documents.values():
                self._is_kept(account, document)

    def _obliged(self, account: Account, case: Case, stage: str, deadline: Any) -> None:
        """Every obligation was met in time, or its breach was recorded."""
        if deadline.rule.name == "reply" or (stage != case.current.stage) or not case.is_open:
            return
        missed = deadline.met_at is None and deadline.due.due_at.timestamp() <= self.world.now - SWEEP_EVERY
        if missed and not any(
            (one.deadline, one.due_at) == (deadline.name, deadline.due.due_at) for one in case.breaches
        ):
            self.found("every obligation is met or its breach recorded", account.ref, deadline.name)

    def _told(self, account: Account, rows: Mapping[str, Item]) -> None:
        """Every notice went out, and at most one more for each thing that went wrong with it."""
        world, ref = self.world, account.ref
        assert account.case is not None
        organisation = file_rules(account.case)[0].organisation_slug
        unwritten: Counter[str] = Counter()
        for name, tell in account.tells.items():
            row = rows.get(name)
            if row is None:
                self.found("the outbox keeps what was sent", ref, name)
                continue
            if "due_shard" in row:
                if row["due_shard"]["S"].startswith("given-up"):
                    # It waits for somebody: see `all_put_back`.
                    continue
                if _at(row["due_at"]["S"]).timestamp() <= world.now - 2 * SWEEP_EVERY:
                    self.found("every notice goes out", ref, f"{tell.notice} to {tell.person}")
                continue
            sent = world.sent[f"CASE#{ref}", name]
            receipt = row.get("receipt", {}).get("S")
            excused = receipt == "no address" and tell.person == COMPLAINANT and account.case.by_letter
            if excused:
                unwritten[tell.notice] += 1
            if receipt == "not in the directory":
                excused = self._had_left(organisation, tell.person, account.written_at[name])
            if not sent and not excused:
                self.found("every notice goes out", ref, f"{tell.notice} to {tell.person}")
            if sent > 1 + world.risks[f"CASE#{ref}", name]:
                self.found("no notice goes out twice without a reason", ref, f"{sent} times {tell.notice}")
        unwritten.subtract(one.notice for one in account.case.letters)
        for notice in +unwritten:
            self.found("who has no address for mails gets a letter", ref, notice)
        for name, alarm in account.alarms.items():
            row = rows.get(name)
            stage, deadline = alarm.deadline.split("/")
            if row is None or "due_shard" in row:
                continue
            if ("AlarmMachine", f"{ref}.{stage}.{deadline}.{alarm.version}") not in world.executions:
                self.found("every alarm is set", ref, alarm.deadline)

    def _accepted(self) -> None:
        for one in self.town.submitted:
            if one.reference and one.reference not in self.accounts:
                self.found("what was accepted is a case", one.reference)
        heads = Counter(
            account.case.answers for account in self.accounts.values() if account.case is not None
        )
        if any(count > 1 for count in heads.values()):
            self.found("one form opens one case")
        entries = self.town.staff.entries
        for entry in entries.values():
            if entry.reference:
                self._is_entered(entry)
        keys = {*entries, *(one.key for one in self.town.submitted)}
        if len(self.accounts) > len(keys):
            self.found("one form opens one case", detail=f"{len(self.accounts)} for {len(keys)}")

    def _is_entered(self, entry: Entry) -> None:
        """What staff entered for somebody is a case, as they entered it."""
        account = self.accounts.get(entry.reference)
        if account is None or account.case is None:
            self.found("what was accepted is a case", entry.reference)
            return
        case, kind = account.case, entry.typed.get("kind", account.case.kind)
        if kind == "concern" and "settled" not in entry.typed:
            # What could not be settled goes on as what the form is for.
            kind = case.kind
        stood = (case.route, case.by_letter, case.kind)
        if stood != (entry.typed["route"], "email" not in entry.typed, kind):
            self.found("a case is what was entered", entry.reference, " ".join(map(str, stood)))

    def in_one_order(self) -> None:
        """Every answer to an act is explained by one order of all acts on the case, the order of its versions.

        What was done was allowed in the state that its transaction was decided on, and lies between the asking and the
        answer. What was refused was refused in one of the states that the case had meanwhile, or had been done."""
        done: set[tuple[str, str, str, str]] = set()
        for act in self.town.acts:
            account = self.accounts.get(act.ref)
            if account is None or act.action not in ACTIONS:
                continue
            # A file is added once, whatever is said of it.
            words = act.fields.get("file") or repr(sorted(act.fields.items()))
            this = (act.ref, act.person, act.action, words)
            first, last = act.versions
            near = [
                (before, after, by)
                for (before, _), (after, by) in pairwise(account.states)
                if before.version >= first and (after.version <= last or not last)
            ]
            # Whoever was there at some moment in between was there when it was decided, or was not.
            those = self.rules_since(account.states[0][0], act.began, act.ended) if account.states else ()
            people = [procedure for procedure, _ in those]
            allowed = any(
                act.person in by and any(self._allows(before, act, one) for one in people)
                for before, _, by in near
            )
            if act.status == 200 and not allowed:
                self.found("every answer has its place in one order", act.ref, f"{act.action} done")
            if act.status == 200 or act.status >= 500:
                # What nobody answered may have been done.
                done.add(this)
            if act.status in (403, 409):
                seen = [case for case, _ in account.states if first <= case.version <= (last or case.version)]
                refused = any(not self._allows(case, act, one, last=True) for case in seen for one in people)
                if this not in done and seen and not refused:
                    self.found("every refusal has its reason in one order", act.ref, f"{act.action} refused")

    @staticmethod
    def _allows(case: Case, act: Act, procedure: Procedure, *, last: bool = False) -> bool:
        """Whether this can be done in the case as it is; of an approval, whether it can be the `last` one, by which the
        answer goes out."""
        given = case.current.respond_by
        if act.action == "interim" and given is not None:
            typed = [act.fields.get(f"respond_by.{part}") for part in ("year", "month", "day")]
            if typed == [given.year, given.month, given.day]:
                return False
        if act.action == "approve" and act.fields.get("wording") != case.current.wording:
            return False
        if last and act.action == "approve" and not_to_be_sent(case, procedure) is not None:
            return False
        action = next(one for one in ACTIONS if one == act.action)
        if action == "assign" and set(act.fields.get("reviewers", ())) == set(case.current.reviewers):
            return False
        return refusal(action, case, by=act.person, stage=act.stage, procedure=procedure) is None

    def _look_through_logs(self) -> None:
        world = self.world
        for line in world.log:
            if _SEEN in line.lower():
                self.found("no personal data in logs", detail=line[:40])
        world.log.clear()
        for message in world.dead_letters:
            # Of the reports on mails docs/repair.md says that they hold an address.
            if message.queue != "UndeliveredMailEventsQueue" and _SEEN in message.body.lower():
                self.found("no personal data in queues", message.queue)
        for execution in world.executions.values():
            if _SEEN in f"{execution.name}{execution.input}".lower():
                self.found("no personal data in executions", execution.name)

    def all_put_back(self) -> None:
        """Somebody has put back what was given up: nothing is any more, and nothing waits in a queue."""
        world = self.world
        for shard, entries in world.table.indexes["due"].entries.items():
            for key in entries if shard.startswith("given-up") else ():
                self.found("what is given up is put back", *key)
        for message in world.dead_letters:
            self.found("what was put aside is put back", message.queue, message.id)
        for execution in world.executions.values():
            is_failed = (execution.machine, execution.status) == ("AlarmMachine", "FAILED")
            if is_failed and world.now - execution.ended < 13 * DAY:
                self.found("what was put aside is put back", execution.name)

    def end(self) -> None:
        """Everything is over: what was destroyed has left nothing, and what has not been has a reason to be there."""
        world = self.world
        self.in_one_order()
        for account in self.accounts.values():
            case = account.case
            if account.destroyed:
                rows = world.table.partitions.get(f"CASE#{account.ref}", {})
                if set(rows) != {"STATE"}:
                    self.found("a destroyed case leaves nothing but its tombstone", account.ref)
            elif case is not None and not case.holds and not case.is_open and not case.is_asked:
                self.found("what is over is destroyed", account.ref)
        world.bucket.tidy()
        for key, versions in world.bucket.versions.items():
            left = self.accounts.get(key.split("/")[1])
            sent = [self.town.files.get(one.sha256) for one in versions if one.body is not None]
            of = {one.ref for one in sent if one is not None}
            if left is None or left.destroyed or any(self.accounts[ref].destroyed for ref in of):
                self.found("a destroyed case leaves no file", key.split("/")[1], key)


def _kept(procedure: Procedure) -> timedelta:
    """How long a closed case is kept at the least."""
    keep = procedure.retention.keep
    return timedelta(days=keep.count * {"years": 365, "months": 28, "weeks": 7, "days": 1}[keep.unit] - 1)


def _says_the_same(state: Write) -> bool:
    """Whether nothing else was written than when the case is looked at next."""
    looks = ("due_at", "due_shard", "next_due")
    before, after = (
        {name: value for name, value in (one or {}).items() if name not in looks}
        for one in (state.old, state.new)
    )
    return before == after


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
