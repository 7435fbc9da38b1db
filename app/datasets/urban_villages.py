"""The dataset `urban-villages`: the villages of the five-year renovation list."""

from typing import Annotated

from app.model.column_types import INTEGER, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class RenovationPlan(Choice):
    """The plans for villages."""

    demolition = "demolition", "拆迁", "Demolition"
    upgrade = "upgrade", "整治提升", "Upgrade"


class UrbanVillage(DatasetRow, table=True):
    """A village of the list. `street_code` is null where no official code is proven."""

    __tablename__ = "urban_villages"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    number: Annotated[int, INTEGER, ColumnInfo("序号", "Number", printed=True)]
    district: Annotated[str, STRING, ColumnInfo("所属区", "District", printed=True)]
    district_code: Annotated[str | None, STRING, ColumnInfo("所属区代码", "District code", references="areas")]
    street: Annotated[str | None, STRING, ColumnInfo("所属街道", "Street", printed=True)]
    street_code: Annotated[str | None, STRING, ColumnInfo("街道代码", "Street code")]
    village: Annotated[str | None, STRING, ColumnInfo("行政村(区块)", "Village", printed=True)]
    plan: Annotated[str | None, STRING, ColumnInfo("改造计划", "Plan", enum=RenovationPlan, printed=True)]
    year_from: Annotated[int | None, INTEGER, ColumnInfo("改造起始年份", "From year", printed=True)]
    year_to: Annotated[int | None, INTEGER, ColumnInfo("改造截止年份", "To year", printed=True)]


URBAN_VILLAGES = Dataset(
    name="urban-villages",
    model=UrbanVillage,
    title_zh="城中村改造清单",
    title_en="Urban villages to be renovated",
    description_zh="市区城中村改造五年清单，逐村列明改造计划和年份。",
    description_en="The five-year list of urban villages, each with plan and years.",
    keywords_zh=("城中村", "旧城改造", "城市更新"),
    keywords_en=("urban villages", "urban renewal", "housing"),
    theme="REGI",
    frequency="IRREG",
    coverage_fields=("year_from", "year_to"),
    order=("document_id", "row_line"),
    search_fields=("village", "street", "district"),
    name_fields=("village", "street", "district"),
    table_fields=("village", "district", "street", "plan", "year_from", "year_to"),
    facet_fields=("district", "plan", "year_from", "year_to"),
)
