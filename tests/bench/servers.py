"""Servers on loopback, one worker each: started on a free port, ended by their process id."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 300
STOP_SECONDS = 20
PROCESS_CLOCK = 2
"""Linux's CPUCLOCK_SCHED: with the complement of a process id above it, the clock of that process's own time, exact to
less than a microsecond. `/proc` counts in hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    pid: int

    def url(self, path: str) -> str:
        """An address on it."""
        return f"http://{HOST}:{self.port}{path}"

    def resident(self) -> float:
        """The memory that its process holds now, in MB."""
        return self._memory("VmRSS")

    def most_resident(self) -> float:
        """The most that it held since it was started or `forget_most` was called, in MB."""
        return self._memory("VmHWM")

    def forget_most(self) -> None:
        """Let the mark of the most memory held begin anew."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def processor_seconds(self) -> float:
        """The processor time that its process took so far, all threads together."""
        return time.clock_gettime(~self.pid << 3 | PROCESS_CLOCK)

    def _memory(self, word: str) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(rf"^{word}:\s+(\d+) kB$", status, re.MULTILINE)
        assert found is not None, "the kernel always tells"
        return int(found[1]) / 1024


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    directory: Path,
    path: str,
    environment: Mapping[str, str] | None = None,
    root: Path | None = None,
) -> Iterator[Server]:
    """A server while the block runs; `{port}` in the command is its port, `path` is asked until it answers.

    `root` is the directory that it runs in, this process's own unless given. Raises RuntimeError with the server's own
    words when it does not start.
    """
    port = free_port()
    words = [word.replace("{port}", str(port)) for word in command]
    log = directory / f"{name}-{port}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=root,
            env={**os.environ, **(environment or {})},
        )
        try:
            server = Server(name, port, process.pid)
            _await(process, server.url(path), log)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no answer from {url}:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)


def uvicorn(app: str, *more: str) -> list[str]:
    """The command of an ASGI application, with the fastest parts that uvicorn has."""
    parts = ["--http", "httptools", "--loop", "uvloop", "--no-access-log", "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", app, *more, "--host", HOST, "--port", "{port}", *parts]


def ours() -> list[str]:
    """This service, as `gazette serve` starts a worker."""
    return [sys.executable, "-m", "app.http.server", HOST, "{port}", "1"]


def datasette(database: Path, *more: str) -> list[str]:
    """Datasette as it comes, told that the data stands still."""
    return [sys.executable, "-m", "datasette", "-i", str(database), "-h", HOST, "-p", "{port}", *more]
