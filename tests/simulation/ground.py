"""What a simulation stands on: the procedures and templates compiled as the bundle has them, and both cores."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from tests.simulation.deployment import ROOT

One = TypeVar("One")
Found = TypeVar("Found")


@cache
def prepare() -> Path:
    """Compile procedures and templates into a folder of this process's own, and put it first on the path."""
    from jinja2 import FileSystemLoader

    from adapters import rendering
    from authoring.compile import write

    out = Path(tempfile.mkdtemp(prefix="dueprocess-simulation-"))
    # Of this process alone: those that fork off end without it.
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    if "compiled" not in sys.modules:
        write(ROOT / "procedures", out)
    templates = rendering.environment(FileSystemLoader(rendering.SOURCES))
    templates.compile_templates(out / rendering.COMPILED, zip=None, ignore_errors=False)
    sys.path.insert(0, str(out))
    rendering.current.cache_clear()
    # A sweep that delivers nothing has no metrics; the library says so each time.
    warnings.filterwarnings("ignore", message="No application metrics to publish")
    return out


def spread(work: Callable[[One], Found], pieces: Iterable[One], *, workers: int = 0) -> Iterator[Found]:
    """Have pieces of work done by all cores; the results as they come. Where tests are spread over the cores already,
    this process does them all."""
    prepare()
    if "PYTEST_XDIST_WORKER" in os.environ:
        yield from map(work, pieces)
        return
    # What is there already need not be looked at again by the collector of each process.
    gc.collect()
    gc.freeze()
    processes = multiprocessing.get_context("fork")
    # Ctrl-C is for this process, which ends the others.
    with processes.Pool(
        workers or os.cpu_count() or 2, signal.signal, (signal.SIGINT, signal.SIG_IGN)
    ) as pool:
        yield from pool.imap_unordered(work, pieces)
