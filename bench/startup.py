"""How long each function takes to start, beside a bare handler that only has boto3 and a DynamoDB client.

    .venv/bin/python bench/startup.py [--runs N] [--check] [--only FUNCTION ...]

Every function of template.yaml runs in the real Lambda runtime client, in processes of its own, from a bundle as
Lambda gets it (see bench/README.md). Two times are taken from the start of the process: when the client asks for a
first event ("ready"), and when the handler's answer to it arrives ("answer"). Runs take turns, so that whatever
else the machine does meets all alike; what counts are the ratios of the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter, time
from typing import Any, Final

import yaml

from authoring.bundle import build_here, copy_installed, write_bytecode

ROOT: Final = Path(__file__).parents[1]

BARE: Final = "bare boto3 handler"
BARE_SOURCE: Final = """
import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    return client.get_item(TableName="cases", Key={"PK": {"S": "CASE#X"}, "SK": {"S": "STATE"}}).get("Item")
"""

BUDGETS: Final[Mapping[str, float]] = {
    "pages-form": 1.0,
    "forms-submit": 1.6,
    "api-submit": 1.6,
    "alarm-wake": 1.2,
}
"""By event: how many times the bare handler's time a start may take."""

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

PATIENCE: Final = 10.0
"""Seconds after which a process that has not answered counts as failed."""


class DidNotAnswer(Exception):
    """A function failed, or did not answer in time; the text says what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is measured: a handler with one event. `environ` is what the template gives to the function."""

    name: str
    handler: str
    environ: Mapping[str, str]
    event: Any


@dataclass(frozen=True, slots=True)
class Start:
    """One start, in seconds since the process was started."""

    ready: float
    answer: float


@dataclass
class Turn:
    """What happens to one process, as the runtime API sees it."""

    event: bytes
    ready_at: float = 0.0
    answered_at: float = 0.0
    failure: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class Quiet(BaseHTTPRequestHandler):
    """Answers at once, and says nothing: the table is the output."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Serve until the other side goes, which it does by being killed."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_: Any) -> None:
        """Keep it."""


class RuntimeApi(Quiet):
    """The part of Lambda's runtime API that a first event needs. Every process has one of its own, for the last
    words of one process must not be taken for those of the next."""

    turn: Turn

    def do_GET(self) -> None:
        """Hand out the event; the second time, wait until the process is ended."""
        now, turn = perf_counter(), self.turn
        if turn.ready_at:
            turn.over.wait(PATIENCE)
            return
        turn.ready_at = now
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time() + PATIENCE) * 1000)))
        self.send_header(
            "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:123456789012:function:bench"
        )
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(turn.event)))
        self.end_headers()
        self.wfile.write(turn.event)

    def do_POST(self) -> None:
        """Take the answer, or the word that there is none."""
        now, turn = perf_counter(), self.turn
        said = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith("/response"):
            turn.answered_at = now
            answer = json.loads(said)
            if isinstance(answer, dict) and answer.get("statusCode", 200) >= 500:
                turn.failure = f"it answered {answer['statusCode']}"
        else:
            turn.failure = said.decode(errors="replace")[:600]
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        turn.over.set()


class EmptyAws(Quiet):
    """Stands for AWS: a table with nothing in it, and services that take what they are given."""

    def do_POST(self) -> None:
        """Answer DynamoDB, Step Functions and SES."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        answers: dict[str, Any] = {
            "BatchGetItem": {"Responses": {}},
            "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
            "StartExecution": {
                "executionArn": "arn:aws:states:eu-west-2:123456789012:execution:a:b",
                "startDate": 0,
            },
        }
        body = json.dumps(answers.get(operation, {"MessageId": "0"} if not operation else {})).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> int:
    """Measure, print the table, and say whether everything kept its budget."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--runs", type=int, default=15, help="starts of each function (15)")
    asked.add_argument("--check", action="store_true", help="fail where a start takes more than its budget")
    asked.add_argument("--only", nargs="+", metavar="FUNCTION", help="measure these functions only")
    options = asked.parse_args()
    subjects = [bare(), *subjects_of(ROOT / "template.yaml", options.only)]
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
    missing = [name for name in BUDGETS if name not in starts and not options.only]
    return 1 if options.check and (over or failures or missing) else 0


def bare() -> Subject:
    """What everything is compared with."""
    return Subject(name=BARE, handler="bare.handler", environ={}, event={})


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
    "ALARM_MACHINE_ARN": "arn:aws:states:eu-west-2:123456789012:stateMachine:alarm",
    "SENDER": "complaints@dueprocess.example",
    "CONFIGURATION_SET": "dueprocess",
    "PUBLIC_URL": "https://complaints.dueprocess.example",
    "DOCUMENTS_BUCKET": "documents",
}
"""What CloudFormation would work out."""


def prepare(workshop: Path) -> None:
    """Make the bundle, and beside it what Lambda brings itself: the runtime client. All have bytecode."""
    build_here(workshop / "bundle")
    runtime = workshop / "runtime"
    copy_installed(runtime, ("awslambdaric", "simplejson", "snapshot-restore-py"))
    (runtime / "bare.py").write_text(BARE_SOURCE, encoding="utf-8")
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
    bundle = workshop / "bundle"
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        # No site-packages: only what the bundle and Lambda's runtime hold can be imported.
        "PYTHONPATH": f"{bundle}{os.pathsep}{workshop / 'runtime'}",
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


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on a free port of the loopback interface; its host and port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def print_table(
    subjects: Sequence[Subject], starts: Mapping[str, Sequence[Start]], failures: Mapping[str, str]
) -> None:
    """One line a subject: medians in milliseconds, and their ratios to the bare handler's."""
    print(f"{'':<22}{'ready':>10}{'ratio':>8}{'answer':>12}{'ratio':>8}{'budget':>9}")
    for subject in subjects:
        if subject.name in failures:
            print(f"{subject.name:<22}{'failed':>10}")
            continue
        ready, answer = medians(starts[subject.name])
        line = f"{subject.name:<22}{ready * 1000:>7.0f} ms{{}}{answer * 1000:>9.0f} ms{{}}"
        if BARE in starts:
            bare_ready, bare_answer = medians(starts[BARE])
            line = line.format(f"{ready / bare_ready:>8.2f}", f"{answer / bare_answer:>8.2f}")
        budget = BUDGETS.get(subject.name)
        print(line + (f"{budget:>9.1f}" if budget else ""))


def over_budget(starts: Mapping[str, Sequence[Start]]) -> list[str]:
    """A sentence for each budget that is not kept. Work that is put off until the first event is no quicker for the
    person who waits, so both times have to keep it."""
    sentences: list[str] = []
    if BARE not in starts:
        return sentences
    for name, budget in BUDGETS.items():
        if name not in starts:
            continue
        for what, own, of_bare in zip(
            ("to be ready", "to its first answer"), medians(starts[name]), medians(starts[BARE]), strict=True
        ):
            if own / of_bare > budget:
                sentences.append(
                    f"{name} takes {own / of_bare:.2f} times the bare handler's time {what}, over {budget}."
                )
    return sentences


def medians(starts: Sequence[Start]) -> tuple[float, float]:
    """The median times to be ready and to the first answer, in seconds."""
    return statistics.median(one.ready for one in starts), statistics.median(one.answer for one in starts)


if __name__ == "__main__":
    sys.exit(main())
