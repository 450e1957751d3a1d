"""The public pages say what the procedure says, work without scripts, and can be read by everybody."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest

from adapters import procedures
from adapters.rendering import environment, render, spell_by_when, spell_moment
from domain.procedure import Form, Procedure
from handlers.pages import handler
from tests.browser.gateway import call

ROOT = Path(__file__).parents[2]

ORGANISATIONS = sorted(path.stem for path in (ROOT / "procedures").glob("*.yaml"))


@pytest.fixture(autouse=True)
def serves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGANISATIONS", "")


def every_form() -> Iterator[tuple[Procedure, Form]]:
    for slug in ORGANISATIONS:
        procedure = procedures.load(slug)
        for form in procedure.forms:
            yield procedure, form


def test_the_index_leads_to_every_organisation() -> None:
    """Where several organisations are served, the first page names each and links to its start page."""
    page = call("GET", "/").page
    links = {anchor["href"] for anchor in page.all("a")}
    assert {f"/{slug}" for slug in ORGANISATIONS} <= links
    assert all(procedures.load(slug).organisation in page.text for slug in ORGANISATIONS)


def test_one_organisation_needs_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one organisation is served, the first page is its start page, and the others do not exist."""
    monkeypatch.setenv("ORGANISATIONS", "leadership-east")
    answer = call("GET", "/")
    assert answer.status == 302
    assert answer.headers["Location"] == "/leadership-east"
    assert call("GET", "/leadership-east").status == 200
    assert call("GET", "/creative-alliance").status == 404


@pytest.mark.parametrize("slug", ORGANISATIONS)
def test_a_start_page_tells_the_procedure(slug: str) -> None:
    """The start page has every stage, where each limit stands in the policy, the forms, and how to call."""
    procedure = procedures.load(slug)
    page = call("GET", f"/{slug}").page
    text = page.text
    for stage in procedure.stages:
        assert stage.title in text
        assert " ".join(stage.about.split()) in text
        for rule in stage.deadlines:
            if rule.name != "submit":
                assert (rule.own_target or f"{procedure.document}: {rule.source}") in text
    links = {anchor["href"] for anchor in page.all("a")}
    assert {f"/{slug}/{form.id}" for form in procedure.forms} <= links
    assert f"mailto:{procedure.contact.email}" in links
    assert procedure.contact.hours in text


def test_a_target_is_not_passed_off_as_the_policy() -> None:
    """A limit that the policy does not state is shown as the organisation's own."""
    procedure = procedures.load("leadership-east")
    text = call("GET", "/leadership-east").page.text
    own = next(
        rule.own_target
        for rule in procedure.stage("stage-2").deadlines
        if rule.name == "respond" and rule.own_target
    )
    assert re.search(
        r"We will send you the outcome within 20 working days[^.]*\.[^.]*" + re.escape(own), text
    )


def test_every_question_is_asked() -> None:
    """A form shows each question with its label and hint, and the privacy notice before the button."""
    for procedure, form in every_form():
        page = call("GET", f"/{procedure.slug}/{form.id}").page
        names = {name.partition(".")[0] for name, _ in page.values}
        names |= {given["name"] for given in page.all("input") if "name" in given}
        for field in form.fields:
            assert field.id in names
            assert field.label in page.text
            assert " ".join(field.hint.split()) in page.text
            assert (f"{field.label} (optional)" in page.text) != field.required
        assert all(" ".join(paragraph.split()) in page.text for paragraph in form.privacy)
        assert procedure.contact.telephone in page.text
        assert procedure.contact.hours in page.text


def test_every_field_has_a_label_and_every_reference_a_target() -> None:
    """What a screen reader follows leads somewhere: labels to fields, descriptions to texts, links to places."""
    for procedure, form in every_form():
        page = call("GET", f"/{procedure.slug}/{form.id}").page
        labelled = {label["for"] for label in page.all("label")}
        fields = [one for one in page.all("input") if one["type"] != "hidden"] + page.all("textarea")
        assert {field["id"] for field in fields} == labelled
        for _, attributes in page.tags:
            for name in ("aria-describedby", "aria-labelledby"):
                assert set(attributes.get(name, "").split()) <= page.ids
            if attributes.get("href", "").startswith("#"):
                assert attributes["href"][1:] in page.ids


def test_a_browser_can_fill_in_what_it_knows() -> None:
    """Name, email, telephone and address carry what a browser needs to offer them."""
    page = call("GET", "/leadership-east/complaint").page
    offered = {
        one["id"]: one.get("autocomplete") for one in page.all("input") + page.all("textarea") if "id" in one
    }
    assert {name: offered[name] for name in ("name", "email", "telephone", "address")} == {
        "name": "name",
        "email": "email",
        "telephone": "tel",
        "address": "street-address",
    }


def test_every_form_opened_has_a_key_of_its_own() -> None:
    """Two visitors never send under the same key, so each visit asks for a page with another one. A browser may keep
    it for whoever goes back, who finds what they typed."""
    first, second = (call("GET", "/leadership-east/complaint") for _ in range(2))
    assert first.page.value("_key") != second.page.value("_key")
    assert first.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/nobody", "/leadership-east/nothing", "/nobody/complaint", "/favicon.ico"])
def test_what_is_not_there_says_so(path: str) -> None:
    """An address that leads nowhere gets a page that says so and leads on."""
    answer = call("GET", path)
    assert answer.status == 404
    assert answer.page.title.startswith("Page not found")
    assert answer.page.all("a")[-1]["href"]


@pytest.mark.parametrize("path", ["/", "/leadership-east", "/leadership-east/complaint", "/nobody"])
def test_pages_allow_no_more_than_they_need(path: str) -> None:
    """No frame, nothing from elsewhere; the one stylesheet is allowed by its hash, and on a form the one script."""
    answer = call("GET", path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    is_form = path == "/leadership-east/complaint"
    assert policy == {
        "default-src": "'none'",
        "style-src": _hash_of("style", answer.body),
        **({"script-src": _hash_of("script", answer.body), "connect-src": "'self'"} if is_form else {}),
        "img-src": "data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "style=" not in answer.body
    assert answer.body.count("<script") == (1 if is_form else 0)


def _hash_of(tag: str, html: str) -> str:
    """The source of a policy that allows the one element of this kind."""
    (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("path", ["/", "/leadership-east", "/leadership-east/complaint", "/nobody"])
def test_pages_are_built_for_everybody(path: str) -> None:
    """Language, width, one heading of the first rank, and a link past the top."""
    page = call("GET", path).page
    assert page.all("html") == [{"lang": "en-GB"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert len(page.all("h1")) == 1
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert "main" in page.ids


def test_a_form_needs_neither_boto3_nor_pydantic(compiled: Path) -> None:
    """Whoever opens a form does not wait for what only storing and checking need."""
    program = (
        "import sys; from handlers.pages import handler\n"
        "event = {'routeKey': 'GET /{org}/{form}',"
        " 'pathParameters': {'org': 'leadership-east', 'form': 'complaint'}}\n"
        "assert handler(event, None)['statusCode'] == 200\n"
        "print({'boto3', 'botocore', 'pydantic', 'aws_lambda_powertools'} & set(sys.modules))"
    )
    path = os.pathsep.join([str(ROOT / "src"), str(compiled)])
    ran = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "set()"


def test_what_fails_here_is_said_without_details() -> None:
    """A fault of ours gives a page that says so, and tells nothing of it."""
    answer = handler({"routeKey": "GET /canary", "requestContext": {"requestId": "request-7"}}, None)
    assert answer["statusCode"] == 500
    assert "Sorry, there is a problem" in answer["body"]
    assert "KeyError" not in answer["body"]
    assert "canary" not in answer["body"]


# For the whole session: jinja2 leaves a weak reference to the loader among the modules, and Hypothesis, which looks
# through them, trips over one that ends meanwhile.
@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> jinja2.Environment:
    folder = tmp_path_factory.mktemp("templates")
    sources = environment(jinja2.FileSystemLoader(ROOT / "templates"))
    sources.compile_templates(folder, zip=None, ignore_errors=False)
    return environment(jinja2.ModuleLoader(folder))


def test_templates_run_compiled_as_they_do_from_their_sources(compiled_templates: jinja2.Environment) -> None:
    """What the build compiles with the one environment gives the same text, character for character."""
    context = {"heading": "A <b>heading</b>", "paragraphs": ["One & two"]}
    text = compiled_templates.get_template("pages/error.html").render(context)
    assert text == render("pages/error.html", **context)
    assert "A &lt;b&gt;heading&lt;/b&gt;" in text


def test_a_template_that_lacks_something_fails() -> None:
    """What a template does not know is an error and no empty space."""
    with pytest.raises(jinja2.UndefinedError):
        render("pages/error.html", paragraphs=[])


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 12, 15, 16, 50, tzinfo=UTC), "4:50pm on Tuesday 15 December 2026"),
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), "9am on Wednesday 1 July 2026"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "midday on Wednesday 1 July 2026"),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "midnight at the start of Wednesday 1 July 2026"),
        (datetime(2026, 12, 15, 0, 5, tzinfo=UTC), "12:05am on Tuesday 15 December 2026"),
    ],
)
def test_moments_are_written_as_people_in_london_write_them(instant: datetime, text: str) -> None:
    """The clock is London's, in summer too, and twelve o'clock is never in doubt."""
    assert spell_moment(instant) == text


def test_a_date_that_is_promised_lasts_to_its_end() -> None:
    """A deadline that ends with its day says so; one that ends within a day has the time."""
    whole = SimpleNamespace(due=date(2026, 12, 15), due_at=datetime(2026, 12, 16, tzinfo=UTC))
    within = SimpleNamespace(due=date(2026, 12, 15), due_at=datetime(2026, 12, 15, 16, 50, tzinfo=UTC))
    assert spell_by_when(whole) == "by the end of Tuesday 15 December 2026"
    assert spell_by_when(within) == "before 4:50pm on Tuesday 15 December 2026"
