"""The template against what it promises, and against the handlers and sample events that belong to it.

Whether it is a valid template is for cfn-lint and `sam validate` to say (`make check`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.browser.gateway import gateway_routes

ROOT = Path(__file__).parents[2]


class Intrinsic(dict[str, Any]):
    """A call of one of CloudFormation's functions, such as `{"GetAtt": "CasesTable.Arn"}`."""


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms."""


def _intrinsic(loader: Loader, name: str, node: yaml.Node) -> Intrinsic:
    if isinstance(node, yaml.SequenceNode):
        return Intrinsic({name: loader.construct_sequence(node, deep=True)})
    assert isinstance(node, yaml.ScalarNode)
    return Intrinsic({name: loader.construct_scalar(node)})


Loader.add_multi_constructor("!", _intrinsic)

TEMPLATE: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Loader=Loader)
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a type, by logical id."""
    return {name: one.get("Properties", {}) for name, one in RESOURCES.items() if one["Type"] == kind}


FUNCTIONS = of_type("AWS::Serverless::Function")
MACHINES = of_type("AWS::Serverless::StateMachine")
ROLES = of_type("AWS::IAM::Role")
EVENTS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "events").glob("*.json")
}


def module_of(function: str) -> str:
    """The module of a function's handler, without its package."""
    package, module, name = FUNCTIONS[function]["Handler"].split(".")
    assert (package, name) == ("handlers", "handler")
    return str(module)


def triggers(function: str, kind: str) -> list[dict[str, Any]]:
    found = FUNCTIONS[function].get("Events", {}).values()
    return [one["Properties"] for one in found if one["Type"] == kind]


def routes(function: str) -> set[str]:
    every = {f"{one['Method']} {one['Path']}" for one in triggers(function, "HttpApi")}
    return {"$default" if route == "ANY $default" else route for route in every}


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    return [statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]]


def allowed() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement that allows something to somebody, with the id of the resource that it stands in."""
    for name, role in ROLES.items():
        yield from ((name, statement) for statement in statements(role))
    for name, machine in MACHINES.items():
        yield from ((name, one) for policy in machine["Policies"] for one in policy["Statement"])
    for name, policy in of_type("AWS::IAM::Policy").items():
        yield from ((name, one) for one in policy["PolicyDocument"]["Statement"])
    for kind in ("AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"):
        for name, policy in of_type(kind).items():
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    yield name, statement


def actions(statement: dict[str, Any]) -> list[str]:
    found = statement["Action"]
    return [found] if isinstance(found, str) else found


def watched() -> list[Any]:
    """What the CloudWatch alarms look at."""
    return [one for alarm in of_type("AWS::CloudWatch::Alarm").values() for one in dimensions(alarm)]


def dimensions(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from (one["Value"] for one in node.get("Dimensions", ()))
        for value in node.values():
            yield from dimensions(value)
    elif isinstance(node, list):
        for value in node:
            yield from dimensions(value)


def test_no_policy_allows_a_wildcard_of_actions() -> None:
    """Every action that is allowed is named in full."""
    found = [(name, action) for name, one in allowed() for action in actions(one)]
    assert found
    assert [(name, action) for name, action in found if "*" in action] == []


def test_policies_name_their_resources() -> None:
    """Only what AWS offers without resources is allowed on all of them."""
    everywhere = {action for _, one in allowed() if one["Resource"] == "*" for action in actions(one)}
    assert {action for action in everywhere if action != "dynamodb:ListStreams"} == {
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_role_of_its_own(function: str) -> None:
    """What one function may do, no other may because of it."""
    role = FUNCTIONS[function]["Role"]["GetAtt"].removesuffix(".Arn")
    users = [name for name, one in FUNCTIONS.items() if one["Role"]["GetAtt"].removesuffix(".Arn") == role]
    assert users == [function]
    assert "ManagedPolicyArns" not in ROLES[role]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_writes_to_its_own_log_which_is_not_kept_for_ever(function: str) -> None:
    """A log that nobody deletes is a store of its own."""
    log = FUNCTIONS[function]["LoggingConfig"]["LogGroup"]["Ref"]
    role = ROLES[FUNCTIONS[function]["Role"]["GetAtt"].removesuffix(".Arn")]
    writes = [one["Resource"] for one in statements(role) if "logs:PutLogEvents" in actions(one)]
    assert writes == [{"GetAtt": f"{log}.Arn"}]
    assert of_type("AWS::Logs::LogGroup")[log]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_every_log_ends() -> None:
    """The logs of requests and of state machines are deleted in time, too."""
    kept = {name: one.get("RetentionInDays") for name, one in of_type("AWS::Logs::LogGroup").items()}
    assert set(kept) == {
        "PublicApiLogs",
        "MachineLogs",
        *(FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"] for name in FUNCTIONS),
    }
    assert all(days == {"Ref": "LogRetentionDays"} for days in kept.values())


def test_pages_cannot_reach_any_data() -> None:
    """The function that shows forms may write its log, and nothing else."""
    assert [actions(one) for one in statements(ROLES["PagesRole"])] == [
        ["logs:CreateLogStream", "logs:PutLogEvents"]
    ]
    assert "TABLE" not in FUNCTIONS["PagesFunction"]["Environment"]["Variables"]


def test_items_of_the_table_are_allowed_by_kind() -> None:
    """Whoever may touch the table may touch only the kinds of items that its work is about."""
    for name, one in allowed():
        if one["Resource"] == {"GetAtt": "CasesTable.Arn"}:
            kinds = one["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            own = {"CALENDARS", "LISTS"} if name == "SweepRole" else set()
            if name in ("StaffRole", "OutboxRole", "SweepRole"):
                own |= {"STAFF#*", "STAFFLINK#*"}
            if name in ("FormsRole", "ApiRole"):
                own |= {"STRANGERS#*"}
            assert set(kinds) <= {"CASE#*", "LINK#*", "SUBMISSION#*", "DIRECTORY#*"} | own, name


def test_keys_are_reached_by_those_who_read_what_people_wrote() -> None:
    """Whoever opens cases may write keys, whoever shows or sends what was written may read them, and both know the
    secret. Retention may delete a key, without reading one. Alarms, lists, figures and the post see neither."""
    may: dict[str, set[str]] = {}
    for name, one in allowed():
        if one["Resource"] == {"GetAtt": "KeysTable.Arn"}:
            assert one["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["CASE#*"]
            may.setdefault(name, set()).update(action.partition(":")[2] for action in actions(one))
    reading, opening = {"BatchGetItem", "PutItem"}, {"PutItem"}
    assert may == {
        **dict.fromkeys(("FormsRole", "ApiRole", "StaffRole"), opening),
        **dict.fromkeys(("LinksRole", "FilesRole", "OutboxRole", "SweepRole"), reading),
        "RetentionRole": {"BatchWriteItem"},
    }
    knowing = {name for name, one in allowed() if "ssm:GetParameter" in actions(one)}
    assert knowing == {*may} - {"RetentionRole"}
    given = {name for name, one in FUNCTIONS.items() if "SECRET" in one["Environment"]["Variables"]}
    assert {FUNCTIONS[name]["Role"]["GetAtt"].removesuffix(".Arn") for name in given} == knowing


def test_only_staff_change_the_directory() -> None:
    """Every decision reads it; one function writes it."""
    writing = {
        name
        for name, one in allowed()
        if "DIRECTORY#*"
        in one.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", ())
        and set(actions(one)) - {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
    }
    assert writing == {"StaffRole"}


def test_only_retention_can_delete_a_case() -> None:
    """One function may delete in bulk or in the bucket; delivery may only take single items out of the outbox."""
    deleting = {
        (name, action)
        for name, one in allowed()
        for action in actions(one)
        if re.search(r"Delete(?!LogDelivery)|BatchWrite|PartiQL", action)
    }
    assert deleting == {
        ("RetentionRole", "dynamodb:BatchWriteItem"),
        ("RetentionRole", "s3:DeleteObject"),
        ("RetentionRole", "s3:DeleteObjectVersion"),
        ("OutboxRole", "dynamodb:DeleteItem"),
        ("SweepRole", "dynamodb:DeleteItem"),
    }


def test_no_request_and_no_schedule_can_scan_the_table() -> None:
    """Cost grows with what is asked for: nothing is allowed to read everything."""
    assert not [name for name, one in allowed() for action in actions(one) if "Scan" in action]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_runs_unattended_leaves_its_failures_somewhere(function: str) -> None:
    """A function that nobody waits for hands what it could not do to a queue that it may write to."""
    properties = FUNCTIONS[function]
    role = ROLES[properties["Role"]["GetAtt"].removesuffix(".Arn")]
    writes = [one["Resource"] for one in statements(role) if "sqs:SendMessage" in actions(one)]
    ends = [one["DestinationConfig"]["OnFailure"]["Destination"] for one in triggers(function, "DynamoDB")]
    unattended = triggers(function, "SNS") + triggers(function, "ScheduleV2")
    if unattended:
        ends.append(properties["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"])
    assert writes == ends
    for one in triggers(function, "SNS"):
        assert "deadLetterTargetArn" in one["RedrivePolicy"]
    for one in triggers(function, "ScheduleV2"):
        assert "Arn" in one["DeadLetterConfig"]
    if function in ("OutboxFunction", "FiguresFunction", "SweepFunction", "MailEventsFunction"):
        assert ends
    else:
        assert not ends, "a caller, or a state machine, waits for its answer"


def test_every_schedule_leaves_its_failures_somewhere() -> None:
    """A schedule that could not start anything is seen, and its name is the deployment's own."""
    schedules = [
        one["Properties"]
        for resource in (*FUNCTIONS.values(), *MACHINES.values())
        for one in resource.get("Events", {}).values()
        if one["Type"] == "ScheduleV2"
    ]
    assert len(schedules) == 2
    for schedule in schedules:
        assert schedule["DeadLetterConfig"] == {"Arn": {"GetAtt": "MissedSchedulesQueue.Arn"}}
        assert "${AWS::StackName}" in schedule["Name"]["Sub"]


def test_every_dead_letter_queue_is_watched_and_encrypted() -> None:
    """A message that nobody looks at might as well be lost."""
    queues = of_type("AWS::SQS::Queue")
    assert len(queues) == 4
    for name, queue in queues.items():
        assert {"GetAtt": f"{name}.QueueName"} in watched()
        assert queue["SqsManagedSseEnabled"] is True


def test_every_function_and_state_machine_is_watched() -> None:
    """A function that fails and an execution that fails set off an alarm, and every alarm tells somebody."""
    for name in (*FUNCTIONS, *MACHINES):
        assert {"Ref": name} in watched()
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmsTopic"}]
        assert len(alarm.get("Metrics", ())) <= 11, "CloudWatch takes ten metrics and one expression"


def test_every_alarm_leads_to_what_to_do_about_it() -> None:
    """The name of each alarm, as its mail gives it, begins a row of what is watched; and no row is about another."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    watched_for = text[text.index("## What is watched") : text.index("## When an address")]
    rows = [line for line in watched_for.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+Alarm)`", row.split("|")[1])]
    assert sorted(named) == sorted(of_type("AWS::CloudWatch::Alarm"))


def test_what_watching_costs_is_told() -> None:
    """docs/deploy.md counts the metrics under alarm, of which CloudWatch charges for each: always, and closely."""
    always = closely = 0
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        metrics = sum(1 for one in alarm.get("Metrics", ()) if "MetricStat" in one) or 1
        if "Condition" in RESOURCES[name]:
            assert RESOURCES[name]["Condition"] == "WatchesClosely"
            closely += metrics
        else:
            always += metrics
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert (
        f"and {always} metrics under alarm, of which ten are free and {always - 10} cost 0.10 dollars" in text
    )
    assert f"`WatchClosely` adds {closely} more" in text


def dashboard() -> Any:
    """What the dashboard is told to show, with what it refers to by name."""
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Sub"]
    return json.loads(body)


def test_the_dashboard_shows_what_is_there() -> None:
    """It is there where it is wanted, refers to resources of the template alone, and no two widgets lie on each
    other."""
    assert RESOURCES["Dashboard"]["Condition"] == "ShowsDashboard"
    assert TEMPLATE["Parameters"]["ShowDashboard"]["Default"] == "no"
    named = re.findall(r"\$\{([\w:]+)(?:\.\w+)?\}", json.dumps(dashboard()))
    assert {name for name in named if not name.startswith("AWS::")} <= {*RESOURCES}
    taken: set[tuple[int, int]] = set()
    for widget in dashboard()["widgets"]:
        x, y, width, height = (widget[name] for name in ("x", "y", "width", "height"))
        place = {(column, row) for column in range(x, x + width) for row in range(y, y + height)}
        assert not taken & place
        assert x + width <= 24
        taken |= place


def test_the_dashboard_shows_what_alarms_look_at() -> None:
    """Every alarm that is always there, by name; each number that one of `WatchClosely` looks at; and no more metrics
    than are free."""
    alarms = {name for name, one in RESOURCES.items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    always = {name for name in alarms if "Condition" not in RESOURCES[name]}
    shown = next(one for one in dashboard()["widgets"] if one["type"] == "alarm")["properties"]["alarms"]
    assert sorted(shown) == sorted(f"${{{name}.Arn}}" for name in always)
    rows = [row for one in dashboard()["widgets"] for row in one["properties"].get("metrics", ())]
    assert len(rows) <= 50
    text = json.dumps(dashboard())
    for name in alarms - always:
        for one in RESOURCES[name]["Properties"].get("Metrics", ()):
            if "MetricStat" in one:
                assert f'"{one["MetricStat"]["Metric"]["MetricName"]}"' in text


def test_what_is_slow_is_watched_where_it_is_wanted() -> None:
    """Where the parameter says so, the age of the stream and of what is given up, the table's throttles and errors, and
    how long people wait."""
    closely = {name for name, one in RESOURCES.items() if one.get("Condition") == "WatchesClosely"}
    assert closely == {"LateStreamAlarm", "OldDeadLettersAlarm", "TableErrorsAlarm", "SlowPagesAlarm"}
    assert TEMPLATE["Parameters"]["WatchClosely"]["Default"] == "no"
    old = dimensions(RESOURCES["OldDeadLettersAlarm"])
    assert {one["GetAtt"].removesuffix(".QueueName") for one in old} == set(of_type("AWS::SQS::Queue"))
    shortest = min(one["MessageRetentionPeriod"] for one in of_type("AWS::SQS::Queue").values())
    assert RESOURCES["OldDeadLettersAlarm"]["Properties"]["Threshold"] <= shortest - 86400


def test_what_is_given_up_is_watched() -> None:
    """The alarm looks at the very metric that the sweep of this deployment counts, and of no other."""
    alarm = RESOURCES["GivenUpEffectsAlarm"]["Properties"]
    common = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    own = FUNCTIONS["SweepFunction"]["Environment"]["Variables"]
    assert alarm["Namespace"] == common["POWERTOOLS_METRICS_NAMESPACE"] == {"Ref": "AWS::StackName"}
    assert alarm["Dimensions"] == [{"Name": "service", "Value": own["POWERTOOLS_SERVICE_NAME"]}]
    assert alarm["MetricName"] == "GivenUp"


def test_a_calendar_that_runs_out_is_seen_a_year_before() -> None:
    """The alarm looks at what the sweep counts, and rings at twelve months."""
    alarm = RESOURCES["CalendarEndsAlarm"]["Properties"]
    own = FUNCTIONS["SweepFunction"]["Environment"]["Variables"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": own["POWERTOOLS_SERVICE_NAME"]}]
    assert (alarm["MetricName"], alarm["Statistic"]) == ("CalendarMonthsLeft", "Minimum")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanOrEqualToThreshold", 12)


def test_a_sweep_that_does_not_run_is_seen() -> None:
    """No news is bad news of what makes good everything else."""
    alarm = RESOURCES["NoSweepAlarm"]["Properties"]
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "SweepFunction"}}]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"


def test_replay_finds_what_it_needs() -> None:
    """Every dead-letter queue, and every resource that `dueprocess replay` asks for, is in the template."""
    from cli.given_up import QUEUES
    from cli.replay import NEEDED

    assert set(QUEUES) == set(of_type("AWS::SQS::Queue"))
    assert set(QUEUES) < set(NEEDED) <= set(RESOURCES)


def test_every_function_can_be_traced_and_none_has_an_sdk_for_it() -> None:
    """Lambda hands in what it measures under the function's own role. An SDK would keep answers and errors, which can
    hold what somebody wrote."""
    assert TEMPLATE["Globals"]["Function"]["Tracing"] == {"Ref": "Tracing"}
    assert TEMPLATE["Parameters"]["Tracing"]["Default"] == "PassThrough"
    (policy,) = of_type("AWS::IAM::Policy").values()
    roles = {one["Role"]["GetAtt"].partition(".")[0] for one in FUNCTIONS.values()}
    assert {one["Ref"] for one in policy["Roles"]} == roles
    shipped = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8")
    assert not re.findall(r"^.*(?:xray|opentelemetry).*==.*$", shipped, flags=re.MULTILINE)


def test_what_people_wait_for_can_start_from_a_picture() -> None:
    """Of what somebody opens, and of nothing else, which would cost as much; off unless somebody asks for it."""
    assert TEMPLATE["Parameters"]["SnapStart"]["Default"] == "no"
    waited_for = {name for name in FUNCTIONS if triggers(name, "HttpApi")}
    assert {name for name, one in FUNCTIONS.items() if "SnapStart" in one} == waited_for
    for name in waited_for:
        condition, on, off = FUNCTIONS[name]["SnapStart"]["If"]
        assert (condition, on, off) == (
            "StartsFromSnapshots",
            {"ApplyOn": "PublishedVersions"},
            {"Ref": "AWS::NoValue"},
        )


@pytest.mark.parametrize("machine", MACHINES)
def test_state_machines_log_no_execution_data(machine: str) -> None:
    """Inputs stay in the execution's history, which Step Functions deletes, and nowhere else."""
    assert MACHINES[machine]["Logging"]["IncludeExecutionData"] is False
    assert MACHINES[machine]["Tracing"] == {"Enabled": True}
    assert (ROOT / MACHINES[machine]["DefinitionUri"]).is_file()


def test_access_logs_record_the_route_and_never_the_path() -> None:
    """A path can hold a link's secret, and an address is somebody's."""
    settings = of_type("AWS::Serverless::HttpApi")["PublicApi"]["AccessLogSettings"]
    variables = set(re.findall(r"\$context\.([\w.]+)", settings["Format"]))
    assert "routeKey" in variables
    assert not [one for one in variables if re.search("path|identity|domain|authorizer|integration.uri", one)]
    assert set(json.loads(settings["Format"])) >= {"requestId", "routeKey", "status"}


def test_cases_and_documents_outlive_the_stack() -> None:
    """Deleting a deployment deletes no case, while a first one that fails leaves nothing behind; what was deleted by
    mistake can be brought back for a time."""
    for name in ("CasesTable", "KeysTable", "DocumentsBucket"):
        assert RESOURCES[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
    table = RESOURCES["CasesTable"]["Properties"]
    assert table["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": {"Ref": "RecoveryPeriodInDays"},
    }
    assert table["SSESpecification"] == {"SSEEnabled": True}


def test_keys_can_be_brought_back_for_a_day_and_are_copied_nowhere() -> None:
    """Nothing follows, indexes or exports them; production's are protected against deletion as its cases are."""
    table, cases = RESOURCES["KeysTable"]["Properties"], RESOURCES["CasesTable"]["Properties"]
    assert table["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": 1,
    }
    assert not {"StreamSpecification", "GlobalSecondaryIndexes", "KinesisStreamSpecification"} & {*table}
    assert table["DeletionProtectionEnabled"] == cases["DeletionProtectionEnabled"]
    assert table["SSESpecification"] == {"SSEEnabled": True}


def test_what_a_script_can_cost_has_a_limit_where_it_is_wanted() -> None:
    """The table takes so many units a second and no more, where the parameter says how many; otherwise any number."""
    for table in ("CasesTable", "KeysTable"):
        assert RESOURCES[table]["Properties"]["OnDemandThroughput"] == {
            "If": [
                "LimitsTable",
                {
                    "MaxReadRequestUnits": {"Ref": "TableUnitsASecond"},
                    "MaxWriteRequestUnits": {"Ref": "TableUnitsASecond"},
                },
                {"Ref": "AWS::NoValue"},
            ]
        }
    assert TEMPLATE["Parameters"]["TableUnitsASecond"]["Default"] == 0


def test_what_anybody_can_call_leaves_room_for_the_rest_where_it_is_wanted() -> None:
    """Pages, forms and the API run so many calls at once and no more, where the parameter says how many; otherwise
    nothing is reserved, for a new account would refuse it."""
    limited = {"If": ["LimitsPublic", {"Ref": "PublicAtOnce"}, {"Ref": "AWS::NoValue"}]}
    reserved = {
        name: one["ReservedConcurrentExecutions"]
        for name, one in FUNCTIONS.items()
        if "ReservedConcurrentExecutions" in one
    }
    assert reserved == dict.fromkeys(("PagesFunction", "FormsFunction", "ApiFunction"), limited)
    assert TEMPLATE["Parameters"]["PublicAtOnce"]["Default"] == 0


def test_documents_are_private() -> None:
    """Nobody reaches the bucket without a role, nor over an open connection."""
    bucket = RESOURCES["DocumentsBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (policy,) = of_type("AWS::S3::BucketPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_mails_are_not_tracked() -> None:
    """Events of opened mails and clicked links would rewrite the links in them."""
    (destination,) = of_type("AWS::SES::ConfigurationSetEventDestination").values()
    assert set(destination["EventDestination"]["MatchingEventTypes"]) == {"bounce", "complaint", "reject"}


def test_mails_go_to_anybody_and_come_from_one_address() -> None:
    """SES asks for whichever identity of the account is verified, the recipient's too; no other sender is allowed."""
    sending = [(name, one) for name, one in allowed() if "ses:SendEmail" in actions(one)]
    assert [name for name, _ in sending] == ["OutboxRole", "SweepRole"]
    for _, statement in sending:
        identities, configuration = (one["Sub"] for one in statement["Resource"])
        assert identities.endswith(":identity/*")
        assert configuration.endswith(":configuration-set/${MailConfiguration}")
        assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "Sender"}}}


def test_routes_are_those_that_the_handlers_answer() -> None:
    """What the gateway lets through, a handler knows, and the other way round; and of each path one function gets every
    method that no other does."""
    declared = {
        function: getattr(import_module(f"handlers.{module_of(function)}"), "ROUTES", ())
        for function in FUNCTIONS
    }
    every = [route for known in declared.values() for route in known]
    for function, known in declared.items():
        assert routes(function) == gateway_routes(known, every), function


def test_routes_are_each_answered_by_one_function() -> None:
    """No route has two answers, every path has an answer to every method, and throttled routes exist."""
    every = [route for function in FUNCTIONS for route in routes(function)]
    assert len(every) == len(set(every))
    assert "$default" in every
    paths = {route.partition(" ")[2] for route in every} - {""}
    assert {f"ANY {path}" for path in paths} <= set(every)
    assert set(RESOURCES["PublicApi"]["Properties"]["RouteSettings"]) <= set(every)


def test_nothing_of_the_local_stack_is_deployed() -> None:
    """The outbox and the clock pages exist on a laptop only."""
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    assert "CLOCK_FILE" not in text
    assert "AWS_ENDPOINT_URL" not in text
    assert not [route for function in FUNCTIONS for route in routes(function) if "local" in route]


def test_pages_depend_on_no_function_that_needs_their_address() -> None:
    """The API's own address goes to those that write links into mails, which the API does not call. Those that it calls
    have it with a gap for the API's id, and only those that hand out addresses."""
    told = {
        name: json.dumps(one["Environment"]["Variables"]["PUBLIC_URL"])
        for name, one in FUNCTIONS.items()
        if "PUBLIC_URL" in one.get("Environment", {}).get("Variables", {})
    }
    assert {name for name, address in told.items() if "PublicApi" in address} == {
        "OutboxFunction",
        "SweepFunction",
    }
    assert {name for name, address in told.items() if "{api}.execute-api" in address} == {
        "ApiFunction",
        "FilesFunction",
    }
    assert not [name for name, address in told.items() if routes(name) and "PublicApi" in address]


def test_every_environment_names_parameters_that_exist() -> None:
    """samconfig.toml gives values to the template's parameters, and to every one that has no default."""
    environments = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    needed = {name for name, one in TEMPLATE["Parameters"].items() if "Default" not in one}
    for name in ("local", "staging", "production"):
        given = environments[name]["deploy"]["parameters"]["parameter_overrides"]
        pairs = dict(pair.split("=", 1) for pair in given)
        assert needed <= set(pairs) <= set(TEMPLATE["Parameters"])
        assert pairs["Environment"] == name


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_trigger_has_a_sample_event(function: str) -> None:
    """events/ has an event for each route of a function, and at least one for each other kind of trigger."""
    own = events_of(function)
    assert own
    assert {event["routeKey"] for event in own.values() if "routeKey" in event} == routes(function)
    for name, event in own.items():
        assert fits(function, event), name


def test_every_sample_event_belongs_to_a_trigger() -> None:
    """No event is left over from something that is gone."""
    used = {name for function in FUNCTIONS for name in events_of(function)}
    assert used == set(EVENTS)


def events_of(function: str) -> dict[str, Any]:
    prefix = f"{module_of(function).replace('_', '-')}-"
    return {name: event for name, event in EVENTS.items() if name.startswith(prefix)}


def fits(function: str, event: dict[str, Any]) -> bool:
    """Whether the event is one that a trigger of the function sends: API Gateway, a stream, SNS, a schedule (the
    function's, or that of the state machine whose tasks it is), or a task of a state machine."""
    if "routeKey" in event:
        return bool(event["requestContext"]["routeKey"] == event["routeKey"] and event["version"] == "2.0")
    if "Records" in event:
        source = event["Records"][0].get("eventSource") or event["Records"][0]["EventSource"]
        return bool(triggers(function, {"aws:dynamodb": "DynamoDB", "aws:sns": "SNS"}[source]))
    machines = [
        one
        for one in MACHINES.values()
        if {"GetAtt": f"{function}.Arn"} in one["DefinitionSubstitutions"].values()
    ]
    if event.get("source") == "aws.scheduler":
        return bool(triggers(function, "ScheduleV2") or any("Events" in machine for machine in machines))
    return bool(machines) and ("task" in event or set(event) == {"ref", "deadline", "version", "at"})
