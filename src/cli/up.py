"""The command `up`: the local stack, from nothing to one screen of addresses.

It builds the application, starts the emulator and the front as child processes (see `local/`), and ends them
when it ends, whichever way that is. The data folder outlives it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from cli import CannotRun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.clock import Pace

ROOT: Final = Path(__file__).parents[2]
EMULATOR_PYTHON: Final = ROOT / ".venv-emulator" / "bin" / "python"
HOST: Final = "127.0.0.1"
ENDS_WITHIN: Final = 10.0
"""Seconds that a child process has to save and end before it is killed."""


class Occupied(CannotRun):
    """Something else has the port or the data folder; ends the command with exit code 3."""

    exit_code = 3


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to serve on."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="Seconds that pass in the application for each real second.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".local"),
    show_default=True,
    help="Folder that keeps everything between runs.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=ROOT / "template.yaml",
    help="Template to deploy. By default, the project's own.",
)
@click.option(
    "--bundle",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with the built application. By default, it is built first.",
)
def up(port: int, speed: float, data: Path, template: Path, bundle: Path | None) -> None:
    """Start the local stack and serve the application.

    Everything runs on this machine and no AWS account is needed. Press Ctrl-C to stop. The next start continues from
    there.
    """
    if not EMULATOR_PYTHON.exists():
        raise CannotRun("The local AWS is not installed. Run `make run`, which installs it first.")
    if not _is_free(port):
        raise Occupied(f"Port {port} is in use. Choose another one, such as `--port {port + 10}`.")
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as ending:
        _take(data, ending)
        ended = _told_to_end()
        if bundle is None:
            _tell("building the application")
            bundle = _built()
        stack = _Children(port=port, data=data, template=template, bundle=bundle)
        ending.callback(stack.stop)
        pace = _wind(data, speed)
        stack.start()
        for progress in stack.progress():
            _tell(progress)
        ending.enter_context(stack.note(data / "running.json"))
        if ended.is_set():
            return
        click.echo(_screen(port, data, pace))
        try:
            while not ended.wait(0.5):
                stack.check()
        except KeyboardInterrupt:
            click.echo(err=True)
        _tell("saving and stopping")


class _Children:
    """The two processes of the stack."""

    def __init__(self, *, port: int, data: Path, template: Path, bundle: Path) -> None:
        self._port, self._data, self._template, self._bundle = port, data, template, bundle
        self._emulator_port = port + 1 if port < 65535 and _is_free(port + 1) else _any_free_port()
        self._logs = data / "logs"
        self._running: list[tuple[str, subprocess.Popen[str]]] = []

    def start(self) -> None:
        """Start both together: the one deploys into the other as soon as it answers."""
        self._logs.mkdir(exist_ok=True)
        if not (self._data / "deployed.json").exists():
            # A first deployment that broke off is begun again: nobody was served, so there is nothing to lose.
            shutil.rmtree(self._data / "state", ignore_errors=True)
        common = {
            "--data": str(self._data),
            "--clock": str(self._data / "clock.json"),
            "--public-url": f"http://{HOST}:{self._port}",
        }
        self._run("emulator", {**common, "--port": str(self._emulator_port)})
        self._run(
            "front",
            {
                **common,
                "--port": str(self._port),
                "--emulator-port": str(self._emulator_port),
                "--template": str(self._template.resolve()),
                "--bundle": str(self._bundle.resolve()),
                "--python": sys.executable,
                "--organisations": ",".join(_organisations()),
            },
        )

    def progress(self) -> Iterator[str]:
        """Yield what the front is doing, until all answers; raises `CannotRun` if something fails."""
        _, front = self._running[-1]
        assert front.stdout is not None  # noqa: S101 - it was asked for
        for line in front.stdout:
            word, _, rest = line.rstrip("\n").partition(" ")
            match word:
                case "progress":
                    yield rest
                case "ready":
                    threading.Thread(target=self._keep, args=(front.stdout,), daemon=True).start()
                    return
                case "failed":
                    raise CannotRun(rest)
                case _:
                    pass  # a warning of some library
        self.check()
        raise CannotRun(f"The front has stopped. See {self._logs / 'front.log'}.")

    @contextmanager
    def note(self, path: Path) -> Iterator[None]:
        """Keep a file that says where everything is, for whoever drives the stack from outside."""
        addresses = {
            "address": f"http://{HOST}:{self._port}",
            "emulator": f"http://{HOST}:{self._emulator_port}",
            "processes": {"up": os.getpid(), **{name: child.pid for name, child in self._running}},
        }
        path.write_text(json.dumps(addresses, indent=1), encoding="utf-8")
        try:
            yield
        finally:
            path.unlink(missing_ok=True)

    def check(self) -> None:
        """Raise `CannotRun` if a process has ended by itself."""
        for name, process in self._running:
            if process.poll() is not None:
                raise CannotRun(f"The {name} has stopped. See {self._logs / name}.log.")

    def stop(self) -> None:
        """End both, the front first; what does not end in time is killed."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is impatient loses nothing
        for _, process in reversed(self._running):
            process.terminate()
            try:
                process.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()
        self._running.clear()

    def _run(self, name: str, options: dict[str, str]) -> None:
        arguments = [part for option in options.items() for part in option]
        with (self._logs / f"{name}.log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                [EMULATOR_PYTHON, "-m", f"local.{name}", *arguments],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "TZ": "UTC"},
                stdin=subprocess.PIPE,  # it ends with us: see local/lifeline.py
                stdout=subprocess.PIPE if name == "front" else log,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is for us, and we end them in order
            )
        self._running.append((name, process))

    def _keep(self, lines: IO[str]) -> None:
        with (self._logs / "front.log").open("a", encoding="utf-8") as log:
            for line in lines:
                log.write(line)
                log.flush()


def _told_to_end() -> threading.Event:
    """Return an event that SIGTERM sets; Ctrl-C raises `KeyboardInterrupt`, also where a shell that started us in the
    background had it ignored."""
    ended = threading.Event()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    return ended


def _take(data: Path, ending: ExitStack) -> None:
    """Keep every other stack away from the data folder until we end."""
    lock = ending.enter_context((data / "lock").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Occupied(f"Another local stack is using {data}. Choose another folder with `--data`.") from None


def _built() -> Path:
    from authoring.bundle import BundleError, build_local
    from authoring.procedure_file import ProcedureFileErrors

    out = ROOT / "build" / "local"
    try:
        build_local(out)
    except (BundleError, ProcedureFileErrors) as error:
        raise CannotRun(str(error)) from error
    return out


def _wind(data: Path, speed: float) -> Pace:
    from local.clockwork import wind

    return wind(data / "clock.json", speed=speed)


def _organisations() -> list[str]:
    from authoring.where import procedures_folder

    return sorted(path.stem for path in procedures_folder().glob("*.yaml"))


def _screen(port: int, data: Path, pace: Pace) -> str:
    base = f"http://{HOST}:{port}"
    now = pace.domain.strftime("%-d %B %Y, %H:%M UTC")
    speed = "" if pace.speed == 1 else f", {pace.speed:,.10g} times as fast as real time"
    lines = [
        "",
        "Dueprocess is running. Press Ctrl-C to stop it.",
        "",
        *(f"  {'Forms' if not number else '':9} {base}/{org}" for number, org in enumerate(_organisations())),
        f"  Outbox    {base}/local/outbox",
        f"  Worklist  {base}/local/worklist",
        f"  Clock     {base}/local/clock  ({now}{speed})",
        f"  Data      {data}",
        "",
    ]
    return "\n".join(lines)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _tell(progress: str) -> None:
    click.echo(f"... {progress}", err=True)
