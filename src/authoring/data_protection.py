"""Gives an organisation that switches it on the procedure for data protection complaints beside its own.

The rules stand in one shared file, `shared/data-protection.yaml` beside the organisations' files; everything about
the organisation comes from its own. What comes out is an ordinary `Procedure`, with a slug, a version and cases of
its own, of which nothing after the compilation knows that it was put together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

from authoring.procedure_file import asking_for_roles, read
from domain.procedure import DATA_PROTECTION, Procedure

STAND_IN: Final = "data-protection-contact"
"""The role of the shared file for which each organisation's own is put in."""

OF_THE_ORGANISATION: Final = (
    "organisation",
    "region",
    "contact",
    "roles",
    "people",
    "escalates_to",
    "school_year",
    "directory",
    "last_resort",
    "urgent",
    "contact_limits",
)
"""What is taken from the organisation's file; all else is the shared file's."""

SHARED_VERSIONS: Final = 1000
"""A version is the organisation's times this, plus the shared file's: whichever of the two is raised, it is."""


def shared_file(procedures_dir: Path) -> Path:
    """Return where the shared rules for the organisations' files in a folder are: beside them, or those that ship."""
    beside = procedures_dir / "shared" / f"{DATA_PROTECTION}.yaml"
    shipped = Path(__file__).resolve().parents[2] / "procedures" / "shared" / f"{DATA_PROTECTION}.yaml"
    return beside if beside.exists() else shipped


def beside(organisation: Procedure, shared: Procedure) -> Procedure:
    """Return the procedure for data protection complaints of an organisation."""
    own = {name: getattr(organisation, name) for name in OF_THE_ORGANISATION}
    role = organisation.data_protection_role or organisation.retention.told
    rules: Procedure = _renamed(replace(shared, roles=(), people=()), {STAND_IN: role})
    together = replace(
        rules,
        **own,
        slug=f"{organisation.slug}/{DATA_PROTECTION}",
        version=organisation.version * SHARED_VERSIONS + shared.version,
    )
    # Whom a complaint can be about is for the organisation's own roles to say.
    return asking_for_roles(together)


def read_beside(path: Path) -> Procedure | None:
    """Return the procedure for data protection complaints that stands beside the one in an organisation's file; None:
    it is not switched on.

    ProcedureFileErrors: either file has mistakes."""
    organisation = read(path)
    if organisation.data_protection == "off":
        return None
    return beside(organisation, read(shared_file(path.parent)))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return the value with every text in it that is one of `names` replaced. Ids are what stands alone in a text."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(_renamed(entry, names) for entry in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _renamed(getattr(value, field.name), names) for field in fields(value)}
        return replace(value, **changed)
    return value
