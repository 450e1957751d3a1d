"""An alarm goes off: the task of alarm.asl.yaml.

What is due is worked out afresh. An alarm that has been overtaken reads the case once and writes nothing.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from adapters.execute import execute
from domain.commands import Wake
from domain.errors import UnknownCase
from handlers.wiring import desk

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event`: ref, deadline, version, at. Answers with the version of the case afterwards."""
    ref = str(event["ref"])
    logger.set_correlation_id(ref)
    try:
        case = execute(ref, Wake(), desk=desk())
    except UnknownCase:
        logger.info("The case is gone; the alarm is stale.")
        return {"ref": ref, "version": 0}
    logger.info("Woken.", deadline=event["deadline"], set_at=event["version"], version=case.version)
    return {"ref": ref, "version": case.version}
