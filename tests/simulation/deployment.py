"""What template.yaml says: the table, each function with its environment, limits and permissions, and its sources.

Nothing here is known by heart: settings that the simulation keeps to (retries, ages, batches, schedules) are read
from the template, and what a function's role does not allow is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.simulation.bucket import Rule, rules_of_template
from tests.simulation.expressions import NotSimulated

ROOT = Path(__file__).parents[2]
TABLE = "cases"
KEYS = "keys"
TABLES = {TABLE: "CasesTable", KEYS: "KeysTable"}
SECRET = "/dueprocess/sealing"
BUCKET = "documents"
SENDER = "complaints@dueprocess.example"
PUBLIC_URL = "https://complaints.example"
CONFIGURATION_SET = "dueprocess"
MACHINES = {"AlarmMachine": "alarm", "RetentionMachine": "retention"}
ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:"

_RESOLVED: Mapping[str, str] = {
    "CasesTable": TABLE,
    "KeysTable": KEYS,
    "DocumentsBucket": BUCKET,
    "Sender": SENDER,
    "MailConfiguration": CONFIGURATION_SET,
    "AWS::StackName": "dueprocess",
    **{machine: f"{ARN}{machine}" for machine in MACHINES},
}


class _Loader(yaml.SafeLoader):
    """CloudFormation's short forms become `{"Ref": ...}` and their like."""


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_mapping(node, deep=True)}  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _tagged)


@dataclass(frozen=True, slots=True)
class Permission:
    """`actions` on what the pattern `resource` names; `on`: patterns of what the statement's condition is about, which
    is partition keys, the sender's address or the beginnings of names; all where it is empty."""

    actions: frozenset[str]
    resource: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Async:
    """How an asynchronous invocation is tried again."""

    retries: int
    age: float
    queue: str
    """Where what failed for good is put aside; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What starts something by the clock; `queue` is where it is put aside that it could not."""

    id: str
    queue: str


@dataclass(frozen=True, slots=True)
class StreamSource:
    """How the stream's records reach a function."""

    batch: int
    retries: int
    age: float
    bisects: bool
    reports_items: bool
    pattern: Mapping[str, Any]
    queue: str
    answers: dict[tuple[str, str], bool] = field(default_factory=dict, repr=False, compare=False)

    def wants(self, kind: str, pk: str, sk: str) -> bool:
        """Whether the filter lets a change of this item through."""
        # The filter's prefixes end with the number sign, so what comes after it makes no difference.
        asked = (kind, sk.partition("#")[0])
        known = self.answers.get(asked)
        if known is None:
            keys = {"PK": {"S": pk}, "SK": {"S": sk}}
            known = self.answers[asked] = passes(
                self.pattern, {"eventName": kind, "dynamodb": {"Keys": keys}}
            )
        return known


@dataclass(frozen=True, slots=True)
class Function:
    """`module` is imported as it is; `timeout` in seconds, `memory` in gigabytes."""

    name: str
    module: str
    timeout: float
    memory: float
    environment: Mapping[str, str]
    permissions: tuple[Permission, ...]
    invoked: Async
    stream: StreamSource | None
    answers: dict[tuple[str, str, frozenset[str]], bool] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What `may` has answered so far."""

    def may(self, action: str, resource: str, *on: str) -> bool:
        """Whether one statement of the role allows `action` on what `resource` names, for all of `on`: partition keys,
        the sender's address, or the beginning of names.

        Whether IAM is asked for each item of a transaction or once for all items of an action is written nowhere. One
        statement that allows them all is right either way."""
        asked = (
            action,
            resource,
            frozenset([one.partition("#")[0] + "#" if "#" in one else one for one in on]),
        )
        known = self.answers.get(asked)
        if known is None:
            known = self.answers[asked] = _may(self.permissions, *asked)
        return known


@cache
def template() -> Any:
    return yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Loader=_Loader)


def table_properties(table: str = "CasesTable") -> Mapping[str, Any]:
    found: Mapping[str, Any] = template()["Resources"][table]["Properties"]
    return found


@cache
def functions() -> Mapping[str, Function]:
    """Every function, by its name in the template."""
    resources = template()["Resources"]
    globals_ = template()["Globals"]["Function"]
    return {
        name: _function(name, one["Properties"], globals_, resources)
        for name, one in resources.items()
        if one["Type"] == "AWS::Serverless::Function"
    }


@cache
def readers() -> Mapping[str, StreamSource]:
    """The functions that follow the table's stream."""
    return {name: one.stream for name, one in functions().items() if one.stream is not None}


def task_of(resource: str) -> str:
    """The function that `${AlarmFunctionArn}` in a state machine stands for."""
    for machine in MACHINES:
        given = template()["Resources"][machine]["Properties"]["DefinitionSubstitutions"]
        found = given.get(resource.strip("${}"))
        if found is not None:
            return str(found["GetAtt"]).removesuffix(".Arn")
    raise NotSimulated(f"the task {resource}")


def machine_path(machine: str) -> Path:
    return ROOT / str(template()["Resources"][machine]["Properties"]["DefinitionUri"])


def _function(
    name: str, properties: Mapping[str, Any], globals_: Mapping[str, Any], resources: Mapping[str, Any]
) -> Function:
    variables = {
        **globals_["Environment"]["Variables"],
        **properties.get("Environment", {}).get("Variables", {}),
    }
    invoked = properties.get("EventInvokeConfig", {})
    sources = [one for one in properties.get("Events", {}).values() if one["Type"] == "DynamoDB"]
    role = str(properties["Role"]["GetAtt"]).removesuffix(".Arn")
    return Function(
        name=name,
        module=properties["Handler"].removesuffix(".handler"),
        timeout=float(properties.get("Timeout", globals_["Timeout"])),
        memory=properties.get("MemorySize", globals_["MemorySize"]) / 1024,
        environment={key: _resolved(value) for key, value in variables.items()},
        permissions=tuple(_permissions(resources[role]["Properties"]["Policies"])),
        invoked=Async(
            retries=int(invoked.get("MaximumRetryAttempts", 2)),
            age=float(invoked.get("MaximumEventAgeInSeconds", 21600)),
            queue=_queue(invoked),
        ),
        stream=_stream(sources[0]["Properties"]) if sources else None,
    )


def _queue(properties: Mapping[str, Any]) -> str:
    """The queue to which what failed goes; empty: none."""
    where = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", {})
    return str(where.get("GetAtt", "")).removesuffix(".Arn")


@cache
def schedules() -> Mapping[str, Schedule]:
    """The schedules, by the names in the template of what they start."""
    found = {}
    for name, one in template()["Resources"].items():
        for event, source in one["Properties"].get("Events", {}).items() if "Properties" in one else ():
            if source["Type"] == "ScheduleV2":
                queue = str(source["Properties"]["DeadLetterConfig"]["Arn"]["GetAtt"]).removesuffix(".Arn")
                found[name] = Schedule(event, queue)
    return found


@cache
def kept_for() -> Mapping[str, float]:
    """For how many seconds each queue keeps a message."""
    return {
        name: float(one["Properties"]["MessageRetentionPeriod"])
        for name, one in template()["Resources"].items()
        if one["Type"] == "AWS::SQS::Queue"
    }


@cache
def bucket_rules() -> tuple[Rule, ...]:
    """What the bucket of documents throws away."""
    recovery = int(template()["Parameters"]["RecoveryPeriodInDays"]["Default"])
    return rules_of_template(template()["Resources"]["DocumentsBucket"]["Properties"], recovery=recovery)


def _stream(properties: Mapping[str, Any]) -> StreamSource:
    (wanted,) = properties["FilterCriteria"]["Filters"]
    return StreamSource(
        batch=int(properties["BatchSize"]),
        retries=int(properties["MaximumRetryAttempts"]),
        age=float(properties["MaximumRecordAgeInSeconds"]),
        bisects=bool(properties["BisectBatchOnFunctionError"]),
        reports_items=properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"],
        pattern=json.loads(wanted["Pattern"]),
        queue=_queue(properties),
    )


def _permissions(policies: list[Any]) -> list[Permission]:
    found = []
    for policy in policies:
        for statement in policy["PolicyDocument"]["Statement"]:
            resources = (
                statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            )
            on = _condition(statement.get("Condition", {}))
            found += [Permission(frozenset(statement["Action"]), _resource(one), on) for one in resources]
    return found


def _condition(condition: Mapping[str, Any]) -> tuple[str, ...]:
    """The patterns of a statement's condition, of which there is one at most."""
    match condition:
        case {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}:
            return tuple(keys)
        case {"StringEquals": {"ses:FromAddress": sender}}:
            return (_resolved(sender),)
        case {"StringLike": {"s3:prefix": beginnings}}:
            return tuple(beginnings)
        case {} if not condition:
            return ()
        case _:
            raise NotSimulated(f"the condition {condition}")


def _resource(resource: Any) -> str:
    """What stands for a resource here: `CasesTable`, `CasesTable/index/due`, `AlarmMachine`, `identity/*` and so on."""
    if isinstance(resource, str):
        return resource
    ((kind, value),) = resource.items()
    if kind == "GetAtt":
        return str(value).removesuffix(".Arn").removesuffix(".StreamArn")
    if kind == "Sub" and isinstance(value, str):
        # An ARN's last part says which of the account's resources it is.
        named = value.rpartition("}:")[2]
        return named.replace("${", "").replace(".Arn}", "").replace("}", "")
    return str(value[0] if isinstance(value, list) else value)


def _resolved(value: Any) -> str:
    match value:
        case {"Ref": name}:
            return _RESOLVED[name] if name in _RESOLVED else str(template()["Parameters"][name]["Default"])
        case {"If": _}:
            return PUBLIC_URL
        case _:
            return str(value)


def _may(permissions: tuple[Permission, ...], action: str, resource: str, asked: frozenset[str]) -> bool:
    return any(
        action in one.actions
        and fnmatchcase(resource, one.resource)
        and (not one.on or all(any(fnmatchcase(each, pattern) for pattern in one.on) for each in asked))
        for one in permissions
    )


def passes(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a record passes an event filter of exact values and prefixes."""
    for name, wanted in pattern.items():
        found = record.get(name)
        if isinstance(wanted, dict):
            if not isinstance(found, Mapping) or not passes(wanted, found):
                return False
        elif not any(_is_like(rule, found) for rule in wanted):
            return False
    return True


def _is_like(rule: Any, found: Any) -> bool:
    if isinstance(rule, dict):
        if set(rule) != {"prefix"}:
            raise NotSimulated(f"the filter {rule}")
        return isinstance(found, str) and found.startswith(rule["prefix"])
    return bool(rule == found)
