"""The dataset `indicators`: economic indicators."""

from typing import Annotated

from app.model.column_types import INTEGER, LONG_TEXT, STRING
from app.model.dataset import ColumnInfo, Dataset, DatasetRow


class Indicator(DatasetRow, table=True):
    """An indicator. `parent_id` is the indicator that it is part of, `position` its position in the printed table."""

    __tablename__ = "indicators"

    name_zh: Annotated[str, STRING, ColumnInfo("指标", "Name (Chinese)", printed=True)]
    name_en: Annotated[str | None, STRING, ColumnInfo("指标英文名", "Name (English)", editorial=True)]
    unit: Annotated[str | None, STRING, ColumnInfo("单位代码", "Unit")]
    unit_zh: Annotated[str | None, STRING, ColumnInfo("单位", "Unit as printed", printed=True)]
    parent_id: Annotated[str | None, STRING, ColumnInfo("上级指标", "Parent", references="indicators")]
    position: Annotated[int, INTEGER, ColumnInfo("顺序", "Position")]
    definition: Annotated[str | None, LONG_TEXT, ColumnInfo("定义", "Definition", editorial=True)]
    definition_source: Annotated[str | None, STRING, ColumnInfo("定义来源", "Source of the definition", editorial=True)]


INDICATORS = Dataset(
    name="indicators",
    model=Indicator,
    title_zh="经济指标",
    title_en="Economic indicators",
    description_zh="公报每月统计资料中的经济指标，按刊印顺序。",
    description_en="The indicators of the monthly statistics, in the printed order.",
    keywords_zh=("经济指标", "统计", "指标目录"),
    keywords_en=("economic indicators", "statistics", "concepts"),
    theme="ECON",
    frequency="IRREG",
    order=("position",),
    search_fields=("name_zh", "name_en", "id", "definition"),
    table_fields=("name_zh", "name_en", "unit_zh", "definition"),
    facet_fields=("unit_zh",),
    shared=True,
)
