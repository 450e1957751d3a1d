"""Plays AWS on loopback: ministack, with what it lacks for a stack that people live with.

What is added, each because the application would meet something else than on AWS without it:

- What DynamoDB has answered for outlives a killed process (`local.journal`). The state of everything else is saved
  every couple of seconds (ministack saves when it ends in peace). The position of a stream's reader is not restored,
  because the stream itself is not: a position beyond its end would make the reader deaf to everything that is new.
- The waits of Step Functions follow the domain's clock (`local.waits`).
- Mails are kept as files, may bounce, and are sent by those that may send them (`local.ses`).
- What a function prints goes to a file a function. An invocation does not wait for a function that prints
  nothing, nor for Nagle's algorithm, and one function has a bounded number of workers, which queue.

The version of ministack is pinned: all of this reaches into parts that promise nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socketserver
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from adapters.clock import FileClock
from local.account import ACCOUNT, CREDENTIALS, REGION
from local.journal import Journal
from local.lifeline import end_with_parent
from local.mail import MailFolder
from local.ses import Ses
from local.waits import Waits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from local.journal import Change

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Any]]
    Send = Callable[[Any], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SAVE_EVERY: Final = 2.0
"""Seconds between two saves while something happens."""
WORKERS: Final = 4
"""How many processes may run one function at a time; further invocations wait for one."""
SERVICES: Final = {
    "ApiGatewayV2": "apigateway",
    "CloudFormation": "cloudformation",
    "CloudWatch": "cloudwatch",
    "DynamoDB": "dynamodb",
    "Events": "eventbridge",
    "IAM": "iam",
    "Lambda": "lambda",
    "Logs": "cloudwatch_logs",
    "S3": "s3",
    "SES": "ses_v2",
    "SSM": "ssm",
    "SNS": "sns",
    "SQS": "sqs",
    "Scheduler": "scheduler",
    "StepFunctions": "stepfunctions",
}
"""Whose resources the template has, as types name them (`AWS::SQS::Queue`) and as ministack does; and SSM, which
has the secret."""
STACKS: Final = SERVICES["CloudFormation"]
"""It takes longer to load than all others together, and is needed only where something is deployed."""
KEPT: Final = frozenset(SERVICES.values())
"""What outlives the process. A deployment loads all of ministack's services, and to restore the other forty, which
hold nothing, would take as long as everything else that a start does."""
READING: Final = ("Get", "BatchGet", "Query", "Scan", "Describe", "List", "Head")
"""How the names of operations begin that change nothing."""
ACTIVITY: Final = "/_local/activity"
"""Where the emulator tells what is going on in it (`Emulator.activity`)."""
SAVE: Final = "/_local/save"
"""Where it saves everything before it answers."""


class Emulator:
    """One running ministack; there can be only one in a process."""

    def __init__(self, *, data: Path, clock: Path) -> None:
        """Import ministack, whose settings have to be in the environment by now, and add to it."""
        from ministack import app
        from ministack.core import lambda_runtime, persistence
        from ministack.services import dynamodb, lambda_svc, stepfunctions

        self._app, self._persistence, self._runtime = app, persistence, lambda_runtime
        self._dynamodb, self._lambda, self._step_functions = dynamodb, lambda_svc, stepfunctions
        self._clock = FileClock(clock)
        self._waits = Waits(self._clock)
        self._logs = data / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._places: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(WORKERS))
        self._unsaved = threading.Event()
        self._saving = threading.Lock()
        self._journal = Journal(data / "state" / "journal")
        self._changes: list[Change] = []
        self._change()
        self._ses = Ses(mails=MailFolder(data / "mail"), clock=self._clock)

    def _change(self) -> None:
        """Put our functions in the place of ministack's; each is looked up by name when it is called."""
        socketserver.StreamRequestHandler.disable_nagle_algorithm = True
        # Wait this long for a first line, this long for another one, and this long in all (seconds).
        self._runtime.Worker._drain_stderr_bounded.__defaults__ = (0.002, 0.002, 0.1)
        self._lambda._restore_esm_positions = lambda store, positions: None
        self._answer_dynamodb = self._dynamodb.handle_request
        self._dynamodb.handle_request = self._handle_dynamodb
        self._emit_change = self._dynamodb._emit_stream_event
        self._dynamodb._emit_stream_event = self._note_change
        self._load_state = self._app.load_state
        self._app.load_state = lambda name: None if name == STACKS else self._load_state(name)
        self._get_module = self._app._get_module
        self._app._get_module = self._module
        self._restore_dynamodb = self._dynamodb.load_persisted_state
        self._dynamodb.load_persisted_state = self._restore
        self._lambda._emit_lambda_logs = self._log
        self._lambda._emit_lambda_metrics = lambda *args, **kwargs: None
        self._run = self._lambda._execute_function_provided_warm
        self._lambda._execute_function_provided_warm = self._run_in_place
        self._step_functions._sleep_until = self._waits.until
        self._step_functions._execute_wait = self._waits.naming_execution(self._step_functions._execute_wait)
        # Policies refuse connections that are not encrypted; loopback needs no encryption.
        pin = self._app.pin_request_origin
        self._app.pin_request_origin = lambda address, secure: pin(address, True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI): ministack's own, `ACTIVITY` and `SAVE`."""
        if scope["type"] == "http":
            if scope["path"] in (ACTIVITY, SAVE):
                if scope["path"] == SAVE:
                    await asyncio.to_thread(self.save)
                body = json.dumps(self.activity()).encode()
                headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                await send({"type": "http.response.body", "body": body})
                return
            if _changes(scope):
                self._unsaved.set()
        await self._app.app(scope, receive, send)

    def activity(self) -> dict[str, Any]:
        """Return what goes on: `waits` (the instants that executions wait for), `busy` (how many executions
        do something else) and `invocations` (how many functions run).
        """
        waiting = self._waits.executions()
        running = [
            arn
            for arn, execution in list(self._step_functions._executions._data.items())
            if execution.get("status") == "RUNNING" and execution.get("executionArn") not in waiting
        ]
        invocations, _ = self._lambda.executions_in_flight()
        waits = [instant.isoformat() for instant in self._waits.pending()]
        return {"waits": waits, "busy": len(running), "invocations": invocations}

    def start(self) -> None:
        """Start what runs beside the requests."""
        for work in (self._save_often, self._waits.follow):
            threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        """Save, and end the functions' processes."""
        self.save()
        with self._runtime._lock:
            workers = [worker for entries in self._runtime._workers.values() for worker in entries]
        for worker in workers:
            if worker._proc is not None:
                worker._proc.kill()

    def save(self) -> None:
        """Write each service's state to its file; a file is replaced as a whole."""
        with self._saving:
            self._unsaved.clear()
            for name, state_of in self._app._build_persistence_save_dict().items():
                if name not in KEPT or (name == STACKS and name not in self._app._loaded_modules):
                    continue
                begun = self._journal.turn() if name == "dynamodb" else 0
                state = self._copy(name, state_of)
                if state is not None:
                    self._persistence.save_state(name, state)
                    # A transaction that was copied in part is whole in the journal.
                    self._journal.forget(before=begun)

    def _module(self, name: str) -> Any:
        """Return a service's module. What was deployed is restored when somebody asks for it first."""
        is_new = name not in self._app._loaded_modules
        module = self._get_module(name)
        if name == STACKS and is_new and (stacks := self._load_state(name)):
            module.load_persisted_state(stacks)
        return module

    def _copy(self, name: str, state_of: Callable[[], Any]) -> Any:
        """Return a service's state, or None (and the file stays) if it changes faster than it is copied."""
        problem = ""
        for _ in range(5):
            try:
                return state_of()
            except Exception as error:  # noqa: BLE001 - mostly, it changed size while it was copied
                problem = f"{type(error).__name__}: {error}"
                time.sleep(0.01)
        print(f"The state of {name} could not be saved, and will be: {problem}", flush=True)
        self._unsaved.set()
        return None

    async def _handle_dynamodb(
        self, method: str, path: str, headers: Any, body: bytes, query: Any
    ) -> tuple[int, Any, bytes]:
        """Answer a request to DynamoDB, once what it changes is written down. Nothing else runs in between: requests
        are worked on one after the other, in one thread."""
        self._changes = []
        answer: tuple[int, Any, bytes] = await self._answer_dynamodb(method, path, headers, body, query)
        if self._changes:
            self._journal.write(self._changes)
        return answer

    def _note_change(
        self,
        table: str,
        event: str,
        old: dict[str, Any] | None,
        new: dict[str, Any] | None,
        replicate: bool = True,
    ) -> None:
        self._changes.append((table, new if new is not None else old or {}, new is not None))
        self._emit_change(table, event, old, new, replicate)

    def _restore(self, data: Any) -> None:
        """Restore DynamoDB's tables as they were saved, with what was changed since."""
        from ministack.core.responses import request_scope

        self._restore_dynamodb(data)
        with request_scope(ACCOUNT, REGION):
            for changes in self._journal.read():
                for name, item, is_there in changes:
                    self._change_back(name, item, is_there=is_there)
        self._unsaved.set()

    def _change_back(self, name: str, item: Any, *, is_there: bool) -> None:
        if (table := self._dynamodb._tables.get(name)) is None:
            return
        keys = [self._dynamodb._extract_key_val(item.get(table[key])) for key in ("pk_name", "sk_name")]
        if is_there:
            self._dynamodb._set_item(table, *keys, item)
        else:
            self._dynamodb._remove_item(table, *keys)

    def _save_often(self) -> None:
        while True:
            self._unsaved.wait()
            time.sleep(SAVE_EVERY)
            self.save()

    def _run_in_place(self, function: dict[str, Any], event: dict[str, Any], request_id: str) -> Any:
        with self._places[function.get("config", function).get("FunctionName", "")]:
            return self._run(function, event, request_id)

    def _log(
        self,
        function: dict[str, Any],
        request_id: str,
        text: str,
        error: bool,
        milliseconds: int,
        *,
        log_source: str | None = None,
    ) -> None:
        name = function.get("config", function).get("FunctionName", "unknown")
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        with (self._logs / f"{name}.log").open("a", encoding="utf-8") as file:
            file.write(f"{stamp} {request_id} {'failed' if error else 'done'} in {milliseconds} ms\n")
            if text:
                file.write(text.rstrip("\n") + "\n")


def _changes(scope: Scope) -> bool:
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return False
    target = next((value for name, value in scope["headers"] if name == b"x-amz-target"), b"").decode()
    return not target.rpartition(".")[2].startswith(READING)


def settings(*, port: int, data: Path) -> dict[str, str]:
    """Return the environment variables that ministack reads its settings from."""
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        # A function may do what its role in the template allows, and nothing else.
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(data / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(data / "documents"),
        "LOG_LEVEL": "WARNING",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        # It would look for containers of its own to remove; there are none, and others' are not ours.
        "DOCKER_HOST": "unix:///nonexistent",
        "TMPDIR": str(data / "run"),
    }


def function_environment(*, port: int, clock: Path, public_url: str) -> dict[str, str]:
    """Return the environment variables that functions inherit from the emulator."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        **{name.upper(): value for name, value in CREDENTIALS.items()},
        "AWS_EC2_METADATA_DISABLED": "true",
        "CLOCK_FILE": str(clock),
        "PUBLIC_URL": public_url,
    }


async def _serve(emulator: Emulator, port: int) -> None:
    from hypercorn.asyncio import serve  # type: ignore[import-not-found]
    from hypercorn.config import Config  # type: ignore[import-not-found]

    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.5
    config.loglevel = "WARNING"
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, ended.set)
    emulator.start()
    await serve(emulator, config, shutdown_trigger=ended.wait)


def main() -> None:
    """Serve until told to end, or until the parent process has ended."""
    parser = argparse.ArgumentParser(prog="local.emulator")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--public-url", required=True)
    given = parser.parse_args()
    for name in ("state", "documents", "run"):
        (given.data / name).mkdir(parents=True, exist_ok=True)
    os.environ.update(settings(port=given.port, data=given.data))
    os.environ.update(function_environment(port=given.port, clock=given.clock, public_url=given.public_url))
    tempfile.tempdir = None  # it may have been asked for before
    end_with_parent()
    emulator = Emulator(data=given.data, clock=given.clock)
    asyncio.run(_serve(emulator, given.port))
    emulator.stop()
    sys.stdout.flush()
    os._exit(0)  # threads that wait for years do not keep the process


if __name__ == "__main__":
    main()
