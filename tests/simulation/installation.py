"""A world as the one that the handlers work in: they get its clients, clock and identities, and it gets their logs."""

from __future__ import annotations

import importlib
import io
import logging
import os
import string
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import botocore.session

from adapters import procedures
from tests.simulation import deployment
from tests.simulation.expressions import NotSimulated

if TYPE_CHECKING:
    from tests.simulation.world import World


class Session:
    """botocore's session, as far as `handlers.wiring` uses it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create_client(self, service: str, *, config: Any = None) -> Any:
        if service not in self._world.clients:
            raise NotSimulated(f"the service {service}")
        return self._world.clients[service]


class Clock:
    """What time it is for the function that is running."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        stack = self._world.stack
        return self._world.utc(stack[-1].skew if stack else 0.0)

    def wall(self, instant: datetime) -> datetime:
        return instant.astimezone(UTC)


class Dice:
    """The module `secrets`, from a seed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def choice(self, sequence: Sequence[Any]) -> Any:
        return self._world.random.choice(sequence)

    def token_hex(self, count: int) -> str:
        return f"{self._world.random.getrandbits(8 * count):0{2 * count}x}"

    def token_bytes(self, count: int) -> bytes:
        # Which key it is makes no difference to what happens, so no life goes another way for it.
        drawn = sha256(f"{self._world.seed} {self._world.invocations}".encode()).digest()
        return drawn[:count]

    def token_urlsafe(self, count: int) -> str:
        alphabet = string.ascii_letters + string.digits + "-_"
        return "".join(self._world.random.choices(alphabet, k=-(-count * 8 // 6)))


class _Log(io.TextIOBase):
    """Where the functions' logs go: to the world that is on."""

    lines: list[str]

    def __init__(self) -> None:
        self.lines = []

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            # Whoever asks whether this takes bytes tries it.
            raise TypeError("a log is text")
        if len(text) > 1:
            self.lines.append(text)
        return len(text)


LOG = _Log()
_HANDLERS = (
    "alarm",
    "api",
    "figures",
    "files",
    "forms",
    "links",
    "mail_events",
    "outbox",
    "pages",
    "retention",
    "staff",
    "sweep",
)


@contextmanager
def installed(world: World) -> Iterator[World]:
    """The world is the one that the handlers work in, as long as this lasts."""
    out = sys.stdout
    sys.stdout = LOG
    settings = {
        "ORGANISATIONS": "",
        "POWERTOOLS_SERVICE_NAME": "dueprocess",
        "POWERTOOLS_METRICS_NAMESPACE": "Dueprocess",
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    for name in _HANDLERS:
        importlib.import_module(f"handlers.{name}")
    from adapters import identities
    from adapters.settings import settings_from
    from handlers import wiring

    _listen()
    clock = Clock(world)
    given: list[tuple[Any, str, Any]] = [
        (botocore.session, "get_session", lambda: Session(world)),
        (wiring, "clock_from", lambda environ: clock),
        *((procedures, name, _of_bundle(world, name)) for name in ("load", "calendar_of", "calendars")),
        (wiring, "settings_from", lambda environ: _settings(settings_from, world.stack[-1].function.name)),
        (identities, "secrets", Dice(world)),
    ]
    saved = [(module, name, getattr(module, name)) for module, name, _ in given]
    for module, name, stand_in in given:
        setattr(module, name, stand_in)
    wiring.client.cache_clear()
    forget(wiring)
    LOG.lines = world.log
    try:
        yield world
    finally:
        for module, name, original in saved:
            setattr(module, name, original)
        wiring.client.cache_clear()
        forget(wiring)
        sys.stdout = out
        LOG.lines = []
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _of_bundle(world: World, name: str) -> Callable[..., Any]:
    """A function of `adapters.procedures`, as the bundle has it that is running when it is called."""

    def asked(*given: Any) -> Any:
        return getattr(world.bundle, name)(*given)

    return asked


@lru_cache(maxsize=64)
def _settings(settings_from: Callable[[Mapping[str, str]], Any], function: str) -> Any:
    return settings_from(deployment.functions()[function].environment)


def forget(wiring: Any) -> None:
    """Each invocation makes its own."""
    wiring.site.cache_clear()
    wiring.files.cache_clear()


def _listen() -> None:
    """Every logger of a function writes to the world's log."""
    own = logging.getLogger("dueprocess")
    own.setLevel(logging.INFO)
    own.propagate = False
    if not any(isinstance(one, logging.StreamHandler) and one.stream is LOG for one in own.handlers):
        own.handlers[:] = [logging.StreamHandler(LOG)]
    for name in _HANDLERS:
        logger = getattr(sys.modules[f"handlers.{name}"], "logger", None)
        handler = getattr(logger, "registered_handler", None)
        if isinstance(handler, logging.StreamHandler) and handler.stream is not LOG:
            handler.stream = LOG
