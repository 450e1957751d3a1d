"""A world: one deployment of the application, what stands behind its clients, and time.

Time is virtual and jumps from one thing that happens to the next. The handlers run unchanged, through their entry
points; they are given clients by `botocore.session.get_session`, a clock by `handlers.wiring.clock_from`, and
identities by the module `secrets` of `adapters.identities`: see `installation`.

A sweep or a retention run that would find nothing to do is not run: it would read the index and end. Whether there
is anything is looked up in the index itself, so this hides nothing but time.
"""

from __future__ import annotations

import copy
import heapq
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError

from adapters import procedures
from adapters.figures.waiting import fingerprint_of
from tests.simulation import deployment, limits, repair, stepfunctions
from tests.simulation.bucket import Bucket, Version
from tests.simulation.bundles import FIRST, Bundle, Deployment
from tests.simulation.clients import Mail, clients_of
from tests.simulation.deployment import BUCKET, KEYS, TABLE, Function
from tests.simulation.dynamodb import EXCEPTIONS, Table, Write, table_of_template
from tests.simulation.expressions import Item, NotSimulated
from tests.simulation.faults import Kind, NoFaults
from tests.simulation.installation import LOG, forget
from tests.simulation.peek import comings_and_goings, directory_of, people_in
from tests.simulation.times import DAY, HOUR, MINUTE

LONDON = ZoneInfo("Europe/London")
SWEEP_EVERY = 5 * MINUTE
STREAM_TIME = 2 * MINUTE
RETENTION_HOUR = 6
NAME_TAKEN_FOR = 90 * DAY
STREAM_KEEPS = 24 * HOUR
SKEW = 5 * MINUTE
LATENCY = 0.004
QUARTER = 15 * MINUTE
MOST_HAPPENINGS = 6000
"""In a world: many times what a life has."""


class Killed(BaseException):
    """The process is gone, in the middle of what it did. No handler catches it."""


@dataclass(slots=True)
class Invocation:
    """A function at work. `effect` is the outbox item that it read last, which is the one that it delivers."""

    function: Function
    started: float
    number: int
    bundle: Bundle = FIRST
    skew: float = 0.0
    effect: tuple[str, str] = ("", "")
    faulted: bool = False
    injected_before: int = 0
    """How much had gone wrong when it began."""
    is_dead: bool = False
    """What was killed makes no calls any more, whatever it would have tidied up."""
    event: Any = None
    calls: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an invocation. `error` is empty where it answered; `killed` names no error that it raised."""

    answer: Any = None
    error: str = ""
    killed: bool = False
    cause: BaseException | None = None


@dataclass(slots=True)
class Lane:
    """The stream's records of one partition, oldest first, and how often the first was tried."""

    records: list[dict[str, Any]] = field(default_factory=list)
    tries: int = 0
    size: int = 0
    is_scheduled: bool = False


@dataclass(slots=True)
class Strand:
    """A part of an execution that runs by itself: the whole of it, or one branch of a Map. `log` is what it was sent so
    far; `going` is what runs, and is made again from the log in the copy of a world."""

    number: int
    definition: Any
    given: Any
    execution: tuple[str, str]
    parent: int = 0
    place: int = 0
    log: list[tuple[Any, stepfunctions.TaskFailed | None]] = field(default_factory=list)
    waiting: list[tuple[Any, Any, int]] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    left: int = 0
    going: stepfunctions.Strand | None = None
    is_lived_again: bool = False

    def copied(self) -> Strand:
        """The same part of an execution in the copy of a world."""
        new = copy.copy(self)
        new.log, new.waiting, new.results, new.going = [*self.log], [*self.waiting], [*self.results], None
        return new

    def jitter(self) -> float:
        return crc32(f"{self.execution} {self.place} {len(self.log)}".encode()) / 2**32


_AT_REST = {"PK", "SK", "fingerprint"}
"""What is noted of a round that has nothing to do."""

Entry = tuple[float, int, str, str, str, tuple[Any, ...]]
"""What is to come: when, in which order, of which kind; whose method is called, and with what."""


class World:
    """One deployment. `faults` says what goes wrong, `random` draws identities; both come from one seed."""

    def __init__(self, seed: int, *, faults: NoFaults | None = None, start: datetime | None = None) -> None:
        self.seed = seed
        self.random = Random(f"identities {seed}")
        self.faults = faults or NoFaults()
        self.faults.now = lambda: self.now
        self.now = (start or datetime(2026, 11, 2, 10, tzinfo=UTC)).timestamp()
        self.table = table_of_template(deployment.table_properties(), name=TABLE)
        self.keys = table_of_template(deployment.table_properties("KeysTable"), name=KEYS)
        self.table.now = self.keys.now = lambda: self.now
        self.table.lag = self._lag
        self.table.remember = HOUR
        self.table.observers.append(self._follow)
        self.executions: dict[tuple[str, str], stepfunctions.Execution] = {}
        self.bucket = Bucket(BUCKET, deployment.bucket_rules(), now=lambda: self.now)
        self.bucket.observers.append(self._stored)
        self.mails: list[Mail] = []
        self.sent: Counter[tuple[str, str]] = Counter()
        """Mails by the outbox item that they were sent for."""
        self.risks: Counter[tuple[str, str]] = Counter()
        """How often a delivery of an outbox item met a fault, or another delivery of it."""
        self.log: list[str] = []
        self.metered: Counter[str] = Counter()
        self.dead_letters: tuple[repair.Message, ...] = ()
        self.redriven: set[tuple[str, str]] = set()
        self.refusing: dict[str, float] = {}
        """The addresses that SES refuses, and until when."""
        self.stack: list[Invocation] = []
        self.failures: list[Outcome] = []
        self.calls: list[tuple[str, list[str]]] = []
        """The calls of each invocation, by its function."""
        self.on_mail: list[Callable[[Mail], None]] = []
        self.on_commit: list[Callable[[Sequence[Write]], None]] = []
        self.on_outcome: list[Callable[[Invocation, Outcome], None]] = []
        self.on_object: list[Callable[[Version], None]] = []
        self.on_saved: list[Callable[[str, Version], None]] = []
        """Told of what a browser saved, with the link's secret that led to it."""
        self._heap: list[Entry] = []
        self.owners: dict[str, Any] = {"world": self}
        self.strands: dict[int, Strand] = {}
        self._order = 0
        self.happened = 0
        self.invocations = 0
        self._lanes: defaultdict[tuple[str, str], Lane] = defaultdict(Lane)
        self._sequence = 0
        self._last_sweep = self.now
        self._last_retention = self.now
        self._dues: tuple[int, dict[str, float]] = (-1, {})
        """When the earliest of each occasion is due, as of that many changes of the index."""
        self.stream_stopped_until = 0.0
        self.schedules_missed_until = 0.0
        self.deployments: tuple[Deployment, ...] = ()
        self._listing: tuple[Any, float] = (None, 0.0)
        """When a sweep makes lists again, as of what is stored."""
        self.turns_away: Callable[[str], bool] = lambda name: False
        """Whether Lambda throttles a function at this moment: it does not run, and whoever called it is told so."""
        self.keeps_lists = False
        """Whether the function that lists what waits for whom follows the stream. It follows each event, and most lives
        are about something else."""
        self.is_warm = False
        """Whether a process goes on to the next event, as Lambda's do, and knows what it read of directories."""
        self.memories: dict[str, tuple[float, Mapping[str, Any]]] = {}
        """Until when each function's process was at work, and what it knew then."""
        self._stale_by = 0.0
        self.clients = clients_of(self)

    def copied(self) -> World:
        """The same deployment at the same moment, which goes its own way from here, though it draws identities from
        the same as this one as long as it is given nothing else. Nothing may be running. What is stored is shared, for
        nobody changes it in place. Whoever followed this world has to follow the copy anew."""
        if self.stack:
            raise NotSimulated("a copy in the middle of an invocation")
        new = copy.copy(self)
        new.faults = self.faults.copied()
        new.faults.now = lambda: new.now
        new.table = self.table.copied()
        new.keys = self.keys.copied()
        new.table.now = new.keys.now = lambda: new.now
        new.table.lag = new._lag
        new.table.observers.append(new._follow)
        new.executions = {
            name: copy.copy(one) if one.status == "RUNNING" else one for name, one in self.executions.items()
        }
        new._dues = (-1, {})
        new.bucket = self.bucket.copied()
        new.bucket.now = lambda: new.now
        new.bucket.observers.append(new._stored)
        new.redriven, new.refusing = {*self.redriven}, dict(self.refusing)
        new.memories = dict(self.memories)
        new.mails, new.log, new.calls = [*self.mails], [*self.log], [*self.calls]
        new.sent, new.risks, new.metered = Counter(self.sent), Counter(self.risks), Counter(self.metered)
        new.failures = [*self.failures]
        new.stack, new.on_mail, new.on_commit, new.on_outcome = [], [], [], []
        new.on_object, new.on_saved = [], []
        new._heap = [*self._heap]
        new.owners = {"world": new}
        new.strands = {number: strand.copied() for number, strand in self.strands.items()}
        new._lanes = defaultdict(Lane)
        for key, lane in self._lanes.items():
            if lane.records or lane.is_scheduled:
                new._lanes[key] = Lane([*lane.records], lane.tries, lane.size, lane.is_scheduled)
        new.clients = clients_of(new)
        return new

    @property
    def tables(self) -> dict[str, Table]:
        """By name; the first is the one that has a stream."""
        return {TABLE: self.table, KEYS: self.keys}

    # Time.

    def at(self, moment: float, kind: str, method: str, *given: Any, owner: str = "world") -> None:
        """Have a method called at an instant, or at once where it has passed. What is to come is data, so that a
        world can be copied."""
        self._order += 1
        heapq.heappush(self._heap, (max(moment, self.now), self._order, kind, owner, method, given))

    def after(self, seconds: float, kind: str, method: str, *given: Any, owner: str = "world") -> None:
        self.at(self.now + seconds, kind, method, *given, owner=owner)

    def run(self, until: float) -> None:
        """Let happen what happens up to an instant."""
        while self.happens(until):
            pass

    def happens(self, until: float) -> bool:
        """Let the next thing happen that happens up to an instant; False: there is nothing, and it is that late now."""
        moment, kind = self._next()
        if moment > until:
            self.now = max(self.now, until)
            return False
        self.now = max(self.now, moment)
        self.happened += 1
        if self.happened > MOST_HAPPENINGS:
            raise AssertionError("everything comes to rest: a world goes on and on")
        if kind == "sweep":
            self._scheduled_sweep()
        elif kind == "retention":
            self._scheduled_retention()
        else:
            self._happen(heapq.heappop(self._heap))
        return True

    @property
    def calm_since(self) -> float:
        """When the last thing went wrong, or what had stopped went on."""
        injected = self.faults.injected
        last = max(
            [injected[-1].at if injected else 0.0, *(min(one, self.now) for one in self.refusing.values())]
        )
        if self.deployments:
            last = max(last, *(min(one, self.now) for one in self.deployments[-1].since.values()))
        return max(last, min(self.stream_stopped_until, self.now), min(self.schedules_missed_until, self.now))

    @property
    def next_at(self) -> float:
        """When something happens next; infinity where nothing does."""
        return self._next()[0]

    def _next(self) -> tuple[float, str]:
        moment, kind = (self._heap[0][0], "") if self._heap else (float("inf"), "")
        for when, name in ((self._next_sweep(), "sweep"), (self._next_retention(), "retention")):
            if when < moment:
                moment, kind = when, name
        return moment, kind

    def _happen(self, entry: Entry) -> None:
        _, _, _, owner, method, given = entry
        getattr(self.owners[owner], method)(*given)

    def utc(self, skew: float = 0.0) -> datetime:
        return datetime.fromtimestamp(self.now + skew, UTC)

    # Invocations.

    def invoke(self, name: str, event: Any) -> Outcome:
        """Run a function on an event, in a process of its own."""
        from handlers import wiring

        function = deployment.functions()[name]
        self.invocations += 1
        running = Invocation(
            function,
            self.now,
            self.invocations,
            self._bundle_of(name),
            injected_before=len(self.faults.injected),
            event=event,
        )
        match self.faults.at("invocation", name):
            case "clock-ahead":
                running.skew = SKEW
            case "clock-behind":
                running.skew = -SKEW
            case _:
                pass
        memory = self._remembered(running)
        self.stack.append(running)
        forget(wiring)
        if memory:
            wiring.site().directories.known.update(memory)
        handler = sys.modules[function.module].handler
        try:
            answer = handler(event, Context(self, running))
            limits.hold(answer)
            outcome = Outcome(answer=answer)
            self._remember(running, wiring)
        except Killed as killed:
            outcome = Outcome(error="Runtime.ExitError", killed=True, cause=killed)
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            outcome = Outcome(error=type(error).__name__, cause=error)
        finally:
            self.stack.pop()
            forget(wiring)
        self.metered[f"invocations {name}"] += 1
        self.calls.append((name, running.calls))
        if outcome.error:
            self.failures.append(outcome)
        for told in self.on_outcome:
            told(running, outcome)
        return outcome

    def _remembered(self, running: Invocation) -> Mapping[str, Any]:
        """What the process knows of directories. One whose clock is wrong, or that runs beside another of its function,
        is a new one, as is any after a quarter of an hour."""
        name = running.function.name
        since, memory = self.memories.get(name, (0.0, {}))
        is_new = running.skew or any(other.function.name == name for other in self.stack)
        return {} if is_new or self.now - since > QUARTER else memory

    def _remember(self, running: Invocation, wiring: Any) -> None:
        if self.is_warm and not running.skew and wiring.site.cache_info().currsize:
            self.memories[running.function.name] = (self.now, dict(wiring.site().directories.known))

    def invoke_later(self, name: str, event: Any, *, delay: float = 0.5) -> None:
        """An asynchronous invocation: tried again as the template says, and sometimes delivered twice."""
        times = 1
        match self.faults.at("async", name):
            case "late":
                delay += 4 * MINUTE
            case "duplicated":
                times = 2
            case _:
                pass
        for place in range(times):
            self.after(delay + place, "async", "attempt", name, event, 0, self.now)

    def attempt(self, name: str, event: Any, tries: int, accepted: float) -> None:
        """One attempt at an asynchronous invocation."""
        if not self.turns_away(name) and not self.invoke(name, event).error:
            return
        settings, wait = deployment.functions()[name].invoked, MINUTE * (tries + 1)
        if tries < settings.retries and self.now + wait - accepted <= settings.age:
            self.after(wait, "async", "attempt", name, event, tries + 1, accepted)
        else:
            self._put_aside(settings.queue, repair.of_invocation(name, event, self.utc()))

    def _put_aside(self, queue: str, body: Any, **attributes: str) -> None:
        """A message in a dead-letter queue."""
        self._order += 1
        self.dead_letters += (
            repair.Message(queue, str(self._order), json.dumps(body), attributes, self.now),
        )

    def request(self, name: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """What the gateway answers a person or a program."""
        self.metered["requests"] += 1
        if self.turns_away(name):
            return {"statusCode": 503, "headers": {}, "body": '{"message":"Service Unavailable"}'}
        outcome = self.invoke(name, event)
        if outcome.error:
            return {"statusCode": 502 if outcome.killed else 500, "headers": {}, "body": ""}
        answer: dict[str, Any] = outcome.answer
        return answer

    # Deployments.

    def announce(self, day: date) -> None:
        """Deploy a bundle that knows of a holiday on a day on which the last one knew of none, or the other way
        round."""
        self._deploy(replace(self.newest, days=self.newest.days ^ {day}))

    def release(self, slug: str) -> None:
        """Deploy a bundle with a new version of a procedure."""
        self._deploy(replace(self.newest, released=self.newest.released | {slug}))

    def _deploy(self, bundle: Bundle) -> None:
        """Within two minutes every function runs it, one after the other."""
        since = {
            name: self.now + 2 * MINUTE * crc32(f"{name} {self.now}".encode()) / 2**32
            for name in deployment.functions()
        }
        self.deployments += (Deployment(bundle, since),)

    @property
    def bundle(self) -> Bundle:
        """The one that is running, or else the newest."""
        return self.stack[-1].bundle if self.stack else self.newest

    @property
    def newest(self) -> Bundle:
        """The one that was deployed last."""
        return self.deployments[-1].bundle if self.deployments else FIRST

    def _bundle_of(self, name: str) -> Bundle:
        there = (one.bundle for one in reversed(self.deployments) if one.since[name] <= self.now)
        return next(there, FIRST)

    def _to_be_counted(self) -> float:
        """From when on a sweep counts open cases again; infinity: it would find nothing to count."""
        noted = self.table.item("CALENDARS", "CALENDARS")
        if not self.deployments or noted is None:
            return float("inf")
        is_counted = noted["fingerprint"]["S"] == self.newest.calendars() and set(noted) == _AT_REST
        return float("inf") if is_counted else self.deployments[-1].since["SweepFunction"]

    def _to_be_listed(self) -> float:
        """From when on a sweep makes the lists again: people have changed, or somebody comes or goes."""
        noted = self.table.item("LISTS", "LISTS")
        if noted is None:
            return float("inf")
        directories = [directory_of(self.table, organisation) for organisation in procedures.organisations()]
        known = (noted, directories)
        if self._listing[0] != known or self._listing[1] <= self.now:
            self._listing = (known, self._next_listing(noted, directories))
        return self._listing[1]

    def _next_listing(self, noted: Item, directories: Sequence[Item | None]) -> float:
        there = [
            procedures.load(organisation).people if item is None else people_in(item, self.utc())
            for organisation, item in zip(procedures.organisations(), directories, strict=True)
        ]
        if set(noted) != _AT_REST or noted["fingerprint"]["S"] != fingerprint_of(there):
            return self.now
        moments = (moment for item in directories if item is not None for moment in comings_and_goings(item))
        return min((moment for moment in moments if moment > self.now), default=float("inf"))

    # Calls of clients.

    def begin_delivery(self, effect: tuple[str, str]) -> None:
        """The running function turns to an item of the outbox."""
        running = self.stack[-1]
        if running.function is repair.OPERATOR:
            return
        if any(other.effect == effect for other in self.stack[:-1]):
            self.risks[effect] += 1
        running.effect = effect

    def call(
        self,
        place: str,
        apply: Callable[[], Any],
        *,
        throttled: str,
        partly: Callable[[], Any] | None = None,
    ) -> Any:
        """One call of a client, with what goes wrong at it. `partly` carries out only a part."""
        running = self.stack[-1]
        if running.is_dead:
            raise Killed
        self.now += LATENCY
        running.calls.append(place)
        if self.now - running.started > running.function.timeout:
            running.is_dead = True
            raise Killed("the function's time is over")
        self.metered[f"calls {running.function.name} {place}"] += 1
        kind = self.faults.at(place, running.function.name)
        if not kind:
            return apply()
        if kind == "partial":
            return (partly or apply)()
        try:
            return self._faulty(kind, place, apply, throttled)
        except Killed:
            running.is_dead = True
            raise

    def _faulty(self, kind: Kind, place: str, apply: Callable[[], Any], throttled: str) -> Any:
        running = self.stack[-1]
        running.faulted = True
        operation = place.partition(".")[2].partition(" ")[0]
        if running.effect[0]:
            self.risks[running.effect] += 1
        match kind:
            case "killed-before":
                raise Killed
            case "killed-after":
                apply()
                raise Killed
            case "timed-out":
                raise ConnectTimeoutError(endpoint_url=place)
            case "applied-timed-out":
                apply()
                raise ReadTimeoutError(endpoint_url=place)
            case "throttled":
                raise _throttling(throttled, operation)
            case "conflict":
                raise _conflict(operation)
            case "retried":
                # The answer to the first attempt was lost, and the client tried again. A transaction has a token.
                first = apply()
                return first if operation == "transact_write_items" else apply()
            case "slow":
                self.now += running.function.timeout * 0.6
                if self.now - running.started > running.function.timeout:
                    raise Killed("the function's time is over")
                return apply()
            case "raced":
                self.race()
                return apply()
            case "stale":
                self._stale_by = 10 * MINUTE
                try:
                    return apply()
                finally:
                    self._stale_by = 0.0
            case "refused" | "bounced" | "unwanted":
                return _OF_MAILS[kind](self, apply)
            case _:
                raise NotSimulated(f"the fault {kind} at {place}")

    def race(self) -> None:
        """Something else happens in the middle of what is running: what comes next within two minutes, or a person
        who was going to act some time."""
        busy = {running.function.name for running in self.stack}
        if len(self.stack) > 2:
            return
        for entry in sorted(self._heap, key=lambda one: one[:2]):
            moment, _, kind = entry[:3]
            is_near = moment <= self.now + 2 * MINUTE
            # A function that is at work keeps its batch in its process: another batch is another process.
            if (
                kind == "person"
                or (kind == "task" and is_near)
                or (kind == "stream" and is_near and entry[5][0] not in busy)
            ):
                self._heap.remove(entry)
                heapq.heapify(self._heap)
                running = self.stack[-1]
                # Whoever comes in between goes by what there is now, whatever bundle runs there.
                running.bundle, own = self.newest, running.bundle
                try:
                    self._happen(entry)
                finally:
                    running.bundle = own
                return

    def _lag(self, index: str) -> float:
        return self._stale_by

    # The stream.

    def _follow(self, writes: Sequence[Write]) -> None:
        for told in self.on_commit:
            told(writes)
        for write in writes:
            kind = "INSERT" if write.old is None else "REMOVE" if write.new is None else "MODIFY"
            pk, sk = write.key
            for name, source in self._readers():
                if source.wants(kind, pk, sk):
                    self._bring(name, kind, write)

    def _readers(self) -> Iterator[tuple[str, deployment.StreamSource]]:
        """The functions that follow the stream."""
        for name, source in deployment.readers().items():
            if name != "FiguresFunction" or self.keeps_lists:
                yield name, source

    def _bring(self, name: str, kind: str, write: Write) -> None:
        """A change is on its way to a function that follows the stream."""
        pk, sk = write.key
        self._sequence += 1
        change: dict[str, Any] = {
            "ApproximateCreationDateTime": self.now,
            "Keys": {"PK": {"S": pk}, "SK": {"S": sk}},
            "SequenceNumber": str(self._sequence),
            "StreamViewType": "NEW_IMAGE",
        }
        if write.new is not None:
            change["NewImage"] = write.new
        record = {
            "eventID": str(self._sequence),
            "eventName": kind,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "dynamodb": change,
        }
        lane = self._lanes[name, pk]
        lane.records.append(record)
        if not lane.is_scheduled:
            self._poll_later(name, pk, 0.3)

    def _poll_later(self, name: str, pk: str, delay: float) -> None:
        self._lanes[name, pk].is_scheduled = True
        match self.faults.at("stream", name):
            case "late":
                delay += 3 * MINUTE
            case "stopped":
                self.stream_stopped_until = max(self.stream_stopped_until, self.now + 5 * HOUR)
            case "duplicated":
                self.after(delay, "stream", "poll", name, pk, True)
                return
            case _:
                pass
        self.after(delay, "stream", "poll", name, pk)

    def let_stream_go_on(self) -> None:
        """End a standstill of the stream: what waited for its end is given out now."""
        if self.stream_stopped_until > self.now:
            for name, pk in [key for key, lane in self._lanes.items() if lane.records]:
                self.after(1.0, "stream", "poll", name, pk)
        self.stream_stopped_until = 0.0

    def poll(self, name: str, pk: str, again: bool = False) -> None:
        """Give the next records of a partition to the function; what fails is tried again as the template says."""
        lane, source = self._lanes[name, pk], deployment.readers()[name]
        if self.now < self.stream_stopped_until:
            self.at(self.stream_stopped_until + 1, "stream", "poll", name, pk)
            return
        lane.is_scheduled = False
        age = min(source.age, STREAM_KEEPS)
        while lane.records and self.now - lane.records[0]["dynamodb"]["ApproximateCreationDateTime"] > age:
            self._put_aside(source.queue, repair.of_batch(name, lane.records.pop(0), self.utc()))
            lane.tries = lane.size = 0
        if not lane.records:
            return
        if self.turns_away(name):
            self._poll_later(name, pk, 1.0)
            return
        batch = lane.records[: lane.size or source.batch]
        outcome = self.invoke(name, {"Records": batch})
        if again:
            for record in batch:
                self.risks[_effect_of(record)] += 1
            outcome = self.invoke(name, {"Records": batch})
        done = self._done_of(batch, outcome)
        del lane.records[:done]
        if done < len(batch):
            if done:
                lane.tries, lane.size = 0, 0
            lane.tries += 1
            if len(batch) - done > 1 and source.bisects:
                lane.size = max(1, (len(batch) - done) // 2)
            elif lane.tries > source.retries:
                self._put_aside(source.queue, repair.of_batch(name, lane.records.pop(0), self.utc()))
                lane.tries = lane.size = 0
        else:
            lane.tries = lane.size = 0
        if lane.records and not lane.is_scheduled:
            self._poll_later(name, pk, 0.3 if done == len(batch) else min(MINUTE, 2.0**lane.tries))

    @staticmethod
    def _done_of(batch: Sequence[Mapping[str, Any]], outcome: Outcome) -> int:
        """How many of the batch's first records are done with."""
        if outcome.error:
            return 0
        failed = [one["itemIdentifier"] for one in outcome.answer.get("batchItemFailures", ())]
        numbers = [str(record["dynamodb"]["SequenceNumber"]) for record in batch]
        return min((numbers.index(one) for one in failed), default=len(batch))

    # Schedules.

    def _next_sweep(self) -> float:
        due = min(self._earliest("wake"), self._earliest("outbox") + STREAM_TIME, self._to_be_counted())
        if self.keeps_lists:
            due = min(due, self._to_be_listed())
        return self._on_grid(max(due, self._last_sweep + 1, self.schedules_missed_until))

    @staticmethod
    def _on_grid(moment: float) -> float:
        return moment if moment == float("inf") else -(-moment // SWEEP_EVERY) * SWEEP_EVERY

    def _next_retention(self) -> float:
        due = self._earliest("delete")
        if due == float("inf"):
            return due
        return _next_morning(max(due, self._last_retention + 1, self.schedules_missed_until))

    def _earliest(self, occasion: str) -> float:
        index = self.table.indexes["due"]
        if self._dues[0] != index.changes:
            self._dues = (index.changes, {})
        known = self._dues[1]
        if occasion not in known:
            dues = [
                one["due_at"]["S"]
                for shard, found in index.entries.items()
                if shard.startswith(occasion)
                for one in found.values()
            ]
            known[occasion] = _epoch(min(dues)) if dues else float("inf")
        return known[occasion]

    def _missed(self, name: str) -> bool:
        match self.faults.at("schedule", name):
            case "missed":
                pass
            case "missed-for-days":
                self.schedules_missed_until = self.now + 30 * DAY
            case _:
                return False
        schedule = deployment.schedules()[name]
        target = repair.RESOURCES[name]
        self._put_aside(schedule.queue, {}, SCHEDULE_ARN=f"schedule/{schedule.id}", TARGET_ARN=target)
        return True

    def _scheduled_sweep(self) -> None:
        self._last_sweep = self.now
        if not self._missed("SweepFunction"):
            self.sweep()

    def sweep(self) -> None:
        self.invoke_later("SweepFunction", {"source": "aws.scheduler", "detail": "{}"}, delay=0.1)

    def _scheduled_retention(self) -> None:
        self._last_retention = self.now
        if not self._missed("RetentionMachine"):
            self.start_execution("RetentionMachine", f"daily-{int(self.now)}", "{}")

    # Files.

    def _stored(self, version: Version) -> None:
        for told in self.on_object:
            told(version)

    def upload(self, fields: Mapping[str, str], body: bytes) -> str:
        """A browser sends a file with its ticket; where it is led to, empty: nothing answered. ClientError: the
        ticket does not allow it."""
        kind = self.faults.at("upload", "browser")
        if kind == "timed-out":
            return ""
        if kind == "late":
            self.now += 2 * HOUR
        led_to = self.bucket.take(fields, body)
        if kind == "duplicated":
            self.bucket.take(fields, body)
        return "" if kind == "applied-timed-out" else led_to

    # Being repaired.

    def replay(self) -> bool:
        """Somebody runs `dueprocess replay`; whether nothing is given up any more, as far as it says."""
        from cli import replay

        self.invocations += 1
        self.stack.append(Invocation(repair.OPERATOR, self.now, self.invocations))
        try:
            with redirect_stderr(LOG):
                stack = repair.deployment_of(self)
                return replay.put_back(stack, stack="simulated", dry_run=False, yes=True)
        except (Killed, BotoCoreError, ClientError):
            return False
        finally:
            self.stack.pop()

    def redrive(self, machine: str, name: str) -> None:
        """Have an execution that failed go on. Of the alarm machine that is the same as to run it anew: what it waited
        for is over."""
        if machine != "AlarmMachine":
            raise NotSimulated(f"redriving the {machine}")
        execution = copy.copy(self.executions[machine, name])
        execution.status, execution.error = "RUNNING", ""
        self.executions[machine, name] = execution
        self.redriven.add((machine, name))
        definition = stepfunctions.definition(deployment.machine_path(machine))
        self.drive(self._new_strand(definition, json.loads(execution.input), execution=(machine, name)))

    # Executions.

    def start_execution(self, machine: str, name: str, given: str) -> None:
        """Start one. ClientError: the name is taken."""
        known = self.executions.get((machine, name))
        if known is not None and self.now - known.started < NAME_TAKEN_FOR:
            if known.status == "RUNNING" and known.input == given:
                return
            raise EXCEPTIONS.error(
                "ExecutionAlreadyExists", "Execution Already Exists", "StartExecution", status=400
            )
        execution = stepfunctions.Execution(machine, name, given, self.now)
        self.executions[machine, name] = execution

        self.metered["transitions"] += 1
        self.metered["executions"] += 1
        if self.faults.at("execution", machine):
            # Somebody stopped it, or the service lost it.
            execution.status = "ABORTED"
            return
        definition = stepfunctions.definition(deployment.machine_path(machine))
        self.drive(self._new_strand(definition, json.loads(given), execution=(machine, name)))

    def _new_strand(
        self, definition: Any, given: Any, *, execution: tuple[str, str], parent: int = 0, place: int = 0
    ) -> int:
        self._order += 1
        self.strands[self._order] = Strand(self._order, definition, given, execution, parent, place)
        return self._order

    def drive(self, number: int, result: Any = None, failed: stepfunctions.TaskFailed | None = None) -> None:
        """Let a strand go on with what it waited for."""
        strand = self.strands[number]
        try:
            wanted = self._sent(strand, result, failed)
        except StopIteration as end:
            self._ended(strand, end.value, None)
            return
        except stepfunctions.TaskFailed as end:
            self._ended(strand, None, end)
            return
        self._wait_for(strand, wanted)

    def _wait_for(self, strand: Strand, wanted: stepfunctions.Wanted) -> None:
        number = strand.number
        match wanted:
            case stepfunctions.Until(at=moment):
                self.at(moment, "wait", "drive", number)
            case stepfunctions.After(seconds=seconds):
                self.after(seconds, "wait", "drive", number)
            case stepfunctions.Call(resource=resource, event=event):
                self._note_events(strand, 3)
                self.after(0.1, "task", "task", number, resource, event)
            case stepfunctions.Branches(definition=definition, items=items, at_most=at_most):
                if len(json.dumps(items)) > stepfunctions.LARGEST_DATA:
                    raise NotSimulated("more data than a state can be given")
                self._note_events(strand, 2 + 2 * len(items))
                strand.results = [None] * len(items)
                strand.left = len(items)
                strand.waiting = [(definition, item, place) for place, item in enumerate(items)]
                if not items:
                    self.drive(number, [])
                for _ in range(min(at_most, len(items))):
                    self._branch(strand)

    def _sent(
        self, strand: Strand, result: Any, failed: stepfunctions.TaskFailed | None
    ) -> stepfunctions.Wanted:
        """What the strand waits for next. One that came with a copy of a world is lived again up to here."""
        if strand.going is None:
            strand.going = stepfunctions.strand(
                strand.definition, strand.given, entered=lambda _: self._entered(strand), jitter=strand.jitter
            )
            strand.is_lived_again = True
            for before in strand.log:
                _send(strand.going, *before)
            strand.is_lived_again = False
        strand.log.append((result, failed))
        return _send(strand.going, result, failed)

    def _entered(self, strand: Strand) -> None:
        if not strand.is_lived_again:
            self.executions[strand.execution].transitions += 1
            self.metered["transitions"] += 1
            self._note_events(strand, 2)

    def _note_events(self, strand: Strand, more: int) -> None:
        execution = self.executions[strand.execution]
        execution.events += more
        if execution.events > stepfunctions.MOST_EVENTS:
            raise NotSimulated(f"a history of {execution.events} events")

    def _branch(self, parent: Strand) -> None:
        definition, item, place = parent.waiting.pop(0)
        self.drive(
            self._new_strand(definition, item, execution=parent.execution, parent=parent.number, place=place)
        )

    def _ended(self, strand: Strand, result: Any, failed: stepfunctions.TaskFailed | None) -> None:
        del self.strands[strand.number]
        if not strand.parent:
            execution = self.executions[strand.execution]
            execution.status = "SUCCEEDED" if failed is None else "FAILED"
            execution.output, execution.error = result, "" if failed is None else failed.error
            execution.ended = self.now
            return
        parent = self.strands.get(strand.parent)
        if parent is None or parent.left < 0:
            return
        if failed is not None:
            parent.left = -1
            self.drive(parent.number, None, failed)
            return
        parent.results[strand.place] = result
        parent.left -= 1
        if parent.waiting:
            self._branch(parent)
        if not parent.left:
            self.drive(parent.number, parent.results)

    def task(self, number: int, resource: str, event: Any) -> None:
        """A strand's task: its function is called, and the strand goes on with the answer."""
        if self.turns_away(deployment.task_of(resource)):
            self.drive(number, None, stepfunctions.TaskFailed("Lambda.TooManyRequestsException"))
            return
        outcome = self.invoke(deployment.task_of(resource), event)
        if outcome.error:
            self.drive(number, None, stepfunctions.TaskFailed(outcome.error))
        else:
            self.drive(number, json.loads(json.dumps(outcome.answer)))


class Context:
    """What Lambda gives to a handler beside the event."""

    memory_limit_in_mb = 1024
    function_version = "$LATEST"
    log_group_name = log_stream_name = ""

    def __init__(self, world: World, running: Invocation) -> None:
        self._world = world
        self._running = running
        self.function_name = running.function.name
        self.aws_request_id = f"request-{running.number}"
        self.invoked_function_arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        left = self._running.function.timeout - (self._world.now - self._running.started)
        return int(max(0.0, left) * 1000)


def _throttling(code: str, operation: str) -> ClientError:
    if operation == "transact_write_items":
        return EXCEPTIONS.error(
            "TransactionCanceledException",
            "Transaction cancelled [ThrottlingError]",
            "TransactWriteItems",
            reasons=[{"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity"}],
        )
    return EXCEPTIONS.error(code, "Rate exceeded", operation)


def _conflict(operation: str) -> ClientError:
    return EXCEPTIONS.error(
        "TransactionCanceledException",
        "Transaction cancelled [TransactionConflict]",
        "TransactWriteItems",
        reasons=[{"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}],
    )


def _refused(world: World, apply: Callable[[], Any]) -> Any:
    raise EXCEPTIONS.error("MessageRejected", "Sending is paused for this account", "SendEmail")


def _bounced(world: World, apply: Callable[[], Any]) -> Any:
    return _reported(world, apply, {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}})


def _unwanted(world: World, apply: Callable[[], Any]) -> Any:
    return _reported(world, apply, {"eventType": "Complaint", "complaint": {}})


def _reported(world: World, apply: Callable[[], Any], report: Mapping[str, Any]) -> Any:
    answer = apply()
    mail = world.mails[-1]
    tags = {"case": [mail.ref], "notice": [mail.notice], "person": [mail.person], "letter": [mail.letter]}
    message = {**report, "mail": {"tags": tags, "destination": [mail.address]}}
    published = {"Records": [{"Sns": {"Message": json.dumps(message)}}]}
    world.after(20, "sns", "invoke_later", "MailEventsFunction", published)
    return answer


_OF_MAILS: Mapping[str, Callable[[World, Callable[[], Any]], Any]] = {
    "refused": _refused,
    "bounced": _bounced,
    "unwanted": _unwanted,
}


def _effect_of(record: Mapping[str, Any]) -> tuple[str, str]:
    keys = record["dynamodb"]["Keys"]
    return keys["PK"]["S"], keys["SK"]["S"]


def _send(
    going: stepfunctions.Strand, result: Any, failed: stepfunctions.TaskFailed | None
) -> stepfunctions.Wanted:
    return going.send(result) if failed is None else going.throw(failed)


@lru_cache(maxsize=4096)
def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@lru_cache(maxsize=4096)
def _next_morning(moment: float) -> float:
    """The next time that it is six o'clock in London."""
    local = datetime.fromtimestamp(moment, LONDON)
    morning = local.replace(hour=RETENTION_HOUR, minute=0, second=0, microsecond=0)
    if morning < local:
        morning = (morning + timedelta(days=1)).replace(hour=RETENTION_HOUR)
    return morning.timestamp()
