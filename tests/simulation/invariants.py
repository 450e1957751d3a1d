"""What must be true whenever something is written, whenever everything is at rest, and in the end.

The watch knows what was asked and what the table was told, and keeps its own account. Where it can it states a rule
in words of its own and does not ask the application whether the application is right; it does ask `evolve` what an
event makes of a case and `consequences` what follows from it, which the unit tests hold to account.
"""

from __future__ import annotations

import copy
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from adapters import procedures
from adapters.cases.attributes import from_attributes, to_attributes
from domain.acts.closure import CaseEnded
from domain.acts.documents import DocumentAdded
from domain.acts.intake import ComplaintSubmitted
from domain.acts.recounting import DatesRecounted
from domain.acts.retention import DeletionAnnounced, DeletionBegun
from domain.acts.waking import DeadlineBreached
from domain.calendars import Calendar, end_of
from domain.case import COMPLAINANT, Case, evolve
from domain.deadlines import deadlines_of
from domain.effect import Effect, SetAlarm, Tell
from domain.event import Event
from domain.frozen import replace
from domain.procedure import LOGGED, Person, Procedure
from domain.records import chained, to_record
from domain.registry import event_in
from tests.rules import consequences, wakes
from tests.simulation.accounts import Account, Violation
from tests.simulation.clients import Mail
from tests.simulation.dynamodb import Write
from tests.simulation.expressions import Item
from tests.simulation.filling import SEEN
from tests.simulation.orders import in_one_order
from tests.simulation.peek import file_rules, people_in, rules
from tests.simulation.people import Town
from tests.simulation.staff import Entry
from tests.simulation.times import DAY, MINUTE
from tests.simulation.watched_directory import had_left, has_address, is_kept_up, left_behind, was_invited
from tests.simulation.watched_files import is_drafted, is_kept, is_theirs, kept, saved
from tests.simulation.watched_keys import are_sealed, has_left_no_key
from tests.simulation.watched_lists import is_listed
from tests.simulation.watched_promises import is_alive, judge_silence
from tests.simulation.who_may import may, standing
from tests.simulation.world import SKEW, STREAM_TIME, SWEEP_EVERY, Invocation, Outcome, World

SWEEPS_OF_A_DAY = 288
Rules = tuple[Procedure, Calendar]
"""Of a case, with the people of a moment."""


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
        self.world.on_object.append(partial(kept, self))
        self.world.on_saved.append(partial(saved, self))

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
                    was_invited(self, write)
                if write.key[1].startswith(("LEFT#", "OUTBOX#LEFT#")):
                    left_behind(self, write, writes)
            return
        by_case: defaultdict[str, list[Write]] = defaultdict(list)
        for write in writes:
            pk, sk = write.key
            if sk.startswith("OUTBOX#") and pk.startswith("CASE#") and write.new is not None:
                self._moved(write)
            if sk.startswith("LEFT#") and write.new is None:
                left_behind(self, write, writes)
            if pk.startswith("DIRECTORY#") and sk == "DIRECTORY":
                is_kept_up(self, write, writes)
            if write.new is not None and not sk.startswith("CONTENT#") and SEEN in repr(write.new).lower():
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
        are_sealed(self, ref, [write])
        account = self.accounts.setdefault(ref, Account(ref))
        account.writes += 1
        if not account.begun and not account.destroyed:
            self.found("nothing is deleted before the guard was passed", ref, write.key[1])
        if write.key[1].startswith("OUTBOX#CERTIFICATE#") and account.case is not None:
            assert write.old is not None
            organisation = file_rules(account.case)[0].organisation_slug
            person = write.old["effect"]["M"]["person"]["S"]
            has_left = had_left(self, organisation, person, account.destroyed_at)
            if not self.world.sent[write.key] and not has_left:
                self.found("every certificate goes out", ref, person)

    def _follow_case(self, ref: str, writes: list[Write]) -> None:
        account = self.accounts.setdefault(ref, Account(ref))
        account.writes += 1
        are_sealed(self, ref, writes)
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
            fact: Event = event_in(row["fact"])
            self._judge(account, fact)
            facts.append(fact)
            if isinstance(fact, DocumentAdded):
                account.documents[fact.document] = fact
                is_kept(self, account, fact)
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
        expected: list[tuple[str, Effect]] = []
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
                self._may_be_told(account, case, effect)
            elif isinstance(effect, SetAlarm):
                account.alarms[name] = effect
        for fact in facts:
            if isinstance(fact, DeadlineBreached):
                told = {
                    one.person
                    for one in account.tells.values()
                    if one.what == fact.deadline and one.notice == "breach"
                }
                over = standing(procedure.escalates_to, case, procedure)
                if case.involvement == "to-confirm":
                    # Those who are asked to say who is involved hear of it in their place.
                    over = set()
                elif over <= set(case.current.reviewers):
                    # They may be late themselves: then the last resort hears of it.
                    over |= _next_above(fact.deadline, case, procedure)
                if not told or not told >= over:
                    self.found("a breach is told", account.ref, fact.deadline)

    def _may_be_told(self, account: Account, case: Case, tell: Tell) -> None:
        """Whoever is involved is told nothing more than that they are, and once and by a person the end; and who hears
        of every case nothing before somebody has looked at it."""
        if tell.what == "InvolvedTold" and tell.person != COMPLAINANT and tell.notice == "told-of-end":
            times = sum(
                (one.person, one.notice) == (tell.person, tell.notice) for one in account.tells.values()
            )
            if case.is_open or times > 1:
                self.found("whoever was involved is told the end once", account.ref, tell.person)
            return
        if case.is_barred(tell.person) and tell.what != "PersonInvolved":
            self.found("nothing reaches who is involved", account.ref, f"{tell.notice} to {tell.person}")
        is_news = (tell.notice, tell.what) == ("case-news", "ComplaintSubmitted")
        if is_news and case.involvement == "to-confirm":
            self.found("nobody hears of a case that nobody has looked at", account.ref, tell.person)

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
            # What was not counted when it was stored has not moved.
            and one.name in promised
            and promised[one.name] != one.due.due_at
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
        if not any(may(case, fact, kind, procedure) for procedure, _ in self.decided_by(case)):
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
        if isinstance(fact, CaseEnded) and fact.how == "lapsed":
            judge_silence(self, case, fact)
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
        has_left_no_key(self, ref)
        if any(f"/{ref}/" in key for key in world.bucket.versions):
            self.found("a destroyed case leaves nothing but its tombstone", ref, "documents")
        case = account.case
        if case is not None:
            wanted = [
                standing(procedure.retention.told, case, procedure) for procedure, _ in self.decided_by(case)
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
        if SEEN in mail.subject.lower():
            self.found("no personal data in subjects", mail.ref, mail.notice)
        if mail.person != COMPLAINANT and SEEN in f"{mail.text}{mail.html}".lower():
            self.found("no personal data in mails to staff", mail.ref, mail.notice)
        account = self.accounts.get(mail.ref)
        if mail.notice in ("staff-link", "reviewer-left"):
            has_address(self, mail, mail.effect[0].removeprefix("STAFF#"))
            return
        if account is None:
            self.found("a mail is about a case", mail.ref, mail.notice)
            return
        if mail.person != COMPLAINANT and account.case is not None:
            has_address(self, mail, file_rules(account.case)[0].organisation_slug)
        began = self.world.stack[-1].started
        case = account.case
        if case is not None and case.is_barred(mail.person) and account.stored_at < began:
            tell = account.tells.get(mail.effect[1])
            if tell is None or tell.what not in ("PersonInvolved", "InvolvedTold"):
                self.found("nothing reaches who is involved", mail.ref, f"{mail.notice} to {mail.person}")
        # What was on its way when the case went cannot be called back.
        if 0 < account.destroyed_at < began and mail.notice != "deletion-certificate":
            self.found("nobody is written to about what is destroyed", mail.ref, mail.notice)

    def _fails_for_a_reason(self, running: Invocation, outcome: Outcome, route: str) -> None:
        """Nothing fails but what something went wrong in, or what cannot be counted yet."""
        world = self.world
        has_failed = bool(outcome.error) or (route and outcome.answer["statusCode"] >= 500)
        if not has_failed or len(world.faults.injected) > running.injected_before:
            return
        is_behind = running.bundle is not world.newest
        is_refused = any(until > running.started for until in world.refusing.values())
        is_beyond = not outcome.error and "public holidays of" in outcome.answer["body"]
        if not (is_behind or is_refused or is_beyond):
            what = outcome.error or outcome.answer["statusCode"]
            self.found("nothing fails by itself", detail=f"{running.function.name} {route} {what}")

    def hear(self, running: Invocation, outcome: Outcome) -> None:
        """What a person was told was done was done, what was refused was not, and who only reads changes nothing."""
        own = self.commits.pop(running.number, [])
        event = running.event
        if running.function.name == "SweepFunction":
            self._counts(running, outcome)
        route = event.get("routeKey", "") if isinstance(event, Mapping) else ""
        self._fails_for_a_reason(running, outcome, route)
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
                is_drafted(self, event["pathParameters"]["secret"])
        if running.function.name == "FilesFunction":
            is_theirs(self, running, status, outcome.answer, route.rpartition("/")[2].strip("{}"))
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
            replayed = evolve(replayed, event_in(fact), ref=ref)
        if not account.begun and replayed != case:
            self.found("the state equals the replay of the events", ref)
        procedure, calendar = self.rules(case)
        if any(one.at.timestamp() <= world.now - SWEEP_EVERY for one in wakes(case, procedure, calendar)):
            self.found("what is due has happened", ref)
        if not account.begun:
            self._is_found(account, rows["STATE"])
            is_alive(self, case, [event_in(fact) for fact in stored], (procedure, calendar))
            if world.keeps_lists:
                is_listed(self, case)
        for name in self._moved_dates(case, rows["STATE"], world.now + SKEW):
            self.found("open cases are counted again", ref, name)
        for record in case.stages if not account.begun else ():
            for deadline in deadlines_of(case, record, procedure, calendar):
                self._obliged(account, case, record.stage, deadline)
        if not account.begun:
            self._told(account, rows)
            for document in account.documents.values():
                is_kept(self, account, document)

    def _obliged(self, account: Account, case: Case, stage: str, deadline: Any) -> None:
        """Every obligation was met in time, or its breach was recorded."""
        if deadline.rule.name == "reply" or (stage != case.current.stage) or not case.is_open:
            return
        if not deadline.is_known:
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
        # Who had no address once, or one that does not work, may have given another since.
        had_none = any(case.by_letter or COMPLAINANT in case.unreachable for case, _ in account.states)
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
            excused = receipt == "no address" and tell.person == COMPLAINANT and had_none
            if excused:
                unwritten[tell.notice] += 1
            if receipt == "involved in the matter":
                excused = tell.person in account.case.involved
            if receipt == "not in the directory":
                excused = had_left(self, organisation, tell.person, account.written_at[name])
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
        # How somebody is reached may have been corrected since.
        entered, _ = account.states[0]
        stood = (case.route, entered.by_letter, case.kind)
        if stood != (entry.typed["route"], "email" not in entry.typed, kind):
            self.found("a case is what was entered", entry.reference, " ".join(map(str, stood)))

    def _look_through_logs(self) -> None:
        world = self.world
        for line in world.log:
            if SEEN in line.lower():
                self.found("no personal data in logs", detail=line[:40])
        world.log.clear()
        for message in world.dead_letters:
            # Of the reports on mails docs/repair.md says that they hold an address.
            if message.queue != "UndeliveredMailEventsQueue" and SEEN in message.body.lower():
                self.found("no personal data in queues", message.queue)
        for execution in world.executions.values():
            if SEEN in f"{execution.name}{execution.input}".lower():
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
        in_one_order(self)
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


def _next_above(deadline: str, case: Case, procedure: Procedure) -> set[str]:
    """Who is left of the last resort where those whom breaches go to review the stage and are late with it."""
    current = case.current
    is_reviewers = deadline.rpartition("/")[2] in ("acknowledge", "first-response", "progress", "respond")
    if procedure.last_resort is None or not is_reviewers or current.awaits_approval:
        return set()
    found = {person.id for person in procedure.holders(procedure.last_resort.role)}
    return found - {*current.reviewers, *case.involved}
