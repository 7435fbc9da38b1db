"""The dataset `watersheds`: the key areas of the plan for water quality."""

from typing import Annotated

from app.model.column_types import INTEGER, LIST, STRING
from app.model.dataset import ColumnInfo, Dataset, DatasetRow


class Watershed(DatasetRow, table=True):
    """A key area. `tasks` is running text, which is null until a text is loaded."""

    __tablename__ = "watersheds"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    number: Annotated[int, INTEGER, ColumnInfo("序号", "Number")]
    name: Annotated[str, STRING, ColumnInfo("片区、流域名称", "Name", printed=True)]
    section_ids: Annotated[list[str], LIST, ColumnInfo("断面", "Sections", references="water-sections")]
    goal: Annotated[str | None, STRING, ColumnInfo("攻坚目标", "Goal", printed=True)]
    problems: Annotated[list[str], LIST, ColumnInfo("主要问题", "Problems", printed=True)]
    responsible: Annotated[list[str], LIST, ColumnInfo("责任单位", "Responsible bodies", printed=True)]
    tasks: Annotated[list[str] | None, LIST, ColumnInfo("攻坚任务", "Tasks")]


WATERSHEDS = Dataset(
    name="watersheds",
    model=Watershed,
    title_zh="重点片区、流域",
    title_en="Key watersheds",
    description_zh="水环境攻坚的重点片区和流域及其目标、问题和责任单位。",
    description_en="Key areas and watersheds with goal, problems and the bodies responsible.",
    keywords_zh=("流域", "水环境治理", "责任单位"),
    keywords_en=("watersheds", "water management", "accountability"),
    theme="ENVI",
    frequency="IRREG",
    order=("document_id", "row_line"),
    search_fields=("name", "goal", "problems", "responsible", "tasks"),
    name_fields=("name",),
    table_fields=("name", "section_ids", "goal", "problems", "responsible"),
    facet_fields=("responsible",),
)
