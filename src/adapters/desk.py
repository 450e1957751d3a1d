"""What it takes to work on cases: handed from the handlers to everything that needs it."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.clock import Clock
from adapters.directory import Directories
from adapters.identities import Identities
from adapters.settings import Settings
from adapters.store import CaseStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    clock: Clock
    store: CaseStore
    identities: Identities
    settings: Settings
    directories: Directories = field(default_factory=Directories)
