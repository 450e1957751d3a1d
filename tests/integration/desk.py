"""A deployment with one case, met from its links: pages that are read, buttons that are pressed, mails that come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from adapters.cases.rules import rules_of
from adapters.cases.submission import submit
from domain.case import COMPLAINANT, Case
from domain.procedure import Procedure
from handlers import links, wiring
from tests.integration.office import Office, calls_of

EVENTS = Path(__file__).parents[2] / "events"

NAME = "Canary Complainant"
WORDS = "The canary saw it all"

ANSWERS: dict[str, Any] = {
    "name": NAME,
    "email": "canary@complainant.example",
    "telephone": "07700 900123",
    "address": "1 Canary Row",
    "availability": "Canary hours",
    "incident_date": "2026-10-26",
    "account": f"{WORDS}.\nAnd <b>twice</b>.",
    "aspects": ["The canary's first point", "The canary's second point"],
    "actions_taken": "A canary letter",
    "outcome_sought": "A canary apology",
    "adjustments": "Large print for canaries",
}

LEADERSHIP = ("leadership-east", {"declaration": True})
"""A person acknowledges; nobody has to approve."""
ALLIANCE: tuple[str, dict[str, Any]] = ("alliance-for-learning", {})
"""Acknowledged automatically; a member of the executive team approves."""
CREATIVE = ("creative-alliance", {"relationship": "learner"})
"""New dates can be given; two fellow reviewers at the second stage."""
SCITT: tuple[str, dict[str, Any]] = ("ashton-on-mersey-scitt", {})
"""Remedies and evidence are required."""
DYNAMIC: tuple[str, dict[str, Any]] = ("dynamic-training", {"relationship": "learner"})

EXAMPLE = "LE-7K3M-9QXT.c2FtcGxlLXNlY3JldC1vZi1hLWxpbmstbm90LXJlYWw"
OUTCOME: dict[str, str] = {
    "conclusion_1": "upheld",
    "conclusion_2": "not-upheld",
    "reasons_1": "Because the first.",
    "reasons_2": "Because the second.",
    "response": "We are sorry.",
    "no_conversation": "They asked us to write.",
}
"""With a reason where a stage asks for a conversation before it."""

EVIDENCE = {"evidence_1": "The register of 26 October.", "evidence_2": "Two letters."}
IN_FULL = OUTCOME | EVIDENCE | {"remedies": "apology"}

ASKED = {
    "whom": "The canary arbitration service",
    "why": "The board cannot judge it alone.",
    "respond_by.day": "26",
    "respond_by.month": "2",
    "respond_by.year": "2027",
}
"""What reviewers say when they ask for help from outside."""

ABOUT_DATA: dict[str, Any] = {
    "name": NAME,
    "email": ANSWERS["email"],
    "personal_data": "My results and my home address",
    "account": "A table with them went to everybody.",
    "outcome_sought": "Have it deleted",
    "aspects": ["The table", "No answer to my email"],
}
"""A data protection complaint."""


class Read(HTMLParser):
    """A page: its text, its forms by their `action` value, and what stands out about its fields. Forms that it leads
    to, each on a page of its own, are opened when they are looked at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.said: list[str] = []
        self.forms = Forms()
        self.checked: list[str] = []
        self.ids: list[str] = []
        self.fragments: list[str] = []
        self._form: Form | None = None
        self._area = ""
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if given.get("href", "").startswith("#"):
            self.fragments.append(given["href"][1:])
        # A document has pages of its own, and no form of the link.
        if found := re.fullmatch(r"/l/(.+)\?act=(?!document)([a-z-]+)", given.get("href", "")):
            self.forms.behind[found[2]] = found[1]
        if "checked" in given or "selected" in given:
            self.checked.append(given.get("name", tag))
        if tag == "form":
            self._form = Form(target=given["action"], method=given.get("method", "get"))
        if self._form is None:
            return
        if tag == "input" and given["type"] == "hidden":
            self._form.hidden[given["name"]] = given["value"]
        elif tag == "input" and given["type"] in ("radio", "checkbox"):
            self._form.choices.setdefault(given["name"], []).append(given["value"])
        elif tag == "input":
            self._form.texts[given["name"]] = given["value"]
        elif tag == "textarea":
            self._area = given["name"]
            self._form.texts[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "form" and self._form is not None:
            self.forms.here[self._form.hidden.get("action", "fresh")] = self._form
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.texts[self._area] += (
                data.removeprefix("\n") if not self._form.texts[self._area] else data
            )
        else:
            self.said.append(data)


@dataclass
class Form:
    target: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Forms(Mapping[str, Form]):
    """The forms of a page, and those that it leads to."""

    here: dict[str, Form] = field(default_factory=dict)
    behind: dict[str, str] = field(default_factory=dict)
    """By the act the secret of the link with which its page is opened."""

    def __getitem__(self, action: str) -> Form:
        if action in self.here:
            return self.here[action]
        return self.page(action).forms.here[action]

    def page(self, action: str) -> Read:
        """The page that it leads to for this."""
        return Read(open_link(self.behind[action], {"act": action})["body"])

    def __iter__(self) -> Iterator[str]:
        return iter({**self.here, **self.behind})

    def __len__(self) -> int:
        return len({**self.here, **self.behind})

    def __contains__(self, action: object) -> bool:
        return any(action == one for one in self)


@dataclass
class Desk:
    """A deployment with one case, and people who open its links."""

    office: Office
    clock_file: Path
    ref: str = ""

    def open(self, organisation: str, more: dict[str, Any], *, form: str = "complaint") -> None:
        answers = ANSWERS | more
        receipt = submit(organisation, form, answers, key="key", by=COMPLAINANT, site=self.office.site)
        self.ref = receipt.reference
        self.office.deliver_all()

    def at(self, moment: datetime) -> None:
        """Move the clocks of the functions and of the test."""
        self.office.clock.move_to(moment)
        pace = {"domain": moment.isoformat(), "wall": datetime.now(UTC).isoformat(), "speed": 1}
        self.clock_file.write_text(json.dumps(pace), encoding="utf-8")

    def case(self) -> Case:
        stored = self.office.site.store.load(self.ref)
        assert stored is not None
        return stored.case

    def procedure(self) -> Procedure:
        return rules_of(self.case())[0]

    def holder(self, role: str, number: int = 0) -> str:
        return self.procedure().holders(role)[number].id

    def coordinator(self) -> str:
        return self.holder(self.procedure().coordinator)

    def reviewer(self, number: int = 0) -> str:
        return self.holder(self.procedure().stage(self.case().current.stage).review.role, number)

    def address(self, person: str) -> str:
        if person == COMPLAINANT:
            return str(ANSWERS["email"])
        found = self.procedure().person(person)
        assert found is not None
        return found.email

    def secret(self, person: str, notice: str = "") -> str:
        """The one in the last mail with a link that this person got."""
        self.office.deliver_all()
        for mail in reversed(self.office.mails_to(self.address(person), notice)):
            text = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
            if found := re.search(
                r"https://complaints\.example/l/([A-Z0-9-]+\.[A-Za-z0-9_-]{43})$", text, re.MULTILINE
            ):
                return found[1]
        raise AssertionError(f"{person} got no link")

    def told(self, person: str, notice: str = "") -> str:
        """The text of the newest mail that this person got, in one line."""
        return self.office.text_to(self.address(person), notice)

    def get(self, secret: str, **query: str) -> dict[str, Any]:
        return self._call("GET /l/{secret}", secret, query=query)

    def post(self, secret: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = urlencode({**fields, **more}, doseq=True)
        return self._call("POST /l/{secret}", secret, body)

    def fresh(self, secret: str) -> dict[str, Any]:
        return self._call("POST /l/{secret}/fresh", secret, "")

    def act(self, person: str, action: str, **fields: Any) -> dict[str, Any]:
        """Open the person's latest link, fill in the form and press its button; it has to work."""
        secret = self.secret(person)
        form = Read(self.get(secret)["body"]).forms[action]
        answer = self.post(secret, form.hidden, **fields)
        assert answer["statusCode"] == 200, Read(answer["body"]).text
        return answer

    def says_it_was_them(self) -> None:
        """The complainant confirms that the form was theirs: from then on mails can say what they wrote."""
        self.act(COMPLAINANT, "whose-address", answer="yes")

    def facts(self) -> list[str]:
        return [row["fact"]["type"] for row in self.office.site.store.events(self.ref)]

    def _call(
        self, route: str, secret: str, body: str | None = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        name = {"GET /l/{secret}": "links-show", "POST /l/{secret}": "links-act"}.get(route, "links-fresh")
        event = event_at(name, secret)
        if body is not None:
            event["body"] = body
        if query:
            event["queryStringParameters"] = dict(query)
        with calls_of(wiring.client("dynamodb")) as calls:
            answer = links.handler(event, None)
        if route == "POST /l/{secret}" and answer["statusCode"] == 200:
            # These ask what was written before: what is corrected, which message is sent again.
            back = r"action=(contact-details|correct|send-again|write|written)&"
            looks_back = body is not None and re.match(back, body)
            if body is not None and re.match(r"action=(link-case|unlink-case|duplicate)&", body):
                # An act about two cases looks at the other one first.
                assert calls[-1] == "TransactWriteItems"
                assert len(calls) < 7, calls
                return answer
            reads = ["BatchGetItem"] * (2 if looks_back else 1)
            assert calls == [*reads, "TransactWriteItems"], "a click is one read and one transaction"
        return answer


def event_at(name: str, secret: str) -> dict[str, Any]:
    """One of the sample events, with a link's own secret."""
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    event["pathParameters"]["secret"] = secret
    event["rawPath"] = event["rawPath"].replace(EXAMPLE, secret)
    return event


def open_link(secret: str, query: Mapping[str, str]) -> dict[str, Any]:
    """The answer to whoever opens a link; it has to work."""
    answer = links.handler(event_at("links-show", secret) | {"queryStringParameters": dict(query)}, None)
    assert answer["statusCode"] == 200, Read(answer["body"]).text
    return answer


def at_the_reviewer(desk: Desk, organisation: tuple[str, dict[str, Any]]) -> str:
    """Open a case and bring it to the first stage's reviewer, whose id this answers with."""
    desk.open(*organisation)
    coordinator = desk.coordinator()
    if not desk.case().current.reviewers:
        desk.act(coordinator, "assign", reviewers=desk.reviewer())
    reviewer = desk.case().current.reviewers[0]
    if desk.case().current.acknowledged_at is None:
        desk.act(reviewer, "acknowledge", confirm="yes")
    return reviewer


def refused(desk: Desk, person: str, action: str, **fields: Any) -> Read:
    """Press the button; it has to be refused, and nothing be stored."""
    secret = desk.secret(person)
    before = desk.office.items()
    form = Read(desk.get(secret)["body"]).forms[action]
    answer = desk.post(secret, form.hidden, **fields)
    assert answer["statusCode"] == 422, Read(answer["body"]).text
    assert before == desk.office.items()
    return Read(answer["body"])


def to_stage(desk: Desk, number: int) -> Desk:
    """The case, come to the stage of that number, acknowledged and assigned."""
    for visited in range(1, number + 1):
        coordinator = desk.coordinator()
        if desk.case().current.acknowledged_at is None:
            desk.act(coordinator, "acknowledge", confirm="yes")
        stage = desk.procedure().stage(desk.case().current.stage)
        if not desk.case().current.reviewers:
            chosen = [desk.reviewer(one) for one in range(stage.review.count)]
            desk.act(coordinator, "assign", reviewers=chosen)
        if visited < number:
            first, *others = desk.case().current.reviewers
            in_full = desk.procedure().evidence == "required"
            desk.act(first, "respond", **IN_FULL if in_full else OUTCOME)
            for other in others:
                desk.act(other, "approve", decision="approve")
            desk.act(COMPLAINANT, "reply", answer="escalate")
    return desk


def close(desk: Desk) -> None:
    desk.act(COMPLAINANT, "reply", answer="satisfied")
