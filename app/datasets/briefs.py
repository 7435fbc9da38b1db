"""The dataset `briefs`: news briefs, features and captioned photos."""

import datetime as dt
from typing import Annotated

from app.model.column_types import DATE, LONG_TEXT, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class BriefKind(Choice):
    """The kinds of news."""

    brief = "brief", "简讯", "Brief"
    feature = "feature", "专题", "Feature"
    photo = "photo", "图片", "Photo"


class Brief(DatasetRow, table=True):
    """A piece of news. A photo has no title; its caption is `text`."""

    __tablename__ = "briefs"

    date: Annotated[dt.date | None, DATE, ColumnInfo("日期", "Date")]
    title: Annotated[str | None, STRING, ColumnInfo("标题", "Title")]
    kind: Annotated[str, STRING, ColumnInfo("类型", "Kind", enum=BriefKind)]
    abstract_zh: Annotated[str | None, LONG_TEXT, ColumnInfo("摘要", "Abstract (Chinese)", editorial=True)]
    abstract_en: Annotated[str | None, LONG_TEXT, ColumnInfo("英文摘要", "Abstract (English)", editorial=True)]
    text: Annotated[str | None, LONG_TEXT, ColumnInfo("正文", "Text")]


BRIEFS = Dataset(
    name="briefs",
    model=Brief,
    title_zh="政务简讯",
    title_en="News briefs",
    description_zh="公报刊登的政务简讯、专题和图片新闻。",
    description_en="News briefs, features and captioned photos.",
    keywords_zh=("政务简讯", "新闻", "时政"),
    keywords_en=("news", "briefs", "government"),
    theme="GOVE",
    coverage_fields=("date",),
    order=("row_issue", "row_line"),
    search_fields=("title", "abstract_zh", "abstract_en", "text"),
    table_fields=("title", "date", "kind", "abstract_zh"),
    facet_fields=("kind",),
)
