"""The template as SAM hands it to CloudFormation, against what the services behind it would say.

API Gateway reads the description of the API and warns of what is wrong with it, and a warning ends the deployment. No
emulator reads it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

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
