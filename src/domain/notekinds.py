"""The words by which a case remembers what notes are about, whether somebody was content, whom we write to, and whose
the address is."""

from __future__ import annotations

from typing import Literal

NoteKind = Literal[
    "call-reached",
    "call-not-reached",
    "meeting-offered",
    "meeting-arranged",
    "meeting-held",
    "no-conversation",
    "note",
]
"""What a note is about: a call, and whether it reached the complainant; a meeting or a call that is offered, a meeting;
why nobody spoke with the complainant; or anything else."""

Companion = Literal["", "nobody", "friend", "representative"]
"""Who was with the complainant, or is to come along; empty: nobody said."""

Disclosed = Literal["identity", "confidence"]
"""What was passed on: who the complainant is, or something else that was told in confidence."""

Contentment = Literal["yes", "no", "not-asked"]
"""Whether somebody was content with what was done at once."""

Correspondent = Literal["complainant", "representative", "successor"]
"""Whom we write to about a complaint: the person who made it, somebody who acts for them with their consent, or
somebody who goes on with it because they have died."""

AddressState = Literal["", "to-confirm", "confirmed", "disowned"]
"""Whose the address for emails is: as somebody typed it into a form, and not known to be theirs; the complainant's, for
they have acted from a link that went to it, or staff have checked it; or somebody else's, who said so. Empty: there is
none, or it was given before this was asked."""
