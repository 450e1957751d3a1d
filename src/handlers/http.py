"""Requests and answers of API Gateway's HTTP API (payload format 2.0), the same for every page and for the API.

`dispatch` looks up the route that the gateway has matched already. The gateway has a route for each path and all its
methods (`ANY`), so that a function answers whatever is asked for there: a HEAD like the GET without the body, and a
method that there is not with those that there are. Whatever goes wrong unforeseen is recorded by
kind and place, never by its text, which can hold what somebody wrote, and answered as the caller says.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from domain.procedure import DATA_PROTECTION
from handlers.log import begin, logger

Request = dict[str, Any]
Response = dict[str, Any]
Endpoint = Callable[[Request], Response]

Misused = Callable[[Request, str], Response]
"""Answers a request whose method the path does not know; the text lists those that it knows."""

Banner = str | Mapping[str, str]
"""What a page says above all else: why nothing has been changed, or a `text` with a `heading` of its own."""

AGAIN: Final[Banner] = {
    "heading": "Send it again",
    "text": "Something went wrong on our side and we do not know whether it was saved. Wait a moment, then send it "
    "again. If it was saved, sending it again will not change anything.",
}
"""When what was sent met something `temporary`. It can have been stored all the same, and only the answer got lost."""

LARGEST_BODY: Final = 256 * 1024
"""In bytes. A form filled to its limits takes about 50 kB, and three times that in other scripts than Latin."""

MOST_VALUES: Final = 500
"""How many values a posted form can have: many more than any form asks for."""

_BEHIND_LINKS: Final = ".,;:!?)]}>'\"’”"
"""What can stand behind a link in a sentence. No secret ends in one of them."""

_EVERYWHERE: Final[Mapping[str, str]] = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

FOR_PROGRAMS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"
}
"""What an answer for programs has beside them: a browser that shows it runs nothing."""


class Unreadable(Exception):
    """A request that cannot be taken as it is; `str()` says what to do about it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def dispatch(
    event: Request,
    routes: Mapping[str, Endpoint],
    *,
    context: Any,
    broken: Endpoint,
    misused: Misused | None = None,
    stopped: Endpoint | None = None,
    elsewhere: Sequence[str] = (),
) -> Response:
    """Return the answer of the route that `event` came by. `broken` answers where it fails for a reason not foreseen,
    `misused` where the path has no such method, `stopped` where it came past the domain in front: pages, if nothing
    else is given. `elsewhere`: routes of the same paths that another function answers. Lines of log stand under the
    gateway's id of the request, which its access log has too."""
    begin(context, correlation_id=str(event.get("requestContext", {}).get("requestId", "")))
    try:
        if os.environ.get("FRONT_PROOF") and not came_by_front(event):
            return (stopped or stopped_page)(event)
        return _answered(event, routes, misused or _misused_page, elsewhere)
    except Exception as error:  # noqa: BLE001 - its words can hold an address
        record_failure(error, event)
        return broken(event)


def _answered(
    event: Request, routes: Mapping[str, Endpoint], misused: Misused, elsewhere: Sequence[str]
) -> Response:
    route = event["routeKey"]
    asked = event.get("requestContext", {}).get("http", {}).get("method", "")
    method, _, path = route.partition(" ")
    if method == "ANY":
        method = "GET" if asked == "HEAD" else asked
        route = f"{method} {path}"
    known = {name for name, _, of in (one.partition(" ") for one in (*routes, *elsewhere)) if of == path}
    if path and method not in known and known:
        return misused(event, ", ".join(sorted(known | ({"HEAD"} if "GET" in known else set()))))
    answer = routes[route](event)
    return {**answer, "body": ""} if asked == "HEAD" else answer


def _misused_page(event: Request, allowed: str) -> Response:
    refused = page(
        405,
        "pages/error.html",
        heading="Nothing was done",
        paragraphs=("You cannot use this page in that way. Open it from its address or from our email.",),
    )
    return {**refused, "headers": {**refused["headers"], "Allow": allowed}}


def stopped_page(event: Request) -> Response:
    """Say to somebody who came past the domain in front that this is not the way in."""
    return page(
        403,
        "pages/error.html",
        heading="Use the organisation’s own address",
        paragraphs=(
            "This page cannot be opened from here, and nothing was done.",
            "Use the link on the organisation’s website or in our latest email.",
        ),
        leads_nowhere=True,
    )


def came_by_front(event: Request) -> bool:
    """Return whether the domain in front passed this request on, if there is one: only it knows the proof."""
    proof = os.environ.get("FRONT_PROOF", "")
    if not proof:
        return False
    # Only a deployment behind another domain waits for it to be imported.
    from hmac import compare_digest

    return compare_digest((header(event, "x-front-proof") or "").encode(), proof.encode())


def client_address(event: Request) -> str:
    """Return the address that a request came from, as text: what the gateway saw, or what the domain in front says of
    it, in the header that is believed. Empty where neither says anything."""
    if came_by_front(event):
        said = header(event, os.environ.get("CLIENT_ADDRESS_HEADER", "")) or ""
        # What a proxy has added itself stands last.
        last = said.rpartition(",")[2].strip()
        return _without_port(last)
    return str(event.get("requestContext", {}).get("http", {}).get("sourceIp", ""))


def _without_port(address: str) -> str:
    """Return an address without the port behind it. CloudFront writes both kinds with one, and no brackets."""
    from ipaddress import ip_address

    for found in (address, address.rpartition(":")[0]):
        bare = found.removeprefix("[").removesuffix("]")
        try:
            ip_address(bare)
        except ValueError:
            continue
        return bare
    return ""


def record(sentence: str, **facts: str) -> None:
    """Log what was done. `facts` hold a reference at most, never what somebody wrote."""
    logger.info(sentence, extra=facts, stacklevel=2)


def record_failure(error: BaseException, event: Request) -> None:
    """Log what failed and where, without anything that the request held."""
    from handlers.failures import without_words

    logger.error(
        "The request failed.", extra={"route": event.get("routeKey"), **without_words(error)}, stacklevel=2
    )


def temporary() -> tuple[type[Exception], ...]:
    """Return what keeps something from being stored now, or from being read, and may not in a moment."""
    # Asked for when something has failed: no start waits for these.
    from botocore.exceptions import BotoCoreError, ClientError

    from adapters.cases.execute import TooBusy
    from adapters.cases.table import NotRead

    return TooBusy, NotRead, BotoCoreError, ClientError


def header(event: Request, name: str) -> str | None:
    """Return a request header, whatever the case of its name."""
    for given, value in event.get("headers", {}).items():
        if given.lower() == name.lower():
            return str(value)
    return None


def public_address(event: Request) -> str:
    """Return where people reach this deployment, as it is configured, whatever host the request names. It ends in no
    slash.

    The API's own address has a gap for the API's id in it: a function that the API calls cannot be told which API that
    is before there is one."""
    address = os.environ.get("PUBLIC_URL", "").rstrip("/")
    return address.replace("{api}", str(event.get("requestContext", {}).get("apiId", "")))


def secret_part(event: Request) -> str:
    """Return the secret in the path, without what stood behind the link where somebody copied it."""
    return path_part(event, "secret").rstrip(_BEHIND_LINKS)


def path_part(event: Request, name: str) -> str:
    """Return what stands in the path in the place of `{name}`."""
    return str(event.get("pathParameters", {}).get(name, ""))


def procedure_slug(event: Request) -> str:
    """Return the slug of the procedure that the address is about: the organisation's own, or one that it has beside
    it, which the route names (`/{org}/data-protection/...`)."""
    organisation = path_part(event, "org")
    beside = f"{{org}}/{DATA_PROTECTION}"
    return f"{organisation}/{DATA_PROTECTION}" if beside in event["routeKey"] else organisation


def body_text(event: Request, *, media_type: str) -> str:
    """Return the request's body. Unreadable: it is of another type (415), too large (413) or no UTF-8 (400)."""
    given = (header(event, "content-type") or "").lower()
    kind, *parameters = (part.strip() for part in given.split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    if kind != media_type or not all(charset in ("utf-8", "utf8") for charset in charsets):
        raise Unreadable(415, f"Send it as {media_type}, in UTF-8.")
    body = event.get("body") or ""
    too_large = Unreadable(413, f"This is too large. Send {LARGEST_BODY // 1024} kB or less.")
    if len(body) > LARGEST_BODY * 4 // 3 + 4:
        raise too_large
    try:
        octets = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        text = octets.decode()
    except (binascii.Error, UnicodeError):
        raise Unreadable(400, "Send text in UTF-8.") from None
    if len(octets) > LARGEST_BODY:
        raise too_large
    return text


def form_values(event: Request) -> dict[str, list[str]]:
    """Return what was sent with a form, by name, as it came. Unreadable: it is no form, or one with too many
    values."""
    # Only who sends a form waits for it to be imported.
    from urllib.parse import parse_qsl

    body = body_text(event, media_type="application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_VALUES)
    except ValueError:
        raise Unreadable(400, "We could not read this as a filled-in form.") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def answer(
    status: int,
    body: str,
    *,
    media_type: str,
    cache: str = "no-store",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer with the headers that all have. `cache` is its Cache-Control."""
    return {
        "statusCode": status,
        "headers": {
            **_EVERYWHERE,
            "Content-Type": f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
            "Cache-Control": cache,
            **(headers or {}),
        },
        "body": body,
        "isBase64Encoded": False,
    }


def page(
    status: int,
    template: str,
    /,
    *,
    cache: str = "no-store",
    style: str = "pages/style.css",
    script: str = "",
    forms_to: str = "",
    **context: Any,
) -> Response:
    """Return an answer for people: `template`, filled in with `context`. `style`: the stylesheet that it has in it;
    `script`: the script, where it has one; `forms_to`: origins that its forms may be sent to, or led on to, beside our
    own."""
    from adapters.rendering import render

    return answer(
        status,
        render(template, **context),
        media_type="text/html",
        cache=cache,
        headers={"Content-Security-Policy": _page_policy(style, script, forms_to)},
    )


def hidden(answer: Response) -> Response:
    """Return `answer`, kept from whoever lists pages: it is somebody's own."""
    return {**answer, "headers": {**answer["headers"], "X-Robots-Tag": "noindex, nofollow"}}


def redirect(address: str, *, status: int = 303) -> Response:
    """Return an answer that leads to `address`, which nobody is to keep."""
    return answer(status, "", media_type="text/plain", headers={"Location": address})


def own_path(*parts: str) -> str:
    """Return an address of ours, without a host, whatever stands in its `parts`."""
    # Only who is led on waits for it to be imported.
    from urllib.parse import quote

    return "/" + "/".join(quote(part, safe="") for part in parts)


def json_answer(
    status: int,
    content: Any,
    *,
    media_type: str = "application/json",
    cache: str = "no-store",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer for programs."""
    return answer(
        status,
        json.dumps(content, ensure_ascii=False),
        media_type=media_type,
        cache=cache,
        headers={**FOR_PROGRAMS, **(headers or {})},
    )


@cache
def _page_policy(stylesheet: str, script: str, forms_to: str) -> str:
    """Allow no frames, nothing from elsewhere; of styles and scripts only those that the page has in it."""
    scripts = f"script-src {_hash_of(script)}; connect-src 'self'; " if script else ""
    targets = f"'self' {forms_to}".strip()
    return (
        f"default-src 'none'; style-src {_hash_of(stylesheet)}; {scripts}img-src data:; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _hash_of(template: str) -> str:
    from hashlib import sha256

    from adapters.rendering import render

    return f"'sha256-{base64.b64encode(sha256(render(template).encode()).digest()).decode()}'"
