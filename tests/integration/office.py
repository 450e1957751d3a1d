"""What surrounds a site in simulated AWS: a clock, collected mail, and the table that template.yaml describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml

from adapters.cases.store import CaseStore
from adapters.figures.waiting import list_case
from adapters.identities import RandomIdentities
from adapters.post.courier import Courier
from adapters.post.delivery import deliver, deliver_to_staff
from adapters.post.outbox import organisation_of
from adapters.secrets import ParameterSecrets, begin
from adapters.settings import Settings
from adapters.site import Site

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
TABLE = "cases"
KEYS = "keys"
SECRET = "/dueprocess/sealing"
BUCKET = "documents"


class HandClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def wall(self, instant: datetime) -> datetime:
        return instant.astimezone(UTC)

    def move_to(self, instant: datetime) -> None:
        self._now = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self._now += by


class CollectedMail:
    """Stands in for SES: keeps what it is asked to send; refuses while `refuses` is set, and what goes to an address
    of `refused`."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.refuses = False
        self.refused: set[str] = set()

    def send_email(self, **message: Any) -> dict[str, str]:
        if self.refuses or self.refused.intersection(message["Destination"]["ToAddresses"]):
            raise ConnectionError("The mail service does not answer.")
        self.sent.append(message)
        return {"MessageId": f"message-{len(self.sent)}"}


@dataclass
class Office:
    """A site with its surroundings: what was sent, and a way to deliver what waits."""

    site: Site
    clock: HandClock
    mail: CollectedMail
    courier: Courier
    s3: Any
    client: Any

    def deliver_all(self) -> int:
        """Deliver everything that the outbox holds; answers with how many."""
        entries = self.site.store.due("outbox", self.clock.now() + timedelta(days=1), limit=1000)
        return sum(self._deliver(entry["PK"], entry["SK"]) for entry in entries)

    def _deliver(self, partition: str, effect_id: str) -> bool:
        organisation = organisation_of(partition)
        if organisation is not None:
            return deliver_to_staff(organisation, effect_id, site=self.site, courier=self.courier)
        return deliver(partition.removeprefix("CASE#"), effect_id, site=self.site, courier=self.courier)

    def list_all(self) -> None:
        """Do what the stream has done for every case: list it for whom it waits."""
        for item in self.items():
            if item["SK"]["S"] == "STATE" and item["PK"]["S"].startswith("CASE#"):
                list_case(item["PK"]["S"].removeprefix("CASE#"), site=self.site)

    def mails_to(self, address: str, notice: str = "") -> list[dict[str, Any]]:
        """The mails to an address, oldest first; of one notice where it is given."""
        return [
            one
            for one in self.mail.sent
            if address in one["Destination"]["ToAddresses"]
            and (not notice or {"Name": "notice", "Value": notice} in one["EmailTags"])
        ]

    def text_to(self, address: str, notice: str = "") -> str:
        """The text of the newest mail to an address, in one line, once everything is delivered."""
        self.deliver_all()
        mail = self.mails_to(address, notice)[-1]
        return " ".join(mail["Content"]["Simple"]["Body"]["Text"]["Data"].split())

    def meter(self, meter: Any) -> None:
        """Have the site's DynamoDB calls go through `meter`."""
        self.site = replace(self.site, store=replace(self.site.store, client=meter))

    def items(self) -> list[dict[str, Any]]:
        """Everything that the table holds, as stored."""
        pages = self.client.get_paginator("scan").paginate(TableName=TABLE)
        return [item for page in pages for item in page["Items"]]


@contextmanager
def calls_of(client: Any) -> Iterator[list[str]]:
    """The operations that a client is asked for meanwhile, one entry a call."""
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    client.meta.events.register("before-call", note)
    try:
        yield calls
    finally:
        client.meta.events.unregister("before-call", note)


@contextmanager
def answers_lost(client: Any, operation: str = "dynamodb.TransactWriteItems") -> Iterator[None]:
    """What a client asks for meanwhile is done, and the answer that says so gets lost."""

    def lose(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        http_response.status_code = 500
        parsed["Error"] = {"Code": "InternalServerError", "Message": "The request processing has failed."}

    client.meta.events.register(f"after-call.{operation}", lose)
    try:
        yield
    finally:
        client.meta.events.unregister(f"after-call.{operation}", lose)


@contextmanager
def just_before(client: Any, operation: str, happens: Callable[[], None]) -> Iterator[None]:
    """Something `happens` in the moment before a client asks for `operation` the next time, and only then."""
    left = [happens]

    def once(**_: Any) -> None:
        if left:
            left.pop()()

    client.meta.events.register(f"before-call.{operation}", once)
    try:
        yield
    finally:
        client.meta.events.unregister(f"before-call.{operation}", once)
    assert not left, f"{operation} was never asked for"


@cache
def client_of(service: str) -> Any:
    """A client of simulated AWS, made once in a process: what tests register with it they take back."""
    return boto3.client(service, region_name="eu-west-2")


def open_office(*, has_table: bool) -> Office:
    """An office in simulated AWS, which has to be there already and empty; `has_table`: with a table there."""
    client, s3, stepfunctions = client_of("dynamodb"), client_of("s3"), client_of("stepfunctions")
    if has_table:
        for name, described in tables_of_template().items():
            client.create_table(TableName=name, **described)
    begin(SECRET, client=client_of("ssm"))
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    machine = stepfunctions.create_state_machine(
        name="alarm",
        definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/alarm",
    )
    clock = HandClock(datetime(2026, 11, 2, 10, 0, tzinfo=UTC))
    mail = CollectedMail()
    site = Site(
        clock=clock,
        store=CaseStore(
            client=client,
            table=TABLE,
            keys=KEYS,
            secrets=ParameterSecrets(client=lambda: client_of("ssm"), name=SECRET),
        ),
        identities=RandomIdentities(),
        settings=Settings(
            table=TABLE,
            keys_table=KEYS,
            secret=SECRET,
            documents_bucket=BUCKET,
            alarm_machine_arn=machine["stateMachineArn"],
            sender="complaints@dueprocess.example",
            configuration_set="",
            public_url="https://complaints.example",
        ),
    )
    courier = Courier(ses=mail, stepfunctions=stepfunctions)
    return Office(site=site, clock=clock, mail=mail, courier=courier, s3=s3, client=client)


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's short forms (`!Ref` and its like) as what they are applied to."""


def _plain(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]


_Template.add_multi_constructor("!", _plain)


@cache
def tables_of_template() -> dict[str, dict[str, Any]]:
    """What template.yaml says of the tables, by the names that they have here: first that of the cases."""
    template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=_Template)
    taken = ("KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")
    return {
        name: {
            key: value for key, value in template["Resources"][table]["Properties"].items() if key in taken
        }
        for name, table in ((TABLE, "CasesTable"), (KEYS, "KeysTable"))
    }
