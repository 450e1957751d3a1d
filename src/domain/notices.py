"""Every message that goes out, by name."""

from __future__ import annotations

from typing import Final, Literal

Notice = Literal[
    "receipt",
    "acknowledgement",
    "new-case",
    "assignment",
    "reminder",
    "breach",
    "breach-again",
    "missed-date",
    "approval-request",
    "outcome-returned",
    "disagreement",
    "outcome",
    "interim-response",
    "progress",
    "reply-reminder",
    "escalation",
    "closure",
    "case-news",
    "done",
    "deletion-notice",
    "deletion-certificate",
    "fresh-link",
    "decision-request",
    "decision",
    "reassign",
    "external-assistance",
    "dates-recounted",
    "dates-known",
    "dates-unknown",
    "meeting",
    "question",
    "disclosure",
    "information-considered",
    "action",
    "action-overdue",
    "aspects-agreed",
    "written-form",
    "thanks",
    "feedback",
    "staff-link",
    "document",
    "letter",
    "reviewer-left",
    "contact-details",
    "sent-again",
]
"""Every message that can go out; each has a folder of that name in templates/mail."""

Posted = Literal[
    "receipt",
    "acknowledgement",
    "outcome",
    "interim-response",
    "missed-date",
    "progress",
    "reply-reminder",
    "escalation",
    "closure",
    "decision",
    "external-assistance",
    "dates-recounted",
    "dates-known",
    "meeting",
    "question",
    "disclosure",
    "information-considered",
    "aspects-agreed",
    "document",
    "written-form",
    "thanks",
    "contact-details",
    "sent-again",
]
"""Every message to a complainant, each of which can go by post."""

AS_SENT: Final = "letter-"
"""What the id of a content begins with that keeps a message to the complainant as it was sent."""
