"""What complainants and staff do around one case, each in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from adapters import procedures
from cli.main import app
from domain.case import COMPLAINANT
from domain.people import approvers, candidates
from handlers import alarm, retention
from tests.browser.gateway import Page, Response, call, post_form
from tests.integration.desk import ANSWERS, OUTCOME, Desk, Read

SLUG: Final = "leadership-east"
OFFICE: Final = "programmes.office@leadership-east.example"
DIRECTOR: Final = "director@leadership-east.example"
MANAGER: Final = "programmes.manager@leadership-east.example"
"""An organisation, and who of it has a page of their own."""

EVENTS: Final = Path(__file__).parents[2] / "events"
ADDRESS: Final = str(ANSWERS["email"])
LONDON: Final = ZoneInfo("Europe/London")

SAMPLES: Final[Mapping[str, str]] = {
    "email": ADDRESS,
    "telephone": "01632 960 001",
    "date": "2026-10-30",
    "declaration": "yes",
}
"""An answer for each type of question that does not take just any text."""


def days(name: str, day: date) -> dict[str, str]:
    """A day as it is typed into three boxes."""
    return {f"{name}.day": str(day.day), f"{name}.month": str(day.month), f"{name}.year": str(day.year)}


class Town:
    """People around one case. They see pages and mails, press buttons, and wait."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    # What the complainant does.

    def page(self, path: str) -> Page:
        answer = call("GET", path)
        assert answer.status == 200
        return answer.page

    def fill_in(self, slug: str, form: str = "complaint", **answers: str | list[str]) -> Response:
        """Fill in what has to be, and `answers`; press Continue. An empty answer leaves a question out."""
        values = self.needed(slug, form) | answers
        pairs = [
            (name, one)
            for name, value in values.items()
            for one in (value if isinstance(value, list) else [value])
            if one
        ]
        return post_form(f"/{slug}/{form}", pairs)

    def submit(self, slug: str, form: str = "complaint", **answers: str) -> Response:
        """The same as a program sends it, all at once."""
        body = json.dumps({"form": form, "answers": self.needed(slug, form) | answers}).encode()
        headers = {
            "content-type": "application/json",
            "idempotency-key": "0f8fad5b-d9cb-469f-a165-70867728950e",
        }
        return call("POST", f"/api/v1/{slug}/cases", headers=headers, body=body)

    @staticmethod
    def needed(slug: str, form: str = "complaint") -> dict[str, Any]:
        """An answer to each question that has to be answered."""
        found = procedures.load(slug).form(form)
        assert found is not None
        return {
            field.id: field.choices[0].id if field.choices else SAMPLES.get(field.type, "Something")
            for field in found.fields
            if field.required
        }

    def complain(self, slug: str, form: str = "complaint", **answers: str | list[str]) -> Page:
        """Fill in the form, check the answers and send them; the page that confirms it."""
        check = self.fill_in(slug, form, **answers)
        assert check.status == 200, check.page.text
        sent = post_form(check.page.action, check.page.values)
        assert sent.status == 201, sent.page.text
        (self.desk.ref,) = set(re.findall(r"[A-Z]{2,8}-[A-Z0-9]{4}-[A-Z0-9]{4}", sent.page.text))
        self.desk.office.deliver_all()
        return sent.page

    def reply(self, answer: str, **more: str) -> None:
        self.act(COMPLAINANT, "reply", answer=answer, **more)

    # What staff do.

    def act(self, person: str, action: str, **fields: Any) -> None:
        """Do it from the person's newest link that leads to it; it has to work."""
        secret, page = self._link_to(person, action)
        answer = self.desk.post(secret, page.forms[action].hidden, **fields)
        assert answer["statusCode"] == 200, Read(answer["body"]).text

    def acknowledge(self) -> None:
        self.act(self.desk.coordinator(), "acknowledge", confirm="yes")

    def assign(self, *reviewers: str) -> None:
        """Name the reviewers: these, or the first who can be."""
        case, rules = self.desk.case(), self.desk.procedure()
        able = [person.id for person in candidates(case, rules)]
        chosen = list(reviewers) or able[: rules.stage(case.current.stage).review.count]
        self.act(self.desk.coordinator(), "assign", reviewers=chosen)

    def begin_stage(self) -> None:
        """Do what has to be done before the reviewers can answer."""
        if self.desk.case().current.acknowledged_at is None:
            self.acknowledge()
        if not self.desk.case().current.reviewers:
            self.assign()

    def answer(self, **more: str) -> str:
        """Answer the stage, with everybody's agreement that it needs; the mail that the complainant gets."""
        self.begin_stage()
        self.act(self.desk.case().current.reviewers[0], "respond", **self.outcome(**more))
        while waiting := approvers(self.desk.case(), self.desk.procedure()):
            self.act(waiting[0].id, "approve", decision="approve")
        return self.mail(ADDRESS, "outcome")

    def outcome(self, **more: str) -> dict[str, str]:
        """The outcome form, filled in for as many points as the case has."""
        points = range(1, self.desk.case().aspects + 1)
        kept = {
            name: value
            for name, value in OUTCOME.items()
            if not name[-1].isdigit() or int(name.rpartition("_")[2]) in points
        }
        rules = self.desk.procedure()
        if rules.evidence == "required":
            kept |= {f"evidence_{point}": "Two letters." for point in points}
        if rules.remedies_required:
            kept |= {"remedies": next(one.id for one in rules.remedies if one.wording)}
        return kept | more

    # What staff do from their own page.

    def own_page(self, slug: str, address: str) -> tuple[str, Page]:
        """Ask for the link, and follow it: its secret, and the page."""
        sent = post_form(f"/{slug}/staff", [("email", address)])
        assert sent.status == 200
        self.desk.office.deliver_all()
        text = self.desk.office.mails_to(address, "staff-link")[-1]["Content"]["Simple"]["Body"]["Text"][
            "Data"
        ]
        (secret,) = re.findall(r"/s/([A-Za-z0-9_-]{43})$", text, re.MULTILINE)
        self.desk.office.list_all()
        return secret, self.page(f"/s/{secret}")

    def keep(self, secret: str, action: str, **fields: str | list[str]) -> Response:
        """Change the directory as its page offers it."""
        page = self.page(f"/s/{secret}/directory")
        version = next(value for name, value in page.values if name == "version")
        pairs = [("action", action), ("version", version)]
        pairs += [
            (name, one)
            for name, value in fields.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        return post_form(f"/s/{secret}/directory", pairs)

    def enter(self, slug: str, by: str, /, form: str = "complaint", **answers: str | list[str]) -> Response:
        """Enter a case for somebody from one's own page: who, what, how and when it came (today, by telephone, where
        nothing else is said)."""
        secret, page = self.own_page(slug, by)
        assert f"/s/{secret}/enter/{form}" in [one.get("href") for one in page.all("a")]
        empty = self.page(f"/s/{secret}/enter/{form}")
        today = self.desk.office.clock.now().astimezone(LONDON)
        said: dict[str, str | list[str]] = {
            "_key": empty.value("_key"),
            "route": "telephone",
            "received.day": str(today.day),
            "received.month": str(today.month),
            "received.year": str(today.year),
            "name": "A caller",
            "email": ADDRESS,
            "account": "Something happened.",
        }
        pairs = [
            (name, one)
            for name, value in (said | answers).items()
            for one in (value if isinstance(value, list) else [value])
            if one
        ]
        answer = post_form(f"/s/{secret}/enter/{form}", pairs)
        if answer.status == 201:
            (self.desk.ref,) = set(re.findall(r"[A-Z]{2,8}-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.page.text))
            self.desk.office.deliver_all()
        return answer

    # What reaches people.

    def mails(self, address: str, notice: str = "") -> list[str]:
        self.desk.office.deliver_all()
        found = self.desk.office.mails_to(address, notice)
        return [" ".join(mail["Content"]["Simple"]["Body"]["Text"]["Data"].split()) for mail in found]

    def mail(self, address: str, notice: str = "") -> str:
        """The newest mail to an address, its text in one line."""
        found = self.mails(address, notice)
        assert found, f"no {notice or 'mail'} to {address}"
        return found[-1]

    def page_of(self, person: str, action: str = "") -> Read:
        """What the person's newest link leads to: of those on whose page `action` can be done, if it is given."""
        return self._link_to(person, action)[1]

    def secrets(self, person: str) -> list[str]:
        """The secrets of all links that the person got, the newest first."""
        self.desk.office.deliver_all()
        mails = self.desk.office.mails_to(self.desk.address(person))
        texts = [mail["Content"]["Simple"]["Body"]["Text"]["Data"] for mail in reversed(mails)]
        return [
            found[1]
            for text in texts
            if (found := re.search(r"/l/([A-Z0-9-]+\.[A-Za-z0-9_-]{43})$", text, re.MULTILINE))
        ]

    def _link_to(self, person: str, action: str) -> tuple[str, Read]:
        secrets = self.secrets(person)
        for secret in secrets:
            page = Read(self.desk.get(secret)["body"])
            if not action or action in page.forms:
                return secret, page
            if "fresh" in page.forms:
                self.desk.fresh(secret)
                fresh = self.secrets(person)[0]
                return fresh, Read(self.desk.get(fresh)["body"])
        raise AssertionError(f"{person} got no link to {action or 'anything'}")

    # What time does.

    def at(self, *moment: int) -> None:
        """Let it be this moment in London, with no alarm gone off since."""
        self.desk.at(datetime(*moment, tzinfo=LONDON).astimezone(UTC))  # type: ignore[arg-type,misc]

    def wait_until(self, *moment: int) -> None:
        """Let it be this moment in London, and the alarms go off that were set for then."""
        self.at(*moment)
        alarm.handler({"ref": self.desk.ref, "deadline": "", "version": 0, "at": ""}, None)
        self.desk.office.deliver_all()

    def retention(self, task: str) -> dict[str, Any]:
        event = json.loads((EVENTS / f"retention-{task}.json").read_text(encoding="utf-8"))
        return retention.handler(event | ({"ref": self.desk.ref} if "ref" in event else {}), _Context())

    @staticmethod
    def due(slug: str, deadline: str, when: str) -> str:
        """The day that `dueprocess due` tells."""
        result = CliRunner().invoke(app, ["due", slug, deadline, when, "--json"])
        assert result.exit_code == 0, result.output
        return str(json.loads(result.output)["due"])


class _Context:
    function_name = "retention"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-2:123456789012:function:retention"
    aws_request_id = "request-1"
