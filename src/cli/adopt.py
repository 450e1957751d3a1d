"""The command `adopt`: begin a new stack with the tables and the bucket that a deleted one left behind.

CloudFormation imports them into a stack that holds nothing else; deploying adds the rest. docs/deploy.md tells people
about it.
"""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import click

from authoring.cloudformation import read_template, references
from cli import CannotRun
from cli.aws import refusals_in_words

ROOT: Final = Path(__file__).resolve().parents[2]

CHANGE: Final = "adopt"
"""What the change of the stack is called while it lasts."""


@click.command()
@click.option("--env", "environment", required=True, help="Environment of samconfig.toml.")
@click.option("--table", required=True, help="Name of the table that was kept.")
@click.option("--keys", default="", help="Name of the table of keys that was kept, if there is one.")
@click.option("--bucket", required=True, help="Name of the bucket that was kept.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
def adopt(environment: str, table: str, keys: str, bucket: str, endpoint_url: str | None) -> None:
    """Begin a new stack with the tables and bucket that a deleted one left behind.

    Deploy afterwards, which adds everything else. Cases, documents and links stay as they are.
    """
    given = environment_of(environment)
    stack, region = given["stack_name"], given["region"]
    with refusals_in_words():
        import boto3

        stacks = boto3.Session(region_name=region).client("cloudformation", endpoint_url=endpoint_url)
        if _is_there(stacks, stack):
            raise CannotRun(
                f"There is already a stack {stack}. Only a new one can adopt what another left behind."
            )
        named = {
            "CasesTable": {"TableName": table},
            **({"KeysTable": {"TableName": keys}} if keys else {}),
            "DocumentsBucket": {"BucketName": bucket},
        }
        _import(stacks, stack, beginning(ROOT / "template.yaml", named), values_of(given), named)
    tables = f"tables {table} and {keys}" if keys else f"table {table}"
    click.echo(f"{stack} has the {tables} and the bucket {bucket}.")
    click.echo(f"Now deploy the rest: make deploy ENV={environment}")


def beginning(template: Path, named: Iterable[str]) -> dict[str, Any]:
    """Return of the template the resources of these names, and the parameters and conditions that they depend on."""
    whole = read_template(template)
    resources = {name: whole["Resources"][name] for name in named}
    conditions: dict[str, Any] = {}
    wanted = {*references(resources)}
    while more := {name for name in wanted if name in whole["Conditions"]} - conditions.keys():
        conditions |= {name: whole["Conditions"][name] for name in more}
        wanted |= {*references(conditions)}
    return {
        "AWSTemplateFormatVersion": whole["AWSTemplateFormatVersion"],
        "Parameters": {name: said for name, said in whole["Parameters"].items() if name in wanted},
        "Conditions": conditions,
        "Resources": resources,
    }


def _import(
    stacks: Any,
    stack: str,
    template: Mapping[str, Any],
    values: Mapping[str, str],
    named: Mapping[str, Mapping[str, str]],
) -> None:
    from botocore.exceptions import WaiterError

    stacks.create_change_set(
        StackName=stack,
        ChangeSetName=CHANGE,
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": values[name]}
            for name in template["Parameters"]
            if name in values
        ],
        ResourcesToImport=[
            {
                "LogicalResourceId": name,
                "ResourceType": template["Resources"][name]["Type"],
                "ResourceIdentifier": identifier,
            }
            for name, identifier in named.items()
        ],
    )
    change = {"StackName": stack, "ChangeSetName": CHANGE}
    try:
        stacks.get_waiter("change_set_create_complete").wait(**change, WaiterConfig={"Delay": 2})
    except WaiterError as error:
        reason = stacks.describe_change_set(**change).get("StatusReason", "")
        stacks.delete_stack(StackName=stack)  # holds nothing yet
        raise CannotRun(f"AWS cannot import them: {reason}") from error
    stacks.execute_change_set(**change)
    stacks.get_waiter("stack_import_complete").wait(StackName=stack, WaiterConfig={"Delay": 2})


def _is_there(stacks: Any, stack: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        stacks.describe_stacks(StackName=stack)
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return False
        raise
    return True


def environment_of(name: str) -> dict[str, Any]:
    """Return what samconfig.toml gives to `sam deploy` for an environment. CannotRun: it has none of that name."""
    settings = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    try:
        given: dict[str, Any] = settings[name]["deploy"]["parameters"]
    except KeyError:
        raise CannotRun(f"samconfig.toml has no environment {name}.") from None
    return given


def values_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Return what an environment of samconfig.toml gives to the parameters."""
    overrides = given.get("parameter_overrides", [])
    pairs = shlex.split(overrides) if isinstance(overrides, str) else overrides
    return dict(pair.split("=", 1) for pair in pairs)
