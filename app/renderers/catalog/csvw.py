"""CSV on the Web: the metadata of a dataset's CSV in W3C's vocabulary for tabular data."""

from typing import Any

from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import Catalogue, DatasetEntry
from app.renderers.catalog.csv_columns import FORMULA_ESCAPE_NOTE, CsvColumn, csv_columns
from app.renderers.representations import TABLE_FORMATS

DATATYPES: dict[str, Any] = {
    "string": "string",
    "prose": "string",
    "integer": "integer",
    "number": "decimal",
    "boolean": {"base": "boolean", "format": "true|false"},
    "date": "date",
    "month": "gYearMonth",
    "list": "string",
    "objects": "json",
    "integers": "integer",
}
LIST_KINDS = ("list", "integers")
"""The kinds whose cells hold several values."""


def table_group(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    """Return the table and the tables that its foreign keys refer to; a converter need not output the latter."""
    columns = csv_columns(entry.dataset)
    referenced = {column.references for column in columns if column.references and column.required}
    targets = [other for other in catalogue.entries if other.dataset.name in referenced and other is not entry]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": catalogue.language or "en"}],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tables": [
            {**_table(catalogue, entry), "tableSchema": _table_schema(catalogue, entry, keys=True)},
            *(
                {
                    "url": _table_url(catalogue, target.dataset),
                    "suppressOutput": True,
                    "tableSchema": _table_schema(catalogue, target),
                }
                for target in targets
            ),
        ],
    }


def _table_url(catalogue: Catalogue, dataset: Dataset, suffix: str = TABLE_FORMATS["csv"].suffix) -> str:
    """Return a URL under the configured base, or relative to the metadata's own."""
    return f"{catalogue.base}/v1/{dataset.name}{suffix}" if catalogue.base else f"{dataset.name}{suffix}"


def _table(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    dataset, licence, modified = entry.dataset, catalogue.licence, entry.stats.modified
    return {
        "url": _table_url(catalogue, dataset),
        "dc:title": _texts(catalogue, dataset.title_zh, dataset.title_en),
        "dc:description": _texts(
            catalogue,
            catalogue.choose(f"{dataset.description_zh}{FORMULA_ESCAPE_NOTE.zh}", "", dataset.description_zh),
            f"{dataset.description_en} {FORMULA_ESCAPE_NOTE.en}",
        ),
        "dc:publisher": catalogue.imprint.publisher,
        "dc:rights": catalogue.choose(licence.zh, licence.en, licence.en),
        **({"dc:license": {"@id": licence.url}} if licence.url else {}),
        **({"dc:modified": {"@value": modified, "@type": "xsd:date"}} if modified else {}),
        "null": "",
    }


def _texts(catalogue: Catalogue, zh: str, en: str) -> list[dict[str, str]]:
    """Return a text in the languages of the catalogue."""
    texts = {"en": en, "zh": zh}
    return [{"@value": texts[code], "@language": code} for code in texts if catalogue.language in (None, code)]


def _table_schema(catalogue: Catalogue, entry: DatasetEntry, keys: bool = False) -> dict[str, Any]:
    columns = list(csv_columns(entry.dataset))
    tables = {known.dataset.name: known.dataset for known in catalogue.entries}
    targets = {column.name: _table_url(catalogue, tables[column.references]) for column in columns if column.references}
    foreign_keys = [
        {"columnReference": column.name, "reference": {"resource": targets[column.name], "columnReference": "id"}}
        for column in columns
        if column.name in targets and column.required
    ]
    return {
        "columns": [_column(catalogue, column, targets.get(column.name)) for column in columns],
        "primaryKey": "id",
        **({"foreignKeys": foreign_keys} if keys and foreign_keys else {}),
        "aboutUrl": _table_url(catalogue, entry.dataset, "/{id}"),
    }


def _column(catalogue: Catalogue, column: CsvColumn, target: str | None) -> dict[str, Any]:
    """Return a column. CSVW allows no null in a foreign key, so a nullable reference is stated as `dc:references`."""
    datatype = DATATYPES[column.kind]
    if column.enum:
        datatype = {"base": "string", "format": "|".join(member.value for member in column.enum)}
    described: dict[str, Any] = {
        "name": column.name,
        # The name is what the header of the file has.
        "titles": catalogue.choose(
            {"zh": [column.name, column.zh]},
            {"en": [column.name, column.en]},
            {"en": [column.name, column.en], "zh": [column.zh]},
        ),
        "datatype": datatype,
    }
    if column.kind in LIST_KINDS:
        described |= {"separator": ";", "ordered": True}
    if column.required:
        described["required"] = True
    elif target:
        described["dc:references"] = {"@id": target}
    if column.enum:
        described["dc:description"] = "; ".join(
            f"{each.value}: {catalogue.choose(each.label_zh, each.label_en, f'{each.label_zh}, {each.label_en}')}"
            for each in column.enum
        )
    if column.unit:
        described["schema:unitText"] = column.unit
    return described
