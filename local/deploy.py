"""Deploys `template.yaml` into the emulator: the same template, with what a laptop needs changed after SAM.

What is changed, and why:

- A function runs through `bootstrap`, which starts the real Lambda runtime client in the application's own
  environment; the emulator's `python3.x` runtime would run it in the emulator's.
- Routes and integrations become resources of their own, as the emulator does not read them from the OpenAPI
  document that SAM writes; CORS is set afterwards, as its CloudFormation does not know it.
- A stream is read from its beginning: the emulator would skip the first record of one that is read from its
  end.
- Types of resources that the emulator does not know are left out, and it is said which. So are alarms that
  compute with several metrics, which it refuses (nobody would be told anyway), and the outputs, of which it
  cannot work out all; `deployed.json` in the data folder has the id of every resource instead.

Deploying what is deployed already does nothing, and a later template updates the stack in place, so that
tables and buckets keep what they hold.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shlex
import time
import tomllib
import urllib.request
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from local.emulator import CREDENTIALS, SAVE, STACKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

STACK: Final = "dueprocess-local"
CODE_BUCKET: Final = "local-code"
WITHIN: Final = 60.0
"""Seconds that a deployment may take."""

BOOTSTRAP: Final = """#!/bin/sh
# What the emulator is told is not for functions, which get their own folder instead of its.
unset GATEWAY_PORT BIND_HOST PERSIST_STATE STATE_DIR S3_PERSIST S3_DATA_DIR LOG_LEVEL SFTP_ENABLED DOCKER_HOST
cd {bundle} || exit 1
export LAMBDA_TASK_ROOT={bundle} PYTHONPATH={bundle}
exec {python} -m awslambdaric "$_HANDLER"
"""

_INTEGRATION: Final = re.compile(r"\$\{(\w+)\.Arn\}")
_UNKNOWN_TYPE: Final = re.compile(r"(?:AWS|Alexa)::\w+::\w+")
_FAILED: Final = ("FAILED", "ROLLBACK")


class CannotDeploy(Exception):
    """The emulator refused the template, or did not finish; the text says why."""


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


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be deployed."""

    template: Path
    bundle: Path
    """The folder that functions run in; it holds the application's packages but not its dependencies."""
    python: Path
    """The interpreter of the environment that holds the dependencies and the Lambda runtime client."""
    environment: dict[str, str]
    """Values that replace the template's where a function's environment has a variable of that name."""


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
    from botocore.exceptions import ClientError

    os.environ["AWS_DEFAULT_REGION"] = region  # SAM's transform reads it from there only
    session = boto3.Session(**CREDENTIALS, region_name=region)
    stacks = session.client("cloudformation", endpoint_url=endpoint)
    status = _status(stacks)
    code = _code(source)
    template = processed(source, code_key=f"{hashlib.sha256(code).hexdigest()}.zip")
    parameters = _parameters(source.template, template)
    fingerprint = hashlib.sha256(json.dumps([template, parameters], sort_keys=True).encode()).hexdigest()
    if status.endswith("_COMPLETE") and before.get("fingerprint") == fingerprint:
        return Deployed(*_resources(stacks), changed=False, left_out=tuple(before["left_out"]))
    bucket = session.client("s3", endpoint_url=endpoint)
    with suppress(bucket.exceptions.BucketAlreadyOwnedByYou):
        bucket.create_bucket(Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
    _upload(bucket, f"{hashlib.sha256(code).hexdigest()}.zip", code, endpoint=endpoint)
    left_out: set[str] = set()
    while True:
        change = stacks.update_stack if status else stacks.create_stack
        try:
            change(
                StackName=STACK,
                TemplateURL=_upload(
                    bucket, "template.json", json.dumps(template).encode(), endpoint=endpoint
                ),
                Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            )
        except ClientError as error:
            said = error.response["Error"]["Message"]
            if "No updates are to be performed" in said:
                break
            unknown = set(_UNKNOWN_TYPE.findall(said)) if "Unrecognized resource types" in said else set()
            if not unknown:
                message = f"The emulator refuses the template: {said[:500]}"
                raise CannotDeploy(message) from error
            left_out |= unknown
            kept = {n: r for n, r in template["Resources"].items() if r["Type"] not in unknown}
            template = {**template, "Resources": kept}
        else:
            _wait(stacks)
            break
    resources, types = _resources(stacks)
    gateway = session.client("apigatewayv2", endpoint_url=endpoint)
    for name, resource in template["Resources"].items():
        if (cors := resource["Properties"].get("CorsConfiguration")) and name in resources:
            known = {**_defaults(template), **parameters, **source.environment}
            gateway.update_api(ApiId=resources[name], CorsConfiguration=_resolved(cors, known))
    # A killed emulator would know of the stack, and not of all that is in it.
    with urllib.request.urlopen(endpoint + SAVE, timeout=WITHIN):  # noqa: S310 - our own address
        pass
    done = {
        "fingerprint": fingerprint,
        "sources": _sources(source),
        "left_out": sorted(left_out),
        "resources": resources,
        "types": types,
    }
    record.write_text(json.dumps(done, indent=1), encoding="utf-8")
    return Deployed(resources, types, changed=True, left_out=tuple(sorted(left_out)))


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
    parts = [_code(source), json.dumps(sorted(source.environment.items())).encode()]
    parts += [path.read_bytes() for path in (source.template, Path(__file__), *paths) if path.exists()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _upload(bucket: Any, key: str, content: bytes, *, endpoint: str) -> str:
    bucket.put_object(Bucket=CODE_BUCKET, Key=key, Body=content)
    return f"{endpoint}/{CODE_BUCKET}/{key}"


def processed(source: Source, *, code_key: str) -> dict[str, Any]:
    """Return the template as CloudFormation gets it on a laptop."""
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            return {}

    given = yaml_parse(source.template.read_text(encoding="utf-8"))
    code = {"Bucket": CODE_BUCKET, "Key": code_key}
    for resource in given["Resources"].values():
        properties = resource.setdefault("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                properties["CodeUri"] = code
            case "AWS::Serverless::StateMachine" if isinstance(properties.get("DefinitionUri"), str):
                path = source.template.parent / properties.pop("DefinitionUri")
                properties["Definition"] = yaml_parse(path.read_text(encoding="utf-8"))
    template: dict[str, Any] = transform(given, _parameters(source.template, given), NoManagedPolicies())
    template.pop("Outputs", None)
    resources: dict[str, Any] = template["Resources"]
    for name, resource in list(resources.items()):
        properties = resource.setdefault("Properties", {})
        match resource["Type"]:
            case "AWS::Lambda::Function":
                properties["Runtime"] = "provided.al2023"
                properties.pop("Architectures", None)
                properties.pop("Layers", None)
                variables = properties.get("Environment", {}).get("Variables", {})
                variables.update({k: v for k, v in source.environment.items() if k in variables})
            case "AWS::Lambda::EventSourceMapping" if "StartingPosition" in properties:
                properties["StartingPosition"] = "TRIM_HORIZON"
            case "AWS::CloudWatch::Alarm" if "Metrics" in properties:
                del resources[name]
            case "AWS::ApiGatewayV2::Api" if "Body" in properties:
                document = properties.pop("Body")
                properties.setdefault("Name", name)
                properties["ProtocolType"] = "HTTP"
                if cors := document.get("x-amazon-apigateway-cors"):
                    properties["CorsConfiguration"] = {k[0].upper() + k[1:]: v for k, v in cors.items()}
                resources.update(_routes(name, document, resources))
    return template


def _routes(api: str, document: dict[str, Any], resources: Mapping[str, Any]) -> dict[str, Any]:
    """Return an integration for each function that an HTTP API calls, and a route for each operation."""
    made: dict[str, Any] = {}
    for key, operation in _operations(document):
        uri = json.dumps(operation["x-amazon-apigateway-integration"]["uri"])
        found = _INTEGRATION.search(uri)
        if found is None:
            message = f"The route `{key}` calls something that is no function of the template."
            raise CannotDeploy(message)
        function = found[1]
        condition = {k: v for k, v in resources[function].items() if k == "Condition"}
        integration = f"{api}{function}Integration"
        made[integration] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": api},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": [function, "Arn"]},
                "PayloadFormatVersion": "2.0",
            },
            **condition,
        }
        name = f"{api}Route{hashlib.sha256(key.encode()).hexdigest()[:12]}"
        made[name] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": api},
                "RouteKey": key,
                "Target": {"Fn::Sub": f"integrations/${{{integration}}}"},
            },
            **condition,
        }
    return made


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each operation of an OpenAPI document with its route key, such as `GET /l/{secret}`."""
    for path, item in document.get("paths", {}).items():
        # A function with a condition has its operations in an `Fn::If`.
        operations = item["Fn::If"][1] if "Fn::If" in item else item
        for method, operation in operations.items():
            taken = operation["Fn::If"][1] if "Fn::If" in operation else operation
            if "x-amazon-apigateway-integration" not in taken:
                continue
            verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
            yield ("$default" if path == "/$default" or path == "$default" else f"{verb} {path}"), taken


def _parameters(template: Path, declared: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that `samconfig.toml`'s local environment gives to the template's parameters."""
    path = template.parent / "samconfig.toml"
    if not path.exists():
        return {}
    environments = tomllib.loads(path.read_text(encoding="utf-8"))
    given = (
        environments.get("local", {}).get("deploy", {}).get("parameters", {}).get("parameter_overrides", [])
    )
    pairs = shlex.split(given) if isinstance(given, str) else given
    values = dict(pair.split("=", 1) for pair in pairs)
    return {name: value for name, value in values.items() if name in declared.get("Parameters", {})}


def _defaults(template: Mapping[str, Any]) -> dict[str, str]:
    declared = template.get("Parameters", {})
    return {name: parameter["Default"] for name, parameter in declared.items() if "Default" in parameter}


def _resolved(value: Any, parameters: Mapping[str, str]) -> Any:
    """Return a property with each `Ref` to a parameter replaced by the parameter's value."""
    match value:
        case {"Ref": str(name)} if name in parameters:
            return parameters[name]
        case dict():
            return {key: _resolved(each, parameters) for key, each in value.items()}
        case list():
            return [_resolved(each, parameters) for each in value]
        case _:
            return value


def _code(source: Source) -> bytes:
    """Return a deployment package that holds only `bootstrap`; equal sources give equal bytes."""
    bootstrap = BOOTSTRAP.format(
        bundle=shlex.quote(str(source.bundle.resolve())), python=shlex.quote(str(source.python.absolute()))
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, bootstrap)
    return buffer.getvalue()


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


def _wait(stacks: Any) -> None:
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
        message = f"The deployment ended as {stack['StackStatus']}. {' '.join(reasons[-3:])}"
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
