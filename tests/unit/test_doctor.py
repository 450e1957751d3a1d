"""What `dueprocess doctor` says of what AWS says: one thing is wrong, and it says so and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from cli.given_up import QUEUES
from cli.readiness import AHEAD, PENDING, Readings, observations

NOW: Final = datetime(2026, 11, 27, 12, tzinfo=UTC)
IDENTITY: Final[dict[str, Any]] = {
    "VerifiedForSendingStatus": True,
    "DkimAttributes": {"Status": "SUCCESS"},
    "MailFromAttributes": {
        "MailFromDomain": "bounces.organisation.example",
        "MailFromDomainStatus": "SUCCESS",
    },
}
ACCOUNT: Final = {"ProductionAccessEnabled": True, "SendingEnabled": True, "EnforcementStatus": "HEALTHY"}
SOUND: Final = Readings(
    status="UPDATE_COMPLETE",
    parameters={"Environment": "production", "RecoveryPeriodInDays": "35"},
    account=ACCOUNT,
    identity=IDENTITY,
    subscriptions=("arn:aws:sns:eu-west-2:123456789012:alarms:1",),
    schedules={"sweep": "ENABLED", "retention": "ENABLED"},
    given_up=0,
    dead_letters=dict.fromkeys(QUEUES, 0),
    ringing=(),
    recovery_days=35,
    is_protected=True,
    has_secret=True,
    keys_recovery_days=1,
    are_keys_protected=True,
    is_versioned=True,
    functions_at_once=1000,
    known_until=date(2028, 12, 31),
)


def to_do(said: Readings, now: datetime = NOW) -> dict[str, str]:
    return {
        observation.about: observation.to_do
        for observation in observations(said, now=now)
        if observation.to_do
    }


def test_a_sound_deployment_has_nothing_to_do() -> None:
    """Nothing is wished for beyond what is needed."""
    assert to_do(SOUND) == {}


@pytest.mark.parametrize(
    ("wrong", "about", "said"),
    [
        ({"status": "UPDATE_ROLLBACK_COMPLETE"}, "The stack is deployed", "failed"),
        ({"status": "UPDATE_IN_PROGRESS"}, "The stack is deployed", "Ask again"),
        ({"status": "IMPORT_COMPLETE"}, "The stack is deployed", "Deploy the rest"),
        ({"account": {**ACCOUNT, "ProductionAccessEnabled": False}}, "SES sends for", "sandbox"),
        ({"account": {**ACCOUNT, "SendingEnabled": False}}, "SES sends for", "stopped"),
        ({"account": {**ACCOUNT, "EnforcementStatus": "PROBATION"}}, "SES sends for", "is reviewing"),
        (
            {"identity": {**IDENTITY, "VerifiedForSendingStatus": False}},
            "The sender's domain",
            "SenderRecord1",
        ),
        (
            {"identity": {**IDENTITY, "DkimAttributes": {"Status": "PENDING"}}},
            "Mails are signed",
            "cannot sign",
        ),
        ({"identity": {**IDENTITY, "MailFromAttributes": {}}}, "Mails are signed", "no custom MAIL FROM"),
        (
            {
                "identity": {
                    **IDENTITY,
                    "MailFromAttributes": {"MailFromDomain": "b", "MailFromDomainStatus": "PENDING"},
                }
            },
            "Mails are signed",
            "MailFromRecord1",
        ),
        ({"subscriptions": ()}, "Someone is told", "AlarmEmail"),
        ({"subscriptions": (PENDING,)}, "Someone is told", "click the link"),
        ({"ringing": ("NoSweepAlarm",)}, "No alarm is ringing", "NoSweepAlarm"),
        ({"schedules": {"sweep": "ENABLED", "retention": ""}}, "The sweep and the retention", "retention"),
        ({"given_up": 3}, "Nothing has been given up", "3 mails or alarms. Fix"),
        (
            {"dead_letters": {"MissedSchedulesQueue": 2}},
            "Nothing has been given up",
            "2 in MissedSchedulesQueue",
        ),
        ({"recovery_days": 0}, "What is lost", "cannot be restored"),
        ({"recovery_days": 7}, "What is lost", "for 7 days, not for 35"),
        ({"is_versioned": False}, "What is lost", "no older versions"),
        ({"is_protected": False}, "What is lost", "not protected"),
        ({"has_secret": False}, "What people write", "dueprocess secret"),
        ({"keys_recovery_days": 0}, "What people write", "one day"),
        ({"keys_recovery_days": 35}, "What people write", "one day"),
        ({"are_keys_protected": False}, "What people write", "not protected"),
        ({"functions_at_once": 10}, "The account runs", "It runs 10"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_else(wrong: dict[str, Any], about: str, said: str) -> None:
    """One thing that AWS says otherwise is one thing to do."""
    ((found, sentence),) = to_do(replace(SOUND, **wrong)).items()
    assert found.startswith(about)
    assert said in sentence


def test_a_domain_that_ses_does_not_know_comes_first() -> None:
    """What follows from it is not said twice."""
    found = to_do(replace(SOUND, identity=None))
    assert [*found.values()][1] == "Verify the domain first."


def test_holidays_are_asked_for_in_time() -> None:
    """A year before they end, and not a day earlier."""
    last = datetime.combine(SOUND.known_until - AHEAD, NOW.timetz())
    assert to_do(SOUND, last) == {}
    ((_, sentence),) = to_do(SOUND, last + timedelta(days=1)).items()
    assert "31 December 2028" in sentence


def test_only_production_has_to_be_protected() -> None:
    """Staging is made to be thrown away."""
    assert to_do(replace(SOUND, is_protected=False, parameters={"Environment": "staging"})) == {}
