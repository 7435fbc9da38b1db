"""The names of rows, as tables show them instead of ids: 蒲岐 for `puqi`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from app.model.dataset import Dataset
from app.model.rows import Record
from app.renderers.captions import NUMBER_ENDINGS, first_search_text, truncate

MAX_NAME_LENGTH = 80


class RowName(NamedTuple):
    """What a row is called: briefly in Chinese and in English, and in full."""

    zh: str
    en: str
    full: str
    title: str = ""
    """The title of a document, without its number."""
    unit: str = ""
    """The unit of an indicator, in Chinese. An index has its base there, whatever the table prints."""


Names = Mapping[tuple[str, str], RowName]
"""Names of rows by dataset and id."""


def row_name(dataset: Dataset, row: Record) -> RowName:
    """Return the name of a row; its id where it has none."""
    own_name = ROW_NAMES.get(dataset.name)
    if own_name:
        return own_name(row)
    name = truncate(first_search_text(dataset, row) or row["id"], MAX_NAME_LENGTH)
    return RowName(name, name, name)


def references(dataset: Dataset, rows: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Yield dataset and id of every row that some rows refer to, members of lists included."""
    fields = [(spec.name, spec.info.references) for spec in dataset.fields if spec.info.references]
    for row in rows:
        for field, target in fields:
            value = row.get(field)
            for row_id in value if isinstance(value, list) else (value,):
                if isinstance(row_id, str) and target:
                    yield target, row_id


def _bilingual(row: Record) -> RowName:
    zh = row["name_zh"]
    return RowName(zh, row["name_en"] or zh, zh)


def _indicator(row: Record) -> RowName:
    return _bilingual(row)._replace(unit="上年同期=100" if row["unit"] == "index" else row["unit_zh"] or "")


def _issue(row: Record) -> RowName:
    numbers = f"{row['number']}–{row['number_to']}" if row.get("number_to") else f"{row['number']}"
    zh = f"{row['year']}年第{numbers}期"
    return RowName(zh, f"{row['year']} No. {numbers}", zh)


def _document(row: Record) -> RowName:
    number = row["document_number"]
    short = number or truncate(row["title"], MAX_NAME_LENGTH)
    return RowName(short, short, f"{row['title']}（{number}）" if number else row["title"], title=row["title"])


def _provision(row: Record) -> RowName:
    number = row["number"] or ("序言" if row["path"] == "pre" else "")
    heading = row["heading"] or ""
    name = truncate(f"{number}{'' if number.endswith(NUMBER_ENDINGS) else ' '}{heading}".strip() or row["path"], 40)
    return RowName(name, "Preamble" if row["path"] == "pre" and not heading else name, name)


def _village(row: Record) -> RowName:
    full = "".join(filter(None, (row["district"], row["street"], row["village"])))
    short = row["village"] or full
    return RowName(short, short, full)


ROW_NAMES: Mapping[str, Callable[[Record], RowName]] = {
    "issues": _issue,
    "documents": _document,
    "provisions": _provision,
    "urban-villages": _village,
    "indicators": _indicator,
    "areas": _bilingual,
}
"""The datasets whose rows are not called by the first field that full text covers."""
