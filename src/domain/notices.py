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
    "reopened",
    "involvement",
    "not-covered",
    "nobody-left",
    "kind-changed",
    "corrected",
    "completion",
    "mediation",
    "contact-limit",
    "contact-limit-request",
    "told-of-end",
    "duplicate",
    "consent-request",
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
    "reopened",
    "not-covered",
    "kind-changed",
    "corrected",
    "completion",
    "mediation",
    "contact-limit",
    "duplicate",
    "consent-request",
]
"""Every message to a complainant, each of which can go by post."""

BEFORE_CONSENT: Final[frozenset[Notice]] = frozenset(
    {
        "acknowledgement",
        "closure",
        "consent-request",
        "contact-details",
        "dates-known",
        "dates-recounted",
        "escalation",
        "fresh-link",
        "missed-date",
        "receipt",
        "reply-reminder",
        "sent-again",
        "thanks",
        "written-form",
    }
)
"""What may be sent to somebody who acts for the complainant where nothing goes to them before the consent is on record:
that we have it, by when something happens, and what is still needed. In the place of everything else they are asked for
the consent again."""

UNDATED: Final[frozenset[Notice]] = frozenset(
    {
        "case-news",
        "closure",
        "deletion-notice",
        "disclosure",
        "done",
        "fresh-link",
        "thanks",
        "feedback",
        "information-considered",
        "meeting",
        "question",
        "document",
        "letter",
        "action",
        "action-overdue",
        "breach-again",
        "missed-date",
        "consent-request",
        "contact-details",
        "corrected",
        "duplicate",
        "sent-again",
        "involvement",
        "not-covered",
        "nobody-left",
        "completion",
        "mediation",
        "contact-limit",
        "contact-limit-request",
        "told-of-end",
    }
)
"""Notices that name no date of the stage, so that none has to be counted for them."""

WRITTEN_FOR_STAFF: Final[frozenset[Notice]] = frozenset({"told-of-end"})
"""Messages to a member of staff with words in them that somebody wrote for that person. No other has any."""

AS_SENT: Final = "letter-"
"""What the id of a content begins with that keeps a message to the complainant as it was sent."""
