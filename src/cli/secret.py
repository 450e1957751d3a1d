"""The command `secret`: see that a deployment has the secret that opens the keys of cases, or draw a new version of it.

What it is and why it lies where it lies: docs/decisions/0035-a-key-for-each-case.md.
"""

from __future__ import annotations

from typing import Any

import click

from authoring.cloudformation import read_template
from cli.adopt import ROOT, environment_of, values_of
from cli.aws import refusals_in_words


@click.command()
@click.option("--env", "environment", required=True, help="Environment of samconfig.toml.")
@click.option("--new", "anew", is_flag=True, help="Draw a new version, even though there is one.")
@click.option("--endpoint-url", help="Address of AWS, if not its own: that of the local stack's emulator.")
def secret(environment: str, anew: bool, endpoint_url: str | None) -> None:
    """See that a deployment has its secret. `make deploy` asks for this first.

    With --new, what is written from now on is wrapped by a new version. Run `dueprocess seal` afterwards: it wraps the
    keys of all cases anew. The former versions stay, for backups.
    """
    given = environment_of(environment)
    name = name_of(given)
    with refusals_in_words():
        import boto3

        from adapters.secrets import begin

        client = boto3.Session(region_name=given["region"]).client("ssm", endpoint_url=endpoint_url)
        is_new = begin(name, client=client, anew=anew)
    if anew:
        click.echo(f"The secret {name} has a new version. Now wrap the keys anew: dueprocess seal")
    else:
        click.echo(f"The secret {name} was drawn." if is_new else f"The secret {name} is there.")


def name_of(given: dict[str, Any]) -> str:
    """Return the name of the parameter that an environment of samconfig.toml has, or the template."""
    parameters = read_template(ROOT / "template.yaml")["Parameters"]
    return values_of(given).get("SecretName", str(parameters["SecretName"]["Default"]))
