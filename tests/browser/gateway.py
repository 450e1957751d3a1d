"""A gateway in a few lines, and what a browser without scripts makes of the answers.

Requests become the events of API Gateway's HTTP API, as it makes them, and go to the handlers in process.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from adapters.clock import Pace
from handlers import api, forms, links, pages, staff, wiring


def gateway_routes(routes: Iterable[str], every: Iterable[str] = ()) -> set[str]:
    """The gateway's routes to a function that answers `routes`: what is posted by itself, and each path with all its
    methods, unless another function answers its GET. `every`: the routes of all functions."""
    found = set()
    for route in routes:
        method, _, path = route.partition(" ")
        if method != "GET":
            found.add(route)
        if path and (method == "GET" or f"GET {path}" not in {*routes, *every}):
            found.add(f"ANY {path}")
    return found


Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

HANDLERS: Mapping[str, Handler] = {
    route: module.handler
    for module in (pages, forms, api, staff, links)
    for route in gateway_routes(module.ROUTES, (*pages.ROUTES, *forms.ROUTES, *staff.ROUTES))
}

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)

PUBLIC_URL = "https://complaints.example"

HERE = "127.0.0.1"
"""This machine, from which as much can come as wants to."""

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def page(self) -> Page:
        assert self.headers["Content-Type"] == "text/html; charset=utf-8"
        return Page(self.body)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Page(HTMLParser):
    """What stands on a page: its title, its text, and its form as it would be sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.text = ""
        self.values: list[tuple[str, str]] = []
        self.action = ""
        self.ids: set[str] = set()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._inside: list[str] = []
        self._area: tuple[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if "id" in given:
            assert given["id"] not in self.ids, f"two elements with the id {given['id']}"
            self.ids.add(given["id"])
        if tag == "form":
            self.action = given["action"]
        elif tag == "textarea":
            self._area = (given["name"], "")
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.values.append((given["name"], given.get("value", "")))
        if tag in ("title", "style", "script"):
            self._inside.append(tag)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area = (self._area[0], self._area[1] + data)
        elif "title" in self._inside:
            self.title += data
        elif not {"style", "script"}.intersection(self._inside):
            self.text = " ".join(f"{self.text} {data}".split())

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # A browser passes over the line end that follows the opening tag.
            self.values.append((self._area[0], self._area[1].removeprefix("\n")))
            self._area = None
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def value(self, name: str) -> str:
        """What stands in the one field of that name."""
        (value,) = (value for given, value in self.values if given == name)
        return value

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a kind, in order."""
        return [attributes for name, attributes in self.tags if name == tag]


@contextmanager
def functions_given(clock_file: Path, *, table: str, keys: str, secret: str) -> Iterator[None]:
    """Give the functions their environment: tables, a secret, and a clock that all but stands still at `NOW`."""
    set_clock(clock_file, NOW)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "TABLE": table,
            "KEYS_TABLE": keys,
            "SECRET": secret,
            "CLOCK_FILE": str(clock_file),
            "ORGANISATIONS": "",
            "PUBLIC_URL": PUBLIC_URL,
        }.items():
            environment.setenv(name, value)
        wiring.site.cache_clear()
        yield
    wiring.site.cache_clear()


def set_clock(clock_file: Path, instant: datetime) -> None:
    """Let it be `instant`, and hardly later while a test runs."""
    clock_file.write_text(Pace(domain=instant, wall=datetime.now(UTC), speed=1e-9).to_json())


def call(
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    plain: bool = False,
    address: str = HERE,
) -> Response:
    """The answer to a request. `plain`: the body arrives as text. `address`: where it comes from."""
    event = event_of(method, path, headers=headers or {}, body=body, plain=plain, address=address)
    answer = HANDLERS[event["routeKey"]](event, None)
    return Response(answer["statusCode"], answer["headers"], answer["body"])


def post_form(path: str, values: Sequence[tuple[str, str]], *, address: str = HERE) -> Response:
    """The answer to a form, sent as a browser sends it."""
    headers = {"content-type": FORM_TYPE}
    return call("POST", path, headers=headers, body=urlencode(values).encode(), address=address)


def event_of(
    method: str,
    path: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    plain: bool = False,
    address: str = HERE,
) -> dict[str, Any]:
    """The gateway's event."""
    path, _, query = path.partition("?")
    route = _route_of(method, path)
    return {
        "version": "2.0",
        "routeKey": route[0],
        "rawPath": path,
        **({"queryStringParameters": dict(parse_qsl(query))} if query else {}),
        "headers": {name.lower(): value for name, value in headers.items()},
        "pathParameters": route[1],
        "requestContext": {
            "apiId": "a1b2c3d4e5",
            "requestId": "request-1",
            "stage": "$default",
            "http": {"method": method, "path": path, "sourceIp": address},
        },
        "body": body.decode() if plain else base64.b64encode(body).decode(),
        "isBase64Encoded": not plain,
    }


def application(
    environ: dict[str, Any], start_response: Callable[..., Any], *, address: str = HERE
) -> Iterable[bytes]:
    """The same as a WSGI application, to look at the pages in a browser, which is at `address`."""
    headers = {key[5:].replace("_", "-"): value for key, value in environ.items() if key.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    path = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
    event = event_of(environ["REQUEST_METHOD"], path, headers=headers, body=body, address=address)
    answer = HANDLERS[event["routeKey"]](event, None)
    start_response(f"{answer['statusCode']} -", list(answer["headers"].items()))
    return [answer["body"].encode()]


def _route_of(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The route with the fewest parameters wins, and of two the one that names the method, as at the gateway."""
    found = []
    for route in HANDLERS:
        wanted, _, pattern = route.partition(" ")
        match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), path)
        if pattern and wanted in (method, "ANY") and match:
            found.append((route, match.groupdict()))
    return min(found, key=lambda one: (len(one[1]), one[0].startswith("ANY")), default=("$default", {}))
