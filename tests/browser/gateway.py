"""A gateway in a few lines: WSGI requests become the events of API Gateway's HTTP API, as it makes them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from handlers import api, forms, pages

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

HANDLERS: Mapping[str, Handler] = {
    route: module.handler for module in (pages, forms, api) for route in module.ROUTES
}


def route_of(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The route that a request takes, with its path parameters; the one with the fewest of them wins."""
    found = []
    for route in HANDLERS:
        wanted, pattern = route.split(" ", 1)
        match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), path)
        if wanted == method and match:
            found.append((route, match.groupdict()))
    return min(found, key=lambda one: len(one[1]), default=None)


def event_of(method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"") -> dict[str, Any] | None:
    """The event; None: no route leads there."""
    route = route_of(method, path)
    if route is None:
        return None
    return {
        "version": "2.0",
        "routeKey": route[0],
        "rawPath": path,
        "headers": {name.lower(): value for name, value in headers.items()},
        "pathParameters": route[1],
        "requestContext": {"requestId": str(uuid4()), "http": {"method": method, "path": path}},
        # Only JSON and text/* come as they are.
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application."""
    headers = {key[5:].replace("_", "-"): value for key, value in environ.items() if key.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    event = event_of(environ["REQUEST_METHOD"], environ["PATH_INFO"], headers=headers, body=body)
    if event is None:
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b'{"message":"Not Found"}']
    answer = HANDLERS[event["routeKey"]](event, None)
    start_response(f"{answer['statusCode']} -", list(answer["headers"].items()))
    return [answer["body"].encode()]
