"""Columns of a Chinese table that name what a row refers to: 断面名称 behind 断面, 单位 behind 指标名称."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from app.model.dataset import Dataset, FieldSpec
from app.model.rows import Record
from app.renderers.row_names import Names, RowName


class NameColumn(NamedTuple):
    """A column behind the column of a reference."""

    key: str
    """The key of its value in a record. No field can have it, because of the colon."""
    label_zh: str
    label_en: str
    field: str
    references: str
    """The dataset that the field refers to."""
    read: Callable[[RowName], str | None]


def name_columns(dataset: Dataset, field: str) -> tuple[NameColumn, ...]:
    """Return the columns that stand behind a field: none unless it refers to other rows."""
    spec = dataset.fields_by_name.get(field)
    return _name_columns(spec) if spec and spec.info.references else ()


def _name_columns(spec: FieldSpec) -> tuple[NameColumn, ...]:
    target = spec.info.references or ""
    head, head_en = spec.info.label_zh.removesuffix("代码"), spec.info.label_en.removesuffix(" code")
    if target == "documents":
        title = (f"{spec.name}:title", f"{head}标题", f"{head_en}, title")
        return (NameColumn(*title, spec.name, target, lambda name: name.title or name.zh),)
    named = NameColumn(f"{spec.name}:name", f"{head}名称", f"{head_en}, name", spec.name, target, _read_name)
    if target != "indicators":
        return (named,)
    # Another reference to indicators in the same table says whose unit it is.
    unit_zh = "单位" if spec.name == "indicator_id" else f"{head}单位"
    unit = (f"{spec.name}:unit", unit_zh, f"{head_en}, unit")
    return named, NameColumn(*unit, spec.name, target, lambda name: name.unit or None)


def _read_name(name: RowName) -> str:
    return name.zh


def referenced_ids(value: str | list[str] | None) -> Sequence[str]:
    """Return the ids that the value of a field holds."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def name_values(columns: Sequence[NameColumn], row: Mapping[str, Any], names: Names) -> Record:
    """Return the values of some columns for a row. In a list, an id without a row stands for itself."""
    values: Record = {}
    for column in columns:
        value = row.get(column.field)
        if isinstance(value, list):
            found = [(row_id, names.get((column.references, row_id))) for row_id in value]
            values[column.key] = [(column.read(name) if name else None) or row_id for row_id, name in found]
        else:
            name = names.get((column.references, value)) if value is not None else None
            values[column.key] = column.read(name) if name else None
    return values


def people_in_words(dataset: Dataset, record: Mapping[str, Any]) -> Record:
    """Return the lists of people of a record as texts, 姓名（职务）, by field."""
    return {
        spec.name: [
            f"{person['name']}（{person['title']}）" if person["title"] else person["name"]
            for person in record[spec.name]
        ]
        for spec in dataset.fields
        if tuple(spec.info.members) == ("name", "title") and record.get(spec.name)
    }
