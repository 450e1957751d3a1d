"""How long each function takes to start, beside the same in a conventional application, and beside a bare handler.

    .venv/bin/python bench/startup.py [--runs N] [--check] [--only FUNCTION ...]

Every function of template.yaml runs in the real Lambda runtime client, in processes of its own, from a bundle as
Lambda gets it (see bench/README.md). Two times are taken from the start of the process: when the client asks for a
first event ("ready"), and when the handler's answer to it arrives ("answer"). Runs take turns, so that whatever
else the machine does meets all alike; what counts are the ratios of the medians.

The conventional application is `bench/twin`: one function with Powertools, boto3, pydantic and jinja2, as their
documentation has it. It is measured as `sam build` leaves it, and with the bytecode that ours has too. The bare handler
has boto3 and a DynamoDB client, and nothing else; another has botocore's client.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import yaml

from authoring.bundle import build_here, copy_installed, locked, write_bytecode
from bench.lambda_runtime import PATIENCE, EmptyAws, RuntimeApi, Turn, serving

ROOT: Final = Path(__file__).parents[1]

BARE: Final = "bare boto3 handler"
BARE_SOURCE: Final = """
import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    return client.get_item(TableName="cases", Key={"PK": {"S": "CASE#X"}, "SK": {"S": "STATE"}}).get("Item")
"""

BARE_BOTOCORE: Final = "bare botocore handler"
BARE_BOTOCORE_SOURCE: Final = """
from botocore.session import get_session

client = get_session().create_client("dynamodb")


def handler(event, context):
    return client.get_item(TableName="cases", Key={"PK": {"S": "CASE#X"}, "SK": {"S": "STATE"}}).get("Item")
"""

BUDGETS: Final[Mapping[str, float]] = {
    "pages-form": 1.0,
    "forms-submit": 1.8,
    "alarm-wake": 1.2,
}
"""By event: how many times the bare handler's time a start may take."""

TWINS_BUDGETS: Final[Mapping[str, float]] = {
    "pages-form": 0.4,
    "forms-submit": 1.0,
    "api-submit": 1.0,
    "alarm-wake": 1.0,
}
"""By event: how many times the time of the twin with bytecode a start may take."""

TWINS_HANDLERS: Final[Mapping[str, str]] = {
    "pages-form": "app.handler",
    "forms-submit": "app.handler",
    "api-submit": "app.handler",
    "alarm-wake": "alarm.handler",
}
"""By event: what answers it in the twin."""

OURS: Final = "bundle"
TWIN: Final = "twin"
TWIN_AS_BUILT: Final = "twin-as-built"
"""The folders of the bundles."""

EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "pages": ("pages-form",),
    "forms": ("forms-check-answers", "forms-submit"),
    "api": ("api-form", "api-submit"),
    "links": ("links-show",),
    "alarm": ("alarm-wake",),
    "outbox": ("outbox-stored",),
    "sweep": ("sweep-schedule",),
    "retention": ("retention-find",),
    "mail-events": ("mail-events-bounce",),
}
"""By function: the events that its first answer is measured with, other than its first one in events/."""


class DidNotAnswer(Exception):
    """A function failed, or did not answer in time; the text says what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is measured: a handler with one event, from one of the bundles. `environ` is what the template gives to the
    function."""

    name: str
    handler: str
    environ: Mapping[str, str]
    event: Any
    bundle: str = OURS


@dataclass(frozen=True, slots=True)
class Start:
    """One start, in seconds since the process was started."""

    ready: float
    answer: float


def main() -> int:
    """Measure, print the table, and say whether everything kept its budget."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--runs", type=int, default=15, help="starts of each function (15)")
    asked.add_argument("--check", action="store_true", help="fail where a start takes more than its budget")
    asked.add_argument("--only", nargs="+", metavar="FUNCTION", help="measure these functions only")
    options = asked.parse_args()
    ours = subjects_of(ROOT / "template.yaml", options.only)
    subjects = [*bare(), *(twin for subject in ours for twin in twins_of(subject)), *ours]
    (ROOT / "build").mkdir(exist_ok=True)
    # A folder of its own, so that two measurements at a time disturb only each other's figures.
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=ROOT / "build") as workshop:
        print("Building the bundle ...", file=sys.stderr)
        prepare(Path(workshop))
        starts, failures = measure(subjects, runs=options.runs, workshop=Path(workshop))
    print_table(subjects, starts, failures)
    over = over_budget(starts)
    for name, failure in failures.items():
        print(f"{name} failed: {failure}", file=sys.stderr)
    for sentence in over:
        print(sentence, file=sys.stderr)
    missing = [name for name in TWINS_BUDGETS if name not in starts and not options.only]
    return 1 if options.check and (over or failures or missing) else 0


def bare() -> list[Subject]:
    """What everything is compared with, and the same without boto3: what importing it costs."""
    return [
        Subject(name=BARE, handler="bare.handler", environ={}, event={}),
        Subject(name=BARE_BOTOCORE, handler="bare_botocore.handler", environ={}, event={}),
    ]


def twins_of(subject: Subject) -> list[Subject]:
    """What answers the same event in the conventional application, as it is built and with bytecode."""
    if subject.name not in TWINS_HANDLERS:
        return []
    return [
        Subject(
            name=f"{bundle} {subject.name}",
            handler=TWINS_HANDLERS[subject.name],
            environ={"TABLE": "cases", "POWERTOOLS_SERVICE_NAME": "twin"},
            event=subject.event,
            bundle=bundle,
        )
        for bundle in (TWIN_AS_BUILT, TWIN)
    ]


def subjects_of(template: Path, only: Sequence[str] | None) -> list[Subject]:
    """Every function of the template with its events, in the template's order."""
    resources = yaml.load(template.read_text(encoding="utf-8"), Loader=Template)["Resources"]  # noqa: S506
    everywhere = yaml.load(template.read_text(encoding="utf-8"), Loader=Template)["Globals"]["Function"]  # noqa: S506
    found = []
    for resource in resources.values():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        properties = resource["Properties"]
        handler = properties["Handler"]
        function = handler.split(".")[1].replace("_", "-")
        if only and function not in only:
            continue
        given = {
            **everywhere["Environment"]["Variables"],
            **properties.get("Environment", {}).get("Variables", {}),
        }
        environ = {
            name: value if isinstance(value, str) else SAMPLES.get(name, "") for name, value in given.items()
        }
        for name in (
            EVENTS.get(function) or sorted(one.stem for one in (ROOT / "events").glob(f"{function}-*"))[:1]
        ):
            event = json.loads((ROOT / f"events/{name}.json").read_text(encoding="utf-8"))
            found.append(Subject(name=name, handler=handler, environ=environ, event=event))
    return found


class Template(yaml.SafeLoader):
    """Reads a template; what CloudFormation works out (`!Ref`, `!GetAtt` and so on) is read as None."""


Template.add_multi_constructor("!", lambda *_: None)

SAMPLES: Final[Mapping[str, str]] = {
    "TABLE": "cases",
    "KEYS_TABLE": "keys",
    "SECRET": "/dueprocess/sealing",
    "ALARM_MACHINE_ARN": "arn:aws:states:eu-west-2:123456789012:stateMachine:alarm",
    "SENDER": "complaints@dueprocess.example",
    "CONFIGURATION_SET": "dueprocess",
    "PUBLIC_URL": "https://complaints.dueprocess.example",
    "DOCUMENTS_BUCKET": "documents",
}
"""What CloudFormation would work out."""


def prepare(workshop: Path) -> None:
    """Make the bundles, and beside them what Lambda brings itself: the runtime client. All have bytecode but the twin
    as `sam build` leaves it: the dates in its archive make every start compile what it imports."""
    build_here(workshop / OURS)
    for bundle in (TWIN_AS_BUILT, TWIN):
        copy_installed(workshop / bundle, locked(ROOT / "requirements/runtime.txt"))
        shutil.copytree(ROOT / "bench/twin", workshop / bundle, dirs_exist_ok=True)
    write_bytecode(workshop / TWIN, python=Path(sys.executable), shown_in="/var/task")
    runtime = workshop / "runtime"
    copy_installed(runtime, ("awslambdaric", "simplejson", "snapshot-restore-py"))
    (runtime / "bare.py").write_text(BARE_SOURCE, encoding="utf-8")
    (runtime / "bare_botocore.py").write_text(BARE_BOTOCORE_SOURCE, encoding="utf-8")
    write_bytecode(runtime, python=Path(sys.executable), shown_in="/var/runtime")


def measure(
    subjects: Sequence[Subject], *, runs: int, workshop: Path
) -> tuple[dict[str, list[Start]], dict[str, str]]:
    """The starts of each subject that answered, by its name, and what the others said."""
    starts: dict[str, list[Start]] = {}
    failures: dict[str, str] = {}
    with serving(EmptyAws) as aws:
        for run in range(runs + 1):
            for subject in subjects:
                if subject.name in failures:
                    continue
                if sys.stderr.isatty():
                    print(f"\rRun {run} of {runs}: {subject.name:<24}", end="", file=sys.stderr)
                try:
                    start = start_once(subject, aws=aws, workshop=workshop)
                except DidNotAnswer as error:
                    failures[subject.name] = str(error)
                    starts.pop(subject.name, None)
                    continue
                if run:  # the first only warms the machine's file cache
                    starts.setdefault(subject.name, []).append(start)
    if sys.stderr.isatty():
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    return starts, failures


def start_once(subject: Subject, *, aws: str, workshop: Path) -> Start:
    """Start the process, let it answer once, end it.

    DidNotAnswer: see there."""
    turn = Turn(event=json.dumps(subject.event).encode())
    bundle = workshop / subject.bundle
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        # No site-packages: only what the bundle and Lambda's runtime hold can be imported.
        "PYTHONPATH": f"{bundle}{os.pathsep}{workshop / 'runtime'}",
        # Where Lambda unpacks a bundle, nothing can be written.
        "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(bundle),
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_REGION": "eu-west-2",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_ENDPOINT_URL": f"http://{aws}",
        **subject.environ,
    }
    command = [sys.executable, "-S", "-P", "-m", "awslambdaric", subject.handler]
    with serving(type("OneTurn", (RuntimeApi,), {"turn": turn})) as runtime:
        environ["AWS_LAMBDA_RUNTIME_API"] = runtime
        started = perf_counter()
        with subprocess.Popen(
            command, cwd=bundle, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            threading.Thread(target=_tell_end, args=(process, turn), daemon=True).start()
            turn.over.wait(PATIENCE)
            process.kill()
            said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    turn.over.set()
    if turn.failure or not turn.answered_at:
        raise DidNotAnswer(turn.failure or said.strip()[-600:] or "it did not answer in time")
    return Start(turn.ready_at - started, turn.answered_at - started)


def _tell_end(process: subprocess.Popen[bytes], turn: Turn) -> None:
    process.wait()
    turn.over.set()


def print_table(
    subjects: Sequence[Subject], starts: Mapping[str, Sequence[Start]], failures: Mapping[str, str]
) -> None:
    """One line a subject: medians in milliseconds, and the ratios of the answers to those of the twin with bytecode, of
    the twin as it is built, and of the bare handler."""
    print(f"{'':<28}{'ready':>10}{'answer':>12}{'of twin':>10}{'as built':>10}{'of bare':>10}")
    for subject in subjects:
        if subject.name in failures:
            print(f"{subject.name:<28}{'failed':>10}")
            continue
        ready, answer = medians(starts[subject.name])
        ratios = [
            f"{answer / medians(starts[other])[1]:>10.2f}" if other in starts else f"{'':>10}"
            for other in (f"{TWIN} {subject.name}", f"{TWIN_AS_BUILT} {subject.name}", BARE)
        ]
        print(f"{subject.name:<28}{ready * 1000:>7.0f} ms{answer * 1000:>9.0f} ms{''.join(ratios)}")


def over_budget(starts: Mapping[str, Sequence[Start]]) -> list[str]:
    """A sentence for each budget that is not kept. Work that is put off until the first event is no quicker for the
    person who waits, so both times have to keep it."""
    budgets = [(name, BARE, budget) for name, budget in BUDGETS.items()]
    budgets += [(name, f"{TWIN} {name}", budget) for name, budget in TWINS_BUDGETS.items()]
    sentences: list[str] = []
    for name, other, budget in budgets:
        if name not in starts or other not in starts:
            continue
        for what, own, of_other in zip(
            ("to be ready", "to its first answer"), medians(starts[name]), medians(starts[other]), strict=True
        ):
            if own / of_other > budget:
                sentences.append(
                    f"{name} takes {own / of_other:.2f} times as long as {other} {what}, over {budget}."
                )
    return sentences


def medians(starts: Sequence[Start]) -> tuple[float, float]:
    """The median times to be ready and to the first answer, in seconds."""
    return statistics.median(one.ready for one in starts), statistics.median(one.answer for one in starts)


if __name__ == "__main__":
    sys.exit(main())
