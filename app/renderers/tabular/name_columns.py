"""The names of what a row refers to: columns of a Chinese table (断面名称 behind 断面), or `names` in JSON."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from app.model.dataset import Dataset, FieldSpec
from app.model.rows import Record
from app.renderers.row_names import Names, RowName

NAMES = "names"
"""The member of a row of JSON that has the names of what the row refers to."""


class NameColumn(NamedTuple):
    """A column behind the column of a reference."""

    key: str
    """The key of its value in a record. No field can have it, because of the colon."""
    member: str
    """The name of its value in the member `names` of JSON."""
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
        title = (f"{spec.name}:title", spec.name, f"{head}标题", f"{head_en}, title")
        return (NameColumn(*title, spec.name, target, lambda name: name.title or name.zh),)
    named = NameColumn(f"{spec.name}:name", spec.name, f"{head}名称", f"{head_en}, name", spec.name, target, _read_name)
    if target != "indicators":
        return (named,)
    # Another reference to indicators in the same table says whose unit it is.
    is_main = spec.name == "indicator_id"
    member = "unit" if is_main else f"{spec.name.removesuffix('_id')}_unit"
    unit = (f"{spec.name}:unit", member, "单位" if is_main else f"{head}单位", f"{head_en}, unit")
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


def member_columns(dataset: Dataset, members: Sequence[str] | None) -> tuple[NameColumn, ...]:
    """Return what the member `names` of a row has: the names of the references among some members, or of all."""
    return tuple(column for member in members or dataset.members for column in name_columns(dataset, member))


def with_names(members: tuple[str, ...] | None, expand: str | None) -> tuple[str, ...] | None:
    """Return the members that an answer has: the selected ones, and `names` if that was asked for. None means all."""
    return members if members is None or expand is None else (*members, NAMES)


def name_members(columns: Sequence[NameColumn], row: Mapping[str, Any], names: Names) -> Record:
    """Return the member `names` of a row: names by the fields with the ids, and units."""
    values = name_values(columns, row, names)
    return {column.member: values[column.key] for column in columns}


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
