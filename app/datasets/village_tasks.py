"""The dataset `village-tasks`: the rows of yearly plans for urban villages."""

from typing import Annotated

from app.datasets.urban_villages import RenovationPlan
from app.model.column_types import INTEGER, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class UnitType(Choice):
    """The kinds of units that a plan covers."""

    administrative_village = "administrative_village", "行政村", "Administrative village"
    block = "block", "区块", "Block"


class VillageTaskGoal(Choice):
    """The goals for a year."""

    sign_agreements = "sign_agreements", "完成签约", "Sign all agreements"
    complete_demolition = "complete_demolition", "完成拆除", "Complete demolition"


class VillageTask(DatasetRow, table=True):
    """A task for one year, linked to the village in the five-year list."""

    __tablename__ = "village_tasks"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    year: Annotated[int, INTEGER, ColumnInfo("年度", "Year")]
    number: Annotated[int, INTEGER, ColumnInfo("序号", "Number", printed=True)]
    district: Annotated[str | None, STRING, ColumnInfo("所属区", "District", printed=True)]
    street: Annotated[str | None, STRING, ColumnInfo("所属街道", "Street", printed=True)]
    village: Annotated[str | None, STRING, ColumnInfo("所属行政村", "Village", printed=True)]
    unit_type: Annotated[str | None, STRING, ColumnInfo("任务类别", "Unit type", enum=UnitType, printed=True)]
    plan: Annotated[str | None, STRING, ColumnInfo("改造计划", "Plan", enum=RenovationPlan, printed=True)]
    task: Annotated[str | None, STRING, ColumnInfo("年度任务", "Task", enum=VillageTaskGoal, printed=True)]
    village_id: Annotated[str | None, STRING, ColumnInfo("城中村", "Urban village", references="urban-villages")]


VILLAGE_TASKS = Dataset(
    name="village-tasks",
    model=VillageTask,
    title_zh="城中村年度计划",
    title_en="Yearly tasks for urban villages",
    description_zh="市区城中村改造的年度任务。",
    description_en="What is to be done for which urban village within a year.",
    keywords_zh=("城中村", "年度计划", "城市更新"),
    keywords_en=("urban villages", "yearly plan", "urban renewal"),
    theme="REGI",
    frequency="ANNUAL",
    coverage_fields=("year",),
    order=("document_id", "row_line"),
    search_fields=("village", "street", "district"),
    name_fields=("village", "street", "district"),
    table_fields=("village", "district", "street", "unit_type", "plan", "task", "year", "village_id"),
    facet_fields=("year", "district", "task", "unit_type"),
)
