"""The service of a checkout as a child process: load a fresh database, then serve it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.answers.databases import end_with_parent, stamp

LAUNCHER = Path(__file__).with_name("launcher.py")
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR")
"""What a service sees of the environment: no setting of it may come from outside."""
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Checkout:
    """The code that is served."""

    directory: Path
    plain: bool = False
    """Whether the server's default protocol is used instead of the checkout's own."""

    @property
    def interpreter(self) -> Path:
        """The Python of the checkout; its place must stay as written, for it tells the virtual environment."""
        return self.directory / ".venv" / "bin" / "python"

    def start(self, url: str, log: IO[bytes], *arguments: str) -> "subprocess.Popen[bytes]":
        """Start the launcher on a database."""
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        environment |= {"DATABASE_URL": url, "PYTHONPATH": str(self.directory), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            [str(self.interpreter), "-P", str(LAUNCHER), *arguments],
            cwd=self.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent,
        )


def prepare(checkout: Checkout, url: str, text: Path | None, log: IO[bytes]) -> None:
    """Fill a fresh database as `gazette serve` does, then with a gazette's text as `gazette load` does.

    Raises RuntimeError when one of them fails.
    """
    port = free_port()
    with _running(checkout.start(url, log, "command", "serve", "--port", str(port)), port):
        pass
    if text is not None:
        with checkout.start(url, log, "command", "load", str(text)) as loading:
            loading.wait()
        if loading.returncode:
            raise RuntimeError(f"loading '{text}' failed, see '{log.name}'")
    stamp(url)


@contextmanager
def serving(checkout: Checkout, url: str, log: IO[bytes]) -> Iterator[int]:
    """The port on which a service answers for a loaded database; raises RuntimeError when it does not start."""
    port = free_port()
    plain = ("--plain",) if checkout.plain else ()
    with _running(checkout.start(url, log, *plain, "serve", str(port)), port):
        yield port


@contextmanager
def _running(server: "subprocess.Popen[bytes]", port: int) -> Iterator[None]:
    try:
        _await_open(server, port)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await_open(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the service did not start, see the log of the recording") from None
            time.sleep(0.05)
        else:
            return


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
