"""What is noted of calls and meetings with the complainant, and of what was passed on: the kinds of it."""

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
