"""Whole lives of cases, from the form to the tombstone: the main path, and whatever a seed draws.

A course is lived step by step, and between two steps it can be copied: a copy shares what has happened so far and goes
its own way from there. So what begins alike is lived once (see tests/simulation/trees.py).
"""

from __future__ import annotations

import copy
import traceback
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple, TypeVar

from adapters import procedures
from domain.case import COMPLAINANT, Case
from domain.chasing import to_be_posted
from domain.procedure import LOGGED
from tests.simulation.faults import Drawn, Kind, NoFaults, Planned
from tests.simulation.filling import CANARY
from tests.simulation.installation import installed
from tests.simulation.invariants import Watch
from tests.simulation.peek import case_of
from tests.simulation.people import PAUSES, Town, submission
from tests.simulation.staff import Caller
from tests.simulation.times import DAY, HOUR, MINUTE
from tests.simulation.world import World

MAIN = "leadership-east"
LONGEST = 80
"""Pauses in a life, after which a case that nobody can work on any more is left as it is."""
START = datetime(2026, 11, 2, 10, tzinfo=UTC)
ONWARD: tuple[str, ...] = (
    "lateness",
    "write",
    "written",
    "consent",
    "assign",
    "acknowledge",
    "external-answer",
    "consider",
    "respond",
    "approve",
    "reply",
    "enter-reply",
)
"""What moves a case on, in the order in which people do it."""
REPLYING = ("reply", "enter-reply")
ASIDE: tuple[str, ...] = (
    "posted",
    "follow-up",
    "complete",
    "confirm-involved",
    "late-reply",
    "looked-into",
    "completion",
)
"""What has to be done beside that, also when a case is closed."""
MOST_CHASED = 5
"""Tellings of what was missed, one by one; after that a life goes on by quarters of a year."""
MOST_YEARS = 15
"""In a life. What is still there then is left alone by everybody, and told of again for ever."""
ONE_IN_PICKY = 1 / 50
"""In so many of all lives SES refuses somebody for more than a day."""
ONE_IN_ANNOUNCED = 1 / 4
"""In so many of all lives holidays become known, or are moved."""
ONE_IN_RELEASED = 1 / 8
"""In so many of all lives a new version of a procedure is released."""
ONE_IN_MOVING = 1 / 3
"""In so many of all lives people come into the directory, leave it, change roles or are away."""
SUCCEEDED_WITHIN = 3 * HOUR + 10 * MINUTE
"""On the main path: for so long whoever is succeeded is there, and a little longer."""
ONE_IN_ENTERING = 1 / 4
"""In so many of all lives staff enter a case for somebody, in half of these for want of any other."""
ONE_IN_THANKING = 1 / 8
"""In so many of all lives somebody sends a suggestion or a compliment in, where a form takes it."""
ONE_IN_LISTING = 1 / 8
"""In so many of all lives lists are kept of what waits for whom; each of a case's events is followed for that."""
ONE_IN_READING = 1 / 4
"""In so many of all lives people find the form on the public pages; in all others they have it already."""
GONE = 410
"""The status of a link that does nothing any more."""
RATES = (25, 60, 150, 400)
"""One point in how many has a fault, while there are any."""

Own = TypeVar("Own", bound="Course")


class Course:
    """A world with its people and whoever watches over it, lived step by step."""

    def __init__(self, world: World, town: Town) -> None:
        self.world = world
        self.town = town
        self.watch = Watch(world, town)
        self.steps = 0
        self._next = "_begin"
        self._turns = 0
        """How often the same was done, one after the other."""
        self._until = 0.0

    def step(self) -> bool:
        """Take the next step, in a world that is installed; False: that was the last one. A step is one thing that
        happens by itself, or what comes after nothing more does until the moment that is waited for. What a world or
        its people cannot go on with, and what fails in these tests themselves, the watch tells of."""
        try:
            return self._step()
        except AssertionError as error:
            rule, _, detail = str(error).partition(": ")
            self.watch.found(rule, detail=detail[:2000])
        except Exception:  # noqa: BLE001 - one life that breaks off ends no soak of hours
            self.watch.found("the simulation itself goes on", detail=traceback.format_exc()[-2000:])
        return False

    def _step(self) -> bool:
        self.steps += 1
        if self._until and self.world.happens(self._until):
            return True
        self._until = 0.0
        taken = self._next
        self._next = getattr(self, taken)()
        self._turns = self._turns + 1 if taken == self._next else 0
        return bool(self._next)

    def wait(self, until: float) -> None:
        """Let happen what happens up to an instant before the next step is taken."""
        self._until = until

    def live(self, *, until_violated: bool = False) -> Watch:
        """What is left of it, or only up to the first violation; with what was found on the way."""
        with installed(self.world):
            while self.step() and not (until_violated and self.watch.violations):
                pass
        return self.watch

    @property
    def points(self) -> int:
        """At how many points something could have gone wrong so far."""
        return self.world.faults.points

    @property
    def worked(self) -> int:
        """How many functions were invoked so far."""
        return self.world.invocations

    def copied(self: Own) -> Own:
        """The same course up to here. It draws from the same as this one as long as it is given nothing else."""
        new = copy.copy(self)
        new.world = self.world.copied()
        new.town = self.town.copied(new.world)
        new.watch = self.watch.copied(new.world, new.town)
        return new


class MainPath(Course):
    """One complaint's whole life, in which everybody does what comes next and nothing else: sent in, acknowledged,
    answered, accepted (or taken up every stage), closed, kept, announced, destroyed.

    `with_papers`: the complainant and those who handle the case add documents, have them, and take the file of the case
    out. `with_late_visits`: everybody who has a link asks for a fresh one when a run looks for what is to be destroyed.
    `refused_for`: for so many seconds SES takes no mail for whoever is told first of the complaint.
    `with_two_runs`: when something is to be destroyed, another retention run begins in the same moment.
    `with_newcomer`: somebody comes in the place of the first reviewer, who leaves.
    `is_warm`: processes go on to the next event, and whoever leaves looks at the case all the time, and tries to go on
    minutes after they left.
    `holiday_in`: minutes after the complaint came in, a bundle is deployed that knows of one more holiday, so many days
    ahead. `with_release`: a bundle with a new version of the procedure.
    `with_entry`: staff enter the case for somebody who comes otherwise than by the form.
    `with_feedback`: it is a suggestion or a compliment.
    `keeps_lists`: the lists of what waits for whom follow each event."""

    def __init__(
        self,
        faults: NoFaults,
        *,
        organisation: str = MAIN,
        climbs: bool = False,
        seed: int = 1,
        with_first_links: bool = False,
        with_papers: bool = False,
        refused_for: float = 0.0,
        with_late_visits: bool = False,
        with_newcomer: bool = False,
        with_two_runs: bool = False,
        holiday_in: int = 0,
        is_warm: bool = False,
        with_release: bool = False,
        with_entry: Caller | None = None,
        with_feedback: bool = False,
        is_silent: bool = False,
        keeps_lists: bool = False,
    ) -> None:
        world = World(seed, faults=faults, start=START)
        world.is_warm = is_warm
        world.keeps_lists = keeps_lists
        super().__init__(world, Town(world, Random(f"people {seed}"), with_first_links=with_first_links))
        self._organisation = organisation
        self._climbs = climbs
        self._has_papers = with_papers
        self._refused_for = refused_for
        self._has_late_visits = with_late_visits
        self._leaves = with_newcomer
        self._has_two_runs = with_two_runs
        self._holiday_in = holiday_in
        self._is_released = with_release
        self._caller = with_entry
        self._is_feedback = with_feedback
        self._is_silent = is_silent
        self._ref = ""

    def copied(self) -> MainPath:
        """The same path up to here, which goes on as this one would."""
        new = super().copied()
        new.world.random, new.town.random = copy.copy(self.world.random), copy.copy(self.town.random)
        return new

    @property
    def planned(self) -> Planned:
        """What goes wrong. TypeError: that was not planned."""
        if not isinstance(self.world.faults, Planned):
            raise TypeError("Only what was planned is planned anew.")
        return self.world.faults

    def resumed(self, plan: Mapping[int, Kind]) -> MainPath:
        """The same up to here, with other faults from here on, by the numbers of their points."""
        new = self.copied()
        new.planned.plan = plan
        return new

    def _begin(self) -> str:
        world, seed = self.world, self.world.seed
        world.sweep()
        world.run(world.now + MINUTE)
        if self._caller is not None:
            self.town.staff.callers = (self._caller,)
            return self._entered()
        form = Random(f"form {seed}")
        today = world.utc().date()
        one = submission(self._organisation, form, today=today, number=1, is_feedback=self._is_feedback)
        self.town.submitted.append(one)
        if self._refused_for:
            (told, *_) = first_told(self._organisation)
            world.refusing[told] = world.now + self._refused_for
        self._ref = self.town.submit(one)
        if self._holiday_in:
            day = weekday(world.utc().date() + timedelta(days=self._holiday_in))
            world.after(2 * MINUTE, "deployment", "announce", day)
        if self._is_released:
            world.after(2 * MINUTE, "deployment", "release", self._organisation)
        self.wait(world.now + 2 * HOUR)
        return "_refused" if self._refused_for else "_go_on"

    def _entered(self) -> str:
        """Somebody asks for their own page and enters the case there, or somebody else does, until it is there."""
        staff = self.town.staff
        self._ref = next((one.reference for one in staff.entries.values() if one.reference), "")
        if not self._ref and self._turns < 6:
            if staff.callers and not staff.errands:
                wait = 10 * HOUR if staff.callers[0].is_late and not self._turns else 0
                self.world.after(wait, "person", "ask", self._organisation, owner="staff")
            self.wait(self.world.now + DAY)
            return "_entered"
        if not self._ref:
            raise AssertionError("a form is taken where nothing goes wrong: it is not")
        return "_go_on"

    def _refused(self) -> str:
        """Nobody acts until it is over; what was given up meanwhile is put back."""
        if not self._turns:
            self.wait(max(self.world.refusing.values()) + 2 * HOUR)
            return "_refused"
        return "_repaired"

    def _repaired(self) -> str:
        self.watch.at_rest()
        put_back(self.world, self.watch)
        self.wait(self.world.now + 2 * HOUR)
        return "_go_on"

    def _go_on(self) -> str:
        world, watch = self.world, self.watch
        if world.now - world.calm_since > HOUR:
            watch.at_rest()
        case = case_of(world.table, self._ref) if self._ref else None
        if case is None or not case.is_open:
            return "_years"
        if self._has_papers:
            self._papers(self._turns)
        writers = self.town.choices(self._ref, ("respond",)) if self._leaves else ()
        for whom, _, _ in writers[:1]:
            self._leaves = False
            self.town.staff.is_succeeded(self._organisation, whom)
            self._looks_on(whom)
            self.wait(world.now + (SUCCEEDED_WITHIN if world.is_warm else DAY))
            return "_left"
        onward(self.town, self._ref, case, climbs=self._climbs, but=REPLYING if self._is_silent else ())
        if not self._is_silent:
            aside(self.town, self._ref)
        self.wait(world.next_at if self._is_silent and case.current.responded_at else world.now + 2 * HOUR)
        return "_go_on" if self._turns < 40 else "_years"

    def _left(self) -> str:
        """Whoever left does what they would have done."""
        case = case_of(self.world.table, self._ref)
        for person, secret in self.town.open_links(self._ref):
            if case is not None and person in case.current.reviewers:
                self.town.act(
                    self._ref, person, secret, "respond", self.town.fill("respond", case, person, Random(3))
                )
        return "_go_on"

    def _looks_on(self, whom: str) -> None:
        """Where functions live on, whoever leaves has one of them know them all the time."""
        secrets = [secret for person, secret in self.town.open_links(self._ref) if person == whom]
        for minutes in range(0, int(SUCCEEDED_WITHIN / MINUTE), 5) if self.world.is_warm else ():
            for secret in secrets[:1]:
                self.world.after(minutes * MINUTE, "person", "look", secret, owner="town")

    def _papers(self, turn: int) -> None:
        """Who can add a document adds one, the complainant first; and everybody looks at what there is."""
        town, ref = self.town, self._ref
        able = [(person, secret) for person, secret, _ in town.choices(ref, ("document",))]
        case = case_of(self.world.table, ref)
        if case is None:
            return
        writers = town.choices(ref, ("respond",))
        for person, secret, action in writers[:1]:
            town.draft(ref, person, secret, town.fill(action, case, person, Random(2)))
        for _, secret, _ in writers:
            town.look(secret)
        if turn < 2:
            able = [one for one in able if (one[0] == COMPLAINANT) == (turn == 0)]
            for person, secret in able[:1]:
                town.choose(ref, person, secret, "text" if turn else "pdf", twice=turn == 0)
        elif turn == 2:
            for _, secret in able[:2]:
                town.browse(ref, secret)
            # Whoever was told where a document is tries it.
            for _, secret in town.open_links(ref):
                for one in case.documents:
                    town.have(ref, secret, "documents", one.id)
            for person, secret, action in town.choices(ref, ("export",))[:2]:
                town.act(ref, person, secret, action, {"confirm": "yes", "reason": f"{CANARY} asks."})

    def _years(self) -> str:
        """What is left is kept for its years and destroyed."""
        world, watch = self.world, self.watch
        if self._turns and world.now - world.calm_since > 0.9 * HOUR:
            watch.at_rest()
        is_left = any(case_of(world.table, ref) for ref in watch.refs())
        for ref in watch.refs() if not self._is_silent else ():
            aside(self.town, ref)
        if self._turns > (400 if self._is_silent else 200) or not is_left or world.next_at == float("inf"):
            return "_last"
        if self._has_late_visits:
            moment = world.next_at
            for _, secret in self.town.open_links(self._ref):
                world.at(moment - 0.3, "person", "visit", secret, owner="town")
        if self._has_two_runs:
            case = next(iter(self.watch.accounts.values())).case
            destroy_at = None if case is None else case.destroy_at
            if destroy_at is not None and destroy_at.timestamp() > world.now:
                given = ("RetentionMachine", f"another-{self._turns}", "{}")
                world.at(destroy_at.timestamp() + 0.5, "task", "start_execution", *given)
        self.wait(world.next_at + HOUR)
        return "_years"

    def _last(self) -> str:
        settle(self.world, self.watch)
        put_back(self.world, self.watch)
        self.world.run(self.world.now + 40 * DAY)
        settle(self.world, self.watch)
        self.watch.end()
        return ""


class Turn(NamedTuple):
    """Where a life goes another way: before which step, and that the first thing to go wrong then does so `fault`
    points later, which has to be on the way."""

    step: int
    fault: int

    def __str__(self) -> str:
        return f"{self.step}+{self.fault}"


class Life(Course):
    """A world with some cases of any of the procedures, and people who do whatever comes to their mind, in whatever
    order, while things go wrong now and then. All of it follows from the seed and the turns that it takes.

    `plan` replaces the faults that the seed draws; `idle` are turns of people that are left out: so a history that
    violates something is made smaller. `keeps_lists`: the lists of what waits for whom follow each event, which else
    they do in some lives."""

    def __init__(
        self,
        seed: int,
        *,
        path: tuple[Turn, ...] = (),
        plan: Mapping[int, Kind] | None = None,
        idle: frozenset[int] = frozenset(),
        keeps_lists: bool = False,
    ) -> None:
        self.seed = seed
        self.path: tuple[Turn, ...] = ()
        self._ahead = path
        self.inherited = 0
        """How many of the faults happened before the last turn, to another life too."""
        self.random = Random(f"life {seed}")
        rate = self.random.choice(RATES)
        faults = Drawn(Random(f"faults {seed}"), one_in=rate) if plan is None else Planned(plan)
        start = datetime(2026, 4, 1, 6, tzinfo=UTC) + timedelta(minutes=self.random.randrange(300 * 24 * 60))
        world = World(seed, faults=faults, start=start)
        super().__init__(world, Town(world, Random(f"people {seed}"), idle=idle))
        self.acts_left = self.random.choice((0, 1, 3, 6, 10))
        self._acted_on = 0
        self._in_vain: Mapping[str, int] = {}
        """The version of a case at which nobody could move it on."""
        self._is_turning = False
        self.is_picky = self.random.random() < ONE_IN_PICKY
        comings_and_goings = Random(f"directory {seed}")
        self._moves_left = comings_and_goings.choice((1, 2, 4))
        if comings_and_goings.random() >= ONE_IN_MOVING:
            self._moves_left = 0
        elif comings_and_goings.random() < 0.5:
            world.is_warm = True
        world.keeps_lists = keeps_lists or Random(f"lists {seed}").random() < ONE_IN_LISTING
        announcements = Random(f"calendars {seed}")
        self._announcements_left = announcements.choice((1, 1, 2))
        if announcements.random() >= ONE_IN_ANNOUNCED:
            self._announcements_left = 0
        self._releases_left = int(announcements.random() < ONE_IN_RELEASED)
        self._reads = Random(f"reading {seed}").random() < ONE_IN_READING
        self._is_to_ring = Random(f"entries {seed}").random() < ONE_IN_ENTERING
        self._thanks = Random(f"thanks {seed}").random() < ONE_IN_THANKING

    def step(self) -> bool:
        while self._ahead and self._ahead[0].step == self.steps:
            turn, *ahead = self._ahead
            self._ahead = tuple(ahead)
            self._turn_off(turn)
        worked = self.worked
        is_going = super().step()
        if self.worked > worked:
            self._is_turning = False
        return is_going

    def branch(self, turn: Turn) -> Life:
        """The same life up to here, which goes another way now."""
        new = self.copied()
        new._turn_off(turn)
        return new

    def _turn_off(self, turn: Turn) -> None:
        """Whatever is drawn from here on is drawn from another seed."""
        self.path = (*self.path, turn)
        self.inherited = len(self.world.faults.injected)
        seed = f"{self.seed} {self.path}"
        self.random = Random(f"life {seed}")
        self.town.random = Random(f"people {seed}")
        self.world.random = Random(f"identities {seed}")
        faults = self.world.faults
        faults.are_on = self._is_turning = True
        rate = self.random.choice(RATES)
        if isinstance(faults, Drawn):
            faults.draw_from(Random(f"faults {seed}"), one_in=rate, first=faults.points + turn.fault)

    @property
    def name(self) -> str:
        """The seed and the turns, as `named` reads them: `7@31+2,54+9`."""
        return f"{self.seed}@{','.join(map(str, self.path))}" if self.path else str(self.seed)

    def _begin(self) -> str:
        world, town, random = self.world, self.town, self.random
        world.sweep()
        world.run(world.now + MINUTE)
        known = procedures.served_procedures({})
        for number in range(random.choice((0, 1) if self._is_to_ring else (1, 1, 1, 1, 2, 3))):
            one = submission(random.choice(known), random, today=world.utc().date(), number=number)
            town.submitted.append(one)
            if self._reads and not one.by_api:
                town.look_up(one)
            town.submit(one)
            if random.random() < 0.1:
                town.send(one)
        if not town.submitted:
            self._rings()
            self.wait(world.now + 2 * DAY)
        for slug in known if self._thanks else ():
            if any(form.kind in LOGGED for form in procedures.load(slug).forms):
                town.come(slug, is_feedback=True)
        return "_go_on"

    def _open(self) -> list[str]:
        found = []
        for ref in self.watch.refs():
            case = case_of(self.world.table, ref)
            if case is not None and (case.is_open or case.is_asked):
                found.append(ref)
        return found

    def _go_on(self) -> str:
        """One pause, in which people act, until every case is closed."""
        world, random = self.world, self.random
        if self._turns:
            self._check()
        refs = self._open()
        if self.watch.violations:
            return ""
        if not refs or self._turns >= LONGEST:
            settle(world, self.watch)
            return "" if self.watch.violations else "_years"
        self._weather()
        if self._is_to_ring and random.random() < 0.6:
            self._rings()
        if self.acts_left > 0:
            pause = random.choice(PAUSES)
            for _ in range(random.choice((1, 1, 2, 3))):
                self.acts_left -= 1
                world.after(random.random() * pause, "person", "turn", random.choice(refs), owner="town")
            self.wait(world.now + pause)
        else:
            for ref in refs:
                case = case_of(world.table, ref)
                if case is not None:
                    onward(self.town, ref, case, climbs=random.random() < 0.4)
                    aside(self.town, ref)
            self.wait(world.now + random.choice((HOUR, HOUR, 20 * DAY)))
        return "_go_on"

    def _is_left_alone(self, refs: list[str]) -> bool:
        """Whether each of the cases is open, and staff were told often enough of what is missed in it."""
        cases = [case for ref in refs if (case := case_of(self.world.table, ref)) is not None]
        return all(case.is_open and case.chased > MOST_CHASED for case in cases)

    def _can_go(self, refs: list[str]) -> bool:
        cases = [case_of(self.world.table, ref) for ref in refs]
        return any(
            case is not None and not case.is_open and self._in_vain.get(case.ref) != case.version
            for case in cases
        )

    def _weather(self) -> None:
        world, random = self.world, self.random
        if world.dead_letters and random.random() < 0.1:
            world.replay()
        if self.is_picky and self.town.links:
            # For longer than a day SES takes no mail for somebody.
            self.is_picky = False
            ref, person = random.choice([*self.town.links])
            case = case_of(world.table, ref)
            staff = self.town.rules(case).person(person) if case is not None else None
            if staff is not None:
                world.refusing[staff.email] = world.now + random.choice((2, 3)) * DAY
        if self._moves_left and random.random() < 0.3:
            self._moves_left -= 1
            organisation = self._one_of_theirs().partition("/")[0]
            world.after(random.random() * DAY, "person", "ask", organisation, owner="staff")
        if self._releases_left and random.random() < 0.4:
            self._releases_left -= 1
            slug = self._one_of_theirs()
            world.release(slug)
            # Somebody comes while one function has the new bundle and another the one before, or soon after.
            comes_in = random.random() * 4 * MINUTE
            calendar = world.bundle.calendar_of(world.bundle.load(slug))
            # In later years a form is answered only once their holidays are known.
            if world.utc().date() + timedelta(days=365) < calendar.known_until:
                world.after(comes_in, "person", "come", slug, owner="town")
        if self._announcements_left and random.random() < 0.4:
            self._announcements_left -= 1
            tomorrow = world.utc().date() + timedelta(days=1)
            # What was announced can be taken back, as long as it is ahead.
            ahead = [one for one in sorted(world.bundle.days) if one > tomorrow]
            day = weekday(tomorrow + timedelta(days=random.choice((1, 2, 4, 9, 20))))
            world.announce(ahead[0] if ahead and random.random() < 0.5 else day)
        if self.random.random() < 0.2 and not self._is_turning:
            self.world.faults.are_on = not self.world.faults.are_on

    def _rings(self) -> None:
        """Somebody rings, writes or comes, and it is entered for them."""
        self._is_to_ring = False
        organisation = self.random.choice(procedures.served({}))
        self.town.staff.callers = (*self.town.staff.callers, Caller())
        self.world.after(self.random.random() * DAY, "person", "ask", organisation, owner="staff")

    def _one_of_theirs(self) -> str:
        """A procedure by which somebody has sent something in, or any where nobody has."""
        sent = [one.organisation for one in self.town.submitted]
        return self.random.choice(sent or procedures.served_procedures({}))

    def _check(self) -> None:
        if self.world.now - self.world.calm_since > HOUR:
            self.watch.at_rest()

    def _years(self) -> str:
        """The years pass; some cases are held, and let go."""
        world, random, watch = self.world, self.random, self.watch
        if self._turns:
            self._check()
        if watch.violations:
            return ""
        left = [ref for ref in watch.refs() if case_of(world.table, ref) is not None]
        # Where nothing happens any more but that staff are told again, it goes on as if nothing did.
        moment = float("inf") if self._is_left_alone(left) else world.next_at
        is_over = self._turns >= 120 or world.utc().year - START.year >= MOST_YEARS
        if is_over or not left or (moment == float("inf") and not self._can_go(left)):
            return "_last"
        self._weather()
        for ref in left:
            case = case_of(world.table, ref)
            if case is None or aside(self.town, ref):
                continue
            if self._acted_on < 3 and random.random() < 0.15:
                self._acted_on += 1
                world.after(random.random() * 20 * DAY, "person", "turn", ref, owner="town")
            elif (
                (case.holds or case.is_open or case.is_asked)
                and random.random() < 0.5
                and self._in_vain.get(ref) != case.version
                and not self._moves(ref, case, is_last=moment == float("inf"))
            ):
                self._in_vain = {**self._in_vain, ref: case.version}
        if moment == float("inf"):
            moment = (
                world.now + random.choice((10, 10, 6 * 365 if world.next_at == float("inf") else 365)) * DAY
            )
        cases = [case for ref in left if (case := case_of(world.table, ref)) is not None]
        # Of a letter that nobody can post somebody is reminded until the case is destroyed, and of what nobody does.
        is_written = any(not case.is_open and to_be_posted(case) for case in cases)
        is_chased = any(case.chased > MOST_CHASED or _is_chased(case) for case in cases)
        self.wait(max(world.now, moment) + (90 * DAY if is_chased else 30 * DAY if is_written else HOUR))
        return "_years"

    def _moves(self, ref: str, case: Case, *, is_last: bool) -> bool:
        """Somebody moves the case on; False: nobody can, and it is not held. What is held is let go when nothing else
        happens any more."""
        if onward(self.town, ref, case, climbs=False):
            return True
        return bool(case.holds) and (not is_last or done(self.town, ref, case, "lift"))

    def _last(self) -> str:
        """Faults stop, everything comes to rest, and what is left is looked at."""
        world, watch = self.world, self.watch
        settle(world, watch)
        put_back(world, watch)
        if watch.violations:
            return ""
        world.run(world.now + 40 * DAY)
        settle(world, watch)
        watch.end()
        return ""


def named(name: str, *, plan: Mapping[int, Kind] | None = None, idle: frozenset[int] = frozenset()) -> Life:
    """The life of that name (see `Life.name`), at its beginning. ValueError: that is no name."""
    seed, _, path = name.partition("@")
    turns = (turn.split("+") for turn in path.split(",") if turn)
    return Life(
        int(seed), path=tuple(Turn(int(step), int(fault)) for step, fault in turns), plan=plan, idle=idle
    )


def onward(town: Town, ref: str, case: Case, *, climbs: bool, but: Collection[str] = ()) -> bool:
    """Somebody does what moves the case on, `but` these acts; False: nobody can."""
    procedure = town.rules(case)
    there = [one for one in case.current.reviewers if procedure.person(one) is not None]
    is_assigned = len(there) >= procedure.stage(case.current.stage).review.count
    able = [
        (ONWARD.index(action), number, person, secret, action)
        for number, (person, secret, action) in enumerate(town.choices(ref, ONWARD))
        if action not in but
        and not (action == "assign" and is_assigned)
        and not (action == "enter-reply" and not case.is_open)
    ]
    if not able:
        return False
    _, _, person, secret, action = min(able)
    fields = town.fill(action, case, person, Random(1))
    if action in ("reply", "enter-reply"):
        fields["answer"] = "escalate" if climbs else "satisfied"
    if action == "enter-reply":
        today = town.world.utc().date()
        fields |= {"received.day": today.day, "received.month": today.month, "received.year": today.year}
    if action in ("approve", "lateness", "late-reply", "consider"):
        fields["decision"] = "approve" if action == "approve" else "decline"
    if town.act(ref, person, secret, action, fields, stage=case.current.stage) == GONE:
        town.fresh(secret)
    return True


def weekday(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def aside(town: Town, ref: str) -> bool:
    """Somebody posts a letter, notes what came of a suggestion or a compliment, does what was promised, having been
    told of it again, or decides on what the complainant asked for after the closure; False: there is nothing of the
    kind, or nobody can."""
    case = case_of(town.world.table, ref)
    if case is None:
        return False
    if not (to_be_posted(case) or case.kind in LOGGED or _is_chased(case) or case.is_asked):
        return False
    return done(town, ref, case, *ASIDE)


def _is_chased(case: Case) -> bool:
    """Whether people were told again of what an outcome promised, or of what has to be looked into."""
    is_promised = any(action.chased and action.done_at is None for action in case.actions)
    return is_promised or (case.is_to_be_looked_into and case.look_into_chased > 0)


def done(town: Town, ref: str, case: Case, *actions: str) -> bool:
    """Somebody does one of these, or asks for a fresh link where theirs is too old; False: nobody can."""
    for person, secret, action in town.choices(ref, actions)[:1]:
        fields = town.fill(action, case, person, Random(1))
        if town.act(ref, person, secret, action, fields) == GONE:
            town.fresh(secret)
        return True
    return False


def first_told(organisation: str) -> tuple[str, ...]:
    """The addresses of those who are told first of a complaint."""
    procedure = procedures.load(organisation)
    return tuple(person.email for person in procedure.holders(procedure.coordinator))


def put_back(world: World, watch: Watch) -> None:
    """Nothing fails any more, and somebody puts back what was given up: it goes out, once, and all comes to rest."""
    world.faults.are_on = False
    # What somebody began to put back is shown to others after a quarter of an hour.
    world.run(max([world.now, *(one.hidden_until + 1 for one in world.dead_letters)]))
    if not world.replay():
        watch.found("what is given up is put back", detail="it says that it is not")
    watch.all_put_back()
    settle(world, watch)


def settle(world: World, watch: Watch) -> None:
    """Faults stop, and two sweeps later everything has come to rest."""
    world.faults.are_on = False
    world.refusing.clear()
    world.let_stream_go_on()
    world.schedules_missed_until = 0.0
    world.run(world.now + 12 * MINUTE)
    watch.at_rest()
