"""What SES reports about a mail that was not welcome, so that it can be tried without a mail server.

A mail to `bounce@` or `complaint@` any domain (also `bounce+anything@`) bounces or is complained about, as
with SES's own mailbox simulator. The report goes the way that the template wires it: to the SNS topic or the
event bus of the mail's configuration set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

EVENT_TYPES: Final = {"bounce": "BOUNCE", "complaint": "COMPLAINT"}
"""For each local part that stands for a fate, the event type that a destination has to ask for."""

DETAIL_TYPES: Final = {"BOUNCE": "Email Bounced", "COMPLAINT": "Email Complaint Received"}


def fate(address: str) -> str | None:
    """Return the event type that a mail to `address` leads to; None for one that simply arrives."""
    return EVENT_TYPES.get(address.partition("@")[0].partition("+")[0].lower())


def report(
    event_type: str,
    address: str,
    *,
    request: Mapping[str, Any],
    message_id: str,
    at: datetime,
    to: Sequence[str],
) -> dict[str, Any]:
    """Return what SES publishes for one recipient of a mail, in the form of a configuration set's events."""
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    tags = {tag["Name"]: [tag["Value"]] for tag in request.get("EmailTags") or ()}
    mail = {
        "timestamp": stamp,
        "source": request.get("FromEmailAddress", ""),
        "sendingAccountId": "000000000000",
        "messageId": message_id,
        "destination": list(to),
        "headersTruncated": False,
        "headers": [],
        "commonHeaders": {"to": list(to), "messageId": message_id},
        "tags": {"ses:configuration-set": [request.get("ConfigurationSetName", "")], **tags},
    }
    if event_type == "BOUNCE":
        recipient = {
            "emailAddress": address,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }
        bounce = {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [recipient],
            "timestamp": stamp,
            "feedbackId": str(uuid4()),
            "reportingMTA": "dns; mail.example",
        }
        return {"eventType": "Bounce", "bounce": bounce, "mail": mail}
    complaint = {
        "complainedRecipients": [{"emailAddress": address}],
        "timestamp": stamp,
        "feedbackId": str(uuid4()),
        "complaintFeedbackType": "abuse",
        "arrivalDate": stamp,
    }
    return {"eventType": "Complaint", "complaint": complaint, "mail": mail}
