"""AWS as commands meet it: what it refuses is told in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cli import CannotRun

if TYPE_CHECKING:
    from adapters.cases.store import CaseStore


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


def sealed_cases(stack: str, found: Mapping[str, str], *, client: Callable[[str], Any]) -> CaseStore:
    """Return the cases of a stack, with what opens and seals them. `found`: its resources, `CasesTable` and `KeysTable`
    among them; `client` makes one for a service."""
    from adapters.cases.store import CaseStore
    from adapters.secrets import ParameterSecrets

    (described,) = client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", ())}
    return CaseStore(
        client=client("dynamodb"),
        table=found["CasesTable"],
        keys=found["KeysTable"],
        secrets=ParameterSecrets(client=lambda: client("ssm"), name=parameters["SecretName"]),
    )


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
