"""A child process ends with its parent, also with one that was killed and could tell nobody.

The parent keeps the other end of the child's standard input open, writes nothing to it, and the operating
system closes it whatever way the parent ends.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """Send this process SIGTERM as soon as its standard input ends."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
