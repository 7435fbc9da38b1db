"""The dataset `water-sections`: water-quality monitoring sections (断面)."""

from typing import Annotated, Any

from app.model.column_types import INTEGER, LIST, OBJECTS, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class ControlLevel(Choice):
    """The levels of government that monitor sections."""

    national = "national", "国控", "National"
    provincial = "provincial", "省控", "Provincial"
    municipal = "municipal", "市控", "Municipal"


class WaterClass(Choice):
    """The quality classes of surface water (GB 3838-2002), and 劣Ⅴ for water worse than class V."""

    I = "I", "Ⅰ类", "Class I"  # noqa: E741
    II = "II", "Ⅱ类", "Class II"
    III = "III", "Ⅲ类", "Class III"
    IV = "IV", "Ⅳ类", "Class IV"
    V = "V", "Ⅴ类", "Class V"
    inferior_V = "inferior_V", "劣Ⅴ类", "Worse than class V"


class WaterSection(DatasetRow, table=True):
    """A monitoring section. A typed field is null where the print is damaged and nothing proves its meaning."""

    __tablename__ = "water_sections"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    name: Annotated[str, STRING, ColumnInfo("断面名称", "Name", printed=True)]
    control_level: Annotated[
        str | None, STRING, ColumnInfo("控制级别", "Control level", enum=ControlLevel, printed=True)
    ]
    baseline_year: Annotated[int | None, INTEGER, ColumnInfo("现状年份", "Baseline year")]
    baseline_class: Annotated[
        str | None, STRING, ColumnInfo("水质现状", "Baseline class", enum=WaterClass, printed=True)
    ]
    target_class: Annotated[str | None, STRING, ColumnInfo("水质目标", "Target class", enum=WaterClass, printed=True)]
    exceedance_factors: Annotated[
        list[str] | None, LIST, ColumnInfo("主要超标因子", "Exceedance factors", printed=True)
    ]
    river_system: Annotated[str | None, STRING, ColumnInfo("所属水系", "River system", printed=True)]
    river: Annotated[str | None, STRING, ColumnInfo("所属河流", "River", printed=True)]
    areas: Annotated[list[str] | None, LIST, ColumnInfo("涉及地区", "Areas", printed=True)]
    area_codes: Annotated[list[str] | None, LIST, ColumnInfo("涉及地区代码", "Area codes", references="areas")]
    control_areas: Annotated[
        list[dict[str, Any]] | None,
        OBJECTS,
        ColumnInfo(
            "重点控制范围", "Control areas", members=("area", "places"), member_kinds={"places": "list"}, printed=True
        ),
    ]
    watershed_id: Annotated[str | None, STRING, ColumnInfo("重点片区", "Watershed", references="watersheds")]


WATER_SECTIONS = Dataset(
    name="water-sections",
    model=WaterSection,
    title_zh="水质监测断面",
    title_en="Water-quality monitoring sections",
    description_zh="水质监测断面的现状水质、目标水质及涉及地区。",
    description_en="Monitoring sections with their class now, their target class and the areas that answer for them.",
    keywords_zh=("水质", "监测断面", "水环境", "地表水"),
    keywords_en=("water quality", "monitoring", "surface water", "rivers"),
    theme="ENVI",
    frequency="IRREG",
    coverage_fields=("baseline_year",),
    order=("document_id", "row_line"),
    search_fields=("name", "river_system", "river", "areas", "exceedance_factors", "control_areas"),
    name_fields=("name", "river_system", "river", "areas", "control_areas"),
    table_fields=(
        "name",
        "control_level",
        "baseline_class",
        "target_class",
        "exceedance_factors",
        "river_system",
        "areas",
        "watershed_id",
    ),
    facet_fields=("control_level", "baseline_class", "target_class", "river_system", "areas"),
)
