"""The dataset `provisions`: preambles, chapters, articles, headings and numbered items of documents."""

from typing import Annotated

from app.model.column_types import LIST, LONG_TEXT, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class ProvisionLevel(Choice):
    """The levels of provisions within a document."""

    preamble = "preamble", "序言", "Preamble"
    chapter = "chapter", "章", "Chapter"
    article = "article", "条", "Article"
    heading = "heading", "一级标题", "Heading"
    item = "item", "项", "Item"
    subitem = "subitem", "目", "Sub-item"
    annex = "annex", "附件", "Annex"


class Provision(DatasetRow, table=True):
    """A provision. `path` is its position in the document (`ch2.art6.i1`), `number` its printed number."""

    __tablename__ = "provisions"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    path: Annotated[str, STRING, ColumnInfo("路径", "Path")]
    level: Annotated[str, STRING, ColumnInfo("层级", "Level", enum=ProvisionLevel)]
    number: Annotated[str | None, STRING, ColumnInfo("编号", "Number as printed")]
    heading: Annotated[str | None, STRING, ColumnInfo("标题", "Heading")]
    responsible: Annotated[list[str], LIST, ColumnInfo("责任单位", "Responsible bodies")]
    abstract_zh: Annotated[str | None, LONG_TEXT, ColumnInfo("摘要", "Abstract (Chinese)", editorial=True)]
    abstract_en: Annotated[str | None, LONG_TEXT, ColumnInfo("英文摘要", "Abstract (English)", editorial=True)]
    text: Annotated[str | None, LONG_TEXT, ColumnInfo("条文", "Text")]


PROVISIONS = Dataset(
    name="provisions",
    model=Provision,
    title_zh="条款",
    title_en="Provisions",
    description_zh="公文的结构化条款：序言、章、条、标题、序号项和附件。",
    description_en="The documents taken apart: preambles, chapters, articles, headings, numbered items, annexes.",
    keywords_zh=("条款", "公文结构", "法规文本"),
    keywords_en=("provisions", "articles", "legal text"),
    theme="JUST",
    order=("document_id", "row_line"),
    search_fields=("heading", "number", "abstract_zh", "abstract_en", "responsible", "text"),
    table_fields=("number", "heading", "document_id", "level", "responsible", "abstract_zh"),
    facet_fields=("document_id", "level"),
)
