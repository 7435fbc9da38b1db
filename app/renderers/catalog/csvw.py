"""CSV on the Web: what a dataset's CSV holds, as W3C's metadata vocabulary for tabular data says it."""

from typing import Any

from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import Catalogue, Entry
from app.renderers.catalog.csv_columns import GUARD, Column, columns_of
from app.renderers.tabular.formats import FORMATS

MEDIA_TYPE = "application/csvm+json"
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
SEPARATED = ("list", "integers")
"""The kinds whose cells hold several values."""


def table_group(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    """The table, and those that its keys refer to, which a converter need not put out."""
    columns = columns_of(entry.dataset)
    named = {column.references for column in columns if column.references and column.required}
    targets = [known for known in catalogue.entries if known.dataset.name in named and known is not entry]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tables": [
            {**_table(catalogue, entry), "tableSchema": _schema(catalogue, entry, keys=True)},
            *(
                {
                    "url": _url(catalogue, target.dataset),
                    "suppressOutput": True,
                    "tableSchema": _schema(catalogue, target),
                }
                for target in targets
            ),
        ],
    }


def _url(catalogue: Catalogue, dataset: Dataset, rest: str = FORMATS["csv"].suffix) -> str:
    """An address under the configured base, or beside the metadata's own."""
    return f"{catalogue.base}/v1/{dataset.name}{rest}" if catalogue.base else f"{dataset.name}{rest}"


def _table(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    dataset, licence, modified = entry.dataset, catalogue.licence, entry.facts.modified
    return {
        "url": _url(catalogue, dataset),
        "dc:title": [{"@value": dataset.title_en, "@language": "en"}, {"@value": dataset.title_zh, "@language": "zh"}],
        "dc:description": [
            {"@value": f"{dataset.description_en} {GUARD}", "@language": "en"},
            {"@value": dataset.description_zh, "@language": "zh"},
        ],
        "dc:publisher": catalogue.imprint.publisher,
        "dc:rights": licence.en,
        **({"dc:license": {"@id": licence.url}} if licence.url else {}),
        **({"dc:modified": {"@value": modified, "@type": "xsd:date"}} if modified else {}),
        "null": "",
    }


def _schema(catalogue: Catalogue, entry: Entry, keys: bool = False) -> dict[str, Any]:
    columns = list(columns_of(entry.dataset))
    tables = {known.dataset.name: known.dataset for known in catalogue.entries}
    targets = {column.name: _url(catalogue, tables[column.references]) for column in columns if column.references}
    foreign = [
        {"columnReference": column.name, "reference": {"resource": targets[column.name], "columnReference": "id"}}
        for column in columns
        if column.name in targets and column.required
    ]
    return {
        "columns": [_column(column, targets.get(column.name)) for column in columns],
        "primaryKey": "id",
        **({"foreignKeys": foreign} if keys and foreign else {}),
        "aboutUrl": _url(catalogue, entry.dataset, "/{id}"),
    }


def _column(column: Column, target: str | None) -> dict[str, Any]:
    """A column. A reference that may be missing is no foreign key, for those are never null: it is only told."""
    datatype = DATATYPES[column.kind]
    if column.enum:
        datatype = {"base": "string", "format": "|".join(member.value for member in column.enum)}
    described: dict[str, Any] = {
        "name": column.name,
        "titles": {"en": [column.name, column.en], "zh": [column.zh]},
        "datatype": datatype,
    }
    if column.kind in SEPARATED:
        described |= {"separator": ";", "ordered": True}
    if column.required:
        described["required"] = True
    elif target:
        described["dc:references"] = {"@id": target}
    if column.enum:
        labels = "; ".join(f"{member.value}: {member.label_zh}, {member.label_en}" for member in column.enum)
        described["dc:description"] = labels
    if column.unit:
        described["schema:unitText"] = column.unit
    return described
