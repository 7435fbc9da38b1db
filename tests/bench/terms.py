"""The terms of a race: contenders, what is claimed of them, and what makes their answers the same work."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.bench.drive import Questions, Reply
from tests.bench.report import NO_BAR, Bar
from tests.bench.servers import Server

Facts = Callable[[Any], Any]
"""What must be the same in everybody's answer, from its JSON."""


@dataclass(slots=True)
class Contender:
    """One server with its requests."""

    name: str
    server: Server
    questions: Questions
    facts: Facts | None = None
    connections: int = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """That one contender is so many times as fast as another."""

    subject: str
    reference: str
    bar: Bar = NO_BAR


@dataclass(frozen=True, slots=True)
class Work:
    """Contenders that are driven in turn, and what is claimed of them."""

    name: str
    title: str
    contenders: list[Contender]
    claims: list[Claim]


def ours(
    servers: Mapping[str, Server], pattern: str, facts: Facts | None, values: list[str] | None = None
) -> list[Contender]:
    """The same questions to our servers."""
    return [
        Contender(f"ours, {kind}", server, Questions(pattern, values or ()), facts) for kind, server in servers.items()
    ]


PLAIN = "Datasette without facets"
TUTORIAL = "tutorial"


def tilde(key: str) -> str:
    """An id as Datasette writes it in a path."""
    return key.replace(".", "~2E")


def named(base: str, rest: str, values: list[str] | None = None) -> Questions:
    """Requests to Datasette whose answers are lists of objects, as everybody else's."""
    return Questions(f"{base}&{rest}&_shape=objects", values or ())


def against_peers(times: float, *others: str) -> list[Claim]:
    """That we are so many times as fast as Datasette; beside others it is only told."""
    names = ("ours, SQLite", "ours, Postgres")
    claims = [Claim(name, "Datasette", Bar(at_least=times)) for name in names]
    return [*claims, *(Claim(name, other) for other in others for name in names)]


def rows_of(body: Any) -> list[dict[str, Any]]:
    """The rows in anybody's answer: ours and the tutorial's are under `data`, Datasette's under `rows`."""
    rows: list[dict[str, Any]] = body.get("rows") or body.get("data") or [body]
    return rows


def _total(body: Any) -> int:
    total: int = body["meta"]["total"] if "meta" in body else body.get("total", body.get("filtered_table_rows_count"))
    return total


def page_facts(body: Any) -> Any:
    """A page of W1: how many rows, of which plan, and the total."""
    return len(rows_of(body)), {row["plan"] for row in rows_of(body)}, _total(body)


def series_facts(body: Any) -> Any:
    """A page of W3: how many rows, the first, the sum of their values, the total."""
    rows = rows_of(body)
    return len(rows), rows[0]["id"], round(sum(row["value"] or 0 for row in rows), 2), _total(body)


def depth_facts(body: Any) -> Any:
    """A page of W4: how many rows, and the first."""
    return len(rows_of(body)), rows_of(body)[0]["id"]


def averages_facts(body: Any) -> Any:
    """The averages of W6 to four places."""
    return {row["area_id"]: round(next(row[name] for name in row if "avg" in name), 4) for row in rows_of(body)}


def item_facts(body: Any) -> Any:
    """An item of W2 and its value."""
    return rows_of(body)[0]["id"], rows_of(body)[0]["value"]


def facts_of(contender: Contender, reply: Reply) -> Any:
    """What the answer holds of what must be the same, or its status when it is no answer."""
    if contender.facts is None or reply.status != 200:
        return reply.status
    return contender.facts(json.loads(reply.body))
