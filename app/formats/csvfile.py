"""CSV answers: UTF-8, RFC 4180, every matching row."""

from collections.abc import Iterable, Sequence

from app.dataset import SOURCE, Dataset
from app.formats.rows import Record, csv_text, flat, guarded

BOM = "﻿"
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


def columns_of(dataset: Dataset, members: Sequence[str] | None) -> tuple[str, ...]:
    """The flattened column names for the members wanted, or for all."""
    if members is None:
        return dataset.flat_columns
    flattened: list[str] = []
    for member in members:
        flattened += [column for column in dataset.flat_columns if column == member or column.startswith(f"{member}.")]
    return tuple(dict.fromkeys(flattened))


def heading(dataset: Dataset, columns: Iterable[str], lang: str | None) -> list[str]:
    """The heading row: field names, or Chinese labels."""
    return [label_zh(dataset, column) for column in columns] if lang == "zh" else list(columns)


def label_zh(dataset: Dataset, column: str) -> str:
    """The Chinese label of a flattened column."""
    outer, dot, inner = column.partition(".")
    if not dot:
        return dataset.by_name[outer].fact.zh
    return f"来源.{SOURCE_ZH[inner]}" if outer == "source" else f"原文.{dataset.by_name[inner].fact.zh}"


def lines(dataset: Dataset, columns: Sequence[str], lang: str | None, records: Iterable[Record]) -> str:
    """Records as CSV lines; with `lang=zh` enumerations show their Chinese labels."""
    rows = (translated(dataset, record) if lang == "zh" else record for record in records)
    return csv_text([guarded(cell) for cell in flat(row, columns)] for row in rows)


def translated(dataset: Dataset, record: Record) -> Record:
    """A record whose enumeration codes are replaced by their Chinese labels."""
    labels = {
        spec.name: next(member.label_zh for member in spec.fact.enum if member.value == record[spec.name])
        for spec in dataset.fields
        if spec.fact.enum and record.get(spec.name) is not None
    }
    return record | labels


assert SOURCE_ZH.keys() == SOURCE.keys()
