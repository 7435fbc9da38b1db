"""The dataset `relations`: references of provisions to other documents."""

from typing import Annotated

from app.model.column_types import STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class RelationKind(Choice):
    """What a provision does with the document that it names."""

    repeals = "repeals", "废止", "Repeals"
    amends = "amends", "修改", "Amends"
    amended_by = "amended_by", "被修改", "Is amended by"
    based_on = "based_on", "依据", "Is based on"
    cites = "cites", "引用", "Cites"


class Relation(DatasetRow, table=True):
    """A reference. `target_id` is null as long as the data does not contain the named document."""

    __tablename__ = "relations"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    provision_id: Annotated[str | None, STRING, ColumnInfo("条款", "Provision", references="provisions")]
    relation: Annotated[str, STRING, ColumnInfo("关系", "Relation", enum=RelationKind)]
    target_number: Annotated[
        str | None, STRING, ColumnInfo("对象文号", "Number of the document named", official_number=True)
    ]
    target_title: Annotated[str | None, STRING, ColumnInfo("对象标题", "Title of the document named")]
    target_id: Annotated[str | None, STRING, ColumnInfo("对象公文", "Document named", references="documents")]


RELATIONS = Dataset(
    name="relations",
    model=Relation,
    title_zh="公文关系",
    title_en="Relations between documents",
    description_zh="公文之间的废止、修改、依据和引用关系，并注明出处条款。",
    description_en="Repeals, amendments, legal bases and citations, each with the provision that says so.",
    keywords_zh=("公文关系", "废止", "依据", "引用"),
    keywords_en=("citations", "repeals", "amendments", "legal basis"),
    theme="JUST",
    order=("document_id", "row_line"),
    search_fields=("target_title", "target_number"),
    table_fields=("relation", "target_title", "target_number", "target_id", "document_id", "provision_id"),
    facet_fields=("relation", "document_id"),
)
