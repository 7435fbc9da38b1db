"""Whether more rows make the works slower: the same questions to two sizes of the same data."""

from collections.abc import Iterator

import psycopg

from tests.bench import page, works
from tests.bench.fleet import Fleet
from tests.bench.report import Bar
from tests.bench.servers import Server
from tests.bench.terms import Claim, Contender, Work

FACTOR = 1.3
LATER = 10**9
"""Where running numbers go on, far behind those that were asked before."""


def second_database(url: str) -> str:
    """Another empty database on the same server, by its address."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE DATABASE grown TEMPLATE template0")
    return url.replace("/postgres?", "/grown?")


def growth(fleet: Fleet, grown: Fleet, limit: Server) -> Iterator[Work]:
    """W1 to W4 on more rows beside those on fewer."""
    for make in (page.page, works.item, works.series, works.deep):
        less, more = make(fleet, limit), make(grown, limit)
        few, many = _ours(less, fleet), _ours(more, grown)
        claims = [Claim(b.name, a.name, Bar(at_least=1 / FACTOR)) for a, b in zip(few, many, strict=True)]
        yield Work(less.name, less.title.partition(", never")[0], [*few, *many], claims)


def _ours(work: Work, fleet: Fleet) -> list[Contender]:
    found = [contender for contender in work.contenders if contender.name in ("ours, SQLite", "ours, Postgres")]
    for contender in found:
        contender.name += f", {fleet.data.rows:,} rows"
        contender.questions.asked = LATER
        contender.facts = None  # other rows have other facts
    return found
