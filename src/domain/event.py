"""What has happened in a case: facts that know themselves how the case changes and who hears of them.

An event is immutable, in the past tense, and small: what people wrote is content, kept elsewhere in the case
and referred to by its id, so that an event can outlive nothing that the content does not. It is stored under the name
of its class, which therefore never changes; `domain.registry` knows which room each of them lives in.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from domain.case import Case
from domain.frozen import Frozen
from domain.telling import Telling, Tells

Contents = Mapping[str, Mapping[str, Any]]
"""What people wrote, by the id of the content."""


class Event(Frozen):
    """What every event carries: the instant (UTC) at which it was decided, and who did it, the id of a person in the
    directory, `COMPLAINANT` or `SYSTEM`."""

    at: datetime
    by: str

    wrote: ClassVar[tuple[str, ...]] = ()
    """Where somebody wrote something: the field with the id of the content, then the words of it that the history of
    the case shows."""

    sets_alarms_anew: ClassVar[bool] = False
    """Whether the alarms that are set are no longer those of the case's dates."""

    @abstractmethod
    def after(self, case: Case) -> Case:
        """The case as it is then; its version is raised by whoever asks. It never refuses: this has happened."""

    @abstractmethod
    def tells(self, telling: Telling) -> Tells:
        """Who is told. `telling` is about the case as it is after the event."""

    def opened(self, ref: str) -> Case:
        """The case that begins with it. ValueError: none does."""
        raise ValueError(f"A case cannot begin with {type(self).__name__}.")

    def content_id(self) -> str:
        """The id of what somebody wrote; empty where nobody wrote anything."""
        return str(getattr(self, self.wrote[0])) if self.wrote else ""

    def said(self, contents: Contents, case: Case) -> str:
        """The words that the history shows, as far as `contents` has them."""
        words = contents.get(self.content_id(), {})
        return "\n".join(str(words[name]) for name in self.wrote[1:] if words.get(name))
