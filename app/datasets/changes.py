"""The dataset `changes`: every change of a row."""

import datetime as dt
from typing import Annotated, Any

from app.model.column_types import DATE, OBJECTS, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class ChangeKind(Choice):
    """The kinds of changes."""

    added = "added", "新增", "Added"
    changed = "changed", "修改", "Changed"
    removed = "removed", "删除", "Removed"


class Cause(Choice):
    """The reasons for changes."""

    source = "source", "来源", "The source said something new"
    re_extraction = "re-extraction", "重新提取", "The same source was read again"
    erratum = "erratum", "勘误", "A curated correction"


class Change(DatasetRow, table=True):
    """A change, with the day of the package that brought it."""

    __tablename__ = "changes"

    at: Annotated[dt.date, DATE, ColumnInfo("日期", "At")]
    dataset: Annotated[str, STRING, ColumnInfo("数据集", "Dataset")]
    row_id: Annotated[str, STRING, ColumnInfo("记录", "Row")]
    kind: Annotated[str, STRING, ColumnInfo("类型", "Kind", enum=ChangeKind)]
    cause: Annotated[str, STRING, ColumnInfo("原因", "Cause", enum=Cause)]
    changed: Annotated[
        list[dict[str, Any]],
        OBJECTS,
        ColumnInfo(
            "变更", "Changed fields", members=("field", "from", "to"), member_kinds={"from": "json", "to": "json"}
        ),
    ]


CHANGES = Dataset(
    name="changes",
    model=Change,
    title_zh="变更记录",
    title_en="Changes",
    description_zh="每条记录的每次变更及其原因。",
    description_en="Every change of every row, with its cause.",
    keywords_zh=("变更记录", "勘误", "数据版本"),
    keywords_en=("change log", "errata", "versions"),
    theme="GOVE",
    frequency="IRREG",
    coverage_fields=("at",),
    order=("-at", "dataset", "row_id"),
    search_fields=("row_id", "dataset"),
    table_fields=("at", "dataset", "row_id", "kind", "cause", "changed"),
    facet_fields=("dataset", "kind", "cause"),
    provenance=("本服务每次载入数据时记录。", "Logged by this service whenever data is loaded."),
)
