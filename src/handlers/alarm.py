"""An alarm goes off: the task of alarm.asl.yaml.

What is due is worked out afresh. An alarm that has been overtaken reads the case once and writes nothing.

Each alarm is a start of its own, so this module imports no logger but the standard library's.
"""

from __future__ import annotations

from typing import Any

from adapters.cases.execute import execute
from domain.acts.waking import Wake
from domain.errors import UnknownCase
from handlers.log import begin, logger
from handlers.wiring import site


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Wake a case. `event`: ref, deadline, version, at. Answers with the version of the case afterwards, 0 where it is
    gone. Failed: the case could not be woken."""
    ref = str(event["ref"])
    begin(context, correlation_id=getattr(context, "aws_request_id", ""))
    try:
        version = execute(ref, Wake(), site=site()).version
    except UnknownCase:
        version = 0
    except Exception as error:  # noqa: BLE001 - its words can hold an address
        # Few alarms fail, and all would wait for this to be imported.
        from handlers.failures import Failed, without_words

        logger.error("The case could not be woken.", extra={"ref": ref, **without_words(error)})
        raise Failed("The case could not be woken; see the log.") from None
    facts = {
        "ref": ref,
        "deadline": event["deadline"],
        "set_at": event["version"],
        "version": version,
    }
    logger.info("Woken." if version else "The case is gone; the alarm is stale.", extra=facts)
    return {"ref": ref, "version": version}
