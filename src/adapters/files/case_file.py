"""The file of a case as one archive: a page to read, the same as data, and the documents."""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

_IN_MEMORY: Final = 16_000_000
_CHUNK: Final = 1_000_000
_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A document in the archive: its path there, and the stream that it is read from."""

    path: str
    content: Any


def path_of(number: int, name: str, ending: str, *, told_in: str = "") -> str:
    """Return where a document lies in the archive: its number, and what it is called, as every system can have it; in a
    folder of its own what was handed in in another case, `told_in`."""
    folder = f"documents/{told_in}" if told_in else "documents"
    plain = _NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", name))
    plain = " ".join(plain.split()).strip(". ")[:80]
    return f"{folder}/{number:02} {plain}.{ending}" if plain else f"{folder}/{number:02}.{ending}"


def write_archive(
    folder: str, *, page: str, data: Mapping[str, Any], enclosed: Iterable[Enclosed]
) -> IO[bytes]:
    """Return the archive as a file, at its beginning; who asked for it closes it. Everything lies in one `folder`."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}/case.html", page)
        archive.writestr(f"{folder}/case.json", json.dumps(data, ensure_ascii=False, indent=1, default=str))
        for enclosure in enclosed:
            # Documents, pictures and sound are compressed as they are.
            entry = zipfile.ZipInfo(f"{folder}/{enclosure.path}")
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as target:
                for chunk in enclosure.content.iter_chunks(_CHUNK):
                    target.write(chunk)
    file.seek(0)
    return file
