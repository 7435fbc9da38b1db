"""One news brief, feature or captioned photo."""

import datetime as dt
from typing import Annotated

from app.model.column_types import DATE, PROSE, STRING
from app.model.dataset import Choice, Dataset, Fact, Row


class BriefKind(Choice):
    """What kind of news it is."""

    brief = "brief", "简讯", "Brief"
    feature = "feature", "专题", "Feature"
    photo = "photo", "图片", "Photo"


class Brief(Row, table=True):
    """A piece of news; a photo has no title, its caption is `text`."""

    __tablename__ = "briefs"

    date: Annotated[dt.date | None, DATE, Fact("日期", "Date")]
    title: Annotated[str | None, STRING, Fact("标题", "Title")]
    kind: Annotated[str, STRING, Fact("类型", "Kind", enum=BriefKind)]
    abstract_zh: Annotated[str | None, PROSE, Fact("摘要", "Abstract (Chinese)", editorial=True)]
    abstract_en: Annotated[str | None, PROSE, Fact("英文摘要", "Abstract (English)", editorial=True)]
    text: Annotated[str | None, PROSE, Fact("正文", "Text")]


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
    covers=("date",),
    order=("row_issue", "row_line"),
    search=("title", "abstract_zh", "abstract_en", "text"),
)
