"""What a function sees that is measured: Lambda's runtime API with one event, and an AWS with nothing in it."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter, time
from typing import Any, Final

PATIENCE: Final = 10.0
"""Seconds after which a process that has not answered counts as failed."""


@dataclass
class Turn:
    """What happens to one process, as the runtime API sees it."""

    event: bytes
    ready_at: float = 0.0
    answered_at: float = 0.0
    failure: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class Quiet(BaseHTTPRequestHandler):
    """Answers at once, and says nothing: the table is the output."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Serve until the other side goes, which it does by being killed."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_: Any) -> None:
        """Keep it."""


class RuntimeApi(Quiet):
    """The part of Lambda's runtime API that a first event needs. Every process has one of its own, for the last
    words of one process must not be taken for those of the next."""

    turn: Turn

    def do_GET(self) -> None:
        """Hand out the event; the second time, wait until the process is ended."""
        now, turn = perf_counter(), self.turn
        if turn.ready_at:
            turn.over.wait(PATIENCE)
            return
        turn.ready_at = now
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time() + PATIENCE) * 1000)))
        self.send_header(
            "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:123456789012:function:bench"
        )
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(turn.event)))
        self.end_headers()
        self.wfile.write(turn.event)

    def do_POST(self) -> None:
        """Take the answer, or the word that there is none."""
        now, turn = perf_counter(), self.turn
        said = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith("/response"):
            turn.answered_at = now
            answer = json.loads(said)
            if isinstance(answer, dict) and answer.get("statusCode", 200) >= 500:
                turn.failure = f"it answered {answer['statusCode']}"
        else:
            turn.failure = said.decode(errors="replace")[:600]
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        turn.over.set()


SECRET = b64encode(bytes(32)).decode()


class EmptyAws(Quiet):
    """Stands for AWS: tables with nothing in them, a secret, and services that take what they are given."""

    def do_POST(self) -> None:
        """Answer DynamoDB, Step Functions and SES."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        answers: dict[str, Any] = {
            "BatchGetItem": {"Responses": {}},
            "GetParameter": {"Parameter": {"Value": SECRET, "Version": 1}},
            "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
            "StartExecution": {
                "executionArn": "arn:aws:states:eu-west-2:123456789012:execution:a:b",
                "startDate": 0,
            },
        }
        body = json.dumps(answers.get(operation, {"MessageId": "0"} if not operation else {})).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on a free port of the loopback interface; its host and port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
