"""The one address that people use: the application, and the local pages beside it under `/local/`.

Whatever does not begin with `/local/` goes to the deployed HTTP API as it came, and the answer comes back as
API Gateway would give it. The local pages exist here only; the template knows nothing of them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from local import pages
from local.clockwork import CannotMove, instant
from local.lifeline import end_with_parent
from local.stand_up import Stack, stand_up
from local.template import CannotDeploy

LARGEST_BODY: Final = 10 * 1024 * 1024
"""Bytes; API Gateway takes no more."""
ANSWERS_WITHIN: Final = 30.0
"""Seconds; API Gateway waits no longer for a function."""
HOP_BY_HOP: Final = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade", "content-length", "date", "server",
    }
)  # fmt: skip


class Front(ThreadingHTTPServer):
    """The server; it takes connections before there is a stack, and answers once there is one."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    stack: Stack | None = None


class Answer(BaseHTTPRequestHandler):
    """One connection of somebody's browser."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Front
    upstream: http.client.HTTPConnection | None = None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: a path may hold a secret."""

    def answer(self) -> None:
        """Answer one request, whatever its method."""
        stack = self.server.stack
        body = self._body()
        if body is None:
            self._send(413, b'{"message":"Request Entity Too Large"}', "application/json")
        elif stack is None:
            self._send(503, b"The local stack is starting.\n", "text/plain")
        elif self.path == "/local" or self.path.startswith(("/local/", "/local?")):
            self._local(stack, body)
        else:
            self._pass_on(stack, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def finish(self) -> None:
        """Close what this connection opened."""
        if self.upstream is not None:
            self.upstream.close()
        super().finish()

    # The application

    def _pass_on(self, stack: Stack, body: bytes) -> None:
        try:
            status, headers, content = self._ask(stack, body)
        except (OSError, http.client.HTTPException):
            self._close_upstream()
            self._send(503, b'{"message":"Service Unavailable"}', "application/json")
            return
        if status == HTTPStatus.BAD_GATEWAY and b'"errorType"' in content:
            # The emulator shows the function's error; API Gateway tells nobody.
            status, content = 500, b'{"message":"Internal Server Error"}'
            headers = [("Content-Type", "application/json")]
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Date", self.date_time_string())
        self._finish_with(content, status)

    def _ask(self, stack: Stack, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        target = f"/_aws/execute-api/{stack.api}/$default{self.path}"
        for attempt in (1, 2):
            fresh = self.upstream is None
            if self.upstream is None:
                self.upstream = http.client.HTTPConnection(
                    "127.0.0.1", stack.emulator_port, timeout=ANSWERS_WITHIN
                )
            try:
                self.upstream.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
                for name, value in self._forwarded().items():
                    self.upstream.putheader(name, value)
                if body or self.command in ("POST", "PUT", "PATCH"):
                    self.upstream.putheader("Content-Length", str(len(body)))
                self.upstream.endheaders(body or None)
                answer = self.upstream.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # A connection that was kept open and has ended meanwhile; the request was not read.
                self._close_upstream()
                if fresh or attempt == 2:
                    raise
        raise AssertionError

    def _forwarded(self) -> dict[str, str]:
        """Return the request's headers, each once, with what API Gateway adds."""
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            if key in HOP_BY_HOP:
                continue
            separator = "; " if key == "cookie" else ","
            headers[key] = f"{headers[key]}{separator}{value}" if key in headers else value
        headers["x-forwarded-for"] = self.client_address[0]
        headers["x-forwarded-proto"] = "http"
        headers["x-forwarded-port"] = str(self.server.server_address[1])
        return headers

    def _close_upstream(self) -> None:
        if self.upstream is not None:
            self.upstream.close()
        self.upstream = None

    # The local pages

    def _local(self, stack: Stack, body: bytes) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        path = url.path.removeprefix("/local").strip("/")
        try:
            if self.command == "POST" and path == "clock/advance":
                self._advance(stack, body)
            elif self.command in ("GET", "HEAD") and path != "clock/advance":
                self._show(stack, path, query)
            elif path == "clock/advance":
                self._page(pages.problem("Not like this", "Use POST to move the clock."), status=405)
            else:
                self._page(pages.problem("Not like this", "Local pages can only be read."), status=405)
        except Exception as error:  # noqa: BLE001 - a local page that fails says how
            message = f"{type(error).__name__}: {error}"
            self._page(pages.problem("That did not work", message), status=500)

    def _show(self, stack: Stack, path: str, query: dict[str, str]) -> None:
        to = query.get("to", "")
        match path:
            case "":
                emulator = f"http://127.0.0.1:{stack.emulator_port}"
                logs = str(stack.data / "logs")
                self._page(pages.addresses(stack.organisations, logs=logs, emulator=emulator))
            case "outbox":
                self._page(pages.outbox(stack.mails.mails(to), to=to))
            case "outbox.json":
                self._json([mail.as_json() for mail in stack.mails.mails(to)])
            case "clock":
                clock = stack.clockwork.clock
                now = clock.now()
                waits = [at for at in stack.clockwork.waits() if at > now]
                self._page(
                    pages.clock(now, clock.pace(), stack.indexes.with_cases(stack.indexes.due()), waits)
                )
            case "clock.json":
                self._json(clock_state(stack))
            case "worklist":
                self._page(pages.worklist(stack.indexes.worklist()))
            case "worklist.json":
                self._json([case.as_json() for case in stack.indexes.worklist()])
            case _ if path.startswith("outbox/") and path.endswith(".html"):
                mail = stack.mails.mail(path.removeprefix("outbox/").removesuffix(".html"))
                if mail is None:
                    self._page(pages.problem("Not found", "There is no such email."), status=404)
                else:
                    policy = "sandbox allow-top-navigation-by-user-activation allow-popups; script-src 'none'"
                    headers = {"Content-Security-Policy": policy}
                    self._page(pages.mail_body(mail), headers=headers)
            case _:
                self._page(pages.problem("Not found", "There is no such local page."), status=404)

    def _advance(self, stack: Stack, body: bytes) -> None:
        as_json = "json" in self.headers.get("Content-Type", "")
        try:
            given = _fields(body, as_json=as_json)
            by, to = given.get("by", ""), given.get("to", "")
            if bool(by) == bool(to):
                raise CannotMove("Give either `by` (a duration) or `to` (a date and time, or `next`).")
            move = stack.clockwork.advance(by=by, to=to)
        except CannotMove as error:
            if as_json:
                self._json({"error": str(error)}, status=400)
            else:
                self._page(pages.problem("The clock was not moved", str(error)), status=400)
            return
        now = stack.clockwork.clock.now()
        if as_json or "json" in self.headers.get("Accept", ""):
            self._json(move.as_json(now))
        else:
            self._page(pages.moved(move, now))

    # What every answer needs

    def _body(self) -> bytes | None:
        """Read and return the request's body; None if it is too large (and the connection ends)."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            parts, size = [], 0
            while length := int(self.rfile.readline().split(b";")[0], 16):
                size += length
                if size > LARGEST_BODY:
                    self.close_connection = True
                    return None
                parts.append(self.rfile.read(length))
                self.rfile.readline()
            while self.rfile.readline().strip():  # trailers
                pass
            return b"".join(parts)
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            return None
        return self.rfile.read(length) if length else b""

    def _page(self, html: str, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._send(status, html.encode(), "text/html; charset=utf-8", headers)

    def _json(self, content: Any, *, status: int = 200) -> None:
        self._send(status, json.dumps(content, indent=1).encode() + b"\n", "application/json")

    def _send(
        self, status: int, content: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Cache-Control", "no-store")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self._finish_with(content, status)

    def _finish_with(self, content: bytes, status: int) -> None:
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(content)


def clock_state(stack: Stack) -> dict[str, Any]:
    """Return what the clock's JSON holds."""
    clock = stack.clockwork.clock
    now = clock.now()
    return {
        "now": instant(now),
        "wall": instant(datetime.now(UTC)),
        "speed": clock.pace().speed,
        "due": [due.as_json() for due in stack.indexes.with_cases(stack.indexes.due())],
        "waits": [instant(at) for at in stack.clockwork.waits() if at > now],
    }


def _fields(body: bytes, *, as_json: bool) -> dict[str, str]:
    """Return the fields of a form, or of a JSON object; raises `CannotMove` if it is neither."""
    if not as_json:
        return {name: values[-1] for name, values in parse_qs(body.decode(errors="replace")).items()}
    try:
        given = json.loads(body)
        return {str(name): str(value) for name, value in given.items()}
    except (ValueError, AttributeError):
        raise CannotMove("Send a JSON object.") from None


def main() -> None:
    """Deploy, then serve until told to end, or until the parent process has ended."""
    parser = argparse.ArgumentParser(prog="local.front")
    for name in ("--port", "--emulator-port"):
        parser.add_argument(name, type=int, required=True)
    for name in ("--data", "--clock", "--template", "--bundle", "--python"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--public-url", required=True)
    parser.add_argument("--organisations", default="")
    given = parser.parse_args()
    end_with_parent()
    try:
        front = Front(("127.0.0.1", given.port), Answer)
        threading.Thread(target=front.serve_forever, daemon=True).start()
        stack = stand_up(given)
    except (CannotDeploy, LookupError, OSError) as error:
        print(f"failed {error}", flush=True)
        sys.exit(1)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    front.stack = stack
    watch = threading.Thread(target=stack.clockwork.watch, args=(ended,), daemon=True)
    watch.start()
    print("ready", flush=True)
    ended.wait()
    stack.clockwork.keep_place()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
