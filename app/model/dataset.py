"""What a dataset is: one table, one declaration, and everything that is derived from the two."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.model.column_types import KEY, PROSE, Integer, String

COMPARE = ("gt", "gte", "lt", "lte")
OPS: Mapping[str, tuple[str, ...]] = {
    "string": ("eq", "ne", "in", *COMPARE, "contains", "startswith", "isnull"),
    "enum": ("eq", "ne", "in", "isnull"),
    "prose": ("contains", "isnull"),
    "integer": ("eq", "ne", "in", *COMPARE, "isnull"),
    "number": ("eq", "ne", "in", *COMPARE, "isnull"),
    "boolean": ("eq", "ne", "isnull"),
    "date": ("eq", "ne", "in", *COMPARE, "isnull"),
    "month": ("eq", "ne", "in", *COMPARE, "startswith", "isnull"),
    "list": ("has", "isnull"),
    "objects": ("has", "isnull"),
    "object": (),
}
"""The operators that each kind of field allows."""

SOURCE = {
    "issue_id": "string",
    "document_id": "string",
    "page_from": "integer",
    "page_to": "integer",
    "table": "string",
    "row": "integer",
    "lines": "integers",
    "sha256": "string",
}
"""The members of `source`, in their order, with their kinds."""


class Choice(StrEnum):
    """An enumeration whose members carry labels: `demolition = "demolition", "拆迁", "Demolition"`."""

    label_zh: str
    label_en: str

    def __new__(cls, code: str, label_zh: str, label_en: str) -> "Choice":
        member = str.__new__(cls, code)
        member._value_ = code
        member.label_zh = label_zh
        member.label_en = label_en
        return member


@dataclass(frozen=True, slots=True)
class Deprecation:
    """That a field will go: since when this is told, until when at least it works as before, what to use instead."""

    since: date
    until: date
    instead: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a column: labels, unit, enumeration, members of its objects."""

    zh: str
    en: str
    unit: str | None = None
    enum: type[Choice] | None = None
    members: tuple[str, ...] = ()
    member_kinds: Mapping[str, str] = field(default_factory=dict)
    """The kinds of those members that are no strings; `json` where values of several types stand."""
    editorial: bool = False
    printed: bool = False
    """The field is read from a table cell, which `printed` keeps under the same name."""
    references: str | None = None
    """The dataset whose id this field holds; a value must exist there."""
    deprecated: Deprecation | None = None
    """Told in OpenAPI, openapi.md and the headers of every answer that holds rows; see `Dataset.notice`."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a dataset, derived from its column."""

    name: str
    kind: str
    nullable: bool
    fact: Fact

    @property
    def ops(self) -> tuple[str, ...]:
        """The filter operators that the field allows."""
        return OPS["enum" if self.fact.enum else self.kind]

    @property
    def sortable(self) -> bool:
        """Whether rows may be ordered by the field."""
        return self.kind not in ("prose", "list", "objects", "object")


class Row(SQLModel):
    """The columns that every dataset's table has.

    The last four are not fields: the row as it is served, rendered once when it is loaded, as a
    JSON object and as a CSV line; the gazette issue that owns it, and its first line in that
    issue's text, which is the default order. `source` and `printed` live in the rendered forms only.
    """

    id: Annotated[str, KEY, Fact("标识", "Id")]
    notes: Annotated[str | None, PROSE, Fact("备注", "Notes")]
    row_json: Annotated[str, Field(sa_type=String)]
    row_csv: Annotated[str, Field(sa_type=String)]
    row_issue: Annotated[str | None, Field(sa_type=String, index=True)]
    row_line: Annotated[int, Field(sa_type=Integer)]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a perspective adds to a statement: conditions and the expressions of computed fields."""

    where: tuple[sa.ColumnElement[bool], ...] = ()
    computed: Mapping[str, sa.ColumnElement[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """A query parameter that only one dataset's perspective has."""

    name: str
    kind: str
    description: str
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Perspective:
    """A dataset seen at a moment: options that callers may set, and what they do to a statement.

    `scope` gets the options that were set (dates and enumeration values) and answers conditions
    and computed fields; dates enter as named bind parameters, so that a statement is compiled once.
    `today` names the option whose default is the current day, or is None.
    """

    options: tuple[Option, ...]
    scope: Callable[[Mapping[str, str]], Scope]
    computed: tuple[FieldSpec, ...] = ()
    after: str = ""
    """The field behind which the computed ones stand."""
    today: str | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """All that callers may do with a dataset.

    `order` is the default order, a leading `-` descends; `id`, the unique tie-break, is put last.
    """

    name: str
    model: type[Row]
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    keywords_zh: tuple[str, ...]
    keywords_en: tuple[str, ...]
    theme: str
    """What it is about, by the EU's vocabulary of data themes (`GOVE`, `ENVI`, …)."""
    frequency: str = "MONTHLY"
    """How often rows come, by the EU's vocabulary of frequencies; the gazette is a monthly."""
    covers: tuple[str, ...] = ()
    """Days, months or years that the rows are about; without any, the days on which their issues appeared."""
    order: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    """Fields that full text looks into; the first is the title and weighs most."""
    names: tuple[str, ...] = ()
    """Those that hold names of places or persons, found by their pinyin too; `participants.name` reaches inside."""
    perspective: Perspective | None = None
    provenance: tuple[str, str] | None = None
    """Where rows come from that this service makes or adds, in Chinese and English; null where the print has them."""
    shared: bool = False
    """Rows belong to no single gazette issue: the earliest issue's row stays, none is removed."""

    @cached_property
    def table(self) -> sa.Table:
        """The SQLAlchemy table."""
        table = sa.inspect(self.model).local_table
        assert isinstance(table, sa.Table)
        return table

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        """Every field in the order of the contract, without `source` and `printed`."""
        specs = list(self._column_specs())
        specs.sort(key=lambda spec: (spec.name != "id", spec.name == "notes"))
        if self.perspective and self.perspective.after:
            at = [spec.name for spec in specs].index(self.perspective.after) + 1
            specs[at:at] = self.perspective.computed
        return tuple(specs)

    def _column_specs(self) -> Iterator[FieldSpec]:
        for name, info in self.model.model_fields.items():
            fact = next((m for m in info.metadata if isinstance(m, Fact)), None)
            if fact is not None:
                column = self.table.columns[name]
                yield FieldSpec(name, column.type.kind, bool(column.nullable), fact)  # type: ignore[attr-defined]

    @cached_property
    def by_name(self) -> Mapping[str, FieldSpec]:
        """The fields by their names."""
        return {spec.name: spec for spec in self.fields}

    @cached_property
    def stored(self) -> tuple[FieldSpec, ...]:
        """The fields that are columns, thus not those a perspective computes."""
        computed = self.perspective.computed if self.perspective else ()
        return tuple(spec for spec in self.fields if spec not in computed)

    @cached_property
    def printed(self) -> tuple[str, ...]:
        """The fields whose table cells `printed` keeps."""
        return tuple(spec.name for spec in self.fields if spec.fact.printed)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Everything that `fields=` may name at the top level, in the order of an answer."""
        names = [spec.name for spec in self.fields if spec.name != "notes"]
        return (*names, "source", "notes", *(("printed",) if self.printed else ()))

    @cached_property
    def flat_columns(self) -> tuple[str, ...]:
        """The column names of the CSV form: `source` and `printed` flattened with dots."""
        names = [spec.name for spec in self.fields]
        source = [f"source.{member}" for member in SOURCE]
        return (*names, *source, *(f"printed.{name}" for name in self.printed))

    @cached_property
    def default_sort(self) -> tuple[tuple[str, bool], ...]:
        """The default order as (field, descending) pairs, ended by the id."""
        keys = [(key.removeprefix("-"), key.startswith("-")) for key in self.order]
        return (*keys, *(() if any(name == "id" for name, _ in keys) else (("id", False),)))

    @cached_property
    def notice(self) -> Mapping[str, str]:
        """The headers that tell of deprecated fields: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).

        Of several fields the first that was deprecated and the first that goes count.
        """
        told = [spec.fact.deprecated for spec in self.fields if spec.fact.deprecated]
        if not told:
            return {}
        since, until = (
            datetime.combine(day, time(), UTC) for day in (min(d.since for d in told), min(d.until for d in told))
        )
        return {"Deprecation": f"@{int(since.timestamp())}", "Sunset": format_datetime(until, usegmt=True)}

    def option(self, name: str) -> Option | None:
        """The perspective's option of that name."""
        options = self.perspective.options if self.perspective else ()
        return next((option for option in options if option.name == name), None)


Today = Callable[[], date]
