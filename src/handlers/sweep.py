"""Every five minutes: fire what an alarm missed, and deliver what the outbox still holds.

What cannot be delivered is tried again by each sweep of a day, after all else, and then given up: it stays in its case,
and a metric with an alarm counts it until `dueprocess replay` puts it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from adapters import procedures
from adapters.cases.execute import see_to
from adapters.cases.worklist import asleep
from adapters.post.delivery import put_off
from domain.errors import UnknownCase
from handlers.failures import Failed, ends_without_words, without_words
from handlers.outbox import deliver_from
from handlers.wiring import site

AT_MOST = 500
"""Cases and effects a run; the next one is five minutes away."""

EVERY = 100_000
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)

STREAM_TIME = timedelta(minutes=2)
"""So long the stream is given to deliver an effect before the sweep does."""

DEPLOYED_WITHIN = timedelta(minutes=30)
"""So long after the first sweep with new holidays or terms, open cases are counted again by each sweep: a function that
still ran the bundle before may have stored one, and the index may not have shown one yet."""

RESERVE_MS = 10_000
"""What has to be left of the function's time to begin with another one."""

logger = Logger()
metrics = Metrics()


class SweepIncomplete(Failed):
    """Some could not be done; each was logged. The function fails so that somebody is told."""


def _recount(now: datetime, context: Any) -> int:
    """Have every open case counted again where holidays or terms changed with a deployment, until all are. Return how
    many could not be. A case whose dates did not move is only read."""
    fingerprint = procedures.calendars()
    counted_on, again_until = site().store.counted_on()
    if counted_on == fingerprint and again_until is None:
        return 0
    failed = 0
    for ref in _every_open_case():
        if context.get_remaining_time_in_millis() < RESERVE_MS:
            return failed
        try:
            see_to(ref, site=site())
        except UnknownCase:
            logger.info("The case is gone; the index is behind.", ref=ref)
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            failed += 1
            logger.error("A case could not be counted again.", ref=ref, **without_words(error))
    if not failed and counted_on != fingerprint:
        # Where nothing was ever noted, nothing was counted by other calendars.
        until = now + DEPLOYED_WITHIN if counted_on else None
        site().store.note_counted_on(fingerprint, again_until=until)
    elif not failed and again_until is not None and again_until <= now:
        site().store.note_counted_on(fingerprint, again_until=None)
    return failed


def _every_open_case() -> Iterator[str]:
    """Yield the references of those that something wakes, and of those that nothing did by the rules before."""
    for entry in site().store.due("wake", FOREVER, limit=EVERY):
        yield entry["ref"]
    for slug in procedures.served_procedures({}):
        yield from asleep(slug, site=site())


def _wake(now: datetime, context: Any) -> tuple[int, int, bool]:
    """Return how many cases were woken, how many could not be, and whether some are left for the next sweep."""
    woken = failed = 0
    entries = site().store.due("wake", now, limit=AT_MOST)
    for entry in entries:
        if context.get_remaining_time_in_millis() < RESERVE_MS:
            return woken, failed, True
        try:
            see_to(entry["ref"], site=site())
            woken += 1
        except UnknownCase:
            logger.info("The case is gone; the index is behind.", ref=entry["ref"])
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            failed += 1
            logger.error("A case could not be woken.", ref=entry["ref"], **without_words(error))
    return woken, failed, len(entries) >= AT_MOST


def _deliver(now: datetime, context: Any) -> tuple[int, int, bool]:
    """Return how many effects were delivered, how many could not be, and whether some are left for the next sweep."""
    delivered = failed = 0
    entries = site().store.due("outbox", now - STREAM_TIME, limit=AT_MOST)
    for entry in entries:
        if context.get_remaining_time_in_millis() < RESERVE_MS:
            return delivered, failed, True
        try:
            delivered += deliver_from(entry["PK"], entry["SK"])
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            failed += 1
            logger.error(
                "An effect could not be delivered.",
                ref=entry["ref"],
                effect=entry["SK"],
                **without_words(error),
            )
            _put_off(entry)
    return delivered, failed, len(entries) >= AT_MOST


def _put_off(entry: dict[str, Any]) -> None:
    try:
        if put_off(entry["PK"], entry["SK"], site=site()):
            logger.error("An effect is given up.", ref=entry["ref"], effect=entry["SK"])
    except Exception as error:  # noqa: BLE001 - its words can hold an address
        # The next sweep tries it, and this, again.
        logger.error(
            "An effect could not be put off.", ref=entry["ref"], effect=entry["SK"], **without_words(error)
        )


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
@ends_without_words(logger)
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Return how many cases were woken and how many effects delivered, how many effects are given up by
    now, and whether some were left for the next sweep (1) or not (0)."""
    now = site().clock.now()
    woken, not_woken, cases_left = _wake(now, context)
    not_counted = _recount(now, context)
    delivered, not_delivered, effects_left = _deliver(now, context)
    given_up = len(site().store.due("given-up", FOREVER, limit=AT_MOST))
    metrics.add_metric(name="MissedAlarms", unit=MetricUnit.Count, value=woken)
    metrics.add_metric(name="LateDeliveries", unit=MetricUnit.Count, value=delivered)
    metrics.add_metric(name="GivenUp", unit=MetricUnit.Count, value=given_up)
    metrics.add_metric(
        name="CalendarMonthsLeft", unit=MetricUnit.Count, value=max(0, procedures.months_left(now))
    )
    if failed := not_woken + not_counted + not_delivered:
        raise SweepIncomplete(f"{failed} could not be done; see the log.")
    return {
        "woken": woken,
        "delivered": delivered,
        "given_up": given_up,
        "left": int(cases_left or effects_left),
    }
