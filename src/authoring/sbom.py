"""What a bundle holds of others, as a software bill of materials (CycloneDX 1.6): names, versions and licences.

It is made of what was installed and says nothing of when, so the same bundle has the same one.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from typing import Any, Final

CLASSIFIED: Final = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
"""Licences of packages that say it by a classifier alone. Those of BSD here have three clauses: the files in the
bundle's folder `licences` are what holds."""


def bill_of_materials(installed: Path, project: Path) -> str:
    """Return the bill as JSON: of what is `installed` in a folder, for the application of a `project` file.

    ValueError: something does not say its licence in a way that is known here."""
    about = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    found = (PathDistribution(path) for path in sorted(installed.glob("*.dist-info")))
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": _component(about["name"], about["version"], about["license"], "application")
        },
        "components": [*_components(found)],
    }
    return json.dumps(bill, indent=1) + "\n"


def _components(found: Iterable[Distribution]) -> Iterable[dict[str, Any]]:
    for each in found:
        name = re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower()
        purl = {"purl": f"pkg:pypi/{name}@{each.version}"}
        yield _component(name, each.version, _licence(each), "library") | purl


def _component(name: str, version: str, licence: str, kind: str) -> dict[str, Any]:
    said = {"license": {"id": licence}} if re.fullmatch(r"[\w.+-]+", licence) else {"expression": licence}
    return {
        "type": kind,
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "licenses": [said],
    }


def _licence(found: Distribution) -> str:
    """Return the identifier, or expression, of SPDX."""
    said = found.metadata
    if expression := said["License-Expression"]:
        return str(expression)
    for classifier in said.get_all("Classifier") or ():
        if classifier in CLASSIFIED:
            return CLASSIFIED[classifier]
    licence = str(said["License"] or "")
    if re.fullmatch(r"[\w.+-]+", licence):
        return licence
    raise ValueError(f"{said['Name']} does not say its licence in a way that is known here.")
