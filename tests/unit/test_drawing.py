"""A procedure is drawn as it is: every step, every limit, who decides, and where it ends."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from adapters import procedures
from authoring.mermaid import as_mermaid
from authoring.picture import picture_of
from authoring.procedure_file import read
from authoring.svg import FONT, WIDTH, as_svg
from cli.main import app
from domain.calendars import Limit
from domain.procedure import Procedure
from tests.browser.gateway import call

SOUND = (Path(__file__).parent / "sound_procedure.yaml").read_text(encoding="utf-8")

PROCEDURES = Path(__file__).parents[2] / "procedures"
FILES = sorted(PROCEDURES.glob("*.yaml"))
SVG = "{http://www.w3.org/2000/svg}"

MERMAID = """\
  form1(["Complain<br/>within 1 month of what happened, or up to 4 months if this is agreed by: \
Board member"]) --> step1
  step1["First<br/>Decides: Manager<br/>Agrees: Board member\
<br/>We will acknowledge it within 3 working days of receiving it\
<br/>We will send the outcome within 10 working days of our acknowledgement\
<br/>You reply within 2 weeks of the outcome*"]
  step2["Second<br/>Decides: Board member, not involved before<br/>We will acknowledge it straight away\
<br/>We will send the outcome within 20 working days of your request, or by a new date with the reason\
<br/>You reply within 10 working days of the outcome"]
  step1 -->|"You are not satisfied"| step2
  step1 -->|"You are satisfied, or do not reply to our reminder"| closed
  step2 -->|"You are not satisfied"| step2end
  step2end["You can turn to:<br/>Ombudsman (for some courses)"] --> closed
  step2 -->|"You are satisfied, or do not reply to our reminder"| closed
  closed(["The case is closed<br/>We keep it for 5 years, then we delete it.<br/>\
* Our own rule, not from: Complaints policy."])
"""


@pytest.fixture
def example(tmp_path: Path) -> Procedure:
    path = tmp_path / "example.yaml"
    path.write_text(SOUND, encoding="utf-8")
    return read(path)


def texts(svg: str) -> str:
    """All that can be read in the drawing, in order."""
    root = ET.fromstring(svg)
    return " ".join(" ".join("".join(text.itertext()).split()) for text in root.iter(f"{SVG}text"))


def branched(example: Procedure) -> Procedure:
    """A procedure in which one way passes over a step: first → last, second → last, each with a form."""
    form, (first, last) = example.forms[0], example.stages
    second = replace(first, id="between", title="Between", next="second")
    return replace(
        example, forms=(form, replace(form, id="other", starts_at="between")), stages=(first, last, second)
    )


def test_a_flowchart_has_every_way(example: Procedure) -> None:
    """The Mermaid text names forms, steps, limits, the closure, and each way from one to another."""
    head, _, rest = as_mermaid(picture_of(example)).partition("  form1")
    assert "  form1" + rest == MERMAID
    assert head.splitlines()[:2] == ["flowchart TD", "  accTitle: Example: how a complaint goes"]


def test_labels_cannot_break_out_of_a_flowchart(example: Procedure) -> None:
    """Quotes, tags and hashes in a procedure stay text."""
    stages = (replace(example.stages[0], title='Say "no" <b>#1;'), example.stages[1])
    assert '["Say #quot;no#quot; #lt;b#gt;#35;1;<br/>' in as_mermaid(
        picture_of(replace(example, stages=stages))
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_drawing_says_all_that_the_flow_has(path: Path) -> None:
    """Nothing is lost between the procedure and the picture, and the description has it all in words."""
    procedure = read(path)
    svg = as_svg(picture_of(procedure))
    seen = texts(svg)
    description = ET.fromstring(svg).findtext(f"{SVG}desc") or ""
    for stage in procedure.stages:
        assert stage.title in seen
        assert stage.title in description
        assert procedure.role(stage.review.role).title in seen
        for rule in stage.deadlines:
            for limit in rule.within:
                assert limit.count == 0 or str(limit.count) in seen
    for form in procedure.forms:
        # What is only logged goes through no stage, and the drawing is of those.
        assert (form.title in seen) == bool(form.starts_at)
    for step in picture_of(procedure).steps:
        for row in step.rows:
            assert str(row) in seen
            assert str(row) in description


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_drawing_needs_no_style_and_no_script(path: Path) -> None:
    """Only shapes and text with presentation attributes: pages allow nothing else. It has a title, a description
    and letters that are large enough at every width."""
    svg = as_svg(picture_of(read(path)))
    root = ET.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "text",
        "tspan",
    }
    names = {name for element in root.iter() for name in element.attrib}
    assert not any(name == "style" or name == "class" or name.startswith("on") for name in names)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [
        root.find(f"{SVG}{tag}").attrib["id"]  # type: ignore[union-attr]
        for tag in ("title", "desc")
    ]
    assert root.attrib["font-family"] == FONT
    # A phone of 360 pixels leaves 320 for the drawing.
    assert int(root.attrib["font-size"]) * 320 / WIDTH >= 14


def test_what_is_written_in_a_procedure_stays_text(example: Procedure) -> None:
    """A title with angle brackets is shown with them, and is no element."""
    stages = (replace(example.stages[0], title="<script>&"), example.stages[1])
    svg = as_svg(picture_of(replace(example, stages=stages)))
    assert "<script>&" in texts(svg)


def test_a_way_may_pass_over_a_step(example: Procedure) -> None:
    """Steps stand below those that lead to them, whatever their order in the file, and no way gets lost."""
    picture = picture_of(branched(example))
    assert "or Complain" not in texts(as_svg(picture))
    assert [step.id for step in picture.steps] == ["first", "between", "second"]
    chart = as_mermaid(picture)
    assert 'step1 -->|"You are not satisfied"| step3' in chart
    assert 'step2 -->|"You are not satisfied"| step3' in chart
    assert texts(as_svg(picture)).count("You are not satisfied") == 3


def test_two_forms_that_begin_the_same_step_are_alternatives(example: Procedure) -> None:
    """Whoever sees two ways in to a step sees that one is enough."""
    other = replace(example.forms[0], id="other", title="Tell us")
    svg = as_svg(picture_of(replace(example, forms=(*example.forms, other))))
    assert "or Tell us" in texts(svg)


def test_an_answer_without_reply_is_the_last_step(example: Procedure) -> None:
    """Where a stage asks for no reply, the picture asks for none."""
    last = example.stages[1]
    silent = replace(last, deadlines=tuple(rule for rule in last.deadlines if rule.name != "reply"))
    step = picture_of(replace(example, stages=(example.stages[0], silent))).steps[1]
    assert step.closing == "The outcome is the last step"
    assert not any(row.lead == "You reply" for row in step.rows)


def test_a_first_day_that_counts_is_said(example: Procedure) -> None:
    """Where the event's own day is day 1, the picture says so."""
    first = example.stages[0]
    rules = tuple(
        replace(rule, within=(Limit(30, "days", day_one="same-day"),)) if rule.name == "respond" else rule
        for rule in first.deadlines
    )
    step = picture_of(replace(example, stages=(replace(first, deadlines=rules), example.stages[1]))).steps[0]
    assert "We will send the outcome within 30 days of our acknowledgement, that day included" in map(
        str, step.rows
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_drawing_stands_on_the_start_page(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page has the very drawing that `dueprocess draw` makes of the file."""
    monkeypatch.setenv("ORGANISATIONS", "")
    drawn = CliRunner().invoke(app, ["draw", path.stem])
    assert drawn.exit_code == 0
    assert drawn.stdout in call("GET", f"/{path.stem}").body
    assert procedures.drawing_of(procedures.load(path.stem)) == drawn.stdout


def test_a_drawing_goes_into_a_file(tmp_path: Path) -> None:
    """`--out` writes a file, whose name tells the format unless one is given."""
    for name, begin in (("picture.svg", "<svg "), ("picture.mmd", "flowchart TD")):
        out = tmp_path / name
        assert CliRunner().invoke(app, ["draw", "leadership-east", "--out", str(out)]).exit_code == 0
        assert out.read_text(encoding="utf-8").startswith(begin)
    chart = CliRunner().invoke(app, ["draw", "leadership-east", "--format", "mermaid"]).stdout
    assert chart == (tmp_path / "picture.mmd").read_text(encoding="utf-8")


def test_nothing_is_drawn_of_nobody() -> None:
    """An unknown organisation is refused with those that are known."""
    refused = CliRunner().invoke(app, ["draw", "nobody"])
    assert refused.exit_code == 2
    assert re.search(r"no organisation `nobody`. Choose one of: .*leadership-east", refused.stderr)
