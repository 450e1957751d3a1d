"""A whole life at each of the five organisations, side by side on one stack: from the form to the destruction, through
mails and links.

The functions are the built ones, deployed from template.yaml into the local stack. Nobody here calls a function of
the application.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from adapters.procedures import load
from local.stack import LocalStack
from tests.e2e.people import PageForm, Town, forms_of, get, post_file, save
from tests.integration.papers import MP3, PDF

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ORGANISATIONS = sorted(path.stem for path in (Path(__file__).parents[2] / "procedures").glob("*.yaml"))

BESIDE = "leadership-east/data-protection"
"""The shipped procedure for data protection complaints, the same at every organisation that switches it on."""

WITH_PAPERS = "dynamic-training"
"""Where the complainant sends files, adds one of them, and takes a copy."""

CANARY = "Quagmire"

OUTCOME = f"{CANARY}: we are sorry and run the course again."

UNDERSTOOD = f"{CANARY}: you say that nobody taught on the second day."

LETTER = f"{CANARY}: you complained of two things, and both are decided."

WRITTEN: dict[str, Any] = {
    "name": f"Zoë {CANARY}-Łukasik",
    "email": "quagmire@complainant.example",
    "telephone": "07700 900123",
    "address": f"1 {CANARY} Road",
    "account": f"{CANARY}: the second day's facilitator did not come.",
    "aspects": [f"{CANARY} one: nobody taught", f"{CANARY} two: told to stop fussing"],
    "outcome_sought": f"{CANARY}: an apology",
    "actions_taken": f"{CANARY}: I wrote to the facilitator",
    "availability": "after 16:15",
    "incident_date": "2026-11-16",
    "declaration": True,
    "personal_data": f"{CANARY}: my results",
}
"""Answers to whatever a form can require; each that a person words holds the canary."""


@dataclass
class Life:
    """One complaint, lived through by people who know only their mails and what the pages say."""

    town: Town
    organisation: str
    key: str = ""
    """The key with which the form is sent; empty: one for each organisation."""
    ref: str = ""
    gone_on: int = 0
    """How many stages the complainant went on from."""
    answers: dict[str, Any] = field(default_factory=dict)
    acts: list[str] = field(default_factory=list)

    @property
    def complainant(self) -> str:
        """The complainant's address."""
        return f"quagmire.{self.organisation.replace('/', '.')}@complainant.example"

    def begin(self, **more: Any) -> None:
        """Fill in what the form at the bottom of the ladder requires, and `more`, and send it."""
        base = self.town.base_url
        page = get(f"{base}/{self.organisation}").text
        form = "concern" if f'"/{self.organisation}/concern"' in page else "complaint"
        definition = get(f"{base}/api/v1/{self.organisation}/forms/{form}").json()
        written = {**WRITTEN, "email": self.complainant}
        self.answers = {
            one["id"]: one["choices"][0]["id"] if one["type"] == "choice" else written[one["id"]]
            for one in definition["fields"]
            if one["required"] or one["id"] == "aspects"
        } | more
        key = self.key or f"life-{self.organisation}"
        answer = self.town.submit(self.organisation, self.answers, form=form, key=key)
        assert answer.status == 201, answer.text
        self.ref = answer.json()["reference"]

    def send_papers(self) -> None:
        """As the complainant: add a document, send another file (and with the same ticket one more) without adding it,
        and take a copy of everything."""
        link = next(link for address, link, _ in self.town.doors(self.ref) if address == self.complainant)
        arrived = post_file(self.town.choose(link), f"{CANARY}.pdf", PDF)
        assert arrived.status == 200, arrived.text
        added = self.town.send(forms_of(arrived.text)["document"], name=f"{CANARY}: the letter")
        assert added.status == 200, added.text
        ticket = self.town.choose(link)
        for content in (PDF, MP3):
            assert post_file(ticket, f"{CANARY}.pdf", content).status == 200
        copied = self.town.act(link, "export", confirm="yes")
        (export,) = set(re.findall(r'href="(/l/[^"]+/exports/[^"]+)"', copied.text))
        assert zipfile.is_zipfile(BytesIO(save(f"{self.town.base_url}{export}")))

    def climb(self) -> None:
        """Do whatever the pages offer next, and go on to the next stage whenever the complainant can. On the last
        stage the complainant says nothing."""
        for _ in range(80):
            self.town.settle()
            action, form = self.next_act()
            if form is None:
                self.gone_on = self.acts.count("reply")
                return
            self.act(action, form)
        raise AssertionError(f"The case does not come to an end: {self.acts}")

    def next_act(self) -> tuple[str, PageForm | None]:
        """What moves the case on, and the form for it: of whoever was written to last and can do anything but name
        reviewers, which is always possible; no form where the complainant can only accept."""
        assign: PageForm | None = None
        for _, link, forms in self.town.doors(self.ref):
            for action in ("without-form", "approve", "respond", "acknowledge", "completion"):
                if action in forms:
                    return action, forms[action]
            if "reply" in forms:
                return "reply", forms["reply"] if self._can_go_on(link) else None
            assign = assign or forms.get("assign")
        return "assign", assign

    def mails(self, words: str) -> list[dict[str, Any]]:
        """The complainant's mails with these words."""
        return [mail for mail in self.town.mails(self.complainant) if words in mail["subject"] + mail["text"]]

    def _can_go_on(self, link: str) -> bool:
        return "want to go on to the next stage" in get(link).text

    def act(self, action: str, form: PageForm) -> None:
        """Fill in the form for `action` as it asks, and send it."""
        answer = self.town.send(form, **self._choices(action, form, panel=1))
        if action == "assign" and answer.status == 422:
            # The page says that the stage takes two.
            answer = self.town.send(form, **self._choices(action, form, panel=2))
        assert answer.status == 200, f"{action}: {answer.status}\n{answer.text}"
        self.acts.append(action)

    def _choices(self, action: str, form: PageForm, *, panel: int) -> dict[str, Any]:
        match action:
            case "acknowledge":
                asked = {"understood": UNDERSTOOD} if "understood" in form.offered else {}
                return {"confirm": "yes", **asked}
            case "completion":
                return {"letter": LETTER}
            case "assign":
                return {"reviewers": form.offered["reviewers"][:panel]}
            case "approve":
                return {"decision": "approve"}
            case "without-form":
                return {"decision": "go-on", "reason": f"{CANARY}: they told us everything by telephone."}
            case "reply":
                return {"answer": "escalate", "reasons": f"{CANARY}: not what I asked for"}
            case _:
                filled = {"response": OUTCOME}
                for name, values in form.offered.items():
                    if name.startswith("conclusion_") or name == "remedies":
                        filled[name] = values[0]
                    elif name.startswith("evidence_"):
                        filled[name] = f"{CANARY}: the booking list itself."
                    elif name.startswith("reasons_"):
                        filled[name] = f"{CANARY}: because of the booking list."
                    elif name == "no_conversation":
                        filled[name] = f"{CANARY}: they asked for a letter."
                return filled


@dataclass
class Lived:
    """Lives as they were lived, and everything that was stored before and after they were destroyed."""

    lives: dict[str, Life]
    before: str
    papers_before: list[str]
    after: str
    papers_after: list[str]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """A breach, every stage, silence after a reminder, closure, notice, destruction: of a complaint at each
    organisation, all on one stack whose clock they share."""
    stack = LocalStack(tmp_path_factory.mktemp("lives"))
    stack.start()
    try:
        town = Town(stack)
        lives = {one: Life(town, one) for one in (*ORGANISATIONS, BESIDE)}
        for life in lives.values():
            life.begin()
        town.settle()
        lives[WITH_PAPERS].send_papers()
        _pass_until_breached(town, len(lives))
        for life in lives.values():
            life.climb()
        while town.is_due("wake"):
            stack.advance(to="next")
            town.settle()
        assert [] == stack.worklist()
        before, papers_before = everything_stored(stack), papers_of(stack, lives[WITH_PAPERS].ref)
        for _ in range(12 * len(lives)):
            if town.is_due("delete"):
                # Refused where the destruction that is under way came to its end meanwhile.
                stack.try_to_advance(to="next")
                town.settle()
        assert not town.is_due("delete"), f"not everything is destroyed: {stack.clock()['due']}"
        # A certificate is written with its tombstone, after which nothing is due.
        town.settle()
        papers_after = papers_of(stack, lives[WITH_PAPERS].ref)
        yield Lived(lives, before, papers_before, everything_stored(stack), papers_after)
    finally:
        stack.stop()


A_KEY = '{"S": "KEY"}'
"""In everything that is stored: a case has a key."""


def require_that_nothing_is_left(lived: Lived, life: Life) -> None:
    for stored in (lived.before, lived.after):
        assert life.complainant not in stored, "what people write is sealed"
        assert CANARY not in stored
    assert A_KEY in lived.before
    assert A_KEY not in lived.after
    assert life.ref in lived.after, "the tombstone stays"


def _pass_until_breached(town: Town, cases: int) -> None:
    """Nobody acts until a date of each case has passed unmet."""
    for _ in range(12 * cases):
        town.stack.advance(to="next")
        open_cases = town.stack.worklist()
        assert len(open_cases) == cases
        if all(case["breached"] for case in open_cases):
            town.settle()
            return
    raise AssertionError("not everything was breached")


@pytest.mark.parametrize("organisation", [*ORGANISATIONS, BESIDE])
def test_every_stage_and_every_step_is_told(lived: Lived, organisation: str) -> None:
    """The complainant goes on as often as the procedure allows, has an answer of each stage, and whoever has to is told
    of each step; staff get no content by mail."""
    life = lived.lives[organisation]
    later = load(organisation).stages[1:]
    stages = 1 + len(later)
    assert life.mails(life.ref), "the complainant is told that it arrived"
    assert life.gone_on == stages - 1
    assert stages == len(life.mails(OUTCOME))
    # What acknowledges a stage at once says that the complaint goes on, too.
    told_onward = sum(stage.acknowledgement != "automatic" for stage in later)
    _require_mails_of_every_step(life, stages, told_onward)


@pytest.mark.parametrize("organisation", [*ORGANISATIONS, BESIDE])
def test_nothing_is_left_of_the_complainant(lived: Lived, organisation: str) -> None:
    """In no table, index, bucket, outbox item, queue or execution, and no key that would open a copy of it; but the
    tombstone stays. Nothing of it lay there in the clear before, either."""
    require_that_nothing_is_left(lived, lived.lives[organisation])


def test_nothing_is_left_of_documents_uploads_and_copies(lived: Lived) -> None:
    """What the case kept, what arrived and was never added, and what was taken out of it: every version is destroyed
    with the case, and nothing in the bucket marks where it was."""
    assert ["cases", "exports", "uploads", "uploads", "uploads"] == sorted(
        key.partition("/")[0] for key in lived.papers_before
    )
    assert [] == lived.papers_after


def _require_mails_of_every_step(life: Life, stages: int, told_onward: int) -> None:
    subjects = Counter[str]()
    for mail in life.town.mails():
        if life.ref not in mail["subject"]:
            continue
        is_theirs = life.complainant in mail["to"]
        assert is_theirs or CANARY not in mail["subject"] + mail["text"] + mail["html"], (
            "staff get no content"
        )
        for step in STEPS:
            subjects[step] += step in mail["subject"]
        subjects[ONWARD] += ONWARD in mail["subject"]
        subjects[ANSWERED] += mail["subject"].endswith(f"{life.ref}: {ANSWERED}")
    assert [] == [step for step in STEPS if not subjects[step]]
    assert stages == subjects[ANSWERED]
    assert told_onward == subjects[ONWARD]


ONWARD = "is going on to the next stage"

ANSWERED = "the outcome"
"""With what the subject of an outcome ends; those to staff go on: the outcome is due, or has been sent."""

STEPS = (
    "we are dealing with it",
    "assigned to you",
    "is due",
    "is overdue",
    "we have not heard from you",
    "is closed",
    "about to be destroyed",
    "certificate of destruction",
)
"""What is said in the subject of the mail that each step of a life brings."""


def papers_of(stack: LocalStack, ref: str) -> list[str]:
    """The keys in the bucket that name a case, once for each version and for each mark of a deletion."""
    pages = stack.client("s3").get_paginator("list_object_versions")
    return [
        one["Key"]
        for page in pages.paginate(Bucket=stack.resources()["DocumentsBucket"])
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        if ref in one["Key"]
    ]


def everything_stored(stack: LocalStack) -> str:
    """Every item, object and execution that the deployment holds, as text."""
    found: list[Any] = []
    dynamodb = stack.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        found.extend(dynamodb.get_paginator("scan").paginate(TableName=table).search("Items"))
    s3 = stack.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"]):
            found.append(page.get("Versions", []))
    stepfunctions = stack.client("stepfunctions")
    for machine in stepfunctions.list_state_machines()["stateMachines"]:
        arn = machine["stateMachineArn"]
        for execution in stepfunctions.list_executions(stateMachineArn=arn)["executions"]:
            found.append(execution)
            history = stepfunctions.get_execution_history(executionArn=execution["executionArn"])
            found.append(history["events"])
    sqs = stack.client("sqs")
    for queue in sqs.list_queues().get("QueueUrls", []):
        found.append(sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0).get("Messages", []))
    return json.dumps(found, default=str, ensure_ascii=False)
