"""The dataset `uncleared-buildings`: buildings left in renovated urban villages."""

from typing import Annotated

from app.model.column_types import INTEGER, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class BuildingCategory(Choice):
    """The kinds of buildings."""

    special_building = "special_building", "特殊建筑", "Special building"
    housing = "housing", "住房", "Housing"
    temporary_housing = "temporary_housing", "临时周转房", "Temporary housing"
    other = "other", "其他", "Other"


class UnclearedBuilding(DatasetRow, table=True):
    """A building to be cleared. `name` masks private persons, `category_detail` is the printed addition."""

    __tablename__ = "uncleared_buildings"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    number: Annotated[int, INTEGER, ColumnInfo("序号", "Number", printed=True)]
    district: Annotated[str, STRING, ColumnInfo("所在区", "District", printed=True)]
    street: Annotated[str | None, STRING, ColumnInfo("所在街道", "Street", printed=True)]
    name: Annotated[str | None, STRING, ColumnInfo("项目名称", "Name", printed=True)]
    category: Annotated[str | None, STRING, ColumnInfo("类别", "Category", enum=BuildingCategory, printed=True)]
    category_detail: Annotated[str | None, STRING, ColumnInfo("类别说明", "Category detail", printed=True)]
    due_year: Annotated[int | None, INTEGER, ColumnInfo("计划完成年份", "Due year")]


UNCLEARED_BUILDINGS = Dataset(
    name="uncleared-buildings",
    model=UnclearedBuilding,
    title_zh="未清零建筑",
    title_en="Uncleared buildings",
    description_zh="已改造城中村中尚待清零的建筑。",
    description_en="Buildings left standing in renovated urban villages that are to be cleared.",
    keywords_zh=("未清零建筑", "城中村", "拆迁"),
    keywords_en=("uncleared buildings", "urban villages", "clearance"),
    theme="REGI",
    frequency="IRREG",
    coverage_fields=("due_year",),
    order=("document_id", "row_line"),
    search_fields=("name", "street", "district", "category_detail"),
    name_fields=("name", "street", "district"),
    table_fields=("name", "district", "street", "category", "category_detail", "due_year"),
    facet_fields=("district", "category", "due_year"),
)
