"""One preamble, chapter, article, heading or numbered item of a document."""

from typing import Annotated

from app.model.column_types import LIST, PROSE, STRING
from app.model.dataset import Choice, Dataset, Fact, Row


class Level(Choice):
    """What a provision is within its document."""

    preamble = "preamble", "序言", "Preamble"
    chapter = "chapter", "章", "Chapter"
    article = "article", "条", "Article"
    heading = "heading", "一级标题", "Heading"
    item = "item", "项", "Item"
    subitem = "subitem", "目", "Sub-item"
    annex = "annex", "附件", "Annex"


class Provision(Row, table=True):
    """A provision; `path` is its place in the document (`ch2.art6.i1`), `number` what is printed."""

    __tablename__ = "provisions"

    document_id: Annotated[str, STRING, Fact("公文", "Document", references="documents")]
    path: Annotated[str, STRING, Fact("路径", "Path")]
    level: Annotated[str, STRING, Fact("层级", "Level", enum=Level)]
    number: Annotated[str | None, STRING, Fact("编号", "Number as printed")]
    heading: Annotated[str | None, STRING, Fact("标题", "Heading")]
    responsible: Annotated[list[str], LIST, Fact("责任单位", "Responsible bodies")]
    abstract_zh: Annotated[str | None, PROSE, Fact("摘要", "Abstract (Chinese)", editorial=True)]
    abstract_en: Annotated[str | None, PROSE, Fact("英文摘要", "Abstract (English)", editorial=True)]
    text: Annotated[str | None, PROSE, Fact("条文", "Text")]


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
    search=("heading", "number", "abstract_zh", "abstract_en", "responsible", "text"),
)
