"""Complainants and staff. They know what their mails and the pages behind the links tell them, and act from there.

Everything that a person writes holds a canary, so that it can be seen wherever it gets to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from html import unescape
from random import Random
from re import findall, search
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from botocore.exceptions import ClientError

from adapters import procedures
from domain.acting import ACTIONS, Action, available
from domain.case import Case
from domain.events import COMPLAINANT
from domain.frozen import replace as with_people
from domain.life.actions import completable
from domain.life.letters import to_be_posted
from domain.life.standing import candidates
from domain.procedure import Form, Procedure
from tests.simulation.clients import Mail
from tests.simulation.deployment import PUBLIC_URL
from tests.simulation.peek import case_of, directory_of, people_in, rules
from tests.simulation.times import DAY, HOUR, MINUTE
from tests.simulation.world import World

CANARY = "Zeisig"
"""A word that no template, procedure or log has of itself."""

CONTENTS: Mapping[str, bytes] = {
    "text": b"",
    "pdf": b"%PDF-1.7\n",
    "recording": b"ID3\x04\x00",
    "program": b"MZ\x90\x00",
}
"""How files begin: what they are is told by it. A program is not taken."""

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did and was answered. `began` and `ended` are instants, `status` the answer's."""

    began: float
    ended: float
    ref: str
    person: str
    action: str
    stage: str
    fields: Fields
    status: int
    versions: tuple[int, int]
    """The case's version when the act began and when it ended."""


class Sent(NamedTuple):
    """A file that somebody sent: about which case, and what is in it."""

    ref: str
    person: str
    content: bytes


@dataclass(slots=True)
class Submitted:
    """A form that somebody sent, until it is answered."""

    organisation: str
    form: str
    key: str
    answers: Fields
    by_api: bool
    reference: str = ""
    sent: int = 0


@dataclass(slots=True)
class Town:
    """Everybody who has to do with a world."""

    world: World
    random: Random
    links: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """The secrets that a person was sent about a case, the oldest first."""
    acts: list[Act] = field(default_factory=list)
    submitted: list[Submitted] = field(default_factory=list)
    idle: frozenset[int] = frozenset()
    """The turns, by their numbers, at which nobody does anything: how a history is made smaller."""
    turns: int = 0
    stages: dict[str, str] = field(default_factory=dict)
    """The stage that each link is for."""
    looked_in_vain: int = 0
    whose: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The case and the person that each link is for."""
    files: dict[str, Sent] = field(default_factory=dict)
    """What was sent, by the hash of its content."""
    drafts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The case and the author of each draft, by words that stand in it."""
    with_first_links: bool = False
    """Everybody uses the first link that they were sent about a case, however old."""
    newcomers: int = 0
    """How many people have come into the directories."""
    errands: tuple[Fields, ...] = ()
    """What those who keep a directory change next, the first thing first; else what comes to their mind."""

    def __post_init__(self) -> None:
        self.world.on_mail.append(self.read)
        self.world.owners["town"] = self

    def copied(self, world: World) -> Town:
        """The same people in the copy of a world. They draw from the same as these as long as they are given nothing
        else."""
        return replace(
            self,
            world=world,
            links=defaultdict(list, {whose: [*links] for whose, links in self.links.items()}),
            acts=[*self.acts],
            submitted=[replace(one) for one in self.submitted],
            stages=dict(self.stages),
            whose=dict(self.whose),
            files=dict(self.files),
            drafts=dict(self.drafts),
        )

    def turn(self, ref: str) -> None:
        """Somebody who has to do with the case does something about it, or tries to."""
        self.turns += 1
        if self.turns in self.idle:
            return
        random, case = self.random, case_of(self.world.table, ref)
        people = self.open_links(ref)
        if case is None or not people:
            return
        whim = random.random()
        if whim < 0.1:
            self._whim(ref, random.choice(people)[0])
            return
        choices = self.choices(ref)
        if whim < 0.22 or not choices:
            # With what they were sent long ago, whatever it was for.
            person = random.choice(people)[0]
            able = [action for one, _, action in choices if one == person]
            action = random.choice(able if able and random.random() < 0.7 else list(ACTIONS))
            secret = random.choice((*self.links[ref, person], self.links[ref, person][0]))
        else:
            weights = [likely(case, action) for _, _, action in choices]
            person, secret, action = random.choices(choices, weights)[0]
        if action == "document" and random.random() < 0.8:
            self.choose(ref, person, secret, random.choice(list(CONTENTS)))
            return
        fields = self.fill(action, case, person, random)
        if action == "respond" and random.random() < 0.2:
            self.draft(ref, person, secret, fields)
            return
        self.press(ref, person, secret, action, fields, case.current.stage)
        if random.random() < 0.08:
            self.press(ref, person, secret, action, fields, case.current.stage)

    def press(self, ref: str, person: str, secret: str, action: str, fields: Fields, stage: str) -> None:
        """Send a page's form, and again later where nothing answered."""
        status = self.act(ref, person, secret, action, fields, stage=stage)
        if status >= 500 and self.random.random() < 0.7:
            again = (ref, person, secret, action, fields, stage)
            self.world.after(3 * MINUTE, "person", "press", *again, owner="town")

    def _whim(self, ref: str, person: str) -> None:
        secret = self.random.choice(self.links[ref, person])
        whim = self.random.random()
        if whim < 0.25:
            self.browse(ref, secret)
        elif whim < 0.6:
            before = _version(self.world, ref)
            answer = self.look(secret)
            if answer["statusCode"] not in (200, 410, 500, 502, 503):
                raise AssertionError(f"a page answers {answer['statusCode']}")
            self.looked_in_vain += before != _version(self.world, ref)
        else:
            self.fresh(secret)

    def read(self, mail: Mail) -> None:
        if mail.notice == "staff-link":
            organisation = mail.effect[0].removeprefix("STAFF#")
            wait = 30 if self.errands else self.random.choice((30, 30, 30, 13 * HOUR))
            given = (organisation, mail.person, mail.link)
            self.world.after(wait, "person", "keep_directory", *given, owner="town")
        elif mail.link:
            self.links[mail.ref, mail.person].append(mail.link)
            self.whose[mail.link] = (mail.ref, mail.person)
            hashed = sha256(mail.link.encode()).hexdigest()
            item = self.world.table.item(f"CASE#{mail.ref}", f"LINK#{hashed}")
            self.stages[mail.link] = str(item["stage"]["S"]) if item is not None else ""

    # Coming in.

    def submit(self, one: Submitted) -> str:
        """Send a form, and again with the same key until it is answered; the reference."""
        faults = self.world.faults
        while not self.send(one) and one.sent < 6:
            self.world.run(self.world.now + 2 * MINUTE)
        if not one.reference:
            # Where nothing goes wrong it has to be taken.
            were_on, faults.are_on = faults.are_on, False
            if not self.send(one):
                raise AssertionError("a form is taken where nothing goes wrong: it is not")
            faults.are_on = were_on
        return one.reference

    def send(self, one: Submitted) -> bool:
        """Send a form once; whether it was taken. The first answer is the answer."""
        one.sent += 1
        answer = self._api(one) if one.by_api else self._form(one)
        if answer["statusCode"] in (200, 201):
            reference = _reference(answer["body"])
            if one.reference and one.reference != reference:
                raise AssertionError("the same form sent again has another reference")
            one.reference = reference
            return True
        if answer["statusCode"] not in (500, 502, 503):
            raise AssertionError(f"{answer['statusCode']} for a form: {answer['body'][:2000]}")
        return False

    def _api(self, one: Submitted) -> dict[str, Any]:
        import json

        organisation, _, beside = one.organisation.partition("/")
        between = "data-protection/" if beside else ""
        event = {
            "version": "2.0",
            "routeKey": f"POST /api/v1/{{org}}/{between}cases",
            "headers": {"content-type": "application/json", "idempotency-key": one.key},
            "requestContext": {"requestId": one.key},
            "pathParameters": {"org": organisation},
            "body": json.dumps({"form": one.form, "answers": one.answers}),
            "isBase64Encoded": False,
        }
        return self.world.request("ApiFunction", event)

    def _form(self, one: Submitted) -> dict[str, Any]:
        organisation, _, beside = one.organisation.partition("/")
        between = "data-protection/" if beside else ""
        fields: Fields = {"_key": one.key}
        for name, value in one.answers.items():
            fields[name] = "yes" if value is True else value
        event = {
            "version": "2.0",
            "routeKey": f"POST /{{org}}/{between}{{form}}/submit",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "requestContext": {"requestId": one.key},
            "pathParameters": {"org": organisation, "form": one.form},
            "body": urlencode(fields, doseq=True),
            "isBase64Encoded": False,
        }
        return self.world.request("FormsFunction", event)

    def rules(self, case: Case) -> Procedure:
        """The procedure of a case, with the people of today."""
        return rules(case, self.world.table, self.world.utc())[0]

    def fill(self, action: str, case: Case, person: str, random: Random) -> Fields:
        """A page's form for `action`, filled in by somebody who means it."""
        return filled(action, case, self.rules(case), person, random, now=self.world.utc().date())

    # The directory.

    def ask_for_page(self, organisation: str) -> None:
        """Somebody asks for the link to their own page, most of the time somebody who keeps the directory; what they do
        with it see `keep_directory`."""
        procedure = self._procedure(organisation)
        kept_by = procedure.directory.kept_by if procedure.directory is not None else ()
        able = [one for role in kept_by for one in procedure.holders(role)]
        if self.errands:
            keeper = able[0]
        else:
            keeper = self.random.choice(able if self.random.random() < 0.9 else procedure.people)
        event = _staff_event("POST /{org}/staff", {"org": organisation}, {"email": keeper.email.upper()})
        answer = self.world.request("StaffFunction", event)
        if answer["statusCode"] >= 500:
            self.world.after(5 * MINUTE, "person", "ask_for_page", organisation, owner="town")
        elif answer["statusCode"] != 200:
            raise AssertionError(f"whoever asks for their page is answered: {answer['statusCode']}")

    def keep_directory(self, organisation: str, keeper: str, secret: str) -> None:
        """Somebody comes, goes, changes roles or is away; who keeps the directory enters it."""
        answer = self.world.request(
            "StaffFunction", _staff_event("GET /s/{secret}/directory", {"secret": secret})
        )
        shown = search(r'name="version" value="(\d+)"', answer["body"])
        if shown is None and answer["statusCode"] not in (403, 410, 500, 502, 503):
            raise AssertionError(f"the page of the directory is there: {answer['statusCode']}")
        # Whoever is not shown the form knows what it would send.
        stored = directory_of(self.world.table, organisation)
        version = shown[1] if shown is not None else stored["version"]["N"] if stored is not None else "0"
        for minutes, typed in enumerate(self._changes(organisation)):
            given = (secret, {**typed, "version": version})
            self.world.after(minutes * MINUTE, "person", "change", *given, owner="town")

    def change(self, secret: str, typed: Fields) -> None:
        """Send the form for a change, and again later where nothing answered."""
        route = "POST /s/{secret}/directory"
        answer = self.world.request("StaffFunction", _staff_event(route, {"secret": secret}, typed))
        if answer["statusCode"] >= 500 and self.random.random() < 0.7:
            self.world.after(3 * MINUTE, "person", "change", secret, typed, owner="town")

    def _changes(self, organisation: str) -> list[Fields]:
        """One change, or two that were begun with the same page, of which one is too late."""
        procedure, random = self._procedure(organisation), self.random
        whom = random.choice(procedure.people)
        away = self.world.utc().date() + timedelta(days=random.choice((0, 0, 3)))
        back = away + timedelta(days=random.choice((0, 4, 30)))
        days = {
            f"{name}.{part}": getattr(day, part)
            for name, day in (("first", away), ("last", back))
            for part in ("year", "month", "day")
        }
        self.newcomers += 1
        name = f"newcomer-{self.newcomers}"
        comes: Fields = {"action": "add", "name": name, "email": f"{name}@staff.example", "roles": whom.roles}
        goes: Fields = {"action": "remove", "person": whom.id, "confirm": "yes"}
        other = random.choice(procedure.people)
        moves: Fields = {
            "action": "change",
            "person": whom.id,
            "name": whom.name,
            "email": whom.email,
            "roles": other.roles,
        }
        is_away: Fields = {"action": "away", "person": whom.id, **days}
        if self.errands:
            first, *rest = self.errands
            self.errands = tuple(rest)
            return [first, is_away]
        return random.choice(
            ([goes], [goes], [comes], [comes], [moves], [is_away], [is_away], [goes, comes], [comes, goes])
        )

    def _procedure(self, organisation: str) -> Procedure:
        procedure = procedures.load(organisation)
        directory = directory_of(self.world.table, organisation)
        if directory is None:
            return procedure
        return with_people(procedure, people=people_in(directory, self.world.utc()))

    # Acting.

    def open_links(self, ref: str) -> list[tuple[str, str]]:
        """Each person who was sent a link to the case, with their newest one."""
        which = 0 if self.with_first_links else -1
        return [(person, links[which]) for (one, person), links in self.links.items() if one == ref and links]

    def look(self, secret: str) -> dict[str, Any]:
        """Open the page behind a link, as people and mail scanners do."""
        return self.world.request("LinksFunction", link_event("GET /l/{secret}", secret))

    def fresh(self, secret: str) -> dict[str, Any]:
        return self.world.request("LinksFunction", link_event("POST /l/{secret}/fresh", secret, ""))

    def visit(self, secret: str) -> None:
        """Ask for a fresh link, as somebody does who finds an old one."""
        self.fresh(secret)

    def act(self, ref: str, person: str, secret: str, action: str, fields: Fields, *, stage: str = "") -> int:
        """Send a page's form; the answer's status."""
        began, version = self.world.now, _version(self.world, ref)
        body = urlencode({"action": action, **fields}, doseq=True)
        # A draft is of an act, and none itself.
        action = "draft" if "draft" in fields else action
        answer = self.world.request("LinksFunction", link_event("POST /l/{secret}", secret, body))
        status = int(answer["statusCode"])
        stage = self.stages.get(secret, stage)
        versions = version, _version(self.world, ref)
        self.acts.append(Act(began, self.world.now, ref, person, action, stage, fields, status, versions))
        if action == "export" and status == 200:
            export = search(rf"/l/{secret}/exports/([0-9a-f]+)", answer["body"])
            if export is None:
                raise AssertionError("a file that was asked for can be saved: the page leads to none")
            wait = self.random.choice((20, 20, 20, 20, 2 * HOUR))
            self.world.after(wait, "person", "have", ref, secret, "exports", export[1], owner="town")
        return status

    def draft(self, ref: str, person: str, secret: str, fields: Fields) -> int:
        """Keep what is typed into the form for an outcome, without sending it; the answer's status."""
        words = f"{CANARY} draft {self.random.getrandbits(40):x}"
        self.drafts[words] = (ref, person)
        return self.act(ref, person, secret, "respond", {**fields, "response": words, "draft": "yes"})

    # Files.

    def ask(self, route: str, secret: str, name: str = "", fields: Fields | None = None) -> dict[str, Any]:
        """A request for something behind a link, as a browser makes it: `name` stands in the path's last part."""
        body = None if fields is None else urlencode(fields, doseq=True)
        event = link_event(route, secret, body)
        if "{" in (last := route.rpartition("/")[2]):
            event["pathParameters"][last.strip("{}")] = name
        event["headers"]["host"] = urlsplit(PUBLIC_URL).netloc
        return self.world.request("FilesFunction", event)

    def choose(self, ref: str, person: str, secret: str, kind: str, *, twice: bool = False) -> None:
        """Open the page on which a file is chosen, and send it a moment later; now and then, or where it is to be
        `twice`, go back and send another with the same ticket."""
        answer = self.ask("GET /l/{secret}/files", secret)
        if answer["statusCode"] != 200:
            return
        url = search(r'<form method="post" action="([^"]+)" enctype="multipart/form-data">', answer["body"])
        found = findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer["body"])
        fields = tuple((name, unescape(value)) for name, value in found)
        if url is None or unescape(url[1]) != self.world.bucket.url:
            raise AssertionError("a file goes straight to the bucket: the page sends it elsewhere")
        times = (20, 60) if twice or self.random.random() < 0.1 else (20,)
        for wait in times:
            content = CONTENTS[kind] + f"{CANARY} {self.random.getrandbits(64):x} {person} says so.".encode()
            self.world.after(wait, "person", "send_file", ref, person, secret, fields, content, owner="town")

    def send_file(
        self, ref: str, person: str, secret: str, fields: tuple[tuple[str, str], ...], content: bytes
    ) -> None:
        """Send the file to the bucket, and again where nothing answers; then say what it is."""
        self.files[sha256(content).hexdigest()] = Sent(ref, person, content)
        try:
            led_to = self.world.upload(dict(fields), content)
        except ClientError:
            # The ticket has run out.
            return
        if led_to:
            upload = urlsplit(led_to).path.rpartition("/")[2]
            if urlsplit(led_to).path != f"/l/{secret}/files/{upload}":
                raise AssertionError("a browser that sent a file is led back to the page behind the link")
            self.arrive(ref, person, secret, upload)
        elif self.random.random() < 0.7:
            again = (ref, person, secret, fields, content)
            self.world.after(2 * MINUTE, "person", "send_file", *again, owner="town")

    def arrive(self, ref: str, person: str, secret: str, upload: str) -> None:
        """See that the file is there, and take one's time to say what it is."""
        answer = self.ask("GET /l/{secret}/files/{file}", secret, upload)
        if answer["statusCode"] >= 500 or answer["statusCode"] == 200:
            wait = self.random.choice((30, 30, 30, HOUR, 50 * HOUR))
            fields = {"action": "document", "name": f"{CANARY} {upload[:4]}", "file": upload}
            if "document.information" in answer["body"] or person == COMPLAINANT:
                fields["information"] = f"{CANARY} shows it."
            if person != COMPLAINANT:
                fields["for"] = ("shared", "record")[len(self.files) % 2]
            self.world.after(wait, "person", "add", ref, person, secret, upload, fields, owner="town")
            if self.random.random() < 0.1:
                self.world.after(wait, "person", "add", ref, person, secret, upload, fields, owner="town")

    def add(self, ref: str, person: str, secret: str, upload: str, fields: Fields) -> None:
        """Say what the file is, and again where nothing answers."""
        began, version = self.world.now, _version(self.world, ref)
        answer = self.ask("POST /l/{secret}/files/{file}", secret, upload, fields)
        status, stage = int(answer["statusCode"]), self.stages.get(secret, "")
        versions = version, _version(self.world, ref)
        self.acts.append(Act(began, self.world.now, ref, person, "document", stage, fields, status, versions))
        if status >= 500 and self.random.random() < 0.7:
            self.world.after(3 * MINUTE, "person", "add", ref, person, secret, upload, fields, owner="town")

    def browse(self, ref: str, secret: str) -> None:
        """Open the page behind a link, and follow what it leads to."""
        version, injected = _version(self.world, ref), len(self.world.faults.injected)
        answer = self.look(secret)
        for what, name in sorted(set(findall(rf"/l/{secret}/(documents|letters)/([^\"]+)", answer["body"])))[
            -4:
        ]:
            status = self.have(ref, secret, what, name)
            is_same = (version, injected) == (_version(self.world, ref), len(self.world.faults.injected))
            if is_same and status not in (200, 303):
                raise AssertionError(f"a page offers nothing that is refused: {status} for {what}")

    def have(self, ref: str, secret: str, what: str, name: str) -> int:
        """Follow a page to a document, a letter or an export, and save it; the answer's status."""
        answer = self.ask(f"GET /l/{{secret}}/{what}/{{{what[:-1]}}}", secret, name)
        if answer["statusCode"] == 303:
            try:
                version, said = self.world.bucket.fetch(answer["headers"]["Location"])
            except ClientError as error:
                raise AssertionError(f"what somebody is led to is there: {what} are not") from error
            if not said.get("ResponseContentDisposition", "").startswith("attachment; "):
                raise AssertionError("a file is saved, never shown: its address does not say so")
            for told in self.world.on_saved:
                told(secret, version)
        elif answer["statusCode"] == 200 and (what != "letters" or ref not in answer["body"]):
            raise AssertionError("a letter has the reference of its case: another has")
        return int(answer["statusCode"])

    def choices(self, ref: str, among: tuple[Action, ...] = ACTIONS) -> list[tuple[str, str, Action]]:
        """What anybody can do in the case now: the person, their newest link, and the act."""
        case = case_of(self.world.table, ref)
        if case is None:
            return []
        procedure = self.rules(case)
        return [
            (person, secret, action)
            for person, secret in self.open_links(ref)
            for action in available(case, by=person, procedure=procedure, among=among)
        ]


def _staff_event(route: str, parts: Mapping[str, str], typed: Fields | None = None) -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "requestContext": {"requestId": "staff"},
        "pathParameters": dict(parts),
        "isBase64Encoded": False,
    }
    return event if typed is None else event | {"body": urlencode(typed, doseq=True)}


def link_event(route: str, secret: str, body: str | None = None) -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "requestContext": {"requestId": "link"},
        "pathParameters": {"secret": secret},
        "isBase64Encoded": False,
    }
    if body is not None:
        event["body"] = body
    return event


def _reference(body: str) -> str:
    from re import search

    found = search(r"\b[A-Z]{1,6}-[2-9A-HJKMNPQRSTVWXYZ]{4}-[2-9A-HJKMNPQRSTVWXYZ]{4}\b", body)
    if found is None:
        raise AssertionError("a confirmation names a reference")
    return found.group()


def _version(world: World, ref: str) -> int:
    item = world.table.item(f"CASE#{ref}", "STATE")
    return int(item["version"]["N"]) if item is not None and "version" in item else 0


def answers_to(form: Form, random: Random, *, today: date, name: str, barred: frozenset[str]) -> Fields:
    """A form filled in: what has to be, and some of the rest. The canary is in every text, and
    no choice is one for which the form is `barred`."""
    answers: Fields = {}
    for question in form.fields:
        if not question.required and random.random() < 0.6:
            continue
        match question.type:
            case "text" | "long-text":
                answers[question.id] = f"{CANARY} {name} wrote this."[: question.max_length or 200]
            case "email":
                answers[question.id] = f"{CANARY.lower()}@{name}.example"
            case "telephone":
                answers[question.id] = "01632 960 001"
            case "date":
                answers[question.id] = (today - timedelta(days=random.choice((1, 5, 20)))).isoformat()
            case "choice":
                answers[question.id] = random.choice(
                    [one.id for one in question.choices if one.id not in barred]
                )
            case "list":
                answers[question.id] = [f"{CANARY} {number}" for number in range(1, random.choice((2, 2, 3)))]
            case "declaration":
                answers[question.id] = True
            case _:
                raise AssertionError(f"a question of the type {question.type}")
    return answers


def filled(
    action: str, case: Case, procedure: Procedure, person: str, random: Random, *, now: date
) -> Fields:
    """A page's form for `action`, filled in by somebody who means it."""
    words = f"{CANARY} {random.getrandbits(32):x} says so."
    later = now + timedelta(days=random.choice((20, 40)))
    day = {"respond_by.day": later.day, "respond_by.month": later.month, "respond_by.year": later.year}
    match action:
        case "lateness" | "late-reply":
            return {"decision": random.choice(("accept", "accept", "decline")), "reason": words}
        case "acknowledge" | "exhausted":
            return {"confirm": "yes"}
        case "assign":
            return _assigned(case, procedure, random, words)
        case "external":
            return {"whom": words, "why": words, **day}
        case "external-answer":
            return {"answer": words}
        case "ask-late" | "reopen":
            return {"reasons": words}
        case "involve":
            able = [one.id for one in procedure.people if one.id not in case.involved]
            return {"involved": person if random.random() < 0.5 else random.choice(able), "reason": words}
        case "respond":
            return _answered(case, procedure, random, words, now)
        case "interim":
            return {"message": words, **day}
        case "progress":
            return {"message": words}
        case "approve":
            decision = "approve" if random.random() < 0.8 else "return"
            return {"decision": decision, "wording": case.current.wording, "reason": words}
        case "reply" | "enter-reply":
            return {"answer": random.choice(("satisfied", "escalate")), "reasons": words}
        case "note":
            kind = random.choice(
                ("call-reached", "call-not-reached", "meeting-arranged", "meeting-held", "note")
            )
            return {"kind": kind, "text": words, "when": "Zeisig day", "companion": "nobody"}
        case "ask":
            return {"question": words}
        case "consider":
            waiting = case.current.undecided
            return {
                "information": waiting[0].id if waiting else "none",
                "decision": random.choice(("accept", "decline")),
                "reason": words,
            }
        case "disclose":
            return {"what": random.choice(("identity", "confidence")), "to": words, "reason": words}
        case "answer":
            return {f"answer_{one.id}": words for one in case.current.unanswered}
        case "add":
            return {"information": words}
        case "hold":
            return {"reason": words}
        case "lift":
            return {"hold": random.choice(case.holds) if case.holds else "none"}
        case "aspects":
            return {"confirm": "yes", "aspect_1": words}
        case "lessons":
            return {"lessons": words}
        case "complete":
            own = completable(case, person, procedure)
            return {"done": own[0].id if own else "none", "note": words}
        case "posted":
            waiting_letters = to_be_posted(case)
            return {
                "letter": waiting_letters[0].id if waiting_letters else "none",
                "on.day": now.day,
                "on.month": now.month,
                "on.year": now.year,
            }
        case "contact":
            return {"content": random.choice(("yes", "no", "not-asked")), "done": words, "settled": "no"}
        case "ask-form":
            return {"reason": words}
        case "without-form":
            return {"decision": random.choice(("go-on", "close")), "reason": words}
        case "consent":
            return {"consent": words}
        case "follow-up":
            return {"note": words}
        case "write" | "written":
            asked = procedure.form(case.form)
            barred = frozenset(one.id for one in procedure.not_covered)
            answers = answers_to(asked, random, today=now, name="written", barred=barred) if asked else {}
            answers.pop("kind", None)
            typed = {name: "yes" if value is True else value for name, value in answers.items()}
            return {**typed, **({"received": now.isoformat()} if action == "written" else {})}
        case "export":
            return {"confirm": "yes", "reason": words}
        case "document":
            # Without a file, which goes through a function of its own: see `Town.choose`.
            return {}
        case _:
            raise AssertionError(f"nobody here knows how to fill in the form for {action}")


def _assigned(case: Case, procedure: Procedure, random: Random, words: str) -> Fields:
    able = [one.id for one in candidates(case, procedure)]
    count = procedure.stage(case.current.stage).review.count
    if len(able) < count or random.random() < 0.1:
        able = [one.id for one in procedure.holders(procedure.stage(case.current.stage).review.role)]
    random.shuffle(able)
    return {"reviewers": able[:count], "override": words}


def _answered(case: Case, procedure: Procedure, random: Random, words: str, now: date) -> Fields:
    fields: Fields = {"response": words}
    for number in range(1, case.aspects + 1):
        conclusion = random.choice(procedure.conclusions)
        fields |= {f"conclusion_{number}": conclusion.id, f"reasons_{number}": words}
        fields |= {f"evidence_{number}": words, f"explanation_{number}": words}
    if procedure.remedies and (procedure.remedies_required or random.random() < 0.3):
        remedy = random.choice(procedure.remedies).id
        fields |= {"remedies": [remedy], f"remedy_{remedy}": words}
    if random.random() < 0.25:
        due = now + timedelta(days=random.choice((5, 60, 300)))
        owner = random.choice(procedure.people).id
        fields |= {"action_1": words, "owner_1": f"person:{owner}"}
        fields |= {"due_1.day": due.day, "due_1.month": due.month, "due_1.year": due.year}
    if random.random() < 0.1:
        fields["lessons"] = words
    return fields


ONWARD: Mapping[str, float] = {
    "lateness": 9,
    "acknowledge": 9,
    "assign": 1,
    "respond": 6,
    "approve": 9,
    "reply": 4,
    "external-answer": 5,
    "late-reply": 9,
    "exhausted": 9,
    "consider": 9,
    "answer": 3,
    "complete": 3,
    "lift": 3,
    "write": 9,
    "written": 1,
    "without-form": 1,
    "consent": 3,
    "involve": 0.5,
    "external": 0.5,
    "hold": 0.7,
    "reopen": 0.3,
    "ask-late": 0.5,
}
"""How likely people are to do what moves a case on, beside everything else that they can do (0.4 each)."""
ASIDE = 0.4
PAUSES = (MINUTE, HOUR, 6 * HOUR, DAY, DAY, 3 * DAY, 6 * DAY, 12 * DAY)


def likely(case: Case, action: str) -> float:
    if action == "assign" and len(case.current.reviewers) < 1:
        return 20
    return ONWARD.get(action, ASIDE)


def submission(organisation: str, random: Random, *, today: date, number: int) -> Submitted:
    """Somebody's complaint to an organisation, by form or by API."""
    procedure = procedures.load(organisation)
    form = random.choice([one for one in procedure.forms if one.kind in ("complaint", "concern")])
    key = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=43))
    answers = answers_to(
        form,
        random,
        today=today,
        name=f"person-{number}",
        barred=frozenset(one.id for one in procedure.not_covered),
    )
    return Submitted(organisation, form.id, key, answers, by_api=random.random() < 0.5)


__all__ = ["CANARY", "COMPLAINANT", "PAUSES", "Act", "Submitted", "Town", "likely", "submission"]
