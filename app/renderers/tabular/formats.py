"""What an export holds, and the formats on offer: the one table that routes, links and `Accept` read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from app.model.dataset import SOURCE, Dataset

SOURCE_ZH = {
    "issue_id": "期次",
    "document_id": "公文",
    "page_from": "起始页",
    "page_to": "终止页",
    "table": "表",
    "row": "行",
    "lines": "文本行",
    "sha256": "校验值",
}


@dataclass(frozen=True, slots=True)
class Format:
    """One form in which all rows of a question are handed out."""

    name: str
    title: str
    media_type: str
    options: tuple[str, ...] = ()
    """The query parameters that only some formats have."""
    whole: bool = False
    """Made in a file before it is sent, so that its length is known and parts of it can be asked for."""
    charset: str = ""
    most_rows: int | None = None

    @property
    def suffix(self) -> str:
        """What an address ends in."""
        return f".{self.name}"


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: Mapping[str, Format] = {
    known.name: known
    for known in (
        Format("csv", "CSV", "text/csv", ("bom", "lang"), charset="; charset=utf-8; header=present"),
        Format("ndjson", "NDJSON", "application/x-ndjson"),
        Format("xlsx", "XLSX", f"{OFFICE}.spreadsheetml.sheet", ("lang",), whole=True, most_rows=1_048_575),
        Format("parquet", "Parquet", "application/vnd.apache.parquet", whole=True),
    )
}


@dataclass(frozen=True)
class Plan:
    """What a writer writes: a dataset's members (all when None), and how.

    `about` are lines of (word, text) on licence and revision, for formats that have room for them.
    """

    dataset: Dataset
    members: tuple[str, ...] | None = None
    lang: str | None = None
    bom: bool = False
    anew: bool = False
    """Rows come rendered as JSON, also for a form that is stored."""
    about: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The flattened column names."""
        return columns_of(self.dataset, self.members)


class TextWriter(Protocol):
    """Makes text piece by piece from rendered rows of one form (`row_csv`, `row_json`)."""

    form: str

    def head(self) -> bytes:
        """What comes before the first row."""

    def piece(self, rows: Sequence[bytes]) -> bytes:
        """The text of some rows."""


class FileWriter(Protocol):
    """Writes rows of one rendered form into an open file; `close` leaves the file itself open."""

    form: str

    def write(self, rows: Sequence[bytes]) -> None:
        """Add some rows."""

    def close(self) -> None:
        """Write what comes after the last row."""

    def abandon(self) -> None:
        """Let go of everything; the file is not wanted any more."""


class TooManyRows(Exception):
    """The format cannot hold that many rows."""


def columns_of(dataset: Dataset, members: Sequence[str] | None) -> tuple[str, ...]:
    """The flattened column names for the members wanted, or for all."""
    if members is None:
        return dataset.flat_columns
    flattened: list[str] = []
    for member in members:
        flattened += [column for column in dataset.flat_columns if column == member or column.startswith(f"{member}.")]
    return tuple(dict.fromkeys(flattened))


def heading(plan: Plan) -> list[str]:
    """The heading row: field names, or Chinese labels."""
    return [label_zh(plan.dataset, column) if plan.lang == "zh" else column for column in plan.columns]


def label_zh(dataset: Dataset, column: str) -> str:
    """The Chinese label of a flattened column."""
    outer, dot, inner = column.partition(".")
    if not dot:
        return dataset.by_name[outer].fact.zh
    return f"来源.{SOURCE_ZH[inner]}" if outer == "source" else f"原文.{dataset.by_name[inner].fact.zh}"


def kind_of(dataset: Dataset, column: str) -> str:
    """The kind of a flattened column's values."""
    outer, dot, inner = column.partition(".")
    if not dot:
        return dataset.by_name[outer].kind
    return SOURCE[inner] if outer == "source" else "string"


assert SOURCE_ZH.keys() == SOURCE.keys()
