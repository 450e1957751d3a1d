"""Members of staff at their own pages: they keep the directory, and open the cases that wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from re import findall, search
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from adapters import procedures
from domain.frozen import replace
from domain.procedure import Person, Procedure
from tests.simulation.clients import Mail
from tests.simulation.filling import Fields
from tests.simulation.peek import case_of, directory_of, people_in
from tests.simulation.times import HOUR, MINUTE

if TYPE_CHECKING:
    from tests.simulation.people import Town


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
        wait = 30 if self.errands else random.choice((30, 30, 30, 13 * HOUR))
        method = "open" if not self.errands and random.random() < 0.3 else "keep"
        given = (organisation, mail.person, mail.link)
        self.town.world.after(wait, "person", method, *given, owner="staff")

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
