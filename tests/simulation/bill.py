"""The metered bill: complaints that are lived through without anything going wrong, and what they cost line by line.

The calls are metered by the simulated AWS, the prices stand in bench/prices.toml, what people write in
bench/complaint.toml. Estimated is only how long an invocation takes and how much it logs.

Left out: the free tier, data transfer, CloudWatch's alarms and metrics. What runs on its schedule whether there is a
case or not is a bill of its own: see `standing`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any, Final, Literal
from urllib.parse import urlencode

from adapters import procedures
from authoring.player import next_move
from domain.acts.acknowledgement import Acknowledge
from domain.acts.approval import ApproveOutcome
from domain.acts.assignment import AssignReviewers
from domain.acts.outcome import RecordOutcome
from domain.acts.progress import ReportProgress
from domain.acts.reply import Reply
from domain.case import COMPLAINANT, Case
from domain.command import Command
from domain.procedure import Form, Procedure
from tests.rules import situation
from tests.simulation import deployment
from tests.simulation.deployment import ROOT
from tests.simulation.faults import NoFaults
from tests.simulation.filling import Fields
from tests.simulation.installation import installed
from tests.simulation.lives import START, MainPath
from tests.simulation.peek import case_of, file_rules
from tests.simulation.people import Submitted, Town
from tests.simulation.times import DAY, MINUTE
from tests.simulation.world import SWEEP_EVERY, World

Life = Literal["in time", "late", "every stage"]
LIVES: Final[tuple[Life, ...]] = ("in time", "late", "every stage")
"""How a complaint is lived through:

- in time: everybody acts within a day, and the first answer settles it;
- late: everything happens in the last minutes, after all reminders, the first answer a day too late; it settles it;
- every stage: the same, but the complainant goes on to the end of the ladder.

No outcome promises an action, and nobody asks, adds or holds anything: what is beside the way costs more.
"""

SECONDS = 0.35
"""Of an invocation, most of them cold starts; see bench/startup.py."""
LOG_BYTES = 1_000
"""Written to the log by an invocation."""
MONTH = 30.44 * 86400
ADDRESS: Final = "192.0.2.7"
"""From which a form is sent: what comes from it is counted."""
MOST_MOVES = 200
"""Of people in a life: many times what one has."""

CEILINGS: Final[Mapping[Life, float]] = {"in time": 3.0, "late": 4.6, "every stage": 9.7}
"""Dollars for 1,000 complaints, just above what they cost. docs/decisions/0017-what-a-complaint-costs.md says why they
cost more than the budget."""

Bill = Mapping[str, float]
"""Dollars by line, for one complaint."""

TELLING: Final = frozenset({"done", "case-news", "closure"})
"""The notices by which nobody is asked or answered, and nothing is promised: they tell what was done."""


@cache
def prices() -> Any:
    return tomllib.loads((ROOT / "bench/prices.toml").read_text(encoding="utf-8"))


@cache
def written() -> Any:
    """What people write."""
    found = tomllib.loads((ROOT / "bench/complaint.toml").read_text(encoding="utf-8"))
    return {name: words.strip() if isinstance(words, str) else words for name, words in found.items()}


def budget() -> Bill:
    """Of a complaint that is dealt with in time, as the leanest design would have it."""
    found = tomllib.loads((ROOT / "bench/budget.toml").read_text(encoding="utf-8"))
    return {line: dollars / 1000 for line, dollars in found.items()}


def by_budget(one: Bill) -> Bill:
    """The same by the lines of the budget."""
    found = dict.fromkeys(budget(), 0.0)
    for line, dollars in one.items():
        found[line if line in found else "the rest"] += dollars
    return found


def mean(bills: Sequence[Bill]) -> Bill:
    """Over the organisations."""
    return {line: sum(one[line] for one in bills) / len(bills) for line in bills[0]}


def bill(world: World) -> Bill:
    """What the cases of a world cost: everything that happened, but for the retention run of each day, which takes
    place without them too."""
    runs = sum(1 for machine, _ in world.executions if machine == "RetentionMachine")
    run = _daily_run()
    return {line: dollars - runs * run[line] for line, dollars in _metered(world).items()}


def least(worlds: Sequence[World]) -> float:
    """What a case of these would cost if nobody were told of anything that was done, its alarms were those that it has,
    and everything else were as in the budget: no saving within the design goes below it."""
    asked = sum(1 for world in worlds for mail in world.mails if mail.notice not in TELLING) / len(worlds)
    alarms = mean([bill(world) for world in worlds])["alarms and retention"]
    others = sum(
        dollars for line, dollars in budget().items() if line not in ("mails", "alarms and retention")
    )
    return asked * float(prices()["ses"]["mail"]) + alarms + others


def standing(years: float = 5) -> Bill:
    """What runs on its schedule for so many years, without any case: a sweep every five minutes, a retention run a
    day."""
    days = 365.25 * years
    sweeps = days * DAY / SWEEP_EVERY
    sweep, run = _sweep(), _daily_run()
    return {line: sweeps * sweep[line] + days * run[line] for line in run}


def watching() -> Bill:
    """What it costs a month to be told, before what an account has free: the alarms; those of `WatchClosely`; the
    dashboard of `ShowDashboard`."""
    price = prices()["cloudwatch"]
    found = {"alarms": 0.0, "alarms with WatchClosely, more": 0.0, "dashboard with ShowDashboard": 0.0}
    for resource in deployment.template()["Resources"].values():
        if resource["Type"] == "AWS::CloudWatch::Dashboard":
            found["dashboard with ShowDashboard"] += price["dashboard_month"]
        elif resource["Type"] == "AWS::CloudWatch::Alarm":
            metrics = sum("MetricStat" in one for one in resource["Properties"].get("Metrics", ())) or 1
            line = "alarms with WatchClosely, more" if "Condition" in resource else "alarms"
            found[line] += metrics * price["alarm_metric_month"]
    return found


@cache
def _sweep() -> Bill:
    """One that finds nothing."""
    world = World(1, faults=NoFaults(), start=START)
    with installed(world):
        # The first one notes by which calendars cases are counted.
        world.sweep()
        world.run(world.now + MINUTE)
        first = _metered(world)
        world.sweep()
        world.run(world.now + MINUTE)
    return {line: dollars - first[line] for line, dollars in _metered(world).items()}


@cache
def _daily_run() -> Bill:
    """One that finds nothing."""
    world = World(1, faults=NoFaults(), start=START)
    with installed(world):
        world.start_execution("RetentionMachine", "daily", "{}")
        world.run(world.now + MINUTE)
    return _metered(world)


def _metered(world: World) -> Bill:
    price, metered = prices(), world.metered
    used = {kind: sum(table.used[kind] for table in world.tables.values()) for kind in ("read", "write")}
    invoked = {name: metered[f"invocations {name}"] for name in deployment.functions()}
    seconds = sum(count * SECONDS * deployment.functions()[name].memory for name, count in invoked.items())
    gigabyte_months = sum(table.byte_seconds for table in world.tables.values()) / 1e9 / MONTH
    table = price["dynamodb"]
    return {
        "mails": metered["mails"] * price["ses"]["mail"],
        "alarms and retention": metered["transitions"] * price["stepfunctions"]["transition"],
        "storage and recovery": gigabyte_months
        * (table["gigabyte_month"] + table["recovery_gigabyte_month"]),
        "writes": used["write"] * table["write_unit"],
        "reads": used["read"] * table["read_unit"],
        "keys": metered["secrets"] * price["kms"]["request"],
        "functions": sum(invoked.values()) * price["lambda"]["request"]
        + seconds * price["lambda"]["gigabyte_second"],
        "requests and logs": metered["requests"] * price["http_api"]["request"]
        + sum(invoked.values()) * LOG_BYTES / 1e9 * price["logs"]["gigabyte"],
    }


def lived(organisation: str, life: Life) -> World:
    """A complaint's whole life at an organisation, from the form to the tombstone, without anything going wrong.
    AssertionError: something did, or somebody could not do what comes next."""
    course = _Complaint(organisation, life)
    watch = course.live()
    assert not watch.violations, [str(one) for one in watch.violations]
    assert all(account.destroyed for account in watch.accounts.values()), organisation
    return course.world


class _Complaint(MainPath):
    """As the main path, at a pace of its own."""

    def __init__(self, organisation: str, life: Life) -> None:
        super().__init__(NoFaults(), organisation=organisation, keeps_lists=True)
        self._life = life

    def _begin(self) -> str:
        self._ref = _sent_in(self._organisation, self.town)
        self.wait(self.world.now + MINUTE)
        return "_go_on"

    def _go_on(self) -> str:
        if self._turns >= MOST_MOVES or not _goes_on(self._ref, self._life, self.town):
            return "_years"
        self.wait(self.world.now + MINUTE)
        return "_go_on"


def _sent_in(organisation: str, town: Town) -> str:
    """The form is opened, filled in, checked and sent. The reference of the case."""
    form, answers = _filled_in(organisation)
    one = Submitted(organisation, form.id, "k" * 43, answers, by_api=False, address=ADDRESS)
    parts = {"org": organisation, "form": form.id}
    shared: Fields = {"version": "2.0", "requestContext": {"requestId": "form"}, "pathParameters": parts}
    shared |= {"isBase64Encoded": False, "headers": {"content-type": "application/x-www-form-urlencoded"}}
    typed: Fields = {name: "yes" if said is True else said for name, said in answers.items()}
    typed |= {"_key": one.key, "_do": "check"}
    for function, route, body in (
        ("PagesFunction", "GET /{org}/{form}", {}),
        ("FormsFunction", "POST /{org}/{form}", {"body": urlencode(typed, doseq=True)}),
    ):
        answer = town.world.request(function, {**shared, "routeKey": route, **body})
        assert answer["statusCode"] == 200, answer
    town.submitted.append(one)
    return town.submit(one)


def sent_by_program(organisation: str) -> None:
    """A complaint comes by the API."""
    world = World(1, faults=NoFaults(), start=START)
    with installed(world):
        form, answers = _filled_in(organisation)
        Town(world, Random("program")).submit(
            Submitted(organisation, form.id, "p" * 43, answers, by_api=True, address=ADDRESS)
        )


def _filled_in(organisation: str) -> tuple[Form, Fields]:
    procedure = procedures.load(organisation)
    form = next(one for one in procedure.forms if one.kind == "complaint")
    words, barred = written(), {one.id for one in procedure.not_covered}
    answers: Fields = {}
    for question in form.fields:
        if not question.required and question.id not in ("account", "aspects"):
            continue
        match question.type:
            case "long-text":
                answers[question.id] = words["account" if question.id == "account" else "other"]
            case "roles":
                answers[question.id] = [question.choices[0].id]
            case "list":
                answers[question.id] = words["aspects"]
            case "choice":
                answers[question.id] = next(one.id for one in question.choices if one.id not in barred)
            case "date":
                answers[question.id] = (START - timedelta(days=5)).date().isoformat()
            case "declaration":
                answers[question.id] = True
            case "text" | "email" | "telephone":
                answers[question.id] = words["name" if question.type == "text" else question.type]
            case _:
                raise AssertionError(f"a question of the type {question.type}")
    return form, answers


def _goes_on(ref: str, life: Life, town: Town) -> bool:
    """One move of whoever's turn it is, or what happens next by itself; False: the case is closed."""
    world = town.world
    case = case_of(world.table, ref)
    if case is None or not case.is_open:
        return False
    move = _next(case, life, now=world.utc())
    if move is None:
        world.run(world.next_at)
        return True
    world.run(move[0].timestamp())
    case = case_of(world.table, ref)
    if case is None or not case.is_open:
        return False
    # What happened meanwhile, such as a reminder, changes nothing of whose turn it is.
    move = _next(case, life, now=world.utc())
    assert move is not None, "somebody's turn has passed"
    _act(ref, case, move[1], town)
    return True


def _next(case: Case, life: Life, *, now: datetime) -> tuple[datetime, Command] | None:
    """Who does what next, and when."""
    procedure, calendar = file_rules(case)
    stage = case.current.stage
    content = Reply(by=COMPLAINANT, stage=stage, answer="satisfied")
    move = next_move(situation(case, procedure, calendar, now=now))
    if life == "in time":
        # Whoever would say nothing says that they are content.
        moment, command = move or (now + timedelta(days=1), content)
        return min(moment, now + timedelta(days=1)), content if isinstance(command, Reply) else command
    if move is not None and isinstance(move[1], Reply) and life == "late":
        return move[0], content
    return move


def _act(ref: str, case: Case, command: Command, town: Town) -> None:
    """Somebody opens the newest link that they were sent, and fills in the page's form."""
    procedure = file_rules(case)[0]
    action, fields = _form_of(command, case, procedure)
    person = str(getattr(command, "by", ""))
    links = town.links[ref, person]
    assert links, f"{person} was sent no link to {action} with"
    assert town.look(links[-1])["statusCode"] == 200
    status = town.act(ref, person, links[-1], action, fields, stage=case.current.stage)
    assert status == 200, f"{status} for {action} by {person}"


def _form_of(command: Command, case: Case, procedure: Procedure) -> tuple[str, Fields]:
    words = written()
    match command:
        case AssignReviewers():
            return "assign", {"reviewers": list(command.reviewers)}
        case Acknowledge():
            return "acknowledge", {"confirm": "yes"}
        case ApproveOutcome():
            return "approve", {"decision": "approve", "wording": command.wording}
        case Reply():
            why = words["going_on"] if command.answer == "escalate" else ""
            return "reply", {"answer": command.answer, "reasons": why}
        case RecordOutcome():
            fields: Fields = {"response": words["response"]}
            for number in case.points:
                fields |= {f"conclusion_{number}": command.findings[0].conclusion}
                fields |= {f"reasons_{number}": words["reasons"], f"evidence_{number}": words["evidence"]}
            if command.remedies:
                fields["remedies"] = list(command.remedies)
            if command.no_conversation is not None:
                fields["no_conversation"] = "It could not be arranged."
            return "respond", fields
        case ReportProgress():
            return "progress", {"message": words["response"]}
        case _:
            raise AssertionError(f"nobody does {type(command).__name__} here")
