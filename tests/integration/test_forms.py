"""From an empty form to the confirmation, as a browser without scripts goes it, with the table in simulated AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters import procedures
from domain.procedure import MOST_ENTRIES
from handlers import wiring
from handlers.http import LARGEST_BODY
from tests.browser.gateway import FORM_TYPE, Page, Response, call, post_form, set_clock
from tests.integration.office import TABLE, Office, answers_lost

pytestmark = pytest.mark.usefixtures("clock_file")

FORM = "/leadership-east/complaint"

FILLED: dict[str, str] = {
    "name": "Complainant One",
    "email": "one@complainant.example",
    "telephone": "01632 960 001",
    "address": "1 Example Road\r\nExampleton",
    "course": "npqh",
    "incident_date.day": "3",
    "incident_date.month": "9",
    "incident_date.year": "2026",
    "account": 'It said "<b>no</b>" & left.',
    "outcome_sought": "An apology",
    "declaration": "yes",
}

Values = list[tuple[str, str]]


def filled(page: Page, aspects: Sequence[str] = ("The first point",), **changes: str) -> Values:
    """The form of `page` as somebody fills it in and presses Continue."""
    texts = FILLED | {name.replace("__", "."): value for name, value in changes.items()}
    values = [(name, texts.get(name, value)) for name, value in page.values if name != "aspects"]
    named = {name for name, _ in values}
    chosen = [(name, value) for name, value in texts.items() if name not in named]
    return [*values, *chosen, *(("aspects", aspect) for aspect in aspects), ("_do", "check")]


def checked(aspects: Sequence[str] = ("The first point",), **changes: str) -> Page:
    """The check page for a form that was filled in."""
    answer = post_form(FORM, filled(call("GET", FORM).page, aspects, **changes))
    assert answer.status == 200, answer.page.text
    assert answer.page.title.startswith("Check your answers")
    return answer.page


def cases(office: Office) -> int:
    return sum(item["SK"] == {"S": "STATE"} for item in office.items())


def reference(answer: Response) -> str:
    (found,) = set(re.findall(r"LE-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.page.text))
    return str(found)


def test_a_complaint_is_filled_in_checked_sent_and_confirmed(office: Office) -> None:
    """The confirmation has the reference of the case that was stored, and the dates that the procedure promises."""
    check = checked(["One", "", " Two "])
    sent = post_form(check.action, check.values)
    assert sent.status == 201
    ref = reference(sent)
    stored = office.site.store.load(ref)
    assert stored is not None
    assert stored.case.aspects == 2
    text = sent.page.text
    assert "We received it at 10am on Monday 2 November 2026." in text
    assert (
        "by the end of Thursday 5 November 2026 to confirm that we will look into it: within 3 working days of"
        " receiving it."
    ) in text
    assert "We will send you the outcome within 10 working days of confirming that we have it." in text
    assert "one@complainant.example" in text


def test_what_is_stored_is_what_was_typed(office: Office) -> None:
    """Lines, quotes and angle brackets come through both pages as they were written."""
    check = checked()
    ref = reference(post_form(check.action, check.values))
    stored = office.site.store.load(ref)
    assert stored is not None
    assert office.site.store.contents(ref, [stored.case.answers])[stored.case.answers] == {
        "name": "Complainant One",
        "email": "one@complainant.example",
        "telephone": "01632 960 001",
        "address": "1 Example Road\nExampleton",
        "course": "npqh",
        "incident_date": "2026-09-03",
        "account": 'It said "<b>no</b>" & left.',
        "aspects": ["The first point"],
        "outcome_sought": "An apology",
        "declaration": True,
    }


@pytest.mark.parametrize(
    "slug",
    [
        "alliance-for-learning",
        "ashton-on-mersey-scitt",
        "creative-alliance",
        "dynamic-training",
        "leadership-east",
    ],
)
def test_every_form_can_be_sent(slug: str, office: Office) -> None:
    """Each form of each organisation leads to a case, filled in where it has to be and nowhere else."""
    samples = {
        "email": "one@complainant.example",
        "telephone": "01632 960 001",
        "date": "2026-10-30",
        "declaration": "yes",
    }
    forms = procedures.load(slug).forms
    for form in forms:
        values = [
            (field.id, field.choices[0].id if field.choices else samples.get(field.type, "Something"))
            for field in form.fields
            if field.required
        ]
        check = post_form(f"/{slug}/{form.id}", values)
        assert check.status == 200
        assert post_form(check.page.action, check.page.values).status == 201
    assert cases(office) == len(forms)


def test_the_check_page_shows_every_answer() -> None:
    """Each question stands beside its answer, choices by their label and the date in full; blanks are called so."""
    page = checked(["One", "Two"])
    text = page.text
    for shown in (
        "NPQ for Headship",
        "Thursday 3 September 2026",
        'It said "<b>no</b>" & left.',
        "One",
        "Two",
    ):
        assert shown in text
    assert "When is a good time to reach you? Not answered" in text
    changes = [button["formaction"] for button in page.all("button") if button.get("class") == "plain"]
    assert changes == [f"{FORM}#{field.id}" for field in _fields()]


def test_nothing_is_stored_before_it_is_sent(office: Office) -> None:
    """Filling in, checking and changing write nothing."""
    check = checked()
    post_form(FORM, [*check.values, ("_do", "change.name")])
    assert office.items() == []


def test_errors_are_named_and_everything_typed_is_kept(office: Office) -> None:
    """The form comes back with a summary that leads to each field, and with every text as it was typed."""
    answer = post_form(
        FORM,
        filled(call("GET", FORM).page, ["One", "x" * 1001], name="", email="nobody", incident_date__day="31"),
    )
    assert answer.status == 422
    page = answer.page
    assert page.title.startswith("Error: ")
    alert = next(tag for tag in page.all("div") if tag.get("role") == "alert")
    assert alert["aria-labelledby"] == "problems"
    targets = [anchor["href"] for anchor in page.all("a") if anchor.get("href", "").startswith("#")]
    assert targets == ["#main", "#name", "#email", "#incident_date", "#aspects.1"]
    assert {target[1:] for target in targets} <= page.ids
    assert page.value("email") == "nobody"
    assert page.value("account") == FILLED["account"]
    assert page.value("address") == "1 Example Road\nExampleton".replace("\n", "\r\n")
    assert page.value("incident_date.day") == "31"
    assert page.value("course") == "npqh"
    assert page.value("declaration") == "yes"
    assert [value for name, value in page.values if name == "aspects"] == ["One", "x" * 1001]
    by_id = {one["id"]: one for one in page.all("input") + page.all("textarea") if "id" in one}
    assert by_id["email"]["aria-invalid"] == "true"
    assert "email.problem" in by_id["email"]["aria-describedby"].split()
    assert "aria-invalid" not in by_id["account"]
    assert office.items() == []


def test_a_date_in_the_future_is_refused_like_any_other_error(office: Office) -> None:
    """What only the procedure and the clock can tell comes back on the form too, with everything kept."""
    check = checked(incident_date__year="2027")
    answer = post_form(check.action, check.values)
    assert answer.status == 422
    assert "The date must be today or in the past." in answer.page.text
    assert answer.page.value("incident_date.year") == "2027"
    assert answer.page.value("account") == FILLED["account"]
    assert office.items() == []


def test_another_point_can_be_added_without_scripts() -> None:
    """The button gives one more box, keeps all that was typed, and complains of nothing yet."""
    values = [*filled(call("GET", FORM).page, ["One", ""], name="")[:-1], ("_do", "add.aspects")]
    answer = post_form(FORM, values)
    assert answer.status == 200
    page = answer.page
    assert [value for name, value in page.values if name == "aspects"] == ["One", ""]
    assert page.value("email") == FILLED["email"]
    assert [area["id"] for area in page.all("textarea") if "autofocus" in area] == ["aspects.1"]


def test_boxes_for_points_end_where_points_end() -> None:
    """With the last box that can be filled, the button for another is gone."""
    values = filled(call("GET", FORM).page, [str(number) for number in range(MOST_ENTRIES)])
    page = post_form(FORM, [*values[:-1], ("_do", "add.aspects")]).page
    assert sum(name == "aspects" for name, _ in page.values) == MOST_ENTRIES
    assert all(button.get("value") != "add.aspects" for button in page.all("button"))


def test_an_answer_can_be_changed_after_checking() -> None:
    """Change leads back to the form with everything in it, and begins at the question."""
    check = checked()
    page = post_form(FORM, [*check.values, ("_do", "change.telephone")]).page
    assert [field["id"] for field in page.all("input") if "autofocus" in field] == ["telephone"]
    again = post_form(FORM, [*page.values, ("_do", "check")])
    assert again.page.values == check.values


def test_the_key_stays_the_same_on_the_way() -> None:
    """From the empty form to the check page and back it is one submission."""
    form = call("GET", FORM).page
    check = post_form(FORM, filled(form)).page
    back = post_form(FORM, [*check.values, ("_do", "change")]).page
    assert {form.value("_key"), check.value("_key"), back.value("_key")} == {form.value("_key")}


def test_a_second_click_opens_no_second_case(office: Office) -> None:
    """The same form sent twice gets the same confirmation twice."""
    check = checked()
    first, second = (post_form(check.action, check.values) for _ in range(2))
    assert (first.status, second.status) == (201, 200)
    assert first.body == second.body
    assert cases(office) == 1


def test_other_answers_under_a_used_key_are_asked_about_first(office: Office) -> None:
    """Who goes back after sending and changes something is told, and can still send it as a second case."""
    check = checked()
    post_form(check.action, check.values)
    changed = [(name, "Complainant Two" if name == "name" else value) for name, value in check.values]
    answer = post_form(check.action, changed)
    assert answer.status == 409
    assert "You have already sent this form with different answers" in answer.page.text
    assert cases(office) == 1
    assert post_form(answer.page.action, answer.page.values).status == 201
    assert cases(office) == 2


@pytest.mark.parametrize("key", [[], [("_key", "short")], [("_key", "x" * 44)]])
def test_what_did_not_come_from_the_check_page_is_checked_first(key: Values, office: Office) -> None:
    """Without a key of ours nothing is stored, and the answers are shown to be checked and sent."""
    values = [(name, value) for name, value in checked().values if name != "_key"]
    answer = post_form(f"{FORM}/submit", [*values, *key])
    assert answer.status == 400
    assert office.items() == []
    assert post_form(answer.page.action, answer.page.values).status == 201


def test_dates_that_nobody_knows_are_not_guessed(office: Office, clock_file: Path) -> None:
    """Beyond the known holidays the complaint is taken, and the page says that the date will be confirmed."""
    set_clock(clock_file, datetime(2028, 12, 29, tzinfo=UTC))
    check = checked()
    answer = post_form(check.action, check.values)
    assert answer.status == 201
    assert "We cannot work out the date yet" in answer.page.text
    assert "We will confirm it." in answer.page.text


def test_a_table_that_does_not_answer_loses_nothing(office: Office) -> None:
    """When it cannot be stored, the answers stay on the page under the same key, to be sent again."""
    check = checked()
    office.client.delete_table(TableName=TABLE)
    answer = post_form(check.action, check.values)
    assert answer.status == 503
    assert answer.page.values == check.values


def test_an_answer_that_got_lost_is_not_taken_for_a_failure(office: Office) -> None:
    """The page does not claim that nothing was stored, and sending it again confirms what was."""
    check = checked()
    with answers_lost(wiring.client("dynamodb")):
        answer = post_form(check.action, check.values)
    assert answer.status == 503
    assert "we do not know whether your form has reached us" in answer.page.text
    assert "We will not count it twice." in answer.page.text
    assert cases(office) == 1
    again = post_form(answer.page.action, answer.page.values)
    assert again.status == 200
    assert cases(office) == 1


def test_nothing_that_was_written_gets_into_the_log(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither success nor refusal nor failure leaves a word of the complaint in what is logged."""
    check = checked(name="Canary", account="Canary")
    post_form(check.action, check.values)
    post_form(FORM, filled(call("GET", FORM).page, name="Canary\x00", email="Canary"))
    office.client.delete_table(TableName=TABLE)
    again = checked(name="Canary", account="Canary")
    assert post_form(again.action, again.values).status == 503
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) >= 2
    assert "Canary" not in str(lines)


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("", b"name=One", 415),
        (f"{FORM_TYPE}; charset=iso-8859-1", b"name=One", 415),
        (FORM_TYPE, b"name=%ff", 400),
        (FORM_TYPE, b"name=\xff", 400),
        (FORM_TYPE, b"&".join([b"name=One"] * 600), 400),
        (FORM_TYPE, b"account=" + b"x" * LARGEST_BODY, 413),
        (FORM_TYPE, b"", 422),
        (f"{FORM_TYPE}; charset=UTF-8", b"name=One", 422),
    ],
)
def test_what_is_no_form_is_refused_by_name(content_type: str, body: bytes, status: int) -> None:
    """Other types, other encodings and too much of it get the status that says so, on a page that leads back."""
    answer = call("POST", FORM, headers={"Content-Type": content_type}, body=body)
    assert answer.status == status
    assert answer.page.all("a")


def test_a_body_may_come_as_text_or_in_base64() -> None:
    """Both of the gateway's ways to hand over a body read the same."""
    answers = [
        call("POST", FORM, headers={"content-type": FORM_TYPE}, body=b"name=Ren%C3%A9e", plain=plain)
        for plain in (True, False)
    ]
    assert [answer.page.value("name") for answer in answers] == ["Ren\u00e9e", "Ren\u00e9e"]


def test_a_field_that_the_form_does_not_have_is_refused(office: Office) -> None:
    """Nothing is stored that was not asked for."""
    answer = post_form(FORM, [*filled(call("GET", FORM).page), ("colour", "blue")])
    assert answer.status == 422
    assert "The form does not ask for this." in answer.page.text


def test_an_answer_given_twice_is_refused() -> None:
    """A question that takes one answer does not pick one of two."""
    answer = post_form(FORM, [*filled(call("GET", FORM).page), ("account", "Another one")])
    assert answer.status == 422


@pytest.mark.parametrize(
    "path", ["/nobody/complaint", "/leadership-east/nothing", "/nobody/complaint/submit"]
)
def test_a_form_that_does_not_exist_takes_nothing(path: str) -> None:
    """Sending to an unknown form gets the page for what is not there."""
    assert post_form(path, list(FILLED.items())).status == 404


def test_pages_with_answers_are_kept_by_nobody() -> None:
    """No cache and no other site learns of what was typed."""
    check = post_form(FORM, filled(call("GET", FORM).page))
    sent = post_form(check.page.action, check.page.values)
    wrong = post_form(FORM, [])
    for answer in (check, sent, wrong):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def _fields() -> Any:
    form = procedures.load("leadership-east").form("complaint")
    assert form is not None
    return form.fields
