"""What the world has to do after events: tell people, set alarms, and let another case know.

An effect is stored with the events that it follows from and delivered afterwards, at least once. It names
persons by id and holds nothing that anybody wrote.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.frozen import Frozen
from domain.notices import Notice

REACHES_INVOLVED: Final = frozenset({"PersonInvolved", "InvolvedTold"})
"""The events of which those hear who are involved in the matter: that they are, and the end, as a person decided."""


class Tell(Frozen):
    """Send `notice` to `person` (a directory id, or the complainant) about `stage`; `what` is the name of the event
    or of the deadline that it is about."""

    person: str
    notice: Notice
    stage: str
    what: str
    content: str = ""
    """The id of what was written and is told with it; empty: the notice finds its words by itself."""


class SetAlarm(Frozen):
    """Wake the case at `at` for `deadline` (`<stage>/<deadline>`), as it was due at the case's `version`."""

    deadline: str
    at: datetime
    version: int


class Spread(Frozen):
    """Put these effects into the outbox, each under its name: they are too many to be stored in one transaction with
    the events."""

    names: tuple[str, ...]
    tells: tuple[Tell, ...]


class Pass(Frozen):
    """Have the case `ref` know what this one is to it, as it is when that is passed on."""

    ref: str


Effect = Tell | SetAlarm | Pass


class Consequence(Frozen):
    """An effect, and the number of the event (from 1, in the case) that it follows from."""

    event: int
    effect: Effect
