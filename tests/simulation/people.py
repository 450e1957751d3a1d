"""Complainants and staff. They know what their mails and the pages behind the links tell them, and act from there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from html import unescape
from random import Random
from re import findall, search
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from botocore.exceptions import ClientError

from adapters import procedures
from domain.case import COMPLAINANT, Case
from domain.procedure import LOGGED, Procedure
from tests.rules import ACTIONS, available
from tests.simulation.clients import Mail
from tests.simulation.deployment import PUBLIC_URL
from tests.simulation.filling import CANARY, Fields, answers_to, filled
from tests.simulation.peek import case_of, rules
from tests.simulation.staff import Staff
from tests.simulation.times import DAY, HOUR, MINUTE
from tests.simulation.world import World

CONTENTS: Mapping[str, bytes] = {
    "text": b"",
    "pdf": b"%PDF-1.7\n",
    "recording": b"ID3\x04\x00",
    "program": b"MZ\x90\x00",
}
"""How files begin: what they are is told by it. A program is not taken."""


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
    address: str = ""
    """Of whoever sends it, on the internet. Empty: of nobody's connection is anything known."""


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

    staff: Staff = field(default_factory=Staff)

    def __post_init__(self) -> None:
        self.world.on_mail.append(self.read)
        self.world.owners["town"] = self
        self.world.owners["staff"] = self.staff
        self.staff.town = self

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
            staff=replace(self.staff),
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
            self.staff.read(mail)
        elif mail.link:
            self.take(mail.ref, mail.person, mail.link)

    def take(self, ref: str, person: str, secret: str) -> None:
        """Keep a link to a case."""
        self.links[ref, person].append(secret)
        self.whose[secret] = (ref, person)
        hashed = sha256(secret.encode()).hexdigest()
        item = self.world.table.item(f"CASE#{ref}", f"LINK#{hashed}")
        self.stages[secret] = str(item["stage"]["S"]) if item is not None else ""

    # Coming in.

    def look_up(self, one: Submitted) -> None:
        """Find the form before it is sent: the organisations, then one of them, then the form, whose key it is sent
        with. Where a page fails, whoever looks for it goes on without."""
        organisation, _, beside = one.organisation.partition("/")
        home = f"/{{org}}/{beside}" if beside else "/{org}"
        path = home.replace("{org}", organisation)
        parts: dict[str, str] = {}
        answer: dict[str, Any] = {}
        for route, leads_to in (
            ("/", f'href="/{organisation}"'),
            (home, f'href="{path}/{one.form}"'),
            (f"{home}/{{form}}", f'action="{path}/{one.form}"'),
        ):
            event = {
                "version": "2.0",
                "routeKey": f"GET {route}",
                "headers": {},
                "requestContext": {"requestId": one.key},
                "pathParameters": dict(parts),
                "isBase64Encoded": False,
            }
            parts = {"org": organisation} if not parts else {**parts, "form": one.form}
            answer = self.world.request("PagesFunction", event)
            if answer["statusCode"] >= 500:
                continue
            if answer["statusCode"] != 200 or leads_to not in answer["body"]:
                raise AssertionError(f"the public pages lead to the form: {answer['statusCode']} for {route}")
        key = search(r'name="_key" value="([A-Za-z0-9_-]{43})"', answer["body"])
        if key is not None and key[1] in {other.key for other in self.submitted}:
            raise AssertionError("each form has a key of its own: one has not")
        one.key = key[1] if key is not None else one.key

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

    def come(self, slug: str, *, is_feedback: bool = False) -> None:
        """Somebody new sends a form, and again later until it is taken."""
        number = len(self.submitted)
        today = self.world.utc().date()
        one = submission(slug, self.random, today=today, number=number, is_feedback=is_feedback)
        self.submitted.append(one)
        self.send_later(number)

    def send_later(self, number: int) -> None:
        """Send a form that was filled in, and again in two minutes where nothing answered."""
        if not self.send(self.submitted[number]):
            self.world.after(2 * MINUTE, "person", "send_later", number, owner="town")

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
        path = f"/api/v1/{organisation}/{between}cases"
        http = {"method": "POST", "path": path, "sourceIp": one.address}
        event = {
            "version": "2.0",
            "routeKey": f"POST /api/v1/{{org}}/{between}cases",
            "rawPath": path,
            "headers": {"content-type": "application/json", "idempotency-key": one.key},
            "requestContext": {"requestId": one.key, "stage": "$default", "http": http},
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
            "requestContext": {"requestId": one.key, "http": {"sourceIp": one.address}},
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

    def choices(self, ref: str, among: tuple[str, ...] = ACTIONS) -> list[tuple[str, str, str]]:
        """What anybody can do in the case now: the person, their newest link, and the act."""
        case = case_of(self.world.table, ref)
        if case is None:
            return []
        procedure = self.rules(case)
        return [
            (person, secret, action)
            for person, secret in self.open_links(ref)
            for action in available(case, by=person, procedure=procedure, among=among, now=self.world.utc())
        ]


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
    "completion": 9,
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
    if action in ("withdraw", "enter-withdrawal", "decline", "whose-address"):
        # It ends a life whose rest would have been worth watching.
        return ASIDE / 10
    return ONWARD.get(action, ASIDE)


def submission(
    organisation: str, random: Random, *, today: date, number: int, is_feedback: bool = False
) -> Submitted:
    """Somebody's complaint to an organisation, or `is_feedback`: suggestion or compliment, by form or by API.
    IndexError: no form takes it."""
    procedure = procedures.load(organisation)
    form = random.choice([one for one in procedure.forms if (one.kind in LOGGED) == is_feedback])
    key = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=43))
    answers = answers_to(
        form,
        random,
        today=today,
        name=f"person-{number}",
        barred=frozenset(one.id for one in procedure.not_covered),
    )
    return Submitted(organisation, form.id, key, answers, by_api=random.random() < 0.5)
