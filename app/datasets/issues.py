"""The dataset `issues`: gazette issues with their numbers, masthead and contents."""

import datetime as dt
from typing import Annotated, Any

from app.model.column_types import DATE, INTEGER, OBJECTS, STRING
from app.model.dataset import ColumnInfo, Dataset, DatasetRow


class Issue(DatasetRow, table=True):
    """A printed issue. `contents` is the printed list of contents, `imprint` the masthead.

    `number_to` is the last number of a combined issue. `row_text` is the digest of the whole text that the issue was
    read from, null when it is not known. `row_loaded_from` is the name or address of its source, without folders and
    credentials, `row_loaded_on` the day on which it was loaded last.
    """

    __tablename__ = "issues"

    year: Annotated[int, INTEGER, ColumnInfo("年份", "Year")]
    number: Annotated[int, INTEGER, ColumnInfo("期号", "Number in the year")]
    number_to: Annotated[int | None, INTEGER, ColumnInfo("末期号", "Last number of a combined issue")]
    cumulative_number: Annotated[int | None, INTEGER, ColumnInfo("总期号", "Serial number")]
    published_on: Annotated[dt.date, DATE, ColumnInfo("出版日期", "Published on")]
    title: Annotated[str, STRING, ColumnInfo("刊名", "Title")]
    publisher: Annotated[str | None, STRING, ColumnInfo("主办单位", "Publisher")]
    contents: Annotated[
        list[dict[str, Any]],
        OBJECTS,
        ColumnInfo(
            "目录",
            "Contents",
            members=("section", "title", "document_number", "page"),
            member_kinds={"page": "integer"},
            number_member="document_number",
        ),
    ]
    imprint: Annotated[list[dict[str, Any]], OBJECTS, ColumnInfo("版权页信息", "Imprint", members=("label", "value"))]
    row_text: Annotated[str | None, STRING]
    row_loaded_from: Annotated[str | None, STRING]
    row_loaded_on: Annotated[dt.date | None, DATE]


ISSUES = Dataset(
    name="issues",
    model=Issue,
    title_zh="公报期次",
    title_en="Gazette issues",
    description_zh="温州市人民政府公报各期的刊头信息和目录。",
    description_en="The issues of the gazette, with masthead and list of contents.",
    keywords_zh=("政府公报", "目录", "期刊"),
    keywords_en=("government gazette", "table of contents", "periodical"),
    theme="GOVE",
    coverage_fields=("published_on",),
    order=("-published_on",),
    search_fields=("title", "publisher", "contents"),
    table_fields=("year", "number", "cumulative_number", "title", "publisher", "published_on"),
    facet_fields=("year",),
)
