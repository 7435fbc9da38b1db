"""Ask a service everything on every database, and keep what it answers."""

import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tests.support.answers.databases import DATABASES
from tests.support.answers.planning import planned
from tests.support.answers.sampling import learn
from tests.support.answers.service import Checkout, prepare, serving
from tests.support.answers.wire import Answer, Client, Exchange, Request

REQUESTS = "requests.json"
BODIES = "bodies"
NO_VALIDATORS = {"etag": '"none"', "modified": "Thu, 01 Jan 1970 00:00:00 GMT"}
"""What fills in the place of validators that an answer did not tell."""


def record(directory: Path, checkout: Checkout, text: Path | None, requests: Path | None) -> None:
    """Record the answers of a checkout into a directory that holds no recording yet.

    `text` is loaded after the bundled data. `requests` is the list of an earlier recording; without it a list is
    made from what the service says of itself. Raises RuntimeError when the service does not start.
    """
    (directory / BODIES).mkdir(parents=True)
    asked = read_requests(requests) if requests is not None else None
    for name, fresh in DATABASES.items():
        began = time.monotonic()
        with fresh() as url, (directory / f"{name}.log").open("wb") as log:
            prepare(checkout, url, text, log)
            if asked is None:
                asked = _plan(checkout, url, log)
            if not (directory / REQUESTS).exists():
                write_requests(directory / REQUESTS, asked)
            loaded = time.monotonic()
            with serving(checkout, url, log) as port, (directory / f"{name}.jsonl").open("w") as file:
                statuses = _ask_all(Client(port), asked, file, directory / BODIES)
        told = ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
        seconds = f"{loaded - began:.0f} s to load and plan, {time.monotonic() - loaded:.0f} s to ask"
        sys.stderr.write(f"{name}: {len(asked)} requests, {seconds}; {told}\n")


def _plan(checkout: Checkout, url: str, log: IO[bytes]) -> list[Request]:
    """Make the list from a service of its own, so that the one recorded has nothing in memory yet."""
    with serving(checkout, url, log) as port:
        client = Client(port)
        try:
            return planned(learn(client))
        finally:
            client.close()


def _ask_all(client: Client, requests: Sequence[Request], file: IO[str], bodies: Path) -> Counter[str]:
    """Ask in order and write one line a request; how often each status came."""
    needed = {request.validators_of for request in requests}
    validators: dict[int | None, Mapping[str, str]] = {None: NO_VALIDATORS}
    statuses: Counter[str] = Counter()
    for place, request in enumerate(requests):
        exchange = client.ask(request, validators[request.validators_of])
        if place in needed:
            validators[place] = _validators(exchange)
        statuses.update(answer.status_line.split(" ")[1] for answer in exchange.answers)
        line = {"request": place, "answers": [_kept(answer, bodies) for answer in exchange.answers]}
        if exchange.closed is not None:
            line["closed"] = exchange.closed
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    client.close()
    return statuses


def _validators(exchange: Exchange) -> Mapping[str, str]:
    told = {"etag": "etag", "modified": "last-modified"}
    answer = exchange.answers[0] if exchange.answers else Answer("", (), b"", False)
    return {name: answer.header(field) or NO_VALIDATORS[name] for name, field in told.items()}


def _kept(answer: Answer, bodies: Path) -> dict[str, Any]:
    """An answer as a line holds it; its body goes into a file of its own."""
    digest = hashlib.sha256(answer.body).hexdigest()
    path = bodies / digest
    if not path.exists():
        path.write_bytes(answer.body)
    return {
        "status_line": answer.status_line,
        "headers": answer.headers,
        "chunked": answer.chunked,
        "body": digest,
        "bytes": len(answer.body),
    }


def read_requests(path: Path) -> list[Request]:
    """The requests of a recording."""
    return [Request.from_json(stored) for stored in json.loads(path.read_text(encoding="utf-8"))]


def write_requests(path: Path, requests: Sequence[Request]) -> None:
    """Keep the requests, one a line."""
    lines = [json.dumps(request.as_json(), ensure_ascii=False) for request in requests]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def read_exchanges(directory: Path, database: str) -> list[tuple[tuple[Answer, ...], bool | None]]:
    """The answers to every request on a database, and whether the connection ended."""
    found = []
    for line in (directory / f"{database}.jsonl").read_text(encoding="utf-8").splitlines():
        stored = json.loads(line)
        answers = tuple(
            Answer(
                answer["status_line"],
                tuple((name, value) for name, value in answer["headers"]),
                (directory / BODIES / answer["body"]).read_bytes(),
                answer["chunked"],
            )
            for answer in stored["answers"]
        )
        found.append((answers, stored.get("closed")))
    return found
