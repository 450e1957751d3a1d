"""What people in danger need to know is said before anything else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from authoring.procedure_file import read
from authoring.rules import objections
from domain.procedure import Procedure
from domain.provisions import Urgent
from handlers.api import definition
from handlers.pages import form_page

SHIPPED = [read(path) for path in sorted(Path("procedures").glob("*.yaml"))]
each = pytest.mark.parametrize("procedure", [pytest.param(one, id=one.slug) for one in SHIPPED])

FIRST = "If you or someone else is in immediate danger, call 999."


def form_of(procedure: Procedure) -> str:
    return str(form_page(procedure, procedure.forms[0], key="key")["body"])


@each
def test_each_organisation_says_it_on_its_forms_and_in_the_api(procedure: Procedure) -> None:
    """Above the first question, with the number that is called, and marked as the organisation's own."""
    assert procedure.urgent is not None
    assert procedure.urgent.own_target
    page = form_of(procedure)
    assert page.index("<h1>") < page.index(FIRST) < page.index("<form")
    told = definition(procedure, procedure.forms[0])["urgent"]
    assert told == list(procedure.urgent.about)
    assert procedure.contact.telephone in told[1]


@each
def test_who_says_nothing_shows_nothing(procedure: Procedure) -> None:
    """Without the key there is no empty box, and an empty one is refused."""
    silent = replace(procedure, urgent=None)
    assert 'aria-label="If someone is in danger"' not in form_of(silent)
    assert definition(silent, silent.forms[0])["urgent"] == []
    empty = replace(procedure, urgent=Urgent(about=(" ",), own_target="Ours."))
    assert "`about` says nothing to people in danger" in [
        found.message for found in objections(empty, slug=empty.slug, version=None)
    ]
