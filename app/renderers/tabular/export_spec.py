"""What an export holds, and the two kinds of writers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from app.model.dataset import SOURCE_MEMBERS, Dataset, FieldSpec
from app.renderers.tabular.name_columns import NameColumn, name_columns

SOURCE_LABELS_ZH = {
    "issue_id": "期次",
    "document_id": "公文",
    "compiled_by": "编制单位",
    "page_from": "起始页",
    "page_to": "终止页",
    "table": "表",
    "row": "行",
    "lines": "文本行",
    "sha256": "校验值",
}


@dataclass(frozen=True)
class ExportSpec:
    """What a writer writes: a dataset, its fields (all when None), and how."""

    dataset: Dataset
    fields: tuple[str, ...] | None = None
    lang: str | None = None
    bom: bool = False
    rerender: bool = False
    """Rows come as JSON, even for a format whose rows are stored rendered."""
    expand: str | None = None
    """What JSON rows have in addition: they come with the member `names` if it is `names`."""
    extra: tuple[FieldSpec, ...] = ()
    """Members of objects that rows have beside the fields of the dataset, by dotted names: `derived.prior_year`."""
    provenance: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Pairs of a word and a text on source, licence and revision, for formats that have room for them."""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The flattened column names; in Chinese, the keys of name columns behind those of references."""
        columns, extra = select_columns(self.dataset, self.fields), tuple(spec.name for spec in self.extra)
        if self.lang != "zh":
            return (*columns, *extra)
        names = ((column, *(each.key for each in name_columns(self.dataset, column))) for column in columns)
        return (*(key for keys in names for key in keys), *extra)

    @cached_property
    def name_columns(self) -> dict[str, NameColumn]:
        """The columns that name what a row refers to, by key; none unless the language is `zh`."""
        columns = select_columns(self.dataset, self.fields) if self.lang == "zh" else ()
        return {each.key: each for column in columns for each in name_columns(self.dataset, column)}

    def kind_of(self, column: str) -> str:
        """Return the kind of the values in a column."""
        if column in self.extra_by_name:
            return self.extra_by_name[column].kind
        return "string" if column in self.name_columns else column_kind(self.dataset, column)

    def label_zh(self, column: str) -> str:
        """Return the Chinese heading of a column."""
        if column in self.extra_by_name:
            return self.extra_by_name[column].info.label_zh
        name = self.name_columns.get(column)
        return name.label_zh if name else column_label_zh(self.dataset, column)

    @cached_property
    def extra_by_name(self) -> dict[str, FieldSpec]:
        """The members beside the fields of the dataset, by their columns."""
        return {spec.name: spec for spec in self.extra}


class TextWriter(Protocol):
    """A writer that turns rendered rows into text."""

    row_column: str
    """The stored column whose rows it takes: `row_csv` or `row_json`."""

    def render_header(self) -> bytes:
        """Return the text before the first row."""

    def render_rows(self, rows: Sequence[bytes]) -> bytes:
        """Return the text of some rows."""


class FileWriter(Protocol):
    """A writer that writes rendered rows into an open binary file."""

    row_column: str
    """The stored column whose rows it takes: `row_csv` or `row_json`."""

    def write(self, rows: Sequence[bytes]) -> None:
        """Add some rows."""

    def close(self) -> None:
        """Write the end of the file. The file itself stays open."""

    def abandon(self) -> None:
        """Release all resources; the file is no longer wanted."""


class TooManyRows(Exception):
    """Raised when a format cannot hold all rows."""


def select_columns(dataset: Dataset, fields: Sequence[str] | None) -> tuple[str, ...]:
    """Return the flattened column names of some fields, or of all when `fields` is None."""
    if fields is None:
        return dataset.flat_columns
    columns: list[str] = []
    for name in fields:
        columns += [column for column in dataset.flat_columns if column == name or column.startswith(f"{name}.")]
    return tuple(dict.fromkeys(columns))


def header_row(export: ExportSpec) -> list[str]:
    """Return the header: field names, or Chinese labels when the language is `zh`."""
    if export.lang != "zh":
        return list(export.columns)
    return [export.label_zh(column) for column in export.columns]


def column_label_zh(dataset: Dataset, column: str) -> str:
    """Return the Chinese label of a flattened column."""
    outer, dot, inner = column.partition(".")
    if not dot:
        return dataset.fields_by_name[outer].info.label_zh
    return (
        f"来源.{SOURCE_LABELS_ZH[inner]}"
        if outer == "source"
        else f"原文.{dataset.fields_by_name[inner].info.label_zh}"
    )


def column_kind(dataset: Dataset, column: str) -> str:
    """Return the kind of the values in a flattened column."""
    outer, dot, inner = column.partition(".")
    if not dot:
        return dataset.fields_by_name[outer].kind
    return SOURCE_MEMBERS[inner] if outer == "source" else "string"


assert SOURCE_LABELS_ZH.keys() == SOURCE_MEMBERS.keys()
