"""Two checkouts of this service on the same databases: how much processor time a request takes now, and took before.

Both answer the same requests, in turn and round by round. "Asked before" is answered from the response cache. For
"never asked before" each request has another value; W4 and W6 have too few of them, so there the servers keep no
responses.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import data, page, works
from tests.bench.build import Databases
from tests.bench.drive import Questions, ask
from tests.bench.fleet import FORGETFUL, KINDS
from tests.bench.race import Results, drive_in_turn
from tests.bench.report import Bar, Line, ratios
from tests.bench.servers import HOST, Server, running
from tests.bench.terms import (
    Contender,
    Facts,
    Work,
    averages_facts,
    depth_facts,
    item_facts,
    page_facts,
    series_facts,
)

ROUNDS = 15
LEAST_RATIO = 0.95
OLD, NEW = "old", "new"
WORKS = ("W1", "W2", "W3", "W4", "W6")
NAMES = ("memory", *WORKS)
SERVER_MODULES = ("app.http.server", "app.serving")
"""Where a checkout has its server: the newest place first."""
DEEP_PAGES = 100
FIRST_PAGE = "/v1/observations?limit=100"


@dataclass(frozen=True, slots=True)
class Pair:
    """The two checkouts on one kind of database, each with a response cache (`caching`) and without (`forgetful`)."""

    kind: str
    caching: Mapping[str, Server]
    forgetful: Mapping[str, Server]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Requests to both checkouts; `values` returns those of one server, for what is no answer of the other."""

    name: str
    title: str
    facts: Facts
    pattern: str
    values: Callable[[Server], Sequence[str]] = lambda _: ()
    caches: bool = True


def server_command(root: Path) -> list[str]:
    """Return the command of a checkout's server, started by the checkout's own interpreter.

    Raises ValueError when the directory has no interpreter or no server.
    """
    python = root / ".venv" / "bin" / "python"
    if not python.exists():
        raise ValueError(f"'{root}' has no .venv/bin/python")
    for module in SERVER_MODULES:
        if root.joinpath(*module.split(".")).with_suffix(".py").exists():
            return [str(python), "-m", module, HOST, "{port}", "1"]
    raise ValueError(f"'{root}' has none of the modules {', '.join(SERVER_MODULES)}")


@contextmanager
def pairs(databases: Databases, reference: Path, directory: Path) -> Iterator[list[Pair]]:
    """Start both checkouts on both databases, with and without a response cache: eight servers."""
    here = Path(__file__).resolve().parents[2]
    commands = {
        OLD: (server_command(reference), reference),
        NEW: ([sys.executable, "-m", SERVER_MODULES[0], HOST, "{port}", "1"], here),
    }
    with ExitStack() as stack:

        def start(url: str, settings: Mapping[str, str]) -> dict[str, Server]:
            environment = {"DATABASE_URL": url, **settings}
            return {
                name: stack.enter_context(running(name, command, directory, "/readyz", environment, root))
                for name, (command, root) in commands.items()
            }

        urls = zip(KINDS, (databases.sqlite, databases.postgres), strict=True)
        yield [Pair(kind, start(url, {}), start(url, FORGETFUL)) for kind, url in urls]


def compare(
    started: Sequence[Pair], rows: int, only: Sequence[str], rounds: int, seconds: int, directory: Path
) -> Iterator[Line]:
    """Yield the lines of every wanted work, memory first."""
    if "memory" in only:
        for pair in started:
            for name, server in pair.forgetful.items():
                yield Line("memory", f"idle worker: {name}, {pair.kind}", "MB", [server.resident()])
    for comparison in comparisons(rows):
        if comparison.name not in only:
            continue
        for pair in started:
            work = work_of(comparison, pair)
            yield from lines_of(work, drive_in_turn(work, rounds, seconds, directory))


def comparisons(rows: int) -> list[Comparison]:
    """Return every work, asked before and never asked before."""
    before, never = "asked before", "never asked before"
    ids, queries = works.item_ids(rows), works.series_queries(rows)
    indicator_ids = [data.indicator_id(n) for n in range(works.indicators(rows))]
    w1, w2, w3, w4 = "page of 20", "one item", "250 months of one series", "page of 100 by cursor"
    w6, averages = "average by region of one indicator", "/v1/observations/aggregate?by=area_id&metric=avg:value"
    return [
        Comparison("W1", f"{w1}, {before}", page_facts, f"/v1/urban-villages?{page.W1}"),
        Comparison("W1", f"{w1}, {never}", page_facts, f"/v1/urban-villages?{page.W1_ANEW}"),
        Comparison("W2", f"{w2}, {before}", item_facts, f"/v1/observations/{ids[0]}"),
        Comparison("W2", f"{w2}, {never}", item_facts, "/v1/observations/{v}", lambda _: ids),
        Comparison("W3", f"{w3}, {before}", series_facts, f"/v1/observations?{queries[0]}"),
        Comparison("W3", f"{w3}, {never}", series_facts, "/v1/observations?{v}", lambda _: queries),
        Comparison("W4", f"{w4}, {before}", depth_facts, f"{FIRST_PAGE}&cursor={{v}}", lambda s: cursors(s, 1)),
        Comparison("W4", f"{w4}, {never}", depth_facts, f"{FIRST_PAGE}&cursor={{v}}", cursors, False),
        Comparison("W6", f"{w6}, {before}", averages_facts, f"{averages}&indicator_id={indicator_ids[0]}"),
        Comparison(
            "W6", f"{w6}, {never}", averages_facts, f"{averages}&indicator_id={{v}}", lambda _: indicator_ids, False
        ),
    ]


def cursors(server: Server, count: int = DEEP_PAGES) -> list[str]:
    """Return the cursors of pages that follow each other, as the server gives them.

    A cursor holds only for the code that made it, so each server is asked for its own. A cursor costs the same at any
    depth, so the pages are those behind the first.
    """
    path, found = FIRST_PAGE, list[str]()
    while path and len(found) < count:
        path = json.loads(ask(server, path).body)["links"].get("next")
        if path:
            found.append(path.partition("cursor=")[2].partition("&")[0])
    return found


def work_of(comparison: Comparison, pair: Pair) -> Work:
    """Return a work with the two checkouts on one kind of database as its contenders."""
    servers = pair.caching if comparison.caches else pair.forgetful
    contenders = [
        Contender(name, server, Questions(comparison.pattern, comparison.values(server)), comparison.facts)
        for name, server in servers.items()
    ]
    return Work(comparison.name, f"{comparison.title}, {pair.kind}", contenders, [])


def lines_of(work: Work, results: Results) -> Iterator[Line]:
    """Yield the ratio by processor time, which has the bar, and the ratio by the clock, both old to new."""
    old, new = results.get(OLD, []), results.get(NEW, [])
    bar = Bar(at_least=LEAST_RATIO)
    by_cpu, by_clock = "CPU time of a request, old / new", "requests a second, new / old"
    if not old or not new:
        yield Line(work.name, work.title, by_cpu, [0.0], bar, remark="not to be had")
        return
    failed = sum(seen.failed for seen in (*old, *new))
    remark = f"{failed} requests failed" if failed else ""
    costs = ratios([seen.cost for seen in old], [seen.cost for seen in new])
    yield Line(work.name, work.title, by_cpu, costs, bar, remark=remark)
    rates = ratios([seen.rate for seen in new], [seen.rate for seen in old])
    yield Line(work.name, work.title, by_clock, rates)
