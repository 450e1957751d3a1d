"""AWS as commands meet it: what it refuses is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from cli import CannotRun


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Have what AWS refuses, or that it cannot be reached, told as a sentence (`CannotRun`)."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        raise CannotRun(
            f"AWS refused {error.operation_name}: {said.get('Message') or said.get('Code')}"
        ) from error
    except BotoCoreError as error:
        raise CannotRun(f"AWS could not be reached: {error}") from error


def parameters_of(stack: str, *, stacks: Any) -> dict[str, str]:
    """Return the values of a stack's parameters, by name. `stacks`: boto3's client for CloudFormation."""
    (found,) = stacks.describe_stacks(StackName=stack)["Stacks"]
    return {one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", ())}


def resources_of(stack: str, needed: Iterable[str], *, stacks: Any) -> dict[str, str]:
    """Return the physical id of each resource of a stack, by its id in template.yaml. CannotRun: one of those that are
    `needed` is not there. `stacks`: boto3's client for CloudFormation."""
    pages = stacks.get_paginator("list_stack_resources").paginate(StackName=stack)
    found = {
        resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "")
        for page in pages
        for resource in page["StackResourceSummaries"]
    }
    if missing := [name for name in needed if not found.get(name)]:
        raise CannotRun(
            f"The stack {stack} is not a deployment of Dueprocess, or is an older one: it does not have {missing[0]}."
        )
    return found
