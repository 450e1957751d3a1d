"""One installation of the application, as all that works on cases needs it: handed on from the handlers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.cases.store import CaseStore
from adapters.clock import Clock
from adapters.identities import Identities
from adapters.settings import Settings

if TYPE_CHECKING:
    from domain.directory import Directory


@dataclass(slots=True)
class Directories:
    """What a running function knows of the organisations' directories: when each was read, and what it said; None
    where it has never been changed and is the procedure file's."""

    known: dict[str, tuple[datetime, Directory | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The time, the table of cases, new references and secrets, what differs by deployment, and who is there today."""

    clock: Clock
    store: CaseStore
    identities: Identities
    settings: Settings
    directories: Directories = field(default_factory=Directories)
    keys_of_days: dict[str, str] = field(default_factory=dict)
    """Under which key it is kept today what comes from one connection (`adapters.people.strangers`)."""
