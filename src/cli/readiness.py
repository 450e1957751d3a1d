"""Whether a deployment is ready to serve: what AWS says of it, and what is to be done.

Asking and judging are apart: `read` asks AWS and changes nothing, `observations` works on what it said alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from authoring.holidays import REGIONS, kept, known_until
from cli.aws import resources_of
from cli.given_up import QUEUES

NEEDED: Final = ("CasesTable", "KeysTable", "DocumentsBucket", "AlarmsTopic", *QUEUES)
"""The resources of template.yaml that are asked about."""

SCHEDULES: Final = ("sweep", "retention")
"""What their names end in, after the stack's name."""

AHEAD: Final = timedelta(days=365)
"""How far ahead holidays have to be known: the longest deadlines are counted in months."""

FEW: Final = 100
"""Functions at once that an account should be allowed; a new one may have ten."""

PENDING: Final = "PendingConfirmation"
"""What SNS says in the place of a subscription's name until it is confirmed."""


class Observation(NamedTuple):
    """What was looked at; and what is to be done about it, in sentences, empty where nothing is."""

    about: str
    to_do: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What AWS says of a deployment."""

    status: str
    """The stack's."""
    parameters: Mapping[str, str]
    account: Mapping[str, Any]
    """SES's answer about the account."""
    identity: Mapping[str, Any] | None
    """SES's answer about the sender's address, its domain or one above; None: it knows none of them."""
    subscriptions: tuple[str, ...]
    """Those of the topic of alarms: their names, or `PENDING`."""
    schedules: Mapping[str, str]
    """`ENABLED`, `DISABLED`, or empty where there is none."""
    given_up: int
    dead_letters: Mapping[str, int]
    ringing: tuple[str, ...]
    """The ids in template.yaml of the alarms that ring."""
    recovery_days: int
    """0: the table cannot be restored."""
    is_protected: bool
    """Whether the table is protected against deletion."""
    has_secret: bool
    """Whether there is the parameter that opens the keys of cases."""
    keys_recovery_days: int
    """0: the table of keys cannot be restored."""
    are_keys_protected: bool
    """Whether the table of keys is protected against deletion."""
    is_versioned: bool
    """Whether the bucket keeps what is overwritten or deleted."""
    functions_at_once: int
    known_until: date
    """The last day of which holidays are known; that AWS cannot say, but what is here to be deployed can."""


def observations(said: Readings, *, now: datetime) -> Iterator[Observation]:
    """Yield what was found, in the order in which it is best seen to."""
    yield Observation("The stack is deployed", _of_stack(said.status))
    yield Observation("SES sends for this account", _of_account(said.account))
    yield Observation("The sender's domain is verified", _of_identity(said.identity))
    yield Observation("Mails are signed and come from the sender's own domain", _of_alignment(said.identity))
    yield Observation("Someone is told about alarms", _of_subscriptions(said))
    yield Observation("No alarm is ringing", _of_alarms(said.ringing))
    yield Observation("The sweep and the retention run are scheduled", _of_schedules(said.schedules))
    yield Observation("Nothing has been given up", _of_given_up(said))
    yield Observation("Holidays are known for the year ahead", _of_horizon(said.known_until, now.date()))
    yield Observation("What people write can be sealed and opened", _of_keys(said))
    yield Observation("What is lost can be restored", _of_backups(said))
    yield Observation("The account runs enough functions at once", _of_concurrency(said.functions_at_once))


def _of_stack(status: str) -> str:
    match status:
        case "CREATE_COMPLETE" | "UPDATE_COMPLETE":
            return ""
        case "IMPORT_COMPLETE":
            return "It holds only the table and the bucket. Deploy the rest: make deploy."
        case _ if "IN_PROGRESS" in status:
            return f"A deployment is in progress ({status}). Ask again when it has finished."
        case _:
            return f"The last deployment failed ({status}). Its events say why. Fix that, then deploy again."


def _of_account(account: Mapping[str, Any]) -> str:
    if not account.get("SendingEnabled", True) or account.get("EnforcementStatus", "HEALTHY") == "SHUTDOWN":
        return "SES has stopped this account from sending. The SES console says why, and how to ask for a review."
    if not account.get("ProductionAccessEnabled"):
        return "It is in SES's sandbox, so complainants get no emails. Ask for production access in the SES console."
    if account.get("EnforcementStatus", "HEALTHY") != "HEALTHY":
        return (
            "SES is reviewing this account because of bounces or complaints. The SES console says what to do."
        )
    return ""


def _of_identity(identity: Mapping[str, Any] | None) -> str:
    if identity is None:
        return "SES does not know it. Deploy with CreateSenderIdentity=yes, or set the domain up in the SES console."
    if not identity.get("VerifiedForSendingStatus"):
        return "Publish the records SenderRecord1 to 3 of the stack's outputs, then wait a few minutes."
    return ""


def _of_alignment(identity: Mapping[str, Any] | None) -> str:
    if identity is None:
        return "Verify the domain first."
    said = []
    if identity.get("DkimAttributes", {}).get("Status") != "SUCCESS":
        said.append("SES cannot sign yet: publish SenderRecord1 to 3.")
    mail_from = identity.get("MailFromAttributes", {})
    if not mail_from.get("MailFromDomain"):
        said.append("The identity has no custom MAIL FROM domain: set one up in the SES console.")
    elif mail_from.get("MailFromDomainStatus") != "SUCCESS":
        said.append("Bounces go to SES's own domain: publish MailFromRecord1 and 2.")
    return " ".join(said)


def _of_subscriptions(said: Readings) -> str:
    if not said.subscriptions:
        return "Nobody is. Deploy with an AlarmEmail."
    if all(arn == PENDING for arn in said.subscriptions):
        return "AlarmEmail has not been confirmed: click the link in the mail from AWS."
    return ""


def _of_alarms(ringing: tuple[str, ...]) -> str:
    if not ringing:
        return ""
    return f"{', '.join(ringing)}: docs/deploy.md says what to do, under “What is watched”."


def _of_schedules(schedules: Mapping[str, str]) -> str:
    still = [name for name, state in schedules.items() if state != "ENABLED"]
    return f"Switched off or missing: {', '.join(still)}. Switch it on, or deploy again." if still else ""


def _of_given_up(said: Readings) -> str:
    messages = {name: count for name, count in said.dead_letters.items() if count}
    if not (said.given_up or messages):
        return ""
    counted = [f"{said.given_up} mails or alarms"] if said.given_up else []
    counted += [f"{count} in {name}" for name, count in messages.items()]
    return f"{', '.join(counted)}. Fix the cause, then put them back: dueprocess replay."


def _of_horizon(until: date, today: date) -> str:
    if until - today >= AHEAD:
        return ""
    return f"They are known until {until.day} {until:%B %Y}. docs/deploy.md says what to do, under “Every autumn”."


def _of_keys(said: Readings) -> str:
    to_do = []
    if not said.has_secret:
        name = said.parameters.get("SecretName", "that SecretName names")
        to_do.append(
            f"There is no parameter {name}: run `dueprocess secret`. Nothing can be taken without it."
        )
    if said.keys_recovery_days != 1:
        to_do.append("The table of keys cannot be restored for one day, no less and no more: deploy again.")
    if said.parameters.get("Environment") == "production" and not said.are_keys_protected:
        to_do.append("Production's table of keys is not protected against deletion: deploy again.")
    return " ".join(to_do)


def _of_backups(said: Readings) -> str:
    wanted = int(said.parameters.get("RecoveryPeriodInDays", "35"))
    to_do = []
    if not said.recovery_days:
        to_do.append("The table cannot be restored to an earlier time: deploy again.")
    elif said.recovery_days < wanted:
        to_do.append(
            f"The table can be restored for {said.recovery_days} days, not for {wanted}: deploy again."
        )
    if not said.is_versioned:
        to_do.append("The bucket keeps no older versions: deploy again.")
    if said.parameters.get("Environment") == "production" and not said.is_protected:
        to_do.append("Production's table is not protected against deletion: deploy again.")
    return " ".join(to_do)


def _of_concurrency(functions_at_once: int) -> str:
    if functions_at_once >= FEW:
        return ""
    return f"It runs {functions_at_once}. Ask AWS for more: quota “Concurrent executions” of Lambda."


# Asking.


def read(stack: str, client: Callable[[str], Any]) -> Readings:
    """Return what AWS says of the stack. `client`: returns boto3's client for a service. CannotRun: the stack is not
    one of ours."""
    stacks = client("cloudformation")
    (described,) = stacks.describe_stacks(StackName=stack)["Stacks"]
    resources = resources_of(stack, NEEDED, stacks=stacks)
    parameters = {given["ParameterKey"]: given["ParameterValue"] for given in described.get("Parameters", ())}
    dynamodb, table, keys = client("dynamodb"), resources["CasesTable"], resources["KeysTable"]
    versioning = client("s3").get_bucket_versioning(Bucket=resources["DocumentsBucket"])
    return Readings(
        status=described["StackStatus"],
        parameters=parameters,
        account=client("sesv2").get_account(),
        identity=_identity(parameters.get("Sender", ""), client("sesv2")),
        subscriptions=_subscriptions(resources["AlarmsTopic"], client("sns")),
        schedules={name: _schedule(f"{stack}-{name}", client("scheduler")) for name in SCHEDULES},
        given_up=_given_up(table, dynamodb),
        dead_letters={name: _waiting(resources[name], client("sqs")) for name in QUEUES},
        ringing=_ringing(resources, client("cloudwatch")),
        recovery_days=_recovery_days(table, dynamodb),
        is_protected=_is_protected(table, dynamodb),
        has_secret=_has_parameter(parameters.get("SecretName", ""), client("ssm")),
        keys_recovery_days=_recovery_days(keys, dynamodb),
        are_keys_protected=_is_protected(keys, dynamodb),
        is_versioned=versioning.get("Status") == "Enabled",
        functions_at_once=client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"],
        known_until=min(known_until(region, kept()) for region in REGIONS),
    )


def _recovery_days(table: str, dynamodb: Any) -> int:
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    is_on = recovery.get("PointInTimeRecoveryStatus") == "ENABLED"
    # Where it does not say, it is as long as can be.
    return int(recovery.get("RecoveryPeriodInDays", 35)) if is_on else 0


def _is_protected(table: str, dynamodb: Any) -> bool:
    return bool(dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"))


def _has_parameter(name: str, ssm: Any) -> bool:
    # It is not read: who looks after a deployment need not know it.
    filters = [{"Key": "Name", "Values": [name]}]
    return bool(name) and bool(ssm.describe_parameters(ParameterFilters=filters)["Parameters"])


def _identity(sender: str, ses: Any) -> Mapping[str, Any] | None:
    labels = sender.rpartition("@")[2].split(".")
    for name in (sender, *(".".join(labels[start:]) for start in range(len(labels) - 1))):
        try:
            found: Mapping[str, Any] = ses.get_email_identity(EmailIdentity=name)
        except ses.exceptions.NotFoundException:
            continue
        return found
    return None


def _subscriptions(topic: str, sns: Any) -> tuple[str, ...]:
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    return tuple(found["SubscriptionArn"] for page in pages for found in page["Subscriptions"])


def _schedule(name: str, scheduler: Any) -> str:
    try:
        return str(scheduler.get_schedule(Name=name)["State"])
    except scheduler.exceptions.ResourceNotFoundException:
        return ""


def _given_up(table: str, dynamodb: Any) -> int:
    from adapters.cases.table import SHARDS

    counted = 0
    for shard in range(SHARDS):
        pages = dynamodb.get_paginator("query").paginate(
            TableName=table,
            IndexName="due",
            Select="COUNT",
            KeyConditionExpression="due_shard = :shard",
            ExpressionAttributeValues={":shard": {"S": f"given-up#{shard}"}},
        )
        counted += sum(page["Count"] for page in pages)
    return counted


def _waiting(queue: str, sqs: Any) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def _ringing(resources: Mapping[str, str], cloudwatch: Any) -> tuple[str, ...]:
    names = {physical: name for name, physical in resources.items() if name.endswith("Alarm")}
    pages = cloudwatch.get_paginator("describe_alarms").paginate(StateValue="ALARM")
    ringing = {alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]}
    return tuple(sorted(names[alarm] for alarm in ringing & names.keys()))
