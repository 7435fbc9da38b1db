"""The server's process: how it ends, and that its workers end with it."""

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.http.server import SYSTEM_UNSENT_BYTES, set_unsent_bytes
from tests.support.served import get
from tests.support.server_process import DEADLINE_SECONDS, started

pytestmark = pytest.mark.slow


def stopped_reader(port: int) -> socket.socket:
    """Return a connection that asks for much and reads nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.sendall(get("/v1/provisions.ndjson") * 50)
    return connection


def worker_ids(pid: int) -> set[int]:
    """Return the workers of a server with several."""
    children = {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()}
    return {child for child in children if "resource_tracker" not in command_line(child)}


def is_running(pid: int) -> bool:
    """Return whether a process runs and is not only waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_whatever_a_client_does(loaded_sqlite: str, workers: int, sent: signal.Signals) -> None:
    with started(loaded_sqlite, workers) as (process, port), stopped_reader(port):
        below = worker_ids(process.pid)
        process.send_signal(sent)
        assert process.wait(DEADLINE_SECONDS) == 0
        assert not any(is_running(pid) for pid in below)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_workers_end_with_their_parent(loaded_sqlite: str) -> None:
    with started(loaded_sqlite, workers=2) as (process, port):
        workers = worker_ids(process.pid)
        assert len(workers) == 2
        process.kill()
        process.wait(DEADLINE_SECONDS)
        ends = [os.pidfd_open(pid) for pid in workers if is_running(pid)]
        for end in ends:
            # A descriptor of a process becomes readable when it ends.
            assert select.select([end], [], [], DEADLINE_SECONDS)[0]
            os.close(end)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS)


def command_line(pid: int) -> str:
    """Return the command of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def test_a_port_in_use_is_refused(loaded_sqlite: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for workers in ("1", "2"):
            command = [sys.executable, "-m", "app.http.server", "127.0.0.1", str(taken.getsockname()[1]), workers]
            environment = {**os.environ, "DATABASE_URL": loaded_sqlite}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 2
            assert "Traceback" not in done.stderr
            assert "address already in use" in done.stderr.lower()


def test_the_system_holds_little_of_what_a_client_does_not_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        set_unsent_bytes(listening)
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == SYSTEM_UNSENT_BYTES
    set_unsent_bytes(listening)  # closed: it is no error
