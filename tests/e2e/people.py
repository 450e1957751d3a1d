"""People who use Dueprocess as people do: they get mails, open the links in them, and fill in what the page asks.

Nothing here knows an organisation or a rule. What can be done is read from the page behind a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from local.stack import LocalStack


@dataclass(frozen=True)
class Answer:
    """What a page or the API answered."""

    status: int
    text: str
    headers: Mapping[str, str]

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class PageForm:
    """A form of a page: where it goes, its hidden values, and the values that each question offers."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(action=given.get("action", "")))
        elif tag in ("input", "textarea", "select") and self.forms and "name" in given:
            form = self.forms[-1]
            if given.get("type") == "hidden":
                form.hidden[given["name"]] = given.get("value", "")
                return
            form.offered.setdefault(given["name"], []).append(given.get("value", ""))
            if "checked" in given:
                form.checked.append(given["name"])


def get(url: str) -> Answer:
    return _ask(Request(url))


def save(url: str) -> bytes:
    """The file behind an address; urllib.error.HTTPError: there is none."""
    with urlopen(url, timeout=120) as response:
        content: bytes = response.read()
        return content


def post(url: str, values: Mapping[str, Any]) -> Answer:
    body = urlencode(values, doseq=True).encode()
    return _ask(Request(url, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}))


def post_json(url: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
    given = {"Content-Type": "application/json", **(headers or {})}
    return _ask(Request(url, data=json.dumps(body).encode(), headers=given))


def post_file(form: PageForm, name: str, content: bytes) -> Answer:
    """Send a form with one file, and go where that leads."""
    boundary = "the-end-of-a-part"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in form.hidden.items()
    ]
    (field,) = form.offered
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode()
    )
    body = b"".join([*parts, head, content, f"\r\n--{boundary}--\r\n".encode()])
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return _ask(Request(form.action, data=body, headers=kind))


def _ask(request: Request) -> Answer:
    try:
        with urlopen(request, timeout=120) as response:
            return Answer(response.status, response.read().decode(), dict(response.headers))
    except HTTPError as error:
        return Answer(error.code, error.read().decode(), dict(error.headers))


def forms_of(page: str) -> dict[str, PageForm]:
    """The forms of a link's page, by the act that each is for."""
    return {form.hidden["action"]: form for form in _forms(page) if "action" in form.hidden}


@dataclass(frozen=True)
class Offered(Mapping[str, PageForm]):
    """The forms of a link's page by the act that each is for, and those that it leads to, each on a page of its own,
    which is opened when it is asked for."""

    link: str
    page: str

    def __getitem__(self, action: str) -> PageForm:
        here = forms_of(self.page)
        return here[action] if action in here else forms_of(get(f"{self.link}?act={action}").text)[action]

    def __iter__(self) -> Iterator[str]:
        behind = re.findall(r'href="/l/[^"?]+\?act=(?!document)([a-z-]+)"', self.page)
        return iter(dict.fromkeys((*forms_of(self.page), *behind)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, action: object) -> bool:
        return any(action == one for one in self)


def _forms(page: str) -> list[PageForm]:
    parser = _Forms()
    parser.feed(page)
    return parser.forms


@dataclass
class Town:
    """Everybody who gets mail from one local stack."""

    stack: LocalStack

    @property
    def base_url(self) -> str:
        return self.stack.base_url

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        """The mails to an address, or all, oldest first."""
        return list(reversed(self.stack.outbox(to)))

    def submit(
        self, organisation: str, answers: Mapping[str, Any], *, form: str = "complaint", key: str
    ) -> Answer:
        """Send a form through the API."""
        body = {"form": form, "answers": answers}
        url = f"{self.base_url}/api/v1/{organisation}/cases"
        return post_json(url, body, {"Idempotency-Key": key})

    def settle(self) -> None:
        """Wait until every effect is delivered."""

        def is_empty() -> bool:
            return not any(entry["kind"] == "outbox" for entry in self.stack.clock()["due"])

        # A crowd's mails take their time, the more so beside other tests.
        assert self.stack.eventually(is_empty, within=60), "the outbox does not empty"

    def is_due(self, kind: str) -> bool:
        """Whether a case waits to be woken (`wake`) or to be destroyed (`delete`)."""
        return any(entry["kind"] == kind for entry in self.stack.clock()["due"])

    def doors(self, ref: str) -> Iterator[tuple[str, str, Offered]]:
        """For everybody who has a link to the case: their address, the newest link, and what its page offers. Whoever
        was written to last comes first."""
        newest: dict[str, str] = {}
        for mail in self.stack.outbox():
            own = [link for link in mail["links"] if link.startswith(f"{self.base_url}/l/")]
            if own and ref in mail["subject"] + mail["text"]:
                newest.setdefault(mail["to"][0], own[0])
        for address, link in newest.items():
            page = get(link)
            if page.status == 200:
                yield address, link, Offered(link, page.text)

    def act(self, link: str, action: str, **choices: Any) -> Answer:
        """Fill in and send the form for `action` on a link's page. What is not given stays empty."""
        offered = Offered(link, get(link).text)
        assert action in offered, f"{action} is not offered: {sorted(offered)}"
        return self.send(offered[action], **choices)

    def choose(self, link: str) -> PageForm:
        """The form behind a link with which a file is sent."""
        page = get(f"{link}/files")
        assert page.status == 200, page.text
        (form,) = _forms(page.text)
        return form

    def send(self, form: PageForm, **choices: Any) -> Answer:
        """Fill in and send a form of a page. What is not given stays empty."""
        assert not form.checked, "nothing is chosen before a person chooses"
        unknown = set(choices) - set(form.offered)
        assert not unknown, f"the form has no {unknown}; it has {sorted(form.offered)}"
        return post(f"{self.base_url}{form.action}", {**form.hidden, **choices})
