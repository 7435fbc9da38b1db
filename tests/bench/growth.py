"""Whether more rows make the works slower: the same questions to two sizes of the same data."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.bench import page, works
from tests.bench.build import Databases
from tests.bench.fleet import Fleet
from tests.bench.report import Bar
from tests.bench.servers import Server
from tests.bench.terms import Claim, Contender, Work

FACTOR = 1.3
MEGABYTE = 1 << 20
LATER = 10**9
"""Where running numbers go on, far behind those that were asked before."""


def second_database(url: str) -> str:
    """Another empty database on the same server, by its address."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE DATABASE grown TEMPLATE template0")
    return url.replace("/postgres?", "/grown?")


def growth(fleet: Fleet, grown: Fleet, limit: Server) -> Iterator[Work]:
    """W1 to W4 on more rows beside those on fewer: first all on SQLite, then all on Postgres.

    Both sizes of one database fit into the memory of a machine that both databases together do not fit into, and
    what is compared is the work that more rows make, not how much memory there is. So all else is put out of memory
    before, and each is read once.
    """
    for kind in fleet.ours:
        for data in (fleet.data, grown.data):
            alone_in_memory(data, kind)
        for make in (page.page, works.item, works.series, works.deep):
            less, more = make(fleet, limit), make(grown, limit)
            few, many = _ours(less, fleet, kind), _ours(more, grown, kind)
            title = f"{less.title.partition(', never')[0]}, more rows"
            yield Work(less.name, title, [few, many], [Claim(many.name, few.name, Bar(at_least=1 / FACTOR))])


def alone_in_memory(data: Databases, kind: str) -> None:
    """Read all of a database of one kind, so that the system keeps it, and let go of the same data elsewhere."""
    own = Path(data.sqlite.removeprefix("sqlite:///"))
    with psycopg.connect(data.postgres, autocommit=True) as server:
        [directory] = server.execute("SHOW data_directory").fetchone() or [""]
        forget(data.plain)
        if kind == "SQLite":
            for file in Path(directory, "base").rglob("[0-9]*"):
                forget(file)
            with own.open("rb", buffering=0) as opened:
                while opened.read(MEGABYTE):
                    pass
            return
        forget(own)
        server.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        server.execute(
            "SELECT pg_prewarm(oid::regclass, 'read') FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
        )


def forget(file: Path) -> None:
    """Let the system forget what it keeps of a file."""
    if file.is_file():
        with file.open("rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _ours(work: Work, fleet: Fleet, kind: str) -> Contender:
    found = next(contender for contender in work.contenders if contender.name == f"ours, {kind}")
    found.name += f", {fleet.data.rows:,} rows"
    found.questions.asked = LATER
    found.facts = None  # other rows have other facts
    return found
