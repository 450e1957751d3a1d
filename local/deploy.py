"""Deploys `template.yaml` into the emulator: the same template, with what a laptop needs changed (`local.template`).

Types of resources that the emulator does not know are left out, and it is said which. CORS is set afterwards, as the
emulator's CloudFormation does not know it. `deployed.json` in the data folder has the id of every resource.

Deploying what is deployed already does nothing, and a later template updates the stack in place, so that
tables and buckets keep what they hold.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import local.template
from adapters.secrets import begin
from local.account import CREDENTIALS
from local.emulator import SAVE, STACKS
from local.template import (
    CODE_BUCKET,
    CannotDeploy,
    Source,
    defaults_of,
    package,
    parameters_of,
    processed,
    resolved,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STACK: Final = "dueprocess-local"
WITHIN: Final = 60.0
"""Seconds that a deployment may take."""

_UNKNOWN_TYPE: Final = re.compile(r"(?:AWS|Alexa)::\w+::\w+")
_FAILED: Final = ("FAILED", "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Deployed:
    """What is deployed."""

    resources: dict[str, str]
    """For each logical id of the template, the physical one."""
    types: dict[str, str]
    """For each logical id of the template, its type."""
    changed: bool
    """Whether anything had to be done."""
    left_out: tuple[str, ...]
    """Types of resources that the emulator does not know."""


def deploy(source: Source, *, endpoint: str, region: str, record: Path) -> Deployed:
    """Deploy and return when it is done; the file `record` says what is deployed, for the next run.

    Raises `CannotDeploy`.
    """
    before = _read(record)
    # What the emulator saved of it when it was deployed; whoever throws that away has it deployed again.
    saved = record.parent / "state" / f"{STACKS}.json"
    if "types" in before and saved.exists() and is_deployed(source, record):
        return Deployed(
            before["resources"], before["types"], changed=False, left_out=tuple(before["left_out"])
        )
    import boto3

    os.environ["AWS_DEFAULT_REGION"] = region  # SAM's transform reads it from there only
    session = boto3.Session(**CREDENTIALS, region_name=region)
    stacks = session.client("cloudformation", endpoint_url=endpoint)
    status = _status(stacks)
    code = package(source)
    code_key = f"{hashlib.sha256(code).hexdigest()}.zip"
    template = processed(source, code_key=code_key)
    parameters = parameters_of(source.template)
    fingerprint = hashlib.sha256(json.dumps([template, parameters], sort_keys=True).encode()).hexdigest()
    if status.endswith("_COMPLETE") and before.get("fingerprint") == fingerprint:
        return Deployed(*_resources(stacks), changed=False, left_out=tuple(before["left_out"]))
    bucket = session.client("s3", endpoint_url=endpoint)
    with suppress(bucket.exceptions.BucketAlreadyOwnedByYou):
        bucket.create_bucket(Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
    _upload(bucket, code_key, code, endpoint=endpoint)

    def put(template: dict[str, Any]) -> str:
        return _upload(bucket, "template.json", json.dumps(template).encode(), endpoint=endpoint)

    # As `make deploy` does, before anything needs it.
    begin(parameters["SecretName"], client=session.client("ssm", endpoint_url=endpoint))
    left_out = _change(stacks, template, parameters, is_there=bool(status), put=put)
    resources, types = _resources(stacks)
    known = {**defaults_of(template), **parameters, **source.environment}
    gateway = session.client("apigatewayv2", endpoint_url=endpoint)
    for name, resource in template["Resources"].items():
        if (cors := resource["Properties"].get("CorsConfiguration")) and name in resources:
            gateway.update_api(ApiId=resources[name], CorsConfiguration=resolved(cors, known))
    # A killed emulator would know of the stack, and not of all that is in it.
    with urllib.request.urlopen(endpoint + SAVE, timeout=WITHIN):  # noqa: S310 - our own address
        pass
    done = {
        "fingerprint": fingerprint,
        "sources": _sources(source),
        "left_out": left_out,
        "resources": resources,
        "types": types,
    }
    record.write_text(json.dumps(done, indent=1), encoding="utf-8")
    return Deployed(resources, types, changed=True, left_out=tuple(left_out))


def _change(
    stacks: Any,
    template: dict[str, Any],
    parameters: Mapping[str, str],
    *,
    is_there: bool,
    put: Callable[[dict[str, Any]], str],
) -> list[str]:
    """Make or change the stack, without the types of resources that the emulator does not know; return these.

    Raises `CannotDeploy`.
    """
    from botocore.exceptions import ClientError

    change = stacks.update_stack if is_there else stacks.create_stack
    left_out: set[str] = set()
    while True:
        kept = {n: r for n, r in template["Resources"].items() if r["Type"] not in left_out}
        try:
            change(
                StackName=STACK,
                TemplateURL=put({**template, "Resources": kept}),
                Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            )
        except ClientError as error:
            said = error.response["Error"]["Message"]
            if "No updates are to be performed" in said:
                break
            unknown = set(_UNKNOWN_TYPE.findall(said)) if "Unrecognized resource types" in said else set()
            if not unknown:
                message = f"The emulator refused the template: {said[:500]}"
                raise CannotDeploy(message) from error
            left_out |= unknown
        else:
            _await_change(stacks)
            break
    return sorted(left_out)


def is_deployed(source: Source, record: Path) -> bool:
    """Tell whether `record` says that exactly this was deployed, without working out what it comes to."""
    return _read(record).get("sources") == _sources(source)


def _read(record: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    return found


def _sources(source: Source) -> str:
    """Return a fingerprint of everything that a deployment is made from."""
    text = source.template.read_text(encoding="utf-8")
    machines = re.findall(r"DefinitionUri:\s*(\S+)", text)
    paths = [source.template.parent / name for name in ("samconfig.toml", *machines)]
    parts = [package(source), json.dumps(sorted(source.environment.items())).encode()]
    parts += [
        path.read_bytes()
        for path in (source.template, Path(__file__), Path(local.template.__file__), *paths)
        if path.exists()
    ]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _upload(bucket: Any, key: str, content: bytes, *, endpoint: str) -> str:
    bucket.put_object(Bucket=CODE_BUCKET, Key=key, Body=content)
    return f"{endpoint}/{CODE_BUCKET}/{key}"


def _status(stacks: Any) -> str:
    from botocore.exceptions import ClientError

    try:
        status: str = stacks.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    except ClientError:
        return ""
    if status in ("ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_COMPLETE"):
        if status != "DELETE_COMPLETE":  # the first deployment failed, so there is nothing to lose
            stacks.delete_stack(StackName=STACK)
            _until(lambda: _status_of(stacks) in ("", "DELETE_COMPLETE"))
        return ""
    return status


def _status_of(stacks: Any) -> str:
    from botocore.exceptions import ClientError

    try:
        return str(stacks.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"])
    except ClientError:
        return ""


def _await_change(stacks: Any) -> None:
    """Return when the stack's change is done; raises `CannotDeploy` if it failed."""
    _until(lambda: not _status_of(stacks).endswith("_IN_PROGRESS"))
    stack = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
    if any(word in stack["StackStatus"] for word in _FAILED):
        events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
        reasons = [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
        ] or [stack.get("StackStatusReason", "The emulator's log may say why.")]
        message = f"The deployment ended with the status {stack['StackStatus']}. {' '.join(reasons[-3:])}"
        raise CannotDeploy(message)


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN
    while not done():
        if time.monotonic() > end:
            message = f"The emulator did not finish the deployment within {WITHIN:.0f} seconds."
            raise CannotDeploy(message)
        time.sleep(0.05)


def _resources(stacks: Any) -> tuple[dict[str, str], dict[str, str]]:
    pages = stacks.get_paginator("list_stack_resources").paginate(StackName=STACK)
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}
    return ids, {each["LogicalResourceId"]: each["ResourceType"] for each in found}
