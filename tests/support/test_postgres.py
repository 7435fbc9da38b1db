"""The tests' PostgreSQL leaves no process, file, account or shared memory behind, even when its user is killed."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres import temporary_postgres

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
from tests.support.postgres import temporary_postgres
with temporary_postgres() as url:
    print(url, flush=True)
    input()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """Yield a home, runtime and temporary directory; not tmp_path, which `nobody` cannot enter."""
    directory = Path(tempfile.mkdtemp(prefix="a +&% "))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


def hold(place: Path) -> "subprocess.Popen[str]":
    """Start another process that starts a server and waits for a line."""
    environment = os.environ | {"HOME": str(place), "XDG_RUNTIME_DIR": str(place), "TMPDIR": str(place)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True
    )


def processes(place: Path) -> list[int]:
    """Return the processes that run below a directory or have it in their environment (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            directory, environment = os.readlink(entry / "cwd"), (entry / "environ").read_bytes()
        except OSError:
            continue
        if directory.startswith(str(place)) or os.fsencode(place) in environment:
            found.append(int(entry.name))
    return found


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Return whether a condition becomes true within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def memory_of(url: str) -> str:
    """Return the id of the server's shared memory segment, from its status file."""
    status = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"])) / "data" / "postmaster.pid"
    return status.read_text().splitlines()[6].split()[1]


def segments() -> set[str]:
    """Return the ids of all shared memory segments of the system (Linux)."""
    table = Path("/proc/sysvipc/shm")
    return {line.split()[1] for line in table.read_text().splitlines()[1:]} if table.exists() else set()


def test_a_server_answers_and_leaves_nothing(place: Path) -> None:
    accounts = pwd.getpwall()
    with hold(place) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_setting('server_encoding'), current_setting('fsync')").fetchone()
        assert row == ("UTF8", "off")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url, password="wrong")
        assert processes(place)
        memory = memory_of(url)
        holder.communicate("\n")
    assert holder.returncode == 0
    assert list(place.iterdir()) == []
    assert processes(place) == []
    assert memory not in segments()
    assert pwd.getpwall() == accounts


def test_a_server_that_cannot_start_reports_the_reason() -> None:
    with pytest.raises(RuntimeError, match="locale"), temporary_postgres("xx_XX.no-such"):
        pass


def test_a_killed_user_with_an_open_connection_leaves_nothing(place: Path) -> None:
    with hold(place) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        memory = memory_of(url)
        with psycopg.connect(url):
            holder.kill()
            assert eventually(lambda: not any(place.iterdir()))
    assert eventually(lambda: not processes(place))
    assert memory not in segments()


def test_a_user_killed_while_the_server_starts_leaves_nothing(place: Path) -> None:
    with hold(place) as holder:
        assert eventually(lambda: any(place.glob("postgres-*/data")))
        holder.kill()
    assert eventually(lambda: not any(place.iterdir()))
    assert eventually(lambda: not processes(place))


@pytest.mark.slow
def test_a_killed_keeper_ends_the_server(place: Path) -> None:
    with hold(place) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        children = Path(f"/proc/{holder.pid}/task/{holder.pid}/children")
        if children.exists():
            os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
            assert eventually(lambda: not answers(url))
        holder.communicate("\n")
    assert eventually(lambda: not processes(place))


def answers(url: str) -> bool:
    """Return whether a server accepts connections at an address."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
