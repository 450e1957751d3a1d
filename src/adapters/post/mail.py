"""Mail by SES: the channel to whoever has an email address."""

from __future__ import annotations

from email.header import Header
from email.utils import formataddr
from typing import Any

from adapters import procedures
from adapters.post.messages import Message
from adapters.settings import Settings
from domain.procedure import Procedure


def send_mail(message: Message, *, letter: str, settings: Settings, ses: Any) -> str:
    """Send a message to its recipient's address; answers with SES's receipt. `letter`: the name under which a case
    keeps it."""
    # Under the organisation's present name, whichever version of its procedure the case is on.
    procedure = procedures.load(message.organisation)
    answer = ses.send_email(**request_of(message, procedure, letter=letter, settings=settings))
    return str(answer.get("MessageId", ""))


def request_of(message: Message, procedure: Procedure, *, letter: str, settings: Settings) -> dict[str, Any]:
    """Return what SES is asked for, to send a message under the name of `procedure`'s organisation. `letter`: as
    `send_mail`."""
    request: dict[str, Any] = {
        "FromEmailAddress": _address(procedure.organisation, settings.sender),
        "Destination": {"ToAddresses": [message.to.email]},
        "ReplyToAddresses": [procedure.contact.email],
        "Content": {
            "Simple": {
                "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": message.text, "Charset": "UTF-8"},
                    "Html": {"Data": message.html, "Charset": "UTF-8"},
                },
                "Headers": [
                    {"Name": name, "Value": value}
                    for name, value in _headers(message, settings.sender).items()
                ],
            }
        },
        # How a bounce finds its way back to the case: references and ids, nothing personal.
        "EmailTags": [
            *([{"Name": "case", "Value": message.ref}] if message.ref else []),
            *([{"Name": "letter", "Value": letter}] if message.ref else []),
            {"Name": "notice", "Value": message.notice},
            {"Name": "person", "Value": message.to.person},
        ],
    }
    if settings.configuration_set:
        request["ConfigurationSetName"] = settings.configuration_set
    return request


def _headers(message: Message, sender: str) -> dict[str, str]:
    # Asks mailboxes not to answer by themselves that somebody is away.
    headers = {"Auto-Submitted": "auto-generated"}
    if message.thread:
        # SES gives each mail an id of its own, so all mails of a case name one before them that was never sent.
        first = f"<{message.thread}@{sender.rpartition('@')[2]}>"
        headers |= {"In-Reply-To": first, "References": first}
    return headers


def _address(name: str, address: str) -> str:
    """Return the address with a name before it, in ASCII as SES wants it, on one line."""
    if name.isascii():
        return formataddr((name, address))
    # Longer names take several encoded words, of 75 characters at most.
    return f"{Header(name, 'utf-8').encode(maxlinelen=75, linesep='')} <{address}>"
