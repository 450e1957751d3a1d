"""S3, as far as files of cases need it: a bucket that keeps every version, and throws away what template.yaml says.

Tickets and addresses are signed by whoever makes them and looked at when somebody comes with one: by then they may have
run out. What a rule of the bucket throws away goes at the midnight (UTC) after its days, and is gone for whoever
looks.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import md5, sha256
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from botocore.exceptions import ResponseStreamingError

from tests.simulation.dynamodb import EXCEPTIONS
from tests.simulation.expressions import NotSimulated
from tests.simulation.times import DAY

_FIELDS = frozenset(["key", "policy", "success_action_redirect"])


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object; without a body it marks the object as deleted. `past_since`: when it was replaced."""

    key: str
    id: str
    stored_at: float
    body: bytes | None = None
    media_type: str = "binary/octet-stream"
    past_since: float = 0.0

    @property
    def etag(self) -> str:
        return f'"{md5(self.body or b"", usedforsecurity=False).hexdigest()}"'

    @property
    def sha256(self) -> str:
        return sha256(self.body or b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Rule:
    """Days after which what begins with `prefix` is thrown away, as it is now and as it was; 0: never."""

    prefix: str
    days: int
    days_past: int


@dataclass(slots=True)
class Bucket:
    """Objects by key, each with its versions, the oldest first. Nothing that is stored is changed in place."""

    name: str
    rules: tuple[Rule, ...]
    now: Callable[[], float] = lambda: 0.0
    versions: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    observers: list[Callable[[Version], None]] = field(default_factory=list)
    """Told of each version that is stored."""
    count: int = 0

    @property
    def url(self) -> str:
        return f"https://{self.name}.s3.eu-west-2.amazonaws.com/"

    def copied(self) -> Bucket:
        """The same, for the copy of a world; nobody follows it yet."""
        return replace(self, versions=dict(self.versions), observers=[])

    def put(self, key: str, body: bytes, media_type: str = "") -> Version:
        self.count += 1
        new = Version(
            key, f"version-{self.count}", self.now(), body, media_type or Version.__dict__["media_type"]
        )
        self._add(new)
        for told in self.observers:
            told(new)
        return new

    def get(self, key: str) -> Version | None:
        """The object as it is now; None: there is none."""
        self.tidy()
        found = self.versions.get(key)
        return found[-1] if found and found[-1].body is not None else None

    def below(self, prefix: str) -> list[Version]:
        """Every version of what begins with a prefix, and what marks something as deleted."""
        self.tidy()
        return [one for key in sorted(self.versions) if key.startswith(prefix) for one in self.versions[key]]

    def delete(self, key: str, version: str) -> None:
        left = tuple(one for one in self.versions.get(key, ()) if one.id != version)
        if left:
            self.versions[key] = left
        else:
            self.versions.pop(key, None)

    def tidy(self) -> None:
        """Throw away what the rules say."""
        for key in [*self.versions]:
            for rule in self.rules:
                if key.startswith(rule.prefix):
                    self._apply(rule, key)

    def _apply(self, rule: Rule, key: str) -> None:
        found = self.versions.get(key)
        if not found:
            return
        newest, now = found[-1], self.now()
        if rule.days and newest.body is not None and (at := _over(newest.stored_at, rule.days)) <= now:
            self.count += 1
            self._add(Version(key, f"version-{self.count}", at))
        left = tuple(
            one
            for one in self.versions[key]
            if not (rule.days_past and one.past_since and _over(one.past_since, rule.days_past) <= now)
        )
        if len(left) == 1 and left[0].body is None:
            # What marks as deleted what is not there any more goes too.
            left = ()
        if left:
            self.versions[key] = left
        else:
            del self.versions[key]

    def _add(self, new: Version) -> None:
        before = self.versions.get(new.key, ())
        if before:
            before = (*before[:-1], replace(before[-1], past_since=new.stored_at))
        self.versions[new.key] = (*before, new)

    # What a browser brings.

    def ticket(self, key: str, fields: Mapping[str, str], conditions: list[Any], *, until: float) -> Any:
        """Permission to send one file."""
        held_to = [{"bucket": self.name}, {"key": key}, *conditions]
        policy = base64.b64encode(json.dumps({"until": until, "conditions": held_to}).encode()).decode()
        return {"url": self.url, "fields": {**fields, "key": key, "policy": policy}}

    def take(self, fields: Mapping[str, str], body: bytes) -> str:
        """A file with its ticket; where the browser is led to. ClientError: the ticket does not allow it."""
        if set(fields) != _FIELDS:
            raise NotSimulated(f"an upload with {sorted(fields)}")
        policy = json.loads(base64.b64decode(fields["policy"]))
        if policy["until"] < self.now():
            raise EXCEPTIONS.error("AccessDenied", "", "PostObject", status=403)
        for condition in policy["conditions"]:
            match condition:
                case ["content-length-range", int(least), int(most)]:
                    if not least <= len(body) <= most:
                        raise EXCEPTIONS.error("EntityTooLarge", "", "PostObject")
                case dict():
                    ((name, wanted),) = condition.items()
                    if {**fields, "bucket": self.name}.get(name) != wanted:
                        raise EXCEPTIONS.error("AccessDenied", "", "PostObject", status=403)
                case _:
                    raise NotSimulated(f"the condition {condition}")
        self.put(fields["key"], body)
        return fields["success_action_redirect"]

    def address(self, key: str, said: Mapping[str, str], *, until: float) -> str:
        """Where an object can be fetched."""
        return f"{self.url}{quote(key)}?{urlencode({**said, 'until': repr(until)})}"

    def fetch(self, address: str) -> tuple[Version, dict[str, str]]:
        """The object at an address, and what was asked to be said of it. ClientError: it has run out, or there is no
        such object."""
        parts = urlsplit(address)
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        found = self.get(parts.path.removeprefix("/"))
        if f"{parts.scheme}://{parts.netloc}/" != self.url or float(said.pop("until")) < self.now():
            raise EXCEPTIONS.error("AccessDenied", "", "GetObject", status=403)
        if found is None:
            raise EXCEPTIONS.error("NoSuchKey", "", "GetObject", status=404)
        return found, said


class Body:
    """What is read of an object. `breaks`: the connection ends in the middle of it."""

    def __init__(self, content: bytes, *, breaks: bool = False) -> None:
        self._content = content
        self._breaks = breaks

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        if self._breaks:
            yield self._content[: len(self._content) // 2]
            raise ResponseStreamingError(error="the connection was broken")
        for start in range(0, len(self._content), size):
            yield self._content[start : start + size]

    def close(self) -> None:
        """Nothing is open here."""


def rules_of_template(properties: Mapping[str, Any], *, recovery: int) -> tuple[Rule, ...]:
    """What the bucket throws away. NotSimulated: a rule that is not known here."""
    found = []
    for one in properties["LifecycleConfiguration"]["Rules"]:
        known = {"Id", "Status", "Prefix", "ExpirationInDays", "NoncurrentVersionExpiration"}
        if unknown := set(one) - known - {"ExpiredObjectDeleteMarker", "AbortIncompleteMultipartUpload"}:
            raise NotSimulated(f"{sorted(unknown)} of a rule of the bucket")
        past = one.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", 0)
        days_past = recovery if isinstance(past, dict) else int(past)
        found.append(Rule(one.get("Prefix", ""), int(one.get("ExpirationInDays", 0)), days_past))
    return tuple(one for one in found if one.days or one.days_past)


def _over(since: float, days: int) -> float:
    """When so many days are over: at the midnight after them."""
    end = since + days * DAY
    midnight = datetime.fromtimestamp(end, UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    return midnight if midnight == end else midnight + DAY
