"""Files behind a link, as a browser meets them: chosen, sent to S3, added; saved again; letters, and whole files."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from handlers import files
from tests.integration.desk import EXAMPLE, Desk, Read
from tests.integration.office import BUCKET

EVENTS = Path(__file__).parents[2] / "events"

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 100


@dataclass
class Upload:
    """The form that a browser shows before a file is sent."""

    target: str
    fields: dict[str, str]

    @property
    def policy(self) -> dict[str, Any]:
        """What S3 holds the upload to."""
        found: dict[str, Any] = json.loads(base64.b64decode(self.fields["policy"]))
        return found

    @property
    def back(self) -> str:
        """Where S3 leads the browser when the file is there."""
        return urlsplit(self.fields["success_action_redirect"]).path


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.fields: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.targets.append(given["action"])
            self.fields.append({})
        elif tag == "input" and given.get("type") == "hidden":
            self.fields[-1][given["name"]] = given["value"]


def ask(
    secret: str,
    what: str,
    name: str = "",
    *,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The answer to a request for something behind the link: `what` names the sample event that it is made of."""
    event: dict[str, Any] = json.loads((EVENTS / f"files-{what}.json").read_text(encoding="utf-8"))
    event["pathParameters"]["secret"] = secret
    others = [one for one in event["pathParameters"] if one != "secret"]
    if others:
        event["rawPath"] = event["rawPath"].replace(event["pathParameters"][others[0]], name)
        event["pathParameters"][others[0]] = name
    event["rawPath"] = event["rawPath"].replace(EXAMPLE, secret)
    event["headers"] |= headers or {}
    if form is not None:
        event["body"] = urlencode(form)
    return files.handler(event, None)


def choose(secret: str) -> Upload:
    """The form with which a file is sent."""
    answer = ask(secret, "choose")
    assert answer["statusCode"] == 200, Read(answer["body"]).text
    reader = _FormReader()
    reader.feed(answer["body"])
    return Upload(target=reader.targets[0], fields=reader.fields[0])


def send(desk: Desk, secret: str, content: bytes) -> str:
    """Choose a file and send it to S3, as far as S3 takes it; the name of the upload."""
    upload = choose(secret)
    limits = [one for one in upload.policy["conditions"] if isinstance(one, list)]
    ((_, shortest, longest),) = [one for one in limits if one[0] == "content-length-range"]
    assert shortest <= len(content) <= longest
    desk.office.s3.put_object(Bucket=BUCKET, Key=upload.fields["key"], Body=content)
    return upload.back.rpartition("/")[2]


def attach(desk: Desk, person: str, content: bytes = PDF, **form: str) -> dict[str, Any]:
    """Add a file from the person's newest link, in all its steps; the answer to the last one."""
    secret = desk.secret(person)
    name = send(desk, secret, content)
    arrived = ask(secret, "check", name)
    assert arrived["statusCode"] == 200
    return ask(secret, "add", name, form={"action": "document", **form})


def saved(desk: Desk, answer: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """What the browser saves where the answer leads: the content, and what S3 is asked to say about it."""
    assert answer["statusCode"] == 303, Read(answer["body"]).text
    address = urlsplit(answer["headers"]["Location"])
    assert 0 < int(parse_qs(address.query)["X-Amz-Expires"][0]) <= 60
    key = unquote(address.path).removeprefix("/").removeprefix(f"{BUCKET}/")
    content = desk.office.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    said = {name: values[0] for name, values in parse_qs(address.query).items()}
    return content, said


def export(desk: Desk, person: str, **form: str) -> zipfile.ZipFile:
    """Ask for the file of the case from the person's newest link, and save it."""
    desk.act(person, "export", **form)
    newest = [one for one in desk.case().exports if one.by == person][-1]
    content, _ = saved(desk, ask(desk.secret(person), "export", newest.id))
    return zipfile.ZipFile(io.BytesIO(content))
