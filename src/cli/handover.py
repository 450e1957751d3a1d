"""Everything of one organisation, in files that need no program of ours: JSON lines, documents as they came in, hashes.

One case is held in memory at a time. What is there already is not fetched again, so an export that was broken off goes
on where it stopped; a case is always written as it is at that moment, and one that was destroyed meanwhile is taken
out. Links and drafts are left out: a link is a way in, and a draft is for its author alone.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from adapters.cases.attributes import from_attributes, to_attributes
from adapters.cases.drafts import BEGINNING as DRAFT
from adapters.cases.sealing import open_content
from adapters.cases.store import CaseStore
from adapters.cases.stored import Stored, stored_from
from adapters.cases.table import HELD, SHARDS
from adapters.files.documents import file_name
from adapters.identities import initials
from cli import CannotRun
from domain.case import Case
from domain.notices import AS_SENT
from domain.procedure import DATA_PROTECTION
from domain.records import instant

FORMAT: Final = 1
"""Raised when what is written changes its shape."""

ABOUT: Final = "about.json"
HASHES: Final = "SHA256SUMS"

_CHUNK: Final = 1_000_000

JsonLine = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Where an organisation's data is, and the folder that it goes to. `s3`: boto3's client."""

    organisation: str
    folder: Path
    store: CaseStore
    s3: Any
    bucket: str
    procedures: Path
    """The folder of procedure files."""


@dataclass(slots=True)
class Written:
    """What came of an export. `lost` are documents that the bucket does not have."""

    cases: int = 0
    documents: int = 0
    lost: tuple[str, ...] = ()
    sha256: str = ""
    """Of the list of hashes."""


def write(export: Export, *, now: datetime) -> Written:
    """Write everything, and the hashes of it last.

    CannotRun: the folder holds something else."""
    _take(export)
    written, kept = Written(), {*_procedure_files(export), _directory(export)}
    for stored in _cases(export):
        case, ref = stored.case, stored.case.ref
        for number, document in enumerate(case.documents, start=1):
            path = Path("documents") / ref / file_name(ref, number, document.media_type)
            if _fetched(export, f"cases/{ref}/{document.id}", path, sha256=document.sha256):
                kept.add(path)
                written.documents += 1
            else:
                written.lost = (*written.lost, path.as_posix())
        kept.add(_write_lines(export.folder, Path("cases") / f"{ref}.jsonl", _lines(stored, export.store)))
        written.cases += 1
    _sweep(export.folder, kept)
    written.sha256 = _hash_all(export.folder)
    _say(
        export,
        finished_at=instant(now),
        cases=written.cases,
        documents=written.documents,
        lost=[*written.lost],
        hashes={HASHES: written.sha256},
    )
    return written


def _take(export: Export) -> None:
    folder = export.folder
    if folder.exists() and any(folder.iterdir()):
        try:
            about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            about = {}
        if about.get("organisation") != export.organisation:
            raise CannotRun(
                f"{folder} holds something else. Choose a folder that is empty or does not exist."
            )
    # It is to hold what people told in confidence.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _say(export, finished_at=None)


def _say(export: Export, **more: Any) -> None:
    about = {"organisation": export.organisation, "format": FORMAT, "table": export.store.table, **more}
    (export.folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _cases(export: Export) -> Iterator[Stored]:
    """Yield each case once, open or closed, each read consistently."""
    slugs = (export.organisation, f"{export.organisation}/{DATA_PROTECTION}")
    seen: set[str] = set()
    begins = {initials(slug) for slug in slugs}
    for page in pages_of(slugs, export.store):
        new = [ref for ref in page if ref not in seen and ref.partition("-")[0] in begins]
        seen.update(new)
        for stored in export.store.load_all(new):
            if stored.case.organisation in slugs:
                yield stored


def pages_of(slugs: Iterable[str], store: CaseStore) -> Iterator[list[str]]:
    """Yield the references of all cases of these procedures, some of others among them, and some twice."""
    slugs = tuple(slugs)
    for shard in range(SHARDS):
        for slug in slugs:
            yield from _page_of("worklist", "worklist_shard", f"{slug}#{shard}", store)
            yield from _page_of("worklist", "worklist_shard", f"{slug}#{HELD}#{shard}", store)
        # Other closed cases are listed by when they are looked at next alone, those of all organisations together.
        yield from _page_of("due", "due_shard", f"delete#{shard}", store)
        yield from _page_of("due", "due_shard", f"wake#{shard}", store)


def _page_of(index: str, key: str, shard: str, store: CaseStore) -> Iterator[list[str]]:
    pages = store.client.get_paginator("query").paginate(
        TableName=store.table,
        IndexName=index,
        KeyConditionExpression=f"{key} = :shard",
        ExpressionAttributeValues=to_attributes({":shard": shard}),
    )
    for page in pages:
        yield [str(from_attributes(raw)["ref"]) for raw in page["Items"]]


def _lines(stored: Stored, store: CaseStore) -> Iterator[JsonLine]:
    """Yield what is known of a case, a line for each thing, as it is when it is read."""
    ref = stored.case.ref
    _, of_case = store.get_with_key(ref, ())
    key = store.key_of(ref, of_case)
    for item in store.query(f"CASE#{ref}"):
        kind, _, rest = item["SK"].partition("#")
        match kind:
            case "STATE" if (read := stored_from(item)) is not None:
                yield {"what": "case", "reference": ref, "version": read.case.version, "head": read.head} | {
                    "case": item["case"]
                }
                yield from _documents(read.case)
            case "EVENT":
                yield {"what": "event", "number": int(rest)} | {
                    name: item[name] for name in ("fact", "previous", "hash")
                }
            case "CONTENT" if not rest.startswith(DRAFT):
                what = "message" if rest.startswith(AS_SENT) else "content"
                yield {"what": what, "id": rest, "words": open_content(ref, rest, bytes(item["sealed"]), key)}
            case "OUTBOX":
                told = ("effect", "delivered_at", "receipt")
                yield {"what": "effect", "id": rest} | {name: item[name] for name in told if name in item}
            case _:
                continue


def _documents(case: Case) -> Iterator[JsonLine]:
    for number, document in enumerate(case.documents, start=1):
        path = f"documents/{case.ref}/{file_name(case.ref, number, document.media_type)}"
        yield {"what": "document", "id": document.id, "file": path, "sha256": document.sha256}


def _directory(export: Export) -> Path:
    def lines() -> Iterator[JsonLine]:
        for item in export.store.query(f"DIRECTORY#{export.organisation}"):
            what = "change" if "change" in item else "directory"
            yield {"what": what, what: item[what]}

    return _write_lines(export.folder, Path("directory.jsonl"), lines())


def _procedure_files(export: Export) -> Iterator[Path]:
    """Copy the rules that the cases follow; yield where they lie."""
    for pattern in (f"{export.organisation}.yaml", f"released/{export.organisation}/*.yaml", "shared/*.yaml"):
        for source in sorted(export.procedures.glob(pattern)):
            path = Path("procedures") / source.relative_to(export.procedures)
            (export.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, export.folder / path)
            yield path


def _write_lines(folder: Path, path: Path, lines: Iterator[JsonLine]) -> Path:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".part")
    with half.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    half.replace(target)
    return path


def _fetched(export: Export, key: str, path: Path, *, sha256: str) -> bool:
    """Fetch a document unless it is there as it should be; return whether there is one."""
    target = export.folder / path
    if target.exists() and _hash(target) == sha256:
        return True
    try:
        body = export.s3.get_object(Bucket=export.bucket, Key=key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return False
        raise
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".part")
    with half.open("wb") as file:
        for chunk in body.iter_chunks(_CHUNK):
            file.write(chunk)
    half.replace(target)
    return True


def _sweep(folder: Path, kept: set[Path]) -> None:
    """Take out what an earlier run wrote and is no part of it any more."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder) not in kept | {Path(ABOUT)}:
            path.unlink()


def _hash_all(folder: Path) -> str:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / ABOUT)
    with (folder / HASHES).open("w", encoding="utf-8") as file:
        for path in paths:
            file.write(f"{_hash(path)}  {path.relative_to(folder).as_posix()}\n")
    return _hash(folder / HASHES)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
