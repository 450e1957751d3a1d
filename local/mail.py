"""Mails that the application sent: composed as SES would send them, and kept as `.eml` files.

The emulator's own relay is not used. It rebuilds each message from its subject and bodies: `Reply-To`, other
headers, attachments, message tags and the configuration set are lost, and it sends in the background, so
that a mail which the application believes sent can be lost with the process. Here a mail is a file before
the application hears that it was accepted.

A file's name begins with the instant (on the domain's clock), so that a folder's listing is its history.
"""

from __future__ import annotations

import base64
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import format_datetime, getaddresses
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONFIGURATION_SET: Final = "X-SES-CONFIGURATION-SET"
MESSAGE_TAGS: Final = "X-SES-MESSAGE-TAGS"
"""The two headers with which mail that comes in over SMTP tells SES its configuration set and its tags."""
RECIPIENTS: Final = "X-Envelope-To"
"""Everybody who gets the mail, hidden recipients too; a mail that is delivered does not have it."""

STAMP: Final = "%Y%m%dT%H%M%S.%fZ"
POLICY: Final = policy.SMTP.clone(max_line_length=200)

_URL: Final = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")
_HREF: Final = re.compile(r"""\shref\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as the outbox shows it."""

    id: str
    to: tuple[str, ...]
    """Bare addresses, hidden recipients too."""
    subject: str
    at: str
    """When it was sent on the domain's clock, ISO 8601 in UTC."""
    text: str
    html: str
    """Either body may be empty."""
    links: tuple[str, ...]
    """Each address in the bodies once, in the order in which it appears."""
    sender: str
    reply_to: tuple[str, ...]
    configuration_set: str
    tags: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return the mail as JSON has it."""
        return asdict(self)


class MailFolder:
    """The folder in which mails are kept; nothing in it is ever changed."""

    def __init__(self, path: Path) -> None:
        """Use the folder at `path`, and make it if there is none."""
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes, message_id: str, *, at: datetime) -> str:
        """Write a mail's file, whole or not at all, and return the mail's id."""
        mail = f"{at.astimezone(UTC).strftime(STAMP)}-{re.sub(r'[^A-Za-z0-9]+', '-', message_id)[:36]}"
        unfinished = self.path / f".{mail}"
        unfinished.write_bytes(content)
        unfinished.replace(self.path / f"{mail}.eml")
        return mail

    def mails(self, to: str = "") -> list[Mail]:
        """Return all mails, newest first; with `to`, those to this address (in any case)."""
        names = sorted((path.name for path in self.path.glob("*.eml")), reverse=True)
        mails = (_read(self.path / name) for name in names)
        return [mail for mail in mails if not to or to.lower() in (each.lower() for each in mail.to)]

    def mail(self, mail_id: str) -> Mail | None:
        """Return one mail, or None if there is none with this id."""
        path = self.path / f"{mail_id}.eml"
        known = re.fullmatch(r"[0-9A-Za-z.-]+", mail_id) and path.is_file()
        return _read(path) if known else None


def compose(request: Mapping[str, Any], message_id: str, *, at: datetime) -> bytes:
    """Return the mail that SES makes of a `SendEmail` request (version 2), as bytes for an `.eml` file.

    A raw message is taken as it is but for its `Message-ID`, which SES sets itself.
    """
    content = request.get("Content") or {}
    if raw := content.get("Raw"):
        message: Message = message_from_bytes(base64.b64decode(raw["Data"]), policy=POLICY)
        del message["Message-ID"]
    else:
        message = _simple(request, content.get("Simple") or {})
    message["Message-ID"] = f"<{message_id}>"
    if "Date" not in message:
        message["Date"] = format_datetime(at)
    if name := request.get("ConfigurationSetName"):
        message[CONFIGURATION_SET] = name
    if tags := request.get("EmailTags"):
        message[MESSAGE_TAGS] = ", ".join(f"{tag['Name']}={tag['Value']}" for tag in tags)
    message[RECIPIENTS] = ", ".join(recipients(request) or _addresses(message.get_all("To", [])))
    return message.as_bytes(policy=POLICY)


def recipients(request: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the bare addresses that a `SendEmail` request (version 2) names, hidden ones too."""
    destination = request.get("Destination") or {}
    kinds = ("ToAddresses", "CcAddresses", "BccAddresses")
    return _addresses(each for kind in kinds for each in destination.get(kind) or ())


def _simple(request: Mapping[str, Any], content: Mapping[str, Any]) -> EmailMessage:
    destination = request.get("Destination") or {}
    message = EmailMessage(policy=POLICY)
    message["From"] = request.get("FromEmailAddress", "")
    for header, addresses in (
        ("To", destination.get("ToAddresses")),
        ("Cc", destination.get("CcAddresses")),
        ("Reply-To", request.get("ReplyToAddresses")),
    ):
        if addresses:
            message[header] = ", ".join(addresses)
    message["Subject"] = (content.get("Subject") or {}).get("Data", "")
    for header in content.get("Headers") or ():
        message[header["Name"]] = header["Value"]
    body = content.get("Body") or {}
    text, html = ((body.get(kind) or {}).get("Data") for kind in ("Text", "Html"))
    if text is not None or html is None:
        message.set_content(text or "", cte="quoted-printable")
    if text is not None and html is not None:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    elif html is not None:
        message.set_content(html, subtype="html", cte="quoted-printable")
    return message


@lru_cache(maxsize=4096)
def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    text, html = _body(message, "plain"), _body(message, "html")
    at = datetime.strptime(path.name.split("-", 1)[0], STAMP).replace(tzinfo=UTC)
    hrefs = (unescape(one or two) for one, two in _HREF.findall(html))
    tags = (
        pair.partition("=")[::2] for pair in str(message.get(MESSAGE_TAGS, "")).split(", ") if "=" in pair
    )
    return Mail(
        id=path.stem,
        to=_addresses(message.get_all(RECIPIENTS, [])),
        subject=str(message.get("Subject", "")),
        at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        text=text,
        html=html,
        links=tuple(dict.fromkeys([*_URL.findall(text), *(href for href in hrefs if _URL.match(href))])),
        sender=str(message.get("From", "")),
        reply_to=_addresses(message.get_all("Reply-To", [])),
        configuration_set=str(message.get(CONFIGURATION_SET, "")),
        tags=dict(tags),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _addresses(headers: Iterable[object]) -> tuple[str, ...]:
    found = getaddresses([str(header) for header in headers])
    return tuple(dict.fromkeys(address for _, address in found if address))
