"""What the documents name is there: files, folders, and what a module has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "scenarios/README.md",
    ROOT / "bench/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
PACKAGES: Final = tuple(path.name for path in (ROOT / "src").iterdir() if (path / "__init__.py").exists())
TO_COME: Final = (
    "procedures/released/<slug>/<version>.yaml",
    "about.json",
    "build/gradual.json",
    "build/teeth",
)
"""What is not there before an organisation goes live, and what an export and a build write."""
ENDINGS: Final = (".py", ".md", ".toml", ".yaml", ".json", ".html", ".txt")


def file_names() -> set[str]:
    """Of all files, but for those that are made or installed here."""
    folders = (
        "bench",
        "docs",
        "local",
        "procedures",
        "requirements",
        "schemas",
        "scenarios",
        "src",
        "templates",
        "tests",
    )
    inside = (path.name for folder in folders for path in (ROOT / folder).rglob("*.*"))
    return {*inside, *(path.name for path in ROOT.iterdir())}


def named_in(text: str) -> Iterator[str]:
    """What stands in backticks, and the files of Python in what is set as code."""
    fences = re.findall(r"^```[^`]*?^```", text, flags=re.MULTILINE | re.DOTALL)
    for fence in fences:
        text = text.replace(fence, "")
        yield from re.findall(r"\b\w+\.py\b", fence)
    yield from (one for one in re.findall(r"`([^`\n]+)`", text) if not re.search(r"[ {}#…]", one))


def is_missing(name: str, beside: Path, files: set[str]) -> bool:
    """Whether it names something of the project that is not there. `<slug>` stands for any name."""
    pattern = re.sub(r"<[^>]*>", "*", name).rstrip("/")
    first, slash, _ = pattern.partition("/")
    if slash:
        homes = [home for home in (ROOT, ROOT / "src", beside) if first and (home / first).is_dir()]
        return bool(homes) and not any([*home.glob(pattern)] for home in homes)
    if pattern.endswith(ENDINGS) and "*" not in pattern and not pattern.startswith("."):
        return pattern not in files
    if re.fullmatch(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+", pattern):
        try:
            resolve_name(pattern)
        except (ImportError, AttributeError):
            return True
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document: Path) -> None:
    """Who reads on finds the file, the folder or the function under the name that it has."""
    files = file_names()
    names = sorted(set(named_in(document.read_text(encoding="utf-8"))))
    assert not [name for name in names if name not in TO_COME and is_missing(name, document.parent, files)]
