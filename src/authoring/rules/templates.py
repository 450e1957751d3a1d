"""What the mails of a deployment have to have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

from domain.notices import Notice

MAIL_PARTS: Final = ("subject.txt", "body.txt", "body.html")


def template_objections(templates_dir: Path) -> Iterator[str]:
    """Yield the mail templates that are missing, one sentence for each notice."""
    for notice in get_args(Notice):
        folder = templates_dir / "mail" / notice
        missing = [part for part in MAIL_PARTS if not (folder / part).is_file()]
        if missing:
            yield f"the notice `{notice}` has no template: {', '.join(missing)} missing in {folder}"
