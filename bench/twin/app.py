"""A complaints form as a SAM application has it whose authors follow the documentation of their packages.

One function answers pages and API; it is what `bench/startup.py` compares ours with.
"""

from __future__ import annotations

import os
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Form, Header
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pydantic import BaseModel, Field

logger = Logger()
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape()
)


class Answers(BaseModel):
    """What the form asks."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)
    telephone: str = Field(min_length=6, max_length=30)
    address: str = Field(min_length=1, max_length=1000)
    incident_date: date
    account: str = Field(min_length=1, max_length=10_000)
    aspects: list[str] = Field(min_length=1, max_length=20)
    people_involved: str = ""
    outcome_sought: str = Field(min_length=1, max_length=5_000)
    declaration: bool


class Submission(BaseModel):
    """What a program sends."""

    form: str
    answers: Answers


class Opened(BaseModel):
    """What a program is told."""

    reference: str
    received_at: datetime
    due: date


@app.get("/<org>/<form>")
def show_form(org: str, form: str) -> Response[str]:
    """Show an empty form."""
    page = templates.get_template("form.html").render(org=org, form=form, fields=Answers.model_fields)
    return Response(200, content_types.TEXT_HTML, page)


@app.post("/<org>/<form>/submit")
def send_form(org: str, form: str, answers: Annotated[Answers, Form()]) -> Response[str]:
    """Store what was filled in, and show the reference."""
    opened = store(org, form, answers, key=str(uuid.uuid4()))
    return Response(200, content_types.TEXT_HTML, templates.get_template("sent.html").render(opened=opened))


@app.post("/api/v1/<org>/cases", status_code=201)
def open_case(
    org: str, submission: Submission, key: Annotated[str, Header(alias="Idempotency-Key")]
) -> Opened:
    """Store what a program sent."""
    return store(org, submission.form, submission.answers, key=key)


def store(org: str, form: str, answers: Answers, *, key: str) -> Opened:
    """Store a complaint."""
    now = datetime.now(UTC)
    opened = Opened(reference=key[:8].upper(), received_at=now, due=(now + timedelta(days=3)).date())
    table.put_item(
        Item={
            "PK": f"CASE#{opened.reference}",
            "SK": "STATE",
            "organisation": org,
            "form": form,
            "answers": answers.model_dump(mode="json"),
            "received_at": now.isoformat(),
            "due": opened.due.isoformat(),
        },
        ConditionExpression="attribute_not_exists(PK)",
    )
    logger.info("A case was opened.", extra={"reference": opened.reference})
    return opened


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    return app.resolve(event, context)
