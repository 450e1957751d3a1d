"""What editors and authors are told about procedure files is what the model says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.jsonschema import StandardValidator
from click.testing import CliRunner

from authoring.model import records
from authoring.procedure_file import ProcedureFileErrors, read
from authoring.reference import BEGIN, END, NoPlace, put_reference, reference
from authoring.schema import schema, schema_text
from cli.main import app

SOUND = (Path(__file__).parent / "sound_procedure.yaml").read_text(encoding="utf-8")

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "procedures").glob("*.yaml"))
MODELINE = "# yaml-language-server: $schema=../schemas/procedure.schema.json"
"""The first line of a procedure file, by which editors find the schema."""


class Editor(yaml.SafeLoader):
    """YAML as editors read it: by its version 1.2, in which `yes` and 2026-09-02 are text."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [
            (tag, re.compile("^(?:true|false)$") if tag.endswith("bool") else pattern)
            for tag, pattern in resolvers
            if not tag.endswith("timestamp")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def refused(text: str) -> list[str]:
    """What the schema has against a file, by place."""
    content: Any = yaml.load(text, Loader=Editor)
    errors = StandardValidator(schema()).iter_errors(content)
    return [".".join(map(str, error.path)) for error in errors]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_schema_takes_every_procedure(path: Path) -> None:
    """The files that ship fit the schema, and their first line leads an editor to it."""
    text = path.read_text(encoding="utf-8")
    assert refused(text) == []
    assert text.splitlines()[0] == MODELINE
    assert (path.parent / MODELINE.partition("=")[2]).resolve() == ROOT / "schemas/procedure.schema.json"


def test_the_schema_is_the_models() -> None:
    """The file that editors read is what `dueprocess schema` writes now."""
    stored = (ROOT / "schemas/procedure.schema.json").read_text(encoding="utf-8")
    assert json.loads(stored) == schema(), "run `dueprocess schema`"
    assert stored == schema_text()


@pytest.mark.parametrize(
    ("sound", "broken", "place"),
    [
        ("title: Complaints\n", "", ""),
        ("title: Complaints\n", "title: Complaints\ntitel: Complaints\n", "titel"),
        ("title: Complaints\n", "title: 5\n", "title"),
        ("title: Complaints\n", "title: ' '\n", "title"),
        ("version: 1\n", "version: one\n", "version"),
        ("region: england-and-wales", "region: england", "region"),
        ("about: [Tell us.]", "about: Tell us.", "about"),
        ("kind: complaint", "kind: complant", "forms.complaint.kind"),
        ("  office: Office\n", "  Office: Office\n", "roles.Office"),
        ("  office: Office\n", "  office: {title: Office}\n", "roles.office"),
        ("name: {label: Name,", "shoe_size: {label: Name,", "forms.complaint.fields.shoe_size"),
        ("required: true}", "required: yes}", "forms.complaint.fields.name.required"),
        ("      respond:\n", "      respnd:\n", "stages.first.deadlines.respnd"),
        ("count: 1, unit: months", "count: 1, unit: moons", "stages.first.deadlines.submit.within.0.unit"),
        ("first: 2026-09-01", "first: September", "school_year.terms.0.first"),
    ],
)
def test_the_schema_marks_what_the_reader_refuses(
    sound: str, broken: str, place: str, tmp_path: Path
) -> None:
    """What does not fit the schema is no procedure either, and it is marked where it stands."""
    assert refused(SOUND) == []
    text = SOUND.replace(sound, broken, 1)
    assert text != SOUND
    assert place in refused(text)
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProcedureFileErrors):
        read(path)


def test_every_key_has_a_meaning() -> None:
    """Each key of the model says what it is for: under the field in `domain`, or at the type that it holds."""
    silent = [f"{record.name}.{key.name}" for record in records() for key in record.keys if not key.meaning]
    assert silent == [], "write a docstring under the field"


def test_the_reference_is_the_models() -> None:
    """The guide has the reference as `dueprocess docs` writes it now."""
    guide = (ROOT / "docs/procedures.md").read_text(encoding="utf-8")
    assert put_reference(guide) == guide, "run `dueprocess docs`"


def test_the_reference_leaves_nothing_out() -> None:
    """Each key of each kind of mapping has its row, and each link leads to a heading."""
    text = reference()
    headings = {line[4:].lower().replace(" ", "-") for line in text.splitlines() if line.startswith("### ")}
    assert set(re.findall(r"\(#([a-z-]+)\)", text)) <= headings
    assert len(headings) == len(records())
    for record in records():
        for key in record.keys:
            assert f"| `{key.name}` |" in text


def test_a_guide_without_markers_stays_as_it_is(tmp_path: Path) -> None:
    """Where the reference has no place, or two, nothing is written."""
    for text in ("", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"):
        with pytest.raises(NoPlace):
            put_reference(text)
        guide = tmp_path / "guide.md"
        guide.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(app, ["docs", str(guide)])
        assert done.exit_code == 2
        assert "needs the line" in done.stderr
        assert guide.read_text(encoding="utf-8") == text


def test_both_are_written_by_commands(tmp_path: Path) -> None:
    """`dueprocess schema` and `dueprocess docs` write what the other tests ask for."""
    out = tmp_path / "schemas/new.json"
    assert CliRunner().invoke(app, ["schema", "--out", str(out)]).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8")) == schema()
    guide = tmp_path / "guide.md"
    guide.write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["docs", str(guide)]).exit_code == 0
    assert guide.read_text(encoding="utf-8") == f"Before\n{BEGIN}\n\n{reference()}\n{END}\nAfter\n"
