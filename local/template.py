"""The template as the emulator gets it: `template.yaml`, with what a laptop needs changed after SAM.

What is changed, and why:

- A function runs through `bootstrap`, which starts the real Lambda runtime client in the application's own
  environment; the emulator's `python3.x` runtime would run it in the emulator's.
- Routes and integrations become resources of their own, as the emulator does not read them from the OpenAPI
  document that SAM writes.
- A stream is read from its beginning: the emulator would skip the first record of one that is read from its
  end.
- Alarms that compute with several metrics are left out, which the emulator refuses (nobody would be told anyway),
  and the outputs, of which it cannot work out all.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shlex
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODE_BUCKET: Final = "local-code"

BOOTSTRAP: Final = """#!/bin/sh
# What the emulator is told is not for functions, which get their own folder instead of its.
unset GATEWAY_PORT BIND_HOST PERSIST_STATE STATE_DIR S3_PERSIST S3_DATA_DIR LOG_LEVEL SFTP_ENABLED DOCKER_HOST
cd {bundle} || exit 1
export LAMBDA_TASK_ROOT={bundle} PYTHONPATH={bundle}
exec {python} -m awslambdaric "$_HANDLER"
"""

_INTEGRATION: Final = re.compile(r"\$\{(\w+)\.Arn\}")


class CannotDeploy(Exception):
    """The emulator refused the template, or did not finish; the text says why."""


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


def transformed(template: Path, parameters: Mapping[str, str], *, code_key: str) -> dict[str, Any]:
    """Return the template as SAM hands it to CloudFormation; all functions' code is at `code_key` of `CODE_BUCKET`."""
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            return {}

    given = yaml_parse(template.read_text(encoding="utf-8"))
    code = {"Bucket": CODE_BUCKET, "Key": code_key}
    for resource in given["Resources"].values():
        properties = resource.setdefault("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                properties["CodeUri"] = code
            case "AWS::Serverless::StateMachine" if isinstance(properties.get("DefinitionUri"), str):
                path = template.parent / properties.pop("DefinitionUri")
                properties["Definition"] = yaml_parse(path.read_text(encoding="utf-8"))
    found: dict[str, Any] = transform(given, dict(parameters), NoManagedPolicies())
    return found


def processed(source: Source, *, code_key: str) -> dict[str, Any]:
    """Return the template as CloudFormation gets it on a laptop."""
    template = transformed(source.template, parameters_of(source.template), code_key=code_key)
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
            message = f"The route `{key}` calls something that is not a function of the template."
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


def parameters_of(template: Path) -> dict[str, str]:
    """Return the values that `samconfig.toml`'s local environment gives to the template's parameters."""
    path = template.parent / "samconfig.toml"
    if not path.exists():
        return {}
    environments = tomllib.loads(path.read_text(encoding="utf-8"))
    given = (
        environments.get("local", {}).get("deploy", {}).get("parameters", {}).get("parameter_overrides", [])
    )
    pairs = shlex.split(given) if isinstance(given, str) else given
    return dict(pair.split("=", 1) for pair in pairs)


def defaults_of(template: Mapping[str, Any]) -> dict[str, str]:
    declared = template.get("Parameters", {})
    return {name: parameter["Default"] for name, parameter in declared.items() if "Default" in parameter}


def resolved(value: Any, parameters: Mapping[str, str]) -> Any:
    """Return a property with each `Ref` to a parameter replaced by the parameter's value."""
    match value:
        case {"Ref": str(name)} if name in parameters:
            return parameters[name]
        case dict():
            return {key: resolved(each, parameters) for key, each in value.items()}
        case list():
            return [resolved(each, parameters) for each in value]
        case _:
            return value


def package(source: Source) -> bytes:
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
