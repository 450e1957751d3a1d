"""The clients that the handlers are given: what the function's role allows, the faults of the call, and then the table,
the post, the state machines or the bucket."""

from __future__ import annotations

import re
import string
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.header import Header
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from tests.simulation.bucket import Body, Version
from tests.simulation.deployment import BUCKET, CONFIGURATION_SET, PUBLIC_URL, SECRET, TABLES
from tests.simulation.dynamodb import EXCEPTIONS, OPERATIONS, answer, paginate
from tests.simulation.expressions import NotSimulated

if TYPE_CHECKING:
    from tests.simulation.world import World

_LINK = re.compile(
    re.escape(f"{PUBLIC_URL}/l/")
    + r"([A-Z0-9]{1,40}-[2-9A-Z]{4}-[2-9A-Z]{4}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"
)
_STAFF_LINK = re.compile(re.escape(f"{PUBLIC_URL}/s/") + r"([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
_MAIL_PARTS = frozenset(
    ["FromEmailAddress", "Destination", "ReplyToAddresses", "Content", "EmailTags", "ConfigurationSetName"]
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that SES took. `effect` is the outbox item that it was sent for."""

    at: float
    address: str
    subject: str
    text: str
    html: str
    ref: str
    notice: str
    person: str
    link: str
    """The secret of the link to a case; of an invitation, that of the link to one's own page."""
    effect: tuple[str, str]
    letter: str = ""
    """The name under which the case keeps the message."""


def clients_of(world: World) -> dict[str, Any]:
    return {
        "dynamodb": DynamoDB(world),
        "sesv2": Ses(world),
        "stepfunctions": StepFunctions(world),
        "s3": S3(world),
        "ssm": Parameters(world),
    }


class _Client:
    """What is not defined is not simulated."""

    service = ""

    def __init__(self, world: World) -> None:
        self.world = world
        self.exceptions = EXCEPTIONS

    def __getattr__(self, name: str) -> Any:
        raise NotSimulated(f"{self.service}.{name}")

    def require(self, action: str, resource: str, *on: str) -> None:
        function = self.world.stack[-1].function
        if not function.may(action, resource, *on):
            raise NotSimulated(f"{function.name} is not allowed {action} on {resource} {sorted(set(on))}")


LONGEST_HEADER = 1024
"""Characters of a mail's header, as it is sent."""


def headers_of(message: Mapping[str, Any]) -> list[str]:
    """What stands in a mail's head: SES encodes its subject, and takes all else as it is."""
    simple = message["Content"]["Simple"]
    subject = Header(simple["Subject"]["Data"], simple["Subject"]["Charset"]).encode(linesep="")
    others = [one["Value"] for one in simple.get("Headers", ())]
    return [message["FromEmailAddress"], subject, *message.get("ReplyToAddresses", ()), *others]


_ACTIONS = {
    "get_item": "GetItem",
    "batch_get_item": "BatchGetItem",
    "query": "Query",
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "delete_item": "DeleteItem",
    "batch_write_item": "BatchWriteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


class DynamoDB(_Client):
    service = "dynamodb"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        for operation in OPERATIONS:
            setattr(self, operation, self._operation(operation))

    def _operation(self, operation: str) -> Callable[..., Any]:
        world, place = self.world, f"dynamodb.{operation}"

        def apply(**request: Any) -> Any:
            return answer(world.tables, operation, request)

        def called(**request: Any) -> Any:
            self._allow(operation, request)
            where = f"{place} index" if "IndexName" in request else place
            if operation == "get_item":
                sk = request["Key"]["SK"]["S"]
                if sk.startswith(("OUTBOX#", "LEFT#")):
                    world.begin_delivery((request["Key"]["PK"]["S"], sk))
            return world.call(
                where,
                lambda: apply(**request),
                throttled="ThrottlingException",
                partly=lambda: _half_of_batch(operation, apply, request),
            )

        return called

    def get_paginator(self, operation: str) -> Any:
        if operation != "query":
            raise NotSimulated(f"a paginator of {operation}")
        return _Paginator(self.query)

    def _allow(self, operation: str, request: Mapping[str, Any]) -> None:
        table = TABLES.get(request.get("TableName", ""), "")
        match operation:
            case "transact_write_items":
                keys: dict[tuple[str, str], list[str]] = {}
                for action in request["TransactItems"]:
                    ((kind, given),) = action.items()
                    keys.setdefault((_ACTIONS[kind], given["TableName"]), []).append(_partition(given))
                for (name, table), partitions in keys.items():
                    self.require(f"dynamodb:{name}", TABLES[table], *partitions)
            case "batch_get_item":
                for table, wanted in request["RequestItems"].items():
                    partitions = [key["PK"]["S"] for key in wanted["Keys"]]
                    self.require("dynamodb:BatchGetItem", TABLES[table], *partitions)
            case "batch_write_item":
                for table, wanted in request["RequestItems"].items():
                    partitions = [_partition(given) for one in wanted for given in one.values()]
                    self.require("dynamodb:BatchWriteItem", TABLES[table], *partitions)
            case "query" if "IndexName" in request:
                self.require("dynamodb:Query", f"{table}/index/{request['IndexName']}")
            case "query":
                self.require("dynamodb:Query", table, request["ExpressionAttributeValues"][":pk"]["S"])
            case _:
                self.require(f"dynamodb:{_ACTIONS[operation]}", table, _partition(request))


def _partition(given: Mapping[str, Any]) -> str:
    key = given.get("Key") or given["Item"]
    return str(key["PK"]["S"])


class _Paginator:
    def __init__(self, query: Callable[..., Any]) -> None:
        self._query = query

    def paginate(self, **request: Any) -> Any:
        return paginate(self._query, request)


class Ses(_Client):
    service = "sesv2"

    def send_email(self, **message: Any) -> dict[str, str]:
        sender = parseaddr(message["FromEmailAddress"])[1]
        # The identity can be an address, its domain or one above that; in its sandbox SES asks for the recipients' too.
        for address in (sender, *message["Destination"]["ToAddresses"]):
            for identity in _identities(address):
                self.require("ses:SendEmail", f"identity/{identity}", sender)
        self.require("ses:SendEmail", "configuration-set/MailConfiguration", sender)
        return self.world.call(  # type: ignore[no-any-return]
            "sesv2.send_email", lambda: self._take(message), throttled="TooManyRequestsException"
        )

    def _take(self, message: Mapping[str, Any]) -> dict[str, str]:
        (address,) = message["Destination"]["ToAddresses"]
        if self.world.refusing.get(address, 0.0) > self.world.now:
            # As SES does, it says which.
            raise EXCEPTIONS.error("MessageRejected", f"Address is not taken: {address}", "SendEmail")
        if unknown := set(message) - _MAIL_PARTS:
            raise NotSimulated(f"{sorted(unknown)} of a mail")
        if message.get("ConfigurationSetName") != CONFIGURATION_SET:
            raise NotSimulated("a mail outside the configuration set, whose bounces nobody would hear of")
        tags = {one["Name"]: one["Value"] for one in message["EmailTags"]}
        allowed = string.ascii_letters + string.digits + "_-"
        if not all(value and all(char in allowed for char in value) for value in tags.values()):
            raise EXCEPTIONS.error("BadRequestException", "Invalid tag value", "SendEmail")
        simple = message["Content"]["Simple"]
        for header in headers_of(message):
            if not header.isascii() or len(header) > LONGEST_HEADER:
                raise EXCEPTIONS.error("BadRequestException", "Invalid header", "SendEmail")
        text = simple["Body"]["Text"]["Data"]
        found = _LINK.search(text) or _STAFF_LINK.search(text)
        world = self.world
        mail = Mail(
            at=world.now,
            address=address,
            subject=simple["Subject"]["Data"],
            text=text,
            html=simple["Body"]["Html"]["Data"],
            ref=tags.get("case", ""),
            notice=tags["notice"],
            person=tags["person"],
            link=found[1] if found else "",
            effect=world.stack[-1].effect,
            letter=tags.get("letter", ""),
        )
        world.mails.append(mail)
        world.sent[mail.effect] += 1
        world.metered["mails"] += 1
        world.metered["mail bytes"] += len(mail.text) + len(mail.html)
        for told in world.on_mail:
            told(mail)
        # As long as SES's own.
        return {"MessageId": f"message-{len(world.mails):052}"}


def _identities(address: str) -> list[str]:
    labels = address.rpartition("@")[2].split(".")
    return [address, *(".".join(labels[start:]) for start in range(len(labels) - 1))]


class Parameters(_Client):
    service = "ssm"

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> dict[str, Any]:
        self.require("ssm:GetParameter", "parameterSecretName")
        assert WithDecryption
        name, _, version = Name.partition(":")
        if name != SECRET or version not in ("", "1"):
            raise EXCEPTIONS.error("ParameterNotFound", Name, "GetParameter")
        found = {"Name": name, "Value": b64encode(b"simulated secret".ljust(32)).decode(), "Version": 1}

        def apply() -> dict[str, Any]:
            self.world.metered["secrets"] += 1
            return {"Parameter": found}

        return self.world.call(  # type: ignore[no-any-return]
            "ssm.get_parameter", apply, throttled="ThrottlingException"
        )


class StepFunctions(_Client):
    service = "stepfunctions"

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, Any]:  # noqa: A002
        machine = stateMachineArn.rpartition(":")[2]
        self.require("states:StartExecution", machine)
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name):
            raise EXCEPTIONS.error("InvalidName", f"Invalid Name: {name}", "StartExecution")

        def apply() -> dict[str, Any]:
            self.world.start_execution(machine, name, input)
            return {"executionArn": f"{stateMachineArn}:{name}"}

        return self.world.call(  # type: ignore[no-any-return]
            "stepfunctions.start_execution", apply, throttled="ThrottlingException"
        )


class S3(_Client):
    service = "s3"

    def generate_presigned_post(
        self,
        Bucket: str,
        Key: str,
        *,
        Fields: Mapping[str, str],
        Conditions: list[Any],
        ExpiresIn: int,
    ) -> Any:
        self._require_object("s3:PutObject", Bucket, Key)
        bucket = self.world.bucket
        return bucket.ticket(Key, Fields, Conditions, until=self.world.now + ExpiresIn)

    def generate_presigned_url(self, operation: str, *, Params: Mapping[str, str], ExpiresIn: int) -> str:
        if operation != "get_object":
            raise NotSimulated(f"an address to {operation}")
        said = dict(Params)
        bucket, key = said.pop("Bucket"), said.pop("Key")
        self._require_object("s3:GetObject", bucket, key)
        return self.world.bucket.address(key, said, until=self.world.now + ExpiresIn)

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self._require_object("s3:GetObject", Bucket, Key)

        def apply() -> dict[str, Any]:
            found = self._found(Key, "HeadObject", "403", "404")
            return {"ContentLength": len(found.body or b""), "ETag": found.etag}

        return self.world.call("s3.head_object", apply, throttled="SlowDown")  # type: ignore[no-any-return]

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self._require_object("s3:GetObject", Bucket, Key)

        def apply(*, breaks: bool = False) -> dict[str, Any]:
            found = self._found(Key, "GetObject", "AccessDenied", "NoSuchKey")
            content = found.body or b""
            return {
                "ContentLength": len(content),
                "ETag": found.etag,
                "VersionId": found.id,
                "Body": Body(content, breaks=breaks),
            }

        return self.world.call(  # type: ignore[no-any-return]
            "s3.get_object", apply, throttled="SlowDown", partly=lambda: apply(breaks=True)
        )

    def put_object(self, *, Bucket: str, Key: str, Body: Any, ContentType: str) -> dict[str, Any]:
        self._require_object("s3:PutObject", Bucket, Key)
        content = Body.read()

        def apply() -> dict[str, Any]:
            return {"ETag": self.world.bucket.put(Key, content, ContentType).etag}

        return self.world.call("s3.put_object", apply, throttled="SlowDown")  # type: ignore[no-any-return]

    def copy_object(
        self,
        *,
        Bucket: str,
        Key: str,
        CopySource: Mapping[str, str],
        MetadataDirective: str,
        ContentType: str,
    ) -> dict[str, Any]:
        self._require_object("s3:GetObjectVersion", CopySource["Bucket"], CopySource["Key"])
        self._require_object("s3:PutObject", Bucket, Key)
        if MetadataDirective != "REPLACE":
            raise NotSimulated("a copy that keeps what was said of the source")

        def apply() -> dict[str, Any]:
            versions = self.world.bucket.below(CopySource["Key"])
            wanted = CopySource.get("VersionId")
            found = next((one for one in reversed(versions) if wanted in (None, one.id)), None)
            if found is None:
                raise EXCEPTIONS.error("NoSuchVersion", "", "CopyObject", status=404)
            self.world.bucket.put(Key, found.body or b"", ContentType)
            return {}

        return self.world.call("s3.copy_object", apply, throttled="SlowDown")  # type: ignore[no-any-return]

    def get_paginator(self, operation: str) -> Any:
        if operation != "list_object_versions":
            raise NotSimulated(f"a paginator of {operation}")
        return _PaginatorOfVersions(self)

    def delete_objects(self, *, Bucket: str, Delete: Mapping[str, Any]) -> dict[str, Any]:
        for one in Delete["Objects"]:
            # The one is always needed, says S3's reference, and the other too for a version.
            self._require_object("s3:DeleteObject", Bucket, one["Key"])
            if "VersionId" in one:
                self._require_object("s3:DeleteObjectVersion", Bucket, one["Key"])
        return self.world.call(  # type: ignore[no-any-return]
            "s3.delete_objects",
            lambda: self._delete(Delete["Objects"]),
            throttled="SlowDown",
            partly=lambda: self._delete(Delete["Objects"], leaves=1),
        )

    def _delete(self, objects: Sequence[Mapping[str, str]], *, leaves: int = 0) -> dict[str, Any]:
        """Asked to be quiet, it tells of what could not be deleted, and of nothing else."""
        left = objects[len(objects) - leaves :]
        for one in objects[: len(objects) - leaves]:
            self.world.bucket.delete(one["Key"], one["VersionId"])
        return {"Errors": [{**one, "Code": "InternalError"} for one in left]} if left else {}

    def _found(self, key: str, operation: str, refused: str, missing: str) -> Version:
        """ClientError: it is not there; who may not list what is there is not even told that."""
        found = self.world.bucket.get(key)
        if found is None:
            lists = any("s3:ListBucket" in one.actions for one in self.world.stack[-1].function.permissions)
            raise EXCEPTIONS.error(missing if lists else refused, "", operation, status=404 if lists else 403)
        return found

    def _require_object(self, action: str, bucket: str, key: str) -> None:
        _bucket(bucket)
        self.require(action, f"DocumentsBucket/{key.partition('/')[0]}/*")


class _PaginatorOfVersions:
    def __init__(self, client: S3) -> None:
        self._client = client

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        self._client.require("s3:ListBucketVersions", "DocumentsBucket", Prefix)
        _bucket(Bucket)

        def apply() -> dict[str, Any]:
            answer: dict[str, Any] = {}
            for one in self._client.world.bucket.below(Prefix):
                kind = "Versions" if one.body is not None else "DeleteMarkers"
                answer.setdefault(kind, []).append({"Key": one.key, "VersionId": one.id})
            return answer

        yield self._client.world.call("s3.list_object_versions", apply, throttled="SlowDown")


def _bucket(name: str) -> None:
    if name != BUCKET:
        raise EXCEPTIONS.error("NoSuchBucket", "The specified bucket does not exist", "s3", status=404)


def _batch(asked: Sequence[tuple[str, Any]], whole: Mapping[str, Any]) -> dict[str, Any]:
    keys: dict[str, list[Any]] = {}
    for table, key in asked:
        keys.setdefault(table, []).append(key)
    return {table: {**whole[table], "Keys": some} for table, some in keys.items()}


def _half_of_batch(operation: str, apply: Callable[..., Any], request: Mapping[str, Any]) -> Any:
    """What a busy table makes of a batch: the first half, and the rest unprocessed."""
    if operation == "batch_get_item":
        asked = [(table, key) for table, wanted in request["RequestItems"].items() for key in wanted["Keys"]]
        half = len(asked) // 2
        first, rest = (_batch(part, request["RequestItems"]) for part in (asked[:half], asked[half:]))
        answered = apply(RequestItems=first) if first else {"Responses": {}}
        return {**answered, "UnprocessedKeys": rest}
    ((table, wanted),) = request["RequestItems"].items()
    half = len(wanted) // 2
    if half:
        apply(RequestItems={table: wanted[:half]})
    return {"UnprocessedItems": {table: wanted[half:]}}
