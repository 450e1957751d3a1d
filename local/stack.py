"""The local stack from outside: for tests and scripts that start, drive, restart and kill it.

It drives the same command that people use, over HTTP and with signals.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from local.account import CREDENTIALS, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

ROOT: Final = Path(__file__).parents[1]
STARTS_WITHIN: Final = 60.0
"""Seconds; a build may come first, and other tests may run beside."""
ENDS_WITHIN: Final = 30.0
HAPPENS_WITHIN: Final = 20.0
"""Seconds within which what was set going has happened."""
LOOK_EVERY: Final = 0.05


class LocalStack:
    """One local stack with its own data folder and port."""

    def __init__(
        self, data: Path, *, speed: float = 1.0, port: int | None = None, bundle: Path | None = None
    ) -> None:
        """Describe a stack; `start` starts it. Without `port` it takes a free one, and keeps it; without `bundle` the
        application is built first."""
        self.data = data
        self._reserved: IO[str] | None = None
        if port is None:
            port, self._reserved = _reserve()
        self.port = port
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._speed = speed
        self._command: subprocess.Popen[str] | None = None
        self._bundle = bundle

    # Its life

    def start(self, *, speed: float | None = None) -> None:
        """Start it, with the clock at another speed if one is given, and return when it serves.

        AssertionError: it did not start; the text is what it said.
        """
        self._speed = speed if speed is not None else self._speed
        self.data.mkdir(parents=True, exist_ok=True)
        said = self.data / "up.log"
        with said.open("w", encoding="utf-8") as log:
            self._command = subprocess.Popen(
                self.command(),
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        process = self._command
        served = self.eventually(
            lambda: process.poll() is not None or (self.data / "running.json").exists(), within=STARTS_WITHIN
        )
        if not served or process.poll() is not None:
            raise AssertionError(f"The local stack did not start:\n{said.read_text(encoding='utf-8')}")
        self._bundle = self._bundle or ROOT / "build" / "local"

    def command(self) -> list[str]:
        """Return the command line that starts it, the second time with what was built the first time."""
        options = {"--port": str(self.port), "--data": str(self.data), "--speed": f"{self._speed:g}"}
        if self._bundle is not None:
            options["--bundle"] = str(self._bundle)
        words = [word for option in options.items() for word in option]
        return [sys.executable, "-P", "-m", "cli.main", "up", *words]

    def stop(self) -> int:
        """End it as Ctrl-C does, and return the exit code."""
        if self._command is None:
            return 0
        self._command.send_signal(signal.SIGINT)
        code = self._command.wait(ENDS_WITHIN)
        self._command = None
        return code

    def restart(self, *, speed: float | None = None) -> None:
        """End it as Ctrl-C does, and start it again on the same data."""
        self.stop()
        self.start(speed=speed)

    def kill(self) -> None:
        """End all its processes at once, with nothing saved."""
        processes = self.processes()
        for name in ("emulator", "front", "up"):
            os.kill(processes[name], signal.SIGKILL)
        self.eventually(lambda: not any(is_running(pid) for pid in processes.values()))
        self.reap()

    def reap(self) -> None:
        """Take note that it was killed, so that it can be started again."""
        if self._command is not None:
            self._command.wait(ENDS_WITHIN)
            self._command = None
        (self.data / "running.json").unlink(missing_ok=True)

    def processes(self) -> dict[str, int]:
        """Return the process ids of `up`, `emulator` and `front`."""
        found: dict[str, int] = self._running()["processes"]
        return found

    def _running(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "running.json").read_text(encoding="utf-8"))
        return found

    # What it shows

    def get(self, path: str) -> Any:
        """Return the JSON at a path; urllib.error.HTTPError: it is not there."""
        with urllib.request.urlopen(self.base_url + path, timeout=60) as answer:  # noqa: S310
            return json.loads(answer.read())

    def outbox(self, to: str = "") -> list[dict[str, Any]]:
        """Return all mails, newest first; with `to`, those to this address (see `local.mail.Mail`)."""
        query = "?" + urlencode({"to": to}) if to else ""
        found: list[dict[str, Any]] = self.get(f"/local/outbox.json{query}")
        return found

    def mail(self, to: str, subject: str = "", *, after: int = 0) -> dict[str, Any]:
        """Return the newest mail to an address with `subject` in its subject, as soon as there is one.

        `after`: how many such mails there were before what was set going. AssertionError: none came.
        """

        def found() -> dict[str, Any] | None:
            mails = [mail for mail in self.outbox(to) if subject in mail["subject"]]
            return mails[0] if len(mails) > after else None

        mail = self.eventually(found)
        subjects = [mail["subject"] for mail in self.outbox(to)]
        if mail is None:
            raise AssertionError(f"No mail to {to} with `{subject}`; there are {subjects}")
        return mail

    def worklist(self) -> list[dict[str, Any]]:
        """Return the open cases of all organisations (see `local.indexes.OpenCase`)."""
        found: list[dict[str, Any]] = self.get("/local/worklist.json")
        return found

    # Its clock

    def clock(self) -> dict[str, Any]:
        """Return the clock: `now`, `wall`, `speed`, what is `due`, and the instants of `waits`."""
        found: dict[str, Any] = self.get("/local/clock.json")
        return found

    def now(self) -> datetime:
        """Return the domain's instant."""
        return datetime.fromisoformat(self.clock()["now"])

    def advance(self, by: str = "", *, to: str = "") -> dict[str, Any]:
        """Move the clock by a duration, or `to` a date-time in London or `next`; return what that did.

        AssertionError: it was refused, or did not come to its end; the text says why.
        """
        move = self.try_to_advance(by, to=to)
        if not move.get("complete"):
            raise AssertionError(move.get("error") or "\n".join(move["problems"]))
        return move

    def try_to_advance(self, by: str = "", *, to: str = "") -> dict[str, Any]:
        """Do as `advance` does, and return the answer also if it is a refusal (`error`)."""
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self.base_url}/local/clock/advance",
            data=json.dumps({"by": by} if by else {"to": to}).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310
                moved: dict[str, Any] = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            moved = json.loads(error.read())
        return moved

    # What is behind it

    def resources(self) -> dict[str, str]:
        """Return the physical id of each resource of the template, by its logical id."""
        deployed = json.loads((self.data / "deployed.json").read_text(encoding="utf-8"))
        found: dict[str, str] = deployed["resources"]
        return found

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service of the emulator."""
        import boto3

        session = boto3.Session(**CREDENTIALS, region_name=REGION)
        return session.client(service, endpoint_url=self._running()["emulator"])

    def log(self, function: str) -> str:
        """Return what a function printed so far, by its logical id."""
        path = self.data / "logs" / f"{self.resources()[function]}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def eventually(self, found: Callable[[], T], *, within: float = HAPPENS_WITHIN) -> T:
        """Return what `found` returns as soon as that is something, or in the end whatever it is."""
        end = time.monotonic() + within
        while True:
            value = found()
            if value or time.monotonic() > end:
                return value
            time.sleep(LOOK_EVERY)


def _reserve() -> tuple[int, IO[str]]:
    """Return a port that nobody uses, nor the one after it, and the lock that keeps it for one stack as long as it is
    open: nobody is in between two starts, and others look for one at the same moment. The ports are below those that
    systems give to whoever asks for any."""
    folder = Path(tempfile.gettempdir()) / f"dueprocess-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for port in random.sample(range(20_000, 32_000, 2), 200):
        lock = (folder / str(port)).open("w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as first, socket.socket() as second:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
        except OSError:
            lock.close()
            continue
        return port, lock
    raise OSError("No two ports side by side are free.")


def is_running(pid: int) -> bool:
    """Tell whether there is a process, other than a dead one that nobody has asked about yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z")
