"""Whoever sends a file is a stranger: looking into it takes no more than its size says, whatever it says of itself."""

from __future__ import annotations

import bz2
import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.files.kinds import DOCX, MOST_ENTRIES, ODT, media_type_of
from domain.acts.documents import LARGEST, TYPES

MOST_HELD: Final = 12_000_000
"""Bytes. A text's chunk of a megabyte takes four where it has rare characters, and a few copies."""
LONGEST: Final = 3.0
"""Seconds of one core, for the largest file."""


def entry(name: bytes, stored: bytes, *, method: int, claims: int) -> bytes:
    """A file in an archive, with a size that it does not have."""
    head = struct.pack(
        "<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, method, 0, 0, 0, len(stored), claims, len(name), 0
    )
    return head + name + stored


def listed(name: bytes, stored: bytes, *, method: int, claims: int) -> bytes:
    """The same in the list at the archive's end."""
    numbers = (20, 20, 0, method, 0, 0, 0, len(stored), claims, len(name), 0, 0, 0, 0, 0, 0)
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", *numbers) + name


def archive(*files: tuple[bytes, bytes, int, int]) -> bytes:
    """An archive of files: name, bytes, method, claimed size."""
    body = b"".join(entry(name, stored, method=how, claims=size) for name, stored, how, size in files)
    list_of_it = b"".join(listed(name, stored, method=how, claims=size) for name, stored, how, size in files)
    numbers = (0, 0, len(files), len(files), len(list_of_it), len(body), 0)
    return body + list_of_it + struct.pack("<4sHHHHIIH", b"PK\x05\x06", *numbers)


def bomb_of_bzip2() -> bytes:
    """579 bytes that were unpacked to 1.2 GB."""
    return archive((b"mimetype", bz2.compress(bytes(50_000_000)), 12, 50))


def bomb_of_deflate() -> bytes:
    return archive((b"mimetype", zlib.compress(bytes(40_000_000), 9)[2:-4], 8, 50))


def torn() -> bytes:
    return archive((b"mimetype", b"\xff\xff\xff no such block", 8, 50))


def many_entries() -> bytes:
    """As many files as an archive can name without saying more of them."""
    return archive(*((b"%05d" % number, b"", 0, 0) for number in range(65_535)))


def endless_names() -> bytes:
    one = listed(b"n" * 60_000, b"", method=0, claims=0)
    numbers = (0, 0, 800, 800, len(one) * 800, 30, 0)
    return (
        entry(b"", b"", method=0, claims=0) + one * 800 + struct.pack("<4sHHHHIIH", b"PK\x05\x06", *numbers)
    )


def pictures() -> bytes:
    """A text with as much in it as anybody may send, by Word."""
    return archive((b"word/document.xml", b"x", 8, 1), (b"word/media/1.png", bytes(LARGEST - 1000), 0, 0))


def said_to_be_open_document() -> bytes:
    """What it says has the right length by its claim, and goes on for megabytes."""
    return archive((b"mimetype", ODT.encode() + b"x" * 20_000_000, 0, len(ODT)))


def rare_characters() -> bytes:
    return ("\N{PILE OF POO}" * (LARGEST // 4)).encode()


def nothing_but_space() -> bytes:
    return b" " * LARGEST


def ends_of_archives() -> bytes:
    return b"PK\x03\x04" + b"PK\x05\x06" * (LARGEST // 4 - 1)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (bomb_of_bzip2, ""),
        (bomb_of_deflate, ""),
        (torn, ""),
        (many_entries, ""),
        (endless_names, ""),
        (pictures, DOCX),
        (said_to_be_open_document, ""),
        (rare_characters, "text/plain"),
        (nothing_but_space, ""),
        (ends_of_archives, ""),
    ],
)
def test_what_a_file_is_takes_little_memory_and_time(made: Callable[[], bytes], kind: str) -> None:
    """Neither grows with what an archive claims, how many files it names, or how it is packed."""
    file = io.BytesIO(made())
    tracemalloc.start()
    began = time.process_time()
    try:
        found = media_type_of(file)
        took, (_, held) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == kind
    assert held < MOST_HELD
    assert took < LONGEST


@pytest.mark.parametrize(("entries", "kind"), [(MOST_ENTRIES, DOCX), (MOST_ENTRIES + 1, "")])
def test_an_archive_has_so_many_files_and_no_more(entries: int, kind: str) -> None:
    """A text of Word with more than any has is none."""
    others = ((b"word/media/%d.png" % number, b"", 0, 0) for number in range(entries - 1))
    assert kind == media_type_of(io.BytesIO(archive((b"word/document.xml", b"", 8, 0), *others)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (b"word/document.xml", DOCX),
        (b"word/document2.xml", DOCX),
        (b"word/documents.xml", ""),
        (b"xl/workbook.xml", ""),
    ],
)
def test_a_text_of_word_has_one_main_part_by_whichever_name(name: bytes, kind: str) -> None:
    """Some programs number it."""
    assert kind == media_type_of(io.BytesIO(archive((b"[Content_Types].xml", b"", 8, 0), (name, b"", 8, 0))))


@pytest.mark.parametrize("program", [b"word/vbaProject.bin", b"WORD/VBAPROJECT.BIN", b"Basic/Module.xml"])
def test_what_brings_a_program_along_is_not_taken(program: bytes) -> None:
    """However its name is written."""
    packed = archive(
        (b"mimetype", ODT.encode(), 0, len(ODT)), (b"word/document.xml", b"", 8, 0), (program, b"", 8, 0)
    )
    assert media_type_of(io.BytesIO(packed)) == ""


def sound_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", ODT, zipfile.ZIP_STORED)
        made.writestr("content.xml", "<p/>" * 100)
    return file.getvalue()


SOUND: Final = sound_archive()


@given(
    st.lists(
        st.tuples(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6
    ),
    st.integers(0, len(SOUND)),
)
def test_no_archive_leads_to_an_error(changes: list[tuple[int, bytes]], cut: int) -> None:
    """Bytes are changed wherever, and the end is cut off: it is something that is known here, or nothing."""
    made = bytearray(SOUND)
    for at, changed in changes:
        made[at : at + len(changed)] = changed
    for file in (bytes(made), bytes(made[: len(made) - cut])):
        assert media_type_of(io.BytesIO(file)) in ("", *TYPES)


@given(st.binary(max_size=200))
def test_no_file_leads_to_an_error(content: bytes) -> None:
    """With and without the beginning of an archive."""
    for file in (content, b"PK\x03\x04" + content, content + b"PK\x05\x06"):
        assert media_type_of(io.BytesIO(file)) in ("", *TYPES)
