"""What a dataset is: a table, a declaration, and everything that is derived from the two."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.model.column_types import KEY, LONG_TEXT, Integer, String

COMPARISONS = ("gt", "gte", "lt", "lte")
OPERATORS_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "string": ("eq", "ne", "in", *COMPARISONS, "contains", "startswith", "isnull"),
    "enum": ("eq", "ne", "in", "isnull"),
    "prose": ("contains", "isnull"),
    "integer": ("eq", "ne", "in", *COMPARISONS, "isnull"),
    "number": ("eq", "ne", "in", *COMPARISONS, "isnull"),
    "boolean": ("eq", "ne", "isnull"),
    "date": ("eq", "ne", "in", *COMPARISONS, "isnull"),
    "month": ("eq", "ne", "in", *COMPARISONS, "startswith", "isnull"),
    "list": ("has", "isnull"),
    "objects": ("has", "isnull"),
    "object": (),
}
"""The filter operators that each kind of field allows."""

SOURCE_MEMBERS = {
    "issue_id": "string",
    "document_id": "string",
    "compiled_by": "string",
    "page_from": "integer",
    "page_to": "integer",
    "table": "string",
    "row": "integer",
    "lines": "integers",
    "sha256": "string",
}
"""The members of `source` in their order, with their kinds."""


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

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the member with a code. Raises KeyError."""
        return {member.value: member for member in cls}[code]


@dataclass(frozen=True, slots=True)
class Deprecation:
    """The announced removal of a field: announced on `since`, it works until at least `until`."""

    since: date
    until: date
    replacement: str


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """Metadata of a column: labels, unit, enumeration, members of its objects."""

    label_zh: str
    label_en: str
    unit: str | None = None
    enum: type[Choice] | None = None
    members: tuple[str, ...] = ()
    member_kinds: Mapping[str, str] = field(default_factory=dict)
    """The kinds of the members that are not strings; `json` for values of several types."""
    editorial: bool = False
    printed: bool = False
    """Whether the field is read from a table cell, whose text `printed` keeps under the same name."""
    references: str | None = None
    """The dataset whose id this field holds. Every value must exist there."""
    official_number: bool = False
    """Whether the field holds numbers of documents: it is stored, and asked for, in the usual form of brackets."""
    number_member: str = ""
    """The member of the field's objects that holds numbers of documents. `has` finds an object by it, too."""
    unit_by: str = ""
    """The field on whose value the unit of this one depends. Figures are added up within one of its values only."""
    remark: bool = False
    """Whether the field holds remarks in English, of which `app/model/remarks.py` has the Chinese form."""
    queryable: bool = True
    """Whether callers may filter, sort and group by the field. What tells of the query itself is not."""
    deprecated: Deprecation | None = None
    """Announced in OpenAPI, openapi.md and the headers of every response with rows; see `Dataset.notice`."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a dataset, derived from its column."""

    name: str
    kind: str
    nullable: bool
    info: ColumnInfo

    @property
    def operators(self) -> tuple[str, ...]:
        """Return the filter operators that the field allows."""
        if not self.info.queryable:
            return ()
        return OPERATORS_BY_KIND["enum" if self.info.enum else self.kind]

    @property
    def compared_members(self) -> tuple[str, ...]:
        """Return the members by which `has` compares the field's objects; nothing for a list of strings."""
        number = self.info.number_member
        return (*self.info.members[:1], *((number,) if number else ()))

    @property
    def sortable(self) -> bool:
        """Return whether rows may be sorted by the field."""
        return self.info.queryable and self.kind not in ("prose", "list", "objects", "object")


class DatasetRow(SQLModel):
    """The columns that every dataset's table has.

    The last four columns are not fields. `row_json` and `row_csv` hold the row as it is served, rendered once
    when it is loaded. `row_issue` is the gazette issue that owns the row, and `row_line` its first line in the
    text of that issue, which is the default order. `source` and `printed` exist only in the rendered forms.
    """

    id: Annotated[str, KEY, ColumnInfo("标识", "Id")]
    notes: Annotated[str | None, LONG_TEXT, ColumnInfo("备注", "Notes", remark=True)]
    row_json: Annotated[str, Field(sa_type=String)]
    row_csv: Annotated[str, Field(sa_type=String)]
    row_issue: Annotated[str | None, Field(sa_type=String, index=True)]
    row_line: Annotated[int, Field(sa_type=Integer)]


@dataclass(frozen=True, slots=True)
class ViewClause:
    """What an as-of view adds to a statement: conditions, and the expressions of computed fields."""

    where: tuple[sa.ColumnElement[bool], ...] = ()
    computed: Mapping[str, sa.ColumnElement[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewOption:
    """A query parameter of one dataset's as-of view."""

    name: str
    kind: str
    description: str
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AsOfView:
    """A view of a dataset on a given day: the options that callers may set, and what they add to a statement.

    `build_clause` takes the options that were set (dates and enumeration values) and returns conditions
    and computed fields. Dates become named bind parameters, so that each statement is compiled only once.
    `today_option` names the option whose default is the current day, or is None.
    """

    options: tuple[ViewOption, ...]
    build_clause: Callable[[Mapping[str, str]], ViewClause]
    computed: tuple[FieldSpec, ...] = ()
    insert_after: str = ""
    """The field after which the computed fields are inserted."""
    today_option: str | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """A dataset: its table, and everything that callers may do with it.

    `order` is the default order; a leading `-` means descending. `id` is always the last key, as the unique tie-break.
    """

    name: str
    model: type[DatasetRow]
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    keywords_zh: tuple[str, ...]
    keywords_en: tuple[str, ...]
    theme: str
    """The subject, a code of the EU's vocabulary of data themes (`GOVE`, `ENVI`, …)."""
    frequency: str = "MONTHLY"
    """How often rows are added, a code of the EU's vocabulary of frequencies. The gazette appears monthly."""
    coverage_fields: tuple[str, ...] = ()
    """The fields with the days, months or years that the rows are about. If empty, issues' publication days count."""
    order: tuple[str, ...] = ()
    search_fields: tuple[str, ...] = ()
    """The fields that full-text search covers; the first is the title, which weighs most."""
    name_fields: tuple[str, ...] = ()
    """The fields with names of places or persons, which are also found by pinyin; a dot names a member of objects."""
    table_fields: tuple[str, ...] = ()
    """The columns of the table that people see at first. If empty, all short fields; see `shown_fields`."""
    facet_fields: tuple[str, ...] = ()
    """The fields whose values people see counted beside the table. If empty, the enumerations; see `counted_fields`."""
    as_of_view: AsOfView | None = None
    provenance: tuple[str, str] | None = None
    """Where the rows come from, in Chinese and English, if the service adds them; None if the gazette prints them."""
    shared: bool = False
    """Whether issues share the rows: the row of the earliest issue stays, and none is removed."""

    @cached_property
    def table(self) -> sa.Table:
        """Return the SQLAlchemy table."""
        table = sa.inspect(self.model).local_table
        assert isinstance(table, sa.Table)
        return table

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        """Return all fields in the order of a response, without `source` and `printed`."""
        specs = list(self._column_specs())
        specs.sort(key=lambda spec: (spec.name != "id", spec.name == "notes"))
        if self.as_of_view and self.as_of_view.insert_after:
            at = [spec.name for spec in specs].index(self.as_of_view.insert_after) + 1
            specs[at:at] = self.as_of_view.computed
        return tuple(specs)

    def _column_specs(self) -> Iterator[FieldSpec]:
        for name, info in self.model.model_fields.items():
            column_info = next((m for m in info.metadata if isinstance(m, ColumnInfo)), None)
            if column_info is not None:
                column = self.table.columns[name]
                yield FieldSpec(name, column.type.kind, bool(column.nullable), column_info)  # type: ignore[attr-defined]

    @cached_property
    def fields_by_name(self) -> Mapping[str, FieldSpec]:
        """Return the fields by name."""
        return {spec.name: spec for spec in self.fields}

    @cached_property
    def stored_fields(self) -> tuple[FieldSpec, ...]:
        """Return the fields that are columns, without those that the as-of view computes."""
        computed = self.as_of_view.computed if self.as_of_view else ()
        return tuple(spec for spec in self.fields if spec not in computed)

    @cached_property
    def printed_fields(self) -> tuple[str, ...]:
        """Return the names of the fields whose table cells `printed` keeps."""
        return tuple(spec.name for spec in self.fields if spec.info.printed)

    @cached_property
    def shown_fields(self) -> tuple[str, ...]:
        """Return the fields that a table for people shows at first."""
        hidden = {f"{name}_status" for name in self.fields_by_name} | {"id", "notes"}
        short = (spec.name for spec in self.fields if spec.kind != "prose" and spec.name not in hidden)
        return self.table_fields or tuple(short)

    @cached_property
    def counted_fields(self) -> tuple[str, ...]:
        """Return the fields whose values are counted beside a table for people."""
        codes = (spec.name for spec in self.fields if spec.info.enum or spec.kind == "boolean")
        return self.facet_fields or tuple(codes)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Return the top-level members of a row in the order of a response; `fields=` may name them."""
        names = [spec.name for spec in self.fields if spec.name != "notes"]
        return (*names, "source", "notes", *(("printed",) if self.printed_fields else ()))

    @cached_property
    def flat_columns(self) -> tuple[str, ...]:
        """Return the column names of CSV: `source` and `printed` are flattened with dots."""
        names = [spec.name for spec in self.fields]
        source = [f"source.{member}" for member in SOURCE_MEMBERS]
        return (*names, *source, *(f"printed.{name}" for name in self.printed_fields))

    @cached_property
    def default_sort(self) -> tuple[tuple[str, bool], ...]:
        """Return the default order as (field, descending) pairs; the last one is the id."""
        keys = [(key.removeprefix("-"), key.startswith("-")) for key in self.order]
        return (*keys, *(() if any(name == "id" for name, _ in keys) else (("id", False),)))

    @cached_property
    def deprecation_headers(self) -> Mapping[str, str]:
        """Return the headers that announce deprecated fields: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).

        With several deprecated fields, each header has the earliest date.
        """
        deprecations = [spec.info.deprecated for spec in self.fields if spec.info.deprecated]
        if not deprecations:
            return {}
        since, until = (
            datetime.combine(day, time(), UTC)
            for day in (min(d.since for d in deprecations), min(d.until for d in deprecations))
        )
        return {"Deprecation": f"@{int(since.timestamp())}", "Sunset": format_datetime(until, usegmt=True)}

    @cached_property
    def computed_names(self) -> tuple[str, ...]:
        """Return the names of the fields that the as-of view computes."""
        return tuple(spec.name for spec in self.as_of_view.computed) if self.as_of_view else ()

    @cached_property
    def today_option(self) -> str | None:
        """Return the name of the as-of view's option whose default is the current day, if there is one."""
        return self.as_of_view.today_option if self.as_of_view else None

    def with_day(self, members: tuple[str, ...]) -> tuple[str, ...]:
        """Return members of a row, with the day behind those that depend on it: `status_on` behind `status`.

        What leaves the service as a file or a single row has nothing around it that tells the day.
        """
        computed = self.as_of_view.computed if self.as_of_view else ()
        days = [spec.name for spec in computed if not spec.info.queryable]
        dependent = {spec.name for spec in computed if spec.info.queryable}
        if not days or not dependent.intersection(members) or set(days) <= set(members):
            return members
        at = max(index for index, name in enumerate(members) if name in dependent) + 1
        return (*members[:at], *(day for day in days if day not in members), *members[at:])

    def explain_day_field(self, spec: FieldSpec) -> str:
        """Return why a field that is not queryable cannot be filtered, with the parameter that chooses its value."""
        advice = f" The parameter '{self.today_option}' chooses it." if self.today_option else ""
        return f"'{spec.name}' tells the day of the answer and cannot be filtered.{advice}"

    def get_view_option(self, name: str) -> ViewOption | None:
        """Return the as-of view's option with this name, if there is one."""
        options = self.as_of_view.options if self.as_of_view else ()
        return next((option for option in options if option.name == name), None)
