"""The template of a deployment as plain data, and the same one for a deployment that goes out gradually."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

ALIAS: Final = "live"
"""What points at the version of a function that answers."""

SHIFT: Final = "Canary10Percent10Minutes"
"""A tenth of the calls go to the new version for ten minutes, then all."""

BRAKES: Final = ("FunctionErrorsAlarm", "StaffErrorsAlarm")
"""Alarms of template.yaml that take a deployment back. They see functions alone: one that saw the API would wait for
the very functions that wait for it."""


def read_template(template: Path) -> Any:
    """Return a template with CloudFormation's short forms written out, as JSON has them."""
    import yaml

    class Loader(yaml.SafeLoader):
        """Writes short forms out."""

    def written_out(loader: Loader, name: str, node: yaml.Node) -> dict[str, Any]:
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
            value = value.split(".", 1) if name == "GetAtt" else value
        else:
            value = loader.construct_sequence(node, deep=True)  # type: ignore[arg-type]
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}

    Loader.add_multi_constructor("!", written_out)
    return yaml.load(template.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - a safe one


def gradually(template: Mapping[str, Any], *, root: Path, digest: str) -> dict[str, Any]:
    """Return the template with a version and an alias of each function, to which calls are shifted step by step and
    back again when an alarm rings. All that calls a function calls its alias.

    `digest` is of all that makes a function another one, code and parameters: SAM publishes a version when it changes.
    `root` is the folder that the paths in the template are relative to."""
    resources = {name: dict(resource) for name, resource in template["Resources"].items()}
    functions = {name for name, one in resources.items() if one["Type"] == "AWS::Serverless::Function"}
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::StateMachine":
            aliased = _called_by_alias(resource["Properties"], functions)
            resource["Properties"] = aliased | {"DefinitionUri": str(root / aliased["DefinitionUri"])}
        if name in BRAKES:
            # By its name, because what the functions wait for would wait for them.
            resource["Properties"] = resource["Properties"] | {"AlarmName": _name(name)}
    common = template["Globals"]["Function"]
    shifted = {
        "CodeUri": str(root / common["CodeUri"]),
        "AutoPublishAlias": ALIAS,
        "DeploymentPreference": {"Type": SHIFT, "Alarms": [_name(brake) for brake in BRAKES]},
    }
    for name in functions:
        properties = resources[name]["Properties"]
        resources[name]["Properties"] = properties | {"AutoPublishCodeSha256": digest}
    return {**template, "Globals": {"Function": {**common, **shifted}}, "Resources": resources}


def digest_of(bundle: Path, parameters: Mapping[str, str]) -> str:
    """Return a SHA-256 (hex) of a bundle's files and of what a deployment gives to the parameters."""
    found = hashlib.sha256(repr(sorted(parameters.items())).encode())
    for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
        found.update(f"\n{path.relative_to(bundle)}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def references(node: Any) -> Iterator[str]:
    """Yield the resources, parameters and conditions that a part of a template names: by `Ref`, `Fn::GetAtt`, `Fn::If`
    and `Condition`."""
    match node:
        case {"Ref": str(name)} | {"Condition": str(name)} | {"Fn::If": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case _:
            pass
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from references(child)


def _name(alarm: str) -> dict[str, str]:
    return {"Fn::Sub": f"${{AWS::StackName}}-{alarm}"}


def _called_by_alias(node: Any, functions: set[str]) -> Any:
    match node:
        case {"Fn::GetAtt": [str(name), "Arn"]} if name in functions:
            return {"Ref": f"{name}.Alias"}
        case dict():
            return {key: _called_by_alias(value, functions) for key, value in node.items()}
        case list():
            return [_called_by_alias(value, functions) for value in node]
        case _:
            return node
