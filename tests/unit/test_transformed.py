"""The template as SAM hands it to CloudFormation, against what the services behind it would say.

API Gateway reads the description of the API and warns of what is wrong with it, and a warning ends the deployment. No
emulator reads it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, cast

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from authoring.cloudformation import ALIAS, BRAKES, SHIFT, digest_of, gradually, read_template, references

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = {
    "an address of AWS's": {},
    "a domain of its own": {
        "DomainName": "complaints.example",
        "CertificateArn": "arn:aws:acm:eu-west-2:123456789012:certificate/1",
    },
}
ANY = "x-amazon-apigateway-any-method"
PSEUDO = {
    "AWS::StackName": "dueprocess",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-2",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
}


@cache
def transformed() -> Mapping[str, Any]:
    """What CloudFormation gets."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-2")  # SAM reads it from there only
    from local.template import transformed

    return transformed(
        ROOT / "template.yaml", {"Sender": "complaints@dueprocess.example"}, code_key="code.zip"
    )


class Deployment:
    """What CloudFormation makes of the template's own calls, with `parameters`."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        template = transformed()
        defaults = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
        self._values = {**PSEUDO, **defaults, **parameters}
        self._conditions = template["Conditions"]

    def resolve(self, value: Any) -> Any:
        """`value` with every call worked out; a resource and its attributes are their names."""
        match value:
            case {"Ref": str(name)}:
                return self._values.get(name, name)
            case {"Fn::GetAtt": [name, attribute]}:
                return f"{name}.{attribute}"
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda found: self._values.get(found[1], found[1]), text)
            case {"Fn::If": [condition, then, otherwise]}:
                return self.resolve(then if self._holds(self._conditions[condition]) else otherwise)
            case dict():
                return {key: self.resolve(each) for key, each in value.items()}
            case list():
                return [self.resolve(each) for each in value]
            case _:
                return value

    def _holds(self, condition: Any) -> bool:
        match condition:
            case {"Fn::Not": [one]}:
                return not self._holds(one)
            case {"Fn::Equals": [one, other]}:
                return bool(self.resolve(one) == self.resolve(other))
            case _:
                raise AssertionError(condition)


@pytest.fixture(params=DEPLOYMENTS)
def api(request: pytest.FixtureRequest) -> Any:
    """What is said of the API to API Gateway."""
    body = Deployment(DEPLOYMENTS[request.param]).resolve(
        transformed()["Resources"]["PublicApi"]["Properties"]["Body"]
    )
    # The specification knows no operation for all methods. It is looked into as one that is not used here; that it is
    # the default is the gateway's own word.
    paths = {
        path: {
            "trace" if method == ANY else method: {k: v for k, v in one.items() if k != "isDefaultRoute"}
            for method, one in item.items()
        }
        for path, item in body["paths"].items()
    }
    return {**body, "paths": paths}


def test_the_gateway_is_given_a_description_without_a_mistake(api: Any) -> None:
    """A description that breaks the specification brings a warning, and a warning ends the deployment."""
    assert transformed()["Resources"]["PublicApi"]["Properties"]["FailOnWarnings"] is True
    found = [f"{error.json_path}: {error.message}" for error in OpenAPIV30SpecValidator(api).iter_errors()]
    assert found == []


def test_every_operation_of_the_description_calls_a_function(api: Any) -> None:
    """A path that is described, and that no function answers, would be a route to nowhere."""
    operations = [(path, method, one) for path, item in api["paths"].items() for method, one in item.items()]
    assert operations
    assert [
        (path, method) for path, method, one in operations if "x-amazon-apigateway-integration" not in one
    ] == []


def shifted(tmp_path: Path, digest: str = "a" * 64) -> Mapping[str, Any]:
    """What CloudFormation gets where a deployment goes out gradually."""
    from local.template import transformed

    path = tmp_path / "gradual.json"
    template = gradually(read_template(ROOT / "template.yaml"), root=ROOT, digest=digest)
    path.write_text(json.dumps(template), encoding="utf-8")
    found = transformed(path, {"Sender": "complaints@dueprocess.example"}, code_key="code.zip")
    return cast("Mapping[str, Any]", found["Resources"])


def of_type(resources: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {name: one for name, one in resources.items() if one["Type"] == kind}


@pytest.fixture(scope="module")
def gradual(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-2")
    return shifted(tmp_path_factory.mktemp("gradual"))


def test_a_gradual_deployment_shifts_every_function_with_alarms_as_brakes(gradual: Mapping[str, Any]) -> None:
    """Each has an alias, which CodeDeploy moves step by step, and back again when one of two alarms rings."""
    functions = of_type(gradual, "AWS::Lambda::Function")
    aliases = of_type(gradual, "AWS::Lambda::Alias")
    assert {name.removesuffix(f"Alias{ALIAS}") for name in aliases} == {*functions}
    for alias in aliases.values():
        group = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"]
        said = gradual[group]["Properties"]
        assert SHIFT in json.dumps(said["DeploymentConfigName"])
        brakes = [alarm["Name"] for alarm in said["AlarmConfiguration"]["Alarms"]]
        assert said["AlarmConfiguration"]["Enabled"] is True
        assert brakes == [gradual[name]["Properties"]["AlarmName"] for name in BRAKES]


def test_all_that_calls_a_function_calls_its_alias(gradual: Mapping[str, Any]) -> None:
    """Routes, schedules, the stream, reports of mails and state machines: nothing calls what is not shifted."""
    aliases = of_type(gradual, "AWS::Lambda::Alias")
    functions = of_type(gradual, "AWS::Lambda::Function")
    callers = [
        *of_type(gradual, "AWS::ApiGatewayV2::Api").values(),
        *of_type(gradual, "AWS::Lambda::EventSourceMapping").values(),
        *of_type(gradual, "AWS::SNS::Subscription").values(),
        *of_type(gradual, "AWS::Scheduler::Schedule").values(),
        *of_type(gradual, "AWS::StepFunctions::StateMachine").values(),
        *of_type(gradual, "AWS::Lambda::Permission").values(),
    ]
    named = {name for caller in callers for name in calls(caller)}
    assert named & {*functions} == set()
    assert named & {*aliases} == {*aliases}


def calls(node: Any) -> set[str]:
    """All that a part of a template names, in whatever way."""
    inside = re.findall(r"\$\{(\w+)[.}]", json.dumps(node))
    return {*references(node), *inside}


def test_state_machines_may_call_the_alias(gradual: Mapping[str, Any]) -> None:
    """Their roles allow what their definitions call."""
    for machine, function in (("AlarmMachine", "AlarmFunction"), ("RetentionMachine", "RetentionFunction")):
        (policy,) = gradual[f"{machine}Role"]["Properties"]["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        (allowed,) = (one["Resource"] for one in statements if "lambda:InvokeFunction" in one["Action"])
        assert allowed == {"Ref": f"{function}Alias{ALIAS}"}


def test_no_resource_of_a_gradual_deployment_waits_for_itself(gradual: Mapping[str, Any]) -> None:
    """CloudFormation refuses a template in which it finds no first resource to make."""
    waits = {name: {*calls(one)} & gradual.keys() for name, one in gradual.items()}
    for name, one in gradual.items():
        after = one.get("DependsOn", [])
        waits[name] |= {after} if isinstance(after, str) else {*after}
    tuple(TopologicalSorter(waits).static_order())


def test_other_code_or_another_parameter_is_another_version(tmp_path: Path) -> None:
    """What would not be published would not be called."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "one.py").write_text("1")
    first = digest_of(bundle, {"Sender": "a@dueprocess.example"})
    assert first == digest_of(bundle, {"Sender": "a@dueprocess.example"})
    others = {digest_of(bundle, {"Sender": "b@dueprocess.example"})}
    (bundle / "one.py").write_text("2")
    others.add(digest_of(bundle, {"Sender": "a@dueprocess.example"}))
    assert first not in others
    versions = [{*of_type(shifted(tmp_path, digest), "AWS::Lambda::Version")} for digest in (first, *others)]
    assert not versions[0] & versions[1]
    assert not versions[0] & versions[2]


def test_a_deployment_is_not_gradual_by_itself() -> None:
    """Without being asked for there is neither version nor alias, on the local stack and on AWS."""
    assert not of_type(transformed()["Resources"], "AWS::Lambda::Alias")
