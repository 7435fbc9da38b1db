"""What is known of the served data: addresses, fields, rows. All of it is asked from the service itself."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.support.answers.wire import Client, Headers, Request

Row = Mapping[str, Any]
MOST_ROWS = 1000
LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the data dictionary tells it."""

    name: str
    type: str
    ops: tuple[str, ...]
    sortable: bool
    codes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The served data as far as requests are made from it."""

    openapi: Mapping[str, Any]
    fields: Mapping[str, tuple[Field, ...]]
    rows: Mapping[str, tuple[Row, ...]]
    fetch: Callable[[str], Any]
    """Answers the JSON at an address."""

    @property
    def datasets(self) -> tuple[str, ...]:
        """The names of the datasets."""
        return tuple(self.fields)

    def ids(self, dataset: str) -> tuple[str, ...]:
        """Some ids of a dataset: first, middle and last row, and what else names a row (a document's number)."""
        rows = self.rows[dataset]
        picked = [rows[place] for place in (0, len(rows) // 2, -1)] if rows else []
        names = [row["id"] for row in picked]
        names += [row["document_number"] for row in picked[:2] if dataset == "documents"]
        return tuple(dict.fromkeys(name for name in names if name))

    def values(self, dataset: str, name: str) -> tuple[str, ...]:
        """Some values of a field as a query writes them: the first, one from the middle, and the last."""
        found = [text for row in self.rows[dataset] for text in written(row.get(name))]
        distinct = list(dict.fromkeys(text for text in found if len(text) <= LONGEST_VALUE))
        return tuple(dict.fromkeys(distinct[place] for place in (0, len(distinct) // 2, -1))) if distinct else ()


@dataclass(slots=True)
class Plan:
    """The requests so far; a request is known by its place."""

    known: Known
    part: str = ""
    requests: list[Request] = field(default_factory=list)

    def ask(self, target: str, headers: Mapping[str, str] | Headers = (), method: str = "GET", **more: Any) -> int:
        """Add a request; its place."""
        fields = tuple(headers.items()) if isinstance(headers, Mapping) else tuple(headers)
        self.requests.append(Request(self.part, method, target, fields, **more))
        return len(self.requests) - 1

    def ask_raw(self, text: str, answers: int = 1) -> int:
        """Add bytes that are sent as they are, on a connection of their own; their place."""
        self.requests.append(Request(self.part, "RAW", "", raw=text, answers=answers, alone=True))
        return len(self.requests) - 1

    def ask_thoroughly(self, target: str, headers: Mapping[str, str] | Headers = (), times: int = 2) -> int:
        """Add a request, the same again, which may be answered from memory, and its HEAD; the first one's place."""
        place = self.ask(target, headers)
        for _ in range(times - 1):
            self.ask(target, headers)
        self.ask(target, headers, method="HEAD")
        return place


def written(value: Any) -> Iterator[str]:
    """The texts that a filter may compare a value with: those of its members, where it has some."""
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str | int | float):
        yield str(value)
    elif isinstance(value, list):
        for member in value:
            yield from written(next(iter(member.values()), None) if isinstance(member, dict) else member)


def address(path: str, /, **parameters: str) -> str:
    """A path with a query, both percent-encoded."""
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe=',')}" for name, value in parameters.items())
    return quote(path, safe="/%:@!$&'()*+,;=") + (f"?{query}" if query else "")


def learn(client: Client) -> Known:
    """Ask a service for what the requests are made from."""

    def fetch(target: str) -> Any:
        [answer] = client.ask(Request("", "GET", target), {}).answers
        return json.loads(answer.body)

    datasets = [entry["name"] for entry in fetch("/v1")["data"]]
    fields = {name: tuple(map(_field, fetch(f"/v1/{name}/schema")["fields"])) for name in datasets}
    rows = {name: tuple(fetch(f"/v1/{name}?limit={MOST_ROWS}")["data"]) for name in datasets}
    return Known(fetch("/openapi.json"), fields, rows, fetch)


def _field(described: Mapping[str, Any]) -> Field:
    enum = described["enum"] or ()
    return Field(
        described["name"],
        described["type"],
        tuple(described["ops"]),
        described["sortable"],
        tuple(member["value"] for member in enum),
        tuple(member["label_zh"] for member in enum),
    )
