"""The server's own process: `python -m app.http.server HOST PORT WORKERS`, on a database that is ready.

It ends with exit code 0 after SIGTERM, SIGINT or SIGHUP, within a bounded time whatever clients or the database do;
workers end with their parent.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from uvicorn.supervisors import multiprocess

from app.errors import StartupError
from app.http.fast_path import FastPathProtocol
from app.http.memory import limit_arenas
from app.settings import Settings

END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CLOSE_SECONDS = 3
"""Time for the application to close its database after the last response."""
SYSTEM_UNSENT_BYTES = 131_072
"""Bytes of one connection that the system may hold without sending them."""
PARENT_CHECK_SECONDS = 1
EXIT_REFUSED = 2


class GracefulServer(uvicorn.Server):
    """uvicorn's server with a bounded end."""

    def run(self, sockets: Any = None) -> None:
        """Serve until a signal, then end the process. Threads that still work do not delay the end."""
        code = 0
        limit_arenas()
        logging.getLogger("gazette.settings").disabled = True  # `gazette serve` has warned, once for all workers
        try:
            super().run(sockets)
        except SystemExit as end:
            code = EXIT_REFUSED if end.code else 0
        _end_process(code)

    async def startup(self, sockets: Any = None) -> None:
        """Listen, and let the system keep little of what a client does not read."""
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                set_unsent_bytes(listening)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle the signals that end a server. They are not raised again: such an end is no failure."""
        for each in END_SIGNALS:
            signal.signal(each, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begin the end; a second signal ends at once."""
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True

    async def shutdown(self, sockets: Any = None) -> None:
        """Let responses end, for `shutdown_seconds` at most, then drop connections and close the application."""
        lifespan_shutdown = self.lifespan.shutdown
        # Dropped connections end their requests. uvicorn would cancel these, and log each as an error.
        drain_seconds = (self.config.timeout_graceful_shutdown or CLOSE_SECONDS) - CLOSE_SECONDS
        asyncio.get_running_loop().call_later(drain_seconds, self._drop_connections)

        async def bounded_lifespan_shutdown() -> None:
            self._drop_connections()
            closing = asyncio.ensure_future(lifespan_shutdown())
            await asyncio.wait([closing], timeout=CLOSE_SECONDS)
            if not closing.done():
                _end_process(0)  # to cancel it would log a failure

        self.lifespan.shutdown = bounded_lifespan_shutdown
        await super().shutdown(sockets)

    def _drop_connections(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _end_process(code: int) -> NoReturn:
    """End this process, whatever its threads do."""
    sys.stderr.flush()
    os._exit(code)


class WorkerProcess(multiprocess.Process):
    """A worker that ends with its parent."""

    @property
    def server(self) -> uvicorn.Server:
        """The server of this worker."""
        if self._server is None:
            self._server = GracefulServer(config=self.config)
        return self._server

    def target(self, sockets: Any = None) -> None:
        """Serve in the worker's process."""
        parent = os.getppid()
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        super().target(sockets)


def _end_with(parent: int) -> None:
    """End this process when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


class Supervisor(multiprocess.Multiprocess):
    """uvicorn's parent of several workers, with a bounded end."""

    def handle_hup(self) -> None:
        """End, as after SIGTERM. uvicorn would restart the workers."""
        self.handle_term()

    def join_all(self) -> None:
        """Wait for the workers, and kill those that do not end."""
        deadline = time.monotonic() + (self.config.timeout_graceful_shutdown or 0) + 2 * CLOSE_SECONDS
        for process in self.processes:
            process.process.join(max(deadline - time.monotonic(), 0))
            if process.process.is_alive():
                process.process.kill()
                process.process.join()


def set_unsent_bytes(listening: Any) -> None:
    """Bound what the system accepts from us beyond what a client's window lets it send, for each connection.

    Otherwise it takes some megabytes for each client, read or not, and a slow one seems to read nothing for minutes.
    """
    with contextlib.suppress(OSError, AttributeError):  # not every system has it
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, SYSTEM_UNSENT_BYTES)


def raise_open_files_limit() -> None:
    """Allow this process as many open files as the system lets it have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main(host: str, port: str, workers: str) -> None:
    """Serve until the process is told to end."""
    settings = Settings.from_environment()
    raise_open_files_limit()
    config = uvicorn.Config(
        "app.main:create_app",
        factory=True,
        host=host,
        port=int(port),
        workers=int(workers),
        http=FastPathProtocol,
        ws="none",
        proxy_headers=False,  # responses do not depend on who asks; limits read the header by themselves
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=settings.shutdown_seconds + CLOSE_SECONDS,
    )
    if config.workers == 1:
        GracefulServer(config).run()
    # uvicorn's supervisor takes the class of its workers from its own module.
    multiprocess.Process = WorkerProcess  # type: ignore[misc]
    Supervisor(config, [config.bind_socket()]).run()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:4])
    except StartupError as error:
        sys.stderr.write(f"gazette: {error}\n")
        sys.exit(EXIT_REFUSED)
    except SystemExit as end:  # uvicorn has other codes for a port in use
        sys.exit(EXIT_REFUSED if end.code else 0)
