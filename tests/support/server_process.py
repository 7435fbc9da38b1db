"""The server in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

DEADLINE_SECONDS = 60
ADDRESS = re.compile(r"running on http://127\.0\.0\.1:(\d+)")
STARTED = "Application startup complete"


@contextmanager
def started(url: str, workers: int = 1, **settings: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Start the server and return its process and port."""
    command = [sys.executable, "-m", "app.http.server", "127.0.0.1", "0", str(workers)]
    environment = {**os.environ, "DATABASE_URL": url, "SHUTDOWN_SECONDS": "1", **settings}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        port, complete = 0, 0
        for line in process.stderr:
            if match := ADDRESS.search(line):
                port = int(match[1])
            complete += STARTED in line
            if port and complete == workers:
                break
        assert port, "the server did not start"
        yield process, port
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE_SECONDS)
