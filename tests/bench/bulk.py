"""W5: the whole table as CSV and Parquet, its time beside that of the databases' own tools, and what it disturbs.

Everybody writes the same cells to nowhere: ours through `curl` over loopback, `sqlite3` and `psql` from
plain tables with a column for each of ours. They are asked twice, for the rows in our order and in any.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.datasets import DATASETS
from tests.bench.build import PLAIN_POSTGRES
from tests.bench.drive import drive
from tests.bench.fleet import Fleet
from tests.bench.race import tell
from tests.bench.report import Bar, Line, ratios
from tests.bench.servers import Server
from tests.bench.terms import Work

ORDER = f" ORDER BY {', '.join((*DATASETS['observations'].order, 'id'))}"
ORDERS = {"in the same order": ORDER, "in any order": ""}
CSV, PARQUET = "/v1/observations.csv", "/v1/observations.parquet"
IDLE_MB, GROWN_MB, P99_MS, FIRST_BYTE_MS = 90, 30, 30, 100


@dataclass(frozen=True, slots=True)
class Download:
    """How long an answer took, in seconds."""

    first_byte: float
    total: float


def idle(fleet: Fleet) -> Iterator[Line]:
    """The memory of workers that nothing was asked of yet."""
    for kind, server in fleet.forgetful.items():
        yield Line("memory", f"idle worker: ours, {kind}", "MB", [server.resident()], Bar(at_most=IDLE_MB))


def bulk(fleet: Fleet, item: Work, rounds: int, seconds: int, directory: Path) -> Iterator[Line]:
    """The lines of W5; `item` is W2, driven while an export runs."""
    yield from _growth(fleet)
    yield from _times(fleet, rounds, directory)
    for kind in fleet.ours:
        yield _meanwhile(fleet, kind, item, rounds, seconds, directory)


def _growth(fleet: Fleet) -> Iterator[Line]:
    for kind, server in fleet.forgetful.items():
        tell(f"W5: memory, {kind}")
        server.forget_most()
        before = server.resident()
        lines = _lines(server.url(CSV))
        remark = "" if lines == fleet.data.rows + 1 else f"{lines} lines, not {fleet.data.rows + 1}"
        figures = [server.most_resident() - before]
        yield Line("W5", f"CSV of all rows, growth: ours, {kind}", "MB", figures, Bar(at_most=GROWN_MB), remark=remark)


def _lines(url: str) -> int:
    with urllib.request.urlopen(url, timeout=600) as answer:
        parts = iter(lambda: answer.read(1 << 20), b"")
        return sum(part.count(b"\n") for part in parts)


def _times(fleet: Fleet, rounds: int, directory: Path) -> Iterator[Line]:
    """Everybody in turn, each round."""
    peers = {"SQLite": _sqlite(fleet), "Postgres": _psql(fleet)}
    bars = {"SQLite": 1.5, "Postgres": 1.3}
    for kind, server in fleet.forgetful.items():
        runs: dict[str, Callable[[], float]] = dict(peers[kind])
        runs["pyarrow"] = lambda kind=kind: _pyarrow(fleet, kind, directory)  # type: ignore[misc]
        csv, parquet, others = [], [], dict[str, list[float]]((name, []) for name in runs)
        for number in range(rounds):
            tell(f"W5: {kind}, round {number + 1}")
            csv.append(download(server, CSV))
            for name, run in runs.items():
                others[name].append(run())
            parquet.append(download(server, PARQUET).total)
        first = [one.first_byte * 1000 for one in csv]
        yield Line("W5", f"CSV of all rows, first byte: ours, {kind}", "ms", first, Bar(at_most=FIRST_BYTE_MS))
        times = [one.total for one in csv]
        for name in peers[kind]:
            bar = Bar(at_most=bars[kind])
            yield Line("W5", f"CSV of all rows, time: ours, {kind}", f"× {name}", ratios(times, others[name]), bar)
        spent = ratios(parquet, others["pyarrow"])
        yield Line("W5", f"Parquet of all rows, time: ours, {kind}", "× pyarrow", spent, Bar(at_most=1.3))


def download(server: Server, path: str) -> Download:
    """Take an answer to nowhere; raises RuntimeError unless it is a 200."""
    form = "%{http_code} %{time_starttransfer} %{time_total}"
    command = ["curl", "-s", "-o", os.devnull, "-w", form, server.url(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    status, first_byte, total = done.stdout.split()
    if status != "200":
        raise RuntimeError(f"{path} answers {status}")
    return Download(float(first_byte), float(total))


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _sqlite(fleet: Fleet) -> Mapping[str, Callable[[], float]]:
    base = ["sqlite3", "-csv", "-header", str(fleet.data.plain)]
    return {
        f"`sqlite3 -csv`, {name}": lambda order=order: _timed([*base, f"SELECT * FROM observations{order}"])  # type: ignore[misc]
        for name, order in ORDERS.items()
    }


def _psql(fleet: Fleet) -> Mapping[str, Callable[[], float]]:
    r"""`psql` with its `\copy`."""

    def run(order: str) -> float:
        copied = rf"\copy (SELECT * FROM {PLAIN_POSTGRES}{order}) TO STDOUT WITH (FORMAT csv, HEADER)"
        return _timed(["psql", "-X", "-q", fleet.data.postgres, "-c", copied])

    return {rf"`psql \copy`, {name}": lambda order=order: run(order) for name, order in ORDERS.items()}  # type: ignore[misc]


def _pyarrow(fleet: Fleet, kind: str, directory: Path) -> float:
    database = str(fleet.data.plain) if kind == "SQLite" else fleet.data.postgres
    command = [sys.executable, "-m", "tests.bench.plain_parquet", database, str(directory / "plain.parquet")]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _meanwhile(fleet: Fleet, kind: str, item: Work, rounds: int, seconds: int, directory: Path) -> Line:
    """W2 on the server that is handing out the table at the same time, over and over."""
    contender = next(one for one in item.contenders if one.name == f"ours, {kind}")
    server = fleet.ours[kind]
    command = ["curl", "-s", *(["-o", os.devnull, server.url(CSV)] * 500)]
    figures, failed = [], 0
    for number in range(rounds):
        tell(f"W5: W2 meanwhile, {kind}, round {number + 1}")
        with subprocess.Popen(command) as exporting:
            seen = drive(server, contender.questions, contender.connections, seconds, directory)
            exporting.terminate()
        figures.append(seen.p99)
        failed += seen.failed
    remark = f"{failed} requests failed" if failed else ""
    return Line("W5", f"W2 while a CSV is sent, p99: ours, {kind}", "ms", figures, Bar(at_most=P99_MS), remark=remark)
