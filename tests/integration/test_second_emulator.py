"""The template on moto's CloudFormation, beside the emulator of the local stack: two that read it see more than one.

Left out are the API and SES, which the local stack has, and what belongs to them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws

from local.template import CODE_BUCKET
from tests.unit.test_transformed import transformed

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning"),
]

LEFT_OUT = ("AWS::ApiGatewayV2::", "AWS::SES::")

CREATED: Final = frozenset(
    [
        "AWS::DynamoDB::Table",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::StepFunctions::StateMachine",
    ]
)
"""The types that moto creates."""

NOT_CREATED: Final = frozenset(
    [
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::Scheduler::Schedule",
    ]
)
"""Those that it passes over. `make check` holds them against the schemas that AWS publishes of resources."""

SENDER = {"ParameterKey": "Sender", "ParameterValue": "complaints@dueprocess.example"}
TRACED = {"ParameterKey": "Tracing", "ParameterValue": "Active"}


def without(node: Any, gone: set[str]) -> Any:
    """A part of a template in which whatever refers to resources that are `gone` is their name."""
    match node:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]} if name in gone:
            return name
        case {"Fn::Sub": str(text)}:
            return {"Fn::Sub": re.sub(rf"\$\{{({'|'.join(gone)})(\.\w+)?\}}", r"\1", text)}
        case {"Fn::Sub": [str(text), dict(names)]}:
            return {"Fn::Sub": [without({"Fn::Sub": text}, gone)["Fn::Sub"], without(names, gone)]}
        case dict():
            return {key: without(each, gone) for key, each in node.items()}
        case list():
            return [without(each, gone) for each in node]
        case _:
            return node


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    """What moto is given."""
    whole: dict[str, Any] = json.loads(json.dumps(transformed()))
    resources = whole["Resources"]
    gone = {name for name, one in resources.items() if one["Type"].startswith(LEFT_OUT)}
    kept = {name: without(one, gone) for name, one in resources.items() if name not in gone}
    for one in kept.values():
        if one.get("DependsOn") in gone:
            del one["DependsOn"]
    return {**{key: whole[key] for key in ("Parameters", "Conditions", "Rules")}, "Resources": kept}


@pytest.fixture(scope="module")
def created(given: dict[str, Any]) -> Iterator[set[str]]:
    """The types of resources that there are."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handlers/__init__.py", "")
    with mock_aws():
        bucket, stacks = (boto3.client(name, region_name="eu-west-2") for name in ("s3", "cloudformation"))
        bucket.create_bucket(
            Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
        )
        bucket.put_object(Bucket=CODE_BUCKET, Key="code.zip", Body=code.getvalue())
        stacks.create_stack(
            StackName="dueprocess", TemplateBody=json.dumps(given), Parameters=[SENDER, TRACED]
        )
        pages = stacks.get_paginator("list_stack_resources").paginate(StackName="dueprocess")
        found = [one for page in pages for one in page["StackResourceSummaries"]]
        assert stacks.describe_stacks(StackName="dueprocess")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
        # Some have no name in what moto lists.
        yield {given["Resources"][name]["Type"] for one in found if (name := one["LogicalResourceId"])}


def test_what_moto_creates_is_known(given: dict[str, Any], created: set[str]) -> None:
    """A type that moto creates now, or no longer, is moved from one list to the other by whoever reads this."""
    declared = {one["Type"] for one in given["Resources"].values()}
    assert created == CREATED
    assert declared - created == NOT_CREATED
