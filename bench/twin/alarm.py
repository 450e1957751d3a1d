"""The task of a state machine that waits for a deadline, in the same application."""

from __future__ import annotations

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Say whether the deadline was missed."""
    found = table.get_item(Key={"PK": f"CASE#{event['ref']}", "SK": "STATE"}).get("Item")
    missed = found is not None and found["due"] <= event["at"]
    logger.info("Woken.", extra={"reference": event["ref"], "missed": missed})
    return {"ref": event["ref"], "missed": missed}
