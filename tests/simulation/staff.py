"""Members of staff at their own pages: they keep the directory, open the cases that wait for them, and enter cases for
those who rang, wrote or came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from re import findall, search
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from adapters import procedures
from domain.frozen import replace
from domain.procedure import DATA_PROTECTION, LOGGED, Form, Kind, Person, Procedure, Route
from tests.simulation.clients import Mail
from tests.simulation.filling import CANARY, Fields, entered, lacking
from tests.simulation.peek import case_of, directory_of, people_in
from tests.simulation.times import HOUR, MINUTE

if TYPE_CHECKING:
    from tests.simulation.people import Town


class Caller(NamedTuple):
    """Somebody for whom staff enter a case: with which form, which kind of case, and how they came; where nothing is
    said, any. `is_left`: whoever listens leaves the directory before the form is sent. `is_late`: it is sent in the
    last seconds of the day, and again in the first of the next."""

    form: str = ""
    kind: Kind | None = None
    way: Route | None = None
    is_left: bool = False
    is_late: bool = False


class Entry(NamedTuple):
    """A form that staff fill in for somebody, until it is answered. `typed` stands in it; `lacks`: not all that has to
    be."""

    organisation: str
    person: str
    secret: str
    address: str
    typed: Fields
    lacks: bool = False
    sent: int = 0
    reference: str = ""


@dataclass(slots=True)
class Staff:
    """Whoever has a page of their own in the town."""

    town: Town = field(init=False, repr=False)
    newcomers: int = 0
    """How many people were to come into the directories."""
    errands: tuple[Fields, ...] = ()
    """What those who keep a directory change next, the first thing first; else what comes to their mind."""
    succeeded: Mapping[str, str] = field(default_factory=dict)
    """Who has been given a successor and goes next, by organisation."""
    callers: tuple[Caller, ...] = ()
    """Those for whom cases are to be entered by whoever opens their own page next."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """The forms that were filled in for somebody, by their keys."""

    def ask(self, organisation: str) -> None:
        """Somebody asks for the link to their page, most of the time somebody who keeps the directory."""
        procedure, random = self._procedure(organisation), self.town.random
        kept_by = procedure.directory.kept_by if procedure.directory is not None else ()
        able = [one for role in kept_by for one in procedure.holders(role)]
        who = able[0] if self.errands else random.choice(able if random.random() < 0.8 else procedure.people)
        answer = self._request("POST /{org}/staff", {"org": organisation}, {"email": who.email.upper()})
        if answer["statusCode"] >= 500:
            self.town.world.after(5 * MINUTE, "person", "ask", organisation, owner="staff")
        elif answer["statusCode"] != 200:
            raise AssertionError(f"whoever asks for their page is answered: {answer['statusCode']}")

    def read(self, mail: Mail) -> None:
        """The link has come; it is used at once, or when it is too late."""
        organisation, random = mail.effect[0].removeprefix("STAFF#"), self.town.random
        if self.callers and not self.errands:
            caller, *others = self.callers
            self.callers = tuple(others)
            wait = 30 if caller.form else random.choice((30, 30, 30, 30, 30, 13 * HOUR))
            given = (organisation, mail.person, mail.link, caller)
            self.town.world.after(wait, "person", "enter", *given, owner="staff")
            return
        wait = 30 if self.errands else random.choice((30, 30, 30, 13 * HOUR))
        method = "open" if not self.errands and random.random() < 0.3 else "keep"
        self.town.world.after(wait, "person", method, organisation, mail.person, mail.link, owner="staff")

    def open(self, organisation: str, person: str, secret: str) -> None:
        """Open one's page, and from there a case that waits."""
        found = self._request("GET /s/{secret}", {"secret": secret})
        refs = findall(r'name="case" value="([^"]+)"', found["body"])
        if not refs:
            return
        ref = self.town.random.choice(refs)
        answer = self._request("POST /s/{secret}", {"secret": secret}, {"case": ref})
        if answer["statusCode"] == 303:
            self.town.take(ref, person, urlsplit(answer["headers"]["Location"]).path.removeprefix("/l/"))
        elif (
            answer["statusCode"] < 500
            and found["statusCode"] == 200
            and answer["statusCode"] not in (403, 404)
        ):
            raise AssertionError(f"a case that waits can be opened: {answer['statusCode']}")

    # Cases for others.

    def enter(self, organisation: str, person: str, secret: str, caller: Caller) -> None:
        """Open one's page and from there a form, fill it in, and send it when the caller has told everything."""
        world, random = self.town.world, self.town.random
        faults, address = len(world.faults.injected), caller.form
        found = self._request("GET /s/{secret}", {"secret": secret})
        if found["statusCode"] == 200:
            address = address or self._chosen(organisation, findall(r'/enter/([^"]+)"', found["body"]))
            found = self._request("GET /s/{secret}/enter/{form}", {"secret": secret, "form": address})
        if found["statusCode"] != 200:
            if found["statusCode"] >= 500:
                given = (organisation, person, secret, caller)
                world.after(3 * MINUTE, "person", "enter", *given, owner="staff")
                return
            self._is_kept_out(organisation, person, secret, found["statusCode"], faults)
            self.callers = (*self.callers, caller)
            return
        shown = search(r'name="_key" value="([^"]+)"', found["body"])
        if shown is None or shown[1] in self.entries:
            raise AssertionError("each form has a key of its own: one has not")
        procedure, form = self._form(organisation, address)
        typed = entered(
            form,
            random,
            today=world.utc().date(),
            name=f"caller-{len(self.entries)}",
            barred=frozenset(one.id for one in procedure.not_covered),
            kind=caller.kind,
            way=caller.way,
            at_once=caller.is_late,
        )
        lacks = not caller.form and random.random() < 0.2
        self._note(shown[1], Entry(organisation, person, secret, address, typed, lacks))
        wait = 5 * MINUTE if caller.form else random.choice((MINUTE, MINUTE, HOUR, HOUR, HOUR, 13 * HOUR))
        if caller.is_late:
            wait = 24 * HOUR - world.now % (24 * HOUR) - 10
        if caller.is_left:
            wait = 8 * HOUR
            # Who asked for a page a moment ago is not sent another.
            world.after(HOUR, "person", "is_succeeded", organisation, person, owner="staff")
            self.callers = (*self.callers, caller._replace(is_left=False))
        # Some press twice.
        for again in (0, 20) if caller.form or random.random() < 0.2 else (0,):
            world.after(wait + again, "person", "send", shown[1], owner="staff")

    def send(self, key: str) -> None:
        """Send the form, and again with the same key where nothing answered or something was missing; the first answer
        is the answer."""
        entry, world = self.entries[key], self.town.world
        typed = lacking(entry.typed, self.town.random) if entry.lacks else entry.typed
        faults = len(world.faults.injected)
        self._note(key, entry._replace(sent=entry.sent + 1))
        parts = {"secret": entry.secret, "form": entry.address}
        answer = self._request("POST /s/{secret}/enter/{form}", parts, {**typed, "_key": key})
        status, entry = answer["statusCode"], self.entries[key]
        if status in (200, 201):
            said = search(r'class="reference">([^<]+)<', answer["body"])
            if said is None or entry.reference not in ("", said[1]):
                raise AssertionError("the same form sent again has another reference")
            if entry.lacks:
                raise AssertionError("what is incomplete is refused: it was taken")
            self._note(key, entry._replace(reference=said[1]))
        elif status == 422:
            if not entry.lacks and faults == len(world.faults.injected):
                raise AssertionError("a form that is complete is taken: it is refused")
            if f'value="{key}"' not in answer["body"] or CANARY not in answer["body"]:
                raise AssertionError("a form that is refused comes back with what was typed: it does not")
            self._note(key, entry._replace(lacks=False))
            world.after(2 * MINUTE, "person", "send", key, owner="staff")
        elif status in (403, 410):
            self._is_kept_out(entry.organisation, entry.person, entry.secret, status, faults)
        elif status < 500:
            raise AssertionError(f"a form sent again is answered as before: {status}")
        elif entry.sent < 6:
            world.after(3 * MINUTE, "person", "send", key, owner="staff")

    def _note(self, key: str, entry: Entry) -> None:
        # What a copy of this world shares is not changed in place.
        self.entries = {**self.entries, key: entry}

    def _is_kept_out(self, organisation: str, person: str, secret: str, status: int, faults: int) -> None:
        """Only whoever has left, or comes too late, is kept out."""
        world = self.town.world
        link = world.table.item(f"STAFFLINK#{sha256(secret.encode()).hexdigest()}", "LINK")
        is_late = link is not None and world.utc().isoformat() >= link["expires_at"]["S"]
        has_left = self._procedure(organisation).person(person) is None
        if status != 410 or not (is_late or has_left or faults < len(world.faults.injected)):
            raise AssertionError(f"whoever works here can enter a case: {status}")

    def is_succeeded(self, organisation: str, person: str) -> None:
        """Somebody with the same roles comes, and a few hours later `person` leaves. Both are entered in the
        directory."""
        roles = next(one.roles for one in self._procedure(organisation).people if one.id == person)
        comes = {"action": "add", "name": "newcomer", "email": "newcomer@staff.example", "roles": roles}
        self.errands = comes, {"action": "remove", "person": person, "confirm": "yes"}
        for hours in (0, 3):
            self.town.world.after(hours * HOUR, "person", "ask", organisation, owner="staff")

    def _chosen(self, organisation: str, addresses: list[str]) -> str:
        """One of the forms that a page leads to, often one for suggestions and compliments, of which there are few."""
        random = self.town.random
        logged = [one for one in addresses if set(self._form(organisation, one)[1].kinds) <= set(LOGGED)]
        return random.choice(logged if logged and random.random() < 0.5 else addresses)

    @staticmethod
    def _form(organisation: str, address: str) -> tuple[Procedure, Form]:
        """The form at an address of staff's pages, and its procedure. KeyError: there is none."""
        beside, _, name = address.rpartition(".")
        procedure = procedures.load(f"{organisation}/{DATA_PROTECTION}" if beside else organisation)
        form = procedure.form(name)
        if form is None:
            raise KeyError(address)
        return procedure, form

    # The directory.

    def keep(self, organisation: str, person: str, secret: str) -> None:
        """Somebody comes, goes, changes roles or is away, and it is entered in the directory."""
        answer = self._request("GET /s/{secret}/directory", {"secret": secret})
        shown = search(r'name="version" value="(\d+)"', answer["body"])
        if shown is None and answer["statusCode"] not in (403, 410, 500, 502, 503):
            raise AssertionError(f"the page of the directory is there: {answer['statusCode']}")
        # Whoever is not shown the form knows what it would send.
        stored = directory_of(self.town.world.table, organisation)
        version = shown[1] if shown is not None else stored["version"]["N"] if stored is not None else "0"
        for minutes, typed in enumerate(self._changes(organisation)):
            given = (secret, {**typed, "version": version})
            self.town.world.after(minutes * MINUTE, "person", "change", *given, owner="staff")

    def change(self, secret: str, typed: Fields) -> None:
        """Send the form for a change, and again later where nothing answered."""
        answer = self._request("POST /s/{secret}/directory", {"secret": secret}, typed)
        if answer["statusCode"] >= 500 and self.town.random.random() < 0.7:
            self.town.world.after(3 * MINUTE, "person", "change", secret, typed, owner="staff")

    def _changes(self, organisation: str) -> list[Fields]:
        """One change, or two that were begun with the same page, of which one is too late. Every other time, somebody
        comes in the place of a reviewer of an open case. Whoever has a successor goes next."""
        procedure, random = self._procedure(organisation), self.town.random
        whom, other = random.choice(procedure.people), random.choice(procedure.people)
        busy = self._reviewers(organisation, procedure)
        is_busy = bool(busy) and self.newcomers % 2 == 0
        if is_busy:
            whom = busy[self.newcomers % len(busy)]
        first = self.town.world.utc().date() + timedelta(days=random.choice((0, 0, 3)))
        days = {"first": first, "last": first + timedelta(days=random.choice((0, 4, 30)))}
        parts = {
            f"{name}.{part}": getattr(day, part)
            for name, day in days.items()
            for part in ("year", "month", "day")
        }
        self.newcomers += 1
        name, known = f"newcomer-{self.newcomers}", {"name": whom.name, "email": whom.email}
        comes = {"action": "add", "name": name, "email": f"{name}@staff.example", "roles": whom.roles}
        goes = {"action": "remove", "person": whom.id, "confirm": "yes"}
        moves = {"action": "change", "person": whom.id, "roles": other.roles, **known}
        away = {"action": "away", "person": whom.id, **parts}
        if self.errands:
            errand, *rest = self.errands
            self.errands = tuple(rest)
            return [errand, away]
        changes: list[list[Fields]] = [[goes], [goes], [comes], [comes], [moves], [away], [away]]
        chosen: list[Fields] = random.choice([*changes, [goes, comes], [comes, goes]])
        if one := self.succeeded.get(organisation):
            chosen = [{**goes, "person": one}]
        elif is_busy:
            chosen = [comes]
        is_succession = chosen[0] is comes
        self.succeeded = {**self.succeeded, organisation: whom.id if is_succession else ""}
        if is_succession:
            self.town.world.after(2 * HOUR, "person", "ask", organisation, owner="staff")
        return chosen

    def _reviewers(self, organisation: str, procedure: Procedure) -> list[Person]:
        """Those whom open cases wait for."""
        cases = [case_of(self.town.world.table, ref) for ref in sorted({ref for ref, _ in self.town.links})]
        named = {
            one
            for case in cases
            if case is not None and case.is_open and case.organisation.partition("/")[0] == organisation
            for one in case.current.reviewers
        }
        return [one for one in procedure.people if one.id in named]

    def _procedure(self, organisation: str) -> Procedure:
        procedure, world = procedures.load(organisation), self.town.world
        directory = directory_of(world.table, organisation)
        return (
            procedure if directory is None else replace(procedure, people=people_in(directory, world.utc()))
        )

    def _request(self, route: str, parts: Mapping[str, str], typed: Fields | None = None) -> dict[str, Any]:
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": route,
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "requestContext": {"requestId": "staff"},
            "pathParameters": dict(parts),
            "isBase64Encoded": False,
        }
        body = {} if typed is None else {"body": urlencode(typed, doseq=True)}
        return self.town.world.request("StaffFunction", {**event, **body})
