"""Every server of a run, started together and ended together."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.build import Databases
from tests.bench.drive import Reply, ask
from tests.bench.servers import Server, datasette, ours, running, uvicorn

KINDS = ("SQLite", "Postgres")
FORGETFUL = {"ANSWER_CACHE_BYTES": "1", "EXPORT_CACHE_BYTES": "1"}
"""For works that cannot ask another question each time: nothing that was answered is kept."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The servers. `ours` and `forgetful` (without any memory of answers) have one for each kind of database."""

    data: Databases
    ours: Mapping[str, Server]
    forgetful: Mapping[str, Server]
    datasette: Server
    datasette_plain: Server
    """Datasette without its search for facets, which it otherwise makes for every page."""
    tutorial: Server


@contextmanager
def fleet(data: Databases, directory: Path) -> Iterator[Fleet]:
    """This service four times, Datasette twice, and the tutorial's application."""
    with ExitStack() as stack:

        def start(name: str, command: list[str], path: str, environment: dict[str, str]) -> Server:
            return stack.enter_context(running(name, command, directory, path, environment))

        known, path = datasette(data.plain), "/-/versions.json"
        peers = start("datasette", known, path, {})
        peers_plain = start("datasette", [*known, "--setting", "suggest_facets", "off"], path, {})
        plain = {"BENCH_PLAIN": str(data.plain)}
        tutorial = start("tutorial", uvicorn("tests.bench.tutorial:app"), "/openapi.json", plain)
        remembering, forgetful = (
            {
                kind: start("ours", ours(), "/readyz", {"DATABASE_URL": url, **settings})
                for kind, url in zip(KINDS, (data.sqlite, data.postgres), strict=True)
            }
            for settings in ({}, FORGETFUL)
        )
        yield Fleet(data, remembering, forgetful, peers, peers_plain, tutorial)


@contextmanager
def limit(server: Server, questions: Mapping[str, tuple[str, dict[str, str]]], directory: Path) -> Iterator[Server]:
    """L1 with the answers that a server of ours gives to some questions, each under the path `/<its name>`."""
    answers = {f"/{name}": _bytes(ask(server, path, headers)) for name, (path, headers) in questions.items()}
    file = directory / "answers.json"
    file.write_text(json.dumps(answers))
    path = next(iter(answers))
    with running("L1", uvicorn("tests.bench.l1:app", "--no-server-header"), directory, path, _named(file)) as started:
        yield started


def _named(file: Path) -> dict[str, str]:
    return {"BENCH_ANSWERS": str(file)}


def _bytes(reply: Reply) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without the headers of its connection, which uvicorn adds itself."""
    kept = [(name, value) for name, value in reply.headers if name.lower() not in ("date", "connection")]
    return reply.status, kept, reply.body.decode()
