"""A deleted deployment is deployed again, with the cases that it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.account import CREDENTIALS, REGION
from local.deploy import STACK, deploy
from local.stack import LocalStack
from local.template import Source
from tests.e2e.conftest import StartStack
from tests.e2e.people import Town, get
from tests.e2e.test_kills import Person

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]


def deleted(stack: LocalStack) -> dict[str, str]:
    """Delete the CloudFormation stack; what was in it. Table and bucket are left."""
    kept, stacks = stack.resources(), stack.client("cloudformation")
    stacks.delete_stack(StackName=STACK)
    stacks.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    assert kept["CasesTable"] in stack.client("dynamodb").list_tables()["TableNames"]
    return kept


def adopted(stack: LocalStack, kept: Mapping[str, str]) -> str:
    """Begin a new CloudFormation stack with what is left, by the command; what it says. A deployment has to follow."""
    ended = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "cli.main", "adopt", "--env", "local"),
            *("--table", kept["CasesTable"], "--keys", kept["KeysTable"]),
            *("--bucket", kept["DocumentsBucket"]),
            *("--endpoint-url", stack.client("cloudformation").meta.endpoint_url),
        ],
        env={**os.environ, **{name.upper(): value for name, value in CREDENTIALS.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_new_stack_adopts_what_a_deleted_one_left(start_stack: StartStack) -> None:
    """Deleting the stack leaves table and bucket; a new one begins with them, and what was sent before leads to the
    same case."""
    stack = start_stack()
    town = Town(stack)
    person = Person(town, "adopted")
    person.ref = person.ask().json()["reference"]
    town.settle()
    link = next(url for url in stack.mail(person.email)["links"] if "/l/" in url)
    kept = deleted(stack)
    assert "make deploy ENV=local" in adopted(stack, kept)
    (stack.data / "deployed.json").unlink()
    source = Source(
        template=ROOT / "template.yaml",
        bundle=ROOT / "build" / "local",
        python=Path(sys.executable),
        environment={"PUBLIC_URL": stack.base_url},
    )
    endpoint = stack.client("cloudformation").meta.endpoint_url
    deploy(source, endpoint=endpoint, region=REGION, record=stack.data / "deployed.json")

    found = stack.resources()
    for name in ("CasesTable", "KeysTable", "DocumentsBucket"):
        assert found[name] == kept[name]
    assert found["PublicApi"] != kept["PublicApi"]
    answer = get(f"{endpoint}/_aws/execute-api/{found['PublicApi']}/$default{urlsplit(link).path}")
    assert (answer.status, person.ref in answer.text) == (200, True)
