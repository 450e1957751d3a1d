"""Mail by SES: the channel to whoever has an email address."""

from __future__ import annotations

from typing import Any

from adapters import procedures
from adapters.post.messages import Message
from adapters.settings import Settings


def send_mail(message: Message, *, letter: str, settings: Settings, ses: Any) -> str:
    """Send a message to its recipient's address; answers with SES's receipt. `letter`: the name under which a case
    keeps it."""
    # Under the organisation's present name, whichever version of its procedure the case is on.
    procedure = procedures.load(message.organisation)
    request: dict[str, Any] = {
        "FromEmailAddress": f"{_quoted(procedure.organisation)} <{settings.sender}>",
        "Destination": {"ToAddresses": [message.to.email]},
        "ReplyToAddresses": [procedure.contact.email],
        "Content": {
            "Simple": {
                "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": message.text, "Charset": "UTF-8"},
                    "Html": {"Data": message.html, "Charset": "UTF-8"},
                },
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
    answer = ses.send_email(**request)
    return str(answer.get("MessageId", ""))


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
